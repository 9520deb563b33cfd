import assert from 'node:assert/strict';
import { PHONE, freshTest as test } from './harness.mjs';
import { until } from './helpers.mjs';

test('the page and its worker start, under any path, without a word of complaint', async ({ open }) => {
  for (const base of ['/', '/teaching/attention/']) {
    const t = await open({ base });
    await t.ready();
    assert.equal(t.server.seen('worker_bg.wasm').requests, 1);
  }
});

test('the worker\'s table takes the module with fused multiply-add', async ({ open }) => {
  const t = await open();
  await t.ready();
  const last = await t.page.workers()[0].evaluate(() => {
    const table = wasm_bindgen.initSync().__indirect_function_table;
    return Array.from({ length: 10 }, (_, i) => table.get(table.length - 10 + i) !== null);
  });
  // Before its nine functions (src/math/relaxed_simd) are the places of the part that is not here yet.
  assert.deepEqual(last, [false, ...Array(9).fill(true)]);
});

test('the page starts on a phone in the dark', async ({ open }) => {
  const t = await open({ viewport: PHONE, colorScheme: 'dark' });
  await t.ready();
  const width = await t.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `the page is ${width} pixels wide`);
});

test('nothing but the page\'s own origin may be loaded or run', async ({ open }) => {
  const t = await open({ expect: [/inline script/, /connect-src|onnect.*Content Security Policy/] });
  const reached = await t.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inline = true';
    document.head.append(script);
    const other = await fetch('http://127.0.0.1:9/').then(() => true, () => false);
    return { inline: window.inline === true, other };
  });
  assert.deepEqual(reached, { inline: false, other: false });
  await until(() => t.problems.length >= 2, true);
});

test('what goes wrong in the page is seen by these tests', async ({ open }) => {
  const t = await open({ expect: [/said by the test/, /thrown by the test/] });
  await t.page.evaluate(() => {
    console.error('said by the test');
    setTimeout(() => { throw new Error('thrown by the test'); });
  });
  await until(() => t.problems.length, 2);
});
