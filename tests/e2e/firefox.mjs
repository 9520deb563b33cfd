// The built page in Firefox, with as much of the harness's `t` as helpers.mjs asks for:
//
//   firefoxTest('what it shows', async ({ open }) => { const t = await open({ path, viewport, faults }); ... });
//
// FIREFOX=/path/to/browser takes another than /usr/bin/firefox-esr. Without one, tests are skipped and say so.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import nodeTest, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './bidi.mjs';
import { serve } from './server.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../../dist');
const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const missing = existsSync(FIREFOX) ? false
  : `No Firefox at ${FIREFOX}: NOT TESTED in it. On Debian: apt-get install firefox-esr; or FIREFOX=/path/to/firefox.`;
if (missing) console.error(missing);

/** WebDriver's codes of keys that write nothing. */
const KEYS = {
  Backspace: '\uE003', Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Control: '\uE009', Escape: '\uE00C', Space: ' ',
  End: '\uE010', Home: '\uE011', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015',
};

// One browser a file, started by the first test that opens a page.
let browser;
after(() => browser?.close());

export function firefoxTest(name, body) {
  nodeTest(name, { timeout: 120_000, skip: missing }, async () => {
    const opened = [];
    try {
      await body({ open: (options) => open(options, opened) });
      const problems = opened.flatMap((t) => t.problems);
      if (problems.length) throw new Error(`the page had problems:\n${problems.join('\n')}`);
    } finally {
      for (const t of opened) await t.close();
    }
  });
}

async function start() {
  const started = await launch(FIREFOX);
  await started.send('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
  // Violations of the page's rules are not in its console by themselves.
  const tell = '() => addEventListener("securitypolicyviolation", (e) => '
    + 'console.error(`against the page\'s rules: ${e.violatedDirective}: ${e.blockedURI}`))';
  await started.send('script.addPreloadScript', { functionDeclaration: tell });
  return started;
}

async function open({ path = '', viewport = { width: 1280, height: 900 }, faults = {} } = {}, opened) {
  browser ??= await start();
  const server = await serve({ folder: DIST, base: '/' });
  for (const [at, fault] of Object.entries(faults)) server.fault(at, fault);
  // Storage of its own, as a reader has who was never here.
  const { userContext } = await browser.send('browser.createUserContext', {});
  const { context } = await browser.send('browsingContext.create', { type: 'tab', userContext });
  const page = hands(context);
  const problems = [];
  const t = {
    page, server, problems, url: server.url,
    async ready() {
      await page.waitForFunction(() => window.attnscope);
      await page.evaluate(() => attnscope.ready);
    },
    call: (name, ...args) => page.evaluate(([name, args]) => attnscope[name](...args), [name, args]),
    async close() {
      await browser.send('browsingContext.close', { context });
      await browser.send('browser.removeUserContext', { userContext });
      await server.close();
    },
  };
  opened.push(t);
  browser.on('log.entryAdded', ({ level, text, source }) => {
    // An error in the worker has no page.
    if (level === 'error' && (source.context ?? context) === context) problems.push(text);
  });
  browser.on('network.beforeRequestSent', ({ context: from, request }) => {
    const { protocol, origin } = new URL(request.url);
    if (from === context && !['data:', 'blob:'].includes(protocol) && origin !== server.origin) {
      problems.push(`request to another origin: ${request.url}`);
    }
  });
  await browser.send('browsingContext.setViewport', { context, viewport });
  await browser.send('browsingContext.navigate', { context, url: server.url + path, wait: 'complete' });
  await page.waitForFunction(() => window.attnscope);
  return t;
}

/** What Playwright calls a page, as far as it goes: its names, by the browser's own commands. */
function hands(context) {
  // As text: the page's rules allow no other way to a function.
  const run = async (code) => {
    const expression = `(async () => JSON.stringify(await ${code} ?? null))()`;
    const params = { expression, target: { context }, awaitPromise: true };
    const { type, result, exceptionDetails } = await browser.send('script.evaluate', params);
    if (type === 'exception') throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  };
  const json = (value) => JSON.stringify(value ?? null);
  const evaluate = (f, arg) => run(`(${f})(${json(arg)})`);
  const $eval = (selector, f, arg) => run(`(${f})(document.querySelector(${json(selector)}), ${json(arg)})`);
  const $$eval = (selector, f, arg) => run(`(${f})([...document.querySelectorAll(${json(selector)})], ${json(arg)})`);
  const perform = (id, type, actions) => browser.send('input.performActions', { context, actions: [{ id, type, actions }] });
  const keys = (type, all) => perform('keyboard', 'key', all.map((key) => ({ type, value: KEYS[key] ?? key })));
  const keyboard = {
    down: (key) => keys('keyDown', [key]),
    up: (key) => keys('keyUp', [key]),
    async press(chord) {
      const all = chord.split('+');
      await keys('keyDown', all);
      await keys('keyUp', all.reverse());
    },
    type: (text) => perform('keyboard', 'key', [...text].flatMap((value) =>
      [{ type: 'keyDown', value }, { type: 'keyUp', value }])),
  };
  const pointer = (x, y, ...then) => perform('mouse', 'pointer', [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y) }, ...then.map((type) => ({ type, button: 0 })),
  ]);
  const mouse = { move: (x, y) => pointer(x, y), click: (x, y) => pointer(x, y, 'pointerDown', 'pointerUp') };
  const locator = (selector) => ({
    first: () => locator(selector),
    scrollIntoViewIfNeeded: () => $eval(selector, (e) => e.scrollIntoView({ block: 'center', inline: 'nearest' })),
    boundingBox: () => $eval(selector, (e) => {
      const { x, y, width, height } = e.getBoundingClientRect();
      return { x, y, width, height };
    }),
  });
  return {
    evaluate, $eval, $$eval, keyboard, mouse, locator,
    async click(selector) {
      await locator(selector).scrollIntoViewIfNeeded();
      const { x, y, width, height } = await locator(selector).boundingBox();
      await mouse.click(x + width / 2, y + height / 2);
    },
    fill: (selector, text) => $eval(selector, (field, text) => {
      field.focus();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, text),
    async waitForFunction(f, arg, { timeout = 30_000 } = {}) {
      for (const end = Date.now() + timeout; ;) {
        const value = await evaluate(f, arg);
        if (value) return { jsonValue: async () => value };
        if (Date.now() > end) throw new Error(`after ${timeout} ms still not: ${f} (${json(arg)})`);
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      }
    },
    reload: () => browser.send('browsingContext.reload', { context, wait: 'complete' }),
    back: () => browser.send('browsingContext.traverseHistory', { context, delta: -1 }),
  };
}
