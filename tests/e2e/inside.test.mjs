// The numbers inside a head: from two vectors to a weight, and from the weights to the output.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { IT, golden, marks, moveTo, near, ranked, said, start, tokenAt, until } from './helpers.mjs';

const want = golden('trophy_big');
const bars = async (t) => (await marks(t, 'inside', 'bar')).map((m) => m.value);
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
/** What is told of the key: [product, score, weight]. */
const told = async (t) => [...(await said(t, '#inside-told')).matchAll(/= (-?[\d.]+)|score is (-?[\d.]+)|weight (-?[\d.]+)/g)]
  .map((m) => Number(m[1] ?? m[2] ?? m[3]));

async function opened(open) {
  const t = await start(open);
  await t.page.click('button:has-text("Inside this head")');
  await until(async () => (await bars(t)).length, 3 * 32 + 3 * want.n);
  return t;
}

test('q times k adds up to the score, the scores\' softmax is the weight', async ({ open }) => {
  const t = await opened(open);
  assert.match(await said(t, '#inside-told'), /^q\(it\) · k\(trophy\) = /, 'the key read most');
  const all = await bars(t);
  const [q, k, product] = [0, 32, 64].map((from) => all.slice(from, from + 32));
  product.forEach((p, i) => near(p, q[i] * k[i], 1e-4, `dimension ${i}`));
  const keys = ranked(want.row(3, 1, IT));
  const rows = keys.map((_, i) => all.slice(96 + 3 * i, 99 + 3 * i));
  near(sum(product) / Math.sqrt(32), rows[0][0], 1e-3, 'the score');
  rows.forEach(([, weight], i) => near(weight, keys[i].weight, 1e-4, `weight ${i}`));
  const exp = rows.map(([score]) => Math.exp(score));
  rows.forEach(([, weight], i) => near(exp[i] / sum(exp), weight, 1e-4, `softmax ${i}`));
  const [p, score, weight] = await told(t);
  near(p, sum(product), 0.006, 'the product told');
  near(score, rows[0][0], 0.006, 'the score told');
  near(weight, 0.624, 0.001, 'the weight told');
});

test('another key is a pointer or an arrow key away; another query or head is looked into anew', async ({ open }) => {
  const t = await opened(open);
  const name = () => said(t, '#inside-told').then((s) => /^q\((.*?)\) · k\((.*?)\)/.exec(s).slice(1));
  await t.page.focus('#inside');
  await t.page.keyboard.press('ArrowDown');
  await until(name, ['it', 'did']);
  await t.page.keyboard.press('ArrowUp');
  await t.page.keyboard.press('ArrowUp');
  await until(name, ['it', 'The']);
  near((await told(t))[2], want.row(3, 1, IT)[1], 0.0006, 'The\'s weight');
  await t.call('set', { tokens: ['big'], layer: 2, head: 4 });
  await t.page.focus('#sentence');
  const strongest = ranked(want.row(2, 4, 13))[0];
  await until(async () => (await name())[0], 'big');
  await until(async () => Math.abs((await told(t))[2] - strongest.weight) < 0.001, true);
});

test('largest contributions first', async ({ open }) => {
  const t = await opened(open);
  const products = async () => (await bars(t)).slice(64, 96);
  const before = await products();
  await t.page.check('text=Largest contributions first');
  await until(products, [...before].sort((a, b) => b - a));
});

test('under a causal mask what cannot be read is said, and has no bar', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { altered: { causal: true } });
  await until(async () => (await bars(t)).length, 3 * 32 + 3 * (IT + 1));
  await t.call('set', { view: 'columns' });
  await moveTo(t, await tokenAt(t, 13, 'key'));
  await until(() => said(t, '#inside-told').then((s) => s.endsWith('the mask keeps it from reading big.')), true);
});
