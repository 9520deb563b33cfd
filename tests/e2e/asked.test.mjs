// Links, scripts and embeds that name a model: what needs another origin is asked about, all else comes at once.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { audit } from './axe.mjs';
import { PHONE, test as harness } from './harness.mjs';
import { expected, folderOf, serveHub, tiny } from './hub.mjs';
import { READ, TROPHY, modelHere, openPopover, rowNear, safetensors, said, saying, until, untilRead } from './helpers.mjs';
import { serve } from './server.mjs';

/** A test with a hub of its own, which has one tiny model. */
function test(name, body) {
  harness(name, async ({ open }) => {
    const hub = await serveHub();
    hub.add('tiny/gpt2', tiny('gpt2'), { licence: 'apache-2.0' });
    try {
      await body({ hub, open, reaches: [new RegExp(`^request to another origin: ${hub.origin}/`)] });
    } finally {
      await hub.close();
    }
  });
}

const want = expected('gpt2', safetensors);
const link = (hub, fields = {}) => `#${new URLSearchParams({ v: '1', text: want.text, model: 'tiny/gpt2', hub: hub.origin, head: 'L1H2', tokens: '3', ...fields })}`;
const hash = (t) => t.page.evaluate(() => decodeURIComponent(location.hash));
const asks = (t) => saying(t, '#asked', /^This link uses another model: tiny\/gpt2, from http:\/\/127\.0\.0\.1:\d+\. Until/);
const asksNothing = (t) => until(() => t.page.locator('#asked .note').count(), 0, 'a question');
const press = (t, name) => t.page.click(`#asked >> text="${name}"`);
const state = (t) => t.call('state');

/** The link's text by its model, at its head, with its tokens. */
async function shown(t) {
  await modelHere(t, 'tiny/gpt2');
  await untilRead(t, want.text);
  await until(() => state(t).then(({ layer, head, tokens }) => [layer, head, tokens]), [1, 2, [3]]);
  const pattern = await t.call('pattern', 1, 2);
  const { shape: [, n], data } = want.tensors['attention.1'];
  pattern.forEach((row, query) => rowNear(row.map((weight) => (Number.isNaN(weight) ? 0 : weight)),
    [...data.subarray((2 * n + query) * n, (2 * n + query + 1) * n)], 1e-4, `query ${query}`));
}

/** The link's question, and the reader's consent to look and to load. */
async function agreed(t) {
  await t.ready();
  await asks(t);
  await press(t, 'Look up');
  await press(t, 'Load');
}

test('a link that names a model asks, and brings it once the reader agrees; Back and Forward go between models', async ({ open, hub, reaches }) => {
  const t = await open({ path: link(hub), expect: reaches, timers: true });
  await t.ready();
  await asks(t);
  await modelHere(t, 'all-MiniLM-L6-v2');
  await untilRead(t, want.text);
  const { layer, head, model } = await state(t);
  assert.deepEqual([layer, head, model], [1, 2, null], 'what the model here can show');
  await t.rested();
  assert.match(await hash(t), /&model=tiny\/gpt2&hub=http/, 'the address stays while the reader thinks');
  assert.equal(await t.page.locator('#link').isVisible(), false, 'nothing of the link is lost');
  assert.deepEqual(hub.seen, [], 'no request before the reader agrees');
  await audit(t, 'the question');
  await t.screenshot('asked');

  await press(t, 'Look up');
  await saying(t, '#asked', /tiny\/gpt2: 0\.1 MB in 3 files, about 0\.3 MB of memory once loaded\. Licence: apache-2\.0\./);
  assert.deepEqual(hub.seen.map(({ path }) => path.split('/').at(-1)), ['main', 'config.json'], 'no weights');
  await audit(t, 'what it would bring');
  await t.screenshot('asked-told');
  await press(t, 'Load');
  await shown(t);
  await asksNothing(t);
  assert.deepEqual((await state(t)).model, { name: 'tiny/gpt2', hub: hub.origin });
  assert.match(await hash(t), /&model=tiny\/gpt2&hub=http[^&]*&head=L1H2&tokens=3$/);

  // Back in the history of the browser, and by undo.
  await t.call('set', { model: null, text: TROPHY, layer: 3, head: 1, tokens: ['it'] });
  await modelHere(t, 'all-MiniLM-L6-v2');
  await until(() => hash(t).then((h) => /trophy/.test(h) && !/model=/.test(h)), true);
  await t.page.evaluate(() => history.back());
  await shown(t);
  await asksNothing(t);
  await t.page.evaluate(() => history.forward());
  await modelHere(t, 'all-MiniLM-L6-v2');
  await untilRead(t, TROPHY);
  await until(() => state(t).then(({ layer, head, tokens, model }) => [layer, head, tokens, model]), [3, 1, [10], null]);
});

test('refused: the model of the page works on, and nothing was asked of the other host', async ({ open, hub }) => {
  const t = await open({ path: link(hub) });
  await t.ready();
  await asks(t);
  await press(t, 'Keep the current model');
  await asksNothing(t);
  await untilRead(t, want.text);
  await until(() => hash(t).then((h) => /head=L1H2/.test(h) && !/model=/.test(h)), true);
  await t.call('set', { text: TROPHY, tokens: ['it'] });
  await modelHere(t, 'all-MiniLM-L6-v2');
  assert.deepEqual(hub.seen, []);
});

test('undo and redo go between models', async ({ open, hub, reaches }) => {
  const t = await open({ path: link(hub), expect: reaches });
  await agreed(t);
  await shown(t);
  const steps = [];
  for (let i = 0; i < 6 && (await state(t)).model; i++) {
    await t.page.keyboard.press('Control+z');
    await saying(t, '#status', READ);
    steps.push((await state(t)).model);
  }
  assert.equal(steps.at(-1), null, 'the model from before');
  await modelHere(t, 'all-MiniLM-L6-v2');
  await t.page.keyboard.press('Control+y');
  await modelHere(t, 'tiny/gpt2');
  assert.deepEqual((await state(t)).model, { name: 'tiny/gpt2', hub: hub.origin });
});

test('a model that is kept comes without a question and without a request, also without a network', async ({ open, hub, reaches }) => {
  const t = await open({ path: link(hub), expect: reaches });
  await agreed(t);
  await shown(t);
  await until(() => t.page.evaluate(async () => (await (await caches.open('attnscope-models-v1')).keys()).filter(({ url }) => /plan=/.test(url)).length), 1);
  const before = hub.seen.length;
  await t.page.goto('about:blank');
  await t.page.goto(t.url + link(hub));
  await shown(t);
  await asksNothing(t);
  assert.equal(hub.seen.length, before, 'no request');
  // Removed, it is asked for again.
  await t.page.click('#model');
  await t.page.locator('#models-stored li', { hasText: hub.origin }).locator('button').click();
  await until(() => t.page.locator('#models-stored li', { hasText: hub.origin }).count(), 0);
  await t.page.goto('about:blank');
  await t.page.goto(t.url + link(hub));
  await asks(t);
  assert.equal(hub.seen.length, before);
});

test('a model of the page\'s own origin comes at once', async ({ open }) => {
  const t = await open({ path: 'blank.html', started: false, before: (server) => {
    server.fault('blank.html', { body: Buffer.from('<!DOCTYPE html><link rel="icon" href="data:,">') });
    for (const [path, fault] of Object.entries(folderOf('gpt2', 'mine'))) server.fault(path, fault);
  } });
  await t.page.goto(`${t.url}#text=${encodeURIComponent(want.text)}&model=${t.url}mine/&head=L1H2&tokens=3`);
  await modelHere(t, 'tiny');
  await untilRead(t, want.text);
  await until(() => state(t).then(({ layer, head, tokens, model }) => [layer, head, tokens, model]), [1, 2, [3], `${t.url}mine/`]);
  await asksNothing(t);
});

test('of a broken link all but its model holds', async ({ open }) => {
  const t = await open({ path: `#text=dog+bit+man&model=${encodeURIComponent('a b/c')}&head=L2H4` });
  await t.ready();
  await untilRead(t, 'dog bit man');
  assert.match(await saying(t, '#link', /could not be read/), /the model: expected owner\/name of a model on the hub, or an address of one, got "a b\/c"/);
  await until(() => state(t).then(({ layer, head, model }) => [layer, head, model]), [2, 4, null]);
  await asksNothing(t);
});

test('a model that cannot be had: told, the page\'s own reads on', async ({ open, hub, reaches }) => {
  hub.fault('tiny/gpt2/model.safetensors', { flip: 5000 });
  const t = await open({ path: link(hub), expect: reaches });
  await agreed(t);
  await saying(t, '#fault', /^model\.safetensors: expected bytes of SHA-256/);
  await modelHere(t, 'all-MiniLM-L6-v2');
  await asksNothing(t);
  await until(() => hash(t).then((h) => /head=L1H2/.test(h) && !/model=/.test(h)), true);
});

test('a script that names a model: asked, too; what it says wrong is told', async ({ open, hub }) => {
  const t = await open();
  await t.ready();
  await t.call('set', { model: { name: 'tiny/gpt2', hub: hub.origin }, text: 'dog bit man', layer: 2 });
  await asks(t);
  const { text, layer, model } = await state(t);
  assert.deepEqual([text, layer, model], ['dog bit man', 2, null]);
  const refused = await t.page.evaluate(() => attnscope.set({ model: 'a/b/c/d' }).then(() => '', (error) => error.message));
  assert.match(refused, /the model: expected owner\/name/);
  await t.call('set', { model: null });
  await asksNothing(t);
  assert.deepEqual(hub.seen, []);
});

test('files of the reader\'s own: no link can name them, and the page says so', async ({ open }) => {
  const t = await open();
  await t.ready();
  await openPopover(t, 'share');
  assert.doesNotMatch(await said(t, '#share'), /your own model files/);
  await t.page.click('#model');
  await t.page.setInputFiles('#models-files', Object.entries(tiny('llama')).map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer })));
  await modelHere(t, 'your model');
  await saying(t, '#share', /A link cannot contain your own model files: it opens with the built-in model\./);
  await t.call('set', { layer: 1 });
  await until(() => hash(t).then((h) => /head=L1H/.test(h) && !/model=/.test(h)), true);
  // Back is not to take their model away.
  await t.call('set', { layer: 0 });
  await until(() => hash(t).then((h) => /head=L0H/.test(h)), true);
  await t.page.evaluate(() => history.back());
  await until(() => state(t).then(({ layer }) => layer), 1);
  await modelHere(t, 'your model');
});

test('an embed names the model by its attributes, and asks within the frame; its lines carry it', async ({ open, hub }) => {
  const t = await open({ path: 'blank.html', started: false, expect: [/^request to another origin: http:\/\/127\.0\.0\.1:\d+\/host\//],
    faults: { 'blank.html': { body: Buffer.from('<!DOCTYPE html><link rel="icon" href="data:,">') } } });
  const other = await serve({ folder: fileURLToPath(new URL('.', import.meta.url)), base: '/host/' });
  try {
    other.fault('page.html', { body: Buffer.from(`<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A lesson</title>
      <script src="${t.url}embed.js" defer></script>
      <attn-scope text="${want.text}" model="tiny/gpt2" hub="${hub.origin}" head="L1H2" tokens="3" controls="none" lock></attn-scope>`) });
    await t.page.goto(`${other.url}page.html`);
    await until(() => t.page.frames().length, 2);
    const [, frame] = t.page.frames();
    await frame.locator('#asked .note').waitFor({ timeout: 60_000 });
    await frame.waitForFunction(() => attnscope.ready.then(() => true));
    assert.deepEqual(hub.seen, [], 'the worker that frames share has asked for nothing');
    await frame.click('#asked >> text="Look up"');
    await frame.click('#asked >> text="Load"');
    await frame.waitForFunction(() => attnscope.state().model?.name === 'tiny/gpt2' && attnscope.tokens().length && !document.querySelector('#asked .note'));
    await until(() => t.page.evaluate(() => document.querySelector('attn-scope').state?.model?.name), 'tiny/gpt2');
    // By a message, back to the page's own.
    await t.page.evaluate(() => document.querySelector('attn-scope').set({ model: null, text: 'dog bit man' }));
    await until(() => t.page.evaluate(() => document.querySelector('attn-scope').state.model), null);
  } finally {
    await other.close();
  }
  // The dialog's lines.
  await t.page.goto(t.url + link(hub));
  await shown(t);
  await openPopover(t, 'share');
  await t.page.click('#share >> text=Embed …');
  assert.match(await t.page.inputValue('#snippet'), new RegExp(` model="tiny/gpt2" hub="${hub.origin}" head="L1H2" tokens="3"`));
});

test('on a phone the question fits', async ({ open, hub }) => {
  const t = await open({ path: link(hub), viewport: PHONE });
  await t.ready();
  await asks(t);
  await t.page.locator('#asked').scrollIntoViewIfNeeded();
  assert.equal(await t.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await t.screenshot('asked-phone');
});
