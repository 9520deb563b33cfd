// <attn-scope> in the pages of others: while the model loads, in files and sandboxes, moved about, with attributes as HTML
// and JSX write them, loaded as a module, bound to another view, on slides.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bySelf } from './browsers.mjs';
import { test } from './harness.mjs';
import { IT, TROPHY, WEIGHTS, golden, rowNear, until } from './helpers.mjs';
import { FOREIGN, classic, frames, host, listen, page, read, visible } from './host.mjs';

const dog = golden('dog_man');
const DOG = dog.text;
const CORS = { 'Access-Control-Allow-Origin': '*' };
const state = (frame) => frame.evaluate(() => attnscope.state());
const drawn = (frame) => frame.locator('#sentence .token').count();
const set = (t, patch, id = 'attn-scope') => t.page.evaluate(([id, patch]) => document.querySelector(id).set(patch)
  .then(() => null, (error) => error.message), [id, patch]);
const told = (t) => t.page.evaluate(() => window.told);
/** What is heard from the first moment on. */
const EARS = `<script>
  window.told = [];
  window.faults = [];
  addEventListener('attnscope:state', (e) => told.push(e.detail));
  addEventListener('attnscope:fault', (e) => faults.push(e.detail.message));
</script>`;
const heard = (t) => EARS + classic(t);

test('while the model loads, and where it fails, a view draws no other text than its own and tells of none', async ({ open }) => {
  const t = await host(open, `<attn-scope text="${DOG}" head="L2H4" token="dog" controls="none"></attn-scope>`, {
    script: heard,
    before: (server) => server.fault(WEIGHTS, { status: 404 }),
    options: { fresh: true },
  });
  const [frame] = await frames(t, 1);
  // A frame that shows the sentence alone says why there is none.
  await until(async () => /404/.test(await frame.locator('#status').textContent()), true);
  assert.equal(await visible(frame, '#status'), true);
  assert.equal(await drawn(frame), 0, 'not the sentence of the start');
  assert.equal((await state(frame)).text, DOG);
  assert.deepEqual(await told(t), []);
  t.server.clear(WEIGHTS);
  await frame.click('#status button');
  await read(frame, DOG);
  rowNear((await frame.evaluate(() => attnscope.pattern(2, 4)))[1], dog.row(2, 4, 1), 1e-4, 'its own row');
  await until(async () => (await told(t)).length > 0, true, 'an event');
  for (const { state } of await told(t)) assert.equal(state.text, DOG);
  const [{ state: first, link, cause }] = await told(t);
  assert.deepEqual([first.layer, first.head, first.tokens, cause], [2, 4, [1], 'start'], link);
  assert.equal(await visible(frame, '#status'), false);
});

test('a saved run of another text than the view\'s own is not shown', async ({ open }) => {
  const saved = await readFile(new URL('../../assets/snapshots/trophy.safetensors', import.meta.url));
  const t = await host(open, `<attn-scope snapshot="trophy.safetensors" text="${DOG}" token="dog"></attn-scope>`, {
    script: heard, files: { 'trophy.safetensors': saved },
  });
  const [frame] = await frames(t, 1);
  await read(frame, DOG);
  await until(async () => (await told(t)).map(({ state }) => state.text), [DOG]);
  assert.deepEqual((await state(frame)).tokens, [1]);
  assert.ok(t.console.some((line) => /warning: attn-scope: the snapshot: expected a run of .dog bit man/.test(line)), t.console.join('\n'));
});

test('an element that is moved lives on with what was on screen, and its open calls are rejected', async ({ open }) => {
  const t = await host(open, `<div id="here"><attn-scope text="${TROPHY}" token="it"></attn-scope></div><dialog id="there" open></dialog>`);
  const [first] = await frames(t, 1);
  await read(first, TROPHY);
  assert.equal(await set(t, { text: DOG, tokens: ['bit'], layer: 2 }), null);
  const refused = await t.page.evaluate(async () => {
    const view = document.querySelector('attn-scope');
    const open = view.set({ text: 'man bit dog' }).then(() => 'done', (error) => error.message);
    // It has been asked for, and its answer is messages away.
    await null;
    await null;
    document.querySelector('#there').append(view);
    return open;
  });
  assert.match(refused, /attn-scope: the element was taken out of its page/);
  const shown = async () => {
    await until(async () => (await t.page.evaluate(() => document.querySelector('attn-scope').ready.then(() => 'ready'))), 'ready');
    const [frame] = await frames(t, 1);
    await read(frame, DOG);
    const { tokens, layer } = await state(frame);
    assert.deepEqual([tokens, layer], [[2], 2]);
    return frame;
  };
  await shown();
  assert.equal(await set(t, { head: 7 }), null);
  // Taken out and put in again later, as frameworks do; and with another look.
  await t.page.evaluate(() => {
    window.view = document.querySelector('attn-scope');
    window.view.remove();
  });
  await until(() => t.page.frames().length, 1);
  await t.page.evaluate(() => document.querySelector('#here').append(window.view));
  assert.equal((await state(await shown())).head, 7);
  await t.page.evaluate(() => window.view.setAttribute('theme', 'dark'));
  await until(async () => (await frames(t, 1))[0].url().includes('theme=dark'), true);
  assert.equal((await state(await shown())).head, 7);
});

test('attributes as HTML and JSX write them, at the start and later; what names nothing is told to teachers', async ({ open }) => {
  const YEAR = 'In 1999 it was 7 dogs.';
  const t = await host(open, `
    <attn-scope id="a" text="${YEAR}" token="1999" words inside="" causal="true" downstream="false" lock="false"></attn-scope>
    <attn-scope id="b" text="${DOG}" token="," off="L9H99,L0H3" lock="0" words="maybe"></attn-scope>
    <attn-scope id="c" text="7 dogs bit 2 men" token="7" lock="lock"></attn-scope>`, { script: heard });
  await t.page.locator('#c').scrollIntoViewIfNeeded();
  const all = await frames(t, 3);
  const by = async (text) => {
    for (const frame of all) if ((await state(frame)).text === text) return frame;
    return assert.fail(text);
  };
  const [a, b, c] = [await by(YEAR), await by(DOG), await by('7 dogs bit 2 men')];
  await Promise.all([read(a, YEAR), read(b, DOG), read(c, '7 dogs bit 2 men')]);
  const flags = async () => {
    const { words, inside, downstream, altered } = await state(a);
    return [words, inside, downstream, altered?.causal ?? false];
  };
  await until(flags, [true, true, false, true]);
  const chosen = (frame) => frame.evaluate(() => attnscope.state().tokens.map((i) => attnscope.tokens()[i].text));
  assert.deepEqual(await chosen(a), ['1999']);
  assert.deepEqual(await chosen(c), ['7'], 'the word, and not the seventh token');
  const locked = (frame) => frame.evaluate(() => document.documentElement.hasAttribute('data-lock'));
  assert.deepEqual(await Promise.all([a, b, c].map(locked)), [false, false, true]);
  // Of a broken attribute the rest holds, and readers are told nothing.
  await until(() => t.page.evaluate(() => window.faults.length), 1, 'one event');
  const [fault] = await t.page.evaluate(() => window.faults);
  for (const part of [/token: expected a list of tokens/, /a head to switch off.*L9 H99/, /words: expected true or false/]) assert.match(fault, part);
  assert.ok(t.console.some((line) => line.includes('attn-scope: token: expected a list')), t.console.join('\n'));
  assert.equal(await visible(b, '#link'), false);
  assert.deepEqual((await state(b)).altered.heads_off, ['L0 H3']);
  const change = (id, change) => t.page.evaluate(([id, change]) => {
    const view = document.querySelector(id);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) view.removeAttribute(name);
      else view.setAttribute(name, value);
    }
  }, [id, change]);
  await change('#a', { words: 'false', inside: null, downstream: '', causal: '0', token: '7' });
  await until(flags, [false, false, true, false]);
  assert.deepEqual(await chosen(a), ['7']);
  await change('#a', { token: ',' });
  await until(() => t.console.some((line) => /warning: attn-scope: token: expected a list of tokens, got .,/.test(line)), true);
  await change('#b', { lock: 'true' });
  await until(async () => (await frames(t, 3)).filter((f) => /[?&]lock/.test(f.url())).length, 2);
});

test('an event says who caused it, and two views bound to each other come to rest', async ({ open }) => {
  const t = await host(open, `<attn-scope id="one" text="${DOG}"></attn-scope><attn-scope id="two" text="man bit dog"></attn-scope>`);
  await t.page.locator('#two').scrollIntoViewIfNeeded();
  const all = await frames(t, 2);
  const texts = await Promise.all(all.map(async (frame) => (await state(frame)).text));
  const one = all[texts.indexOf(DOG)];
  const two = all[texts.indexOf('man bit dog')];
  await Promise.all([read(one, DOG), read(two, 'man bit dog')]);
  await until(() => t.page.evaluate(() => [...document.querySelectorAll('attn-scope')].every((view) => view.state)), true);
  await t.page.evaluate(() => {
    window.told = [];
    const [one, two] = document.querySelectorAll('attn-scope');
    for (const [view, other] of [[one, two], [two, one]]) {
      view.addEventListener('attnscope:state', ({ detail: { state, cause } }) => {
        window.told.push([view.id, state.text, cause]);
        if (cause === 'reader') other.set(state);
      });
    }
  });
  await one.locator('#text').fill(TROPHY);
  await read(two, TROPHY);
  await until(() => told(t), [['one', TROPHY, 'reader'], ['two', TROPHY, 'set']]);
  // To what is there already: no event, whether one change later tells of it or not.
  assert.equal(await set(t, { text: TROPHY }, '#one'), null);
  assert.equal(await set(t, await t.page.evaluate(() => document.querySelector('#one').state), '#one'), null);
  await t.page.evaluate(() => document.querySelector('#one').setAttribute('text', document.querySelector('#one').state.text));
  assert.equal(await set(t, { layer: 5 }, '#one'), null);
  await until(async () => (await told(t)).slice(2), [['one', TROPHY, 'set']]);
  await one.locator('#head').selectOption('7');
  await until(async () => (await told(t)).slice(3), [['one', TROPHY, 'reader'], ['two', TROPHY, 'set']]);
});

test('Escape gives the arrow keys back to the page around, and what is chosen stays', async ({ open }) => {
  const t = await host(open, `<attn-scope text="${TROPHY}" token="it"></attn-scope><attn-scope text="${DOG}" lock></attn-scope>`);
  await t.page.locator('attn-scope').last().scrollIntoViewIfNeeded();
  const all = await frames(t, 2);
  const texts = await Promise.all(all.map(async (frame) => (await state(frame)).text));
  await Promise.all(all.map((frame, i) => read(frame, texts[i])));
  const free = all[texts.indexOf(TROPHY)];
  const locked = all[texts.indexOf(DOG)];
  await t.page.evaluate(() => {
    window.turned = [];
    addEventListener('keydown', ({ key }) => window.turned.push(key));
  });
  const turned = () => t.page.evaluate(() => window.turned);
  await t.page.mouse.move(1, 1);
  await free.locator('#sentence').focus();
  await t.page.keyboard.press('ArrowRight');
  await until(async () => (await state(free)).tokens, [IT + 1]);
  assert.deepEqual(await turned(), []);
  await t.page.keyboard.press('Escape');
  await until(() => t.page.evaluate(() => document.activeElement === document.body), true, 'the focus');
  await t.page.keyboard.press('ArrowRight');
  await until(turned, ['ArrowRight']);
  assert.deepEqual((await state(free)).tokens, [IT + 1]);
  await locked.locator('#sentence').focus();
  await t.page.keyboard.press('Escape');
  await until(() => t.page.evaluate(() => document.activeElement === document.body), true, 'the focus');
  await t.page.keyboard.press('ArrowLeft');
  await until(turned, ['ArrowRight', 'ArrowLeft']);
});

/** The view in a window, once it is seen: how high it is. */
const height = (window) => window.waitForFunction(() => {
  const frame = document.querySelector('attn-scope')?.shadowRoot?.querySelector('iframe');
  return frame && getComputedStyle(frame).visibility === 'visible' ? frame.getBoundingClientRect().height : null;
}, undefined, { timeout: 60_000, polling: 100 }).then((found) => found.jsonValue());

test('in a page that is a file, and in one of srcdoc, the view is shown and hears', async ({ open }) => {
  const folder = await mkdtemp(join(tmpdir(), 'attnscope-'));
  try {
    const outside = [FOREIGN, ...bySelf(/^request to another origin: file:/)];
    const t = await host(open, '<p>Within</p>', { script: () => '', options: { expect: outside } });
    const inner = page(classic(t), `<attn-scope text="${DOG}" token="dog"></attn-scope>`);
    const file = join(folder, 'page.html');
    await writeFile(file, inner);
    const works = async (window) => {
      assert.ok(await height(window) > 150);
      const [frame] = await frames(t, 1);
      await read(frame, DOG);
      await window.waitForFunction(() => document.querySelector('attn-scope').state?.tokens[0] === 1);
      await window.evaluate(() => document.querySelector('attn-scope').set({ layer: 2, head: 5 }));
      assert.deepEqual([(await state(frame)).layer, (await state(frame)).head], [2, 5]);
    };
    await t.page.evaluate((html) => {
      const frame = document.createElement('iframe');
      [frame.srcdoc, frame.width, frame.height] = [html, 800, 600];
      document.body.append(frame);
    }, inner);
    const within = () => t.page.frames().find((frame) => frame.url() === 'about:srcdoc');
    await until(() => within() !== undefined, true);
    await works(within());
    await t.page.goto(pathToFileURL(file).href);
    await works(t.page);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('in a sandbox the view is shown, at a fixed height where it cannot answer, and the console says why', async ({ open }) => {
  const t = await host(open, '<p>Within</p>', { script: () => '', options: { expect: [/./] } });
  await t.page.evaluate((html) => {
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    [frame.srcdoc, frame.width, frame.height] = [html, 800, 600];
    document.body.append(frame);
  }, page(classic(t), `<attn-scope text="${DOG}">A picture</attn-scope>`));
  const within = () => t.page.frames().find((frame) => frame.url() === 'about:srcdoc');
  await until(() => within() !== undefined, true);
  // As its attributes and its width ask for.
  assert.equal(await height(within()), 860);
  await until(() => t.console.some((line) => /warning: attn-scope: .*does not answer, as this page has no origin/.test(line)), true);
});

test('the script finds its own folder as a module, by import, renamed and beside another\'s embed.js', async ({ open }) => {
  const source = await readFile(new URL('../../dist/embed.js', import.meta.url));
  const theirs = Buffer.from('window.theirs = true;');
  const ways = {
    module: (t) => `<script type="module" src="${t.url}embed.js"></script>`,
    imported: (t) => `<script type="module">import '${t.url}embed.js';</script>`,
    dynamic: (t) => `<script>import('${t.url}embed.js');</script>`,
    renamed: (t) => `<script src="${t.url}views.js?1"></script>`,
    beside: (t) => `<script src="embed.js"></script><script type="module" src="${t.url}embed.js"></script>`,
  };
  const t = await host(open, '<attn-scope text="man"></attn-scope>', {
    files: { 'embed.js': theirs }, options: { headers: CORS, expect: [FOREIGN, /cannot tell where it was loaded from/] },
    before: (server) => server.fault('views.js', { body: source }),
  });
  for (const [way, script] of Object.entries(ways)) {
    t.other.fault('page.html', { body: Buffer.from(page(script(t), `<attn-scope text="${way}"></attn-scope>`)) });
    await t.page.goto(`${t.other.url}page.html?${way}`);
    const [frame] = await frames(t, 1);
    // It is left when nothing is under way in it, of which Firefox would complain.
    await read(frame, way);
  }
  // Inline and evaluated nobody says where it is from: what stands between the tags stays.
  t.other.fault('page.html', { body: Buffer.from(page('', '<attn-scope>A picture</attn-scope>')) });
  await t.page.goto(`${t.other.url}page.html`);
  await t.page.evaluate((source) => {
    const script = document.createElement('script');
    script.textContent = source;
    document.body.append(script);
    (0, eval)(source);
  }, `${source}`);
  await until(() => t.console.filter((line) => /cannot tell where it was loaded from/.test(line)).length, 2);
  assert.equal(await t.page.locator('text=A picture').isVisible(), true);
  assert.equal(t.page.frames().length, 1);
});

test('an isolated page of another site embeds one that sends the headers for it', async ({ open }) => {
  const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const t = await host(open, `<attn-scope text="${DOG}"></attn-scope>`, {
    headers: isolated,
    script: (t) => `<script type="module" src="${t.url}embed.js"></script>`,
    options: { headers: { ...CORS, ...isolated, 'Cross-Origin-Resource-Policy': 'cross-origin' } },
  });
  assert.equal(await t.page.evaluate(() => crossOriginIsolated), true);
  const [frame] = await frames(t, 1);
  await read(frame, DOG);
});
