// Charts: every head by one measure, and what a run costs on this device.

import assert from 'node:assert/strict';
import { PHONE, test } from './harness.mjs';
import {
  IT, WEIGHTS, clickAt, golden, marks, moveAway, moveTo, near, openTab, rowDrawn, said, start, until,
} from './helpers.mjs';

const want = golden('trophy_big');
const HEADS = [...Array(72).keys()].map((i) => [Math.floor(i / 12), i % 12]);
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const headOf = (t) => t.call('state').then((s) => [s.layer, s.head]);

/** The reference's measures of a head, by their definitions. */
const QUERIES = [...Array(want.n).keys()];
const measures = {
  entropy: ([layer, head]) => sum(QUERIES.map((q) => -sum(want.row(layer, head, q).map((w) => (w > 0 ? w * Math.log2(w) : 0))))) / want.n,
  distance: ([layer, head]) => sum(QUERIES.map((q) => sum(want.row(layer, head, q).map((w, k) => w * Math.abs(q - k))))) / want.n,
  sink_share: ([layer, head]) => sum(QUERIES.slice(1, -1).map((q) => {
    const row = want.row(layer, head, q);
    return row[0] + row[want.n - 1];
  })) / (want.n - 2),
};

/** The dots of the chart: [{ head, value }] in the order of the heads. */
const dots = (t) => t.page.$$eval('#chart .dot', (all) => all.map((e) => ({
  head: e.dataset.head, value: Number(e.dataset.value),
})));

const dotAt = async (t, [layer, head]) => {
  const dot = t.page.locator(`#chart .dot[data-head="L${layer} H${head}"]`);
  await dot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await dot.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
};

/** The names written beside ringed dots. */
const named = (t) => t.page.$$eval('#chart .label[font-weight="600"]', (all) => all.map((e) => e.textContent));

async function opened(open, options) {
  const t = await start(open, options);
  await openTab(t, 'charts');
  await until(async () => (await dots(t)).length, 72);
  return t;
}

async function checkDots(t, measure) {
  const wanted = HEADS.map(measures[measure]);
  await until(async () => {
    const all = await dots(t);
    return all.length === 72 && all.every((d, i) => Math.abs(d.value - wanted[i]) < 2e-3);
  }, true, measure);
  assert.deepEqual((await dots(t)).map((d) => d.head), HEADS.map(([l, h]) => `L${l} H${h}`));
}

test('closed it asks for nothing; open it has a dot of every head with the reference\'s number', async ({ open }) => {
  const t = await start(open);
  assert.equal((await dots(t)).length, 0);
  assert.equal(await t.page.locator('#chart').isVisible(), false);
  await openTab(t, 'charts');
  await checkDots(t, 'entropy');
  for (const [name, measure] of [['Mean distance', 'distance'], ['Weight on sinks', 'sink_share'], ['Entropy', 'entropy']]) {
    await t.page.click(`#inspector-panel .option:has-text("${name}")`);
    await checkDots(t, measure);
    assert.equal((await t.call('state')).chart, measure);
  }
  const bits = measures.entropy([3, 1]);
  const layer = sum([...Array(12).keys()].map((h) => measures.entropy([3, h]))) / 12;
  const told = await said(t, '#chart-told');
  assert.match(told, /^L3 H1: entropy [\d.]+ \(bits\)\. Its layer's mean is /);
  const [own, mean] = told.match(/\d+\.\d\d/g).map(Number);
  near(own, bits, 0.006, 'its entropy');
  near(mean, layer, 0.006, 'its layer\'s mean');
  assert.deepEqual(await named(t), ['L3 H1']);
  await openTab(t, 'row');
  assert.equal((await t.call('state')).chart, null);
  assert.equal(await t.page.locator('#chart').isVisible(), false);
});

test('hover previews a head, click chooses it, here and everywhere', async ({ open }) => {
  const t = await opened(open);
  await moveTo(t, await dotAt(t, [5, 4]));
  await until(() => named(t), ['L5 H4', 'L3 H1']);
  await until(() => said(t, '#chart-told').then((s) => s.startsWith('L5 H4: entropy')), true);
  await rowDrawn(t, [IT], want.row(5, 4, IT));
  assert.deepEqual(await headOf(t), [3, 1], 'nothing is chosen');
  await moveAway(t);
  await until(() => named(t), ['L3 H1']);
  await clickAt(t, await dotAt(t, [2, 4]));
  await until(() => headOf(t), [2, 4]);
  await moveAway(t);
  await until(() => named(t), ['L2 H4']);
  await rowDrawn(t, [IT], want.row(2, 4, IT));
  // What another picture points at is shown here too.
  await t.call('set', { chart: 'distance', layer: 0, head: 0 });
  await until(() => named(t), ['L0 H0']);
  await checkDots(t, 'distance');
});

test('arrow keys go along the dots', async ({ open }) => {
  const t = await opened(open);
  await t.page.focus('#chart');
  await t.page.keyboard.press('ArrowRight');
  await until(() => headOf(t), [4, 1]);
  await t.page.keyboard.press('ArrowLeft');
  await t.page.keyboard.press('ArrowLeft');
  await until(() => headOf(t), [2, 1]);
  const by = [...Array(12).keys()].sort((a, b) => measures.entropy([2, a]) - measures.entropy([2, b]));
  const place = by.indexOf(1);
  for (let i = place + 1; i < 12; i++) {
    await t.page.keyboard.press('ArrowUp');
    await until(() => headOf(t), [2, by[i]]);
  }
  await t.page.keyboard.press('ArrowUp');
  await t.page.keyboard.press('ArrowDown');
  await until(() => headOf(t), [2, by[10]], 'the highest is the end');
  await until(() => named(t), [`L2 H${by[10]}`]);
  for (let i = 0; i < 8; i++) await t.page.keyboard.press('ArrowLeft');
  await until(() => headOf(t), [0, by[10]]);
});

test('on a phone every dot is in the picture and can be tapped', async ({ open }) => {
  const t = await opened(open, { viewport: PHONE, hasTouch: true });
  const bounds = await t.page.locator('#chart svg').boundingBox();
  assert.ok(bounds.width <= PHONE.width, `${bounds.width}`);
  for (const head of [[0, 0], [5, 11], [3, 1]]) {
    const { x, y } = await dotAt(t, head);
    await t.page.touchscreen.tap(x, y);
    await until(() => headOf(t), head);
  }
});

test('a saved run has no chart, and says so', async ({ open }) => {
  const t = await open({ fresh: true, faults: { [WEIGHTS]: { heldAfter: 300_000 } } });
  await until(() => marks(t, 'sentence', 'edge').then((all) => all.length > 0), true);
  await openTab(t, 'charts');
  await until(() => said(t, '#chart-told'), 'The chart appears once the model has loaded.');
  assert.equal((await dots(t)).length, 0);
  assert.equal(await t.page.locator('button:has-text("Measure on this device")').count(), 0);
});

test('the time of a run is measured here, and can be cancelled', async ({ open }) => {
  const t = await opened(open);
  const measured = () => t.page.$$eval('#cost .dot', (all) => all.map((e) => Number(e.dataset.value)));
  await t.page.click('button:has-text("Measure on this device")');
  await t.page.waitForSelector('progress[aria-label="Timing runs"]');
  await until(async () => (await measured()).length >= 3, true);
  // Whatever the reader does meanwhile is answered between two runs.
  await t.call('set', { layer: 2, head: 4 });
  await rowDrawn(t, [IT], want.row(2, 4, IT));
  await until(() => named(t), ['L2 H4']);
  await t.page.click('#inspector-panel button:has-text("Cancel")');
  await until(() => t.page.locator('progress').count(), 0);
  const kept = (await measured()).length;
  assert.ok(kept >= 3 && kept <= 6);
  assert.match(await said(t, '#cost-told'), /^Measured on this device, median for each length: 16 tokens [\d.]+ ms, 32 tokens /);
  await t.page.click('button:has-text("Measure on this device")');
  await until(async () => (await measured()).length <= 2, true, 'it begins anew');
}, { timeout: 180_000 });

/** The coefficients of these powers of the curve nearest to the points: the normal equations, by elimination. */
function leastSquares(points, powers) {
  const rows = powers.map((p) => [
    ...powers.map((q) => points.reduce((sum, [x]) => sum + (x / 512) ** (p + q), 0)),
    points.reduce((sum, [x, y]) => sum + (x / 512) ** p * y, 0),
  ]);
  for (let i = 0; i < powers.length; i += 1) {
    for (let k = 0; k < powers.length; k += 1) {
      const part = rows[k][i] / rows[i][i];
      if (k !== i) rows[k] = rows[k].map((value, j) => value - part * rows[i][j]);
    }
  }
  return rows.map((row, i) => row[powers.length] / row[i]);
}

/** The nearest curve without a negative term: the best of all sets of powers whose own optimum has none. */
function bounded(points) {
  const curves = [[2, 1, 0], [2, 1], [2, 0], [1, 0], [2], [1], [0]].map((powers) => {
    const terms = leastSquares(points, powers);
    const at = (n) => terms.reduce((sum, term, i) => sum + term * (n / 512) ** powers[i], 0);
    return { terms, at, error: points.reduce((sum, [n, ms]) => sum + (at(n) - ms) ** 2, 0) };
  });
  return curves.filter(({ terms }) => terms.every((term) => term >= 0)).sort((x, y) => x.error - y.error)[0];
}

test('measured to the end, the curve is told with its square part', async ({ open }) => {
  const t = await opened(open);
  const measured = () => t.page.$$eval('#cost .dot', (all) => all.map((e) => Number(e.dataset.value)));
  await t.page.click('button:has-text("Measure on this device")');
  await t.page.waitForFunction(() => document.querySelectorAll('#cost .dot').length === 6
    && !document.querySelector('progress'), undefined, { timeout: 120_000 });
  const told = await said(t, '#cost-told');
  const times = [...told.matchAll(/(\d+) tokens ([\d.]+) ms/g)].slice(0, 6).map(([, n, ms]) => [Number(n), Number(ms)]);
  assert.deepEqual(times.map(([n]) => n), [16, 32, 64, 128, 256, 512]);
  (await measured()).forEach((ms, i) => near(times[i][1], ms, 0.006 * ms, `${times[i][0]} tokens`));
  const lines = await t.page.$$eval('#cost .line', (all) => all.length);
  // The same curve from the same times, which need not lie on it: other programs take part of any of them.
  const fitted = bounded(times);
  const noise = Math.sqrt(fitted.error / 6) / (times.reduce((sum, [, ms]) => sum + ms, 0) / 6);
  if (/too noisy/.test(told)) {
    assert.ok(noise > 0.14, `${noise} is said to be too noisy`);
    assert.equal(lines, 0);
    return;
  }
  const [, a, b, c, share] = told.match(/curve: ([\d.]+) n² \+ ([\d.]+) n \+ ([\d.]+) ms; at 512 tokens the n² part is (\d+) %/).map(Number);
  assert.ok(noise < 0.16, `${noise} is too noisy for a curve`);
  near(share, (100 * a * 512 ** 2) / (a * 512 ** 2 + b * 512 + c), 1.5, 'the part that is told');
  near(a * 512 ** 2 + b * 512 + c, fitted.at(512), 0.03 * fitted.at(512), 'the curve nearest to the times');
  assert.ok(times[5][1] > 10 * times[0][1], 'longer texts take longer');
  assert.match(told, /The ring is the text on screen: 16 tokens in [\d.]+ ms\.$/);
  assert.ok(lines > 60);
}, { timeout: 240_000 });
