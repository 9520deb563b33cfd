// Subwords merged into words, everywhere.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  clickAt, edges, golden, lit, marks, near, openPopover, rowNear, said, start, tokenAt, type, until,
} from './helpers.mjs';

const want = golden('subwords');
// [CLS] anti ##dis ... [SEP]: which word each token belongs to.
const wordOf = want.tokens.map(((word) => (token) => (token.startsWith('##') ? word : word += 1))(-1));
const words = wordOf.at(-1) + 1;

/** The reference's row of a word: the sum over each word's keys, the mean over its tokens' rows. */
function row(layer, head, word) {
  const rows = wordOf.flatMap((w, token) => (w === word ? [want.row(layer, head, token)] : []));
  const merged = new Array(words).fill(0);
  for (const r of rows) r.forEach((weight, key) => { merged[wordOf[key]] += weight / rows.length; });
  return merged;
}

test('words are whole, their rows sum to 1, and every picture has them', async ({ open }) => {
  const t = await start(open);
  await type(t, want.text);
  await openPopover(t, 'display');
  await t.page.click('#display .option:has-text("Words")');
  await t.page.keyboard.press('Escape');
  await until(async () => (await marks(t, 'sentence', 'token')).map((m) => m.text),
    // A name longer than 24 characters is shortened where it is drawn.
    ['[CLS]', 'Antidisestablishmentari…', 'untokenizable', 'supercalifragilistic', '[SEP]']);
  await clickAt(t, await tokenAt(t, 2));
  await until(() => lit(t), [2]);
  const expected = row(3, 1, 2);
  near(expected.reduce((a, b) => a + b), 1, 1e-4, 'the reference\'s row');
  for (const e of await edges(t)) near(e.value, expected[e.key], 1e-4, `edge to ${e.key}`);
  assert.match(await said(t, '#facts'), /weights sum to 1\.00/);
  assert.doesNotMatch(await said(t, '#facts'), /a dot marks/);
  const table = await t.page.$$eval('#row tbody tr', (all) => all.map((tr) =>
    [tr.querySelector('.place'), tr.querySelector('.number')].map((cell) => Number(cell.textContent))));
  const byPlace = table.sort(([a], [b]) => a - b).map(([, weight]) => weight);
  rowNear(byPlace, expected, 5e-4 + 1e-4, 'the table, of three digits');
  // The state counts tokens, whatever is drawn: the word's first.
  assert.deepEqual((await t.call('state')).tokens, [wordOf.indexOf(2)]);
  await openPopover(t, 'display');
  await t.page.click('#display .option:has-text("Tokens")');
  await until(() => lit(t), [wordOf.indexOf(2)]);
});

test('the keys move by words', async ({ open }) => {
  const t = await start(open);
  await type(t, want.text);
  await t.call('set', { words: true, tokens: [0] });
  await t.page.focus('#sentence');
  for (const word of [1, 2, 3, 4, 4]) {
    await t.page.keyboard.press('ArrowRight');
    await until(() => lit(t), [word]);
  }
  await t.page.focus('#heatmap');
  await t.page.keyboard.press('ArrowUp');
  await until(() => said(t, '#heatmap-cell').then((s) => s.split(':')[0]), 'supercalifragilistic reads [SEP]');
  near(Number((await said(t, '#heatmap-cell')).split(': ')[1]), row(3, 1, 3)[4], 1e-4, 'the cell');
});
