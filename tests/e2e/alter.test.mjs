// What a reader changes in the model, what that does, and the way back.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  IT, TROPHY, clickAt, golden, headAt, marks, moveAway, near, openPopover, redo, refusal, rowNear, said, start, tokenAt, undo,
  until, untilRead,
} from './helpers.mjs';

const want = golden('trophy_big');
const pattern = (t, layer, head) => t.call('pattern', layer, head);
const altered = (t) => t.call('state').then((s) => s.altered);
const edit = (t) => openPopover(t, 'edit');

/** Waits until the run on screen is the one asked for. */
const read = (t) => untilRead(t, TROPHY);

test('without positions, the order of the words makes no difference', async ({ open }) => {
  const t = await start(open);
  const both = async (alter) => {
    await t.call('set', { text: 'dog bit man', tokens: [], altered: alter });
    const one = await pattern(t, 4, 7);
    await t.call('set', { text: 'man bit dog' });
    return [one, await pattern(t, 4, 7)];
  };
  // [CLS] dog bit man [SEP] and [CLS] man bit dog [SEP]: 1 and 3 change places.
  const place = [0, 3, 2, 1, 4];
  const worst = ([one, other]) => Math.max(...one.flatMap((row, q) => row.map((w, k) => Math.abs(w - other[place[q]][place[k]]))));
  assert.ok(worst(await both(null)) > 1e-2, 'with positions the weights differ');
  const without = worst(await both({ positions: false }));
  assert.ok(without <= 1e-5, `without positions they are the same, but for ${without}`);
  assert.match(await said(t, '#altered'), /^Edited model: no position information/);
});

test('a head is switched off by key, crossed out, and changes what later layers read; r restores it', async ({ open }) => {
  const t = await start(open);
  await t.page.focus('#grid');
  await t.page.keyboard.press('x');
  await read(t);
  assert.deepEqual((await altered(t)).heads_off, ['L3 H1']);
  await until(async () => (await marks(t, 'grid', 'off')).length, 2, 'a cross');
  assert.match(await said(t, '#altered'), /^Edited model: L3 H1 off/);
  // What it would read is still shown, as is all before it; later layers change.
  (await pattern(t, 3, 1)).forEach((row, q) => rowNear(row, want.row(3, 1, q), 1e-4, `row ${q}`));
  const later = (await pattern(t, 4, 0)).flat();
  const before = later.map((_, i) => want.row(4, 0, Math.floor(i / want.n))[i % want.n]);
  assert.ok(Math.max(...later.map((w, i) => Math.abs(w - before[i]))) > 1e-3, 'layer 4 has changed');
  await t.page.keyboard.press('r');
  await read(t);
  assert.equal(await altered(t), null);
  assert.equal(await said(t, '#altered'), '');
  (await pattern(t, 4, 0)).forEach((row, q) => rowNear(row, want.row(4, 0, q), 1e-4, `row ${q}`));
});

test('a layer, and all heads but one, are switched off by their buttons', async ({ open }) => {
  const t = await start(open);
  await edit(t);
  await t.page.click('#edit >> text=Switch its whole layer off');
  await read(t);
  assert.deepEqual((await altered(t)).heads_off, [...Array(12).keys()].map((h) => `L3 H${h}`));
  await t.page.click('#edit >> text=Switch all other heads off');
  await read(t);
  assert.equal((await altered(t)).heads_off.length, 71);
  await t.page.click('#edit >> text=Switch L3 H1 off');
  await read(t);
  assert.equal((await altered(t)).heads_off.length, 72);
  await t.page.click('#edit >> text=Reset the model');
  await read(t);
  assert.equal(await altered(t), null);
});

test('the temperature does to a row what it should', async ({ open }) => {
  const t = await start(open);
  await edit(t);
  await t.page.focus('#temperature');
  await t.page.keyboard.press('End');
  await read(t);
  const { temperature } = await altered(t);
  near(temperature, 10, 1e-3, 'the slider\'s end');
  // The first layer's input is the same, so its weights are p^(1/T), scaled to sum to 1.
  const got = await pattern(t, 0, 2);
  got.forEach((row, q) => {
    const hot = want.row(0, 2, q).map((p) => p ** (1 / temperature));
    const sum = hot.reduce((a, b) => a + b);
    rowNear(row, hot.map((p) => p / sum), 1e-3, `row ${q}`);
  });
  await t.page.focus('#grid');
  await t.page.keyboard.press('r');
  await read(t);
  assert.equal(await altered(t), null);
});

test('under a causal mask no token reads what comes after it: absent, not zero', async ({ open }) => {
  const t = await start(open);
  await edit(t);
  await t.page.check('#edit >> text=Causal mask');
  await read(t);
  const rows = await pattern(t, 3, 1);
  rows.forEach((row, q) => {
    assert.ok(row.slice(q + 1).every(Number.isNaN), `row ${q}`);
    near(row.slice(0, q + 1).reduce((a, b) => a + b), 1, 1e-5, `row ${q}`);
  });
  assert.equal(rows[0][0], 1);
  assert.match(await said(t, '#facts'), new RegExp(`of ${IT + 1} tokens drawn`));
  assert.match(await said(t, '#facts'), /weights sum to 1\.00/);
});

test('shuffled words are read in another order and shown in the reader\'s own characters', async ({ open }) => {
  const t = await start(open);
  const words = async () => (await t.call('tokens')).map((token) => token.text);
  const straight = await words();
  await edit(t);
  await t.page.check('#edit >> text=Shuffle the words');
  await read(t);
  const shuffled = await words();
  assert.notDeepEqual(shuffled, straight);
  assert.deepEqual([...shuffled].sort(), [...straight].sort());
  await t.page.click('#edit >> text=Shuffle again');
  await read(t);
  assert.notDeepEqual(await words(), shuffled);
  await t.page.uncheck('#edit >> text=Shuffle the words');
  await read(t);
  assert.deepEqual(await words(), straight);
});

test('what was asked of a run that is gone is no fault', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { inside: true, sort: 'reads', from: 2 });
  for (const temperature of [2, 3, 4, 5]) await t.call('set', { altered: { temperature } });
  await t.call('set', { altered: null });
  await until(() => said(t, '#found').then((s) => /^Most weight on trophy from it: L3 H1 0\.62/.test(s)), true);
  assert.equal(await said(t, '#fault'), '');
});

test('undo and redo, by button and by key, go through all that was chosen', async ({ open }) => {
  const t = await start(open);
  const state = () => t.call('state');
  const first = await state();
  await clickAt(t, await tokenAt(t, 2));
  await until(async () => (await state()).tokens, [2]);
  await clickAt(t, await headAt(t, 2, 4));
  await moveAway(t);
  await until(async () => (({ layer, head }) => [layer, head])(await state()), [2, 4]);
  const last = await state();
  await undo(t);
  await until(async () => (await state()).layer, 3);
  await t.page.keyboard.press('ControlOrMeta+z');
  await until(state, first);
  await t.page.keyboard.press('ControlOrMeta+z');
  assert.deepEqual(await state(), first, 'there is nothing before it');
  await t.page.keyboard.press('ControlOrMeta+y');
  await redo(t);
  await until(state, last);
});

test('typing is undone as one step', async ({ open }) => {
  const t = await start(open);
  await t.page.click('#text');
  await t.page.keyboard.press('ControlOrMeta+a');
  await t.page.keyboard.type('dog bit man');
  await untilRead(t, 'dog bit man');
  await undo(t);
  await untilRead(t, TROPHY);
  assert.equal(await t.page.inputValue('#text'), TROPHY);
});

test('the keys are told by ?, and Escape closes that and nothing else', async ({ open }) => {
  const t = await start(open);
  await t.page.focus('#sentence');
  await t.page.keyboard.press('?');
  assert.ok(await t.page.isVisible('#help'));
  await t.page.keyboard.press('Escape');
  assert.ok(!(await t.page.isVisible('#help')));
  assert.deepEqual((await t.call('state')).tokens, [IT]);
  await openPopover(t, 'more');
  await t.page.click('#more >> text=Keyboard');
  await t.page.click('#help >> text=Close');
  assert.ok(!(await t.page.isVisible('#help')));
  // Where one types, keys are letters.
  await t.page.fill('#text', '');
  await t.page.type('#text', 'r?x');
  assert.equal(await t.page.inputValue('#text'), 'r?x');
  assert.ok(!(await t.page.isVisible('#help')));
});

test('a change that cannot be is refused with its field, and nothing changes', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  for (const [change, what] of [
    [{ heads_off: ['L9'] }, /heads_off/], [{ temperature: 0 }, /temperature/], [{ hot: 1 }, /hot/], [7, /altered/],
  ]) {
    const { kind, message } = await refusal(t, 'set', { altered: change });
    assert.equal(kind, 'input');
    assert.match(message, what);
  }
  assert.deepEqual(await t.call('state'), before);
  // A head that this model does not have is found when the run is asked for.
  assert.match((await refusal(t, 'set', { altered: { heads_off: ['L9 H0'] } })).message, /L9 H0/);
});
