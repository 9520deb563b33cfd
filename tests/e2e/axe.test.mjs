// WCAG 2.2 AA in every view, light and dark, wide and on a phone.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { PHONE, test } from './harness.mjs';
import { audit, openAll } from './axe.mjs';
import { WEIGHTS, start } from './helpers.mjs';

const PART = readdirSync(new URL('../../dist', import.meta.url)).find((name) => name.includes('-split_workbench'));
const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['light phone', { colorScheme: 'light', viewport: PHONE, hasTouch: true }],
  ['dark phone', { colorScheme: 'dark', viewport: PHONE, hasTouch: true }],
];
const ALTERED = { heads_off: ['L3H1'], positions: false, shuffle: 1, temperature: 2, causal: true };
const EXAMPLE = { text: 'The trophy did not fit in the bag because it was too small.' };

const VIEWS = {
  'all opened': {},
  columns: { view: 'columns' },
  text: { view: 'text' },
  'arcs of no token': { view: 'arcs', tokens: [] },
  'several tokens': { tokens: ['it', 'bag'] },
  words: { words: true },
  mask: { special: 'mask' },
  renormalise: { special: 'renormalise', words: false },
  score: { special: 'show', show: 'score' },
  norm: { show: 'norm' },
  'mean of a layer': { show: 'layer_mean' },
  rollout: { show: 'rollout' },
  'heads in order': { show: 'weight', sort: 'entropy' },
  'heads of a label': { sort: 'label', label: 'broad' },
  'heads that read a token': { label: null, sort: 'reads', from: 'trophy', tokens: ['it'] },
  'an altered model': { sort: 'place', from: null, altered: ALTERED },
  'before and after': { compare: 'unaltered' },
  'another text': { altered: null, compare: EXAMPLE, sort: 'change' },
  'another text, columns': { view: 'columns' },
  'side by side': { side_by_side: true, view: 'arcs' },
  'another chart': { compare: null, side_by_side: false, sort: 'place', chart: 'sink_share' },
};

for (const [look, options] of LOOKS) {
  test(`every view, ${look}`, async ({ open }) => {
    const t = await start(open, options);
    await audit(t, 'as it starts');
    await openAll(t);
    for (const [name, patch] of Object.entries(VIEWS)) {
      await t.call('set', patch);
      await audit(t, `${look}, ${name}`);
    }
  }, { timeout: 300_000 });
}

for (const colorScheme of ['light', 'dark']) {
  test(`while the model is on its way, and a text waits for it, ${colorScheme}`, async ({ open }) => {
    const t = await open({ fresh: true, colorScheme, faults: { [WEIGHTS]: { heldAfter: 300_000 } } });
    await t.page.waitForSelector('#status progress');
    await t.page.click('text=Charts');
    await t.page.click('text=Inside this head');
    await audit(t, 'under way');
    await t.page.fill('#text', 'dog bit man');
    await t.page.waitForSelector('.pictures.stale');
    await audit(t, 'a text waits');
    await t.page.click('#status >> text=Cancel');
    await t.page.waitForSelector('text=Carry on');
    await audit(t, 'stopped');
  });

  test(`what went wrong, no text, the keys, a text cut, a link not read, ${colorScheme}`, async ({ open }) => {
    const failed = await open({ fresh: true, colorScheme, faults: { [WEIGHTS]: { status: 404 } } });
    await failed.page.waitForSelector('#status button:has-text("Try again")');
    await audit(failed, 'a failed download');
    const t = await start(open, { colorScheme, path: '#v=1&head=L99H1' });
    await t.page.waitForSelector('#link', { state: 'visible' });
    await audit(t, 'a link that could not be read');
    await t.page.click('text=? Keys');
    await audit(t, 'the keys');
    await t.page.keyboard.press('Escape');
    await t.page.click('#share summary');
    // High enough for all of the dialog: axe cannot tell what lies behind what is scrolled away.
    await t.page.setViewportSize({ width: 1280, height: 2200 });
    await t.page.click('text=Embed …');
    await t.page.waitForSelector('#preview');
    await audit(t, 'a place in another page');
    await t.page.keyboard.press('Escape');
    await t.page.click('text=Choose another model …');
    await t.page.waitForSelector('#models-stored li');
    await t.page.fill('#models-name', 'no name');
    await t.page.click('text="Look it up"');
    await t.page.waitForSelector('#models-plan .fault');
    await audit(t, 'another model');
    await t.page.keyboard.press('Escape');
    await t.page.fill('#text', 'dog '.repeat(600));
    await t.page.waitForSelector('#cut .note');
    await audit(t, 'a text that is cut');
    await t.page.fill('#text', '');
    await t.page.waitForSelector('.invitation', { state: 'visible' });
    await audit(t, 'no text');
  });

  test(`tools that could not be fetched, ${colorScheme}`, async ({ open }) => {
    const t = await open({ colorScheme, started: false, faults: { [PART]: { status: 404 } }, expect: [/^console error/] });
    await t.page.waitForSelector('text=The tools of this page could not be fetched');
    await audit(t, 'no tools');
  });
}

test('a contrast that is too low is found', async ({ open }) => {
  const t = await start(open);
  const text = t.page.locator('#heatmap text.label').first();
  await text.evaluate((e) => { e.style.opacity = '0.3'; });
  await assert.rejects(audit(t, 'too faint'), /text in pictures/);
  await text.evaluate((e) => e.style.removeProperty('opacity'));
  await t.page.locator('.tagline').evaluate((e) => { e.style.color = '#aaa'; });
  await assert.rejects(audit(t, 'too faint'), /color-contrast/);
});
