// WCAG 2.2 AA in every view, light and dark, wide and on a phone.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { PHONE, test } from './harness.mjs';
import { INSPECTOR, audit, everyPlace, fillAll } from './axe.mjs';
import { WEIGHTS, openPopover, openTab, start } from './helpers.mjs';

const PART = readdirSync(new URL('../../dist', import.meta.url)).find((name) => name.includes('-split_workbench'));
const DRAWER = { width: 1024, height: 768 };
const LOOKS = ['light', 'dark'].flatMap((colorScheme) => [
  [colorScheme, { colorScheme }],
  [`${colorScheme} phone`, { colorScheme, viewport: PHONE, hasTouch: true }],
]);
const ALTERED = { heads_off: ['L3H1'], positions: false, shuffle: 1, temperature: 2, causal: true };
const EXAMPLE = { text: 'The trophy did not fit in the bag because it was too small.' };

/** What opens each tab of the inspector. */
const ROW = { inside: false, downstream: false, chart: null };
const STEPS = { ...ROW, inside: true };
const EFFECT = { ...ROW, downstream: true };
const CHARTS = { ...ROW, chart: 'entropy' };

const VIEWS = {
  columns: { view: 'columns' },
  text: { view: 'text' },
  'arcs of no token': { view: 'arcs', tokens: [] },
  'no token, step by step': STEPS,
  'several tokens': { ...ROW, tokens: ['it', 'bag'] },
  words: { words: true },
  'special tokens hidden': { special: 'mask' },
  'special tokens hidden, the rest rescaled': { special: 'renormalise', words: false },
  scores: { ...STEPS, special: 'show', show: 'score' },
  norms: { ...ROW, show: 'norm' },
  'mean of a layer': { show: 'layer_mean' },
  rollout: { show: 'rollout' },
  'heads in order': { show: 'weight', sort: 'entropy' },
  'heads of a label': { sort: 'label', label: 'broad' },
  'heads that read a token': { label: null, sort: 'reads', from: 'trophy', tokens: ['it'] },
  'an edited model': { ...EFFECT, sort: 'place', from: null, altered: ALTERED },
  'an edited model, step by step': STEPS,
  'before and after': { ...EFFECT, compare: 'unaltered' },
  'another text': { ...ROW, altered: null, compare: EXAMPLE, sort: 'change' },
  'another text, its effect': EFFECT,
  'another text, columns': { view: 'columns' },
  'side by side': { ...ROW, side_by_side: true, view: 'arcs' },
  'another chart': { ...CHARTS, compare: null, side_by_side: false, sort: 'place', chart: 'sink_share' },
};

for (const [look, options] of LOOKS) {
  test(`every popover, tab and view, ${look}`, async ({ open }) => {
    const t = await start(open, options);
    await audit(t, 'as it starts');
    await fillAll(t);
    await everyPlace(t, (what, within) => audit(t, `${look}, ${what}`, within));
    for (const [name, patch] of Object.entries(VIEWS)) {
      await t.call('set', patch);
      await audit(t, `${look}, ${name}`);
    }
  }, { timeout: 600_000 });
}

for (const colorScheme of ['light', 'dark']) {
  test(`the drawer with every tab, and every popover over it, ${colorScheme}`, async ({ open }) => {
    const t = await start(open, { colorScheme, viewport: DRAWER });
    await audit(t, 'the drawer is closed');
    await fillAll(t);
    assert.equal(await t.page.isVisible(INSPECTOR), false);
    await everyPlace(t, async (what, within) => {
      await audit(t, what, within);
      if (within === INSPECTOR) await audit(t, `${what}, its tabs`, '.tabs');
    });
    // What is new in it is announced while it is closed.
    await t.page.click('.drawer-close');
    await t.call('set', { altered: { heads_off: ['L3H1'] }, compare: 'unaltered' });
    await audit(t, 'an edited model');
  }, { timeout: 600_000 });
}

for (const colorScheme of ['light', 'dark']) {
  test(`while the model is on its way, and a text waits for it, ${colorScheme}`, async ({ open }) => {
    const t = await open({ fresh: true, colorScheme, faults: { [WEIGHTS]: { heldAfter: 300_000 } } });
    await t.page.waitForSelector('#status progress');
    for (const tab of ['charts', 'effect', 'steps', 'row']) {
      await openTab(t, tab);
      await audit(t, `under way, the tab ${tab}`);
    }
    await t.page.fill('#text', 'dog bit man');
    await t.page.waitForSelector('.pictures.stale');
    await audit(t, 'a text waits');
    await t.page.click('#status >> text=Cancel');
    await t.page.waitForSelector('#status button:has-text("Continue")');
    await audit(t, 'stopped');
  });

  test(`what went wrong, no text, the keys, a text cut, a link not read, ${colorScheme}`, async ({ open }) => {
    const failed = await open({ fresh: true, colorScheme, faults: { [WEIGHTS]: { status: 404 } } });
    await failed.page.waitForSelector('#status button:has-text("Try again")');
    await audit(failed, 'a failed download');
    const t = await start(open, { colorScheme, path: '#v=1&head=L99H1' });
    await t.page.waitForSelector('#link', { state: 'visible' });
    await audit(t, 'a link that could not be read');
    await openPopover(t, 'more');
    await t.page.click('#more >> text=Keyboard');
    await audit(t, 'the keys');
    await t.page.keyboard.press('Escape');
    await openPopover(t, 'share');
    // High enough for all of the dialog: axe cannot tell what lies behind what is scrolled away.
    await t.page.setViewportSize({ width: 1280, height: 2200 });
    await t.page.click('#share >> text=Embed …');
    await t.page.waitForSelector('#preview');
    await audit(t, 'a place in another page');
    await t.page.keyboard.press('Escape');
    await t.page.click('#model');
    await t.page.waitForSelector('#models-stored li');
    await t.page.fill('#models-name', 'no name');
    await t.page.click('#models >> text="Look up"');
    await t.page.waitForSelector('#models-plan .fault');
    await audit(t, 'another model');
    await t.page.keyboard.press('Escape');
    await t.page.fill('#text', 'dog '.repeat(600));
    await t.page.waitForSelector('#cut .note', { state: 'attached' });
    await t.page.locator('#sentence').focus();
    await audit(t, 'a text that is cut');
    await openPopover(t, 'notes');
    await audit(t, 'the note that it is cut', '#notes');
    await t.page.fill('#text', '');
    await t.page.waitForSelector('.invitation', { state: 'visible' });
    await audit(t, 'no text');
  });

  test(`tools that could not be fetched, ${colorScheme}`, async ({ open }) => {
    const t = await open({ colorScheme, started: false, faults: { [PART]: { status: 404 } }, expect: [/^console error/] });
    await t.page.waitForSelector('text=Part of this page could not be loaded');
    await audit(t, 'no tools');
  });
}

test('the parts of pictures that the keys are at', async ({ open }) => {
  const t = await start(open);
  await t.page.waitForSelector('#grid[role=grid]');
  for (const picture of ['sentence', 'heatmap', 'grid']) {
    await t.page.focus(`#${picture}`);
    await t.page.keyboard.press('ArrowRight');
    await t.page.waitForSelector(`#${picture}[aria-activedescendant]`);
    await audit(t, picture, `#${picture}`);
  }
});

test('a contrast that is too low is found', async ({ open }) => {
  const t = await start(open);
  const text = t.page.locator('#heatmap text.label').first();
  await text.evaluate((e) => { e.style.opacity = '0.3'; });
  await assert.rejects(audit(t, 'too faint'), /text in pictures/);
  await text.evaluate((e) => e.style.removeProperty('opacity'));
  await t.page.locator('#facts').evaluate((e) => { e.style.color = '#aaa'; });
  await assert.rejects(audit(t, 'too faint'), /color-contrast/);
});
