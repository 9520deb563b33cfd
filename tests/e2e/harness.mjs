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
// open(options) starts a server and a fresh browser profile and goes to the page. Options:
//
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
//
// It returns:
//
//   page, context   Playwright's own: https://playwright.dev/docs/api/class-page
//   server, url     see server.mjs
//   ready()         waits for `attnscope.ready`
//   call(name, ...) calls `attnscope.name(...)` in the page and returns what it resolves to
//   allowClipboard() as a reader does who is asked whether the page may read it
//   screenshot(n)   tests/e2e/out/n.png
//   problems        so far: console errors, CSP violations, uncaught errors, crashes, requests to other origins
//   console         every line of the page's and the worker's console
//
// A test fails when a page of it had a problem it does not `expect`. After a failure,
// tests/e2e/out holds a screenshot and the console of each of its pages. Everything started
// here is closed at the end, also after a failure.
//
// Which browser: see browsers.mjs. What cannot run in one is listed, with the reason, in not-in.mjs.

import nodeTest, { after } from 'node:test';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BROWSER, launch, newPage, skipped } from './browsers.mjs';
import { serve } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const DIST = join(here, '../../dist');
const OUT = join(here, 'out');

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

// One browser a file, started by the first test that opens a page.
let browser;
after(() => browser?.close());

// `todo`: what is at fault in the page; the test runs, and its failure is expected.
export function test(name, body, { timeout = 120_000, todo } = {}) {
  nodeTest(name, { timeout, todo, skip: skipped(name) }, async ({ signal }) => {
    const opened = [];
    // A page that hangs past the time limit may not slow the tests after it.
    signal.addEventListener('abort', () => opened.forEach((t) => t.close()));
    try {
      await body({ open: (options) => open(options, opened) });
      for (const t of opened) t.verify();
    } catch (error) {
      for (const [i, t] of opened.entries()) await t.keep(`${name} ${i}`);
      throw error;
    } finally {
      for (const t of opened) await t.close();
    }
  });
}

async function open(options = {}, opened) {
  const {
    path = '', base = '/', headers = {}, viewport = DESKTOP, colorScheme = 'light', reducedMotion = 'reduce',
    locale = 'en-US', hasTouch = false, faults = {}, before, expect = [], started = true,
  } = options;
  browser ??= await launch();
  const server = await serve({ folder: DIST, base, headers });
  for (const [at, fault] of Object.entries(faults)) server.fault(at, fault);
  before?.(server);
  const page = await newPage(browser, { viewport, colorScheme, reducedMotion, locale, hasTouch });
  const context = page.context();
  const problems = [];
  const lines = [];

  const t = {
    page, context, server, problems, url: server.url, console: lines,
    async ready() {
      await page.waitForFunction(() => window.attnscope, undefined, { timeout: 30_000 });
      await page.evaluate(() => window.attnscope.ready);
    },
    call: (name, ...args) => page.evaluate(([name, args]) => window.attnscope[name](...args), [name, args]),
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
    async close() {
      await context.close();
      await server.close();
    },
  };
  opened.push(t);

  page.on('console', (message) => {
    const line = `${message.type()}: ${message.text()} (${message.location().url})`;
    lines.push(line);
    if (message.type() === 'error') problems.push(`console ${line}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught error: ${error.stack ?? error}`));
  page.on('crash', () => problems.push('the page crashed'));
  // The context hears the worker's requests too.
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== server.origin) {
      problems.push(`request to another origin: ${url}`);
    }
  });

  await page.goto(server.url + path);
  if (started) await page.waitForFunction(() => window.attnscope, undefined, { timeout: 30_000 });
  return t;
}

async function out(name) {
  await mkdir(OUT, { recursive: true });
  return join(OUT, name);
}
