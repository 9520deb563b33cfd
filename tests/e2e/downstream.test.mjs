// What comes of a run: how alike sentences are to the model, or what it predicts; before and after a change.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from './harness.mjs';
import { MODEL, near, openPopover, openTab, safetensors, said, start, tabTo, until, untilRead } from './helpers.mjs';

const told = (t) => said(t, '#downstream');
const numbers = async (t) => [...(await told(t)).matchAll(/-?\d\.\d{3}/g)].map(Number);

test('the embeddings of a pair: alike as they are, before and after a change', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, '#tab-effect');
  await t.page.keyboard.press('Enter');
  assert.match(await told(t), /^This model turns a sentence into one vector and predicts no words\. Add a second text/);
  const cosine = async (text, pair) => {
    await t.call('set', { text, pair });
    await untilRead(t, text, pair);
    await until(() => told(t).then((s) => s.startsWith('Cosine similarity of the two texts, each embedded alone: ')), true);
    return (await numbers(t))[0];
  };
  assert.equal(await cosine('A dog bit a man.', 'A dog bit a man.'), 1);
  const near_ = await cosine('A dog bit a man.', 'A man was bitten by a dog.');
  const far = await cosine('A dog bit a man.', 'The price of oil rose.');
  assert.ok(near_ > 0.7 && far < 0.3, `${near_} and ${far}`);
  assert.equal(await cosine('The price of oil rose.', 'A dog bit a man.'), far, 'whichever comes first');
  await t.call('set', { altered: { positions: false } });
  await until(() => told(t).then((s) => /Before the edit: \S+\. Cosine similarity of this input before and after the edit: /.test(s)), true);
  const [after, before, moved] = await numbers(t);
  assert.equal(before, far);
  assert.ok(after !== far && moved < 1 && moved > 0.3, `${after}, ${moved}`);
  await openTab(t, 'row');
  assert.equal(await t.page.locator('#downstream').isVisible(), false);
});

test('a text and the one it is compared with', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { compare: { text: 'The trophy did not fit in the bag because it was too small.' }, downstream: true });
  await until(() => told(t).then((s) => /^Cosine similarity of the two compared texts: 0\.9\d\d\.$/.test(s)), true);
});

/** A model with a language-model head, whose vocabulary is w0, w1 ... and which adds no special tokens. */
function predicting(server) {
  const folder = new URL('../golden/families/bert/', import.meta.url);
  const vocab = Object.fromEntries([...Array(96).keys()].map((id) => [id === 0 ? '[UNK]' : `w${id}`, id]));
  const tokenizer = {
    version: '1.0', truncation: null, padding: null, added_tokens: [],
    // A text of accents alone has no tokens: the model cannot read it.
    normalizer: { type: 'StripAccents' },
    pre_tokenizer: { type: 'WhitespaceSplit' }, post_processor: null, decoder: null,
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
  };
  const bodies = {
    'config.json': readFileSync(new URL('config.json', folder)),
    'tokenizer.json': Buffer.from(JSON.stringify(tokenizer)),
    'model.safetensors': readFileSync(new URL('model.safetensors', folder)),
  };
  const files = Object.entries(bodies).map(([path, body]) => (
    { path, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }));
  server.fault(`${MODEL}manifest.json`, { body: Buffer.from(JSON.stringify({ name: 'predicting', licence: 'none', files })) });
  for (const [path, body] of Object.entries(bodies)) server.fault(MODEL + path, { body });
  const input = JSON.parse(readFileSync(new URL('input.json', folder), 'utf8'));
  return { ids: input.input_ids, logits: safetensors(new URL('expected.safetensors', folder)).logits };
}

test('a model that predicts: the likeliest tokens, and how a change moves them', async ({ open }) => {
  let model;
  const t = await open({ fresh: true, before: (server) => { model = predicting(server); }, started: false });
  const { ids, logits } = model;
  await t.ready();
  const text = (ids) => ids.map((id) => `w${id}`).join(' ');
  const [first, second] = [text(ids.slice(0, 6)), text(ids.slice(6))];
  await t.call('set', { text: first, pair: second, layer: 0, head: 0, tokens: [], downstream: true });
  await untilRead(t, first, second);
  await until(() => told(t), 'Choose a token to see what the model predicts at its position.');
  await t.call('set', { tokens: [3] });
  await until(() => told(t).then((s) => s.startsWith(`Predictions at w${ids[3]}, with probabilities: `)), true);
  const of = (position) => {
    const width = logits.shape.at(-1);
    const row = [...logits.data.subarray(position * width, (position + 1) * width)].map(Math.exp);
    const sum = row.reduce((a, b) => a + b);
    return row.map((e, id) => ({ id, probability: e / sum })).sort((a, b) => b.probability - a.probability);
  };
  const listed = async () => [...(await told(t)).matchAll(/(\S+) (0\.\d{3})(?: \((0\.\d{3}) before the edit\))?/g)]
    .map(([, token, now, before]) => ({ token, now: Number(now), before: before && Number(before) }));
  const wanted = of(3).slice(0, 5);
  assert.deepEqual((await listed()).map((p) => p.token), wanted.map(({ id }) => (id === 0 ? '[UNK]' : `w${id}`)));
  (await listed()).forEach((p, i) => near(p.now, wanted[i].probability, 0.00051, p.token));
  // Beside them, once the model is altered, what they were.
  await t.call('set', { altered: { heads_off: ['L0 H0', 'L0 H1', 'L1 H2'] } });
  await until(() => listed().then((all) => all.length === 5 && all.every((p) => p.before !== undefined)), true);
  for (const p of await listed()) {
    const id = p.token === '[UNK]' ? 0 : Number(p.token.slice(1));
    near(p.before, of(3).find((w) => w.id === id).probability, 0.00051, `${p.token} before`);
  }
  await t.page.focus('#sentence');
  await t.page.keyboard.press('r');
  await until(() => listed().then((all) => all.length === 5 && all.every((p) => p.before === undefined)), true);
  // Beside another text they are that text's.
  await t.call('set', { pair: null, compare: { text: `${first} ${first}` } });
  await until(() => told(t).then((s) => (s.match(/ \(0\.\d{3} in the other text\)/g) ?? []).length), 5);
});

test('a text to compare with that cannot be read is named, and the text on screen stands alone', async ({ open }) => {
  const t = await open({ fresh: true, before: predicting, started: false });
  await t.ready();
  await t.call('set', { text: 'w1 w2 w3', layer: 0, head: 0, tokens: [1] });
  await openPopover(t, 'compare');
  await t.page.click('#compare >> text="Another text"');
  await until(() => said(t, '#head-title'), 'Layer 0, head 0: difference of weights');
  await t.page.fill('#other', '\u0301');
  await until(() => said(t, '#fault').then((s) => s.startsWith('The run to compare with, ')), true);
  await until(() => said(t, '#head-title'), 'Layer 0, head 0');
  assert.equal(await said(t, '#compared'), '');
  await t.page.fill('#other', 'w1 w2 w5');
  await until(() => said(t, '#compared').then((s) => s.startsWith('Compared with “w1 w2 w5”: 2 of 3')), true);
  assert.equal(await said(t, '#fault'), '');
  await until(() => said(t, '#head-title'), 'Layer 0, head 0: difference of weights');
});
