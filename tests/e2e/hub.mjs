// A hub on another origin than the page, laid out like the real one, with tiny models and with faults.
//
//   const hub = await serveHub()
//   hub.add('a/b', files, { licence, listing })   files: { name: buffer }; what is large there is behind a redirect
//   hub.add('a/b@v2', files)                      another revision of it, also 'a/b@refs/pr/3'
//   hub.put('/x/y.gguf', bytes)                   one file at an address, on the same host
//   hub.fault('a/b/model.safetensors', fault)     { slow, cutAfter, status, flip, times }: see server.mjs; of its bytes;
//                                                { heldAfter: n }: nothing more after n bytes
//   hub.seen                                      every request: { method, path, range, bytes }
//   await hub.close()

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const FAMILIES = new URL('../golden/families/', import.meta.url);
const sum = (kind, ...parts) => parts.reduce((hash, part) => hash.update(part), createHash(kind)).digest('hex');

export async function serveHub() {
  const repositories = new Map();
  const single = new Map();
  const faults = new Map();
  const seen = [];

  const listing = (id) => {
    const { files, licence, edit } = repositories.get(id);
    const siblings = Object.entries(files).map(([rfilename, bytes]) => ({
      rfilename, size: bytes.length, blobId: sum('sha1', `blob ${bytes.length}\0`, bytes),
      ...(isLarge(rfilename) && { lfs: { sha256: sum('sha256', bytes), size: bytes.length, pointerSize: 133 } }),
    }));
    return edit({ id, sha: commit(id), cardData: { license: licence }, siblings });
  };

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const entry = { method: request.method, path, range: request.headers.range ?? null, bytes: 0 };
    seen.push(entry);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
    response.setHeader('Cache-Control', 'no-store');
    const [, asked, revision] = path.match(/^\/api\/models\/(.+)\/revision\/(.+)$/) ?? [];
    if (asked) {
      const api = revision === 'main' ? asked : `${asked}@${revision}`;
      if (!repositories.has(api)) return refuse(response, 404);
      const told = listing(api);
      return response.end(typeof told === 'string' ? told : JSON.stringify(told));
    }
    const [, stored, owner, sha, name] = path.match(/^(\/large)?\/(.+)\/resolve\/([0-9a-f]{40})\/(.+)$/) ?? [];
    const id = [...repositories.keys()].find((id) => id.split('@')[0] === owner && commit(id) === sha);
    const body = single.get(path) ?? repositories.get(id)?.files[name];
    if (!body) return refuse(response, 404);
    if (!single.has(path) && isLarge(name) && !stored) {
      response.writeHead(302, { Location: `/large${path}` });
      return response.end();
    }
    const at = single.has(path) ? path : `${id}/${name}`;
    const fault = { ...faults.get(at) };
    if (fault.times === 1) faults.delete(at);
    if (fault.status) return refuse(response, fault.status);
    const start = Number(entry.range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0);
    response.writeHead(start ? 206 : 200, {
      'Content-Type': 'application/octet-stream', 'Content-Length': body.length - start, ETag: `"${sum('sha1', body)}"`,
      ...(start && { 'Content-Range': `bytes ${start}-${body.length - 1}/${body.length}` }),
    });
    if (request.method === 'HEAD') return response.end();
    const sent = Buffer.from(body);
    if (fault.flip !== undefined) sent[fault.flip] ^= 0xff;
    const end = Math.min(body.length, start + (fault.cutAfter ?? fault.heldAfter ?? Infinity));
    const piece = fault.slow ? Math.ceil(fault.slow / 20) : body.length;
    for (let from = start; from < end && !response.destroyed; from += piece) {
      const to = Math.min(end, from + piece);
      response.write(sent.subarray(from, to));
      entry.bytes += to - from;
      if (fault.slow) await sleep(50);
    }
    if (fault.heldAfter) return;
    if (end < body.length) {
      // What was written reaches the reader first.
      await sleep(50);
      response.destroy();
    } else {
      response.end();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    add: (id, files, { licence = 'mit', edit = (told) => told } = {}) => void repositories.set(id, { files, licence, edit }),
    put: (path, bytes) => void single.set(path, bytes),
    fault: (at, fault) => void faults.set(at, fault),
    seen,
    /** Requests for the bytes of a file. */
    of: (name) => seen.filter(({ path }) => path.endsWith(`/${name}`) && (path.startsWith('/large/') || !isLarge(name))),
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

const isLarge = (name) => /\.(safetensors|gguf|bin)$/.test(name);

function refuse(response, status) {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(`${status}\n`);
}

/** The commit that a revision stands for: `a/b`, `a/b@v2`. */
const commit = (revision) => sum('sha1', revision);

/** A tiny model that Hugging Face's Transformers made, with a tokenizer whose words are w0, w1 ... by their ids. */
export function tiny(family) {
  const vocab = Object.fromEntries([...Array(96).keys()].map((id) => [id === 3 ? '[UNK]' : `w${id}`, id]));
  const tokenizer = {
    version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' }, post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
  };
  const read = (name) => readFileSync(new URL(`${family}/${name}`, FAMILIES));
  return {
    'config.json': read('config.json'),
    'tokenizer.json': Buffer.from(JSON.stringify(tokenizer)),
    'model.safetensors': read('model.safetensors'),
  };
}

/** The same model with its weights in two files. */
export function sharded(family) {
  const { 'model.safetensors': whole, ...files } = tiny(family);
  const size = Number(whole.readBigUInt64LE(0));
  const all = Object.entries(JSON.parse(whole.subarray(8, 8 + size))).filter(([name]) => name !== '__metadata__');
  const shard = (some) => {
    const head = {};
    const bodies = [];
    let at = 0;
    for (const [name, { data_offsets: [from, to], ...rest }] of some) {
      head[name] = { ...rest, data_offsets: [at, at + to - from] };
      bodies.push(whole.subarray(8 + size + from, 8 + size + to));
      at += to - from;
    }
    const text = Buffer.from(JSON.stringify(head));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, ...bodies]);
  };
  const half = all.length >> 1;
  return {
    ...files,
    'model-00001-of-00002.safetensors': shard(all.slice(0, half)),
    'model-00002-of-00002.safetensors': shard(all.slice(half)),
    'model.safetensors.index.json': Buffer.from('{}'),
  };
}

/** A tiny model as a folder with its manifest: faults of a server that has no such files, by their paths. */
export function folderOf(family, folder) {
  const files = tiny(family);
  const listed = Object.entries(files).map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sum('sha256', bytes) }));
  const manifest = Buffer.from(JSON.stringify({ name: 'tiny', licence: 'mit', files: listed }));
  return Object.fromEntries(Object.entries({ ...files, 'manifest.json': manifest })
    .map(([name, body]) => [`${folder}/${name}`, { body }]));
}

/** What Transformers computes for a tiny model: { text, pair, tensors }. */
export function expected(family, safetensors) {
  const input = JSON.parse(readFileSync(new URL(`${family}/input.json`, FAMILIES), 'utf8'));
  const words = (ids) => ids.map((id) => `w${id}`).join(' ');
  return {
    ids: input.input_ids, text: words(input.input_ids),
    // The start token is the page's own.
    pair: input.decoder_input_ids ? words(input.decoder_input_ids.slice(1)) : null,
    tensors: safetensors(new URL(`${family}/expected.safetensors`, FAMILIES)),
  };
}

/** The files of a GPT-2 of any size with random weights and the vocabulary of the tiny one. */
export function generated(layers, heads) {
  const files = tiny('gpt2');
  const width = heads * 2;
  const config = { ...JSON.parse(files['config.json']), n_layer: layers, n_head: heads, n_embd: width, n_inner: width };
  const tensors = {
    'wte.weight': [config.vocab_size, width], 'wpe.weight': [config.n_positions, width], 'ln_f.weight': [width], 'ln_f.bias': [width],
  };
  for (let l = 0; l < layers; l += 1) {
    Object.assign(tensors, Object.fromEntries(Object.entries({
      'ln_1.weight': [width], 'ln_1.bias': [width], 'attn.c_attn.weight': [width, 3 * width], 'attn.c_attn.bias': [3 * width],
      'attn.c_proj.weight': [width, width], 'attn.c_proj.bias': [width], 'ln_2.weight': [width], 'ln_2.bias': [width],
      'mlp.c_fc.weight': [width, width], 'mlp.c_fc.bias': [width], 'mlp.c_proj.weight': [width, width], 'mlp.c_proj.bias': [width],
    }).map(([name, shape]) => [`h.${l}.${name}`, shape])));
  }
  const head = {};
  let [end, seed] = [0, 1];
  for (const [name, shape] of Object.entries(tensors)) {
    const begin = end;
    end += 4 * shape.reduce((a, b) => a * b);
    head[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const numbers = new Float32Array(end / 4).map(() => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed / 2 ** 32 - 0.5) * 2;
  });
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return {
    ...files,
    'config.json': Buffer.from(JSON.stringify(config)),
    'model.safetensors': Buffer.concat([length, text, Buffer.from(numbers.buffer)]),
  };
}
