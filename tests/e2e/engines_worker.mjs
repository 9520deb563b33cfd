// Runs every engine in one worker, each in its own wasm module: see engines.mjs.

/** Where src/worker/threads.rs looks for it. */
self.attnscopeThread = './worker_thread.js';

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

/** Token ids that are words in BERT's vocabulary, between [CLS] and [SEP]. */
const input = (n) => Uint32Array.from({ length: n }, (_, i) => (i === 0 ? 101 : i === n - 1 ? 102 : 2000 + ((i * 37) % 900)));

/** Multiplications with an addition in a pass of n tokens: those of weights, then scores and the values that they weigh. */
const [LAYERS, WIDTH, INNER] = [6, 384, 1536];
const passOf = (n) => LAYERS * (n * WIDTH * (4 * WIDTH + 2 * INNER) + 2 * n * n * WIDTH);

/** A wasm module whose `run(rounds)` adds to so many vectors in each round: enough that none waits for itself. */
const SUMS = 12;
function multiplyAdds() {
  const get = (local) => [0x20, local];
  const section = (id, body) => [id, ...length(body.length), ...body];
  const length = (n) => (n < 128 ? [n] : [(n & 127) | 128, n >> 7]);
  const sums = Array.from({ length: SUMS }, (_, i) => i + 1);
  const body = [
    1, SUMS + 2, 0x7b, // locals: sums and two factors, v128
    0x03, 0x40, // loop
    // sum = f32x4.relaxed_madd(factor, factor, sum)
    ...sums.flatMap((sum) => [...get(SUMS + 1), ...get(SUMS + 2), ...get(sum), 0xfd, 0x85, 0x02, 0x21, sum]),
    ...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, // until rounds - 1 is 0
    ...get(sums[0]), ...sums.slice(1).flatMap((sum) => [...get(sum), 0xfd, 0xe4, 0x01]), // added up, so that all are needed
    0xfd, 0x1f, 0, 0x0b,
  ];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]), // i32 to f32
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode('run'), 0, 0]),
    ...section(10, [1, ...length(body.length), ...body]),
  ]);
}

/** One after the other, not at once. */
async function each(all, what) {
  const results = [];
  for (const one of all) results.push(await what(one));
  return results;
}

function shuffled(all) {
  const order = [...all];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** For each kind of engine: from an entrant to a function that runs token ids and returns the last hidden state. */
const KINDS = {
  /** A wasm module of benches/rival. An address of its own for each: two of one kind share nothing. */
  async wasm({ name, module, relax, threads }, config) {
    const glue = await import(`./${module}.js?${encodeURIComponent(name)}`);
    await glue.default({ module_or_path: `./${module}_bg.wasm` });
    if (relax && !glue.relax()) postMessage({ progress: `${name}: this browser has no relaxed SIMD` });
    if (threads) {
      glue.threads();
      // Until they have said that they are ready.
      await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
    const engine = new glue.Engine(config, await bytes('model.safetensors'));
    if (threads) postMessage({ progress: `${name}: ${self.attnscopeThreads ?? 1} threads` });
    return (ids) => engine.run(ids);
  },
  /** What no f32 engine of one thread can be faster than: the fused multiply-adds of a pass, on nothing but registers. */
  async limit() {
    const { instance } = await WebAssembly.instantiate(multiplyAdds());
    return (ids) => { instance.exports.run(passOf(ids.length) / (4 * SUMS)); return []; };
  },
  /** Our products alone, with weights of one kind; as many rows as there are ids. */
  async product({ name, relax }) {
    const glue = await import(`./ours.js?${encodeURIComponent(name)}`);
    await glue.default({ module_or_path: './ours_bg.wasm' });
    if (relax) glue.relax();
    const products = new glue.Products(name);
    return (ids) => { products.run(ids.length); return []; };
  },
  /** onnxruntime-web with the same weights (benches/rival/onnx.mjs), one thread. */
  async onnx({ maps }) {
    const ort = await import('./ort.wasm.min.mjs');
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = new URL('./', location.href).href;
    const session = await ort.InferenceSession.create(await bytes('model.onnx'), { executionProviders: ['wasm'] });
    const asked = maps ? session.outputNames : session.outputNames.slice(0, 1);
    const whole = (numbers) => new ort.Tensor('int64', BigInt64Array.from(numbers, BigInt), [numbers.length]);
    return async (ids) => {
      const outputs = await session.run({ ids: whole(ids), places: whole(ids.map((_, i) => i)) }, asked);
      return outputs[session.outputNames[0]].data;
    };
  },
};

async function measure({ entrants, lengths, rounds, least }) {
  const config = await (await fetch('config.json')).text();
  const engines = [];
  for (const entrant of entrants) {
    engines.push({ name: entrant.name, run: await KINDS[entrant.kind](entrant, config) });
  }
  const result = { times: {}, differences: {} };
  for (const n of lengths) {
    const ids = input(n);
    // Compiled, and as long as one run takes: short ones are done several times in a row.
    const repeats = await each(engines, async ({ run }) => {
      let [best, spent] = [Infinity, 0];
      while (spent < 400) {
        const began = performance.now();
        await run(ids);
        best = Math.min(best, performance.now() - began);
        spent += performance.now() - began;
      }
      return Math.max(1, Math.ceil(least / best));
    });
    const [first, ...others] = await each(engines, ({ run }) => run(ids));
    result.differences[n] = [first, ...others].map((all) => (
      all.reduce((most, x, i) => Math.max(most, Math.abs(x - first[i])), 0)));
    const times = engines.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const e of shuffled(engines.keys())) {
        const began = performance.now();
        for (let i = 0; i < repeats[e]; i++) await engines[e].run(ids);
        times[e].push((performance.now() - began) / repeats[e]);
      }
    }
    result.times[n] = times;
    postMessage({ progress: `${n} tokens: ${engines.map(({ name }, e) => `${name} ${median(times[e]).toFixed(1)}`).join(', ')} ms` });
  }
  postMessage({ result });
}

onmessage = ({ data }) => measure(data).catch((error) => postMessage({ error: String(error) }));
