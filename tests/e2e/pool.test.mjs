// The thread pool's module (src/math/relaxed_simd/wat/threads.rs), as the build assembles it, with real threads.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

// Node 20 has it behind a flag; later versions always have it.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const assembled = (...options) => new WebAssembly.Module(execFileSync(
  'cargo', ['run', '--quiet', '--locked', '--package', 'xtask', '--', 'pool-module', ...options],
  { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
));
const MODULE = assembled();
/** The same, where threads are held up now and then behind an access of a shared word: by pool_worker.mjs. */
const WITH_PAUSES = assembled('--pauses');
/** As many as there is room for: wat/threads.rs has a strip for each. */
const MOST_THREADS = 12;

/** A leader's report on its jobs, beside helpers of these roles. */
async function led(module, jobs, roles) {
  const memory = new WebAssembly.Memory({ shared: true, initial: 8, maximum: 8 });
  const all = [];
  const start = (role, helper) => {
    const worker = new Worker(new URL('pool_worker.mjs', import.meta.url), {
      workerData: { role, module, memory, helper, jobs, threads: roles.length + 1 },
    });
    all.push(worker);
    return once(worker, 'message');
  };
  try {
    for (const [i, role] of roles.entries()) assert.deepEqual(await start(role, i + 1), ['ready']);
    const [told] = await start('leader', 0);
    return told;
  } finally {
    await Promise.all(all.map((worker) => worker.terminate()));
  }
}

const CROWD = Array(Math.min(MOST_THREADS, 4 * availableParallelism()) - 1).fill('helper');

test('jobs of changing sizes by more threads than cores: every sum is right to the bit', { timeout: 120_000 }, async () => {
  const jobs = 100_000;
  assert.deepEqual(await led(MODULE, jobs, CROWD), { done: jobs, lost: null, wrong: [] });
});

test('so it is where threads stop at any point and come late to the next job', { timeout: 120_000 }, async () => {
  const jobs = 10_000;
  assert.deepEqual(await led(WITH_PAUSES, jobs, CROWD), { done: jobs, lost: null, wrong: [] });
});

test('a helper that takes a panel and never comes back ends the waiting, and no sum is wrong', { timeout: 60_000 }, async () => {
  const { lost, done, wrong } = await led(MODULE, 1_000_000, ['helper', 'stuck', 'helper']);
  assert.deepEqual(wrong, []);
  assert.notEqual(lost, null);
  assert.equal(done, lost);
});
