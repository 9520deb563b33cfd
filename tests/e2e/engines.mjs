// Our engine against onnxruntime-web and candle, in one worker of a real browser: `cargo xtask bench`.
// All have one thread but the last of ours.
//
// All run in one go, in another order each round, and are compared within a round: a fixed order or two runs one after
// the other were seen to mislead by a factor of 1.6 on a shared machine. Ours runs twice, from two instances that share
// nothing: how far their ratio is from 1 is how much of any other ratio is noise.
//
//   node engines.mjs FOLDER [rounds [length,length...]]
//
// The folder has all engines and the model, as xtask/src/engines.rs makes it. With lengths named, only those are run, and no
// products alone.

import { cpus, loadavg } from 'node:os';
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { FLAGS } from './flags.mjs';
import { serve } from './server.mjs';

/** Milliseconds that a measurement lasts at least: clocks of pages tick every 0.1 ms. */
const LEAST = 60;
const ENTRANTS = [
  { name: 'onnxruntime-web', kind: 'onnx', maps: true },
  { name: 'the same without maps', kind: 'onnx' },
  { name: 'candle', kind: 'wasm', module: 'candle' },
  { name: 'ours', kind: 'wasm', module: 'ours', relax: true },
  { name: 'ours again', kind: 'wasm', module: 'ours', relax: true },
  { name: 'ours, plain SIMD', kind: 'wasm', module: 'ours' },
  { name: 'ours, threads', kind: 'wasm', module: 'ours', relax: true, threads: true },
  { name: 'multiply-adds alone', kind: 'limit' },
];
/** Rows of products alone, and how their weights are stored. */
const ROWS = [4, 16, 64];
const STORED = ['F32', 'Q8_0', 'Q4_0', 'Q4_1', 'Q4_K', 'Q6_K', 'F16'].map((name) => ({ name, kind: 'product', relax: true }));
const [ONNX, CANDLE, OURS, AGAIN, LIMIT] = ['onnxruntime-web', 'candle', 'ours', 'ours again', 'multiply-adds alone']
  .map((name) => ENTRANTS.findIndex((entrant) => entrant.name === name));

const [folder, rounds = '15', named] = process.argv.slice(2);
const LENGTHS = named ? named.split(',').map(Number) : [16, 64, 128, 256, 512];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
// Isolated, as threads need it; nothing else differs by that.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const server = await serve({ folder, headers });
server.fault('index.html', { body: Buffer.from('<!DOCTYPE html><title>engines</title>') });
server.fault('worker.mjs', { body: await readFile(new URL('engines_worker.mjs', import.meta.url)) });
server.fault('worker_thread.js', { body: await readFile(new URL('../../assets/worker_thread.js', import.meta.url)) });
try {
  const page = await (await browser.newContext()).newPage();
  page.on('console', (message) => console.log(message.text()));
  await page.goto(server.url);
  console.log(`Chromium ${browser.version()}, ${cpus().length} cores of ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)} at the `
    + `start; ${rounds} rounds\n`);
  const { times, differences } = await measured(page, ENTRANTS, LENGTHS);
  const engines = (title, cell) => table(title, ENTRANTS, LENGTHS, cell);
  engines('milliseconds a run, median [quartiles]', (n, e) => spread(times[n][e], 1));
  const ratio = (n, e, rival) => spread(times[n][e].map((t, i) => times[n][rival][i] / t), 2);
  engines('times as fast as onnxruntime-web, median [quartiles] of the rounds', (n, e) => ratio(n, e, ONNX));
  engines('times as fast as candle, median [quartiles] of the rounds', (n, e) => ratio(n, e, CANDLE));
  const share = (n, e) => spread(times[n][e].map((t, i) => times[n][LIMIT][i] / t), 2);
  engines('share of the time that the multiply-adds alone take, median [quartiles] of the rounds', share);
  const difference = (n, e) => (e === LIMIT ? '' : differences[n][e].toExponential(1));
  engines('largest difference of the last hidden state to onnxruntime-web', difference);
  console.log(`\nours over ours again: ${LENGTHS.map((n) => ratio(n, AGAIN, OURS)).join('  ')}`);

  if (!named) await stored(page);
  console.log(`\nload ${loadavg()[0].toFixed(1)} at the end`);
} finally {
  await browser.close();
  await server.close();
}

/** Our products alone, by how their weights are stored. */
async function stored(page) {
  console.log('\nProducts [rows, 512, 1536], twelve one after the other, with weights as they are stored');
  const products = await measured(page, STORED, ROWS);
  table('milliseconds', STORED, ROWS, (n, e) => spread(products.times[n][e], 2));
  const parts = (n, e) => spread(products.times[n][e].map((t, i) => products.times[n][0][i] / t), 2);
  table('times as fast as f32, median [quartiles] of the rounds', STORED, ROWS, parts);
}

/** What all entrants took in each round, by the length. */
function measured(page, entrants, lengths) {
  return page.evaluate((job) => new Promise((resolve, reject) => {
    const worker = new Worker('worker.mjs', { type: 'module' });
    worker.onmessage = ({ data: { result, error, progress } }) => {
      if (progress) return console.log(progress);
      worker.terminate();
      if (error) reject(new Error(error));
      else resolve(result);
    };
    worker.onerror = (event) => reject(new Error(event.message ?? 'the worker did not start'));
    worker.postMessage(job);
  }), { entrants, lengths, rounds: Number(rounds), least: LEAST });
}

function spread(all, digits) {
  const sorted = [...all].sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => sorted[Math.round(part * (sorted.length - 1))].toFixed(digits));
  return `${middle} [${low} ${high}]`;
}

function table(title, entrants, lengths, cell) {
  console.log(`\n${title}\n`);
  console.log(`| | ${lengths.join(' | ')} |\n|---|${lengths.map(() => '---|').join('')}`);
  entrants.forEach(({ name }, e) => console.log(`| ${name} | ${lengths.map((n) => cell(n, e)).join(' | ')} |`));
}
