// The page without a network, its updates, and its installation.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { bySelf } from './browsers.mjs';
import { freshTest as test } from './harness.mjs';
import { tiny } from './hub.mjs';
import {
  IT, MODEL, TROPHY, WEIGHTS, WEIGHT_BYTES, golden, modelHere, rowDrawn, said, type, until, untilRead,
} from './helpers.mjs';

const DIST = new URL('../../dist/', import.meta.url);
const SCRIPT = readFileSync(new URL('service_worker.js', DIST), 'utf8');
const INDEX = readFileSync(new URL('index.html', DIST), 'utf8');
const ICON = readdirSync(DIST).find((name) => /^icon-.*\.svg$/.test(name));
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const versionOf = (script) => script.match(/VERSION = "([0-9a-f]{16})"/)[1];

const want = golden('trophy_big');
const other = golden('trophy_small');

/** The names of the caches with the page's files. */
const caches = (t) => t.page.evaluate(async () => (await window.caches.keys()).filter((n) => n.startsWith('attnscope-app ')));
/** What the cache of the page that `build` made is called. */
const cacheOf = (t, script = SCRIPT) => `attnscope-app ${t.url} ${versionOf(script)}`;
/** The page is kept, and so is the model. */
async function kept(t) {
  await t.ready();
  await t.page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await until(() => t.page.evaluate(async () => (await (await window.caches.open('attnscope-models-v1')).keys()).length), 3);
}
const registered = (t) => t.page.evaluate(async () => !!(await navigator.serviceWorker.getRegistration()));

/** From now on the server has a newer page, whose title says so. */
function deploy(t, hash = sha256) {
  const html = INDEX.replace('<title>Attnscope</title>', '<title>Newer</title>');
  const script = SCRIPT.replace(sha256(INDEX), hash(html)).replace(versionOf(SCRIPT), '00000000000000ff');
  assert.ok(html !== INDEX && script.includes(hash(html)));
  t.server.fault('index.html', { body: Buffer.from(html) });
  t.server.fault('service_worker.js', { body: Buffer.from(script) });
  return script;
}
/** As the browser does after a visit has begun. */
const look = (t) => t.page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
const offered = (t) => t.page.isVisible('#new-version');

for (const base of ['/', '/x/y/']) {
  test(`a second visit without a network, under ${base}`, async ({ open }) => {
    const t = await open({ base });
    await kept(t);
    const cached = await t.page.evaluate(async () => (await (await window.caches.open((await window.caches.keys())
      .find((n) => n.startsWith('attnscope-app ')))).keys()).map((request) => request.url));
    assert.ok(!cached.some((url) => url.includes('model.safetensors')), 'the weights are kept once, by the page');
    await t.server.close();
    await t.context.setOffline(true);
    await t.page.reload();
    await t.ready();
    await untilRead(t, TROPHY);
    await rowDrawn(t, [IT], want.row(3, 1, IT));
    await type(t, other.text);
    await t.call('set', { layer: 2, head: 5, tokens: [IT] });
    await rowDrawn(t, [IT], other.row(2, 5, IT));
    assert.equal(await offered(t), false);
    // What opens a model of another kind is a file of the page, too.
    await t.page.click('#model');
    const files = Object.entries(tiny('llama')).map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer }));
    await t.page.setInputFiles('#models-files', files);
    await modelHere(t, 'your model');
  });
}

test('a link is followed without a network', async ({ open }) => {
  const t = await open();
  await kept(t);
  await t.server.close();
  await t.page.goto('about:blank');
  await t.page.goto(`${t.url}?from=mail#v=1&text=dog+bit+man&head=L2H4&tokens=dog`);
  await t.ready();
  await untilRead(t, 'dog bit man');
  assert.deepEqual(await t.call('state').then((s) => [s.layer, s.head, s.tokens]), [2, 4, [1]]);
});

test('a second visit asks the server for the model\'s manifest, and loads nothing of the page', async ({ open }) => {
  const t = await open();
  await kept(t);
  const loads = ['index.html', 'worker_bg.wasm', 'snapshots/trophy.safetensors', ...readdirSync(DIST).filter((n) => n.startsWith('app-'))];
  const before = loads.map((file) => t.server.seen(file).requests);
  const manifests = t.server.seen(`${MODEL}manifest.json`).requests;
  await t.page.reload();
  await t.ready();
  assert.deepEqual(loads.map((file) => t.server.seen(file).requests), before);
  assert.equal(t.server.seen(`${MODEL}manifest.json`).requests, manifests + 1);
});

test('a kept page leaves every other address to the server', async ({ open }) => {
  const t = await open();
  // A browser looks for the icon of a page without one at the top of the site.
  t.server.fault('favicon.ico', { body: Buffer.from('no icon') });
  await kept(t);
  const file = `${MODEL}config.json`;
  const before = t.server.seen(file).requests;
  const answer = await t.page.goto(t.url + file);
  assert.match(await answer.text(), /"model_type"/);
  assert.equal(t.server.seen(file).requests, before + 1);
  await t.page.goto(`${t.url}index.html`);
  await t.ready();
});

test('a kept page\'s download goes on where it was cut', async ({ open }) => {
  const t = await open();
  await kept(t);
  await t.page.evaluate(() => window.caches.delete('attnscope-models-v1'));
  t.server.fault(WEIGHTS, { cutAfter: 20_000_000, times: 1 });
  await t.page.reload();
  await t.ready();
  const { ranges, sent } = t.server.seen(WEIGHTS);
  const start = Number(ranges[0].match(/^bytes=(\d+)-$/)[1]);
  assert.deepEqual(sent.slice(-2), [20_000_000, WEIGHT_BYTES - start]);
});

test('a new version is offered, not forced, and used once it is asked for', async ({ open }) => {
  const t = await open({ base: '/x/' });
  await kept(t);
  await t.page.reload();
  await t.ready();
  // Of another folder of this site.
  const stranger = `attnscope-app ${t.server.origin}/ ${versionOf(SCRIPT)}`;
  await t.page.evaluate((name) => window.caches.open(name), stranger);
  const newer = deploy(t);
  // The browser looks for a new version at every visit.
  await t.page.reload();
  await until(() => offered(t), true);
  assert.equal(await said(t, '#new-version'), 'A new version is available. Reload');

  // Whoever does not press goes on with what is there, also after a reload.
  await t.page.reload();
  await t.ready();
  await until(() => offered(t), true);
  assert.equal(await t.page.title(), 'Attnscope');
  await type(t, 'dog bit man');
  await t.page.waitForFunction(() => location.hash.includes('text=dog+bit+man'));

  const reloaded = t.page.waitForEvent('load');
  await t.page.click('#new-version button');
  await reloaded;
  assert.equal(await t.page.title(), 'Newer');
  await t.ready();
  await untilRead(t, 'dog bit man');
  assert.equal(await offered(t), false);
  assert.deepEqual((await caches(t)).sort(), [stranger, cacheOf(t, newer)].sort());
  await t.server.close();
  await t.page.reload();
  await t.ready();
  assert.equal(await t.page.title(), 'Newer');
});

test('another tab is not reloaded, and follows when it is asked to', async ({ open }) => {
  const t = await open();
  await kept(t);
  await t.page.reload();
  await t.ready();
  const beside = { ...t, page: await t.context.newPage() };
  await beside.page.goto(t.url);
  await beside.page.waitForFunction(() => window.attnscope?.ready);
  await beside.page.evaluate(() => { window.untouched = true; });
  deploy(t);
  await look(t);
  for (const tab of [t, beside]) await until(() => offered(tab), true);
  const reloaded = t.page.waitForEvent('load');
  await t.page.click('#new-version button');
  await reloaded;
  assert.equal(await t.page.title(), 'Newer');
  assert.equal(await beside.page.evaluate(() => window.untouched), true);
  await Promise.all([beside.page.waitForEvent('load'), beside.page.click('#new-version button')]);
  assert.equal(await beside.page.title(), 'Newer');
});

test('a new version that is not whole is no version', async ({ open }) => {
  const t = await open();
  await kept(t);
  await t.page.reload();
  await t.ready();
  deploy(t, (html) => sha256(`not ${html}`));
  await t.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const gone = new Promise((resolve) => {
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker.addEventListener('statechange', () => worker.state === 'redundant' && resolve());
      });
    });
    await registration.update().catch(() => {});
    await gone;
  });
  assert.equal(await offered(t), false);
  assert.deepEqual(await caches(t), [cacheOf(t)]);
  await t.page.reload();
  await t.ready();
  assert.equal(await t.page.title(), 'Attnscope');
});

test('a file that is not there: the page works and is not kept, until it can be', async ({ open }) => {
  const t = await open({ faults: { [ICON]: { status: 404 } }, expect: bySelf(/404.*icon-/) });
  await t.ready();
  await until(async () => t.server.seen('service_worker.js').requests > 0 && !(await registered(t)), true);
  assert.deepEqual(await caches(t), []);
  await type(t, other.text);
  t.server.clear(ICON);
  await t.page.reload();
  await kept(t);
  assert.deepEqual(await caches(t), [cacheOf(t)]);
});

test('a server without the service worker: the page says nothing of it', async ({ open }) => {
  const t = await open({ faults: { 'service_worker.js': { status: 404 } }, expect: bySelf(/404.*fetching the script/) });
  await t.ready();
  await until(() => t.server.seen('service_worker.js').requests, 1);
  await type(t, other.text);
  assert.equal(await registered(t), false);
});

test('it can be installed: what the manifest says, and icons of the sizes it says', async ({ open }) => {
  const t = await open({ base: '/x/' });
  const manifest = await t.page.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json());
  const { name, start_url, scope, display, icons } = manifest;
  assert.deepEqual({ name, start_url, scope, display }, { name: 'Attnscope', start_url: '.', scope: '.', display: 'standalone' });
  assert.deepEqual(icons.map((i) => i.sizes), ['192x192', '512x512', '512x512']);
  assert.ok(icons.some((i) => i.purpose === 'maskable'));
  const touch = await t.page.getAttribute('link[rel=apple-touch-icon]', 'href');
  for (const { src, sizes, type } of [...icons, { src: touch, sizes: '180x180', type: 'image/png' }]) {
    assert.equal(type, 'image/png');
    const size = await t.page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    assert.equal(size, sizes, src);
  }
  const themes = await t.page.$$eval('meta[name=theme-color]', (all) => all.map((m) => `${m.media} ${m.content}`));
  assert.deepEqual(themes, ['(prefers-color-scheme: light) #fdfdfb', '(prefers-color-scheme: dark) #12151a']);
});

test('the browser reads the manifest without complaint', async ({ open }) => {
  const t = await open();
  const cdp = await t.context.newCDPSession(t.page);
  const { errors, url } = await cdp.send('Page.getAppManifest');
  assert.deepEqual([errors, url], [[], `${t.url}manifest.webmanifest`]);
});
