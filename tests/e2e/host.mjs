// Pages of another origin with the built page in frames.
//
//   const t = await host(open, '<attn-scope text="dog"></attn-scope>', { style, files, options, headers, script, before, start })
//   const [frame] = await frames(t, 1);
//   await read(frame, 'dog');
//
// Of `host`: `style` is a style sheet of the page around, `files` are { path: bytes } beside it, `options` those of
// `open`, `headers` those of the page around, `script` the lines that load embed.js, `before` is called with the server of
// the built page, `start` with the page before anything is in it. `t.other` is the server of the page around.

import { fileURLToPath } from 'node:url';
import { READ, until } from './helpers.mjs';
import { serve } from './server.mjs';

export const FOREIGN = /^request to another origin: http:\/\/127\.0\.0\.1:\d+\/host\//;
/** A page that starts nothing: Firefox complains of what a page had begun when it is left. */
export const BLANK = { 'blank.html': { body: Buffer.from('<!DOCTYPE html><link rel="icon" href="data:,">') } };
export const page = (head, body) => `<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A lesson</title>
  ${head}${body}`;
export const classic = (t) => `<script src="${t.url}embed.js" defer></script>`;

/** A page of another origin with this body, in which the frames stand. */
export async function host(open, body, { style = '', files = {}, options = {}, headers, script = classic, before, start } = {}) {
  const t = await open({ expect: [FOREIGN], path: 'blank.html', faults: BLANK, started: false, ...options });
  const other = await serve({ folder: fileURLToPath(new URL('.', import.meta.url)), base: '/host/', headers });
  other.fault('page.html', { body: Buffer.from(page(`<style>${style}</style>${script(t)}`, body)) });
  for (const [path, bytes] of Object.entries(files)) other.fault(path, { body: bytes });
  const close = t.close;
  t.close = async () => {
    await close();
    await other.close();
  };
  before?.(t.server);
  await start?.(t.page);
  await t.page.goto(`${other.url}page.html`);
  t.other = other;
  return t;
}

/** The frames of the built page that are there, in their order, once there are so many and their script has started. */
export async function frames(t, count) {
  const inner = () => t.page.frames().filter((f) => f.url().startsWith(t.url));
  await until(() => inner().length, count, 'frames');
  for (const frame of inner()) {
    await frame.waitForFunction(() => window.attnscope, undefined, { timeout: 60_000, polling: 100 });
  }
  return inner();
}

/** Waits until the model has read this text, and it is drawn. */
export const read = (frame, text) => frame.waitForFunction(([text, done]) => {
  const { textContent } = document.querySelector('#status') ?? {};
  return attnscope.state().text === text && new RegExp(done).test(textContent) && !document.querySelector('.pictures.stale');
}, [text, READ.source], { timeout: 60_000, polling: 100 });

export const visible = (frame, selector) => frame.locator(selector).first().isVisible();

/** What a page tells of its views, from now on: `window.told` has the details of each event of this name. */
export const listen = (page, name = 'attnscope:state') => page.evaluate((name) => {
  window.told = [];
  document.addEventListener(name, (e) => window.told.push(e.detail));
}, name);
