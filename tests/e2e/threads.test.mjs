// On a page that its host isolates, several threads compute, and nothing else is different.

import assert from 'node:assert/strict';
import { freshTest as test } from './harness.mjs';
import { IT, TROPHY, golden, rowNear, until } from './helpers.mjs';

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** How many threads the model's weights are kept for; none where there is one. */
const threads = (t) => t.page.workers().find((worker) => worker.url().includes('worker_loader'))
  .evaluate(() => self.attnscopeThreads);

/** A slow pass is on screen before all its layers are. */
async function read(t, text) {
  await t.call('set', { text });
  await until(() => t.call('pattern', 5, 11).then(() => true, () => false), true);
}

/** Every weight of every head. */
async function patterns(t, text) {
  await read(t, text);
  const all = [];
  for (let layer = 0; layer < 6; layer++) {
    for (let head = 0; head < 12; head++) all.push(await t.call('pattern', layer, head));
  }
  return all;
}

test('an isolated page has threads, and the same numbers to the bit', async ({ open }) => {
  const [alone, isolated] = [await open(), await open({ headers: ISOLATED, base: '/teaching/attention/' })];
  await alone.ready();
  await isolated.ready();
  const cores = await isolated.page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(await alone.page.evaluate(() => crossOriginIsolated), false);
  assert.equal(await isolated.page.evaluate(() => crossOriginIsolated), true);
  assert.equal(await threads(alone), undefined);
  assert.equal(await threads(isolated), cores > 1 ? Math.min(cores, 4) : undefined);
  for (const text of ['Dog bites man', TROPHY, `${TROPHY} ${TROPHY} ${TROPHY}`]) {
    assert.deepEqual(await patterns(isolated, text), await patterns(alone, text), text);
  }
});

test('a visit without a network has them, too', async ({ open }) => {
  const t = await open({ headers: ISOLATED });
  await t.ready();
  await t.page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await until(() => t.page.evaluate(async () => (await (await caches.open('attnscope-models-v1')).keys()).length), 3);
  await t.server.close();
  await t.context.setOffline(true);
  await t.page.reload();
  await t.page.waitForFunction(() => window.attnscope);
  await t.ready();
  const cores = await t.page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(await threads(t), cores > 1 ? Math.min(cores, 4) : undefined);
});

test('without its helpers the worker of an isolated page computes alone', async ({ open }) => {
  for (const fault of [{ status: 404 }, { body: Buffer.from('throw new Error("no helper")') }]) {
    const t = await open({ headers: ISOLATED, faults: { 'worker_thread.js': fault } });
    await t.ready();
    assert.equal(await threads(t), undefined);
    const want = golden('trophy_small');
    await read(t, want.text);
    rowNear((await t.call('pattern', 3, 1))[IT], want.row(3, 1, IT), 1e-4, 'it');
  }
});

test('a helper that never comes back leaves the work to the worker, with the same numbers to the bit', async ({ open }) => {
  // Takes a panel as the pool's module does (src/math/relaxed_simd/wat/threads.rs), and keeps it.
  const keeps = `self.onmessage = ({ data: { memory } }) => {
    const words = new Int32Array(memory.buffer);
    self.postMessage('ready');
    while (Atomics.load(words, 0) <= 0 || Atomics.sub(words, 0, 1) <= 0);
    for (;;) Atomics.wait(words, 1, 0);
  };`;
  const alone = await open();
  const isolated = await open({ headers: ISOLATED, faults: { 'worker_thread.js': { body: Buffer.from(keeps) } } });
  await alone.ready();
  await isolated.ready();
  const cores = await isolated.page.evaluate(() => navigator.hardwareConcurrency);
  for (const text of ['Dog bites man', TROPHY, `${TROPHY} ${TROPHY} ${TROPHY}`]) {
    assert.deepEqual(await patterns(isolated, text), await patterns(alone, text), text);
  }
  assert.equal(await threads(isolated), cores > 1 ? 1 : undefined);
});
