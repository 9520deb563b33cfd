#!/usr/bin/env python3
"""A small GGUF file with every kind of value and tensor, by ggml's own Python package.

usage: make_gguf.py OUT.gguf
needs: gguf 0.17 or newer, numpy
"""
import sys
import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, quantize

writer = GGUFWriter(sys.argv[1], "llama")
writer.add_context_length(64)
writer.add_embedding_length(32)
writer.add_block_count(1)
writer.add_feed_forward_length(64)
writer.add_head_count(4)
writer.add_head_count_kv(2)
writer.add_rope_dimension_count(8)
writer.add_rope_freq_base(500000.0)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_uint8("test.u8", 200)
writer.add_int8("test.i8", -5)
writer.add_uint16("test.u16", 60000)
writer.add_int16("test.i16", -30000)
writer.add_int32("test.i32", -2_000_000_000)
writer.add_uint64("test.u64", 2**64 - 1)
writer.add_int64("test.i64", -(2**63))
writer.add_float64("test.f64", 0.1)
writer.add_bool("test.on", True)
writer.add_string("test.text", "naïve 🍕")
writer.add_array("test.reals", [0.5, -1.5])
writer.add_array("test.same", [7, 7, 7])
writer.add_array("test.texts", ["Ġa", "", "🍕"])
random = np.random.default_rng(5)
numbers = lambda *shape: random.standard_normal(shape, dtype=np.float32)
writer.add_tensor("token_embd.weight", quantize(numbers(6, 32), GGMLQuantizationType.Q8_0),
                  raw_dtype=GGMLQuantizationType.Q8_0)
for name, shape, kind in [("attn_q", (32, 32), "Q4_0"), ("attn_k", (16, 32), "Q5_1"), ("attn_v", (16, 32), "F16"),
                          ("attn_output", (32, 32), "BF16"), ("ffn_gate", (64, 32), "Q4_1"), ("ffn_up", (64, 32), "Q5_0")]:
    kind = GGMLQuantizationType[kind]
    writer.add_tensor(f"blk.0.{name}.weight", quantize(numbers(*shape), kind), raw_dtype=kind)
writer.add_tensor("blk.0.attn_norm.weight", np.arange(32, dtype=np.float32))
writer.add_tensor("ids", np.arange(4, dtype=np.int32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
