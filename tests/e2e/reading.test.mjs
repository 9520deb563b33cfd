// The main job: a text is typed, and what the page shows is what Hugging Face computes.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  IT, byMass, clickAt, edges, golden, lit, marks, near, openPopover, ranked, rowNear, said, tokenAt, type, untilRead,
} from './helpers.mjs';

const WEIGHT = 1e-4;
// A number is written with two decimals of a value within WEIGHT of the reference.
const WRITTEN = 0.005 + WEIGHT;

/** Tokens on the page: ids, offsets, segments, and the reader's own characters. */
async function tokensAre(t, want) {
  const got = await t.call('tokens');
  assert.deepEqual(got.map((x) => x.id), want.ids);
  assert.deepEqual(got.map((x) => x.token), want.tokens);
  assert.deepEqual(got.map((x) => [x.start, x.end]), want.offsets);
  assert.deepEqual(got.map((x) => x.segment), want.token_type_ids);
  assert.deepEqual(got.map((x) => x.index), want.ids.map((_, i) => i));
  const texts = [[...want.text], [...(want.pair ?? '')]];
  got.forEach((x, i) => {
    const special = ['[CLS]', '[SEP]'].includes(want.tokens[i]);
    assert.equal(x.special, special, `token ${i}`);
    const own = special ? want.tokens[i] : texts[x.segment].slice(x.start, x.end).join('');
    assert.equal(x.text, own, `token ${i}`);
  });
  return got;
}

/** Every stored row of every head. */
async function patternsAre(t, want) {
  for (let layer = 0; layer < want.layers; layer++) {
    for (let head = 0; head < want.heads; head++) {
      const got = await t.page.evaluate(async ([layer, head, queries]) => {
        const rows = await attnscope.pattern(layer, head);
        return { size: rows.length, rows: queries.map((q) => Array.from(rows[q])) };
      }, [layer, head, want.queries]);
      assert.equal(got.size, want.n);
      want.queries.forEach((query, i) => {
        rowNear(got.rows[i], want.row(layer, head, query), WEIGHT, `L${layer} H${head}, query ${query}`);
      });
    }
  }
}

/** The row of one token as it is drawn and as it is told, beside the reference. */
async function drawnIs(t, want, query) {
  // Text, which is chosen by itself for what is longer, has fewer edges.
  await t.call('set', { view: 'arcs' });
  const { layer, head, mass } = await t.call('state');
  const row = want.row(layer, head, query);
  const texts = (await t.call('tokens')).map((x) => x.text);
  const { keys, share } = byMass(row, mass);
  assert.deepEqual(await lit(t), [query]);

  const drawn = await edges(t);
  assert.deepEqual(drawn.map((e) => [e.query, e.key]), keys.map((k) => [query, k.key]));
  drawn.forEach((e, i) => near(e.value, keys[i].weight, WEIGHT, `edge to ${e.key}`));
  // Thickness and opacity grow with the weight.
  for (const by of ['alpha', 'line']) {
    assert.deepEqual(drawn.map((e) => e[by]), drawn.map((e) => e[by]).sort((a, b) => b - a), by);
  }

  const shades = await marks(t, 'sentence', 'shade');
  assert.deepEqual(shades.map((s) => s.query), texts.map((_, i) => i).filter((i) => i !== query));
  shades.forEach((s) => near(s.value, row[s.query], WEIGHT, `shade of ${s.query}`));

  const numbers = await marks(t, 'sentence', 'weight');
  const written = keys.filter((k) => k.weight >= 0.005).map((k) => k.key).sort((a, b) => a - b);
  assert.deepEqual(numbers.map((x) => x.key), written);
  for (const { key, text, value } of numbers) {
    assert.equal(text, value.toFixed(2));
    near(Number(text), row[key], WRITTEN, `number under ${key}`);
    near(value, row[key], WEIGHT, `value under ${key}`);
  }

  const facts = await said(t, '#facts');
  assert.match(facts, /^weights sum to 1\.00 · /);
  const [, count, of, percent] = facts.match(/(\d+) of (\d+) tokens drawn, (\d+) % of the weight/);
  assert.deepEqual([Number(count), Number(of)], [keys.length, want.n]);
  near(Number(percent), share * 100, 0.6, 'share drawn');

  // z(it) = 0.62 V(trophy) + ... + 0.08 V(11 others)
  const terms = ranked(row).slice(0, 5).filter((k) => k.weight >= 0.005);
  const others = row.length - terms.length;
  const [left, right] = (await said(t, '#formula')).split(' = ');
  assert.equal(left, `z(${texts[query]})`);
  const parts = right.split(' + ');
  assert.equal(parts.length, terms.length + (others > 0 ? 1 : 0));
  terms.forEach(({ key, weight }, i) => {
    assert.equal(parts[i].replace(/^\S+ /, ''), `V(${texts[key]})`);
    near(parseFloat(parts[i]), weight, WRITTEN, `term ${i}`);
  });
  if (others === 0) return;
  assert.equal(parts.at(-1).replace(/^\S+ /, ''), others === 1 ? 'V(1 other)' : `V(${others} others)`);
  const rest = 1 - terms.reduce((sum, k) => sum + k.weight, 0);
  near(parseFloat(parts.at(-1)), rest, WRITTEN, 'the rest');
}

/** Tokens as they are written on screen, without the mark of a subword. */
/** Without the mark of a word's later parts, and the marks that keep a direction to itself. */
const onScreen = async (t) =>
  (await marks(t, 'sentence', 'token')).map((m) => m.text.replace(/[\u2068\u2069]/g, '').replace(/^·/, ''));

test('the example reads as Hugging Face computes it: it -> trophy', async ({ open }) => {
  const t = await open();
  await t.ready();
  const want = golden('trophy_big');
  await untilRead(t, want.text);
  await tokensAre(t, want);
  await patternsAre(t, want);
  await drawnIs(t, want, IT);
  const [first] = await edges(t);
  assert.deepEqual([first.key, first.value.toFixed(2)], [2, '0.62']);
  assert.equal(await said(t, '.lead'),
    'it reads from trophy 0.62, [CLS] 0.15, bag 0.11, The 0.028, [SEP] 0.027');
});

test('a text typed key by key is read', async ({ open }) => {
  const t = await open();
  await t.ready();
  const want = golden('trophy_small');
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+A');
  await t.page.keyboard.type(want.text);
  await untilRead(t, want.text);
  await tokensAre(t, want);
  await patternsAre(t, want);
  await clickAt(t, await tokenAt(t, IT));
  await drawnIs(t, want, IT);
});

for (const [name, query, layer, head] of [
  ['animal', 11, 3, 1], ['man_dog', 2, 0, 0], ['accents', 5, 2, 4], ['emoji', 3, 1, 7], ['cjk', 4, 5, 11],
  ['rtl', 2, 4, 3], ['subwords', 1, 2, 9], ['code', 20, 3, 5], ['spaces', 2, 0, 11], ['one_word', 1, 5, 0],
]) {
  test(`what is typed, read and drawn: ${name}`, async ({ open }) => {
    const t = await open();
    await t.ready();
    const want = golden(name);
    await type(t, want.text);
    const got = await tokensAre(t, want);
    await patternsAre(t, want);
    await t.page.selectOption('#layer', String(layer));
    await t.page.selectOption('#head', String(head));
    await clickAt(t, await tokenAt(t, query));
    await drawnIs(t, want, query);
    assert.deepEqual(await onScreen(t), got.map((x) => x.text));
  });
}

test('the screen shows the reader\'s own characters', async ({ open }) => {
  const t = await open();
  await t.ready();
  for (const [name, ...words] of [['accents', 'Zoë', 'Café'], ['emoji', '🍕', '👩‍👩‍👧‍👦'], ['cjk', '注', '意', '力'], ['rtl', 'ا']]) {
    await type(t, golden(name).text);
    const shown = await onScreen(t);
    for (const word of words) {
      // A word may be several tokens: they are its own characters, in order.
      assert.ok(shown.join('').includes(word), `${word} in ${shown.join(' ')}`);
    }
    assert.ok(!/[ÃâðŁĠ�]/.test(shown.join('')), shown.join(' '));
  }
});

test('a subword is marked, and not known is said', async ({ open }) => {
  const t = await open();
  await t.ready();
  const want = golden('subwords');
  await type(t, want.text);
  const shown = (await marks(t, 'sentence', 'token')).map((m) => m.text);
  assert.deepEqual(shown.map((x) => x.startsWith('·')), want.tokens.map((x) => x.startsWith('##')));
  await type(t, golden('emoji').text);
  await clickAt(t, await tokenAt(t, 2));
  assert.match(await said(t, '#facts'), /not in the model's vocabulary/);
});

test('an unknown word is not a special token', async ({ open }) => {
  const t = await open();
  await t.ready();
  await type(t, golden('emoji').text);
  const special = (await t.call('tokens')).filter((x) => x.special).map((x) => x.text);
  assert.deepEqual(special, ['[CLS]', '[SEP]']);
});

test('a pair, its second text typed into the second field', async ({ open }) => {
  const t = await open();
  await t.ready();
  const want = golden('pair');
  await openPopover(t, 'examples');
  await t.page.click('text=+ second text');
  await t.page.fill('#text', want.text);
  await t.page.fill('#pair', want.pair);
  await untilRead(t, want.text, want.pair);
  await tokensAre(t, want);
  await patternsAre(t, want);
  await clickAt(t, await tokenAt(t, 1));
  await drawnIs(t, want, 1);
});

test('512 tokens', async ({ open }) => {
  const t = await open();
  await t.ready();
  const want = golden('long');
  await type(t, want.text);
  await tokensAre(t, want);
  await patternsAre(t, want);
  await t.page.selectOption('#form', { label: 'Columns' });
  await t.page.evaluate(() => attnscope.set({ tokens: [256] }));
  const { layer, head } = await t.call('state');
  const { keys } = byMass(want.row(layer, head, 256), 0.9);
  const drawn = await edges(t);
  assert.deepEqual(drawn.map((e) => e.key).sort(), keys.map((k) => k.key).sort());
  drawn.forEach((e) => near(e.value, want.row(layer, head, 256)[e.key], WEIGHT, `edge to ${e.key}`));
});
