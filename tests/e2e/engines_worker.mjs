// Runs every engine in one worker, each as its own wasm module: see engines.mjs.

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

/** Token ids that are words in BERT's vocabulary, between [CLS] and [SEP]. */
const input = (n) => Uint32Array.from({ length: n }, (_, i) => (i === 0 ? 101 : i === n - 1 ? 102 : 2000 + ((i * 37) % 900)));

function shuffled(all) {
  const order = [...all];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

async function measure({ entrants, lengths, rounds, least }) {
  const config = await (await fetch('config.json')).text();
  const engines = [];
  for (const { name, module, relax } of entrants) {
    // An address of its own for each: two of one kind share nothing.
    const glue = await import(`./${module}.js?${encodeURIComponent(name)}`);
    await glue.default({ module_or_path: `./${module}_bg.wasm` });
    const engine = new glue.Engine(config, await bytes('model.safetensors'));
    if (relax && !engine.relax()) postMessage({ progress: `${name}: this browser has no relaxed SIMD` });
    engines.push({ name, run: (ids) => engine.run(ids) });
  }
  const result = { times: {}, differences: {} };
  for (const n of lengths) {
    const ids = input(n);
    // Compiled, and as long as one run takes: short ones are done several times in a row.
    const repeats = engines.map(({ run }) => {
      let [best, spent] = [Infinity, 0];
      while (spent < 400) {
        const began = performance.now();
        run(ids);
        best = Math.min(best, performance.now() - began);
        spent += performance.now() - began;
      }
      return Math.max(1, Math.ceil(least / best));
    });
    const first = engines[0].run(ids);
    result.differences[n] = engines.map(({ run }) => run(ids).reduce((most, x, i) => Math.max(most, Math.abs(x - first[i])), 0));
    const times = engines.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const e of shuffled(engines.keys())) {
        const began = performance.now();
        for (let i = 0; i < repeats[e]; i++) engines[e].run(ids);
        times[e].push((performance.now() - began) / repeats[e]);
      }
    }
    result.times[n] = times;
    postMessage({ progress: `${n} tokens: ${engines.map(({ name }, e) => `${name} ${median(times[e]).toFixed(1)}`).join(', ')} ms` });
  }
  postMessage({ result });
}

onmessage = ({ data }) => measure(data).catch((error) => postMessage({ error: String(error) }));
