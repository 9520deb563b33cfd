// Two texts, or one before and after a change: what differs, head by head.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  IT, LEAD, TROPHY, cellAt, clickAt, edges, focused, golden, lit, marks, moveAway, moveTo, near, openPopover, rowDrawn, said,
  start, tabTo, tokenAt, two, undo, until, untilRead,
} from './helpers.mjs';

const [big, small] = [golden('trophy_big'), golden('trophy_small')];
const LAST = 13;
const state = (t, field) => t.call('state').then((s) => s[field]);
/** The cells of the row, as the sentence is shaded by them; keys that only one of two texts has are left out. */
const cells = async (t) => (await marks(t, 'sentence', 'shade')).filter(({ value }) => value !== null)
  .map(({ query, value }) => ({ key: query, cell: value }));
/** The same as the table tells it, with three digits. */
const table = (t) => t.page.$$eval('#row tbody tr', (rows) => rows.map((r) => ({
  key: Number(r.querySelector('.place').textContent), cell: Number(r.querySelector('.number').textContent),
})));
const largest = (row) => Math.max(...row.map(({ cell }) => Math.abs(cell)));
/** Compares with what the popover calls so. */
async function compareWith(t, name) {
  await openPopover(t, 'compare');
  await t.page.click(`#compare >> text="${name}"`);
}

/** The page's own example: small on screen, compared with big. */
async function example(open, options) {
  const t = await start(open, options);
  await compareWith(t, 'Example: change “big” to “small”');
  await untilRead(t, small.text);
  await until(() => said(t, '#found').then((s) => s.startsWith('From it, heads that shifted')), true);
  return t;
}

/** small - big of one row; keys that only one of them has are left out. */
const difference = (layer, head, query) => small.row(layer, head, query)
  .map((w, key) => ({ key, cell: w - big.row(layer, head, query)[key] })).filter(({ key }) => key !== LAST);

test('big becomes small: the heads that turn from trophy to bag are ranked', async ({ open }) => {
  const t = await example(open);
  const turned = [...Array(72).keys()].map((i) => {
    const of = (key) => difference(Math.floor(i / 12), i % 12, IT).find((d) => d.key === key).cell;
    return { name: `L${Math.floor(i / 12)} H${i % 12}`, moved: of(8) - of(2) };
  }).sort((a, b) => b.moved - a.moved);
  assert.equal(turned[0].name, 'L2 H5');
  near(turned[0].moved, 0.0525, 0.001, 'L2 H5');
  const told = (all) => all.slice(0, 5).map(({ name, moved }) => `${name} ${two(moved)}`).join(', ');
  assert.equal(await said(t, '#found'), `From it, heads that shifted from trophy to bag: ${told(turned)}. `
    + `The other way: ${told([...turned].reverse())}.`);
  const names = await t.page.$$eval('#grid .label', (all) => all.slice(0, 4).map((e) => e.textContent));
  assert.deepEqual(names, turned.slice(0, 2).flatMap(({ name, moved }) => [name.replace(/L|H/g, '').replace(' ', '·'), moved.toFixed(2)]));
  assert.match(await said(t, '#compared'), /^Compared with “The trophy .* big\.”: 15 of 16 tokens are in both\. .* Heads that change most \(.*\): L/);
  // The head that turned most is shown.
  const { layer, head } = await t.call('state');
  assert.deepEqual([layer, head], [2, 5]);
});

test('the difference is signed, and what only one text has is left out', async ({ open }) => {
  const t = await example(open);
  await t.call('set', { layer: 2, head: 5 });
  await until(() => said(t, '#head-title'), 'Layer 2, head 5: difference of weights');
  const wanted = difference(2, 5, IT);
  // The table has three digits.
  for (const [got, tolerance] of [[await cells(t), 2e-4], [await table(t), 7e-4]]) {
    // The query itself is no shade.
    const told = wanted.filter(({ key }) => key !== IT || tolerance > 2e-4);
    assert.equal(got.length, told.length);
    for (const { key, cell } of told) near(got.find((r) => r.key === key).cell, cell, tolerance, `key ${key}`);
  }
  const drawn = await t.page.$$eval('#sentence .edge', (all) => all.map((e) => [Number(e.dataset.value), e.getAttribute('stroke-dasharray')]));
  assert.ok(drawn.some(([value]) => value < 0) && drawn.some(([value]) => value > 0));
  for (const [value, dash] of drawn) assert.equal(dash !== 'none', value < 0, `${value} is drawn ${dash}`);
  await moveTo(t, await cellAt(t, IT, 8));
  const cell = wanted.find((d) => d.key === 8).cell;
  await until(async () => Math.abs(Number((await said(t, '#heatmap-cell')).split(': ')[1]) - cell) < 2e-4, true);
  assert.match(await said(t, '#heatmap-cell'), /^it reads bag: \+/);
  await moveTo(t, await cellAt(t, IT, LAST));
  await until(() => said(t, '#heatmap-cell'), 'it reads small: not in both texts, or hidden');
});

test('side by side, what both have lights up in both', async ({ open }) => {
  const t = await example(open);
  await t.call('set', { layer: 3, head: 1 });
  await t.page.click('.compare-row >> text=Side by side');
  await until(() => said(t, '#head-title'), 'Layer 3, head 1');
  await rowDrawn(t, [IT], small.row(3, 1, IT));
  const beside = async () => (await marks(t, 'sentence-other', 'edge')).reverse();
  await until(async () => (await beside())[0]?.key, 2);
  near((await beside())[0].value, big.row(3, 1, IT)[2], 1e-4, 'the other text\'s own weight');
  const litBeside = () => t.page.$$eval('#sentence-other .query[data-query]', (all) => all.map((e) => Number(e.dataset.query)));
  await moveTo(t, await tokenAt(t, 4));
  await until(litBeside, [4]);
  // From there back, also onto what only the other has.
  const there = async (token) => {
    const box = t.page.locator(`#sentence-other rect[data-query="${token}"]`);
    await box.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await box.boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  // The pointer rests on nothing for long: what moves under it meanwhile is met by its next move.
  const hover = (token, look, wanted) => until(async () => {
    await moveTo(t, await there(token));
    return look();
  }, wanted);
  await hover(8, () => lit(t), [8]);
  await hover(LAST, litBeside, [LAST]);
  assert.deepEqual(await lit(t), [IT]);
  await clickAt(t, await there(LAST));
  assert.deepEqual(await state(t, 'tokens'), [IT], 'a token that this text does not have cannot be chosen');
  await clickAt(t, await there(6));
  await moveAway(t);
  await until(() => state(t, 'tokens'), [6]);
  await moveTo(t, await cellAt(t, 3, 5));
  await until(litBeside, [3]);
});

test('before and after a change of the model', async ({ open }) => {
  const t = await start(open);
  await compareWith(t, 'Original model');
  await until(() => said(t, '#compared'), 'No difference yet: edit the model to see what changes.');
  await t.page.focus('#grid');
  await t.page.keyboard.press('x');
  await until(() => said(t, '#compared').then((s) => s.startsWith('Compared with the original model: 16 of 16')), true);
  // What L3 H1 reads is as before; what comes after it is not, and the head that changed most is shown.
  const [, most] = (await said(t, '#compared')).match(/Heads that change most \(mean over all cells\): (L\d H\d+) 0\.\d+/);
  await until(() => t.call('state').then(({ layer, head }) => `L${layer} H${head}`), most);
  assert.match(most, /^L[45]/, 'behind the head that is off');
  await until(() => cells(t).then((row) => largest(row) > 1e-3), true);
  await t.call('set', { layer: 3, head: 1 });
  await until(() => cells(t).then(largest), 0);
  assert.equal(largest(await table(t)), 0);
  await t.call('set', { layer: 4, head: 0 });
  await until(() => said(t, '#head-title'), 'Layer 4, head 0: difference of weights');
  const altered = await t.call('pattern', 4, 0);
  for (const { key, cell } of await cells(t)) near(cell, altered[IT][key] - big.row(4, 0, IT)[key], 2e-4, `key ${key}`);
  for (const { key, cell } of await table(t)) near(cell, altered[IT][key] - big.row(4, 0, IT)[key], 7e-4, `key ${key}`);
  assert.ok(largest(await cells(t)) > 1e-3);
  await t.page.keyboard.press('r');
  await until(() => said(t, '#compared').then((s) => s.startsWith('No difference yet')), true);
  await until(() => cells(t).then(largest), 0);
});

test('by keyboard alone, with another text, and back', async ({ open }) => {
  const t = await start(open);
  for (const [name, compared] of [['Original model', 'unaltered'], ['Another text', { text: TROPHY }]]) {
    await tabTo(t, 'Compare');
    await t.page.keyboard.press('Enter');
    await t.page.keyboard.press('Tab');
    await tabTo(t, name);
    await t.page.keyboard.press('Enter');
    await until(() => state(t, 'compare'), compared);
    assert.equal((await focused(t))?.name, 'Compare', 'the popover has closed, and its button has the focus');
  }
  await tabTo(t, '#other');
  await t.page.keyboard.press('Control+a');
  await t.page.keyboard.press('Delete');
  await until(() => said(t, '#compared'), 'Type the text to compare with.');
  assert.equal(await said(t, '#head-title'), 'Layer 3, head 1', 'weights, while there is nothing to compare with');
  await t.page.keyboard.type('The bag did not fit.');
  await until(() => said(t, '#compared').then((s) => /^Compared with “The bag did not fit\.”: \d+ of 16/.test(s)), true);
  await until(() => said(t, '#head-title'), 'Layer 3, head 1: difference of weights');
  await tabTo(t, '#sentence');
  await t.page.keyboard.press('Control+z');
  await until(() => state(t, 'compare').then((c) => c?.text ?? c), TROPHY);
  await t.page.keyboard.press('Control+y');
  await until(() => state(t, 'compare'), { text: 'The bag did not fit.' });
});

test('typing on, and the comparison follows', async ({ open }) => {
  const t = await example(open);
  await t.page.fill('#text', 'The trophy did not fit in the bag because it was too heavy.');
  await untilRead(t, 'The trophy did not fit in the bag because it was too heavy.');
  await until(() => said(t, '#compared').then((s) => /15 of 16 tokens are in both/.test(s)), true);
  await t.page.fill('#text', 'it');
  await untilRead(t, 'it');
  await until(() => said(t, '#compared').then((s) => /3 of 3 tokens are in both/.test(s)), true);
});

test('while one types, what is drawn and said stays until the next is here', async ({ open }) => {
  const t = await example(open);
  await t.call('set', { side_by_side: false });
  await t.page.evaluate(() => {
    window.lost = 0;
    window.notes = [];
    const look = () => {
      if (!document.querySelector('[data-pane="caption"] .lead') || !document.querySelector('#sentence .token')) window.lost += 1;
      const note = document.querySelector('#compared').textContent;
      if (window.notes.at(-1) !== note) window.notes.push(note);
    };
    new MutationObserver(look).observe(document.querySelector('.pictures'), { subtree: true, childList: true, characterData: true });
  });
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+End');
  await t.page.keyboard.type(' Really, it was.', { delay: 30 });
  await untilRead(t, `${small.text} Really, it was.`);
  await until(() => said(t, '#compared').then((s) => /15 of 21 tokens/.test(s)), true);
  await t.page.focus('#other');
  await t.page.keyboard.press('ControlOrMeta+End');
  await t.page.keyboard.type(' Yes.', { delay: 30 });
  await until(() => said(t, '#compared').then((s) => /big\. Yes\.”: 16 of 21 tokens/.test(s)), true);
  assert.equal(await t.page.evaluate(() => window.lost), 0);
  // Every text is quoted with numbers of its own: once with each text on screen.
  const notes = await t.page.evaluate(() => window.notes);
  const of = (text) => notes.filter((note) => note.includes(`${text}”`));
  assert.equal(of('big. Yes.').length, 1, of('big. Yes.').join('\n'));
  assert.ok(notes.every((note) => /^Compared with “The trophy .*”: \d+ of \d+ tokens/.test(note)), notes.join('\n'));
});

test('an end to the comparison is an end to its order', async ({ open }) => {
  const t = await example(open);
  const labels = () => t.page.$$eval('#grid .label', (all) => all.slice(0, 2).map((e) => e.textContent));
  assert.equal((await labels())[0].slice(0, 3), '2·5');
  await t.page.click('#end-compare');
  await until(labels, ['H0', 'H1']);
  assert.equal(await state(t, 'sort'), 'place');
  assert.equal(await t.page.locator('.compare-row >> text="Side by side"').isVisible(), false, 'there is nothing to set beside');
  assert.equal(await said(t, '#compared'), '');
  await undo(t);
  await until(async () => (await labels())[0].slice(0, 3), '2·5');
});

test('what is equal is told as equal', async ({ open }) => {
  const t = await start(open);
  await compareWith(t, 'Another text');
  await until(() => said(t, '#compared'), 'No difference: both texts are the same. Edit one to see what changes.');
  await t.page.fill('#other', `${TROPHY} `);
  await until(() => said(t, '#compared'),
    `Compared with “${TROPHY} ”: 16 of 16 tokens are in both. No weight between these tokens differs.`);
});

test('what changed is in the colour of its marks, and said of the other text too', async ({ open }) => {
  const t = await example(open);
  await t.call('set', { layer: 2, head: 5 });
  const inks = await t.page.$$eval(`${LEAD} .number`, (all) =>
    all.map((e) => [/more$/.test(e.textContent), getComputedStyle(e).color]));
  const [more, less] = [true, false].map((sign) => new Set(inks.filter(([is]) => is === sign).map(([, ink]) => ink)));
  assert.ok(more.size === 1 && less.size === 1 && [...more][0] !== [...less][0], JSON.stringify(inks));
  await t.page.click('.compare-row >> text="Side by side"');
  await until(() => said(t, '#lead-other').then((s) => s.startsWith('it reads from ')), true);
  const best = big.row(2, 5, IT).reduce((best, w, key, all) => (w > all[best] ? key : best), 0);
  const first = (await said(t, '#lead-other')).match(/^it reads from (\S+) (\d\.\d\d)/);
  assert.equal(first[1], (big.tokens[best]));
  near(Number(first[2]), big.row(2, 5, IT)[best], 0.0051, 'its weight');
});

test('512 tokens compared', async ({ open }) => {
  const t = await start(open);
  const text = 'the dog saw it '.repeat(200);
  await t.call('set', { text, tokens: [4], view: 'columns', compare: { text: `a ${text}` } });
  await until(() => said(t, '#compared').then((s) => /: \d+ of 512 tokens are in both/.test(s)), true);
  await until(() => said(t, '#head-title'), 'Layer 3, head 1: difference of weights');
  await until(async () => (await edges(t)).length > 0, true);
  await t.call('set', { side_by_side: true });
  await until(() => t.page.$$eval('#sentence-other .edge', (all) => all.length > 0), true);
});
