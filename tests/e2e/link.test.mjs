// The page's address holds the whole state: it can be sent, opened again, and gone back from.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import {
  IT, TROPHY, WEIGHTS, clickAt, golden, openPopover, rowDrawn, said, start, tokenAt, until, untilRead,
} from './helpers.mjs';

const [big, small] = [golden('trophy_big'), golden('trophy_small')];
const hash = (t) => t.page.evaluate(() => location.hash);

test('what the reader does is in the address, and the address brings it back', async ({ open }) => {
  const t = await start(open);
  assert.equal(await hash(t), '', 'nothing has been done');
  await clickAt(t, await tokenAt(t, 8));
  await until(() => hash(t), `#v=1&text=${TROPHY.replaceAll(' ', '+')}&head=L3H1&tokens=8`);
  await t.page.fill('#text', small.text);
  await untilRead(t, small.text);
  await t.call('set', {
    layer: 2, head: 5, tokens: ['it', 'bag'], special: 'mask', show: 'norm', words: true, mass: 0.5, sort: 'entropy',
    label: 'sink', altered: { heads_off: ['L0 H3', 'L1 H2'], temperature: 2, causal: true }, compare: { text: 'a & b = c?' },
    side_by_side: true, inside: true, chart: 'distance',
  });
  await until(() => hash(t).then((h) => /&chart=distance&sort=entropy&label=sink&off=L0H3%2CL1H2&temperature=2&causal=1$/.test(h)), true);
  const there = await start2(open, await hash(t));
  assert.deepEqual(await there.call('state'), await t.call('state'));
  assert.equal(await there.page.locator('#link').isVisible(), false);
});

/** Another reader's page at this address, once its model has read it. */
async function start2(open, address) {
  const t = await open({ path: address });
  await t.ready();
  const text = new URLSearchParams(address.slice(1)).get('text');
  await until(() => t.call('state').then((s) => s.text), text);
  await untilRead(t, text);
  await until(() => t.call('tokens').then((all) => all.length > 0), true);
  await until(() => hash(t), address);
  return t;
}

test('the tokens of a link are those of its own text', async ({ open }) => {
  const text = `Well, you know, ${TROPHY}`;
  const t = await open({ path: `#text=${encodeURIComponent(text)}&tokens=it&from=5&to=12&sort=moved&other=${encodeURIComponent(`${text} Yes.`)}` });
  await t.ready();
  await untilRead(t, text);
  await until(() => t.call('state').then((s) => [s.tokens, s.from, s.to]), [[15], 5, 12]);
  await until(() => hash(t).then((h) => /tokens=15/.test(h) && /from=5&to=12/.test(h)), true);
});

test('by hand: words for tokens, and only what matters', async ({ open }) => {
  const t = await open({ path: `#text=${encodeURIComponent(small.text)}&tokens=it&head=L2H4&view=columns` });
  await t.ready();
  await untilRead(t, small.text);
  await until(() => said(t, '#head-title'), 'Layer 2, head 4');
  await rowDrawn(t, [IT], small.row(2, 4, IT));
  assert.equal((await t.call('state')).view, 'columns');
});

test('a broken link gives what it can, and says what it cannot', async ({ open }) => {
  const t = await open({ path: '#v=7&text=dog+bit+man&head=L99H1&tokens=cat&view=spiral&nonsense=1' });
  await t.ready();
  await untilRead(t, 'dog bit man');
  await until(() => t.page.locator('#link').isVisible(), true);
  const told = await said(t, '#link');
  for (const part of ['version 7', 'layer', 'spiral', 'nonsense', 'cat']) assert.ok(told.includes(part), `${part}: ${told}`);
  assert.deepEqual((await t.call('state')).layer, 3);
});

test('heads that the model does not have are left out of a link and told, and the page works on', async ({ open }) => {
  const t = await open({ path: '#text=dog+bit+man&head=L2H4&tokens=dog&off=L9H99,L1H2&words=true&causal' });
  await t.ready();
  await untilRead(t, 'dog bit man');
  await until(() => said(t, '#link').then((told) => /a head to switch off: expected one of 6 layers and 12 heads.* got L9 H99/.test(told)), true);
  const { altered, words, layer, tokens } = await t.call('state');
  assert.deepEqual([altered.heads_off, altered.causal, words, layer, tokens], [['L1 H2'], true, true, 2, [1]]);
  await until(() => hash(t).then((h) => h.endsWith('&words=1&off=L1H2&causal=1')), true);
  await t.call('set', { layer: 3 });
  assert.equal((await t.call('state')).layer, 3);
});

test('before the model is here a link\'s text stands in its field, and no picture of another', async ({ open }) => {
  const t = await open({ path: '#text=dog+bit+man&head=L2H4&tokens=dog', faults: { [WEIGHTS]: { status: 404 } }, fresh: true });
  await until(() => t.page.locator('#status').textContent().then((s) => /404/.test(s)), true);
  assert.equal(await t.page.inputValue('#text'), 'dog bit man');
  assert.equal(await t.page.locator('#sentence .token').count(), 0);
  assert.equal(await said(t, '#head-title'), '');
  await until(() => t.call('state').then(({ text, layer, head }) => [text, layer, head]), ['dog bit man', 2, 4]);
  // What the reader types over it is theirs.
  await t.page.fill('#text', 'man bit dog');
  t.server.clear(WEIGHTS);
  await t.page.click('#status button');
  await untilRead(t, 'man bit dog');
  assert.equal((await t.call('state')).layer, 2);
});

test('Back and Forward go through what was done', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { layer: 5, head: 2 });
  await until(() => hash(t).then((h) => /head=L5H2/.test(h)), true);
  await t.page.fill('#text', small.text);
  await untilRead(t, small.text);
  await until(() => hash(t).then((h) => /small/.test(h)), true);
  await t.page.evaluate(() => history.back());
  await untilRead(t, TROPHY);
  await rowDrawn(t, [IT], big.row(5, 2, IT));
  await t.page.evaluate(() => history.forward());
  await untilRead(t, small.text);
  await rowDrawn(t, [IT], small.row(5, 2, IT));
  assert.match(await hash(t), /small/);
});

test('a sentence that is typed is one step of the browser\'s history, and Back goes to what was there first', async ({ open }) => {
  const t = await start(open);
  const steps = () => t.page.evaluate(() => history.length);
  const before = await steps();
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+A');
  for (const words of ['dog', ' bit', ' man']) {
    await t.page.keyboard.type(words);
    const typed = await t.page.inputValue('#text');
    // The reader rests, and the address follows.
    await until(() => hash(t).then((h) => new URLSearchParams(h.slice(1)).get('text')), typed);
  }
  assert.equal(await steps(), before + 1);
  await t.call('set', { tokens: ['bit'] });
  await until(() => hash(t).then((h) => /tokens=2/.test(h)), true);
  assert.equal(await steps(), before + 2);
  await t.page.evaluate(() => history.go(-2));
  await untilRead(t, TROPHY);
  await rowDrawn(t, [IT], big.row(3, 1, IT));
});

test('a link that is too long to be read is not made: the page says so and names the snapshot', async ({ open }) => {
  const t = await start(open);
  await t.allowClipboard();
  const text = '注'.repeat(8000);
  await clickAt(t, await tokenAt(t, 8));
  await until(() => hash(t).then((h) => /tokens=8/.test(h)), true);
  const there = await hash(t);
  await t.page.fill('#text', text);
  await untilRead(t, text);
  await until(() => t.page.locator('#link').isVisible(), true);
  assert.match(await said(t, '#link'), /too long for a link.*Save a snapshot/);
  await openPopover(t, 'share');
  await t.page.click('text=Copy the link');
  await until(() => said(t, '#shared').then((s) => /too long for a link.*Save a snapshot/.test(s)), true);
  assert.equal(await hash(t), there, 'the address has no link that cannot be read');
  await t.page.reload();
  await t.ready();
  await untilRead(t, text);
  // Once it is short again it has a link.
  await t.page.fill('#text', small.text);
  await until(() => hash(t).then((h) => /small/.test(h)), true);
  assert.equal(await t.page.locator('#link').isVisible(), false);
});
