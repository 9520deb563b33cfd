// How long a reader waits, in a real browser on the real model: `cargo xtask bench`.
//
// Times are the page's own (performance.now, which Chromium rounds to 0.1 ms without cross-origin isolation), from
// the input event to the end of the first frame in which its answer stands: an observer sees the picture change, and
// the frame after that has been handed over for painting when a message posted from requestAnimationFrame arrives.
// A frame takes up to 16.7 ms of a 60 Hz screen by itself, so "handler" is told too: what the page's thread was busy
// with. Each number is the median of many rounds, and behind it the 90th percentile.

import { readFileSync, readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { FLAGS } from './flags.mjs';
import { serve } from './server.mjs';

const LENGTHS = [16, 64, 128, 256, 512];
const ROUNDS = 25;
const DIST = new URL('../../dist', import.meta.url).pathname;
/** What the page sets itself, in milliseconds of its own thread: [action, tokens, limit]. */
const LIMITS = [
  ['hover: sentence', 128, 16], ['hover: columns', 128, 16], ['hover: text', 128, 16],
  ['hover: heatmap', 128, 16], ['hover: grid', 128, 16], ['head change', 128, 50], ['grid drawn', 128, 100], ['grid drawn', 512, 300],
];

const WORDS = 'the trophy did not fit in the bag because it was too big and nobody had a larger one at hand'.split(' ');
/** A text of so many tokens, [CLS] and [SEP] among them. */
const text = (tokens, round = 0) => Array.from({ length: tokens - 2 }, (_, i) => WORDS[(i + round) % WORDS.length]).join(' ');

const percentile = (all, part) => [...all].sort((a, b) => a - b)[Math.floor(part * (all.length - 1))];
const told = (all) => (all.length ? `${percentile(all, 0.5).toFixed(1)} / ${percentile(all, 0.9).toFixed(1)}` : '');

/** In the page: does `act` in it, and how long the thread was busy with that, and until it was painted. */
async function once(page, act, arg) {
  return page.evaluate(async ([source, arg]) => {
    const act = new Function('arg', `return (${source})(arg)`);
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(0);
    }));
    await painted();
    let changed;
    const change = new Promise((resolve) => { changed = resolve; });
    const observer = new MutationObserver(() => changed());
    document.querySelectorAll('.picture').forEach((e) => observer.observe(e, { subtree: true, attributes: true, childList: true, characterData: true }));
    const began = performance.now();
    act(arg);
    // Effects run in the microtasks behind the event.
    await Promise.resolve();
    await Promise.race([change, new Promise((resolve) => { setTimeout(resolve, 2000); })]);
    const handled = performance.now() - began;
    const end = await painted();
    observer.disconnect();
    return { handled, painted: end - began };
  }, [act.toString(), arg]);
}

const HOVER = ({ id, x, y }) => {
  const stage = document.getElementById(id);
  const box = stage.querySelector('svg').getBoundingClientRect();
  stage.dispatchEvent(new PointerEvent('pointermove',
    { bubbles: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height, pointerType: 'mouse' }));
};
const PRESS = ({ id, key }) => document.getElementById(id).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

async function hover(page, id, places) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await once(page, HOVER, { id, ...places(round) }));
  await page.mouse.move(1, 1);
  return times;
}

/** Marks when what a reader waits for is there, in milliseconds since navigation began. */
const START = () => {
  const times = {};
  window.times = times;
  const since = (name, there) => { if (!(name in times) && there) times[name] = performance.now(); };
  const look = () => {
    since('picture', document.querySelector('#sentence .edge'));
    since('typing', document.querySelector('#text'));
    since('tools', window.attnscope);
    const status = document.querySelector('#status')?.textContent ?? '';
    since('layout', /Preparing/.test(status));
    since('ready', /layers/.test(status));
    since('read', /tokens in/.test(status));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  setInterval(look, 4);
};
const PHASES = [
  ['typing', 'one may type', 300], ['picture', 'first picture, of a saved run', 300], ['tools', 'all tools are here', undefined],
  ['ready', 'model from storage is ready', 800], ['read', 'text on screen is read by it', undefined],
];

/** A page that this browser has seen before: all files are in its caches. */
async function startUp(context, server) {
  const all = [];
  for (let round = 0; round < 11; round++) {
    const page = await context.newPage();
    await page.addInitScript(START);
    await page.goto(server.url);
    await page.waitForFunction(() => window.times?.read);
    all.push(await page.evaluate(() => window.times));
    await page.close();
  }
  console.log('from navigation, all files stored, milliseconds: median / 90th percentile of 10');
  for (const [phase, name, limit] of PHASES) {
    // The first visit fills the caches.
    const times = all.slice(1).map((one) => one[phase]);
    console.log(`  ${name.padEnd(32)} ${told(times)}${limit && percentile(times, 0.5) > limit ? ` > ${limit}!` : ''}`);
  }
  const layout = all.slice(1).filter((one) => one.layout).map((one) => one.ready - one.layout);
  console.log(`  ${'of which weights are laid out'.padEnd(32)} ${told(layout)}\n`);
}

/** Raw and compressed, as a host would send them. */
function bytes(folder) {
  console.log('kilobytes, raw and gzipped');
  for (const name of readdirSync(folder).filter((file) => /\.(wasm|js|css|html)$/.test(file))) {
    const raw = readFileSync(`${folder}/${name}`);
    console.log(`  ${name.padEnd(48)} ${(raw.length / 1000).toFixed(1).padStart(8)} ${(gzipSync(raw, { level: 9 }).length / 1000).toFixed(1).padStart(8)}`);
  }
  console.log('');
}

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const server = await serve({ folder: DIST });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  bytes(DIST);
  await startUp(context, server);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => window.attnscope);
  await page.evaluate(() => attnscope.ready);
  console.log(`Chromium ${browser.version()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the start; `
    + `milliseconds, median / 90th percentile of ${ROUNDS} rounds\n`);

  const rows = new Map();
  const add = (name, tokens, times) => rows.set(name, { ...rows.get(name), [tokens]: times });
  for (const tokens of LENGTHS) {
    // A new text, from typing to its picture.
    const passes = [];
    const typed = [];
    for (let round = 0; round < 7; round++) {
      const began = await page.evaluate(() => performance.now());
      await page.evaluate((text) => attnscope.set({ text, tokens: [5] }), text(tokens, round));
      typed.push({ painted: await page.evaluate((began) => new Promise((resolve) => requestAnimationFrame(() => {
        setTimeout(() => resolve(performance.now() - began));
      })), began) });
      passes.push({ painted: Number((await page.textContent('#status')).match(/tokens in (\d+) ms/)[1]) });
    }
    add('forward pass', tokens, passes);
    add('typing, picture drawn', tokens, typed);
    const n = (await page.evaluate(() => attnscope.tokens().length));
    for (const [name, view] of [['hover: sentence', 'arcs'], ['hover: columns', 'columns'], ['hover: text', 'text']]) {
      await page.evaluate((view) => attnscope.set({ view }), view);
      // The places of the first twenty tokens.
      const places = await page.$$eval('#sentence rect[data-query]', (all) => all.slice(0, 20).map((e) => {
        const [box, svg] = [e.getBoundingClientRect(), e.ownerSVGElement.getBoundingClientRect()];
        return { x: (box.left + box.width / 2 - svg.left) / svg.width, y: (box.top + box.height / 2 - svg.top) / svg.height };
      }));
      add(name, tokens, await hover(page, 'sentence', (round) => places[round % places.length]));
    }
    await page.evaluate(() => attnscope.set({ view: null }));
    add('hover: heatmap', tokens, await hover(page, 'heatmap', (round) => ({ x: 0.3 + 0.023 * round, y: 0.3 + 0.02 * (round % 11) + 0.05 * (round % 2) })));
    add('hover: grid', tokens, await hover(page, 'grid', (round) => ({ x: 0.08 + 0.0375 * round, y: 0.15 + 0.16 * (round % 6) })));
    const changes = [];
    for (let round = 0; round < ROUNDS; round++) {
      changes.push(await once(page, PRESS, { id: 'grid', key: round % 12 < 6 ? 'ArrowRight' : 'ArrowLeft' }));
    }
    add('head change', tokens, changes);
    // The whole grid anew: another quantity's thumbnails, back and forth, once both are here.
    const grids = [];
    for (let round = 0; round < 9; round++) {
      const show = round % 2 ? 'weight' : 'norm';
      const began = await page.evaluate(async (show) => { const t = performance.now(); await attnscope.set({ show }); return performance.now() - t; }, show);
      if (round > 1) grids.push({ painted: began });
    }
    add('grid drawn', tokens, grids);
    if (n !== tokens) console.log(`${tokens}: the text has ${n} tokens`);
  }
  const head = ['', ...LENGTHS.map(String)];
  const lines = [head];
  for (const [name, byLength] of rows) {
    lines.push([name, ...LENGTHS.map((tokens) => {
      const times = byLength[tokens] ?? [];
      const limit = LIMITS.find(([action, of]) => action === name && of === tokens)?.[2];
      const worth = times.map((time) => time.handled ?? time.painted);
      const missed = limit && percentile(worth, 0.5) > limit ? ` > ${limit}!` : '';
      return told(worth) + missed;
    })]);
    if (byLength[LENGTHS[0]]?.[0]?.handled !== undefined) {
      lines.push(['  until painted', ...LENGTHS.map((tokens) => told((byLength[tokens] ?? []).map((time) => time.painted)))]);
    }
  }
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  for (const line of lines) console.log(line.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '));
  console.log(`\nload ${loadavg()[0].toFixed(1)} at the end`);
  await browser.close();
  await server.close();
}

await main();
