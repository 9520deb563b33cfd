// The threads of pool.test.mjs: a leader with its jobs, helpers as assets/worker_thread.js has them, and one that takes a panel
// and never comes back.

import { parentPort, workerData } from 'node:worker_threads';

const { role, module, memory, helper, jobs, threads } = workerData;

// As src/math/relaxed_simd/wat/threads.rs and src/worker/threads.rs have them.
const [NEXT, JOB_AT, RESERVED, PANEL] = [0, 192, 1024, 8];
const DEPTH = 4;
/** Panels and rows of jobs. */
const KINDS = [[1, 3], [3, 1], [192, 1], [2, 16], [48, 1], [9, 7], [33, 2], [5, 4]];

/** Numbers that are the same in every run. */
function randoms(seed) {
  let state = seed;
  return () => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return state >>> 0; };
}

// Holds a thread up now and then, for up to a few tenths of a millisecond: a job or two of the others.
const random = randoms(helper + 1);
const nobody = new Int32Array(new SharedArrayBuffer(4));
const pause = () => { if (random() % 64 === 0) Atomics.wait(nobody, 0, 0, (random() % 256) / 1000); };
const exportsIn = (memory) => new WebAssembly.Instance(module, { env: { memory, pause } }).exports;

const roles = {
  helper() {
    const { serve } = exportsIn(memory);
    parentPort.postMessage('ready');
    serve(helper);
  },

  stuck() {
    const words = new Int32Array(memory.buffer);
    parentPort.postMessage('ready');
    while (Atomics.load(words, NEXT / 4) <= 0 || Atomics.sub(words, NEXT / 4, 1) <= 0);
    for (;;) Atomics.wait(words, RESERVED / 4 - 1, 0);
  },

  /** Does jobs of changing kinds in the memory of all, until a helper is lost; each kind once alone in a memory of its own. */
  leader() {
    const [shared, own] = [desk(memory, threads), desk(new WebAssembly.Memory({ shared: true, initial: 8, maximum: 8 }), 1)];
    const want = KINDS.map((_, kind) => Buffer.from(own(kind).done));
    const random = randoms(1);
    const told = { done: 0, lost: null, wrong: [] };
    for (let job = 0; job < jobs && told.lost === null; job += 1) {
      const kind = random() % KINDS.length;
      const { returned, done } = shared(kind);
      if (returned === 0) told.lost = job;
      else if (!done.equals(want[kind])) told.wrong.push({ job, panels: KINDS[kind][0] });
      else told.done += 1;
    }
    parentPort.postMessage(told);
  },
};

/** Writes jobs as worker/threads.rs does, and has them done: what `lead` returned, and the bytes of all sums, until the next job. */
function desk(memory, threads) {
  const { lead } = exportsIn(memory);
  const [words, floats] = [new Uint32Array(memory.buffer), new Float32Array(memory.buffer)];
  let at = RESERVED / 4;
  const take = (count) => { at += count; return at - count; };
  const put = (place, numbers) => floats.set(numbers, place);
  const numbers = (count, seed) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233));
  const most = (of) => Math.max(...KINDS.map(of));
  const start = take(most(([panels]) => panels * PANEL));
  const tiles = take(most(([, rows]) => (rows + 5) * DEPTH));
  const sums = take(most(([panels, rows]) => panels * PANEL * rows));
  const kinds = KINDS.map(([panels, rows], i) => {
    const weights = take(panels * PANEL * DEPTH);
    put(weights, numbers(panels * PANEL * DEPTH, i));
    return { panels, rows, weights, start: numbers(panels * PANEL, i + 0.3), tiles: numbers((rows + 5) * DEPTH, i + 0.6) };
  });
  return (kind) => {
    const { panels, rows, weights, ...given } = kinds[kind];
    put(start, given.start);
    put(tiles, given.tiles);
    // Nothing is left there from the job before.
    const end = sums + panels * PANEL * rows;
    floats.fill(NaN, sums, end);
    const places = [tiles, weights, sums, start].map((place) => 4 * place);
    words.set([panels, places[0], rows, places[1], 4 * PANEL * DEPTH, DEPTH, places[2], panels * PANEL, places[3], 0, threads], JOB_AT / 4);
    const returned = lead();
    return { returned, done: Buffer.from(memory.buffer, 4 * sums, 4 * (end - sums)) };
  };
}

roles[role]();
