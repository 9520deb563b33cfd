// Finding a head: by what it does on this text, and by what it reads.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  IT, clickAt, golden, marks, moveAway, near, openPopover, said, start, tokenAt, untilRead, until,
} from './helpers.mjs';

const want = golden('trophy_big');
const headOf = (t) => t.call('state').then((s) => [s.layer, s.head]);
/** The names under ranked thumbnails, in their order: ['3·1', ...], and their numbers. */
const order = async (t) => (await marks(t, 'grid', 'label')).filter((m) => m.value !== null).map((m) => ({ name: m.text, value: m.value }));
const ranked = (query, key) => [...Array(72).keys()]
  .map((i) => ({ name: `${Math.floor(i / 12)}·${i % 12}`, value: want.row(Math.floor(i / 12), i % 12, query)[key] }))
  .sort((a, b) => b.value - a.value);

test('which head reads trophy from it? L3 H1 first, and every head has its rank on the grid', async ({ open }) => {
  const t = await start(open);
  await openPopover(t, 'find');
  await t.page.selectOption('#from', { label: 'trophy' });
  const expected = ranked(IT, 2);
  assert.equal(expected[0].name, '3·1');
  await until(async () => (await order(t)).slice(0, 10).map((o) => o.name), expected.slice(0, 10).map((e) => e.name));
  for (const [i, o] of (await order(t)).entries()) near(o.value, expected[i].value, 1e-4, `rank ${i}`);
  assert.match(await said(t, '#found'), /^Most weight on trophy from it: L3 H1 0\.62, L5 H4 0\.43,/);
  // Another query asks anew.
  await clickAt(t, await tokenAt(t, 13));
  await moveAway(t);
  const big = ranked(13, 2);
  await until(async () => (await order(t))[0]?.name, big[0].name);
  await openPopover(t, 'find');
  await t.page.selectOption('#from', '0');
  await until(async () => (await marks(t, 'grid', 'label'))[0].text, 'H0');
  assert.equal((await t.call('state')).sort, 'place');
});

test('heads are put in order by entropy, and the keys follow what is on screen', async ({ open }) => {
  const t = await start(open);
  const bits = (layer, head) => {
    const rows = [...Array(want.n).keys()].map((q) => want.row(layer, head, q));
    return rows.reduce((all, row) => all - row.reduce((sum, w) => sum + (w > 0 ? w * Math.log2(w) : 0), 0), 0) / want.n;
  };
  const expected = [...Array(72).keys()].map((i) => ({ head: [Math.floor(i / 12), i % 12], value: bits(Math.floor(i / 12), i % 12) }))
    .sort((a, b) => a.value - b.value);
  await t.page.selectOption('#sort', { label: 'entropy' });
  await until(async () => (await order(t))[0]?.name, expected[0].head.join('·'));
  for (const [i, o] of (await order(t)).entries()) near(o.value, expected[i].value, 1e-3, `rank ${i}`);
  await t.call('set', { layer: expected[0].head[0], head: expected[0].head[1] });
  await t.page.focus('#grid');
  await t.page.keyboard.press('ArrowRight');
  await until(() => headOf(t), expected[1].head);
  await t.page.keyboard.press('ArrowDown');
  await until(() => headOf(t), expected[13].head);
});

test('a label has its evidence, and the others are paled', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { layer: 0, head: 2 });
  await until(() => said(t, '#survey').then((s) => /^L0 H2 on this text: entropy/.test(s)), true);
  const told = await said(t, '#survey');
  // The share of the weight outside [CLS] and [SEP] that goes one token back, mean over the words' rows.
  const rows = [...Array(want.n - 2).keys()].map((i) => i + 1).map((q) => {
    const row = want.row(0, 2, q).map((w, k) => (k === 0 || k === want.n - 1 ? 0 : w));
    return q > 1 ? row[q - 1] / row.reduce((a, b) => a + b) : null;
  }).filter((share) => share !== null);
  const share = rows.reduce((a, b) => a + b) / rows.length;
  assert.match(told, /previous token \(/);
  near(Number(/previous token \(([\d.]+)\)/.exec(told)[1]), share, 0.006, 'the score');
  await t.page.selectOption('#label', { label: 'previous token' });
  await until(async () => {
    const pale = (await marks(t, 'grid', 'pale')).length;
    return pale > 55 && pale < 72;
  }, true);
  await t.page.selectOption('#sort', { label: 'label' });
  await until(async () => (await order(t)).some((o) => o.name === '0·2' && o.value !== null), true);
  const fits = await order(t);
  assert.deepEqual(fits.map((o) => o.value), fits.map((o) => o.value).sort((a, b) => b - a));
  near(fits.find((o) => o.name === '0·2').value, share, 0.002, 'its rank is by its score');
  assert.equal(fits.filter((o) => o.value === 0).length, (await marks(t, 'grid', 'pale')).length);
  await t.page.selectOption('#sort', { label: 'layer and head' });
  await t.call('set', { layer: 3, head: 1 });
  await until(() => said(t, '#survey').then((s) => s.endsWith('None of our nine patterns fits on this text.')), true);
  await t.page.selectOption('#label', { label: 'any' });
  await until(async () => (await marks(t, 'grid', 'pale')).length, 0);
});

test('a new text is looked at anew', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { sort: 'reads', from: 2, tokens: [IT] });
  await until(async () => (await order(t))[0]?.name, '3·1');
  await t.page.fill('#text', 'The trophy did not fit in the bag because it was too small.');
  await untilRead(t, 'The trophy did not fit in the bag because it was too small.');
  const small = golden('trophy_small');
  const most = Math.max(...[...Array(72).keys()].map((i) => small.row(Math.floor(i / 12), i % 12, IT)[2]));
  await until(async () => Math.abs((await order(t))[0].value - most) < 1e-4, true);
});
