// Where models come from beside a repository's newest files: one GGUF file, a mirror's folder, a revision.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test as harness } from './harness.mjs';
import { gguf } from './gguf.mjs';
import { expected, serveHub, tiny } from './hub.mjs';
import { TROPHY, modelHere, modelLoaded, rowNear, safetensors, saying, start, until, untilRead } from './helpers.mjs';

function test(name, body) {
  harness(name, async ({ open }) => {
    const hub = await serveHub();
    try {
      await body({ hub, open: () => start(open, { expect: [new RegExp(`^request to another origin: ${hub.origin}/`)] }) });
    } finally {
      await hub.close();
    }
  });
}

/** Looks a model up by what a reader writes, and returns what is told of it. */
async function look(t, name, wanted, hub) {
  if (!await t.page.locator('#models[open]').count()) await t.page.click('#model');
  if (hub) await t.page.fill('#models-hub', hub.origin);
  await t.page.fill('#models-name', name);
  await t.page.click('#models >> text="Look up"');
  return saying(t, '#models-plan', wanted);
}
async function load(t, name) {
  await t.page.click('#models-plan >> text="Load"');
  await modelLoaded(t, name);
}
const manifest = (files, name) => Buffer.from(JSON.stringify({
  name, licence: 'mit',
  files: Object.entries(files).map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })),
}));

/** Every head of a model reads a text of its reference as that says. */
async function agrees(t, family, text = expected(family, safetensors).text) {
  const want = expected(family, safetensors);
  await t.call('set', { text, pair: null, layer: 0, head: 0, tokens: [] });
  await untilRead(t, text);
  assert.deepEqual((await t.call('tokens')).map(({ id }) => id), want.ids);
  for (const layer of [0, 1]) {
    const { shape: [heads, n], data } = want.tensors[`attention.${layer}`];
    for (let head = 0; head < heads; head++) {
      const pattern = await t.call('pattern', layer, head);
      pattern.forEach((row, query) => rowNear(row.map((weight) => (Number.isNaN(weight) ? 0 : weight)),
        [...data.subarray((head * n + query) * n, (head * n + query + 1) * n)], 1e-4, `L${layer} H${head}, query ${query}`));
    }
  }
}

test('one GGUF file at an address: asked for its length, then fetched, kept, linked to', async ({ open, hub }) => {
  const file = gguf();
  hub.put('/files/tiny.F32.gguf', file);
  const t = await open();
  const address = `${hub.origin}/files/tiny.F32.gguf`;
  const told = await look(t, address, /Load/);
  assert.match(told, /^tiny\.F32\.gguf: 0\.1 MB in one file, about \d\.\d MB of memory once loaded\./);
  assert.deepEqual(hub.seen.map(({ method, bytes }) => [method, bytes]), [['HEAD', 0]]);
  await load(t, 'tiny\\.F32\\.gguf');
  // Not a word of the sentence on screen is in its vocabulary; what is typed then is read all the same.
  await agrees(t, 'qwen2', expected('qwen2', safetensors).text.replaceAll(' ', ''));
  assert.equal((await t.call('state')).model, address);
  // Kept under its address, as one line.
  await t.page.click('#model');
  await t.page.waitForSelector(`#models-stored li:has-text("tiny.F32.gguf: ")`);
  const kept = await t.page.locator('#models-stored li').allTextContents();
  assert.equal(kept.filter((line) => line.includes('tiny.F32.gguf')).length, 1);
  await t.page.keyboard.press('Escape');
  const before = hub.seen.length;
  await t.page.goto('about:blank');
  await t.page.goto(`${t.url}#text=${encodeURIComponent('w1w2w3')}&model=${address}`);
  await modelHere(t, 'tiny\\.F32\\.gguf');
  assert.equal(hub.seen.length, before, 'from what is kept');
  assert.deepEqual(await t.page.evaluate(() => [document.querySelector('#link').hidden, document.querySelector('#fault').textContent]), [true, '']);
});

test('one GGUF file: cut on the way, it is carried on with; broken or not there, it is told', async ({ open, hub }) => {
  const file = gguf();
  hub.put('/a.gguf', file);
  hub.put('/broken.gguf', file.subarray(0, 3000));
  hub.fault('/a.gguf', { cutAfter: 30_000, times: 2 });
  const t = await open();
  assert.match(await look(t, `${hub.origin}/none.gguf`, /expected/), /none\.gguf: expected an answer that says how long the file is, got HTTP status 404/);
  await look(t, `${hub.origin}/broken.gguf`, /broken\.gguf: .*Load/);
  await t.page.click('#models-plan >> text="Load"');
  await saying(t, '#fault', /expected .*, got /);
  await modelHere(t, 'all-MiniLM-L6-v2');
  await look(t, `${hub.origin}/a.gguf`, /a\.gguf: .*Load/);
  await load(t, 'a\\.gguf');
  assert.ok(hub.seen.some(({ path, range }) => path === '/a.gguf' && /^bytes=\d+-$/.test(range ?? '')));
});

test('a GGUF file whose head speaks against it is refused while the rest of it is still to come', async ({ open, hub }) => {
  // The rest never comes.
  hub.put('/tiny.IQ2_XS.gguf', Buffer.concat([gguf({ unread: true }), Buffer.alloc(1_000_000)]));
  hub.fault('/tiny.IQ2_XS.gguf', { heldAfter: 100_000 });
  const t = await open();
  await look(t, `${hub.origin}/tiny.IQ2_XS.gguf`, /Load/);
  await t.page.click('#models-plan >> text="Load"');
  const told = await saying(t, '#fault', /expected .*, got /);
  assert.match(told, /^the GGUF file: expected F32, .* for the tensor `[^`]+`, got IQ2_XS\. Choose the same model in one of these types/);
  await modelHere(t, 'all-MiniLM-L6-v2');
  await until(() => hub.seen.filter(({ method }) => method === 'GET').map(({ bytes }) => bytes), [100_000]);
});

test('what is guessed of a GGUF file\'s tokenizer is told, and not of a file that says it', async ({ open, hub }) => {
  hub.put('/tiny.gguf', gguf({ pre: null }));
  hub.put('/said.gguf', gguf());
  const t = await open();
  const notes = t.page.locator('#tokenizer-notes');
  assert.equal(await notes.textContent(), '', 'of the page\'s own model');
  await look(t, `${hub.origin}/tiny.gguf`, /Load/);
  await load(t, 'tiny\\.gguf');
  await t.call('set', { text: 'w1w2w3', pair: null });
  const [noStart, guessed] = [/^This model's tokenizer adds no start token, so many heads put their spare weight on the first token of the text\./,
    / This GGUF file does not say how its tokenizer splits text \(tokenizer\.ggml\.pre\), .* may differ from the model's own\.$/];
  assert.match(await saying(t, '#tokenizer-notes', guessed), noStart);
  await look(t, `${hub.origin}/said.gguf`, /Load/);
  await load(t, 'said\\.gguf');
  await saying(t, '#tokenizer-notes', new RegExp(`${noStart.source}$`));
});

test('a mirror\'s folder with a manifest', async ({ open, hub }) => {
  const files = tiny('llama');
  const broken = { ...files, 'model.safetensors': Buffer.concat([files['model.safetensors'].subarray(0, -1), Buffer.from([0x55])]) };
  for (const [folder, sent] of [['/m/tiny', files], ['/m/broken', broken]]) {
    hub.put(`${folder}/manifest.json`, manifest(files, 'a tiny Llama'));
    for (const [name, bytes] of Object.entries(sent)) hub.put(`${folder}/${name}`, bytes);
  }
  const t = await open();
  assert.match(await look(t, `${hub.origin}/m/tiny/`, /Load/), /^a tiny Llama: 0\.1 MB in 3 files, .*Licence: mit\./);
  assert.deepEqual(hub.seen.map(({ path }) => path), ['/m/tiny/manifest.json']);
  await load(t, 'a tiny Llama');
  await agrees(t, 'llama');
  await look(t, `${hub.origin}/m/broken/`, /a tiny Llama.*Load/);
  await t.page.click('#models-plan >> text="Load"');
  await saying(t, '#fault', /^model\.safetensors: expected bytes of SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}\./);
  await modelHere(t, 'a tiny Llama');
  assert.match(await look(t, `${hub.origin}/m/none/`, /expected/), /manifest\.json: expected HTTP status 200 or 206, got HTTP status 404/);
  await t.page.keyboard.press('Escape');
  await t.call('set', { model: null, text: TROPHY });
  await modelHere(t, 'all-MiniLM-L6-v2');
});

test('of several GGUF files, also in folders, all are listed with their sizes, and the one that is chosen is read', async ({ open, hub }) => {
  hub.add('tiny/gguf@refs/pr/3', {
    'README.md': Buffer.from('x'), 'F32/tiny.F32.gguf': gguf(), 'tiny.Q8_0.gguf': Buffer.alloc(2_500_000), 'mmproj-tiny.gguf': Buffer.from('x'),
  });
  const t = await open();
  assert.equal(await look(t, '"tiny/gguf@refs/pr/3" ', /Choose one/, hub),
    'This repository has several suitable files. Choose one:F32/tiny.F32.gguf: 0.1 MBtiny.Q8_0.gguf: 2.5 MB');
  assert.deepEqual(hub.seen.map(({ path }) => path), ['/api/models/tiny/gguf/revision/refs/pr/3']);
  await t.page.click('#models-plan >> text=F32/tiny');
  await saying(t, '#models-plan', /^tiny\.F32\.gguf: 0\.1 MB in one file/);
  assert.equal(await t.page.inputValue('#models-name'), 'tiny/gguf/F32/tiny.F32.gguf@refs/pr/3');
  assert.equal(await t.page.evaluate(() => document.activeElement.id), 'models-name', 'the button is gone, the focus is not');
  await load(t, 'tiny\\.F32\\.gguf');
  await agrees(t, 'qwen2', expected('qwen2', safetensors).text.replaceAll(' ', ''));
  // By the name of its quantisation, without a list.
  assert.match(await look(t, 'tiny/gguf:q8_0@refs/pr/3', /Load/), /^tiny\.Q8_0\.gguf: 2\.5 MB/);
  assert.match(await look(t, 'tiny/gguf:Q4_K_M@refs/pr/3', /expected/),
    /expected a GGUF file of Q4_K_M, got (F32\/tiny\.F32\.gguf, tiny\.Q8_0\.gguf|tiny\.Q8_0\.gguf, F32\/tiny\.F32\.gguf)\./);
});

test('a revision is another model than the newest', async ({ open, hub }) => {
  hub.add('tiny/model', tiny('gpt2'));
  hub.add('tiny/model@v2', tiny('llama'));
  const t = await open();
  await look(t, 'tiny/model', /Load/, hub);
  await load(t, 'tiny/model');
  await agrees(t, 'gpt2');
  await look(t, 'tiny/model@v2', /Load/, hub);
  assert.ok(hub.seen.some(({ path }) => path === '/api/models/tiny/model/revision/v2'));
  await t.page.click('#models-plan >> text="Load"');
  await t.page.waitForFunction(() => attnscope.state().model?.name === 'tiny/model@v2');
  await agrees(t, 'llama');
  assert.match(await look(t, 'tiny/model@v3', /expected/, hub), /expected HTTP status 200 or 206, got HTTP status 404/);
});
