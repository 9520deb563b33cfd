// Our engine against candle, in one worker of a real browser, one thread: `cargo xtask bench`.
//
// All run in one go, in another order each round, and are compared within a round: a fixed order or two runs one after
// the other were seen to mislead by a factor of 1.6 on a shared machine. Ours runs twice, from two instances that share
// nothing: how far their ratio is from 1 is how much of any other ratio is noise.
//
//   node engines.mjs FOLDER [rounds]     a folder with ours.js, candle.js and the model, as xtask/src/engines.rs makes it

import { cpus, loadavg } from 'node:os';
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { FLAGS } from './flags.mjs';
import { serve } from './server.mjs';

const LENGTHS = [16, 64, 128, 256, 512];
/** Milliseconds that a measurement lasts at least: clocks of pages tick every 0.1 ms. */
const LEAST = 60;
const ENTRANTS = [
  { name: 'candle', module: 'candle' },
  { name: 'ours', module: 'ours', relax: true },
  { name: 'ours again', module: 'ours', relax: true },
  { name: 'ours, plain SIMD', module: 'ours' },
];

const [folder, rounds = '15'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const server = await serve({ folder });
server.fault('index.html', { body: Buffer.from('<!DOCTYPE html><title>engines</title>') });
server.fault('worker.mjs', { body: await readFile(new URL('engines_worker.mjs', import.meta.url)) });
try {
  const page = await (await browser.newContext()).newPage();
  page.on('console', (message) => console.log(message.text()));
  await page.goto(server.url);
  console.log(`Chromium ${browser.version()}, ${cpus().length} cores of ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)} at the `
    + `start; ${rounds} rounds\n`);
  const { times, differences } = await page.evaluate((job) => new Promise((resolve, reject) => {
    const worker = new Worker('worker.mjs', { type: 'module' });
    worker.onmessage = ({ data: { result, error, progress } }) => {
      if (result) resolve(result);
      else if (error) reject(new Error(error));
      else console.log(progress);
    };
    worker.onerror = (event) => reject(new Error(event.message ?? 'the worker did not start'));
    worker.postMessage(job);
  }), { entrants: ENTRANTS, lengths: LENGTHS, rounds: Number(rounds), least: LEAST });
  table('milliseconds a run, median [quartiles]', (n, e) => spread(times[n][e], 1));
  table('times as fast as candle, median [quartiles] of the rounds', (n, e) => spread(times[n][e].map((t, i) => times[n][0][i] / t), 2));
  table('largest difference of the last hidden state to candle', (n, e) => differences[n][e].toExponential(1));
  const control = LENGTHS.map((n) => spread(times[n][2].map((t, i) => times[n][1][i] / t), 2));
  console.log(`\nours over ours again: ${control.join('  ')}\nload ${loadavg()[0].toFixed(1)} at the end`);
} finally {
  await browser.close();
  await server.close();
}

function spread(all, digits) {
  const sorted = [...all].sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => sorted[Math.round(part * (sorted.length - 1))].toFixed(digits));
  return `${middle} [${low} ${high}]`;
}

function table(title, cell) {
  console.log(`\n${title}\n`);
  console.log(`| tokens | ${LENGTHS.join(' | ')} |\n|---|${LENGTHS.map(() => '---|').join('')}`);
  ENTRANTS.forEach(({ name }, e) => console.log(`| ${name} | ${LENGTHS.map((n) => cell(n, e)).join(' | ')} |`));
}
