// A run as a file: saved from the page, opened again by choosing and by dropping.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from './harness.mjs';
import { IT, TROPHY, golden, openPopover, rowNear, said, start, until, untilRead } from './helpers.mjs';

const [small, dog] = [golden('trophy_small'), golden('dog_man')];

/** Saves what is on screen: the file's name and bytes. */
async function save(t) {
  await openPopover(t, 'share');
  const [download] = await Promise.all([t.page.waitForEvent('download'), t.page.click('text=Save a snapshot')]);
  const saved = { name: download.suggestedFilename(), buffer: readFileSync(await download.path()), mimeType: '' };
  // Or Firefox will call the next of that name `name(1)`.
  await download.delete();
  return saved;
}
const drop = (t, { name, buffer }) => t.page.evaluate(([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}, [name, buffer.toString('base64')]);

test('saved, and opened again on another page: numbers and choice, first without a model', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: small.text, layer: 2, head: 5, tokens: ['it', 'bag'], special: 'mask', mass: 0.5 });
  const file = await save(t);
  assert.equal(file.name, 'attnscope-L2H5.safetensors');
  assert.ok(file.buffer.length < 45_000, `${file.buffer.length} bytes`);
  assert.match(await said(t, '#shared'), /^Saved attnscope-L2H5\.safetensors: \d+ KB, weights accurate to 0\.000008\./);
  const saved = await t.call('state');

  // Its model does not come here: all that is seen is the file's.
  const there = await open({ fresh: true, faults: { 'models/all-minilm-l6-v2/manifest.json': { status: 503 } } });
  await openPopover(there, 'share');
  await there.page.setInputFiles('#open', file);
  await until(() => there.call('state'), saved);
  rowNear((await there.call('pattern', 2, 5))[IT], small.row(2, 5, IT), 1e-4, 'the saved row');
  assert.match(await said(there, '.lead'), /^it, bag read, on average, from/);
});

test('dropped on the page, an altered run with cells that are not available', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: 'dog bit man', tokens: [2], altered: { causal: true } });
  const file = await save(t);
  const causal = await t.call('pattern', 3, 1);
  await t.call('set', { text: TROPHY, altered: null });
  await drop(t, file);
  await untilRead(t, 'dog bit man');
  assert.equal((await t.call('state')).altered.causal, true);
  assert.match(await said(t, '#altered'), /causal mask/);
  const rows = await t.call('pattern', 3, 1);
  assert.ok(Number.isNaN(rows[1][2]) && !Number.isNaN(rows[1][1]));
  rowNear(rows[4], causal[4], 1e-4, 'its last row');
});

test('what is no snapshot is refused by name, and all stays', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  const whole = await save(t);
  for (const buffer of [Buffer.from('no'), whole.buffer.subarray(0, -3), Buffer.alloc(3000, 0x7b), Buffer.alloc(0)]) {
    await drop(t, { name: 'notes.txt', buffer });
    await until(() => said(t, '#fault').then((s) => /^notes\.txt: expected a whole Attnscope snapshot/.test(s)), true);
    assert.deepEqual(await t.call('state'), before);
    await t.call('set', { tokens: before.tokens });
  }
  await drop(t, whole);
  await until(() => said(t, '#fault'), '');
});

test('a long text is saved whole', async ({ open }) => {
  const t = await start(open);
  const text = 'the dog saw it '.repeat(40);
  await t.call('set', { text, tokens: [4] });
  const n = (await t.call('tokens')).length;
  const file = await save(t);
  assert.ok(file.buffer.length > 72 * n * n * 2, `${file.buffer.length} bytes for ${n} tokens`);
  const row = await t.page.evaluate(async () => (await attnscope.pattern(5, 11))[4]);
  await t.call('set', { text: 'dog bit man' });
  rowNear((await t.call('pattern', 3, 1))[1], dog.row(3, 1, 1), 1e-4, 'another text between');
  await drop(t, file);
  await until(() => t.call('state').then((s) => s.text), text);
  rowNear(await t.page.evaluate(async () => (await attnscope.pattern(5, 11))[4]), row, 1e-4, 'a head that had not been looked at');
});

test('the link is copied', async ({ open }) => {
  const t = await start(open);
  await t.allowClipboard();
  await openPopover(t, 'share');
  await t.page.click('text=Copy the link');
  await until(() => said(t, '#shared'), 'Link copied.');
  const link = await t.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${t.url}#v=1&text=${TROPHY.replaceAll(' ', '+')}&head=L3H1&tokens=10`);
});
