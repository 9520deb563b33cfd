// Where the page cannot start, it says why in the reader's language.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { freshTest as test } from './harness.mjs';

const DIST = new URL('../../dist/', import.meta.url);
const named = (pattern) => readdirSync(DIST).find((name) => pattern.test(name));
/** A file without a script, from which a test goes on to the page. */
const STILL = { path: 'manifest.webmanifest', started: false, faults: { 'favicon.ico': { body: Buffer.alloc(0) } } };
const OWN = { en: /^[\x20-\x7e\u2013-\u201d\u2068\u2069]+$/, ar: /[\u0600-\u06ff]{3}/, ja: /[\u3040-\u30ff]{3}/ };

/** What stands at the top of the page, once it is there: its text, language and direction. */
async function told(t) {
  await t.page.waitForSelector('body > .fault[role=alert]');
  return t.page.$eval('body > .fault', (e) => ({ text: e.textContent, lang: e.lang, dir: e.dir }));
}

/** The sentence is in this language, names `what`, and is the only one. */
async function says(t, lang, what) {
  const { text, ...how } = await told(t);
  assert.deepEqual(how, { lang, dir: lang === 'ar' ? 'rtl' : 'ltr' });
  assert.match(text, OWN[lang]);
  assert.ok(text.includes(what), `${text} does not name ${what}`);
  assert.equal(await t.page.locator('body > .fault').count(), 1);
}

for (const [what, pattern, locale, lang] of [
  ['its WebAssembly', /^app-.*_bg\.wasm$/, 'en-GB', 'en'],
  ['the script of that', /^app-[0-9a-f]+\.js$/, 'ar-EG', 'ar'],
  ['the script that loads later parts', /-parts\.js$/, 'ja', 'ja'],
  ['the script that starts it', /^start-.*\.js$/, 'de', 'en'],
]) {
  test(`a page without ${what} says which part is missing`, async ({ open }) => {
    const part = named(pattern);
    const t = await open({ locale, started: false, faults: { [part]: { status: 404 } }, expect: [/^(console|uncaught) error/] });
    await says(t, lang, part);
    assert.equal(await t.page.locator('main').count(), 0);
  });
}

test('a page without its style sheet says so, and works', async ({ open }) => {
  const part = named(/^style-.*\.css$/);
  const t = await open({ locale: 'ja', faults: { [part]: { status: 404 } }, expect: [/^console error/] });
  await says(t, 'ja', part);
  await t.page.waitForSelector('#text', { state: 'attached' });
});

/** The browser reports nothing of these. */
const QUIET = ['worker_loader.js', 'worker.js'];

test('a page without a part of its worker says so in the reader\'s language, and what is there can be read', async ({ open }) => {
  for (const [part, lang] of [['worker_loader.js', 'ar'], ['worker.js', 'ja'], ['worker_bg.wasm', 'ar']]) {
    const t = await open({ path: `?lang=${lang}`, faults: { [part]: { status: 404 } }, expect: QUIET.includes(part) ? [] : [/error/] });
    await t.page.waitForSelector('#status .fault');
    assert.match(await t.page.textContent('#status'), OWN[lang], part);
    await t.page.waitForSelector('#sentence .edge', { state: 'attached' });
    assert.equal(await t.page.locator('body > .fault').count(), 0);
  }
});

test('without WebAssembly: by the address, by the reader\'s choice, by the browser', async ({ open }) => {
  const t = await open({ ...STILL, locale: 'ja-JP', expect: [/error/] });
  await t.page.addInitScript(() => { delete window.WebAssembly; });
  await t.page.goto(t.url);
  await says(t, 'ja', 'WebAssembly');
  await t.page.evaluate(() => localStorage.setItem('attnscope-language', 'ar'));
  await t.page.goto(`${t.url}?x`);
  await says(t, 'ar', 'WebAssembly');
  await t.page.goto(`${t.url}?lang=en`);
  await says(t, 'en', 'WebAssembly');
});

test('a site whose policy forbids WebAssembly: the page names the policy', async ({ open }) => {
  const headers = { 'Content-Security-Policy': "script-src 'self'" };
  const t = await open({ headers, locale: 'ar', started: false, expect: [/error/] });
  await says(t, 'ar', 'Content-Security-Policy');
});

test('opened as a file, also as a frame of another page opens it: how to serve it', async ({ open }) => {
  const t = await open({ ...STILL, locale: 'ja', expect: [/file:\/\//] });
  for (const address of ['index.html', 'index.html?embed', 'index.html?embed#v=1&text=dog']) {
    await t.page.goto('about:blank');
    await t.page.goto(new URL(address, DIST).href);
    await says(t, 'ja', 'python3 -m http.server');
    assert.equal(await t.page.locator('body > .fault').isVisible(), true, address);
  }
});

test('a page that starts says nothing of this', async ({ open }) => {
  const t = await open();
  await t.page.waitForSelector('#sentence .edge', { state: 'attached' });
  // An error of something else before the page stood, such as an extension's, is no fault of the page.
  const other = await open({ ...STILL });
  await other.page.addInitScript(() => {
    const fault = new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve(), reason: 'not ours' });
    addEventListener('DOMContentLoaded', () => dispatchEvent(fault));
  });
  await other.page.goto(other.url);
  await other.page.waitForSelector('#sentence .edge', { state: 'attached' });
  for (const page of [t, other]) assert.equal(await page.page.locator('body > .fault').count(), 0);
});
