// Mouse and touch: hover previews, click pins, Shift-click adds, Esc lets go.

import assert from 'node:assert/strict';
import { PHONE, test } from './harness.mjs';
import {
  IT, LEAD, brief, byMass, cellAt, clickAt, edges, four, golden, headAt, lit, marks, mean, moveAway, moveTo, near, openPopover,
  openTab, ranked, rowDrawn, said, start, tapAt, three, tokenAt, two, until,
} from './helpers.mjs';

const want = golden('trophy_big');
const row = (query, layer = 3, head = 1) => want.row(layer, head, query);
const all = [...Array(want.n).keys()];
const SPECIAL = [0, want.n - 1];

test('hover previews a query and chooses nothing', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  await rowDrawn(t, [IT], row(IT));
  await moveTo(t, await tokenAt(t, 2));
  await rowDrawn(t, [2], row(2));
  assert.deepEqual(await lit(t), [2]);
  assert.match(await said(t, LEAD), /^trophy reads from /);
  assert.deepEqual(await t.call('state'), before);
  await moveAway(t);
  await rowDrawn(t, [IT], row(IT));
});

test('click pins', async ({ open }) => {
  const t = await start(open);
  await clickAt(t, await tokenAt(t, 8));
  await until(() => t.call('state').then((s) => s.tokens), [8]);
  await moveAway(t);
  await rowDrawn(t, [8], row(8));
  assert.deepEqual(await lit(t), [8]);
});

test('Shift-click adds: the mean row; and takes away again', async ({ open }) => {
  const t = await start(open);
  await clickAt(t, await tokenAt(t, 2));
  await clickAt(t, await tokenAt(t, 8), { shift: true });
  assert.deepEqual((await t.call('state')).tokens, [2, 8]);
  await moveAway(t);
  const both = mean([row(2), row(8)]);
  await rowDrawn(t, [2, 8], both);
  assert.deepEqual(await lit(t), [2, 8]);
  for (const shade of await marks(t, 'sentence', 'shade')) near(shade.value, both[shade.query], 1e-4, 'shade');
  assert.match(await said(t, LEAD), /^trophy, bag read, on average, from /);
  assert.match(await said(t, '#formula'), /^z\(trophy, bag\) = /);
  assert.match(await said(t, '#facts'), /^weights sum to 1\.00 · /);
  await clickAt(t, await tokenAt(t, 2), { shift: true });
  await moveAway(t);
  await rowDrawn(t, [8], row(8));
});

test('the mean row is drawn at once, with the pointer still on the token', async ({ open }) => {
  const t = await start(open);
  await clickAt(t, await tokenAt(t, 8), { shift: true });
  await rowDrawn(t, [IT, 8], mean([row(IT), row(8)]));
});

test('Esc lets go: of the preview, then of the choice', async ({ open }) => {
  const t = await start(open);
  await moveTo(t, await tokenAt(t, 2));
  await rowDrawn(t, [2], row(2));
  await t.page.keyboard.press('Escape');
  await rowDrawn(t, [IT], row(IT));
  assert.deepEqual((await t.call('state')).tokens, [IT]);
  await t.page.keyboard.press('Escape');
  await until(() => lit(t), []);
  assert.deepEqual((await t.call('state')).tokens, []);
  // Nothing chosen: the strongest weights of the head.
  const strongest = all.flatMap((query) => row(query).map((weight, key) => ({ query, key, weight })))
    .sort((a, b) => b.weight - a.weight).slice(0, 2 * want.n);
  const drawn = await edges(t);
  assert.deepEqual(drawn.map((e) => `${e.query}>${e.key}`), strongest.map((e) => `${e.query}>${e.key}`));
  drawn.forEach((e, i) => near(e.value, strongest[i].weight, 1e-4, `edge ${i}`));
  assert.equal(await said(t, LEAD),
    'Choose a token to see what it reads from. Shown: the 32 strongest weights of L3 H1.');
});

test('the grid: hover previews a head, click chooses it', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  await moveTo(t, await headAt(t, 2, 4));
  await until(() => said(t, '#head-title'), 'Layer 2, head 4');
  await rowDrawn(t, [IT], row(IT, 2, 4));
  assert.deepEqual(await t.call('state'), before);
  await moveAway(t);
  await until(() => said(t, '#head-title'), 'Layer 3, head 1');
  await clickAt(t, await headAt(t, 5, 11));
  await moveAway(t);
  await until(() => said(t, '#head-title'), 'Layer 5, head 11');
  await rowDrawn(t, [IT], row(IT, 5, 11));
  const { layer, head } = await t.call('state');
  assert.deepEqual([layer, head], [5, 11]);
  assert.deepEqual([await t.page.inputValue('#layer'), await t.page.inputValue('#head')], ['5', '11']);
});

test('the heatmap: hover tells the weight and lights the same query in the sentence', async ({ open }) => {
  const t = await start(open);
  const pattern = await t.call('pattern', 3, 1);
  const before = await t.call('state');
  for (const [query, key, words] of [[IT, 2, 'it reads trophy'], [8, 13, 'bag reads big'], [0, 15, '[CLS] reads [SEP]']]) {
    await moveTo(t, await cellAt(t, query, key));
    await until(() => said(t, '#heatmap-cell'), `${words}: ${four(pattern[query][key])}`);
    near(pattern[query][key], row(query)[key], 1e-4, words);
    const [cursor] = await marks(t, 'heatmap', 'cursor');
    near(cursor.value, row(query)[key], 1e-4, 'cursor');
    assert.deepEqual(await lit(t), [query]);
    // The number of this cell is under its key, whatever it is.
    const number = (await marks(t, 'sentence', 'weight')).find((m) => m.key === key);
    assert.equal(number.text, brief(row(query)[key]));
  }
  assert.deepEqual(await t.call('state'), before);
  await clickAt(t, await cellAt(t, 8, 3));
  await until(() => t.call('state').then((s) => s.tokens), [8]);
  await moveAway(t);
  await rowDrawn(t, [8], row(8));
  const weights = pattern.flat();
  await until(() => said(t, '#heatmap-cell'), `range ${three(Math.min(...weights))} to ${three(Math.max(...weights))}`);
});

test('the legend: this head\'s own range, on the scale of all heads', async ({ open }) => {
  const t = await start(open);
  let top = 0;
  for (let layer = 0; layer < 6; layer++) {
    for (let head = 0; head < 12; head++) top = Math.max(top, ...(await t.call('pattern', layer, head)).flat());
  }
  for (const [layer, head] of [[3, 1], [0, 5], [5, 0]]) {
    await t.call('set', { layer, head });
    const weights = (await t.call('pattern', layer, head)).flat();
    await until(() => said(t, '#heatmap-cell'), `range ${three(Math.min(...weights))} to ${three(Math.max(...weights))}`);
    const ticks = (await marks(t, 'heatmap', 'label')).filter((l) => l.value !== null);
    assert.equal(ticks.length, 5);
    ticks.forEach((tick, i) => {
      near(tick.value, top * [0, 0.1, 0.3, 0.6, 1][i], 1e-6, 'tick');
      assert.equal(tick.text, two(tick.value));
    });
  }
});

test('special tokens: mask only, renormalise, show', async ({ open }) => {
  const t = await start(open);
  const full = row(IT);
  const hidden = full[0] + full[15];
  const masked = full.map((w, key) => (SPECIAL.includes(key) ? NaN : w));
  await openPopover(t, 'display');
  const choose = (name) => t.page.click(`#display .option span:text-is("${name}")`);
  for (const [choice, shown, sum, note] of [
    ['Hide', masked, 1 - hidden, 'on special tokens hidden'],
    ['Hide and rescale', masked.map((w) => w / (1 - hidden)), 1, 'on special tokens hidden, the rest rescaled to sum to 1'],
  ]) {
    await choose(choice);
    await rowDrawn(t, [IT], shown);
    const facts = (await said(t, '#facts')).split(' · ');
    const { keys, share } = byMass(shown, 0.9);
    assert.deepEqual(facts, [
      `weights sum to ${two(sum)}`,
      `${keys.length} of 14 tokens drawn, ${(share * 100).toFixed(0)} % of the weight`,
      `${two(hidden)} ${note}`,
    ]);
    const shades = await marks(t, 'sentence', 'shade');
    assert.deepEqual(shades.filter((s) => s.value === null).map((s) => s.query), SPECIAL);
    await moveTo(t, await cellAt(t, IT, 0));
    await until(() => said(t, '#heatmap-cell'), 'it reads [CLS]: hidden');
    assert.equal((await marks(t, 'heatmap', 'cursor'))[0].value, null);
    await moveTo(t, await cellAt(t, IT, 2));
    await until(() => said(t, '#heatmap-cell'), `it reads trophy: ${four(shown[2])}`);
    await moveAway(t);
    const last = (await said(t, '#formula')).split(' + ').at(-1);
    if (choice === 'Hide') assert.equal(last, `${two(hidden)} V(special tokens)`);
    else assert.match(last, /V\(\d+ others\)$/);
  }
  await choose('Show');
  await rowDrawn(t, [IT], full);
  assert.match(await said(t, '#facts'), /^weights sum to 1\.00 · [^·]*$/);
});

test('the slider says how much is drawn, and it is', async ({ open }) => {
  const t = await start(open);
  await openPopover(t, 'display');
  for (const percent of [50, 75, 100, 10]) {
    await t.page.fill('#mass', String(percent));
    await rowDrawn(t, [IT], row(IT), percent / 100);
    const { keys, share } = byMass(row(IT), percent / 100);
    assert.equal((await said(t, '#facts')).split(' · ')[1],
      `${keys.length} of 16 tokens drawn, ${(share * 100).toFixed(0)} % of the weight`);
    assert.equal(await said(t, 'label[for=mass]'), `Show edges up to ${percent} % of the weight`);
  }
});

test('columns: queries left, keys right, the same edges', async ({ open }) => {
  const t = await start(open);
  await t.page.selectOption('#form', { label: 'Columns' });
  await rowDrawn(t, [IT], row(IT));
  const tokens = (await t.call('tokens')).map((x) => x.text);
  assert.deepEqual((await marks(t, 'sentence', 'token')).map((m) => m.text), tokens.flatMap((x) => [x, x]));
  const left = await tokenAt(t, 4);
  const right = await tokenAt(t, 4, 'key');
  assert.ok(left.x < right.x);
  assert.equal(left.y, right.y);
  await moveTo(t, await tokenAt(t, 4));
  await rowDrawn(t, [4], row(4));
  // A key under the pointer shows its number; the query stays.
  const weakest = ranked(row(IT)).at(-1).key;
  await moveTo(t, await tokenAt(t, weakest, 'key'));
  await rowDrawn(t, [IT], row(IT));
  const number = (await marks(t, 'sentence', 'weight')).find((m) => m.key === weakest);
  assert.equal(number.text, brief(row(IT)[weakest]));
  await t.page.selectOption('#form', { label: 'Arcs' });
  await until(async () => (await marks(t, 'sentence', 'token')).map((m) => m.text), tokens);
});

test('touch: a tap pins', async ({ open }) => {
  const t = await start(open, { hasTouch: true, viewport: PHONE });
  await tapAt(t, await tokenAt(t, 2));
  await rowDrawn(t, [2], row(2));
  assert.deepEqual((await t.call('state')).tokens, [2]);
  await tapAt(t, await tokenAt(t, 8));
  await rowDrawn(t, [8], row(8));
  await tapAt(t, await headAt(t, 2, 4));
  await rowDrawn(t, [8], row(8, 2, 4));
  await openTab(t, 'heatmap');
  await tapAt(t, await cellAt(t, 4, 4));
  await rowDrawn(t, [4], row(4, 2, 4));
  const { layer, head, tokens } = await t.call('state');
  assert.deepEqual([layer, head, tokens], [2, 4, [4]]);
});

/** Puts a finger down, and drags it from place to place; what it returns lifts it. */
async function finger(t, places) {
  const session = await t.page.context().newCDPSession(t.page);
  const send = (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
  await send('touchStart', [places[0]]);
  for (const [i, to] of places.entries()) {
    const from = places[Math.max(0, i - 1)];
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await send('touchMove', [{ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }]);
    }
  }
  return () => send('touchEnd', []);
}
/** What the loupe says, and whether something is drawn in it; null while there is none. */
const loupe = (t) => t.page.evaluate(() => {
  const found = document.querySelector('.loupe:not([hidden])');
  if (!found) return null;
  const canvas = found.querySelector('canvas');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return { told: found.textContent.replace(/[\u2066-\u2069]/g, ''), drawn: pixels.some((value) => value > 0), ...found.getBoundingClientRect().toJSON() };
});

test('touch: a finger that is dragged previews under a loupe, and chooses where it is lifted', async ({ open }) => {
  const t = await start(open, { hasTouch: true, viewport: PHONE });
  await t.page.waitForSelector('#grid[role=grid]');
  const before = await t.call('state');
  const [from, over, to] = [await headAt(t, 3, 1), await headAt(t, 1, 8), await headAt(t, 2, 4)];
  let lift = await finger(t, [from, over, to]);
  await rowDrawn(t, [IT], row(IT, 2, 4));
  assert.deepEqual(await t.call('state'), before, 'nothing is chosen before it is lifted');
  const shown = await loupe(t);
  assert.match(shown.told, /^L2 H4/);
  assert.ok(shown.drawn);
  assert.ok(shown.bottom < to.y && shown.left >= 0 && shown.right <= PHONE.width, 'over the finger, in the window');
  assert.ok(await t.page.$eval('.pictures', (e) => e.scrollTop === 0 && scrollY === 0), 'nothing scrolls');
  await lift();
  await until(() => t.call('state').then((s) => [s.layer, s.head]), [2, 4]);
  assert.equal(await loupe(t), null);
  await openTab(t, 'heatmap');
  const pattern = await t.call('pattern', 2, 4);
  lift = await finger(t, [await cellAt(t, 4, 4), await cellAt(t, 12, 9), await cellAt(t, 8, 2)]);
  await until(() => loupe(t).then((shown) => shown?.told), `bag reads trophy: ${four(pattern[8][2])}`);
  await rowDrawn(t, [8], row(8, 2, 4));
  assert.deepEqual((await t.call('state')).tokens, [IT]);
  await lift();
  await until(() => t.call('state').then((s) => s.tokens), [8]);
  // Lifted beside the picture it chooses nothing.
  await openTab(t, 'heads');
  lift = await finger(t, [await headAt(t, 2, 4), await headAt(t, 4, 4), { x: 200, y: 20 }]);
  assert.equal(await loupe(t), null);
  await lift();
  await until(() => said(t, '#head-title'), 'Layer 2, head 4');
  assert.deepEqual([(await t.call('state')).layer, (await t.call('state')).head], [2, 4]);
});

test('touch: what is longer than its place scrolls under a finger', async ({ open }) => {
  const t = await start(open, { hasTouch: true, viewport: PHONE });
  await t.page.waitForSelector('#grid[role=grid]');
  const touch = (id) => t.page.$eval(id, (e) => getComputedStyle(e).touchAction);
  assert.deepEqual([await touch('#grid'), await touch('#heatmap'), await touch('#sentence')], ['pinch-zoom', 'pinch-zoom', 'pan-x pan-y']);
  await openTab(t, 'row');
  const { x, y, width, height } = await t.page.locator('#inspector-panel').boundingBox();
  const middle = { x: x + width / 2, y: y + height / 2 };
  const lift = await finger(t, [middle, { x: middle.x, y: middle.y - 120 }]);
  await lift();
  await until(() => t.page.$eval('#inspector-panel', (e) => e.scrollTop > 50), true);
  // Where the page itself is longer than the window, a finger scrolls it on a picture, too.
  await t.page.setViewportSize({ width: 844, height: 390 });
  assert.equal(await touch('#grid'), 'pan-y pinch-zoom');
});

test('a click on an edge chooses its query, and says which heads read its key', async ({ open }) => {
  const t = await start(open);
  const order = await marks(t, 'grid', 'label');
  const place = await t.page.$eval('#sentence .edge[data-query="10"][data-key="2"]', (e) => {
    const { x, y } = e.getPointAtLength(e.getTotalLength() / 2).matrixTransform(e.getScreenCTM());
    return { x, y };
  });
  // Five pixels below it are near enough.
  await moveTo(t, { x: place.x, y: place.y + 5 });
  await until(() => said(t, '#heatmap-cell').then((told) => told.startsWith('it reads trophy: ')), true);
  await clickAt(t, { x: place.x, y: place.y + 5 });
  await until(() => said(t, '#found').then((told) => /trophy.*L3 H1 0\.62/.test(told)), true);
  const { tokens, sort } = await t.call('state');
  assert.deepEqual([tokens, sort], [[IT], 'place']);
  assert.deepEqual(await marks(t, 'grid', 'label'), order, 'the heads stay in their places');
});
