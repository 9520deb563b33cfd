// What every end-to-end test stands on: the built page in a real browser.
//
//   import { test } from './harness.mjs';
//   import assert from 'node:assert/strict';
//
//   test('what it shows', async ({ open }) => {
//     const t = await open({ colorScheme: 'dark' });
//     await t.ready();
//     await t.page.click('text=Heatmap');
//     const row = await t.call('pattern', 3, 1);
//   });
//
// open(options) goes to the page, served by this process, in a browser in which the built-in model is stored. Options:
//
//   fresh        true: the page of a reader who was never here, with a server of its own, in a profile of its own (false)
//   path         what follows the folder's address: '?text=dog' or '#...' ('' by default)
//   base         folder the page is served under ('/')
//   headers      that the server sends with every file ({})
//   viewport     { width, height } (DESKTOP; PHONE is ready-made)
//   colorScheme  'light' (default) or 'dark'
//   locale       the browser's language ('en-US')
//   hasTouch     true: a screen one taps (false)
//   reducedMotion 'reduce' (default: pictures stand still at once) or 'no-preference'
//   faults       { 'models/x/model.safetensors': { cutAfter: 1000 } }: see server.mjs
//   before       called with the server before the page is asked for
//   expect       regular expressions of problems this test brings about; each must turn up
//   started      false: return without waiting for the page's script
//   timers       true: timers of the page and its frames are counted, for `rested` (false)
//
// It returns:
//
//   page, context   Playwright's own: https://playwright.dev/docs/api/class-page
//   server, url     see server.mjs
//   ready()         waits for `attnscope.ready`
//   call(name, ...) calls `attnscope.name(...)` in the page and returns what it resolves to
//   rested(frame)   waits until no timer of the page, or of a frame in it, is left: what was put off is done
//   allowClipboard() as a reader does who is asked whether the page may read it
//   screenshot(n)   tests/e2e/out/n.png
//   problems        so far: console errors, CSP violations, uncaught errors, crashes, requests to other origins
//   console         every line of the page's and the worker's console
//
// A test fails when a page of it had a problem it does not `expect`. After a failure,
// tests/e2e/out holds a screenshot and the console of each of its pages. Everything started
// here is closed at the end, also after a failure.
//
// What the pages of a file share, unless they are `fresh`: the server's port, so that they are of one origin; the built-in
// model in the browser's storage, whose bytes each page checks anew; and the browser's compiled form of the WebAssembly
// modules. All else is taken away between two tests (`clean` in profile.mjs): other storage, the service worker with the
// page's files, permissions, the server's faults and counts. Tests of downloads, of what is stored or offline, of first
// visits and of what a page leaves behind are `fresh`; so is every page with another folder or with headers.
//
// Which browser: see browsers.mjs. What cannot run in one is listed, with the reason, in not-in.mjs.

import nodeTest, { after } from 'node:test';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BROWSER, launch, newContext, newPage, skipped } from './browsers.mjs';
import { until } from './helpers.mjs';
import { makeProfile } from './profile.mjs';
import { DIST, serve } from './server.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), 'out');

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

// One browser a file, started by the first test that opens a page.
let browser;
const profiles = new Map();
after(async () => {
  for (const profile of profiles.values()) await (await profile).close();
  await browser?.close();
});

// `todo`: what is at fault in the page; the test runs, and its failure is expected.
export function test(name, body, { timeout = 300_000, todo, fresh = false } = {}) {
  nodeTest(name, { timeout, todo, skip: skipped(name) }, async ({ signal }) => {
    const opened = [];
    // A page that hangs past the time limit may not slow the tests after it.
    signal.addEventListener('abort', () => opened.forEach((t) => t.close()));
    try {
      await body({ open: (options) => open({ fresh, ...options }, opened) });
      for (const t of opened) t.verify();
    } catch (error) {
      for (const [i, t] of opened.entries()) await t.keep(`${name} ${i}`);
      for (const t of opened) t.failed = true;
      throw error;
    } finally {
      for (const t of opened) await t.close();
    }
  });
}

/** A test whose pages are all `fresh`. */
export const freshTest = (name, body, options) => test(name, body, { ...options, fresh: true });

async function open(options, opened) {
  const {
    path = '', base = '/', headers = {}, viewport = DESKTOP, colorScheme = 'light', reducedMotion = 'reduce',
    locale = 'en-US', hasTouch = false, faults = {}, before, expect = [], started = true, timers = false, fresh = false,
  } = options;
  browser ??= await launch();
  const media = { viewport, colorScheme, reducedMotion, locale, hasTouch };
  const { page, server, leave } = fresh || options.base || options.headers
    ? await alone({ base, headers, media }) : await shared(media);
  for (const [at, fault] of Object.entries(faults)) server.fault(at, fault);
  before?.(server);
  const context = page.context();
  if (timers) await page.addInitScript(countTimers);
  const problems = [];
  const lines = [];

  const t = {
    page, context, server, problems, url: server.url, console: lines,
    async ready() {
      await page.waitForFunction(() => window.attnscope, undefined, { timeout: 30_000 });
      await page.evaluate(() => window.attnscope.ready);
    },
    call: (name, ...args) => page.evaluate(([name, args]) => window.attnscope[name](...args), [name, args]),
    rested: (frame = page) => until(() => frame.evaluate(() => window.timersLeft()), 0, 'timers'),
    // Firefox is told by its settings: it has no such permission.
    allowClipboard: () => BROWSER === 'chromium' && context.grantPermissions(['clipboard-read', 'clipboard-write']),
    screenshot: async (name) => page.screenshot({ path: await out(`${name}.png`) }),
    verify() {
      const unexpected = problems.filter((p) => !expect.some((e) => e.test(p)));
      if (unexpected.length) throw new Error(`the page had problems:\n${unexpected.join('\n')}`);
      const absent = expect.filter((e) => !problems.some((p) => e.test(p)));
      if (absent.length) throw new Error(`expected problems that did not come: ${absent.join(', ')}`);
    },
    // For whoever looks into a failure; the page may be beyond a screenshot by then.
    async keep(name) {
      const file = name.replace(/[^a-z0-9]+/gi, '-');
      await writeFile(await out(`${file}.log`), [...lines, '', ...problems, ''].join('\n'));
      await page.screenshot({ path: await out(`${file}.png`), timeout: 5000 }).catch(() => {});
    },
    // Once, at the end or past the time limit.
    close: () => (left ??= leave(t.failed)),
  };
  let left;
  opened.push(t);

  page.on('console', (message) => {
    const line = `${message.type()}: ${message.text()} (${message.location().url})`;
    lines.push(line);
    if (message.type() === 'error') problems.push(`console ${line}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught error: ${error.stack ?? error}`));
  page.on('crash', () => problems.push('the page crashed'));
  // The context hears the worker's requests too.
  const hear = (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== server.origin) {
      problems.push(`request to another origin: ${url}`);
    }
  };
  context.on('request', hear);
  page.once('close', () => context.off('request', hear));

  await page.goto(server.url + path);
  if (started) await page.waitForFunction(() => window.attnscope, undefined, { timeout: 30_000 });
  return t;
}

/** A page in a profile of its own. */
async function alone({ base, headers, media }) {
  const server = await serve({ folder: DIST, base, headers });
  const page = await newPage(await newContext(browser, media), media);
  return {
    page, server,
    async leave() {
      await page.context().close();
      await server.close();
    },
  };
}

/** A page in the profile with the model that tests of this language and hand share; the second one that a test opens at a
 * time has a profile of its own. */
async function shared(media) {
  const key = `${media.locale} ${media.hasTouch}`;
  if (!profiles.has(key)) {
    const made = makeProfile(browser, media);
    profiles.set(key, made);
    // The next test tries anew.
    made.catch(() => profiles.delete(key));
  }
  const profile = await profiles.get(key);
  if (profile.taken) return alone({ base: '/', headers: {}, media });
  profile.taken = true;
  const page = await newPage(profile.context, media);
  return {
    page, server: profile.server,
    async leave(failed) {
      // What a test that failed has left there is not the next one's to find.
      if (failed || !await profile.clean()) {
        profiles.delete(key);
        await profile.close();
      }
      profile.taken = false;
    },
  };
}

/** Runs in the page, before its own scripts. */
function countTimers() {
  const { setTimeout, clearTimeout } = window;
  const left = new Set();
  window.setTimeout = (run, ...rest) => {
    const id = setTimeout((...args) => {
      left.delete(id);
      run(...args);
    }, ...rest);
    left.add(id);
    return id;
  };
  window.clearTimeout = (id) => {
    left.delete(id);
    clearTimeout(id);
  };
  window.timersLeft = () => left.size;
}

async function out(name) {
  await mkdir(OUT, { recursive: true });
  return join(OUT, name);
}
