// On paper: light ink from either look, whole pictures, no controls. ATTNSCOPE_PDF=folder writes the sheets there.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from './harness.mjs';
import { lowest, openPopover, openTab, said, start, until } from './helpers.mjs';

/** A sheet of A4, in the pixels of style sheets, without its margins. */
const SHEET = { width: 718, height: 1050 };

/** Every colour on the page as it is now: of what can be seen, and of the canvases' pixels. */
const colours = (t) => t.page.evaluate(() => {
  const seen = [...document.querySelectorAll('body, body *')].filter((e) => e.getClientRects().length);
  const styles = seen.map((e) => {
    const { color, backgroundColor, borderTopColor, fill, stroke } = getComputedStyle(e);
    return [e.localName, e.id, e.getAttribute('class'), color, backgroundColor, borderTopColor, fill, stroke].join(' ');
  });
  const pixels = seen.filter((e) => e.localName === 'canvas' && e.width).map((e) => e.toDataURL());
  return { styles, pixels };
});

/** The same with these settings, once pictures have followed what they change of the page's width. */
async function coloursWith(t, media) {
  await t.page.emulateMedia(media);
  await t.page.evaluate(() => new Promise((done) => {
    const frames = (left) => (left ? requestAnimationFrame(() => frames(left - 1)) : setTimeout(done));
    frames(3);
  }));
  return colours(t);
}

/** Tabs of the inspector with pictures of their own, and whether those are drawn. */
const TABS = {
  charts: (t) => t.page.$$eval('#chart .dot', (all) => all.length === 72),
  steps: (t) => t.page.$$eval('#inside .bar', (all) => all.length > 10),
};

for (const [tab, isDrawn] of Object.entries(TABS)) {
  test(`dark ink never reaches paper: by the system, by the switch, and when a script prints: ${tab}`, async ({ open }) => {
    const t = await start(open, { viewport: SHEET });
    await openTab(t, tab);
    await until(() => isDrawn(t), true, tab);
    await neverDark(t);
  });
}

async function neverDark(t) {
  const screen = await coloursWith(t, { media: 'screen', colorScheme: 'light' });
  const light = await coloursWith(t, { media: 'print', colorScheme: 'light' });
  assert.ok(light.pixels.length >= 2, `${light.pixels.length} canvases`);
  assert.ok(light.styles.some((style) => style.startsWith('text ') && style.includes('rgb(29, 35, 43)')), 'letters of pictures');
  await t.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await until(() => colours(t), light, 'on a dark system');
  assert.ok(await lowest(t) > 600, 'cells');

  // Back on the screen it is dark again. Then within one script: no effect has a turn between event and sheet.
  const dark = await coloursWith(t, { media: 'screen', colorScheme: 'dark' });
  assert.ok(await lowest(t) < 250, 'cells');
  const [before, during, after] = await t.page.evaluate(() => {
    const pixels = () => [...document.querySelectorAll('canvas')].filter((e) => e.getClientRects().length && e.width).map((e) => e.toDataURL());
    const all = [pixels()];
    for (const name of ['beforeprint', 'afterprint']) {
      dispatchEvent(new Event(name));
      all.push(pixels());
    }
    return all;
  });
  assert.deepEqual([before, during, after], [dark.pixels, screen.pixels, dark.pixels]);

  await openPopover(t, 'more');
  await t.page.click('#theme');
  await t.page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await t.page.click('#theme');
  assert.equal(await t.page.getAttribute('html', 'data-theme'), 'dark');
  await t.page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await until(() => colours(t), light, 'by the switch');
}

test('on paper nothing is cut by a scroll box, and controls are left out', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 900 } });
  await t.call('set', { text: 'the dog saw it and the cat did not see the dog '.repeat(6), tokens: [3] });
  await t.page.click('.row-table > button');
  for (const [view, tab] of [['arcs', 'charts'], ['columns', 'row'], ['text', 'effect'], ['arcs', 'steps']]) {
    await t.call('set', { view });
    await openTab(t, tab);
    if (TABS[tab]) await until(() => TABS[tab](t), true, tab);
    await t.page.emulateMedia({ media: 'print' });
    await t.page.setViewportSize(SHEET);
    const cut = await t.page.$$eval('body *', (all) => all.filter((e) => {
      const { overflowX, overflowY } = getComputedStyle(e);
      const { left, right, width } = e.getBoundingClientRect();
      if (!width || e.closest('.unseen, [hidden], svg *')) return false;
      const scrolls = overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
        || overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1;
      return e.localName !== 'html' && (scrolls || left < -1 || right > innerWidth + 1);
    }).map((e) => e.outerHTML.slice(0, 80)));
    assert.deepEqual(cut, [], `${view}, ${tab}`);
    // Panes lie one below the other.
    const panes = await t.page.$$eval('[data-pane]', (all) => all.map((e) => {
      const { top, bottom } = e.getBoundingClientRect();
      return { pane: e.dataset.pane, top, bottom };
    }));
    panes.slice(1).forEach(({ pane, top }, i) => assert.ok(top >= panes[i].bottom, `${pane} over ${panes[i].pane}`));
    // Names in sentences are buttons, and stay.
    assert.ok(await t.page.locator('.lead .name.query').isVisible());
    assert.deepEqual(await t.page.$$eval('button:not(.name), input, select, textarea, progress, dialog', (all) =>
      all.filter((e) => e.getClientRects().length && !e.closest('.unseen')).map((e) => e.outerHTML.slice(0, 80))), []);
    // Cells stay where their outlines are.
    const [canvas, svg] = await t.page.$$eval('#heatmap canvas, #heatmap svg', (all) => all.map((e) => {
      const { x, y, width, height } = e.getBoundingClientRect();
      return [x, y, width, height];
    }));
    canvas.forEach((place, i) => assert.ok(Math.abs(place - svg[i]) <= 1, `${canvas} and ${svg}`));
    // In place of the fields: what is read, and by which model.
    assert.match(await said(t, '.on-paper'), /^Attention weights of layer 3, head 1, all-MiniLM-L6-v2, reading “the dog saw/);
    if (process.env.ATTNSCOPE_PDF) {
      await t.page.pdf({ path: join(process.env.ATTNSCOPE_PDF, `${view}-${tab}.pdf`), format: 'A4', margin: { top: '1cm', left: '1cm', right: '1cm', bottom: '1cm' } });
    }
    await t.page.emulateMedia({ media: 'screen' });
    await t.page.setViewportSize({ width: 1280, height: 900 });
  }
});
