// The page within pages of another origin: <attn-scope>, its attributes, messages and snapshots.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BROWSER, bySelf } from './browsers.mjs';
import { PHONE, test } from './harness.mjs';
import { IT, TROPHY, WEIGHTS, WEIGHT_BYTES, changeWorker, golden, hurry, near, rowNear, stop, stoppable, until } from './helpers.mjs';
import { FOREIGN, frames, host, read, visible } from './host.mjs';

const [big, small, dog] = [golden('trophy_big'), golden('trophy_small'), golden('dog_man')];
const TROPHY_SNAPSHOT = readFileSync(new URL('../../assets/snapshots/trophy.safetensors', import.meta.url));
// What a page around may do to its own elements, and not to ours.
const HOSTILE = 'body *, attn-scope { display: none !important; color: red !important; font-size: 3px !important } iframe, svg { visibility: hidden !important; width: 1px !important }';

test('three on a page of another origin, below a hostile stylesheet', async ({ open }) => {
  const t = await host(open, `
    <attn-scope id="a" text="${TROPHY}" layer="3" head="1" token="it" view="arcs" controls="none"></attn-scope>
    <attn-scope id="b" text="${small.text}" head="L2H4" tokens="10" controls="simple" theme="dark"></attn-scope>
    <attn-scope id="c" text="dog bit man" tokens="dog" special="mask" controls="full"></attn-scope>`,
  { style: HOSTILE, options: { fresh: true } });
  const all = await frames(t, 3);
  const by = async (text) => {
    for (const frame of all) if (await frame.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('text')) === text) return frame;
    return assert.fail(text);
  };
  const [a, b, c] = [await by(TROPHY), await by(small.text), await by('dog bit man')];
  for (const [frame, want, head, query] of [[a, big, [3, 1], IT], [b, small, [2, 4], IT], [c, dog, [3, 1], 1]]) {
    await read(frame, want.text);
    const state = await frame.evaluate(() => attnscope.state());
    assert.deepEqual([state.layer, state.head, state.tokens], [...head, [query]]);
    const rows = await frame.evaluate((head) => attnscope.pattern(...head), head);
    rowNear(rows[query], want.row(...head, query), 1e-4, want.text);
  }
  assert.equal((await c.evaluate(() => attnscope.state())).special, 'mask');
  assert.equal(t.server.seen(WEIGHTS).bytes, WEIGHT_BYTES, 'one download for all three');
  // What each shows of its controls.
  assert.deepEqual(await Promise.all([a, b, c].map((f) => visible(f, '#text'))), [false, true, true]);
  assert.deepEqual(await Promise.all([a, b, c].map((f) => visible(f, '#show'))), [false, false, true]);
  assert.deepEqual(await Promise.all([a, b, c].map((f) => visible(f, '#heatmap'))), [false, false, true]);
  assert.deepEqual(await Promise.all([a, b, c].map((f) => visible(f, '.brand'))), [false, false, false]);
  assert.equal(await b.evaluate(() => document.documentElement.dataset.theme), 'dark');
  // As high as what is in it, and seen in spite of the stylesheet around.
  for (const id of ['a', 'b', 'c']) {
    await until(() => t.page.$eval(`#${id}`, (e) => {
      const frame = e.shadowRoot.querySelector('iframe');
      const { width, height } = frame.getBoundingClientRect();
      return width > 600 && height > 150 && getComputedStyle(frame).visibility === 'visible' && !e.shadowRoot.querySelector('slot');
    }), true, id);
  }
  for (const frame of [a, b, c]) {
    await until(() => frame.evaluate(() => document.documentElement.scrollHeight - innerHeight), 0, 'nothing scrolls within');
  }
  await t.screenshot('embed-three');
});

/** The worker's script of this build, with a channel by which a test asks who is there and how much memory they have, and
 * makes one end by an uncaught error, as a panic does. */
const watching = (loader) => {
  assert.match(loader, /^wasm_bindgen\(/m);
  return `${loader.replace(/^wasm_bindgen\(/m, 'const wasm = wasm_bindgen(')}
    const lock = 'worker ' + crypto.randomUUID();
    navigator.locks.request(lock, () => new Promise(() => {}));
    const channel = new BroadcastChannel('test');
    channel.onmessage = async ({ data }) => {
      if (data === 'die') throw new Error('unreachable');
      if (data !== 'who') return;
      const { memory } = await wasm;
      channel.postMessage({ lock, name: self.name, bytes: memory.buffer.byteLength });
    };`;
};
const watched = (server) => changeWorker(server, watching);
/** What every living worker answers: each holds a lock for as long as it lives. `hung` of them cannot answer. */
const workers = (frame, hung = 0) => frame.evaluate(async (hung) => {
  const [channel, heard] = [new BroadcastChannel('test'), new Map()];
  channel.onmessage = ({ data }) => heard.set(data.lock, data);
  channel.postMessage('who');
  for (;;) {
    const { held } = await navigator.locks.query();
    const alive = held.map(({ name }) => name).filter((name) => name.startsWith('worker '));
    const answered = alive.filter((lock) => heard.has(lock));
    if (answered.length >= alive.length - hung) {
      channel.close();
      return answered.map((lock) => heard.get(lock));
    }
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}, hung);
const ordered = async (all, texts) => {
  const found = await Promise.all(all.map((frame) => frame.evaluate(() => attnscope.state().text)));
  return texts.map((text) => all[found.indexOf(text)]);
};
const type = async (frame, text, want) => {
  await frame.locator('#text').fill(text);
  await read(frame, text);
  rowNear((await frame.evaluate(() => attnscope.pattern(2, 5)))[1], want.row(2, 5, 1), 1e-4, text);
};

test('frames share one worker and one model, also after one of them leaves', async ({ open }) => {
  const t = await host(open, '<attn-scope id="a" text="man"></attn-scope>', { before: watched, options: { fresh: true } });
  const [first] = await frames(t, 1);
  await read(first, 'man');
  const [{ bytes: alone }] = await workers(first);
  await t.page.evaluate(() => document.body.insertAdjacentHTML('beforeend',
    '<attn-scope id="b" text="dog" lang="ja"></attn-scope><attn-scope id="c" text="bit"></attn-scope>'));
  await until(async () => {
    await t.page.locator('#c').scrollIntoViewIfNeeded();
    return t.page.frames().length;
  }, 4);
  const all = await ordered(await frames(t, 3), ['man', 'dog', 'bit']);
  await all[1].waitForFunction(() => attnscope.ready.then(() => true));
  await all[2].waitForFunction(() => attnscope.ready.then(() => true));
  await read(all[2], 'bit');
  const together = await workers(first);
  assert.deepEqual(together.map(({ name }) => name), ['attnscope 1'], 'one worker');
  t.console.push(`memory: ${alone} bytes for one frame, ${together[0].bytes} for three`);
  assert.ok(together[0].bytes < alone + WEIGHT_BYTES / 4, t.console.at(-1));
  assert.equal(t.server.seen(WEIGHTS).bytes, WEIGHT_BYTES, 'one download');
  // Each its own text and its own numbers.
  await type(all[0], big.text, big);
  await type(all[2], 'dog bit man', dog);
  rowNear((await all[0].evaluate(() => attnscope.pattern(3, 1)))[IT], big.row(3, 1, IT), 1e-4, 'not the other\'s');
  await t.page.evaluate(() => document.querySelector('#a').remove());
  await type(all[2], small.text, small);
  assert.equal((await workers(all[2])).length, 1);
});

test('a frame in English is answered in English where one in Japanese was there first', async ({ open }) => {
  const t = await host(open, '<attn-scope text="man" token="man" lang="ja" inside="1"></attn-scope>', { before: watched });
  const told = (frame, pattern) => frame.waitForFunction((pattern) =>
    new RegExp(pattern).test(document.querySelector('#inside-told')?.textContent), pattern, { timeout: 60_000, polling: 100 });
  const [first] = await frames(t, 1);
  await told(first, 'スコアは');
  await t.page.evaluate(() => document.body.insertAdjacentHTML('beforeend',
    '<attn-scope id="b" text="dog" token="dog" lang="en" inside="1"></attn-scope>'));
  await until(async () => {
    await t.page.locator('#b').scrollIntoViewIfNeeded();
    return t.page.frames().length;
  }, 3);
  const second = (await frames(t, 2)).find((frame) => frame !== first);
  await told(second, 'the score is');
  assert.equal((await workers(first)).length, 1, 'one worker answers both');
  await first.evaluate(() => attnscope.set({ tokens: [0] }));
  await told(first, '\\[CLS\\].*スコアは');
});

test('where the worker ends, every frame says so and starts again with the others', async ({ open }) => {
  // Firefox tells the pages, too, how a worker that they share ended.
  const told = BROWSER === 'firefox' ? [/unreachable/] : [];
  const t = await host(open, '<attn-scope text="man"></attn-scope><attn-scope text="dog"></attn-scope>', {
    before: watched,
    options: { expect: [FOREIGN, ...told] },
  });
  await t.page.locator('attn-scope').last().scrollIntoViewIfNeeded();
  const all = await frames(t, 2);
  await Promise.all(all.map((frame) => frame.waitForFunction(() => attnscope.ready.then(() => true))));
  const texts = await Promise.all(all.map((frame) => frame.evaluate(() => attnscope.state().text)));
  await Promise.all(all.map((frame, i) => read(frame, texts[i])));
  await all[0].evaluate(() => {
    window.channel = new BroadcastChannel('test');
    window.channel.postMessage('die');
  });
  for (const frame of all) {
    await frame.waitForFunction(() => /Start the engine again/.test(document.querySelector('#status').textContent), undefined, { timeout: 20_000 });
  }
  for (const [i, frame] of all.entries()) {
    await frame.locator('#status button').click();
    await read(frame, texts[i]);
  }
  await type(all[0], big.text, big);
  await type(all[1], 'dog bit man', dog);
  // The first has given its memory back.
  await until(async () => (await workers(all[0])).map(({ name }) => name), ['attnscope 2']);
});

test('frames leave a worker that hangs, and none of them joins it again', async ({ open }) => {
  const t = await host(open, '<attn-scope text="man"></attn-scope><attn-scope text="dog"></attn-scope>', {
    before: (server) => changeWorker(server, (loader) => stoppable(watching(loader))),
    start: (page) => page.addInitScript(hurry),
  });
  await t.page.locator('attn-scope').last().scrollIntoViewIfNeeded();
  const all = await frames(t, 2);
  const texts = await Promise.all(all.map((frame) => frame.evaluate(() => attnscope.state().text)));
  await Promise.all(all.map((frame, i) => read(frame, texts[i])));
  await stop(all[0], 'hang');
  for (const [frame, want] of [[all[0], big], [all[1], dog]]) {
    await frame.locator('#text').fill(want.text);
    await frame.locator('#silent button').click({ timeout: 60_000 });
    await read(frame, want.text);
    rowNear((await frame.evaluate(() => attnscope.pattern(2, 5)))[1], want.row(2, 5, 1), 1e-4, want.text);
  }
  assert.deepEqual((await workers(all[0], 1)).map(({ name }) => name), ['attnscope 2']);
});

test('two readers who type at the same moment each get their own numbers', async ({ open }) => {
  const t = await host(open, '<attn-scope text="man"></attn-scope><attn-scope text="dog"></attn-scope>', { before: watched });
  await t.page.locator('attn-scope').last().scrollIntoViewIfNeeded();
  const all = await frames(t, 2);
  await Promise.all(all.map((frame) => frame.waitForFunction(() => attnscope.ready.then(() => true))));
  // By hand, as a driver types into the frame that has the focus and only one has it.
  const atOnce = (texts) => Promise.all(texts.map(async ({ text, row }, i) => {
    await all[i].evaluate((text) => {
      const field = document.querySelector('#text');
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, text);
    await read(all[i], text);
    rowNear((await all[i].evaluate(() => attnscope.pattern(2, 5)))[1], row(2, 5, 1), 1e-4, text);
  }));
  for (let round = 0; round < 4; round += 1) {
    await atOnce([big, dog]);
    await atOnce([small, big]);
    await atOnce([dog, dog]);
  }
  assert.equal((await workers(all[0])).length, 1);
});

test('without shared workers each frame has its own', async ({ open }) => {
  const t = await host(open, '<attn-scope text="man"></attn-scope><attn-scope text="dog"></attn-scope>', {
    before: watched,
    options: { fresh: true },
    start: (page) => page.addInitScript(() => { window.SharedWorker = class { constructor() { throw new DOMException('', 'SecurityError'); } }; }),
  });
  await t.page.locator('attn-scope').last().scrollIntoViewIfNeeded();
  const all = await frames(t, 2);
  await Promise.all(all.map((frame) => frame.waitForFunction(() => attnscope.ready.then(() => true))));
  assert.deepEqual((await workers(all[0])).map(({ name }) => name), ['', '']);
  assert.equal(t.server.seen(WEIGHTS).bytes, WEIGHT_BYTES, 'one download');
});

test('messages both ways, and none from elsewhere', async ({ open }) => {
  const t = await host(open, `<attn-scope text="${TROPHY}" token="it"></attn-scope>`);
  const [frame] = await frames(t, 1);
  await read(frame, TROPHY);
  await t.page.evaluate(() => {
    window.told = [];
    document.addEventListener('attnscope:state', (e) => window.told.push(e.detail));
  });
  const set = (patch) => t.page.evaluate((patch) => document.querySelector('attn-scope').set(patch)
    .then(() => null, (error) => error.message), patch);
  assert.equal(await set({ text: 'dog bit man', tokens: ['bit'], layer: 2, head: 4 }), null);
  assert.deepEqual(await frame.evaluate(() => attnscope.state().tokens), [2]);
  await until(() => t.page.evaluate(() => window.told.at(-1)?.state.text), 'dog bit man');
  const told = await t.page.evaluate(() => window.told.at(-1));
  assert.deepEqual(told.state, await frame.evaluate(() => attnscope.state()));
  assert.deepEqual(await t.page.evaluate(() => document.querySelector('attn-scope').state), told.state);
  assert.match(told.link, /^v=1&text=dog\+bit\+man&head=L2H4&tokens=2$/);
  assert.match(await set({ layer: 99 }), /layer: expected a number below 6, got 99/);
  assert.match(await set({ leyer: 1 }), /leyer/);
  // An attribute changed later.
  await t.page.$eval('attn-scope', (e) => e.setAttribute('text', 'man bit dog'));
  await read(frame, 'man bit dog');
  await t.page.$eval('attn-scope', (e) => {
    e.setAttribute('token', 'man');
    e.setAttribute('off', 'L0H3, L1H2');
  });
  await until(() => frame.evaluate(() => attnscope.state().altered?.heads_off), ['L0 H3', 'L1 H2']);
  await t.page.$eval('attn-scope', (e) => e.removeAttribute('off'));
  assert.equal(await set({ altered: null }), null);
  // The reader's own steps are told, and are no steps of the page around.
  const steps = await t.page.evaluate(() => history.length);
  await frame.locator('#head').selectOption('7');
  await until(() => t.page.evaluate(() => window.told.at(-1).state.head), 7);
  await until(() => frame.evaluate(() => /&head=L2H7&/.test(location.hash)), true, 'the address of the frame');
  assert.equal(await t.page.evaluate(() => history.length), steps);
  // A frame within the page around is neither the frame's parent nor its element.
  const before = await frame.evaluate(() => attnscope.state());
  await t.page.evaluate(async () => {
    const target = document.querySelector('attn-scope').shadowRoot.querySelector('iframe').contentWindow;
    const foreign = document.createElement('iframe');
    foreign.srcdoc = '<p>';
    document.body.append(foreign);
    await new Promise((resolve) => { foreign.onload = resolve; });
    foreign.contentWindow.eval('(target) => target.postMessage({ type: "attnscope:set", id: 1, patch: { text: "stolen" } }, "*")')(target);
    window.postMessage({ type: 'attnscope:state', state: { text: 'stolen' } }, '*');
    for (const odd of [null, 7, {}, { type: 'attnscope:set' }, { type: 'attnscope:snapshot', bytes: 'x' }]) target.postMessage(odd, '*');
  });
  // Messages are heard in their order: once this one is answered, those before it have been heard.
  assert.equal(await set({}), null);
  assert.deepEqual(await frame.evaluate(() => attnscope.state()), before);
  assert.notEqual(await t.page.evaluate(() => document.querySelector('attn-scope').state.text), 'stolen');
});

test('a saved run is shown without the model, and lives when the reader types', async ({ open }) => {
  const t = await host(open, '<attn-scope snapshot="saved/trophy.safetensors" layer="2" head="5"></attn-scope>',
    { files: { 'saved/trophy.safetensors': TROPHY_SNAPSHOT }, options: { fresh: true } });
  const [frame] = await frames(t, 1);
  await until(() => frame.evaluate(() => [attnscope.state().layer, attnscope.state().head]), [2, 5]);
  const row = (await frame.evaluate(() => attnscope.pattern(2, 5)))[IT];
  rowNear(row, big.row(2, 5, IT), 1e-4, 'the saved row');
  assert.match(await frame.locator('#status').textContent(), /^Saved result of all-MiniLM-L6-v2\. The model loads when it is needed\./);
  assert.equal(t.server.seen(WEIGHTS).requests, 0, 'no model for what is saved');
  await frame.locator('#text').fill('dog bit man');
  await read(frame, 'dog bit man');
  assert.ok(t.server.seen(WEIGHTS).requests > 0);
  rowNear((await frame.evaluate(() => attnscope.pattern(3, 1)))[1], dog.row(3, 1, 1), 1e-4, 'the live row');
});

test('a saved run that is none is said, and the model comes in its place', async ({ open }) => {
  const t = await host(open, `<attn-scope snapshot="saved/broken.safetensors" text="dog bit man"></attn-scope>
    <attn-scope snapshot="saved/absent.safetensors" text="man bit dog"></attn-scope>`,
  { files: { 'saved/broken.safetensors': Buffer.from('no snapshot') }, options: { expect: [FOREIGN, ...bySelf(/404/)] } });
  const all = await frames(t, 2);
  await Promise.all(all.map((frame) => frame.waitForFunction(() => /\d tokens? in \d+ ms$/.test(document.querySelector('#status').textContent), undefined, { timeout: 60_000, polling: 100 })));
  await until(async () => (await Promise.all(all.map((f) => f.evaluate(() => attnscope.state().text)))).sort(), ['dog bit man', 'man bit dog']);
  assert.ok(t.console.some((line) => /warning: attn-scope: .*snapshot/.test(line)), t.console.join('\n'));
});

test('locked: to look at and point, not to change', async ({ open }) => {
  const t = await host(open, `<attn-scope text="${TROPHY}" token="it" lock></attn-scope>`);
  const [frame] = await frames(t, 1);
  await frame.waitForFunction(() => document.querySelector('#sentence .token') && attnscope.tokens().length === 16);
  assert.equal(await visible(frame, '#text'), false);
  assert.equal(await visible(frame, '#layer'), false);
  const before = await frame.evaluate(() => attnscope.state());
  const { x, y } = await frame.locator('#sentence rect[data-query="8"]').boundingBox();
  await t.page.mouse.click(x + 5, y + 5);
  await frame.locator('#sentence').press('ArrowRight');
  await frame.locator('#sentence').press('Control+z');
  assert.deepEqual(await frame.evaluate(() => attnscope.state()), before);
  await t.page.mouse.move(x + 8, y + 8);
  await until(() => frame.locator('.lead').textContent().then((s) => s.startsWith('bag')), true);
});

/** Waits until the element has been told whether it is near what is on screen: observers are told in the order in which
 * they were made. */
const looked = (t) => t.page.evaluate(async () => {
  await new Promise((resolve) => {
    if (document.readyState === 'complete') resolve();
    else addEventListener('load', resolve);
  });
  await new Promise((resolve) => { new IntersectionObserver(resolve).observe(document.querySelector('attn-scope')); });
});
/** Whether there is a frame in the element. */
const framed = (t) => t.page.$eval('attn-scope', (e) => Boolean(e.shadowRoot?.querySelector('iframe')));

test('nothing is fetched before it comes near, and nothing runs where nothing can', async ({ open }) => {
  const t = await host(open, `<div style="height: 6000px">Far above</div>
    <attn-scope text="dog bit man"><a href="there">Attention in “dog bit man”</a></attn-scope>`);
  await looked(t);
  assert.equal(await framed(t), false);
  assert.equal(await t.page.locator('text=Attention in').isVisible(), true, 'what stands there until then');
  await t.page.locator('attn-scope').scrollIntoViewIfNeeded();
  const [frame] = await frames(t, 1);
  await read(frame, 'dog bit man');
  await until(() => t.page.locator('text=Attention in').isVisible(), false);
  // Without WebAssembly the words between the tags stay.
  await t.page.addInitScript(() => { if (window === window.top) delete window.WebAssembly; });
  await t.page.reload();
  await t.page.locator('attn-scope').scrollIntoViewIfNeeded();
  await looked(t);
  assert.equal(await framed(t), false);
  assert.equal(await t.page.locator('text=Attention in').isVisible(), true);
});

test('the dialog: the lines, a live preview without a model, and the lines work', async ({ open }) => {
  const t = await open({ fresh: true });
  await t.ready();
  await t.call('set', { text: small.text, layer: 2, head: 5, tokens: ['it'] });
  await t.page.click('#share summary');
  await t.page.click('text=Embed …');
  const lines = () => t.page.inputValue('#snippet');
  assert.match(await lines(), new RegExp(`<attn-scope text="${small.text.replace('.', '\\.')}" head="L2H5" tokens="10" controls="simple">`));
  const preview = async () => {
    await until(() => t.page.frames().length, 2);
    const frame = t.page.frames()[1];
    await frame.waitForFunction(() => window.attnscope?.tokens().length === 16);
    return frame;
  };
  const weights = t.server.seen(WEIGHTS).requests;
  let frame = await preview();
  rowNear((await frame.evaluate(() => attnscope.pattern(2, 5)))[IT], small.row(2, 5, IT), 1e-4, 'preview');
  assert.equal(await visible(frame, '#text'), true);
  await t.page.selectOption('#embed-controls', { label: 'the sentence only' });
  await t.page.click('#embed >> text=Lock');
  assert.match(await lines(), /controls="none" lock>/);
  await until(async () => visible(await preview(), '#text'), false);
  assert.equal(t.server.seen(WEIGHTS).requests, weights, 'the preview has no model of its own');
  // At the widths of a phone, a column and a wide page, as high as the element there.
  const box = () => t.page.$eval('#preview', (e) => [e.clientWidth, e.clientHeight]);
  for (const width of [380, 720, 1000]) {
    await t.page.click(`#embed >> text=${width} px`);
    const wanted = await t.page.evaluate((width) => customElements.get('attn-scope').height(width, 'none', true, null,
      `${attnscope.state().text} `), width);
    await until(box, [width, wanted]);
  }
  await t.page.selectOption('#embed-theme', { label: 'dark' });
  assert.match(await lines(), / theme="dark" lock>/);
  await until(async () => (await preview()).evaluate(() => document.documentElement.dataset.theme), 'dark');
  await t.screenshot('embed-dialog');
  // Without JavaScript, the lines show the picture.
  await t.page.click('#embed >> text=Add a still picture');
  await until(async () => (await lines()).includes('<svg'), true);
  const html = `<!DOCTYPE html><meta charset="utf-8">${await lines()}`;
  const still = await t.page.evaluate((html) => {
    const doc = new DOMParser().parseFromString(html, 'text/html');
    return [doc.querySelectorAll('attn-scope > svg text.token').length, doc.querySelector('attn-scope > svg desc').textContent];
  }, html);
  assert.deepEqual(still, [16, `Attention weights of layer 2, head 5, all-MiniLM-L6-v2, reading “${small.text}”; query “it”.`]);
  await t.page.keyboard.press('Escape');
  await until(() => t.page.frames().length, 1);
});

test('on a phone, nothing is wider than the frame', async ({ open }) => {
  const t = await host(open, `<meta name="viewport" content="width=device-width"><attn-scope text="${TROPHY}" token="it" controls="simple"></attn-scope>`,
    { options: { viewport: PHONE } });
  const [frame] = await frames(t, 1);
  await read(frame, TROPHY);
  assert.equal(await frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  // Of which a margin of 8 pixels is left on both sides, and in Firefox a bar to scroll by.
  const page = await t.page.evaluate(() => document.documentElement.clientWidth);
  near(await frame.evaluate(() => innerWidth), page - 16, 4, 'as wide as the page');
});

test('steps of the lesson', async ({ open }) => {
  const t = await host(open, `<attn-scope id="one" lesson="dictionary" controls="none"></attn-scope>
    <attn-scope id="two" lesson="price, puzzle"></attn-scope>`);
  const all = await frames(t, 2);
  const by = (id) => all.find((frame) => frame.url().includes(id));
  const [one, two] = [by('steps=dictionary'), by('steps=price,puzzle')];
  await one.waitForSelector('#lesson-dictionary');
  await one.waitForFunction(() => /^q\(it\)/.test(document.querySelector('#lesson-inside-told').textContent), undefined, { timeout: 60_000 });
  assert.deepEqual([await visible(one, '.lesson nav'), await visible(one, 'header'), await visible(one, '.teachers')], [false, false, false]);
  await two.waitForSelector('#lesson-price');
  assert.deepEqual(await two.$$eval('.lesson nav ol a', (links) => links.map((e) => e.textContent)), ['1. The price', '2. The puzzle']);
  await two.click('.ways .next');
  await two.waitForSelector('#lesson-puzzle');
  // The frame is as high as what is in it.
  const frame = t.page.locator('#two').locator('iframe');
  await until(async () => {
    const inner = await two.evaluate(() => document.documentElement.scrollHeight);
    return Math.abs((await frame.boundingBox()).height - inner) <= 2;
  }, true, 'the height of the frame');
  await t.page.evaluate(() => document.querySelector('#one').setAttribute('lesson', 'softmax'));
  await t.page.waitForFunction(() => true);
  const next = () => t.page.frames().find((f) => f.url().includes('steps=softmax'));
  await until(() => next() !== undefined, true);
  await next().waitForSelector('#lesson-softmax');
});
