// Attention that another program computed: a file of weights and tokens, shown and asked about without its model.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { cellAt, four, modelHere, moveAway, moveTo, openPopover, said, until, untilRead } from './helpers.mjs';

const TEXT = 'dog bit man';
const OFFSETS = [[0, 3], [4, 7], [8, 11]];
/** Two layers of one head over three tokens: [layer, head, query, key]. */
const LAYERS = [[0.5, 0.25, 0.25, 0.125, 0.75, 0.125, 0, 0, 1], [1, 0, 0, 0.5, 0.5, 0, 0.25, 0.25, 0.5]];

/** The bytes of a safetensors file, as README's lines of Python write it; `numbers` are what its layers are called. */
function file(metadata = {}, numbers = [0, 1]) {
  const said = { model: 'far away', text: TEXT, tokens: JSON.stringify(['dog', 'bit', 'man']),
    offsets: JSON.stringify(OFFSETS), ...metadata };
  const size = LAYERS[0].length * 4;
  const tensors = LAYERS.map((_, l) =>
    [`attention.${numbers[l]}`, { dtype: 'F32', shape: [1, 3, 3], data_offsets: [l * size, (l + 1) * size] }]);
  let header = JSON.stringify({ __metadata__: said, ...Object.fromEntries(tensors) });
  header += ' '.repeat((8 - Buffer.byteLength(header) % 8) % 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header), Buffer.from(new Float32Array(LAYERS.flat()).buffer)]);
}

async function choose(t, name, buffer) {
  await openPopover(t, 'share');
  await t.page.setInputFiles('#open', { name, mimeType: 'application/octet-stream', buffer });
}

test('its weights are on screen, with what made them, until the reader types', async ({ open }) => {
  const t = await open();
  await t.ready();
  await choose(t, 'attention.safetensors', file());
  const status = t.page.locator('#status');
  await status.filter({ hasText: 'Imported attention (far away).' }).waitFor();
  assert.equal(await t.page.inputValue('#text'), TEXT);
  for (const [l, weights] of LAYERS.entries()) {
    const pattern = await t.call('pattern', l, 0);
    assert.deepEqual([...pattern.flat()], weights, `layer ${l}`);
  }
  await t.page.fill('#text', 'man bit dog');
  // The model of the page reads what is typed.
  await modelHere(t, 'all-MiniLM-L6-v2');
  await untilRead(t, 'man bit dog');
  assert.equal((await t.call('pattern', 3, 1)).length, 5);
});

test('a file that does not hold is told, and what is on screen stays', async ({ open }) => {
  const t = await open();
  await t.ready();
  const before = await t.page.inputValue('#text');
  await choose(t, 'attention.safetensors', file({ tokens: '["dog"]' }));
  const fault = t.page.locator('#fault');
  await fault.filter({ hasText: 'attention.0' }).waitFor();
  assert.match(await fault.textContent(), /Attention computed elsewhere/);
  assert.equal(await t.page.inputValue('#text'), before);
});

/** How many pixels of the heatmap's cells are filled, and how many are lines of a hatching, which lets the paper through. */
const painted = (t) => t.page.evaluate(() => {
  const canvas = document.querySelector('#heatmap canvas');
  const [paper, map] = [canvas, document.querySelector('#heatmap rect.label')].map((e) => e.getBoundingClientRect());
  const ratio = canvas.width / paper.width;
  const area = [map.x - paper.x, map.y - paper.y, map.width, map.height].map((length) => Math.round(length * ratio));
  const alphas = canvas.getContext('2d').getImageData(...area).data.filter((_, i) => i % 4 === 3);
  return { filled: alphas.filter((alpha) => alpha === 255).length, lines: alphas.filter((alpha) => alpha > 0 && alpha < 255).length };
});

test('a layer that the file does not have is hatched, without a number, between those that it has', async ({ open }) => {
  const t = await open();
  await t.ready();
  await choose(t, 'attention.safetensors', file({}, [0, 2]));
  await t.page.locator('#status').filter({ hasText: 'Imported attention' }).waitFor();
  const drawn = () => painted(t).then(({ filled, lines }) => [filled > 0, lines > 0]);
  for (const [layer, weights] of [[0, LAYERS[0]], [1, null], [2, LAYERS[1]]]) {
    await t.call('set', { layer, head: 0 });
    const pattern = (await t.call('pattern', layer, 0)).flat();
    assert.deepEqual([...pattern], weights ?? Array(9).fill(NaN), `layer ${layer}`);
    await until(drawn, [weights !== null, weights === null], `layer ${layer} is filled, is hatched`);
    await moveAway(t);
    // No cell is not a range from 0 to 0.
    await until(() => said(t, '#heatmap-cell'), weights ? 'range 0.000 to 1.000' : '');
    await moveTo(t, await cellAt(t, 1, 1));
    await until(() => said(t, '#heatmap-cell').then((s) => s.replace(/^bit reads bit: /, '')), weights ? four(weights[4]) : 'hidden');
  }
});
