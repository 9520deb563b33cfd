// The built page in WebKit as Debian has it: MiniBrowser under Xvfb, driven by WebKitWebDriver over classic WebDriver,
// with as much of the harness's `t` as helpers.mjs asks for:
//
//   webkitTest('what it shows', async ({ open }) => { const t = await open({ path, viewport, faults }); ... });
//
// Where it is not installed, tests are skipped and say so.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import nodeTest, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Builder, Capabilities, Key } from 'selenium-webdriver';
import { serve } from './server.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../../dist');

const onPath = (name) => process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, name)));
const within = (folder, name) =>
  (existsSync(folder) ? readdirSync(folder) : []).filter((entry) => name.test(entry)).map((entry) => join(folder, entry));
/** It lies beside the library, in a folder that names the machine, in one that names the version. */
const miniBrowser = within('/usr/lib', /-linux-gnu/).flatMap((folder) => within(folder, /^webkit2?gtk-/))
  .flatMap((folder) => within(folder, /^MiniBrowser$/))[0];
const missing = !(miniBrowser && onPath('WebKitWebDriver') && onPath('xvfb-run'))
  && 'No WebKitWebDriver, MiniBrowser or xvfb-run: NOT TESTED in WebKit. On Debian: apt-get install webkit2gtk-driver xvfb xauth.';
if (missing) console.error(missing);

// One driver a file, started by the first test that opens a page; a browser of its own for each page.
let driver;
after(() => driver?.stop());

export function webkitTest(name, body) {
  // Longer than elsewhere: every word with the driver takes a while on a busy machine.
  nodeTest(name, { timeout: 240_000, skip: missing }, async ({ signal }) => {
    const opened = [];
    // What a test past its time limit leaves open would keep this process.
    signal.addEventListener('abort', () => opened.forEach((t) => t.close()));
    try {
      await body({ open: (options) => open(options, opened) });
      const problems = (await Promise.all(opened.map((t) => t.problems()))).flat();
      if (problems.length) throw new Error(`the page had problems:\n${problems.join('\n')}`);
    } finally {
      for (const t of opened) await t.close();
    }
  });
}

async function start() {
  const port = await freePort();
  // WebKit's own sandbox wants what a container does not give.
  const env = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
  const screen = ['-a', '--server-args=-screen 0 1600x1200x24'];
  // A group of its own, so that all of it can be ended: the screen, the driver, and a browser that a test left.
  const child = spawn('xvfb-run', [...screen, 'WebKitWebDriver', `--port=${port}`], { env, stdio: 'ignore', detached: true });
  const kill = () => process.kill(-child.pid);
  process.on('exit', kill);
  const gone = new Promise((resolve) => { child.once('exit', resolve); });
  const url = `http://127.0.0.1:${port}`;
  const ended = gone.then((code) => { throw new Error(`WebKitWebDriver under Xvfb ended with ${code}`); });
  await Promise.race([listening(`${url}/status`), ended]);
  ended.catch(() => {});
  return {
    url,
    async stop() {
      process.off('exit', kill);
      kill();
      await gone;
    },
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

async function listening(url) {
  for (const end = Date.now() + 30_000; ;) {
    try {
      return await fetch(url);
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause();
    }
  }
}

async function open({ path = '', viewport = { width: 1280, height: 900 }, faults = {} } = {}, opened) {
  driver ??= await start();
  const server = await serve({ folder: DIST, base: '/' });
  // Classic WebDriver hears no console: a script that the page's rules allow, before all others, writes down what goes wrong.
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  const heard = html.replace(/(<meta http-equiv="Content-Security-Policy"[^>]*>)/i, '$1<script src="listen.js"></script>');
  if (heard === html) throw new Error('no place for the listening script in index.html');
  const page = { 'index.html': { body: Buffer.from(heard) }, 'listen.js': { body: Buffer.from(`(${listen})()`) } };
  for (const [at, fault] of Object.entries({ ...page, ...faults })) server.fault(at, fault);
  const browser = await new Builder().disableEnvironmentOverrides().usingServer(driver.url)
    .withCapabilities(new Capabilities({
      browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
    })).build();
  let closed;
  const t = {
    page: hands(browser), server, url: server.url,
    ready: async () => {
      await t.page.waitForFunction(() => window.attnscope);
      await t.page.evaluate(() => attnscope.ready);
    },
    call: (name, ...args) => t.page.evaluate(([name, args]) => attnscope[name](...args), [name, args]),
    problems: () => t.page.evaluate(() => JSON.parse(sessionStorage.getItem('problems') ?? '[]')),
    // Once, at the end or past the time limit.
    close: () => (closed ??= browser.quit().finally(() => server.close())),
  };
  opened.push(t);
  await browser.manage().setTimeouts({ script: 60_000 });
  await fit(browser, viewport);
  await browser.get(server.url + path);
  await t.page.waitForFunction(() => window.attnscope);
  return t;
}

/** Runs in the page, before its own scripts. */
function listen() {
  const told = (problem) => {
    const all = JSON.parse(sessionStorage.getItem('problems') ?? '[]');
    sessionStorage.setItem('problems', JSON.stringify([...all, problem]));
  };
  const { error } = console;
  console.error = (...all) => {
    told(`console: ${all.join(' ')}`);
    error.apply(console, all);
  };
  // The rest of what changed its size is told in the next frame: no error, and only WebKit calls it one.
  const later = 'ResizeObserver loop completed with undelivered notifications.';
  addEventListener('error', (e) => e.message === later || told(`uncaught error: ${e.message}`));
  addEventListener('unhandledrejection', (e) => told(`unhandled rejection: ${e.reason}`));
  addEventListener('securitypolicyviolation', (e) => told(`against the page's rules: ${e.violatedDirective}: ${e.blockedURI}`));
}

/** A window whose inside has this size. */
async function fit(browser, { width, height }) {
  const window = browser.manage().window();
  await window.setRect({ width, height });
  const [w, h] = await browser.executeScript('return [innerWidth, innerHeight]');
  await window.setRect({ width: 2 * width - w, height: 2 * height - h });
}

/** The driver's word for a result that it could not read, or for a page that went away meanwhile. */
const isLost = (error) => /Could not (parse|retrieve) script result|before the unload event/.test(error.message);

const pause = () => new Promise((resolve) => { setTimeout(resolve, 20); });

/** What Playwright calls a page, as far as it goes. */
function hands(browser) {
  let scripts = 0;
  // As text: the page's rules allow no other way to a function. What it comes to is kept in the page and asked for, as the
  // driver now and then loses the result of a script that waits. A script that has begun is not begun a second time, so
  // that it can be asked for again; one that a navigation ended is, in the page that came.
  async function run(code) {
    const id = `script ${scripts += 1}`;
    const script = `const all = (window.attnscopeScripts ??= {});
      if (!all['${id}']) {
        const own = all['${id}'] = {};
        const failed = (error) => { own.error = String(error) + '\\n' + (error?.stack ?? ''); };
        const done = (value) => { own.json = JSON.stringify(value ?? null); };
        try {
          const value = ${code};
          if (typeof value?.then === 'function') value.then(done).catch(failed);
          else done(value);
        } catch (error) { failed(error); }
      }
      return JSON.stringify(all['${id}']);`;
    for (let lost = 0; ;) {
      try {
        const { error, json } = JSON.parse(await browser.executeScript(script));
        if (error !== undefined) throw new Error(`in the page: ${error}`);
        if (json !== undefined) return JSON.parse(json);
        lost = 0;
      } catch (error) {
        if (!isLost(error) || (lost += 1) > 10) throw error;
      }
      await pause();
    }
  }
  const json = (value) => JSON.stringify(value ?? null);
  const evaluate = (f, arg) => run(`(${f})(${json(arg)})`);
  const $eval = (selector, f, arg) => run(`(${f})(document.querySelector(${json(selector)}), ${json(arg)})`);
  const $$eval = (selector, f, arg) => run(`(${f})([...document.querySelectorAll(${json(selector)})], ${json(arg)})`);
  /** `ArrowLeft` is ARROW_LEFT to it, `a` is itself. */
  const key = (name) => Key[name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()] ?? name;
  const keyboard = {
    down: (name) => browser.actions().keyDown(key(name)).perform(),
    up: (name) => browser.actions().keyUp(key(name)).perform(),
    press(chord) {
      const all = chord.split('+').map(key);
      const down = all.reduce((actions, one) => actions.keyDown(one), browser.actions());
      return all.reverse().reduce((actions, one) => actions.keyUp(one), down).perform();
    },
    type: (text) => browser.actions().sendKeys(text).perform(),
  };
  const at = (x, y) => browser.actions().move({ x: Math.round(x), y: Math.round(y), duration: 0 });
  const mouse = { move: (x, y) => at(x, y).perform(), click: (x, y) => at(x, y).press().release().perform() };
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
    /** Whether there is such an element: no element can be handed out of the page. */
    $: (selector) => evaluate((selector) => document.querySelector(selector) !== null, selector),
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
        await pause();
      }
    },
    reload: () => browser.navigate().refresh(),
    back: () => browser.executeScript('history.back()'),
  };
}
