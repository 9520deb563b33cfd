// The main job once more, in WebKit.

import assert from 'node:assert/strict';
import { expected, folderOf } from './hub.mjs';
import { webkitTest as test } from './webkit.mjs';
import {
  IT, TROPHY, WEIGHTS, WEIGHT_BYTES, cellAt, clickAt, edges, four, golden, headAt, modelHere, moveAway, moveTo, redo, rowDrawn,
  rowNear, safetensors, said, saying, start, tokenAt, type, until, untilRead,
} from './helpers.mjs';

const want = golden('trophy_big');
const row = (query, layer = 3, head = 1) => want.row(layer, head, query);
const tokens = (t) => t.call('state').then((s) => s.tokens);
const headOf = (t) => t.call('state').then((s) => [s.layer, s.head]);

/** Clicks what says this. */
async function press(t, name) {
  await t.page.$$eval('button, summary, .option', (all, name) => {
    all.forEach((e) => e.removeAttribute('data-pressed'));
    all.find((e) => e.textContent.trim().startsWith(name)).dataset.pressed = '';
  }, name);
  await t.page.click('[data-pressed]');
}

/** Every number of every head against the reference. */
async function patternsAgree(t, want) {
  const ids = (await t.call('tokens')).map((token) => token.id);
  assert.deepEqual(ids, want.ids);
  const { layers, heads, queries } = want;
  // In one go: the driver's way is long.
  const got = await t.page.evaluate(async ({ layers, heads, queries }) => {
    const rows = {};
    for (let layer = 0; layer < layers; layer++) {
      for (let head = 0; head < heads; head++) {
        const pattern = await attnscope.pattern(layer, head);
        for (const query of queries) rows[[layer, head, query]] = Array.from(pattern[query]);
      }
    }
    return rows;
  }, { layers, heads, queries });
  assert.equal(Object.keys(got).length, layers * heads * queries.length);
  for (const [place, row] of Object.entries(got)) rowNear(row, want.row(...place.split(',').map(Number)), 1e-4, place);
}

test('WebKit: what goes wrong in the page is seen by these tests', async ({ open }) => {
  const t = await open();
  assert.deepEqual(await t.problems(), []);
  await t.page.evaluate(() => {
    console.error('said by the test');
    setTimeout(() => { throw new Error('thrown by the test'); });
    document.body.append(Object.assign(new Image(), { src: 'http://other.invalid/x.png' }));
  });
  for (const wanted of [/said by/, /thrown by/, /against the page's rules: img-src/]) {
    await until(async () => (await t.problems()).some((p) => wanted.test(p)), true, `${wanted}`);
  }
  await t.page.evaluate(() => sessionStorage.removeItem('problems'));
});

test('WebKit: a script that a navigation ends is run in the page that comes', async ({ open }) => {
  const t = await open();
  const told = await t.page.evaluate(() => {
    const times = Number(sessionStorage.getItem('times')) + 1;
    sessionStorage.setItem('times', times);
    if (times === 3) return 'here';
    location.reload();
    return new Promise(() => {});
  });
  assert.equal(told, 'here');
  await assert.rejects(t.page.evaluate(() => Promise.reject(new Error('said by the test'))), /in the page: .*said by the test/s);
  assert.equal(await t.page.evaluate(() => sessionStorage.getItem('times')), '3', 'what fails by itself is not run again');
  // WebKit complains of what a page had begun to fetch when it was left.
  await t.ready();
  await t.page.evaluate(() => sessionStorage.removeItem('problems'));
});

test('WebKit: the first picture before the model, then the model, fetched and run', async ({ open }) => {
  const t = await open({ faults: { [WEIGHTS]: { slow: 20_000_000, heldAfter: 6_000_000 } } });
  await rowDrawn(t, [IT], row(IT));
  assert.match(await saying(t, '#status', /Downloading the model/), /^Saved result\. /);
  await moveTo(t, await tokenAt(t, 2));
  await rowDrawn(t, [2], row(2));
  await moveAway(t);
  t.server.clear(WEIGHTS);
  await t.ready();
  await untilRead(t, TROPHY);
  assert.equal(t.server.seen(WEIGHTS).bytes, WEIGHT_BYTES);
  await rowDrawn(t, [IT], row(IT));
  // Kept by the browser, which takes a moment, and whole. What a driven WebKit keeps is gone when its page is: no reload.
  await until(() => t.page.evaluate(async () => {
    const cache = await caches.open('attnscope-models-v1');
    const request = (await cache.keys()).find(({ url }) => url.includes('model.safetensors?sha256='));
    return request && (await (await cache.match(request)).arrayBuffer()).byteLength;
  }), WEIGHT_BYTES);
});

test('WebKit: the weights are those of the reference', async ({ open }) => {
  const t = await start(open);
  await patternsAgree(t, want);
  for (const name of ['cjk', 'emoji', 'rtl', 'subwords', 'long']) {
    const want = golden(name);
    await type(t, want.text);
    await patternsAgree(t, want);
  }
  const pair = golden('pair');
  await press(t, 'Examples');
  await press(t, 'a pair');
  await untilRead(t, pair.text, pair.pair);
  await patternsAgree(t, pair);
});

test('WebKit: a reader types, points, clicks and presses keys', async ({ open }) => {
  const t = await start(open);
  const small = golden('trophy_small');
  await t.page.click('#text');
  await t.page.keyboard.press('Control+a');
  await t.page.keyboard.type(small.text);
  await untilRead(t, small.text);
  // Whatever token the typing left chosen: a click on it would let go.
  await t.call('set', { tokens: [] });
  await clickAt(t, await tokenAt(t, 8));
  await until(() => tokens(t), [8]);
  await clickAt(t, await tokenAt(t, 2), { shift: true });
  await until(() => tokens(t), [8, 2]);
  await moveAway(t);
  await t.page.$eval('#sentence', (e) => e.focus());
  await t.page.keyboard.press('Home');
  await t.page.keyboard.press('ArrowRight');
  await until(() => tokens(t), [1]);
  await rowDrawn(t, [1], small.row(3, 1, 1));
  await t.page.keyboard.press('Escape');
  await until(() => tokens(t), []);
  await t.page.$eval('#form', (list) => {
    list.value = '2';
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await until(() => t.call('state').then((s) => s.view), 'columns');
  await clickAt(t, await tokenAt(t, IT));
  await moveAway(t);
  await rowDrawn(t, [IT], small.row(3, 1, IT));
});

test('WebKit: heatmap, all heads, undo', async ({ open }) => {
  const t = await start(open);
  const pattern = await t.call('pattern', 3, 1);
  await moveTo(t, await cellAt(t, 4, 6));
  await until(() => said(t, '#heatmap-cell'), `not reads in: ${four(pattern[4][6])}`);
  await rowDrawn(t, [4], row(4));
  await clickAt(t, await cellAt(t, 8, 2));
  await until(() => tokens(t), [8]);
  await t.page.$eval('#heatmap', (e) => e.focus());
  await t.page.keyboard.press('ArrowRight');
  await until(() => said(t, '#heatmap-cell'), `bag reads did: ${four(pattern[8][3])}`);
  // Cells are drawn: many colours, of which most are near the paper.
  const colours = await t.page.$eval('#heatmap canvas', (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  assert.ok(colours > 20, `${colours} colours`);
  await clickAt(t, await headAt(t, 2, 4));
  await until(() => headOf(t), [2, 4]);
  await moveAway(t);
  await rowDrawn(t, [8], row(8, 2, 4));
  await t.page.keyboard.press('Control+z');
  await until(() => headOf(t), [3, 1]);
  await redo(t);
  await until(() => headOf(t), [2, 4]);
});

test('WebKit: an altered model, compared with the unaltered, and restored', async ({ open }) => {
  const t = await start(open);
  await press(t, 'Edit');
  await press(t, 'Switch L3 H1 off');
  await saying(t, '#altered', /L3 H1 off/);
  await press(t, 'Compare');
  await press(t, 'Original model');
  await saying(t, '#compared', /Heads that change most/);
  await press(t, 'Side by side');
  await until(() => t.page.$$eval('#sentence-other .edge', (all) => all.length > 0), true);
  await t.page.$eval('#sentence', (e) => e.focus());
  await t.page.keyboard.press('r');
  await until(() => t.call('state').then((s) => s.altered), null);
  await untilRead(t, TROPHY);
  await patternsAgree(t, want);
});

test('WebKit: another text beside this one, charts, and the numbers inside', async ({ open }) => {
  const t = await start(open);
  const small = golden('trophy_small');
  await t.call('set', { compare: { text: small.text }, inside: true });
  await saying(t, '#compared', /15 of 16 tokens are in both/);
  const [{ key, value }] = await edges(t);
  assert.ok(Math.abs(value - (row(IT)[key] - small.row(3, 1, IT)[key])) < 2e-4, `key ${key}: ${value}`);
  await until(() => t.page.$$eval('#inside .bar', (all) => all.length > 30), true);
  await t.page.click('#tab-charts');
  await until(() => t.page.$$eval('#chart .dot', (all) => all.length), 72);
});

test('WebKit: a link brings all of it back, and Back goes back', async ({ open }) => {
  const small = golden('trophy_small');
  const t = await open({ path: `#v=1&text=${encodeURIComponent(small.text)}&head=L2H4&tokens=it&view=columns` });
  await t.ready();
  await untilRead(t, small.text);
  await rowDrawn(t, [IT], small.row(2, 4, IT));
  const hash = () => t.page.evaluate(() => location.hash);
  await clickAt(t, await tokenAt(t, 2));
  await until(() => hash().then((h) => /tokens=2&/.test(h)), true);
  await t.page.back();
  await until(() => tokens(t), [IT]);
});

test('WebKit: a model of another kind, with the part of the worker that opens it', async ({ open }) => {
  const other = expected('gpt2', safetensors);
  const t = await start((options) => open({ ...options, faults: folderOf('gpt2', 'mine') }));
  await t.page.evaluate((hash) => { location.hash = hash; }, `#text=${encodeURIComponent(other.text)}&model=${t.url}mine/`);
  await modelHere(t, 'tiny');
  await untilRead(t, other.text);
  const { shape: [, queries, keys], data } = other.tensors['attention.1'];
  const pattern = await t.call('pattern', 1, 0);
  const ours = pattern.map((row) => Object.values(row).map((weight) => weight ?? 0));
  ours.forEach((row, query) => rowNear(row, [...data.subarray(query * keys, (query + 1) * keys)], 1e-4, `query ${query} of ${queries}`));
});

test('WebKit: 512 tokens', async ({ open }) => {
  const t = await start(open);
  await t.page.fill('#text', 'dog '.repeat(600));
  await saying(t, '#cut', /The model reads 512 tokens at most/);
  const pattern = await t.call('pattern', 5, 11);
  assert.deepEqual([pattern.length, pattern[511].length], [512, 512]);
  pattern.forEach((cells, query) => {
    const sum = cells.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 1e-3, `row ${query} sums to ${sum}`);
  });
  await t.call('set', { tokens: [300] });
  await until(() => edges(t).then((all) => all.length > 0), true);
});

test('WebKit: dark, and no wider than a narrow window', async ({ open }) => {
  // MiniBrowser's window goes no narrower.
  const t = await start(open, { viewport: { width: 450, height: 844 } });
  const paper = () => t.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const tooWide = () => t.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await paper(), 'rgb(253, 253, 251)');
  await press(t, 'More');
  await t.page.click('#theme');
  await until(paper, 'rgb(18, 21, 26)');
  for (const view of ['columns', 'arcs']) {
    await t.call('set', { view });
    assert.equal(await tooWide(), 0, view);
  }
  assert.match(await said(t, '#theme'), /Light$/);
});
