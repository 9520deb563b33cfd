// Pictures and numbers as files: what is on the screen is what is in them.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { test } from './harness.mjs';
import {
  IT, TROPHY, WEIGHTS, golden, marks, openPopover, rowNear, safetensors, said, start, until,
} from './helpers.mjs';

const [big, pair] = [golden('trophy_big'), golden('pair')];

async function opened(open, options) {
  const t = await start(open, options);
  await openPopover(t, 'share');
  return t;
}
/** Saves by this button: the file's name and bytes. */
async function saved(t, name) {
  const [download] = await Promise.all([t.page.waitForEvent('download'), t.page.click(`text="${name}"`)]);
  const saved = { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  // Or Firefox will call the next of that name `name(1)`.
  await download.delete();
  return saved;
}
async function picture(t, what, form) {
  await t.page.selectOption('#export-picture', { label: what });
  await t.page.selectOption('#export-form', { label: form });
  return saved(t, 'Save the picture');
}
async function numbers(t, what) {
  await t.page.selectOption('#export-numbers', { label: what });
  return saved(t, 'Save the numbers');
}
/** The lines and cells of a table without quotes in it, which begins with a byte-order mark. */
function cells({ bytes }) {
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'Excel reads UTF-8 by it');
  return bytes.toString('utf8', 3).trimEnd().split('\r\n').map((line) => line.split(','));
}
/** The elements of an SVG file with this class, as the browser reads it. */
const elements = (t, svg, role) => t.page.evaluate(([svg, role]) => {
  const doc = new DOMParser().parseFromString(svg, 'image/svg+xml');
  if (doc.querySelector('parsererror')) return null;
  return [...doc.querySelectorAll(`.${role}`)].map((e) => ({
    text: e.textContent, d: e.getAttribute('d'), x: e.getAttribute('x'), fill: e.getAttribute('fill'),
  }));
}, [svg, role]);
const size = (png) => {
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

test('the SVG is the scene on the screen, with its caption and its colours', async ({ open }) => {
  const t = await opened(open, { colorScheme: 'dark' });
  const { name, bytes } = await picture(t, 'the sentence', 'SVG');
  assert.equal(name, 'attnscope-L3H1-sentence.svg');
  const svg = bytes.toString();
  const shown = await t.page.$$eval('#sentence .edge', (all) => all.map((e) => e.getAttribute('d')));
  assert.deepEqual((await elements(t, svg, 'edge')).map((e) => e.d).sort(), shown.sort());
  assert.deepEqual((await elements(t, svg, 'token')).map((e) => e.text), (await marks(t, 'sentence', 'token')).map((m) => m.text));
  assert.deepEqual((await elements(t, svg, 'weight')).map((e) => e.text).sort(), (await marks(t, 'sentence', 'weight')).map((m) => m.text).sort());
  assert.ok(!/var\(|currentColor/.test(svg), 'every colour is resolved');
  assert.equal((await elements(t, svg, 'paper'))[0].fill, '#12151a', 'the theme on screen');
  const caption = `Attention weights of layer 3, head 1, all-MiniLM-L6-v2, reading “${TROPHY}”; query “it”.`;
  assert.ok(svg.includes(`<desc>${caption}</desc>`));
  assert.equal(await said(t, '#caption'), caption);
  assert.equal(await said(t, '#exported'), 'Saved attnscope-L3H1-sentence.svg.');
  // Alone in a browser.
  t.server.fault('alone.svg', { body: bytes });
  const alone = await t.context.newPage();
  await alone.goto(`${t.url}alone.svg`);
  assert.equal(await alone.$$eval('text.token', (all) => all.length), 16);
  await alone.close();
});

test('every picture, and those that are not open are named', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { inside: true, compare: { text: 'The trophy did not fit.' }, side_by_side: true });
  await until(() => t.page.$$eval('#inside .bar', (all) => all.length > 10), true);
  await until(() => t.page.$$eval('#sentence-other .token', (all) => all.length > 4), true);
  const areSaved = async (pictures) => {
    for (const [what, role] of pictures) {
      const { bytes } = await picture(t, what, 'SVG');
      assert.ok((await elements(t, bytes.toString(), role)).length > 0, what);
    }
  };
  await areSaved([['the heatmap', 'cells'], ['all heads', 'cells'], ['the other sentence', 'token'],
    ['the other heatmap', 'cells'], ['step by step', 'bar']]);
  await t.call('set', { inside: false, chart: 'entropy' });
  await until(() => t.page.$$eval('#chart .dot', (all) => all.length), 72);
  await areSaved([['the chart', 'dot']]);
  // Each cell of the heatmap is a rectangle of its own.
  const { bytes } = await picture(t, 'the heatmap', 'SVG');
  const cells = (bytes.toString().match(/<g class="cells"[^]*?<\/g>/)[0].match(/<rect/g) ?? []).length;
  assert.equal(cells, 256);
  await t.page.selectOption('#export-picture', { label: 'the cost of length' });
  await t.page.click('text="Save the picture"');
  await until(() => said(t, '#exported'), 'the picture: expected one that is on screen, got none. Open that part of the page first, or choose another picture.');
});

test('PNG at every scale, with the picture in it', async ({ open }) => {
  const t = await opened(open);
  const [wide, high] = await t.page.$eval('#heatmap svg', (e) => [Number(e.getAttribute('width')), Number(e.getAttribute('height'))]);
  for (const [form, scale] of [['PNG', 1], ['PNG, 4×', 4]]) {
    const { name, bytes } = await picture(t, 'the heatmap', form);
    assert.equal(name, 'attnscope-L3H1-heatmap.png');
    assert.deepEqual(size(bytes), [Math.ceil(wide * scale), Math.ceil(high * scale)]);
    // As many colours as a heatmap has, and no blank sheet.
    const colours = await t.page.evaluate(async (bytes) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }));
      const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
      pen.drawImage(image, 0, 0);
      return new Set(new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer)).size;
    }, [...bytes]);
    assert.ok(colours > 30, `${colours} colours`);
  }
});

test('a row and a head as CSV', async ({ open }) => {
  const t = await opened(open);
  const row = (await numbers(t, 'this row, as CSV'));
  assert.equal(row.name, 'attnscope-L3H1-row.csv');
  const lines = cells(row);
  assert.deepEqual(lines[0], ['token', 'place', 'weights']);
  rowNear(lines.slice(1).map((line) => Number(line[2])), big.row(3, 1, IT), 1e-4, 'the row');
  const head = cells(await numbers(t, 'this head, as CSV'));
  assert.deepEqual(head[0].slice(1), lines.slice(1).map((line) => line[0]));
  for (const query of [0, 7, 15]) rowNear(head[query + 1].slice(1).map(Number), big.row(3, 1, query), 1e-4, `query ${query}`);
  await t.call('set', { tokens: [] });
  await t.page.selectOption('#export-numbers', { label: 'this row, as CSV' });
  await t.page.click('text="Save the numbers"');
  await until(() => said(t, '#exported'), 'the row: expected a chosen token, got none. Choose a token in the sentence first.');
});

test('the whole run as JSON and as safetensors: every head of the reference', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { text: pair.text, pair: pair.pair });
  const json = JSON.parse((await numbers(t, 'the whole run, as JSON')).bytes);
  assert.deepEqual([json.model, json.text, json.pair], ['all-MiniLM-L6-v2', pair.text, pair.pair]);
  assert.deepEqual(json.tokens.map((x) => x.id), pair.ids);
  const file = await numbers(t, 'the whole run, as safetensors');
  const path = join(tmpdir(), `attnscope-${process.pid}.safetensors`);
  writeFileSync(path, file.bytes);
  const tensors = safetensors(path);
  const { n, layers, heads } = pair;
  assert.equal(Object.keys(tensors).length, layers);
  for (let layer = 0; layer < layers; layer++) {
    const { shape, data } = tensors[`attention.${layer}`];
    assert.deepEqual(shape, [heads, n, n]);
    for (let head = 0; head < heads; head++) {
      for (const query of [0, n - 1]) {
        const want = pair.row(layer, head, query);
        rowNear([...data.subarray((head * n + query) * n, (head * n + query + 1) * n)], want, 1e-4, `L${layer} H${head}`);
        rowNear(json.attention[layer][head][query], want, 1e-4, `JSON L${layer} H${head}`);
      }
    }
  }
});

test('512 tokens: whole as safetensors, and what would be too large says so', async ({ open }) => {
  const t = await opened(open);
  await t.call('set', { text: 'the dog saw it '.repeat(200), tokens: [4], view: 'columns' });
  const file = await numbers(t, 'the whole run, as safetensors');
  assert.ok(file.bytes.length > 72 * 512 * 512 * 4);
  await t.page.selectOption('#export-numbers', { label: 'the whole run, as JSON' });
  await t.page.click('text="Save the numbers"');
  await until(() => said(t, '#exported').then((s) => s.startsWith('the run as JSON: expected 128 tokens at most, got 512.')), true);
  await t.page.selectOption('#export-picture', { label: 'the sentence' });
  await t.page.selectOption('#export-form', { label: 'PNG, 4×' });
  await t.page.click('text="Save the picture"');
  await until(() => said(t, '#exported').then((s) => s.startsWith('the picture: expected at most 16000 pixels a side')), true);
});

test('on the clipboard: numbers and caption; refused, it is said', async ({ open }) => {
  const t = await opened(open);
  await t.allowClipboard();
  const text = () => t.page.evaluate(() => navigator.clipboard.readText());
  await t.page.click('text="Copy the caption"');
  await until(() => said(t, '#exported'), 'Copied: the caption.');
  assert.match(await text(), /^Attention weights of layer 3, head 1, all-MiniLM-L6-v2/);
  await t.page.click('text="Copy the numbers"');
  await until(() => said(t, '#exported'), 'Copied: this row, as a table for spreadsheets.');
  assert.match(await text(), /^token\tplace\tweights\r?\n\[CLS\]\t0\t0\.1/);
  await t.page.selectOption('#export-numbers', { label: 'the whole run, as JSON' });
  await t.page.click('text="Copy the numbers"');
  await until(() => said(t, '#exported'), 'Copied: the whole run, as JSON.');
  assert.equal(JSON.parse(await text()).text, TROPHY);
  await t.page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); });
  await t.page.click('text="Copy the caption"');
  await until(() => said(t, '#exported'), 'the clipboard: expected room, got a refusal by the browser. Save it instead.');
});

test('on the clipboard: a picture', async ({ open }) => {
  const t = await opened(open);
  await t.allowClipboard();
  await t.page.selectOption('#export-form', { label: 'PNG, 2×' });
  await t.page.click('text="Copy the picture"');
  await until(() => said(t, '#exported'), 'Copied: the sentence.');
  const types = await t.page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types));
  assert.deepEqual(types, ['image/png']);
});

test('hostile text stays text in every file', async ({ open }) => {
  const t = await opened(open);
  const text = '</title><script>alert(1)</script> "a",b =1+1';
  await t.call('set', { text, tokens: [1] });
  const svg = (await picture(t, 'the sentence', 'SVG')).bytes.toString();
  assert.ok((await elements(t, svg, 'token')).length > 10);
  assert.ok(!svg.includes('<script'));
  assert.equal(JSON.parse((await numbers(t, 'the whole run, as JSON')).bytes).text, text);
  const csv = (await numbers(t, 'this row, as CSV')).bytes.toString();
  assert.match(csv, /\r\n"""",\d+,/);
  assert.match(csv, /\r\n'=,\d+,/);
});

test('the clipboard is asked within the click, also for what is still to be made', async ({ open }) => {
  const t = await opened(open);
  await t.page.selectOption('#export-form', { label: 'PNG' });
  const asked = await t.page.evaluate(() => {
    const calls = [];
    navigator.clipboard.write = () => Promise.resolve(calls.push('write'));
    navigator.clipboard.writeText = () => Promise.resolve(calls.push('writeText'));
    const press = (name) => [...document.querySelectorAll('button')].find((b) => b.textContent === name).click();
    for (const name of ['Copy the link', 'Copy the caption', 'Copy the picture', 'Copy the numbers']) {
      press(name);
      calls.push(name);
    }
    const list = document.querySelector('#export-numbers');
    list.value = '2';
    list.dispatchEvent(new Event('change', { bubbles: true }));
    press('Copy the numbers');
    return calls;
  });
  assert.deepEqual(asked, ['writeText', 'Copy the link', 'writeText', 'Copy the caption', 'write', 'Copy the picture',
    'writeText', 'Copy the numbers', 'write']);
});

test('the address of a saved file is good for a minute', async ({ open }) => {
  const t = await opened(open);
  await t.page.evaluate(() => {
    const later = window.setTimeout;
    Object.assign(window, { late: [], dropped: [] });
    window.setTimeout = (run, delay, ...rest) => (delay >= 10_000 ? window.late.push({ run, delay }) : later(run, delay, ...rest));
    const drop = URL.revokeObjectURL;
    URL.revokeObjectURL = (address) => { window.dropped.push(address); drop.call(URL, address); };
  });
  await picture(t, 'the sentence', 'SVG');
  assert.deepEqual(await t.page.evaluate(() => [window.dropped.length, window.late.map((x) => x.delay)]), [0, [60_000]]);
  await t.page.evaluate(() => window.late[0].run());
  assert.equal(await t.page.evaluate(() => window.dropped.length), 1);
});

test('a browser that changes a canvas\'s pixels saves no PNG, and SVG is advised', async ({ open }) => {
  const t = await opened(open);
  await t.page.evaluate(() => {
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function noise(...place) {
      const image = read.apply(this, place);
      image.data.forEach((_, i) => { image.data[i] ^= 0x55; });
      return image;
    };
  });
  await t.page.selectOption('#export-form', { label: 'PNG' });
  for (const name of ['Save the picture', 'Copy the picture']) {
    await t.page.click(`text="${name}"`);
    await until(() => said(t, '#exported'), 'the picture: expected its own colours, got colours that this browser has '
      + 'changed. Choose SVG, or allow this page to read its canvases.');
    await picture(t, 'the sentence', 'SVG');
    await t.page.selectOption('#export-form', { label: 'PNG' });
  }
});

test('a picture of an older run is not saved for the text that is there', async ({ open }) => {
  const t = await open({ fresh: true, faults: { [WEIGHTS]: { status: 404 } } });
  await t.page.waitForSelector('#status button:has-text("Try again")');
  await openPopover(t, 'share');
  const { bytes } = await picture(t, 'the sentence', 'SVG');
  assert.ok(bytes.toString().includes(TROPHY), 'the saved run of this text');
  await t.page.fill('#text', 'another text');
  await t.page.waitForSelector('.pictures.stale');
  await openPopover(t, 'share');
  for (const name of ['Save the picture', 'Copy the picture', 'Save the numbers', 'Copy the numbers']) {
    await t.page.click('text="Copy the caption"');
    await until(() => said(t, '#exported').then((s) => s.includes('an older one')), false);
    await t.page.click(`text="${name}"`);
    await until(() => said(t, '#exported'), 'the run: expected a run of your text and settings, got an older one. '
      + 'Wait until your text has been read, and try again.');
  }
});

test('texts of every script are whole in SVG and PNG, and no character breaks the file', async ({ open }) => {
  const t = await opened(open);
  for (const [text, view] of [
    ['هل يقرأ النموذج كل كلمة في هذه الجملة الطويلة؟', 'arcs'], ['注意力机制让模型看到每一个词。', 'columns'],
    ['a\u0001b \ufffe \uffff \ufdd0 </title>&amp; \u202e\u2066 👩‍👩‍👧‍👦', 'arcs'],
  ]) {
    await t.call('set', { text, view, tokens: [1] });
    const svg = (await picture(t, 'the sentence', 'SVG')).bytes.toString();
    const shown = (await marks(t, 'sentence', 'token')).map((m) => m.text.replace(/[\ufffe\uffff\ufdd0\u0001]/g, '\ufffd'));
    assert.deepEqual((await elements(t, svg, 'token')).map((e) => e.text), shown, text);
    const caption = await t.page.evaluate((svg) =>
      new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('desc').textContent, svg);
    // Characters that cannot be seen are named, and one that no XML may hold is replaced.
    const named = text.replace(/[\u0001\ufffe\uffff\u202e\u2066]/g,
      (c) => `‹U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`).replace('\ufdd0', '\ufffd');
    assert.ok(caption.includes(named), caption);
    const outside = await t.page.evaluate((svg) => {
      const element = document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
      document.body.append(element);
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const out = [...element.querySelectorAll('text')].filter((e) => {
        const box = e.getBoundingClientRect();
        return box.left < left - 1 || box.right > right + 1 || box.top < top - 1 || box.bottom > bottom + 1;
      }).map((e) => e.textContent);
      element.remove();
      return out;
    }, svg);
    assert.deepEqual(outside, [], `${text}: nothing is cut`);
    const { bytes } = await picture(t, 'the sentence', 'PNG');
    assert.deepEqual(size(bytes), await t.page.$eval('#sentence svg', (e) =>
      ['width', 'height'].map((name) => Math.ceil(Number(e.getAttribute(name))))));
  }
});
