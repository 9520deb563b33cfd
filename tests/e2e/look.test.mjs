// How it looks: dark and light, phone width, and the pictures of the README.
// ATTNSCOPE_UPDATE=1 writes docs/screenshots/{light,dark,phone}.png.

import assert from 'node:assert/strict';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BROWSER } from './browsers.mjs';
import { PHONE, test } from './harness.mjs';
import { golden, lowest, openPopover, openTab, said, start, type, until } from './helpers.mjs';

const DOCS = new URL('../../docs/screenshots/', import.meta.url);
const SCREEN = { width: 1280, height: 800 };
const LIGHT = 'rgb(253, 253, 251)';
const DARK = 'rgb(18, 21, 26)';

const paper = (t) => t.page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function picture(t, name, { readme = false } = {}) {
  const path = fileURLToPath(new URL(`out/look-${name}.png`, import.meta.url));
  await mkdir(new URL('out/', import.meta.url), { recursive: true });
  await t.page.mouse.move(1, 1);
  await t.page.screenshot({ path, fullPage: !readme });
  // The README's pictures are Chromium's.
  if (!readme || BROWSER !== 'chromium') return;
  assert.ok((await stat(path)).size < 300_000, `${path} is too large for the README`);
  if (process.env.ATTNSCOPE_UPDATE) {
    await mkdir(DOCS, { recursive: true });
    await copyFile(path, new URL(`${name}.png`, DOCS));
  }
}

const tooWide = (t) => t.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('light and dark by the system', async ({ open }) => {
  const light = await start(open, { viewport: SCREEN });
  assert.equal(await paper(light), LIGHT);
  await picture(light, 'light', { readme: true });
  const dark = await start(open, { viewport: SCREEN, colorScheme: 'dark' });
  assert.equal(await paper(dark), DARK);
  await picture(dark, 'dark', { readme: true });
  // Canvases too: most weights are small, and near the paper in both.
  assert.ok(await lowest(light) > 600 && await lowest(dark) < 250, `${await lowest(light)}, ${await lowest(dark)}`);
});

test('the system changes while the page is open', async ({ open }) => {
  const t = await start(open);
  await t.page.emulateMedia({ colorScheme: 'dark' });
  await until(() => paper(t), DARK);
  await until(async () => await lowest(t) < 250, true);
  await t.page.emulateMedia({ colorScheme: 'light' });
  await until(() => paper(t), LIGHT);
});

test('cells are sharp when zoom or another screen changes the pixel ratio', async ({ open }) => {
  const t = await start(open);
  const screen = await t.context.newCDPSession(t.page);
  // Chromium notices a change of the ratio alone only with the next change of size; the page's own width stays what it is.
  for (const [width, deviceScaleFactor] of [[1281, 2], [1282, 1.25], [1280, 1]]) {
    await screen.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor, mobile: false });
    for (const id of ['heatmap', 'grid']) {
      const sizes = () => t.page.$eval(`#${id} canvas`, (e) => [devicePixelRatio, e.width - Math.round(parseFloat(e.style.width) * devicePixelRatio)]);
      await until(() => sizes().then(([ratio, off]) => [ratio, Math.abs(off) <= 1]), [deviceScaleFactor, true], id);
    }
  }
});

test('extensions that darken pages leave this one alone: it has a dark look of its own', async ({ open }) => {
  const t = await open();
  assert.equal(await t.page.locator('head > meta[name=darkreader-lock]').count(), 1);
});

test('the switch flips, and is remembered', async ({ open }) => {
  const t = await start(open);
  assert.match(await t.page.textContent('#theme'), /Dark$/);
  await openPopover(t, 'more');
  await t.page.click('#theme');
  await until(() => paper(t), DARK);
  assert.match(await t.page.textContent('#theme'), /Light$/);
  await t.page.reload();
  await t.ready();
  await until(() => paper(t), DARK);
  await until(async () => await lowest(t) < 250, true);
  await t.page.emulateMedia({ colorScheme: 'dark' });
  await openPopover(t, 'more');
  await t.page.click('#theme');
  await until(() => paper(t), LIGHT);
  await t.page.reload();
  await t.ready();
  await until(() => paper(t), LIGHT);
});

test('a phone: nothing is wider than the screen', async ({ open }) => {
  const t = await start(open, { viewport: PHONE, hasTouch: true });
  assert.equal((await t.call('state')).view, null);
  assert.equal(await tooWide(t), 0);
  await picture(t, 'phone', { readme: true });
  await picture(t, 'phone-whole');
  for (const [view, special] of [['text', 'mask'], ['arcs', 'show'], ['columns', 'renormalise'], ['arcs', 'mask']]) {
    await t.call('set', { view, special });
    assert.equal(await tooWide(t), 0, `${view}, ${special}`);
  }
  await picture(t, 'phone-arcs');
  for (const name of ['subwords', 'rtl', 'code', 'long']) {
    await type(t, golden(name).text);
    for (const view of ['arcs', 'columns', 'text']) {
      await t.call('set', { view });
      assert.equal(await tooWide(t), 0, `${name}, ${view}`);
    }
  }
  await openPopover(t, 'examples');
  assert.equal(await tooWide(t), 0, 'the examples');
  await t.page.click('#examples >> text="a pair"');
  for (const tab of ['row', 'steps', 'effect', 'charts']) {
    await openTab(t, tab);
    assert.equal(await tooWide(t), 0, `a pair, ${tab}`);
  }
  for (const popover of ['display', 'compare', 'edit', 'find', 'share', 'more', 'examples']) {
    await openPopover(t, popover);
    assert.equal(await tooWide(t), 0, popover);
  }
  await t.page.click('text=− second text');
  await t.page.fill('#text', '');
  await t.page.waitForSelector('.invitation', { state: 'visible' });
  assert.equal(await tooWide(t), 0, 'the invitation');
});

test('a phone: a word of 300 letters, a failed download', async ({ open }) => {
  const t = await open({
    fresh: true, viewport: PHONE, faults: { 'models/all-minilm-l6-v2/model.safetensors': { status: 404 } },
  });
  await t.page.waitForSelector('#status button:has-text("Try again")');
  assert.equal(await tooWide(t), 0);
  await picture(t, 'phone-failed');
  const s = await start(open, { viewport: PHONE });
  await type(s, 'x'.repeat(300));
  assert.equal(await tooWide(s), 0);
});

test('a phone: the chosen query is in sight when arcs are chosen', async ({ open }) => {
  const t = await start(open, { viewport: PHONE });
  await openPopover(t, 'display');
  await t.page.selectOption('#form-narrow', { label: 'Arcs' });
  await until(() => t.page.locator('#sentence rect.query').evaluate((e) => {
    const { left, right } = e.getBoundingClientRect();
    return left >= 0 && right <= window.innerWidth;
  }), true);
});

test('numbers do not run into each other', async ({ open }) => {
  const t = await start(open);
  await type(t, golden('rtl').text);
  await t.call('set', { tokens: [2] });
  const boxes = await t.page.$$eval('#sentence .weight', (all) => all.map((e) => {
    const { left, right, top, bottom } = e.getBoundingClientRect();
    return { text: e.textContent, left, right, top, bottom };
  }));
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    assert.ok(apart, `${a.text} runs into ${b.text}`);
  }));
});

test('right-to-left tokens keep their own numbers', async ({ open }) => {
  const t = await start(open);
  await type(t, golden('rtl').text);
  await t.call('set', { tokens: [2] });
  // On screen, left to right, each name stands left of its number and right of the one before.
  const places = await t.page.$$eval('.lead .key, .lead .number', (all) => all.map((e) => e.getBoundingClientRect().left));
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
});

test('other sizes', async ({ open }) => {
  for (const width of [320, 600, 768, 901, 1920]) {
    const t = await start(open, { viewport: { width, height: 900 } });
    assert.equal(await tooWide(t), 0, `${width} pixels`);
  }
});

test('pictures to look at', async ({ open }) => {
  const t = await start(open, { viewport: SCREEN });
  await t.call('set', { view: 'columns' });
  await picture(t, 'columns');
  await t.call('set', { view: 'arcs', tokens: [] });
  await picture(t, 'no-token');
  await t.call('set', { tokens: ['it', 'bag'], special: 'renormalise' });
  await picture(t, 'mean-renormalised');
  await openPopover(t, 'examples');
  await t.page.click('#examples >> text="a pair"');
  await until(() => t.call('tokens').then((x) => x.length), 17);
  await picture(t, 'pair');
  for (const name of ['emoji', 'rtl', 'long']) {
    await type(t, golden(name).text);
    await t.call('set', { special: 'show', tokens: [2] });
    await picture(t, name);
  }
  await t.call('set', { view: 'columns' });
  await picture(t, 'long-columns');
});

/** The page's own comparison. */
async function compared(open, options) {
  const t = await start(open, options);
  await openPopover(t, 'compare');
  await t.page.click('text=Example: change');
  await until(() => said(t, '#found').then((s) => s.startsWith('From it')), true);
  await t.call('set', { layer: 2, head: 5 });
  return t;
}

/** Every tab of the inspector in turn, once it shows something. */
async function eachTab(t, look) {
  const shown = {
    row: () => t.page.locator('#row').isVisible(),
    steps: () => t.page.$$eval('#inside .bar', (all) => all.length > 10),
    effect: () => said(t, '#downstream').then((s) => /Cosine similarity .*\d/.test(s)),
    charts: () => t.page.$$eval('#chart .dot', (all) => all.length === 72),
  };
  for (const [tab, isShown] of Object.entries(shown)) {
    await openTab(t, tab);
    await until(isShown, true, tab);
    await look(tab);
  }
}

test('a comparison, in light and dark', async ({ open }) => {
  const t = await compared(open, { viewport: SCREEN });
  await picture(t, 'compare', { readme: true });
  const dark = await compared(open, { viewport: SCREEN, colorScheme: 'dark' });
  await eachTab(dark, (tab) => picture(dark, `compare-dark-${tab}`));
  await dark.call('set', { side_by_side: true });
  await until(() => dark.page.$$eval('#sentence-other .edge', (all) => all.length > 0), true);
  await picture(dark, 'beside-dark');
});

test('a phone: a comparison, charts, and what is opened', async ({ open }) => {
  const t = await compared(open, { viewport: PHONE, hasTouch: true });
  assert.equal(await tooWide(t), 0);
  await eachTab(t, async (tab) => {
    assert.equal(await tooWide(t), 0, tab);
    await picture(t, `phone-compare-${tab}`);
  });
  await t.call('set', { side_by_side: true });
  await until(() => t.page.$$eval('#sentence-other .edge', (all) => all.length > 0), true);
  assert.equal(await tooWide(t), 0);
});
