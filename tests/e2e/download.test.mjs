// Servers that fail and files that lie: the page says what and where, and lives on.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { freshTest as test } from './harness.mjs';
import {
  IT, MODEL, TROPHY, WEIGHTS, WEIGHT_BYTES, changeWorker, clickAt, golden, moveAway, moveTo, rowDrawn, said, saying,
  tokenAt, type, until, untilRead,
} from './helpers.mjs';

const want = golden('trophy_big');
const DIST = new URL(`../../dist/${MODEL}`, import.meta.url);
const FILES = ['config.json', 'tokenizer.json', 'model.safetensors'];
const original = Object.fromEntries(FILES.map((name) => [name, readFileSync(new URL(name, DIST))]));

/** The server has this file in the place of the model's, and a manifest that vouches for it. */
function swap(server, name, body) {
  const files = FILES.map((path) => {
    const bytes = path === name ? body : original[path];
    return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const manifest = { name: 'swapped', licence: 'none', files };
  server.fault(`${MODEL}manifest.json`, { body: Buffer.from(JSON.stringify(manifest)) });
  server.fault(MODEL + name, { body });
}

const fault = (t) => said(t, '#status .fault');
const failed = (t) => t.page.waitForSelector('#status button:has-text("Try again")', { timeout: 60_000 });

/** The saved run can still be pointed at and clicked. */
async function livesOn(t) {
  await moveTo(t, await tokenAt(t, 2));
  await rowDrawn(t, [2], want.row(3, 1, 2));
  await clickAt(t, await tokenAt(t, 8));
  await moveAway(t);
  await rowDrawn(t, [8], want.row(3, 1, 8));
  await clickAt(t, await tokenAt(t, IT));
  await moveAway(t);
  await rowDrawn(t, [IT], want.row(3, 1, IT));
}

async function triedAgain(t) {
  for (const file of ['manifest.json', ...FILES]) t.server.clear(MODEL + file);
  await t.page.click('#status button:has-text("Try again")');
  await untilRead(t, TROPHY);
  assert.match(await said(t, '#status'), /^6 layers × 12 heads · 16 tokens in /);
  await rowDrawn(t, [IT], want.row(3, 1, IT));
}

test('a cut download goes on where it was cut', async ({ open }) => {
  const t = await open({ faults: { [WEIGHTS]: { cutAfter: 20_000_000, times: 1 } } });
  assert.match(await saying(t, '#status', /Trying again in/), /^model\.safetensors: expected 45141904 bytes, got .* after \d+ bytes\. /);
  await t.ready();
  await untilRead(t, TROPHY);
  const { requests, ranges, sent } = t.server.seen(WEIGHTS);
  assert.equal(requests, 2);
  const start = Number(ranges[0].match(/^bytes=(\d+)-$/)[1]);
  assert.ok(start > 0 && start <= 20_000_000);
  assert.deepEqual(sent, [20_000_000, WEIGHT_BYTES - start]);
});

/** In the worker of this server's page: `script` runs before anything else. */
const inWorker = (server, script) => changeWorker(server, (loader) => `${script}\n${loader}`);

test('a download from which nothing more arrives is taken up again where it stopped', async ({ open }) => {
  const t = await open({
    faults: { [WEIGHTS]: { heldAfter: 20_000_000 } },
    // The worker's seconds are short: it waits for thirty of them.
    before: (server) => inWorker(server, 'const every = setInterval; self.setInterval = (tick, ms) => every(tick, ms / 10);'),
  });
  assert.match(await saying(t, '#status', /Trying again in/),
    /^model\.safetensors: expected 45141904 bytes, got nothing for 30 seconds after 20000000 bytes\. /);
  t.server.clear(WEIGHTS);
  await t.ready();
  await untilRead(t, TROPHY);
  const { ranges, sent } = t.server.seen(WEIGHTS);
  assert.deepEqual([ranges, sent], [['bytes=20000000-'], [20_000_000, WEIGHT_BYTES - 20_000_000]]);
  await rowDrawn(t, [IT], want.row(3, 1, IT));
});

for (const [what, script] of [
  ['no storage', 'Object.defineProperty(self, "caches", { value: undefined });'],
  ['a full one', 'Cache.prototype.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));'],
]) {
  test(`a browser with ${what} keeps nothing: the page says how much must be downloaded again`, async ({ open }) => {
    const t = await open({ before: (server) => inWorker(server, script) });
    await t.ready();
    await untilRead(t, TROPHY);
    await saying(t, '#not-kept', /^This browser does not store the model: 45\.6 MB will be downloaded again next time\.$/);
    assert.equal(await t.page.locator('#not-kept').isVisible(), true);
  });
}

test('while a model is prepared the page says how far it is, and Cancel ends it', async ({ open }) => {
  const t = await open();
  await t.ready();
  assert.equal(await t.page.locator('#not-kept').isVisible(), false);
  // The reader is quick: Cancel is pressed as soon as some of the model is prepared.
  await t.page.addInitScript(() => {
    new MutationObserver(() => {
      const bar = document.querySelector('#status progress[aria-label="Model preparation"]');
      if (!(bar?.value > 0) || window.prepared) return;
      window.prepared = bar.value / bar.max;
      [...document.querySelectorAll('#status button')].find((button) => button.textContent === 'Cancel').click();
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  await t.page.reload();
  await saying(t, '#status', /Loading stopped\. What has been downloaded is kept\./);
  const prepared = await t.page.evaluate(() => window.prepared);
  assert.ok(prepared > 0 && prepared < 1, `${prepared}`);
  await t.page.click('#status button:has-text("Continue")');
  await untilRead(t, TROPHY);
  await rowDrawn(t, [IT], want.row(3, 1, IT));
});

test('a server without ranges sends it whole again', async ({ open }) => {
  const then = { ignoreRange: true };
  const t = await open({
    faults: { [WEIGHTS]: { cutAfter: 20_000_000, times: 1, then } },
  });
  await t.ready();
  await untilRead(t, TROPHY);
  assert.deepEqual(t.server.seen(WEIGHTS).sent, [20_000_000, WEIGHT_BYTES]);
  await rowDrawn(t, [IT], want.row(3, 1, IT));
});

test('a server that falls over is asked again', async ({ open }) => {
  const t = await open({ faults: { [WEIGHTS]: { status: 503, times: 2 } } });
  assert.match(await saying(t, '#status', /Trying again in/), /^model\.safetensors: expected HTTP status 200 or 206, got HTTP status 503\. /);
  await t.ready();
  assert.equal(t.server.seen(WEIGHTS).requests, 3);
});

for (const file of ['manifest.json', ...FILES]) {
  test(`404: ${file}`, async ({ open }) => {
    const t = await open({ faults: { [MODEL + file]: { status: 404 } } });
    await failed(t);
    assert.equal(await fault(t), `${file}: expected HTTP status 200 or 206, got HTTP status 404. `
      + 'Check the model\'s address: the file is not there.');
    assert.equal(t.server.seen(MODEL + file).requests, 1, 'asking again would bring the same');
    assert.equal(await t.page.evaluate(() => attnscope.ready.then(() => 'ready', (e) => e.kind)), 'network');
    await livesOn(t);
    await triedAgain(t);
  });
}

test('a failed download is told on the page, not as an uncaught error', async ({ open }) => {
  const t = await open({ faults: { [WEIGHTS]: { status: 404 } } });
  await failed(t);
});

test('bytes of another hash are refused', async ({ open }) => {
  const t = await open({ faults: { [WEIGHTS]: { flip: 30_000_000 } } });
  await failed(t);
  assert.match(await fault(t),
    /^model\.safetensors: expected bytes of SHA-256 9c0bf732[0-9a-f]{56}, got [0-9a-f]{64}\. Try again; /);
  assert.equal(t.server.seen(WEIGHTS).requests, 2, 'once past the browser\'s own cache');
  await livesOn(t);
  await triedAgain(t);
});

const config = JSON.parse(original['config.json']);
const tokenizer = JSON.parse(original['tokenizer.json']);
const weights = original['model.safetensors'];
const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE(0))));
const edited = (base, edit) => {
  const copy = structuredClone(base);
  edit(copy);
  return Buffer.from(JSON.stringify(copy));
};
const withHeader = (edit) => {
  const head = edited(header, edit);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([size, head, weights.subarray(8 + Number(weights.readBigUInt64LE(0)))]);
};
const long = Buffer.from(weights.subarray(0, 1000));
long.writeBigUInt64LE(2n ** 63n);

for (const [name, what, body] of [
  ['config.json', 'cut off', original['config.json'].subarray(0, 200)],
  ['config.json', 'no text', Buffer.from([0xff, 0xfe, 0x00])],
  ['config.json', 'no object', Buffer.from('[]')],
  ['config.json', 'a billion layers', edited(config, (c) => { c.num_hidden_layers = 1e9; })],
  ['config.json', 'no heads', edited(config, (c) => { c.num_attention_heads = 0; })],
  ['config.json', 'another width', edited(config, (c) => { c.hidden_size = 768; })],
  ['config.json', 'an unknown family', edited(config, (c) => { c.model_type = 'dinner'; c.architectures = ['Dinner']; })],
  ['tokenizer.json', 'cut off', original['tokenizer.json'].subarray(0, 300_000)],
  ['tokenizer.json', 'an empty object', Buffer.from('{}')],
  ['tokenizer.json', 'deep', Buffer.from('['.repeat(200_000))],
  ['model.safetensors', 'cut off', weights.subarray(0, 10_000_000)],
  ['model.safetensors', 'five bytes', weights.subarray(0, 5)],
  ['model.safetensors', 'a header longer than the file', long],
  ['model.safetensors', 'a tensor past the end', withHeader((h) => { Object.values(h).at(-1).data_offsets[1] += 2 ** 40; })],
  ['model.safetensors', 'a missing tensor', withHeader((h) => { delete h[Object.keys(h).find((k) => /query\.weight/.test(k))]; })],
  ['model.safetensors', 'a shape that does not fit', withHeader((h) => { Object.values(h).find((x) => x.shape).shape = [3, 5, 7]; })],
]) {
  test(`a hostile file that the manifest vouches for: ${name}, ${what}`, async ({ open }) => {
    const t = await open({ before: (server) => swap(server, name, body), started: false });
    await failed(t);
    const said = await fault(t);
    assert.match(said, /^[^:]+.*: expected .+, got .+\. .+\.$/, said);
    assert.ok(!/panicked|unreachable|RuntimeError/.test(said), said);
    const kind = await t.page.evaluate(() => attnscope.ready.then(() => 'ready', (e) => e.kind));
    assert.ok({
      'config.json': ['config', 'tensor'], 'tokenizer.json': ['tokenizer'], 'model.safetensors': ['format', 'tensor'],
    }[name].includes(kind), `${kind}: ${said}`);
    await livesOn(t);
    await triedAgain(t);
  });
}

test('a tokenizer of another model: told when a token of it is read', async ({ open }) => {
  const hostile = edited(tokenizer, (k) => { k.model.vocab.the = 4_000_000_000; });
  const t = await open({ before: (server) => swap(server, 'tokenizer.json', hostile), started: false });
  await t.ready();
  await until(() => said(t, '#fault'),
    'token id 1: expected a number below 30522, got 4000000000. The tokenizer is of another model than the weights.');
  await livesOn(t);
  await type(t, 'dog bit man');
  assert.equal(await said(t, '#fault'), '');
});

/** Everything is in this browser's storage. */
const kept = (t) => until(() => t.page.evaluate(async () => (await (await caches.open('attnscope-models-v1')).keys()).length), 3);

test('a second visit takes the model from this browser\'s storage', async ({ open }) => {
  const t = await open();
  await t.ready();
  await kept(t);
  await t.page.reload();
  await t.ready();
  await untilRead(t, TROPHY);
  for (const file of FILES) assert.equal(t.server.seen(MODEL + file).requests, 1, file);
  await rowDrawn(t, [IT], want.row(3, 1, IT));
});

for (const [what, spoil] of [['longer', 'x'.repeat(50_000_000)], ['shorter', 'x'], ['empty', '']]) {
  test(`what was kept and is now ${what} is downloaded again`, async ({ open }) => {
    const t = await open();
    await t.ready();
    await kept(t);
    await t.page.evaluate(async (spoil) => {
      const cache = await caches.open('attnscope-models-v1');
      const key = (await cache.keys()).find((k) => k.url.includes('model.safetensors'));
      await cache.put(key, new Response(spoil));
    }, spoil);
    await t.page.reload();
    await t.ready();
    await untilRead(t, TROPHY);
    assert.deepEqual(t.server.seen(WEIGHTS).sent, [WEIGHT_BYTES, WEIGHT_BYTES]);
    await kept(t);
    await t.page.reload();
    await t.ready();
    assert.equal(t.server.seen(WEIGHTS).requests, 2);
  });
}

test('a kept file with a wrong byte is downloaded again', async ({ open }) => {
  const t = await open();
  await t.ready();
  await kept(t);
  await t.page.evaluate(async () => {
    const cache = await caches.open('attnscope-models-v1');
    const key = (await cache.keys()).find((k) => k.url.includes('model.safetensors'));
    const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
    bytes[30_000_000] ^= 1;
    await cache.put(key, new Response(bytes));
  });
  await t.page.reload();
  await t.ready();
  assert.equal(t.server.seen(WEIGHTS).requests, 2);
});
