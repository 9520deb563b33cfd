// The built-in model as an ONNX file for onnxruntime-web: the same weights as f32, in the fewest and fastest operators that
// the standard has for them (opset 20), with the last hidden state and, for each layer, its maps as outputs.
//
//   node onnx.mjs FOLDER     reads config.json and model.safetensors there, writes model.onnx beside them
//
// Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const [FLOAT, INT64] = [1, 7];

const folder = process.argv[2];
const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
const weights = await tensors(join(folder, 'model.safetensors'));
const heads = config.num_attention_heads;
const width = config.hidden_size / heads;

const nodes = [];
const initializers = [];
await writeFile(join(folder, 'model.onnx'), model(bert()));

/** The names of the graph's outputs: the last hidden state [n, w], then each layer's maps [head, n, n]. */
function bert() {
  const w = config.hidden_size;
  // Every text is one segment here: its row is added to all positions once.
  const segment = weights['embeddings.token_type_embeddings.weight'].numbers.subarray(0, w);
  const positions = weights['embeddings.position_embeddings.weight'];
  for (let i = 0; i < positions.numbers.length; i++) positions.numbers[i] += segment[i % w];
  const rows = (table, ids) => node('Gather', [weight(`embeddings.${table}_embeddings.weight`), ids]);
  let x = norm(node('Add', [rows('word', 'ids'), rows('position', 'places')]), 'embeddings.LayerNorm');
  const maps = [];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `encoder.layer.${layer}`;
    const [q, k, v] = ['query', 'key', 'value'].map((part) => (
      node('Reshape', [linear(x, `${at}.attention.self.${part}`), shape(0, heads, width)])));
    const apart = (part, perm) => node('Transpose', [part], { perm });
    const scores = node('MatMul', [apart(q, [1, 0, 2]), apart(k, [1, 2, 0])]);
    const map = node('Softmax', [node('Mul', [scores, scalar(1 / Math.sqrt(width))])], { axis: -1 });
    maps.push(map);
    const z = node('MatMul', [map, apart(v, [1, 0, 2])]);
    const joined = node('Reshape', [apart(z, [1, 0, 2]), shape(0, w)]);
    const mixed = linear(joined, `${at}.attention.output.dense`);
    x = norm(node('Add', [x, mixed]), `${at}.attention.output.LayerNorm`);
    const hidden = node('Gelu', [linear(x, `${at}.intermediate.dense`)]);
    x = norm(node('Add', [x, linear(hidden, `${at}.output.dense`)]), `${at}.output.LayerNorm`);
  }
  return [x, ...maps];
}

function linear(x, name) {
  return node('Gemm', [x, weight(`${name}.weight`), weight(`${name}.bias`)], { transB: 1 });
}

function norm(x, name) {
  const parts = [x, weight(`${name}.weight`), weight(`${name}.bias`)];
  return node('LayerNormalization', parts, { axis: -1, epsilon: new Float32Array([config.layer_norm_eps]) });
}

/** A node with one output, whose name is returned. Attributes: whole numbers, lists of them, or a float in an array. */
function node(operator, inputs, attributes = {}) {
  const output = `t${nodes.length}`;
  const written = Object.entries(attributes).map(([name, value]) => {
    const [field, type] = value instanceof Float32Array ? [bytes(2, value, 5), 1]
      : Array.isArray(value) ? [value.flatMap((number) => whole(8, number)), 7] : [whole(3, value), 2];
    return bytes(5, [text(1, name), field, whole(20, type)].flat());
  });
  nodes.push([inputs.map((input) => text(1, input)), text(2, output), text(4, operator), written].flat(2));
  return output;
}

function weight(name) {
  const { numbers, dims } = weights[name];
  return initializer(name, dims, FLOAT, numbers);
}

function shape(...dims) {
  return initializer(`shape ${dims}`, [dims.length], INT64, BigInt64Array.from(dims, BigInt));
}

function scalar(number) {
  return initializer(`scalar ${number}`, [], FLOAT, new Float32Array([number]));
}

function initializer(name, dims, type, data) {
  if (!initializers.some((known) => known.name === name)) initializers.push({ name, dims, type, data });
  return name;
}

function model(outputs) {
  const value = (name, type, dims) => {
    const free = bytes(2, dims.flatMap((dim) => bytes(1, text(2, dim))));
    return [text(1, name), bytes(2, bytes(1, [whole(1, type), free].flat()))].flat();
  };
  const graph = [
    ...nodes.map((node) => bytes(1, node)),
    text(2, 'bert'),
    ...initializers.map(({ name, dims, type, data }) => (
      bytes(5, [...dims.map((dim) => whole(1, dim)), whole(2, type), text(8, name), bytes(9, data)].flat()))),
    ...['ids', 'places'].map((name) => bytes(11, value(name, INT64, ['n']))),
    ...outputs.map((name, i) => bytes(12, value(name, FLOAT, i ? ['h', 'n', 'n'] : ['n', 'w']))),
  ].flat();
  return Buffer.concat([whole(1, 10), bytes(7, graph), bytes(8, whole(2, 20))].flat());
}

// Fields of a protobuf message, each as a list of buffers.

function whole(field, number) {
  return [varint(field << 3), varint(number)];
}

function text(field, string) {
  return bytes(field, [Buffer.from(string)]);
}

/** Buffers with their length before them, or (wire 5) a float alone. */
function bytes(field, content, wire = 2) {
  const parts = Array.isArray(content) ? content : [Buffer.from(content.buffer, content.byteOffset, content.byteLength)];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varint(field << 3 | wire), ...(wire === 2 ? [varint(length)] : []), ...parts];
}

function varint(number) {
  const out = [];
  for (let left = BigInt.asUintN(64, BigInt(number)); ; left >>= 7n) {
    if (left < 128n) return Buffer.from([...out, Number(left)]);
    out.push(Number(left & 127n) | 128);
  }
}

/** Every tensor of a safetensors file as f32. */
async function tensors(path) {
  const file = await readFile(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, start));
  delete header.__metadata__;
  return Object.fromEntries(Object.entries(header).map(([name, { dtype, shape: dims, data_offsets: [from, to] }]) => {
    const data = file.subarray(start + from, start + to);
    if (dtype !== 'F16') throw new Error(`${name} is ${dtype}, not F16`);
    return [name, { dims, numbers: widened(data) }];
  }));
}

function widened(data) {
  return Float32Array.from({ length: data.length / 2 }, (_, i) => {
    const half = data.readUInt16LE(2 * i);
    const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, half >> 10 & 31, half & 1023];
    return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
  });
}
