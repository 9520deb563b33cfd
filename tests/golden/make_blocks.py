#!/usr/bin/env python3
"""Blocks of every quantized kind with the numbers that they mean, by ggml's own Python package.

usage: make_blocks.py OUT_DIR
Per kind: KIND.bin, three blocks of random bytes whose half-precision scales are sane numbers, and behind
them their numbers as float32.
needs: gguf 0.17 or newer, numpy
"""
import pathlib, sys
import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, dequantize

# Kind and the bytes of a block at which a half-precision number begins.
KINDS = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
         "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0]}
random = np.random.default_rng(20)
out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
for kind, halves in KINDS.items():
    quant = GGMLQuantizationType[kind]
    blocks = random.integers(0, 256, (3, GGML_QUANT_SIZES[quant][1]), dtype=np.uint8)
    for at in halves:
        scales = random.uniform(-0.1, 0.1, 3).astype(np.float16)
        blocks[:, at:at + 2] = scales.view(np.uint8).reshape(3, 2)
    numbers = dequantize(blocks, quant).astype("<f4")
    (out / f"{kind}.bin").write_bytes(blocks.tobytes() + numbers.tobytes())
