// One switch for what every cell says: weights, scores, norms of weighted values, a layer's mean, rollout.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  IT, byMass, cellAt, edges, focused, four, golden, mean, moveAway, moveTo, near, openTab, rowNear, said, start as startPage, tabTo,
  until,
} from './helpers.mjs';

const want = golden('trophy_big');
const TROPHY = 2;

const TITLES = {
  score: 'Layer 3, head 1: scores before softmax',
  norm: 'Layer 3, head 1: value-weighted norms',
  layer_mean: 'Layer 3: mean of its heads',
  rollout: 'Rollout from the input to layer 3',
  weight: 'Layer 3, head 1',
};
/** Options of the list, in its order. */
const OPTIONS = ['weight', 'score', 'norm', 'layer_mean', 'rollout'];

async function show(t, quantity) {
  await t.page.selectOption('#show', { index: OPTIONS.indexOf(quantity) });
  await until(() => said(t, '#head-title'), TITLES[quantity]);
}

/** The table of the chosen row: { place: cell }, each with three digits. */
const table = async (t) => Object.fromEntries(await t.page.$$eval('#row tbody tr', (rows) =>
  rows.map((r) => ['.place', '.number'].map((cell) => r.querySelector(cell).textContent))));
const column = (t) => t.page.$eval('#row thead th:last-child', (e) => e.textContent);

/**
 * The chosen row by token, from the edges, all of which are to be drawn (`start`), once the table has the same numbers: what
 * is drawn may change with what arrives. Of hundreds of tokens the last few have no edge: the others carry all but rounding.
 */
async function row(t) {
  let values = {};
  await until(async () => {
    values = Object.fromEntries((await edges(t)).map(({ key, value }) => [key, value]));
    const cells = await table(t);
    const places = Object.keys(values);
    const others = places.filter((place) => !(Math.abs(Number(cells[place]) - values[place]) <= halfDigit(cells[place])));
    return places.length > 0 && others.length === 0 ? 'the same' : others;
  }, 'the same', 'edges and table');
  return values;
}

/** How far the value of a cell may be from what is written: half of its last digit. */
function halfDigit(cell = '') {
  const [, decimals = '', power = '0'] = cell.match(/^-?\d+(?:\.(\d+))?(?:e([+-]?\d+))?$/) ?? [];
  return 0.5 * 10 ** (Number(power) - decimals.length) + 1e-6;
}

/** The page with every edge of the chosen row drawn. */
async function start(open) {
  const t = await startPage(open);
  await t.call('set', { mass: 1 });
  return t;
}

/** All heads of a layer, as the page has them. */
const patterns = async (t, layer) => {
  const all = [];
  for (let head = 0; head < want.heads; head++) all.push(await t.call('pattern', layer, head));
  return all;
};

test('scores: their softmax is the weight, in every view', async ({ open }) => {
  const t = await start(open);
  await show(t, 'score');
  assert.equal(await column(t), 'Score');
  const cells = Object.values(await row(t));
  assert.equal(cells.length, 16);
  const scores = await row(t);
  const exp = [...Array(16).keys()].map((key) => Math.exp(scores[key]));
  const sum = exp.reduce((a, b) => a + b);
  rowNear(exp.map((e) => e / sum), want.row(3, 1, IT), 1e-4, 'softmax of the row');
  assert.ok(cells.some((cell) => cell < 0), 'scores have both signs');
  // The edges are those of the weights, with the scores' numbers.
  await t.call('set', { mass: 0.9 });
  const drawn = await edges(t);
  assert.deepEqual(drawn.map((e) => e.key), byMass(want.row(3, 1, IT), 0.9).keys.map((k) => k.key));
  for (const e of drawn) near(e.value, scores[e.key], 1e-4, `edge to ${e.key}`);
  await moveTo(t, await cellAt(t, IT, TROPHY));
  await until(() => said(t, '#heatmap-cell'), `it reads trophy: +${four(scores[TROPHY])}`);
  await moveAway(t);
  const legend = await t.page.$$eval('#heatmap .label[data-value]', (all) => all.map((e) => Number(e.dataset.value)));
  near(legend[0], -legend.at(-1), 1e-5, 'the scale goes as far below 0 as above');
  assert.match(await said(t, '#facts'), /^scores before softmax: only their differences matter/);
  await show(t, 'weight');
  await t.call('set', { mass: 1 });
  rowNear(Object.values(await row(t)), want.row(3, 1, IT), 1e-4, 'weights again');
});

test('norms: weight times the length of what the key gives', async ({ open }) => {
  const t = await start(open);
  await show(t, 'norm');
  assert.equal(await column(t), 'Norm');
  const of = async (token) => {
    await t.call('set', { tokens: [token] });
    await until(() => said(t, '#row caption').then((s) => s.startsWith('L3 H1')), true);
    return row(t);
  };
  // |weight v W_O| / weight is the key's own, whoever reads it.
  const [one, other] = [await of(IT), await of(8)];
  for (const key of [0, TROPHY, 8]) {
    const [a, b] = [one[key] / want.row(3, 1, IT)[key], other[key] / want.row(3, 1, 8)[key]];
    assert.ok(one[key] > 0 && Math.abs(a - b) / a < 0.02, `key ${key}: ${a} and ${b}`);
  }
  await moveTo(t, await cellAt(t, 8, TROPHY));
  await until(() => said(t, '#heatmap-cell'), `bag reads trophy: ${four(other[TROPHY])}`);
  assert.match(await said(t, '#facts'), /^norms sum to [\d.]+; the vectors may cancel out/);
});

test('the mean of a layer, and what it hides', async ({ open }) => {
  const t = await start(open);
  await show(t, 'layer_mean');
  const all = await patterns(t, 3);
  const cells = await row(t);
  rowNear([...Array(16).keys()].map((k) => cells[k]), mean(all.map((map) => map[IT])), 1e-4, 'the mean');
  assert.match(await said(t, '#facts'), /^weights sum to 1\.00 · the mean hides the individual heads/);
  // Another head of the layer is the same mean.
  await t.call('set', { head: 7 });
  assert.deepEqual(await row(t), cells);
});

test('rollout, and what it hides', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { layer: 1 });
  await t.page.selectOption('#show', { index: OPTIONS.indexOf('rollout') });
  await until(() => said(t, '#head-title'), 'Rollout from the input to layer 1');
  const n = 16;
  const step = async (layer) => {
    const all = await patterns(t, layer);
    const one = (q, k) => mean(all.map((map) => map[q]))[k] / 2 + (q === k ? 0.5 : 0);
    return [...Array(n).keys()].map((q) => [...Array(n).keys()].map((k) => one(q, k)));
  };
  const [first, second] = [await step(0), await step(1)];
  const wanted = [...Array(n).keys()].map((k) => second[IT].reduce((sum, w, j) => sum + w * first[j][k], 0));
  const cells = await row(t);
  rowNear([...Array(n).keys()].map((k) => cells[k]), wanted, 1e-4, 'A_1 A_0');
  assert.match(await said(t, '#facts'), /^shares sum to 1\.00 · rollout assumes that half of each token passes each layer unchanged/);
});

test('what a summary hides is said with no token chosen too, and what all heads show meanwhile', async ({ open }) => {
  const t = await start(open);
  const order = () => t.page.$eval('#scale', (e) => e.textContent);
  const map = () => said(t, '[data-pane="heatmap"] h2');
  assert.match(await order(), /^One small heatmap for each head; colours as in the heatmap: a square-root scale/);
  assert.equal(await map(), 'Heatmap of L3 H1');
  await t.call('set', { tokens: [] });
  assert.equal(await said(t, '#facts'), '');
  await show(t, 'layer_mean');
  assert.equal(await said(t, '#facts'), 'the mean hides the individual heads and may resemble none of them');
  assert.match(await order(), /; each head's own weights, in the colours of the heatmap\./);
  assert.equal(await map(), 'Heatmap of layer 3');
  await show(t, 'rollout');
  assert.match(await said(t, '#facts'), /^rollout assumes that half of each token .* ignores heads and values$/);
  assert.match(await order(), /; each head's own weights; the rollout heatmap has its own scale\./);
  await until(() => t.page.$eval('#sentence', (e) => e.getAttribute('aria-label')).then((s) => /the \d+ strongest shares/.test(s)), true);
});

test('words are merged for every quantity', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: 'Tokenization is supercalifragilistic.', tokens: [1], words: true });
  for (const quantity of ['score', 'norm', 'layer_mean', 'rollout', 'weight']) {
    await show(t, quantity);
    assert.equal(Object.keys(await row(t)).length, 6);
    if (!['score', 'norm'].includes(quantity)) {
      near(Object.values(await row(t)).reduce((a, b) => a + b), 1, 1e-3, `${quantity} sums to 1`);
    }
  }
});

test('the switch by keyboard, undone and done again', async ({ open }) => {
  const t = await start(open);
  // The row of controls is one stop, with arrows inside.
  await tabTo(t, '#change-word');
  for (let i = 0; i < 20 && (await focused(t)).name !== '#show'; i++) await t.page.keyboard.press('ArrowRight');
  assert.equal((await focused(t)).name, '#show');
  await t.page.keyboard.press('s');
  await until(() => said(t, '#head-title'), TITLES.score);
  await tabTo(t, '#sentence');
  await t.page.keyboard.press('Control+z');
  await until(() => said(t, '#head-title'), TITLES.weight);
  await t.page.keyboard.press('Control+y');
  await until(() => said(t, '#head-title'), TITLES.score);
});

test('512 tokens in every quantity', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: 'the dog saw it '.repeat(200), tokens: [4], view: 'columns' });
  await t.page.click('.row-table > button');
  for (const quantity of ['score', 'norm', 'layer_mean', 'rollout', 'weight']) {
    await show(t, quantity);
    await until(() => table(t).then((cells) => Object.keys(cells).length), 512);
    assert.ok(Object.keys(await row(t)).length > 0, quantity);
  }
  // What the worker draws, too.
  await t.call('set', { chart: 'distance', show: 'weight' });
  await until(() => t.page.$$eval('#chart .dot', (all) => all.length), 72);
  await openTab(t, 'steps');
  await until(() => said(t, '#inside-told').then((s) => /^q\(it\) · k\(.+\) = /.test(s)), true);
});
