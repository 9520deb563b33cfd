// The sentence as text: tokens wrapped in lines, chosen by itself where arcs do not fit. And edges, which can be pointed at
// in every form.

import assert from 'node:assert/strict';
import { PHONE, test } from './harness.mjs';
import {
  IT, TROPHY, clickAt, edges, golden, lit, marks, moveAway, moveTo, openPopover, ranked, rowDrawn, said, start, tokenAt, type,
  until,
} from './helpers.mjs';

const want = golden('trophy_big');
const row = (query, layer = 3, head = 1) => want.row(layer, head, query);
const BIG = 2;

/** The form on screen, by its marks: two boxes a token in columns, paper behind numbers in text. */
const form = (t) => t.page.$eval('#sentence svg', (svg) => {
  if (svg.querySelector('rect[data-key]')) return 'columns';
  return svg.querySelector('.ground') ? 'text' : 'arcs';
});

/** A place on an edge that no token lies over, in the window. */
async function edgeAt(t, query, key) {
  return t.page.$eval(`#sentence path.edge[data-query="${query}"][data-key="${key}"]`, (edge) => {
    edge.scrollIntoView({ block: 'center', inline: 'center' });
    const frame = edge.closest('.frame').getBoundingClientRect();
    const isInside = ({ x, y }) => x > frame.left && x < frame.right && y > frame.top && y < frame.bottom;
    const boxes = [...edge.ownerSVGElement.querySelectorAll('rect[data-query], rect[data-key]')].map((e) => e.getBoundingClientRect());
    const matrix = edge.getScreenCTM();
    const free = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map((part) => edge.getPointAtLength(part * edge.getTotalLength()))
      .map((place) => place.matrixTransform(matrix))
      .filter(isInside)
      .find(({ x, y }) => boxes.every((b) => x < b.left || x > b.right || y < b.top - 1 || y > b.bottom + 1));
    return { x: free.x, y: free.y };
  });
}

test('text is a form of the sentence: chosen, written in the link, moved through by all arrow keys', async ({ open }) => {
  const t = await start(open, { viewport: { width: 720, height: 900 } });
  assert.equal((await t.call('state')).view, null, 'chosen by itself');
  await openPopover(t, 'display');
  await t.page.selectOption('#form-narrow', { label: 'Text' });
  await t.page.keyboard.press('Escape');
  assert.deepEqual((await t.call('state')).tokens, [IT], 'a popover is closed, and nothing else');
  await until(() => form(t), 'text');
  await rowDrawn(t, [IT], row(IT));
  await t.page.waitForFunction(() => location.hash.includes('view=text'));
  const tokens = (await t.call('tokens')).map((x) => x.text);
  assert.deepEqual((await marks(t, 'sentence', 'token')).map((m) => m.text), tokens);
  const [first, it] = [await tokenAt(t, 0), await tokenAt(t, IT)];
  const below = await tokenAt(t, want.n - 1);
  assert.ok(below.y > first.y, 'in lines');
  const title = await t.page.locator('#head-title').boundingBox();
  const picture = await t.page.locator('#sentence').boundingBox();
  assert.ok(title.y + title.height <= picture.y, 'the title lies over no edge');
  const line = it.y;
  await t.page.focus('#sentence');
  await t.page.keyboard.press('ArrowRight');
  await until(async () => (await t.call('state')).tokens, [IT + 1]);
  await t.call('set', { tokens: [1] });
  await t.page.keyboard.press('ArrowDown');
  await until(async () => (await t.call('state')).tokens.length === 1 && (await t.call('state')).tokens[0] > 1, true);
  const [under] = (await t.call('state')).tokens;
  assert.ok((await tokenAt(t, under)).y > first.y);
  await t.page.keyboard.press('ArrowUp');
  await until(async () => (await tokenAt(t, (await t.call('state')).tokens[0])).y, first.y, `line of ${line}`);
  await t.call('set', { view: null });
  await t.page.waitForFunction(() => location.hash.includes('text=') && !location.hash.includes('view='));
});

test('the form follows the room and the text by itself, and what was chosen stays', async ({ open }) => {
  const t = await start(open);
  await until(() => form(t), 'arcs');
  await t.page.setViewportSize(PHONE);
  await until(() => form(t), 'text');
  await rowDrawn(t, [IT], row(IT));
  await t.page.setViewportSize({ width: 1280, height: 900 });
  await until(() => form(t), 'arcs');
  const long = `${'the dog saw it and the cat saw the dog '.repeat(48)}.`;
  await type(t, long);
  await t.call('set', { tokens: [300] });
  await until(() => form(t), 'text');
  assert.equal((await t.call('state')).view, null);
  assert.ok((await edges(t)).length <= 8, 'few edges');
  // The block is as wide as its frame, and the frame follows the query.
  const inside = () => t.page.$eval('#sentence', (picture) => {
    const frame = picture.parentElement;
    const [box, at] = [frame.getBoundingClientRect(), picture.querySelector('.query').getBoundingClientRect()];
    return frame.scrollWidth <= frame.clientWidth && at.top >= box.top && at.bottom <= box.bottom;
  });
  await until(inside, true);
  await t.call('set', { tokens: [5] });
  await until(inside, true);
  await t.call('set', { mass: 1 });
  await until(async () => (await edges(t)).length > 100, true, 'as many edges as asked for');
  await t.call('set', { text: TROPHY, tokens: ['it'], view: 'columns', mass: 0.9 });
  await until(() => form(t), 'columns');
  await t.page.setViewportSize(PHONE);
  await until(() => t.page.$eval('#sentence svg', (svg) => Number(svg.getAttribute('width')) < 800), true);
  assert.equal(await form(t), 'columns');
});

for (const view of ['arcs', 'columns', 'text']) {
  test(`an edge is pointed at and clicked: ${view}`, async ({ open }) => {
    const t = await start(open);
    await t.call('set', { view });
    await rowDrawn(t, [IT], row(IT));
    const pattern = await t.call('pattern', 3, 1);
    await moveTo(t, await edgeAt(t, IT, BIG));
    await until(() => said(t, '#heatmap-cell'), `it reads trophy: ${pattern[IT][BIG].toFixed(4)}`);
    await rowDrawn(t, [IT], row(IT));
    await moveAway(t);
    await until(() => said(t, '#heatmap-cell').then((told) => /^range [\d.e-]+ to [\d.]+$/.test(told)), true, 'the range of the map');
    // Without a query an edge previews its row, and a click chooses it.
    await t.call('set', { tokens: [] });
    const [{ query, key }] = (await edges(t)).filter((e) => Math.abs(e.query - e.key) > 2);
    const place = await edgeAt(t, query, key);
    await moveTo(t, place);
    await until(() => lit(t), [query]);
    assert.deepEqual((await t.call('state')).tokens, []);
    await clickAt(t, place);
    await until(async () => (await t.call('state')).tokens, [query]);
    // An edge of several queries carries their mean: pointing at it changes no row.
    await moveAway(t);
    await t.call('set', { tokens: [IT, 3] });
    const mean = row(IT).map((w, i) => (w + row(3)[i]) / 2);
    await rowDrawn(t, [IT, 3], mean);
    await moveTo(t, await edgeAt(t, IT, ranked(mean)[0].key));
    await until(() => lit(t), [3, IT]);
    await rowDrawn(t, [IT, 3], mean);
  });
}
