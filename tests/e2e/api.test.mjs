// `window.attnscope`, as a script uses it.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { folderOf } from './hub.mjs';
import {
  IT, LEAD, TROPHY, edges, golden, lit, refusal, rowDrawn, rowNear, said, start, undo, until, untilRead,
} from './helpers.mjs';

const want = golden('trophy_big');

test('the state at the start is the whole state', async ({ open }) => {
  const t = await start(open);
  const { mass, ...rest } = await t.call('state');
  assert.deepEqual(rest,
    { text: TROPHY, pair: null, model: null, layer: 3, head: 1, tokens: [IT], view: null, special: 'show', words: false,
      inside: false, downstream: false, chart: null, sort: 'place', label: null, from: null, to: null,
      show: 'weight', compare: null, side_by_side: false, numbers: false, altered: null });
  assert.equal(Math.fround(mass), Math.fround(0.9));
});

test('set resolves when it is drawn', async ({ open }) => {
  const t = await start(open);
  // In one turn of the page: what is read right after the promise is what is on screen then.
  const drawn = await t.page.evaluate(async () => {
    await attnscope.set({ layer: 5, head: 11, tokens: ['bag'] });
    return [...document.querySelectorAll('#sentence .edge')].map((e) => [e.dataset.query, e.dataset.key].join('>'));
  });
  assert.deepEqual(drawn.reverse(), (await edges(t)).map((e) => `${e.query}>${e.key}`));
  await rowDrawn(t, [8], want.row(5, 11, 8));
  assert.equal(await said(t, '#head-title'), 'Layer 5, head 11');
  const animal = golden('animal');
  const lead = await t.page.evaluate(async ([text, lead]) => {
    await attnscope.set({ text, layer: 3, head: 1, tokens: ['it'] });
    return document.querySelector(lead).textContent;
  }, [animal.text, LEAD]);
  assert.match(lead, /^it reads from animal 0\.68, /);
  const { tokens } = await t.call('state');
  assert.deepEqual(tokens.map((i) => animal.tokens[i]), ['it']);
  await rowDrawn(t, tokens, animal.row(3, 1, tokens[0]));
});

test('a pair, and its tokens by their characters', async ({ open }) => {
  const t = await start(open);
  const pair = golden('pair');
  await t.call('set', { text: pair.text, pair: pair.pair, tokens: ['trophy', 'WHO'] });
  assert.deepEqual((await t.call('state')).tokens, [8, 1]);
  assert.equal(await t.page.inputValue('#pair'), pair.pair);
  assert.deepEqual((await lit(t)).sort(), [1, 8]);
  await t.call('set', { pair: null });
  assert.equal((await t.call('state')).pair, null);
  assert.equal((await t.call('tokens')).length, 7);
  assert.equal(await t.page.locator('#pair').isVisible(), false);
});

test('what is wrong is refused with its name, and nothing changes', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  const drawn = await edges(t);
  for (const [patch, ...words] of [
    [{ leyer: 1 }, 'leyer', 'layer'], [{ layer: '1' }, 'layer', '1'], [{ words: 1 }, 'words'], [{ layer: -1 }, '-1'], [{ layer: 1.5 }, '1.5'],
    [{ text: 7 }, '7'], [{ pair: [] }, 'pair', 'a list'], [{ tokens: 'it' }, 'it'],
    [{ tokens: [{}] }, 'tokens', 'an object'], [{ view: 'pie' }, 'pie', 'arcs', 'columns'],
    [{ special: 'hide' }, 'hide', 'mask', 'renormalise'], [{ mass: 1.5 }, 'mass', '1.5'],
    [{ mass: -0.1 }, 'mass', '-0.1'], [{ mass: 'all' }, 'all'], [{ tokens: ['zebra'] }, 'zebra', 'trophy'],
    [{ tokens: [16] }, '16'], [null, 'null'], [7, '7'], ['it', 'it'],
  ]) {
    const { kind, message } = await refusal(t, 'set', patch);
    const what = `${JSON.stringify(patch)}: ${message}`;
    assert.equal(kind, 'input', what);
    for (const word of words) assert.match(message, new RegExp(word), what);
    assert.deepEqual(await t.call('state'), before, what);
  }
  assert.deepEqual(await edges(t), drawn);
});

test('one wrong part spoils the whole call', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  for (const patch of [{ layer: 2, tokens: ['zebra'] }, { view: 'columns', mass: 2 }, { special: 'mask', tokens: [99] }]) {
    await refusal(t, 'set', patch);
    assert.deepEqual(await t.call('state'), before, JSON.stringify(patch));
  }
});

test('nothing of a refused change stays, whether it is refused at once, by its text or with its model', async ({ open }) => {
  const folder = folderOf('gpt2', 'mine');
  const before = (server) => Object.entries(folder).forEach(([path, fault]) => server.fault(path, fault));
  const t = await start(open, { before });
  await t.call('set', { layer: 2, head: 5, tokens: ['bag'] });
  const [shown, hash] = [await t.call('state'), () => t.page.evaluate(() => location.hash)];
  await until(() => hash().then((h) => /head=L2H5&tokens=8$/.test(h)), true);
  const address = await hash();
  const model = `${t.url}mine/`;
  for (const [patch, message] of [
    [{ altered: { heads_off: ['L9 H99'] } }, /a head to switch off: expected one of 6 layers and 12 heads/],
    [{ text: 'dog bit man', altered: { causal: true, heads_off: ['L0 H12'] } }, /a head to switch off/],
    [{ text: 'dog bit man', words: true, to: 7 }, /^to: expected a place below 5, got 7/],
    [{ text: 'dog bit man', pair: 'man', altered: { temperature: 2 }, tokens: ['zebra'] }, /zebra/],
    [{ compare: { text: 'man' }, show: 'norm', from: 'zebra' }, /zebra/],
    [{ model, layer: 5, text: 'dog bit man' }, /layer: expected a number below 2, got 5/],
    [{ model, layer: 0, head: 0, text: 'w1 w2', tokens: ['zebra'] }, /zebra/],
    [{ model: `${t.url}absent/`, layer: 0 }, /^manifest\.json: .*HTTP status 404/],
  ]) {
    const refused = await refusal(t, 'set', patch);
    assert.match(refused.message, message, JSON.stringify(patch));
    assert.deepEqual(await t.call('state'), shown, JSON.stringify(patch));
    assert.equal(await hash(), address);
    await untilRead(t, TROPHY);
    rowNear((await t.call('pattern', 2, 5))[8], want.row(2, 5, 8), 1e-4, JSON.stringify(patch));
    assert.equal(await t.page.locator('#fault').textContent(), '', 'the page is as it was');
  }
  // No step of the history leads there, and later calls are free of it.
  await t.call('set', { head: 6 });
  assert.deepEqual(await t.call('state'), { ...shown, head: 6 });
  await t.page.keyboard.press('Control+z');
  await until(() => t.call('state'), shown);
  await t.page.keyboard.press('Control+z');
  await until(() => t.call('state').then(({ layer, head, text }) => [layer, head, text]), [3, 1, TROPHY]);
});

test('of two changes at once the one that is refused leaves nothing in the other', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  const settled = (...patches) => t.page.evaluate((patches) => Promise.allSettled(patches.map((patch) => attnscope.set(patch)))
    .then((all) => all.map(({ status }) => status)), patches);
  assert.deepEqual(await settled({ text: 'dog bit man', words: true }, { text: 'man bit dog', tokens: ['zebra'] }), ['rejected', 'rejected']);
  assert.deepEqual(await t.call('state'), before);
  assert.deepEqual(await settled({ text: 'dog bit man', words: true }, { text: 'man bit dog', tokens: ['dog'] }), ['rejected', 'fulfilled']);
  assert.deepEqual(await t.call('state'), { ...before, text: 'man bit dog', tokens: [3] });
  assert.deepEqual(await settled({ text: TROPHY, tokens: ['it'] }, { words: true }), ['fulfilled', 'fulfilled']);
  assert.deepEqual(await t.call('state'), { ...before, words: true });
});

test('a wrong type is named by its field', async ({ open }) => {
  const t = await start(open);
  for (const patch of [{ layer: '1' }, { text: 7 }, { mass: 'all' }, { tokens: [{}] }, { pair: [] }, { layer: null }]) {
    const { message } = await refusal(t, 'set', patch);
    assert.ok(message.startsWith(`${Object.keys(patch)[0]}: `), message);
  }
});

test('a layer or head the model does not have is refused', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  for (const patch of [{ layer: 6 }, { head: 12 }]) {
    const { kind } = await refusal(t, 'set', patch);
    assert.equal(kind, 'input');
    assert.deepEqual(await t.call('state'), before);
  }
});

test('a number is a place, not characters', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: '5 4 3 2 1', tokens: [1] });
  assert.deepEqual((await t.call('state')).tokens, [1]);
  await t.call('set', { tokens: ['1'] });
  assert.deepEqual((await t.call('state')).tokens, [5]);
});

test('pattern: rows of numbers, and its refusals', async ({ open }) => {
  const t = await start(open);
  const rows = await t.call('pattern', 3, 1);
  rows.forEach((row, query) => {
    rowNear(row, want.row(3, 1, query), 1e-4, `query ${query}`);
    assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-5);
  });
  for (const args of [[6, 0], [0, 12], [-1, 0], [0.5, 0], ['3', 1], [3], [], [NaN, 1], [1e30, 1]]) {
    const { kind, message } = await refusal(t, 'pattern', ...args);
    assert.equal(kind, 'input');
    assert.match(message, /a layer below 6 and a head below 12/);
  }
});

test('set twice quickly: the last one stays, the first says why it did not', async ({ open }) => {
  const t = await start(open);
  const [first, second] = [golden('animal').text, golden('man_dog').text];
  const settled = await t.page.evaluate(([first, second]) => Promise.allSettled([
    attnscope.set({ text: first }), attnscope.set({ text: second }),
  ]).then((all) => all.map((s) => [s.status, s.reason?.kind ?? null, s.reason?.message ?? ''])), [first, second]);
  assert.deepEqual(settled.map((s) => s.slice(0, 2)), [['rejected', 'input'], ['fulfilled', null]]);
  assert.match(settled[0][2], /a newer one/);
  assert.deepEqual((await t.call('tokens')).map((x) => x.token), golden('man_dog').tokens);
  // The same twice: both are done.
  const same = await t.page.evaluate((text) => Promise.all([attnscope.set({ text }), attnscope.set({ text })])
    .then(() => attnscope.tokens().length), TROPHY);
  assert.equal(same, want.n);
});

test('tokens set with a text are those of that text, in one step', async ({ open }) => {
  const t = await start(open);
  const text = 'Big dogs: the trophy did not fit in the bag, because it was too big.';
  await t.call('set', { text, tokens: ['it'], from: 5, to: 'bag' });
  const { tokens, from, to } = await t.call('state');
  const names = (await t.call('tokens')).map((x) => x.text);
  assert.deepEqual([tokens.map((i) => names[i]), from, names[to]], [['it'], 5, 'bag']);
  await undo(t);
  await untilRead(t, TROPHY);
  const before = await t.call('state');
  assert.deepEqual([before.tokens, before.from, before.to], [[IT], null, null]);
  // What the text does not have is refused: here before anything changes.
  assert.match((await refusal(t, 'set', { layer: 0, from: 99 })).message, /^from: expected a place below 16, got 99/);
  assert.match((await refusal(t, 'set', { to: 'zebra' })).message, /zebra/);
  assert.deepEqual(await t.call('state'), before);
  assert.match((await refusal(t, 'set', { text: 'dog bit man', to: 7 })).message, /^to: expected a place below 5, got 7/);
});

test('a state goes through set and comes back', async ({ open }) => {
  const t = await start(open);
  const pair = golden('pair');
  await t.call('set', {
    text: pair.text, pair: pair.pair, layer: 2, head: 4, tokens: [8, 3], view: 'columns', special: 'renormalise', mass: 0.5,
  });
  const [kept, drawn] = [await t.call('state'), await edges(t)];
  await t.call('set', { text: TROPHY, pair: null, layer: 0, head: 0, tokens: [], view: 'arcs', special: 'show', mass: 1 });
  assert.deepEqual((await t.call('state')).tokens, []);
  await t.call('set', kept);
  assert.deepEqual(await t.call('state'), kept);
  assert.deepEqual(await edges(t), drawn);
});

test('an empty text is nothing to read, and no error', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: '' });
  assert.equal((await t.call('state')).text, '');
  assert.ok(await t.page.locator('.invitation').isVisible());
});

test('a patch with a field that throws is refused, and the page lives on', async ({ open }) => {
  const t = await start(open);
  const before = await t.call('state');
  const told = await t.page.evaluate(() => {
    const thrower = { get layer() { throw new Error('mine'); } };
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const list = Object.defineProperty([1], 0, { get() { throw new Error('mine'); } });
    const all = [thrower, { altered: thrower }, { tokens: proxy }, { tokens: list },
      new Proxy({}, { ownKeys() { throw new Error('mine'); } })];
    return Promise.all(all.map((patch) => attnscope.set(patch).then(() => 'done', (error) => `${error.kind}: ${error.message}`)));
  });
  assert.deepEqual(told, Array(5).fill('input: attnscope.set: expected fields that can be read, got one that throws an '
    + 'error when it is read. Pass a plain object.'));
  assert.deepEqual(await t.call('state'), before);
  await t.call('set', { layer: 2 });
  assert.equal((await t.call('state')).layer, 2);
});
