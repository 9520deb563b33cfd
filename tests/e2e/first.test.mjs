// Before the model is here: the saved run of the first sentence, a quiet line, and a keyboard that already works.

import assert from 'node:assert/strict';
import { freshTest as test } from './harness.mjs';
import {
  IT, MODEL, TROPHY, WEIGHTS, WEIGHT_BYTES, clickAt, edges, golden, headAt, lit, marks, moveAway, moveTo, near, rowDrawn, said,
  tokenAt, until, untilRead,
} from './helpers.mjs';

const want = golden('trophy_big');
const OTHER_BYTES = 640 + 466_247;
/** The bar moves, and stays before the end until the test lets it go on. */
const HELD = { [WEIGHTS]: { slow: 8_000_000, heldAfter: 6_000_000 } };

const status = (t) => said(t, '#status');
const progress = (t) => t.page.$eval('#status progress', (e) => [e.value, e.max]).catch(() => [0, 0]);
const downloading = (t) => t.page.waitForFunction(() => document.querySelector('#status progress')?.value > 2e6);

test('the saved run is on screen while the model comes', async ({ open }) => {
  const t = await open({ faults: HELD });
  await t.page.waitForSelector('#sentence .edge', { state: 'attached' });
  await rowDrawn(t, [IT], want.row(3, 1, IT));
  const [first] = await edges(t);
  assert.deepEqual([first.query, first.key, first.value.toFixed(2)], [IT, 2, '0.62']);
  assert.match(await said(t, '.lead'), /^it reads from trophy 0\.62, /);
  assert.equal(await said(t, '#head-title'), 'Layer 3, head 1');
  await downloading(t);
  assert.match(await status(t),
    /^Saved result\. Downloading the model: \d+\.\d of 45\.6 MB in \d+ s(, \d+ s left)?/);
  // The saved run is whole: every head, every token.
  await moveTo(t, await headAt(t, 2, 4));
  await rowDrawn(t, [IT], want.row(2, 4, IT));
  await moveAway(t);
  await clickAt(t, await tokenAt(t, 8));
  await moveAway(t);
  await rowDrawn(t, [8], want.row(3, 1, 8));
  assert.deepEqual((await t.call('tokens')).map((x) => x.id), want.ids);
  t.server.clear(WEIGHTS);
  await t.ready();
  await untilRead(t, TROPHY);
  assert.deepEqual(await lit(t), [8], 'the model changes no choice');
  await rowDrawn(t, [8], want.row(3, 1, 8));
});

test('a sentence starts with a capital', async ({ open }) => {
  const t = await open({ faults: HELD });
  await downloading(t);
  assert.match(await status(t), /^Saved result\. Downloading the model/);
});

test('the saved weights are the reference\'s', async ({ open }) => {
  const t = await open({ faults: HELD });
  await t.page.waitForSelector('#sentence .edge', { state: 'attached' });
  for (let layer = 0; layer < want.layers; layer++) {
    for (let head = 0; head < want.heads; head++) {
      const rows = await t.call('pattern', layer, head);
      // Saved at half precision.
      rows.forEach((row, query) => row.forEach((w, key) => near(w, want.row(layer, head, query)[key], 5e-4, `L${layer} H${head}`)));
    }
  }
});

test('what is typed meanwhile is kept, and read when the model is here', async ({ open }) => {
  const t = await open({ faults: HELD });
  await t.page.waitForSelector('#sentence .edge', { state: 'attached' });
  const small = golden('trophy_small');
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+A');
  await t.page.keyboard.type(small.text);
  assert.equal(await t.page.inputValue('#text'), small.text);
  assert.equal((await t.call('state')).text, small.text);
  await downloading(t);
  assert.match(await status(t), /^Your sentence runs as soon as the model has loaded\./);
  // Its words stand in the picture, and no edge of another text; what else is on screen is faint.
  assert.deepEqual((await marks(t, 'sentence', 'token')).map(({ text }) => text), small.text.split(' '));
  assert.deepEqual(await edges(t), []);
  assert.equal(await said(t, '.lead'), 'Your sentence runs as soon as the model has loaded.');
  assert.ok(await t.page.locator('.pictures.stale').count(), 'the heatmap of another text is faint');
  t.server.clear(WEIGHTS);
  await untilRead(t, small.text);
  assert.equal(await t.page.inputValue('#text'), small.text);
  assert.deepEqual((await t.call('tokens')).map((x) => x.id), small.ids);
  await t.call('set', { tokens: ['it'] });
  await rowDrawn(t, [IT], small.row(3, 1, IT));
});

test('the bar grows with the bytes', async ({ open }) => {
  const t = await open({ faults: { [WEIGHTS]: { slow: 16_000_000 } } });
  await downloading(t);
  // Every value the bar has, to the end.
  const values = await t.page.evaluate(() => new Promise((resolve) => {
    const seen = [];
    const look = () => {
      const bar = document.querySelector('#status progress');
      if (!bar) return resolve(seen);
      if (seen.at(-1) !== bar.value) seen.push(bar.value);
      requestAnimationFrame(look);
    };
    look();
  }));
  assert.ok(values.length > 10, `${values.length} values`);
  assert.deepEqual(values, [...values].sort((a, b) => a - b));
  assert.ok(values.at(-1) > 0.9 * WEIGHT_BYTES);
  await t.ready();
  assert.equal(t.server.seen(WEIGHTS).bytes, WEIGHT_BYTES);
});

test('Cancel stops, Continue resumes: no byte is fetched twice', async ({ open }) => {
  const t = await open({ faults: HELD });
  await downloading(t);
  const [before, total] = await progress(t);
  assert.equal(total, WEIGHT_BYTES + OTHER_BYTES);
  await t.page.click('#status >> text=Cancel');
  await until(() => said(t, '#status span'),
    'Saved result. Loading stopped. What has been downloaded is kept.');
  // The saved run lives on.
  await moveTo(t, await tokenAt(t, 2));
  await rowDrawn(t, [2], want.row(3, 1, 2));
  await moveAway(t);
  assert.equal(t.server.seen(WEIGHTS).requests, 1);
  t.server.clear(WEIGHTS);
  await t.page.click('#status >> text=Continue');
  await t.ready();
  await untilRead(t, TROPHY);
  const { requests, ranges, sent } = t.server.seen(WEIGHTS);
  assert.equal(requests, 2);
  const [, start] = ranges[0].match(/^bytes=(\d+)-$/);
  assert.ok(Number(start) + OTHER_BYTES >= before, `goes on from ${start}, after ${before} had come`);
  assert.equal(sent[1], WEIGHT_BYTES - Number(start));
  for (const file of ['config.json', 'tokenizer.json']) assert.equal(t.server.seen(MODEL + file).requests, 1);
});

test('Cancel and Continue at once, several times', async ({ open }) => {
  const t = await open({ faults: HELD });
  // As soon as it is there: the line changes ten times a second, and a driver waits until what it clicks has stood still.
  const press = (name) => t.page.waitForFunction((name) => {
    const button = [...document.querySelectorAll('#status button')].find((b) => b.textContent === name);
    button?.click();
    return Boolean(button);
  }, name);
  for (let i = 0; i < 3; i++) {
    await downloading(t);
    await press('Cancel');
    await press('Continue');
  }
  t.server.clear(WEIGHTS);
  await t.ready();
  await untilRead(t, TROPHY);
  const starts = t.server.seen(WEIGHTS).ranges.map((r) => Number(r.match(/^bytes=(\d+)-$/)[1]));
  assert.deepEqual(starts, [...starts].sort((a, b) => a - b), 'never back');
});
