// A tiny model of Transformers as one GGUF file, as llama.cpp's converter would write it.

import { readFileSync } from 'node:fs';

const NAMES = {
  'model.embed_tokens': 'token_embd', 'model.norm': 'output_norm', lm_head: 'output', input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q', 'self_attn.k_proj': 'attn_k', 'self_attn.v_proj': 'attn_v', 'self_attn.o_proj': 'attn_output',
  post_attention_layernorm: 'ffn_norm', 'mlp.gate_proj': 'ffn_gate', 'mlp.up_proj': 'ffn_up', 'mlp.down_proj': 'ffn_down',
};
const ALIGNED = 32;

const u32 = (number) => { const b = Buffer.alloc(4); b.writeUInt32LE(number); return b; };
const u64 = (number) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(number)); return b; };
const f32 = (number) => { const b = Buffer.alloc(4); b.writeFloatLE(number); return b; };
const text = (text) => Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)]);
const key = (name, kind, ...value) => Buffer.concat([text(name), u32(kind), ...value]);
const list = (name, kind, values) => key(name, 9, u32(kind), u64(values.length), ...values);

function named(name) {
  const [, layer, inner, ending] = /^(?:model\.layers\.(\d+)\.)?(.+)\.(weight|bias)$/.exec(name);
  return `${layer ? `blk.${layer}.` : ''}${NAMES[inner]}.${ending}`;
}

/** F32, and a type that is not read, as ggml numbers them. */
const [F32, IQ2_XS] = [0, 17];

/**
 * qwen2 of the reference families, its words w0, w1 ... found in a text wherever they stand. `pre`: how its tokenizer parts
 * texts, or null where the file does not say; `unread`: the head says of its tensors that they are of a type that is not read.
 */
export function gguf({ pre = 'gpt-2', unread = false } = {}) {
  const folder = new URL('../golden/families/qwen2/', import.meta.url);
  const config = JSON.parse(readFileSync(new URL('config.json', folder), 'utf8'));
  const file = readFileSync(new URL('model.safetensors', folder));
  const size = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + size).toString('utf8'));
  const words = [...Array(config.vocab_size).keys()].map((id) => `w${id}`);
  const count = (name, number) => key(`qwen2.${name}`, 4, u32(number));
  const keys = [
    key('general.architecture', 8, text('qwen2')),
    count('block_count', config.num_hidden_layers),
    count('embedding_length', config.hidden_size),
    count('feed_forward_length', config.intermediate_size),
    count('context_length', config.max_position_embeddings),
    count('attention.head_count', config.num_attention_heads),
    count('attention.head_count_kv', config.num_key_value_heads),
    key('qwen2.attention.layer_norm_rms_epsilon', 6, f32(config.rms_norm_eps)),
    key('qwen2.rope.freq_base', 6, f32(config.rope_parameters.rope_theta)),
    key('tokenizer.ggml.model', 8, text('gpt2')),
    ...(pre ? [key('tokenizer.ggml.pre', 8, text(pre))] : []),
    list('tokenizer.ggml.tokens', 8, words.map(text)),
    // Found before anything else.
    list('tokenizer.ggml.token_type', 5, words.map(() => u32(4))),
    list('tokenizer.ggml.merges', 8, []),
  ];
  const tensors = [];
  const data = [];
  let at = 0;
  for (const [name, { shape, data_offsets: [from, to] }] of Object.entries(header).filter(([name]) => name !== '__metadata__')) {
    tensors.push(Buffer.concat([text(named(name)), u32(shape.length), ...shape.toReversed().map(u64), u32(unread ? IQ2_XS : F32), u64(at)]));
    const room = Math.ceil((to - from) / ALIGNED) * ALIGNED;
    data.push(file.subarray(8 + size + from, 8 + size + to), Buffer.alloc(room - (to - from)));
    at += room;
  }
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(keys.length), ...keys, ...tensors]);
  return Buffer.concat([head, Buffer.alloc((ALIGNED - head.length % ALIGNED) % ALIGNED), ...data]);
}
