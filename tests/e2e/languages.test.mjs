// The page in other languages, and texts that run from right to left or are made of more than letters.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PHONE, test } from './harness.mjs';
import { audit } from './axe.mjs';
import { marks, openPopover, openTab, saying, until } from './helpers.mjs';
import { serve } from './server.mjs';

// No word of it is one of the page's.
const OWN = 'Zwölf Boxkämpfer jagen Viktor quer';
const OTHER = 'Zwölf Boxkämpfer jagen Eva quer';
const ARABIC = 'ذهب الولد إلى المدرسة لأنه يحب القراءة';

const file = (code) => readFileSync(new URL(`../../lang/${code}.ftl`, import.meta.url), 'utf8');
/** { name: text } of the messages of one line. */
const messages = (code) => Object.fromEntries(file(code).split('\n').map((line) => line.match(/^([a-z-]+) = (.+)$/))
  .filter(Boolean).map(([, name, text]) => [name, text.replaceAll(/\{"(.*?)"\}/g, '$1')]));
const latin = (text) => text.match(/[A-Za-z]{2,}/g) ?? [];

/** Words of no language: names of models, files, formats, keys, notations. A language's own file has the others. */
const NAMES = ['all', 'MiniLM', 'CLS', 'SEP', 'UNK', 'PNG', 'SVG', 'Tab', 'Home', 'End', 'Enter', 'Esc', 'Ctrl', 'English', 'attnscope',
  // A caption says what is changed in the model as a link does.
  'off', 'positions', 'temperature', 'shuffle', 'causal'];

/** Everything that is seen or heard of the page as it stands: texts, names and titles. */
const said = (t) => t.page.evaluate(() => {
  const all = [];
  const add = (text) => all.push(text.replaceAll(/[\u2066-\u2069]/g, '').trim());
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.checkVisibility() && !node.parentElement.closest('script, noscript, textarea')) add(node.data);
  }
  for (const e of document.querySelectorAll('[aria-label], [title]')) {
    if (e.checkVisibility()) [e.getAttribute('aria-label'), e.title].forEach((text) => add(text ?? ''));
  }
  return all.filter(Boolean);
});

/** No text of the page is English. Signs alone are of no language. */
async function checkLanguage(t, code, what, more = []) {
  const [english, own] = [messages('en'), messages(code)];
  const left = new Set(Object.keys(english).filter((name) => !name.startsWith('fault-') && english[name] !== own[name])
    .map((name) => english[name].trim()));
  const tokens = (await t.call('tokens')).flatMap(({ text }) => latin(text));
  const known = new Set([...NAMES, ...more, ...tokens, ...latin(OWN), ...latin(OTHER), ...Object.values(own).flatMap(latin), ...latin(file(code))]);
  const texts = await said(t);
  assert.ok(texts.length > 60, `${what}: ${texts.length} texts`);
  assert.deepEqual(texts.filter((text) => (left.has(text) && /\p{L}/u.test(text)) || latin(text).some((word) => !known.has(word))), [], what);
}

/** Names and licences of models, and addresses, are of no language: those in the dialog. */
const modelNames = (t) => t.page.$$eval('#models .chip, #models-stored span', (all) => all.flatMap((e) =>
  [...e.textContent.matchAll(/[\w.:-]*\/[\w./:-]+|Apache|MIT/g)].flatMap(([name]) => name.match(/[A-Za-z]{2,}/g) ?? [])));

/** The page in a language, with this text read. */
async function page(open, locale, options = {}, text = OWN) {
  const t = await open({ locale, ...options });
  await t.ready();
  await t.call('set', { text, layer: 3, head: 1, tokens: [2] });
  await until(() => t.page.$$eval('.pictures.stale', (all) => all.length), 0);
  return t;
}
const root = (t) => t.page.$eval('html', (e) => [e.lang, e.dir]);
const files = (t) => t.page.evaluate(() => performance.getEntriesByType('resource').map((e) => e.name).filter((n) => /\/lang\//.test(n)).length);
const tooWide = (t) => t.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const POPOVERS = ['display', 'compare', 'edit', 'find', 'share', 'more', 'examples'];
/** Tabs of the inspector, and what each says once it is whole. */
const TABS = { row: ['#compared', /\d\.\d{3}/], steps: ['#inside-told', /√/], effect: ['#downstream', /\d\.\d{3}/], charts: ['#chart-told', /\d/] };

/** All that can be opened, in turn, while two texts are compared. */
async function eachView(t, look) {
  await t.call('set', { compare: { text: OTHER } });
  for (const [tab, [selector, wanted]] of Object.entries(TABS)) {
    await openTab(t, tab);
    await saying(t, selector, wanted);
    await look(tab);
  }
  for (const popover of POPOVERS) {
    await openPopover(t, popover);
    await look(popover);
  }
  await t.page.keyboard.press('Escape');
}

for (const [code, locale, direction] of [['ar', 'ar-EG', 'rtl'], ['ja', 'ja-JP', 'ltr']]) {
  test(`${code}: nothing is left in English, in any view`, async ({ open }) => {
    const t = await page(open, locale);
    assert.deepEqual(await root(t), [code, direction]);
    assert.equal(await files(t), 1);
    await checkLanguage(t, code, 'as it opens');
    await t.screenshot(`language-${code}`);
    await eachView(t, async (name) => {
      await checkLanguage(t, code, name);
      await t.screenshot(`language-${code}-${name}`);
    });
    for (const show of ['score', 'norm', 'layer_mean', 'rollout']) {
      await t.call('set', { show, compare: null, special: 'mask', view: 'columns' });
      await checkLanguage(t, code, show);
    }
    await t.call('set', {
      show: 'weight', special: 'renormalise', words: true, compare: 'unaltered', side_by_side: true, sort: 'entropy',
      altered: { heads_off: ['L0 H1', 'L1 H1', 'L2 H2'], positions: false, shuffle: 1, temperature: 2, causal: true },
    });
    await checkLanguage(t, code, 'altered, side by side');
    await t.call('set', { altered: null, compare: null, chart: null, from: 1, sort: 'reads' });
    await openPopover(t, 'share');
    await t.page.click('#share .changes button >> nth=0');
    await t.page.click('#share .changes button >> nth=1');
    await until(() => t.page.$eval('#shared', (e) => e.textContent.length > 0), true);
    await checkLanguage(t, code, 'saved');
    await t.page.focus('#sentence');
    await t.page.keyboard.press('?');
    await checkLanguage(t, code, 'keys');
    await t.page.keyboard.press('Escape');
    await t.page.click('#model');
    await t.page.waitForSelector('#models-stored li');
    await checkLanguage(t, code, 'another model', await modelNames(t));
    await t.page.keyboard.press('Escape');
    await t.page.evaluate(() => { location.hash = 'v=9&text=Zwölf&head=L99H0&words=perhaps'; });
    await until(() => t.page.$eval('#link', (e) => e.textContent.length > 20), true);
    // Fields of a link, and what stands in them.
    await checkLanguage(t, code, 'a link with faults', ['words', 'layer', 'head', 'tokens', 'perhaps']);
  });

  test(`${code}: what a program can check of WCAG, dark and on a phone too`, async ({ open }) => {
    const light = await page(open, locale);
    await eachView(light, (name) => audit(light, `${code}, light, ${name}`));
    const dark = await page(open, locale, { colorScheme: 'dark' });
    await audit(dark, `${code}, dark`);
    await dark.screenshot(`language-${code}-dark`);
    const phone = await page(open, locale, { viewport: PHONE, hasTouch: true });
    await audit(phone, `${code}, phone`);
    assert.equal(await tooWide(phone), 0);
    await phone.page.screenshot({ path: new URL(`out/language-${code}-phone.png`, import.meta.url).pathname, fullPage: true });
  });
}

test('English needs no file', async ({ open }) => {
  for (const locale of ['en-GB', 'de-DE']) {
    const t = await page(open, locale);
    assert.deepEqual(await root(t), ['en', 'ltr']);
    assert.equal(await files(t), 0);
  }
});

test('a language whose file does not come is English', async ({ open }) => {
  const t = await open({ locale: 'de-DE' });
  const name = await t.page.evaluate(async () => (await (await fetch('service_worker.js')).text()).match(/lang\/ar-\w+\.txt/)[0]);
  t.server.fault(name, { status: 404 });
  await t.page.goto(`${t.url}?lang=ar`);
  await t.ready();
  assert.deepEqual(await root(t), ['en', 'ltr']);
  assert.equal(await t.page.textContent('#theme'), messages('en')['to-dark']);
  t.problems.length = 0;
});

/** The middle of each token's box in the sentence, by token. */
const places = async (t) => t.page.$$eval('#sentence rect[data-query]', (all) => all
  .sort((a, b) => a.dataset.query - b.dataset.query)
  .map((e) => Number(e.getAttribute('x')) + Number(e.getAttribute('width')) / 2));
const query = (t) => t.call('state').then(({ tokens }) => tokens[0]);

test('a sentence that runs from right to left is drawn and walked through so, whatever the page speaks', async ({ open }) => {
  for (const locale of ['en-US', 'ar-EG']) {
    const t = await page(open, locale, {}, ARABIC);
    await t.call('set', { view: 'arcs' });
    const right = await places(t);
    assert.deepEqual(right, right.toSorted((a, b) => b - a), 'the first token is on the right');
    await t.screenshot(`right-to-left-${locale}`);
    await t.page.focus('#sentence');
    for (const [key, to] of [['ArrowLeft', 3], ['ArrowRight', 2], ['ArrowRight', 1], ['Home', 0]]) {
      await t.page.keyboard.press(key);
      assert.equal(await query(t), to, key);
    }
    // The rows of queries have their names however many there are.
    await t.call('set', { view: 'columns', tokens: [2] });
    const [{ left }, { left: end }] = await t.page.$$eval('#sentence rect[data-query="0"], #sentence rect[data-key="0"]',
      (all) => all.map((e) => ({ left: e.getBoundingClientRect().left, key: 'key' in e.dataset })).sort((a, b) => a.key - b.key));
    assert.ok(left > end, 'queries on the right');
    // A name that runs from right to left has a direction of its own.
    const labels = await marks(t, 'heatmap', 'label');
    assert.ok(labels.some(({ text }) => /^\u2068.*\p{Script=Arabic}.*\u2069$/u.test(text)));
    // A sentence from left to right is as it always was.
    await t.call('set', { text: OWN, view: 'arcs', tokens: [2] });
    const left2 = await places(t);
    assert.deepEqual(left2, left2.toSorted((a, b) => a - b));
    await t.page.focus('#sentence');
    await t.page.keyboard.press('ArrowRight');
    assert.equal(await query(t), 3);
  }
});

test('what is one character to a reader is never parted', async ({ open }) => {
  const t = await page(open, 'en-US');
  const whole = '👩‍👩‍👧‍👦 👋🏽 🇯🇵🇸🇦 क्षि की 각 é naïve';
  await t.call('set', { text: whole, tokens: [] });
  const parts = await t.page.evaluate((text) => [...new Intl.Segmenter().segment(text)].map((s) => s.segment), whole);
  for (const { text, special } of await t.call('tokens')) {
    if (special) continue;
    const own = await t.page.evaluate((text) => [...new Intl.Segmenter().segment(text)].map((s) => s.segment), text);
    assert.deepEqual(own.filter((part) => !parts.includes(part)), [], text);
  }
  await t.call('set', { text: '👩‍👩‍👧‍👦'.repeat(12) });
  for (const { text } of (await marks(t, 'heatmap', 'label')).filter(({ text }) => text.includes('👩'))) {
    assert.match(text, /^(👩‍👩‍👧‍👦)+…$/u);
  }
});

test('a reader chooses a language, and it stays', async ({ open }) => {
  const t = await page(open, 'en-US');
  await until(() => t.page.evaluate(() => location.hash.includes('Boxk')), true);
  await openPopover(t, 'more');
  await t.page.selectOption('#language', { label: '日本語' });
  await t.page.waitForFunction(() => document.documentElement.lang === 'ja' && window.attnscope);
  await t.ready();
  assert.equal((await t.call('state')).text, OWN);
  assert.deepEqual(await t.page.$$eval('#language option', (all) => all.map((e) => e.textContent)), ['English', 'العربية', '日本語']);
  await t.page.reload();
  await t.page.waitForFunction(() => document.documentElement.lang === 'ja' && window.attnscope);
  // The address of a frame or a link comes first, and is not kept.
  await t.page.goto(`${t.url}?lang=ar`);
  await t.page.waitForFunction(() => document.documentElement.lang === 'ar' && window.attnscope);
  await openPopover(t, 'more');
  await t.page.selectOption('#language', { label: 'English' });
  await t.page.waitForFunction(() => document.documentElement.lang === 'en' && window.attnscope);
  assert.equal(await t.page.evaluate(() => location.search), '');
});

test('the page works offline in its language', async ({ open }) => {
  const t = await page(open, 'ar-EG');
  await t.page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await until(() => t.page.evaluate(async () => (await (await window.caches.open('attnscope-models-v1')).keys()).length), 3);
  await t.server.close();
  await t.context.setOffline(true);
  await t.page.reload();
  await t.ready();
  assert.deepEqual(await root(t), ['ar', 'rtl']);
  // The saved run is on screen first.
  await until(() => t.call('tokens').then((all) => all.some(({ text }) => text.includes('Box'))), true);
  await until(() => t.page.$$eval('.pictures.stale', (all) => all.length), 0);
  await checkLanguage(t, 'ar', 'offline');
});

test('an author chooses the language of a frame', async ({ open }) => {
  const t = await page(open, 'en-US');
  await openPopover(t, 'share');
  await t.page.click('text=Embed …');
  await t.page.selectOption('#embed-language', { label: 'العربية' });
  assert.match(await t.page.inputValue('#snippet'), / lang="ar"/);
  const preview = () => t.page.frames().find((frame) => frame !== t.page.mainFrame() && /lang=ar/.test(frame.url()));
  await until(async () => (await preview()?.evaluate(() => document.documentElement.dir)) ?? '', 'rtl');

  const other = await open({ expect: [/^request to another origin: http:\/\/127\.0\.0\.1:\d+\/host\//], path: '?embed&saved', started: false });
  const around = await serve({ folder: new URL('.', import.meta.url).pathname, base: '/host/' });
  around.fault('page.html', {
    body: Buffer.from(`<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A lesson</title>
      <script src="${other.url}embed.js" defer></script><attn-scope lang="ja" text="dog bit man" controls="none"></attn-scope>`),
  });
  await other.page.goto(`${around.url}page.html`);
  const title = () => other.page.$eval('attn-scope', (e) => e.shadowRoot?.querySelector('iframe')?.title ?? '');
  await until(title, '「dog bit man」のアテンション');
  const inner = () => other.page.frames().find((frame) => frame !== other.page.mainFrame());
  await until(async () => inner()?.evaluate(() => document.documentElement.lang).catch(() => ''), 'ja');
  await around.close();
});
