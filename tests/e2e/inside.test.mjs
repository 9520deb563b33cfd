// The numbers inside a head: from two vectors to a weight, and from the weights to the output.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { IT, golden, marks, moveTo, near, openTab, ranked, said, start, tokenAt, until } from './helpers.mjs';

const want = golden('trophy_big');
const bars = async (t) => (await marks(t, 'inside', 'bar')).map((m) => m.value);
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
/** What is told of the key: [product, score, weight]. */
const told = async (t) => [...(await said(t, '#inside-told')).matchAll(/= (-?[\d.]+)|score is (-?[\d.]+)|weight (-?[\d.]+)/g)]
  .map((m) => Number(m[1] ?? m[2] ?? m[3]));

async function opened(open) {
  const t = await start(open);
  await openTab(t, 'steps');
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

/** softmax(scores / temperature) over these scores. */
function softened(scores, temperature) {
  const exp = scores.map((score) => Math.exp(score / temperature));
  return exp.map((e) => e / sum(exp));
}

/** What is drawn of each key, strongest first: [score, weight, share]. */
const keyRows = async (t) => {
  const all = (await bars(t)).slice(96);
  return [...Array(all.length / 3).keys()].map((i) => all.slice(3 * i, 3 * i + 3));
};

/** Waits until the weights drawn are the softmax at this temperature of the scores drawn. */
const softenedTo = (t, temperature) => until(async () => {
  const rows = await keyRows(t);
  const wanted = softened(rows.map(([score]) => score), temperature);
  return rows.length > 0 && rows.every(([, weight], i) => Math.abs(weight - wanted[i]) < 1e-4);
}, true, `temperature ${temperature}`);

test('a temperature softens this row alone, by mouse and by keyboard, and one button puts it back', async ({ open }) => {
  const t = await opened(open);
  const before = await keyRows(t);
  const note = () => t.page.$$eval('#inside .label', (all) => all.map((e) => e.textContent).filter((s) => s.startsWith('at temperature')));
  assert.deepEqual(await note(), []);
  await t.page.focus('#soften');
  // Twenty steps are a factor of ten.
  for (let i = 0; i < 6; i++) await t.page.keyboard.press('ArrowRight');
  const warm = 10 ** (6 / 20);
  await softenedTo(t, warm);
  await until(() => said(t, '#inside-told').then((s) => /at temperature 2\.00 instead of 1 gives the weight .* not the model's\.$/.test(s)), true);
  assert.deepEqual(await note(), ["at temperature 2.00 instead of 1: not the model's weights"]);
  // The scores and the other pictures are as they were: this row alone is another.
  const rows = await keyRows(t);
  rows.forEach(([score]) => assert.ok(before.some(([s]) => Math.abs(s - score) < 1e-5)));
  rows.forEach(([score, weight, share]) => {
    const [, w, s] = before.find(([b]) => Math.abs(b - score) < 1e-5);
    near(share / weight, s / w, 2e-3 * (s / w), 'the length of the value');
  });
  near((await t.call('pattern', 3, 1))[IT][2], 0.624, 0.001, 'the run');
  assert.equal((await t.call('state')).altered, null);
  // By mouse: at the left end a tenth.
  const { x, y, height } = await t.page.locator('#soften').boundingBox();
  await t.page.mouse.click(x + 2, y + height / 2);
  await softenedTo(t, 0.1);
  await t.page.click('#inspector-panel button:has-text("Reset to 1")');
  await until(() => keyRows(t), before);
  assert.deepEqual(await note(), []);
});

test('the slider starts at the temperature of an altered run', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { altered: { temperature: 10 } });
  await until(() => t.page.inputValue('#soften'), '20');
  await softenedTo(t, 10);
  await t.page.click('#inspector-panel button:has-text("Reset to 1")');
  await softenedTo(t, 1);
  await until(() => said(t, '#inside-told').then((s) => s.includes("at temperature 1 instead of this run's 10.00")), true);
  await t.call('set', { altered: null });
  await until(() => said(t, '#inside-told').then((s) => s.includes('softmax over the row gives the weight')), true);
});

test('without a query there is nothing inside, and it says so', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { tokens: [] });
  await until(() => said(t, '#inside-told'), 'Choose a query token.');
  await until(async () => (await bars(t)).length, 0);
  await t.call('set', { tokens: ['bag'] });
  await until(() => said(t, '#inside-told').then((s) => s.startsWith('q(bag)')), true);
});

test('under a causal mask what cannot be read is said, and has no bar', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { altered: { causal: true } });
  await until(async () => (await bars(t)).length, 3 * 32 + 3 * (IT + 1));
  await t.call('set', { view: 'columns' });
  await moveTo(t, await tokenAt(t, 13, 'key'));
  await until(() => said(t, '#inside-told').then((s) => s.endsWith('the mask keeps it from reading big.')), true);
  const lines = await t.page.$$eval('#inside .label', (all) => all.map((e) => e.textContent));
  assert.equal(lines.filter((line) => line === 'masked: cannot be read').length, want.n - IT - 1);
});
