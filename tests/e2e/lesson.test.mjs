// The lesson: every step, its live piece and its question; where a reader is; reordered; in another page.
// ATTNSCOPE_UPDATE=1 writes docs/screenshots/lesson.png.

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { audit } from './axe.mjs';
import { BROWSER } from './browsers.mjs';
import { PHONE, test } from './harness.mjs';
import { IT, READ, WEIGHTS, golden, near, said, saying, start, two, until } from './helpers.mjs';

const [big, small, dog] = [golden('trophy_big'), golden('trophy_small'), golden('dog_man')];
const STEPS = ['puzzle', 'dictionary', 'softmax', 'cross', 'rnn', 'price', 'heads', 'order', 'layers', 'family'];
const NUMBER = ['two', 'hundred', 'twenty', '-', 'three', '</s>', '<pad>', 'zwei', 'hundert', 'drei', 'und', 'zwanzig'];
const title = (t) => said(t, '#step-title');
const at = (t) => t.page.evaluate(() => location.hash);
const shown = (t, selector) => t.page.locator(selector).first().isVisible();

/** The step is on screen. */
async function step(t, name) {
  await t.page.waitForSelector(`#lesson-${name}`, { timeout: 60_000 });
  assert.equal(await at(t), `#/lesson/${name}`);
}

async function next(t, name, arrived = () => {}) {
  await t.page.click('.ways .next');
  await step(t, name);
  await arrived();
}

/** Each answer in turn: one is right, and says why. */
async function answer(t, right) {
  const answers = await t.page.locator('.question input').count();
  for (let i = 0; i < answers; i++) {
    if (i === right) continue;
    await t.page.locator('.question input').nth(i).check();
    await saying(t, '#verdict', /^✗ Not quite\. \S+ \S+ \S+/);
  }
  await t.page.locator('.question input').nth(right).check();
  return saying(t, '#verdict', /^✓ Right\. \S+ \S+ \S+/);
}

/** What the marks of a picture stand for. */
const values = (t, picture, role) => t.page.$$eval(`#${picture} .${role}`, (all) => all.map((e) => Number(e.dataset.value)));
const drawn = async (t, picture, role, count) => {
  await until(async () => (await values(t, picture, role)).length, count, `${picture} ${role}`);
  return values(t, picture, role);
};

/** What each step shows once its live piece is drawn: a selector, and how many there are at least. */
const LIVE = {
  puzzle: ['#lesson-sentence .edge', 1],
  dictionary: ['#lesson-inside-told:not(:empty)', 1],
  softmax: ['#lesson-bars .bar', big.n],
  cross: ['#lesson-sentence .edge', 1],
  rnn: ['#lesson-influence .dot', 36],
  price: ['#lesson-price td', 3],
  heads: ['#lesson-sentence .edge', 1],
  order: ['#lesson-signals .label', 20],
  layers: ['#lesson-strips .dot', 144],
  family: ['#lesson-family-table tbody tr', 19],
};

/** Opens a step by its address and waits until all of it is there. */
async function whole(t, name) {
  await t.page.evaluate((name) => { location.hash = `#/lesson/${name}`; }, name);
  await t.page.waitForSelector(`#lesson-${name}`);
  if (name === 'puzzle') await t.page.locator('.guesses button').last().click();
  const [selector, count] = LIVE[name];
  await t.page.waitForFunction(([selector, count]) => document.querySelectorAll(selector).length >= count,
    [selector, count], { timeout: 60_000 });
  await t.rested();
}

test('the whole lesson', async ({ open }) => {
  const t = await start(open);
  await t.page.click('#to-lesson');
  await t.page.waitForSelector('#lesson-puzzle');
  assert.equal(await shown(t, '.pictures'), false, 'the workbench is out of the way');
  assert.equal(await t.page.locator('.lesson nav li').count(), STEPS.length);
  assert.match(await said(t, '.lesson-head .readout'), /About \d\d minutes in all\.$/);
  assert.match(await said(t, 'article .readout'), /^Step 1 of 10 · \d minutes$/);

  const minutes = [];
  const arrived = async () => minutes.push(Number(/· (\d) minutes$/.exec(await said(t, 'article .readout'))[1]));
  await arrived();

  // 1. Nothing is given away before the guess.
  assert.equal(await shown(t, '#lesson-sentence'), false);
  const row = big.row(3, 1, IT);
  await t.page.click('.guesses .chip:text-is("bag")');
  await saying(t, '#puzzle-verdict', new RegExp(`“bag” is ${two(row[8])}\\. Most, ${two(row[2])}, goes to “trophy”`));
  assert.equal(await shown(t, '#lesson-sentence'), true);
  assert.match(await said(t, '#puzzle-article'), /computed: 0\.62 on trophy, 0\.15 on \[CLS\], 0\.11 on bag\.$/);
  await t.page.click('.guesses .chip:text-is("trophy")');
  await saying(t, '#puzzle-verdict', new RegExp(`^${two(row[2])} of its weight goes to “trophy”`));
  await t.page.click('text=… it was too small');
  await saying(t, '#puzzle-verdict', new RegExp(`^${two(small.row(3, 1, IT)[2])} of its weight goes to “trophy”`));
  await answer(t, 1);

  // 2. The query at the origin: all weights are a quarter.
  await next(t, 'dictionary', arrived);
  await until(() => title(t), 'A soft dictionary');
  await t.page.focus('#lesson-plane');
  await t.page.keyboard.press('Home');
  await saying(t, '#lesson-plane-told', /Query \(0\.00, 0\.00\).*0\.25 of A, 0\.25 of B, 0\.25 of C, 0\.25 of D/);
  await t.page.keyboard.press('ArrowRight');
  await saying(t, '#lesson-plane-told', /Query \(0\.10, 0\.00\)/);
  // Dragged onto key B, that has the largest score.
  const plane = await t.page.locator('#lesson-plane svg').boundingBox();
  const tip = await t.page.locator('#lesson-plane rect.query').boundingBox();
  await t.page.mouse.move(tip.x + tip.width / 2, tip.y + tip.height / 2);
  await t.page.mouse.down();
  await t.page.mouse.move(tip.x + tip.width / 2, plane.y + 40, { steps: 4 });
  await t.page.mouse.up();
  await saying(t, '#lesson-plane-told', /The hard answer is the value of key B/);
  await saying(t, '#lesson-inside-told', /^q\(it\) · k\(trophy\) = 25\.1/);
  await answer(t, 1);

  // 3. The row of "it" as it is, evened out, and as sharp as without the scale.
  await next(t, 'softmax', arrived);
  // What changes is drawn in a layer of its own, so by size.
  const bySize = (all) => [...all].sort((a, b) => b - a);
  const largest = async () => bySize(await values(t, 'lesson-bars', 'bar'))[0];
  const bars = async (want) => {
    const got = bySize(await drawn(t, 'lesson-bars', 'bar', big.n));
    bySize(want).forEach((weight, i) => near(got[i], weight, 2e-4, `bar ${i}`));
  };
  await bars(row);
  const sharp = row.map((weight) => weight ** Math.sqrt(32));
  const sum = sharp.reduce((a, b) => a + b);
  await t.page.click('text=Without 1/√32');
  await until(async () => await largest() > 0.9, true);
  await bars(sharp.map((weight) => weight / sum));
  await t.page.click('button:has-text("As the model has it")');
  await until(async () => await largest() < 0.7, true);
  await answer(t, 0);

  // 4. The translator's saved run; then the model itself, which writes another number.
  await next(t, 'cross', arrived);
  await until(() => t.page.evaluate(() => attnscope.tokens().map((token) => token.text)), NUMBER);
  const cross = async () => (await t.call('pattern', 3, 1))[10][2];
  near(await cross(), 0.9997, 2e-3, 'where the decoder is about to write "zwanzig" it reads "twenty"');
  await t.page.click('.chip:text-is("English reads English")');
  await until(() => t.page.evaluate(() => attnscope.state().layer), 1);
  await answer(t, 0);
  await t.page.click('#lesson-fetch');
  await t.page.waitForSelector('#lesson-number', { state: 'visible' });
  await until(async () => (await t.page.evaluate(() => attnscope.state())).tokens, [8]);
  near(await cross(), 0.9997, 1e-3, 'the same live');
  await t.page.fill('#lesson-number', 'seventy-five');
  await t.page.waitForSelector('#lesson-write:not([disabled])');
  await until(() => said(t, '#status').then((told) => READ.test(told)), true);
  await t.page.click('#lesson-write');
  await until(() => said(t, '#lesson-german'), 'fünfundsiebzig');

  // 5. The influence of all four at nine lengths; the RNN's is gone, attention's is not.
  await next(t, 'rnn', arrived);
  const dots = await drawn(t, 'lesson-influence', 'dot', 36);
  assert.ok(dots[8] < 1e-12 && dots[35] > 1e-2, `${dots[8]} ${dots[35]}`);
  await t.page.click('button:has-text("Other random weights")');
  await until(async () => { const again = await values(t, 'lesson-influence', 'dot'); return again.length === 36 && again[35] !== dots[35]; }, true);
  assert.deepEqual(await t.page.$$eval('#lesson-ways td', (all) => all.map((e) => e.textContent)), ['99', '100', '99', '100', '1', '100', '1', '1']);
  await answer(t, 0);

  // 6. A thousand tokens: 2^20 pairs.
  await next(t, 'price', arrived);
  const cells = () => t.page.$$eval('#lesson-price td', (all) => all.map((e) => e.textContent.replaceAll('\u202f', '')));
  await until(async () => (await cells()).slice(0, 3), ['262144', '100 %', '75.5 MB']);
  await t.page.locator('#lesson-length').focus();
  await t.page.keyboard.press('ArrowRight');
  await until(async () => (await cells()).slice(0, 4), ['1048576', '100 %', '302 MB', '524800']);
  await t.page.click('button:has-text("Measure on this device")');
  await saying(t, '#lesson-cost-told', /^Measured on this device, median for each length: 16 tokens/);
  await saying(t, '#lesson-records', /takes here: 16 tokens \d/);
  await answer(t, 2);

  // 7. Heads are found by choosing them.
  await next(t, 'heads', arrived);
  assert.equal(await t.page.locator('.tasks .done').count(), 0);
  await t.call('set', { layer: 3, head: 1 });
  await until(() => t.page.$$eval('.tasks li', (all) => all.map((e) => e.classList.contains('done'))), [false, true, false]);
  // It reads the token before for a third of its weight, which its label does not count on sinks.
  await t.call('set', { layer: 2, head: 11 });
  await t.call('set', { layer: 2, head: 5 });
  assert.equal(await t.page.locator('.tasks li').first().evaluate((e) => e.classList.contains('done')), false);
  await t.call('set', { layer: 0, head: 2 });
  await until(() => t.page.locator('.tasks li').first().evaluate((e) => e.classList.contains('done')), true);
  await t.call('set', { layer: 3, head: 1 });
  await t.page.click('#lesson-switch');
  const lost = await saying(t, '#lesson-lost', /cosine of 0\.\d{4}/);
  assert.ok(Number(/0\.\d{4}/.exec(lost)[0]) > 0.9, lost);
  await t.page.click('#lesson-switch');
  await until(() => said(t, '#lesson-lost'), '');
  await answer(t, 1);

  // 8. Without positions the two sentences are one.
  await next(t, 'order', arrived);
  await saying(t, '#lesson-same', /0\.\d{4}$/);
  await t.page.click('.chip:text-is("Without positions")');
  await saying(t, '#lesson-same', /1\.0000$/);
  await t.page.click('.chip:text-is("With positions")');
  // That is known before the run is read anew.
  await t.call('set', { altered: null });
  const rows = await t.call('pattern', 2, 4);
  rows.forEach((got, query) => got.forEach((w, key) => near(w, dog.row(2, 4, query)[key], 1e-4, `${query} ${key}`)));
  await until(() => t.page.locator('#lesson-signals .label').count().then((n) => n > 20), true);
  await answer(t, 1);

  // 9. A sentence of the reader's own.
  await next(t, 'layers', arrived);
  await drawn(t, 'lesson-strips', 'dot', 144);
  const before = await values(t, 'lesson-strips', 'dot');
  await t.page.fill('#lesson-text', 'a b c d e f g h');
  await until(async () => { const now = await values(t, 'lesson-strips', 'dot'); return now.length === 144 && now[0] !== before[0]; }, true);
  const entropy = (await values(t, 'lesson-strips', 'dot')).slice(0, 72);
  assert.ok(entropy.every((bits) => bits >= 0 && bits <= Math.log2(10)), 'of ten tokens');
  await answer(t, 1);

  // 10.
  await next(t, 'family', arrived);
  assert.equal(await t.page.locator('#lesson-family-table tbody tr').count(), 22);
  const gpt3 = await t.page.$$eval('#lesson-family-table tr', (all) => all.map((row) => [...row.cells].map((e) => e.textContent))
    .find(([name]) => name === 'GPT-3'));
  assert.deepEqual(gpt3, ['GPT-3', '2020', '96', '12288', '96', '175 billion', 'predict the next token', 'learned', 'closed']);
  const offered = await t.page.$$eval('#lesson-family-table a', (all) => all.map((e) => e.closest('tr').cells[0].textContent));
  assert.deepEqual(offered, [
    'BERT base', 'BERT large', 'GPT-2', 'GPT-2 medium', 'RoBERTa base', 'RoBERTa large', 'T5 small', 'T5 base',
    'SmolLM2 135M', 'Qwen3 0.6B',
  ], 'no model is offered that a page must refuse');
  await answer(t, 0);
  assert.equal(await t.page.locator('.ways .next').count(), 0, 'the last one');
  assert.equal(minutes.length, STEPS.length);
  assert.match(await said(t, '.lesson-head .readout'),
    new RegExp(`About ${minutes.reduce((sum, one) => sum + one, 0)} minutes in all\\.$`), 'the minutes of the steps add up');

  // The workbench has what was on screen.
  await t.page.click('#leave-lesson');
  await until(() => shown(t, '.pictures'), true);
  assert.match(await at(t), /^#v=1&text=a\+b\+c/);
}, { timeout: 240_000 });

test('three small networks are trained in the page', async ({ open }) => {
  const t = await start(open, { path: '#/lesson/rnn' });
  await t.page.click('#lesson-train');
  await saying(t, '#lesson-training', /Training the plain RNN: step \d+ of 3000.* About \d+ s left\./);
  await t.page.click('#lesson-stop');
  await until(() => said(t, '#lesson-training'), '');
  await t.page.click('#lesson-train');
  const told = await t.page.waitForFunction(() => {
    const e = document.querySelector('#lesson-recall-told');
    return e && !e.hidden && e.textContent;
  }, undefined, { timeout: 120_000 }).then((found) => found.jsonValue());
  // The same seed gives the same numbers on every machine: attention knows the first of twelve, the others hardly.
  const shares = /the value of the first is named right by .*?(\d+) %.*?(\d+) %.*?(\d+) %/.exec(told).slice(1).map(Number);
  assert.ok(shares[2] > 95 && shares[0] < 40 && shares[1] < 60, told);
  assert.equal((await values(t, 'lesson-recall', 'dot')).length, 36);
}, { timeout: 200_000 });

test('shown at once from a saved run, while the model is on its way', async ({ open }) => {
  const t = await open({ fresh: true, path: '#/lesson/puzzle', faults: { [WEIGHTS]: { heldAfter: 300_000 } } });
  await t.page.waitForSelector('#lesson-puzzle');
  await t.page.click('text=Show me');
  await saying(t, '#puzzle-verdict', /^0\.62 of its weight goes to “trophy”/);
  // The model is still arriving.
  await until(() => shown(t, '.status progress'), true);
  await t.page.click('.lesson nav a:has-text("Word order")');
  await until(() => t.page.evaluate(() => attnscope.tokens().map((token) => token.text)), ['[CLS]', 'dog', 'bit', 'man', '[SEP]']);
  await t.page.click('.lesson nav a:has-text("Layers")');
  await drawn(t, 'lesson-strips', 'dot', 144);
});

test('readers keep their place, and Back goes back', async ({ open }) => {
  const t = await start(open, { path: '#/lesson' });
  await t.page.waitForSelector('#lesson-puzzle');
  await t.page.click('.lesson nav a:has-text("The price")');
  await step(t, 'price');
  await next(t, 'heads');
  await t.page.goBack();
  await step(t, 'price');
  await t.page.goto(t.url);
  await t.page.waitForSelector('#to-lesson');
  assert.equal(await t.page.locator('#lesson').count(), 0);
  await t.page.click('#to-lesson');
  await t.page.waitForSelector('#lesson-price');
  assert.equal(await t.page.locator('.lesson .seen:visible').count(), 3, 'puzzle, price, heads');
});

test('a step that takes the place of one like it draws its own pictures alone', async ({ open }) => {
  const t = await start(open, { path: '#/lesson/softmax', timers: true });
  for (const [step, id] of [['softmax', 'lesson-bars'], ['layers', 'lesson-strips'], ['softmax', 'lesson-bars']]) {
    await t.page.evaluate((step) => { location.hash = `#/lesson/${step}`; }, step);
    await t.page.waitForSelector(`#${id} svg > g > *`, { state: 'attached' });
    // One group for each layer of a picture, and what is drawn there fits the frame.
    assert.equal(await t.page.locator(`#${id} svg > g`).count(), 4, step);
  }
  await t.page.setViewportSize({ width: 1000, height: 800 });
  await t.rested();
});

test('a teacher takes three steps in another order, and a wrong name is told', async ({ open }) => {
  const t = await start(open, { path: '#/lesson/heads' });
  await t.page.waitForSelector('#lesson-heads');
  await t.page.click('.teachers summary');
  assert.match(await t.page.inputValue('#teach-lines'), /<attn-scope lesson="heads"><\/attn-scope>$/);
  await t.page.fill('#teach-order', 'price, nothing, puzzle');
  await until(() => said(t, '.teachers .fault'), 'There is no step called nothing.');
  const link = await t.page.inputValue('#teach-link');
  assert.match(link, /#\/lesson\/price\?steps=price,puzzle$/);
  await t.page.goto('about:blank');
  await t.page.goto(link);
  await t.page.waitForSelector('#lesson-price');
  assert.deepEqual(await t.page.$$eval('.lesson nav ol a', (all) => all.map((e) => e.textContent)), ['1. The price', '2. The puzzle']);
  await t.page.goto('about:blank');
  await t.page.goto(`${t.url}#/lesson/<b>?steps=puzzle,order`);
  await t.page.waitForSelector('#lesson-puzzle');
  assert.equal(await said(t, 'article .note'), 'There is no step called <b>: this is the first one.');
});

test('a lesson that cannot be fetched says so, and comes when asked again', async ({ open }) => {
  const part = readdirSync(new URL('../../dist', import.meta.url)).find((name) => /split_lesson/.test(name));
  assert.ok(part, 'the lesson has a part of its own');
  // Firefox tells of the script alone that could not start it.
  const missing = [/404/, new RegExp(part), /CompileError/];
  const t = await open({ path: '#/lesson/family', faults: { [part]: { status: 404 } }, expect: BROWSER === 'chromium' ? missing : [/-parts\.js/] });
  await t.page.waitForSelector('.lesson.fault');
  t.server.fault(part, null);
  await t.page.click('.lesson.fault button');
  await t.page.waitForSelector('#lesson-family-table');
});

for (const [look, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark phone', { colorScheme: 'dark', viewport: PHONE, hasTouch: true }],
]) {
  test(`every step is accessible and fits, ${look}`, async ({ open }) => {
    const t = await start(open, { ...options, path: '#/lesson/puzzle', timers: true });
    for (const name of STEPS) {
      await whole(t, name);
      await t.page.locator('.question input').last().check();
      await saying(t, '#verdict', /./);
      const over = await t.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
      await audit(t, `${name}, ${look}`);
      const picture = new URL(`out/lesson-${look.replace(' ', '-')}-${name}.png`, import.meta.url).pathname;
      await t.page.screenshot({ path: picture, fullPage: true });
      if (process.env.ATTNSCOPE_UPDATE && name === 'cross' && look === 'light') {
        copyFileSync(picture, new URL('../../docs/screenshots/lesson.png', import.meta.url));
      }
    }
  }, { timeout: 240_000 });
}

/** The lesson's texts in a language, without those that have places for values. */
const texts = (code) => new Map(readFileSync(new URL(`../../lang/lesson/${code}.ftl`, import.meta.url), 'utf8').split('\n')
  .map((line) => /^([a-z0-9-]+) = ([^{]+)$/.exec(line)).filter(Boolean).map(([, name, text]) => [name, text.trim()]));

for (const [code, locale, direction] of [['ar', 'ar-EG', 'rtl'], ['ja', 'ja-JP', 'ltr']]) {
  test(`${code}: no step is in English`, async ({ open }) => {
    const t = await open({ locale, path: '#/lesson/puzzle', timers: true });
    await t.ready();
    const [english, own] = [texts('en'), texts(code)];
    const left = new Set([...english].filter(([name, text]) => own.get(name) !== text && /[a-z]{2}/i.test(text)).map(([, text]) => text));
    for (const name of STEPS) {
      await whole(t, name);
      assert.equal(await title(t), own.get(`${name}-title`));
      const seen = await t.page.$$eval('#lesson *', (all) => all.flatMap((e) => [...e.childNodes])
        .filter((node) => node.nodeType === 3).map((node) => node.data.trim()));
      assert.deepEqual(seen.filter((text) => left.has(text)), [], name);
      const over = await t.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
      await t.page.screenshot({ path: new URL(`out/lesson-${code}-${name}.png`, import.meta.url).pathname, fullPage: true });
    }
    assert.equal(await t.page.evaluate(() => document.documentElement.dir), direction);
  }, { timeout: 120_000 });
}
