// What the end-to-end tests share: the reference numbers, what is drawn, and a reader's hands.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const GOLDEN = new URL('../golden/minilm/', import.meta.url);

export const MODEL = 'models/all-minilm-l6-v2/';
export const WEIGHTS = `${MODEL}model.safetensors`;
export const WEIGHT_BYTES = 45_141_904;
export const TROPHY = 'The trophy did not fit in the bag because it was too big.';
export const IT = 10;

/** The tensors of a safetensors file of F32: { name: { shape, data } }. */
export function safetensors(path) {
  const file = readFileSync(path);
  const size = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + size).toString('utf8'));
  delete header.__metadata__;
  return Object.fromEntries(Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    assert.equal(dtype, 'F32', name);
    // A copy, so that the numbers lie where a Float32Array may begin.
    const bytes = Uint8Array.from(file.subarray(8 + size + from, 8 + size + to));
    return [name, { shape, data: new Float32Array(bytes.buffer) }];
  }));
}

/**
 * What Hugging Face computes for a text: { text, pair, ids, tokens, offsets, token_type_ids, layers, heads, n,
 * row(layer, head, query) }; of a long text only the rows of `queries` are stored.
 */
export function golden(name) {
  const info = JSON.parse(readFileSync(new URL(`${name}.json`, GOLDEN), 'utf8'));
  const { attention, attention_rows: some } = safetensors(new URL(`${name}.safetensors`, GOLDEN));
  const { shape: [layers, heads, stored, n], data } = attention ?? some;
  const queries = attention ? [...Array(n).keys()] : [0, n >> 1, n - 1];
  const row = (layer, head, query) => {
    const start = ((layer * heads + head) * stored + queries.indexOf(query)) * n;
    return Array.from(data.subarray(start, start + n));
  };
  return { ...info, layers, heads, n, queries, row };
}

export function near(got, want, tolerance, what) {
  assert.ok(Math.abs(got - want) <= tolerance, `${what}: ${got} is not within ${tolerance} of ${want}`);
}

export function rowNear(got, want, tolerance, what) {
  assert.equal(got.length, want.length, what);
  want.forEach((w, key) => near(got[key], w, tolerance, `${what}, key ${key}`));
}

/** As src/analysis/fixed.rs writes numbers: so many decimals, and more where that leaves too few significant digits. */
function significant(value, decimals, digits) {
  const size = Math.abs(value);
  const zeros = [1, 0.1, 0.01, 0.001].findIndex((power) => size >= power * (1 - 0.5 / 10 ** digits));
  if (size > 0 && zeros < 0) return value.toExponential(digits - 1);
  return value.toFixed(size > 0 ? Math.max(decimals, zeros + digits - 1) : decimals);
}
/** A weight in a caption or a legend, a number in a range, a cell in a table; and one under a token. */
export const two = (value) => significant(value, 2, 2);
export const three = (value) => significant(value, 3, 2);
export const four = (value) => significant(value, 4, 3);
export const brief = (value) => (Math.abs(value) < 0.005 ? two(value) : value.toFixed(2));

export const mean = (rows) => rows[0].map((_, key) => rows.reduce((sum, row) => sum + row[key], 0) / rows.length);

/** Keys of a row, strongest first; keys that are NaN are not in it. */
export function ranked(row) {
  return row.map((weight, key) => ({ key, weight })).filter(({ weight }) => !Number.isNaN(weight))
    .sort((a, b) => b.weight - a.weight);
}

/** The fewest keys that carry `mass` of the row, and the share they do carry. */
export function byMass(row, mass) {
  const all = ranked(row);
  const sum = all.reduce((total, { weight }) => total + weight, 0);
  const keys = [];
  let carried = 0;
  while (keys.length < all.length && carried < mass * sum - 1e-6) {
    keys.push(all[keys.length]);
    carried += all[keys.length - 1].weight;
  }
  return { keys, share: carried / sum };
}

/** What is drawn with this role: [{ query, key, value, text, alpha, line }] in the order of drawing. */
export function marks(t, picture, role) {
  return t.page.$$eval(`#${picture} .${role}`, (all) => all.map((e) => {
    const number = (name) => (e.hasAttribute(name) ? Number(e.getAttribute(name)) : null);
    return {
      query: number('data-query'), key: number('data-key'), value: number('data-value'),
      text: e.textContent, alpha: number('opacity'), line: number('stroke-width'),
    };
  }));
}

/** The edges of the sentence, strongest first: drawn last is strongest. */
export const edges = async (t) => (await marks(t, 'sentence', 'edge')).reverse();

/** The queries lit up in a picture. */
export const lit = async (t) => (await t.page.$$eval('#sentence .query[data-query]', (all) =>
  all.map((e) => Number(e.dataset.query))));

/** What an element says, without the marks that keep right-to-left names in their place. */
export const said = (t, selector) => t.page.$eval(selector, (e) =>
  e.textContent.replace(/[\u2066-\u2069]/g, '').trim().replace(/\s+/g, ' '));

/** Waits until an element says this, and returns all it says at that moment: in the next it may say something else. */
export async function saying(t, selector, wanted) {
  const found = await t.page.waitForFunction(([selector, wanted]) => {
    const text = document.querySelector(selector)?.textContent.replace(/[\u2066-\u2069]/g, '').trim().replace(/\s+/g, ' ');
    return text && new RegExp(wanted).test(text) ? text : null;
  }, [selector, wanted.source], { timeout: 60_000 });
  return found.jsonValue();
}

/** Waits until the model here has read what stands in the fields, and it is drawn. */
export async function untilRead(t, text, pair = null) {
  await t.page.waitForFunction(([text, pair]) => {
    const state = attnscope.state();
    const status = document.querySelector('#status').textContent;
    return state.text === text && state.pair === pair && !document.querySelector('.pictures.stale')
      && /\d tokens? in \d/.test(status) && !status.includes('…');
  }, [text, pair], { timeout: 60_000 });
}

/** What the status says once a text has been read. */
export const READ = /\d tokens? in \d+ ms$/;

/** Waits until the model of this name, a piece of a regular expression, is here and has read the text. */
export async function modelHere(t, name) {
  await saying(t, '#model', new RegExp(`^${name}$`));
  await saying(t, '#status', READ);
}

/** Waits until the model of this name is here, whether or not it can read the text on screen. */
export async function modelLoaded(t, name) {
  await saying(t, '#model', new RegExp(`^${name}$`));
  await saying(t, '#status', /^\d+ layers × \d+ heads/);
}

/** Types a text over what is there and waits until the model has read it. */
export async function type(t, text) {
  await t.page.fill('#text', text);
  await untilRead(t, text, await t.page.evaluate(() => attnscope.state().pair));
}

/** Waits until what `look` finds out in this process is `want`; says what it was at the end. */
export async function until(look, want, what = 'the page') {
  const end = Date.now() + 60_000;
  for (;;) {
    const got = await look();
    try {
      return assert.deepEqual(got, want, what);
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }
}

/** How light most cells of the heatmap are, as red, green and blue together: most weights are small, and near the paper. */
export const lowest = (t) => t.page.$eval('#heatmap canvas', (canvas) => {
  const pen = canvas.getContext('2d');
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  const sums = [];
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] === 255) sums.push(pixels[i] + pixels[i + 1] + pixels[i + 2]);
  sums.sort((a, b) => a - b);
  return sums[sums.length >> 1];
});

/** The middle of a token's box in the window; `as` is 'query', or 'key' for the right column. */
export async function tokenAt(t, token, as = 'query') {
  // By place: what is drawn there may be another element after each change.
  const box = t.page.locator(`#sentence rect[data-${as}="${token}"]`);
  await box.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await box.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** The middle of a head's thumbnail in the window, found by the labels of its layer and its head. */
export async function headAt(t, layer, head) {
  await t.page.locator('#grid').scrollIntoViewIfNeeded();
  return t.page.$eval('#grid svg', (svg, [layer, head]) => {
    const label = (text) => [...svg.querySelectorAll('.label')].find((e) => e.textContent === text);
    const bounds = svg.getBoundingClientRect();
    // A label stands over the middle of its column, or 4 pixels below the middle of its row.
    const [h, l] = [label(`H${head}`), label(`L${layer}`)];
    const [column, row] = h.getAttribute('text-anchor') === 'middle' ? [h, l] : [l, h];
    return { x: bounds.left + Number(column.getAttribute('x')), y: bounds.top + Number(row.getAttribute('y')) - 4 };
  }, [layer, head]);
}

/** The middle of a cell of the heatmap in the window. */
export async function cellAt(t, query, key) {
  const n = (await t.call('tokens')).length;
  await t.page.locator('#heatmap').scrollIntoViewIfNeeded();
  const map = await t.page.locator('#heatmap rect.label').first().boundingBox();
  return { x: map.x + ((key + 0.5) / n) * map.width, y: map.y + ((query + 0.5) / n) * map.height };
}

export const moveTo = (t, { x, y }) => t.page.mouse.move(x, y);
export const tapAt = (t, { x, y }) => t.page.touchscreen.tap(x, y);
export async function clickAt(t, { x, y }, { shift = false } = {}) {
  if (shift) await t.page.keyboard.down('Shift');
  await t.page.mouse.click(x, y);
  if (shift) await t.page.keyboard.up('Shift');
}
/** Off every picture. */
export const moveAway = (t) => t.page.mouse.move(1, 1);

/** `attnscope.name(...)` is to be refused: { name, kind, message }. */
export async function refusal(t, name, ...args) {
  const got = await t.page.evaluate(([name, args]) => attnscope[name](...args).then(
    (value) => ({ resolved: value ?? null }),
    (error) => ({ error: error instanceof Error, kind: error.kind, message: error.message }),
  ), [name, args]);
  assert.equal(got.error, true, `${name}(${JSON.stringify(args)}) gave ${JSON.stringify(got)}`);
  return got;
}

/** The worker's script of this build, changed, in the place of the one that the server has. */
export function changeWorker(server, change) {
  const loader = readFileSync(new URL('../../dist/worker_loader.js', import.meta.url), 'utf8');
  server.fault('worker_loader.js', { body: Buffer.from(change(loader)) });
}

/** The worker's script of this build, which `stop` can make hang, or go without an event. It hangs in a loop, because Firefox
 * throws where a shared worker calls `Atomics.wait`. */
export const stoppable = (loader) => `${loader}
  new BroadcastChannel('stop').onmessage = ({ data }) => {
    if (data === 'close') return self.close();
    for (;;);
  };`;
export const stop = (frame, how) => frame.evaluate((how) => new BroadcastChannel('stop').postMessage(how), how);

/** To be run before the page: its ticks, by which it finds that a worker has stopped, come twenty times as often. */
export const hurry = () => {
  const { setInterval } = window;
  window.setInterval = (act, millis, ...args) => setInterval(act, millis / 20, ...args);
};

/** The page with its model ready and the first sentence read by it. */
export async function start(open, options) {
  const t = await open(options);
  await t.ready();
  await untilRead(t, TROPHY);
  return t;
}

/**
 * Waits until the sentence shows these edges: a row of the reference, as far as `mass` goes; as text, 8 edges at most where no
 * other share is asked for.
 */
export async function rowDrawn(t, queries, row, mass = 0.9) {
  const { keys } = byMass(row, mass);
  const wanted = (most) => keys.slice(0, Math.max(1, Math.floor(most / queries.length)))
    .flatMap((k) => queries.map((q) => `${q}>${k.key}`));
  await until(async () => {
    const got = (await edges(t)).map((e) => `${e.query}>${e.key}`);
    const isText = mass === 0.9 && await t.page.$('#sentence .ground');
    return got.join() === wanted(isText ? 8 : Infinity).join() ? 'these' : got;
  }, 'these', 'edges');
  for (const e of await edges(t)) near(e.value, row[e.key], 1e-4, `edge ${e.query}>${e.key}`);
}

/** Opens a popover of the page; the others close. */
export async function openPopover(t, id) {
  // Another one may lie over its button.
  if (await t.page.locator(`details.popover[open]:not(#${id})`).count()) await t.page.keyboard.press('Escape');
  if (await t.page.getAttribute(`#${id}`, 'open') === null) await t.page.click(`#${id} > summary`);
}

/** Opens a tab: row, steps, effect or charts of the inspector, heads or heatmap on a phone. */
export async function openTab(t, name) {
  // The inspector may be a drawer.
  const drawer = t.page.locator('#open-inspector');
  if (!await t.page.isVisible(`#tab-${name}`) && await drawer.isVisible()) await drawer.click();
  await t.page.click(`#tab-${name}`);
}

/** The row in words, of the run on screen. */
export const LEAD = '[data-pane="caption"] .lead';

/** Undo or Redo, in the page's head. */
export const undo = (t) => t.page.click('.tools [aria-label="Undo"]');
export const redo = (t) => t.page.click('.tools [aria-label="Redo"]');

/** What has the focus, as a reader would name it, and the outline that shows it. */
export const focused = (t) => t.page.evaluate(() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const shown = e.type === 'radio' ? e.nextElementSibling : e;
  const style = getComputedStyle(shown);
  const name = e.id ? `#${e.id}` : e.getAttribute('aria-label') ?? (e.type === 'radio' ? shown : e).textContent.trim();
  return { name, outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth) };
});

/** Goes on to the next control of a group that is one stop of Tab; false at its end, where it has come round to `first`. */
const onInGroup = async (t, first) => {
  await t.page.keyboard.press('ArrowRight');
  return !await t.page.evaluate((first) => document.activeElement === first, first);
};

/** Whether what has the focus is in a group of controls that is one stop of Tab, and arrow keys go on to the next. */
const isInGroup = (t) => t.page.evaluate(() => {
  const { activeElement: e } = document;
  return Boolean(e.closest('[data-rove]')) && !e.closest('.panel') && e.matches('button, summary, select, a[href]');
});

/** What is focused on the way through the group of controls around the focus, as `focused` tells it; empty outside of one. */
export async function groupAt(t) {
  const found = [];
  if (await isInGroup(t)) {
    const first = await t.page.evaluateHandle(() => document.activeElement);
    do found.push(await focused(t)); while (await onInGroup(t, first));
  }
  return found;
}

/** Goes to what has this name by Tab, and by the arrow keys within each group of controls. */
export async function tabTo(t, name) {
  const isHere = async () => (await focused(t))?.name === name;
  for (let i = 0; i < 60; i++) {
    if (await isHere()) return;
    if (await isInGroup(t)) {
      const first = await t.page.evaluateHandle(() => document.activeElement);
      while (await onInGroup(t, first)) if (await isHere()) return;
    }
    await t.page.keyboard.press('Tab');
  }
  assert.fail(`Tab never comes to ${name}`);
}

/** The part of a picture that a screen reader is at: what it is, what it is called, and where it stands; null for none. */
export const activePart = (t, picture) => t.page.$eval(`#${picture}`, (e) => {
  const part = document.getElementById(e.getAttribute('aria-activedescendant'));
  if (!part || !e.contains(part)) return null;
  const told = (e, name) => e.getAttribute(`aria-${name}`);
  const [row, of] = [part.closest('[role=row]'), part.getAttribute('role') === 'option'];
  return {
    role: part.getAttribute('role'),
    name: part.textContent.replace(/[\u2066-\u2069]/g, ''),
    place: of ? `${told(part, 'posinset')} of ${told(part, 'setsize')}`
      : `row ${told(row, 'rowindex')} of ${told(e, 'rowcount')}, column ${told(part, 'colindex')} of ${told(e, 'colcount')}`,
    selected: told(part, 'selected') === 'true',
  };
});
