// Typing: the newest text wins, and no text hurts the page.

import assert from 'node:assert/strict';
import { freshTest, test } from './harness.mjs';
import {
  TROPHY, WEIGHTS, changeWorker, clickAt, golden, lit, marks, moveAway, openPopover, rowDrawn, rowNear, said, start, tokenAt,
  type, until, untilRead,
} from './helpers.mjs';

/** Keeps every sentence that is drawn from now on: its tokens, joined. */
const watch = (t) => t.page.evaluate(() => {
  window.drawn = [];
  const look = () => {
    const now = [...document.querySelectorAll('#sentence .token')].map((e) => e.textContent).join(' ');
    if (window.drawn.at(-1) !== now) window.drawn.push(now);
  };
  new MutationObserver(look).observe(document.querySelector('#sentence svg'),
    { subtree: true, childList: true, characterData: true });
});

test('the newest text wins, and no older one is drawn after it', async ({ open }) => {
  const t = await start(open);
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+A');
  await t.page.keyboard.press('Delete');
  await watch(t);
  const text = 'The cat sat on the mat and looked at me';
  await t.page.keyboard.type(text);
  await untilRead(t, text);
  assert.deepEqual((await t.call('tokens')).map((x) => x.text), ['[CLS]', ...text.split(' '), '[SEP]']);
  const drawn = await t.page.evaluate(() => window.drawn);
  assert.equal(drawn.at(-1), `[CLS] ${text} [SEP]`);
  // Subwords of half a word are marked with a dot and stand alone: without marks and spaces it is what was typed so far.
  const typed = drawn.map((d) => d.replace(/\[CLS\]|\[SEP\]|[ ·]/g, '')).filter((d) => d !== TROPHY.replace(/ /g, ''));
  const whole = text.replace(/ /g, '');
  typed.forEach((d, i) => {
    assert.ok(whole.startsWith(d), `${d} was never typed`);
    assert.ok(i === 0 || d.length >= typed[i - 1].length, `${d} came after ${typed[i - 1]}`);
  });
});

test('a flood of texts ends with the last', async ({ open }) => {
  const t = await start(open);
  await t.page.evaluate(() => {
    const field = document.querySelector('#text');
    for (let i = 0; i <= 500; i++) {
      field.value = `text number ${i} of many`;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  });
  await untilRead(t, 'text number 500 of many');
  assert.equal((await t.call('tokens'))[3].text, '500');
});

/** The worker's script, in which time runs a thousand times as fast, so that it lets messages in after each layer; it
 * counts the runs that it tells of, and does nothing until the server answers when it is asked to wait. */
const hasty = (server) => changeWorker(server, (loader) => `
    const [now, post] = [performance.now.bind(performance), self.postMessage.bind(self)];
    let told = 0;
    performance.now = () => now() * 1000;
    self.postMessage = (message, transferred) => { told += message.buffers?.length === 3; post(message, transferred); };
    const channel = new BroadcastChannel('test');
    channel.onmessage = ({ data }) => {
      if (data === 'how many') channel.postMessage({ told });
      if (data !== 'wait') return;
      channel.postMessage('waiting');
      const request = new XMLHttpRequest();
      request.open('GET', 'gate.txt', false);
      request.send();
    };
    ${loader}`);
const ask = (t, question) => t.page.evaluate((question) => new Promise((resolve) => {
  const channel = new BroadcastChannel('test');
  channel.onmessage = ({ data }) => resolve(data);
  channel.postMessage(question);
}), question);

test('what takes long is shown layer by layer', async ({ open }) => {
  const t = await start(open, { before: hasty });
  await t.call('set', { layer: 0, head: 2, tokens: [4] });
  await t.page.evaluate(() => {
    window.seen = [];
    const look = () => {
      const told = document.querySelector('#status').textContent;
      const [, layer, all] = /^(\d) of (\d) layers computed …$/.exec(told) ?? [];
      const tokens = [...document.querySelectorAll('#sentence .token')].map((e) => e.textContent).join(' ');
      const edges = document.querySelectorAll('#sentence .edge').length;
      if (layer) window.seen.push([Number(layer), Number(all), tokens, edges]);
    };
    for (const id of ['status', 'sentence']) {
      new MutationObserver(look).observe(document.getElementById(id), { subtree: true, childList: true, characterData: true });
    }
  });
  await type(t, 'dog bit man');
  const seen = await t.page.evaluate(() => window.seen);
  const layers = seen.map(([layer]) => layer);
  assert.ok(layers.length >= 3 && layers.every((l, i) => l < 6 && (i === 0 || l >= layers[i - 1])), JSON.stringify(seen));
  for (const [, all] of seen) assert.equal(all, 6);
  assert.ok(seen.some(([layer, , tokens, edges]) => layer < 6 && tokens === '[CLS] dog bit man [SEP]' && edges > 0),
    `the first layer is drawn before the last is there: ${JSON.stringify(seen)}`);
  const want = golden('dog_man');
  for (const layer of [0, 3, 5]) rowNear((await t.call('pattern', layer, 2))[1], want.row(layer, 2, 1), 1e-4, `L${layer}`);
});

test('a newer text ends the run of an older one', async ({ open }) => {
  const t = await start(open, { before: hasty });
  const { told: before } = await ask(t, 'how many');
  // All 501 texts are with the worker before it reads the first.
  t.server.fault('gate.txt', { body: Buffer.from('open'), heldAfter: 0 });
  await ask(t, 'wait');
  await t.page.evaluate(() => {
    const field = document.querySelector('#text');
    for (let i = 0; i <= 500; i++) {
      field.value = `text number ${i} of many `.repeat(60);
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  });
  t.server.clear('gate.txt');
  await untilRead(t, 'text number 500 of many '.repeat(60));
  assert.equal((await ask(t, 'how many')).told - before, 1, 'of 501 texts, the last alone is read to its end');
});

for (const [what, text] of [['nothing', ''], ['white space', ' \n\t  ']]) {
  test(`${what}: an invitation, no error`, async ({ open }) => {
    const t = await start(open);
    await t.page.fill('#text', text);
    await t.page.waitForSelector('.invitation', { state: 'visible' });
    assert.match(await said(t, '.invitation'), /^Type a sentence above/);
    assert.equal(await said(t, '#fault'), '');
    assert.equal(await t.page.locator('.fault').filter({ visible: true }).count(), 0);
    const panes = ['#sentence', '[data-pane="caption"]', '[data-pane="heatmap"]', '[data-pane="heads"]', '[data-pane="inspector"]'];
    for (const pane of panes) assert.equal(await t.page.locator(pane).isVisible(), false, pane);
    await type(t, 'dog bit man');
    assert.equal(await t.page.locator('.invitation').isVisible(), false);
    for (const pane of panes) assert.equal(await t.page.locator(pane).isVisible(), true, pane);
    assert.deepEqual((await t.call('tokens')).map((x) => x.token), golden('dog_man').tokens);
  });
}

test('past 512 tokens the text is cut, and what is cut is named', async ({ open }) => {
  const t = await start(open);
  const kept = 'dog '.repeat(510);
  const cut = 'zebra '.repeat(40) + 'end';
  const text = kept + cut;
  await type(t, text);
  const tokens = await t.call('tokens');
  assert.equal(tokens.length, 512);
  assert.equal(tokens[510].text, 'dog');
  assert.equal(tokens[510].end, kept.length - 1);
  const note = (await said(t, '#cut')).match(
    /^The model reads 512 tokens at most\. The last (\d+) characters are not read, from “(.*)…” on\.$/);
  assert.ok(note, await said(t, '#cut'));
  assert.ok([cut.length, cut.length + 1].includes(Number(note[1])), `${note[1]} of ${cut.length}`);
  assert.ok(cut.startsWith(note[2]) && note[2].length > 20, note[2]);
  // The field lies over the bars while it is written in.
  await t.page.locator('#text').blur();
  await openPopover(t, 'notes');
  assert.ok(await t.page.locator('#cut .note').isVisible());
  await type(t, kept);
  await until(() => said(t, '#cut'), '');
  assert.equal(await t.page.locator('#notes').isVisible(), false, 'nothing to note');
});

test('in a pair the text that was cut is named', async ({ open }) => {
  const t = await start(open);
  await openPopover(t, 'examples');
  await t.page.click('text=+ second text');
  await t.page.fill('#text', 'cat '.repeat(20));
  const pair = 'dog '.repeat(489) + 'zebra '.repeat(100);
  await t.page.fill('#pair', pair);
  await untilRead(t, 'cat '.repeat(20), pair);
  assert.equal((await t.call('tokens')).length, 512);
  assert.match(await said(t, '#cut'), /“zebra zebra/);
});

test('markup stays text', async ({ open }) => {
  const t = await start(open);
  const text = '<img src=x onerror=window.hacked=1> <b>bold</b> &amp; <script>window.hacked=2</script>';
  await type(t, text);
  await clickAt(t, await tokenAt(t, 2));
  assert.deepEqual(await t.page.evaluate(() => [window.hacked, document.images.length, document.body.querySelectorAll('script').length]),
    [undefined, 0, 0]);
  const tokens = (await t.call('tokens')).map((x) => x.text);
  assert.equal(tokens.slice(1, -1).join(''), text.replace(/ /g, ''));
  assert.deepEqual((await marks(t, 'sentence', 'token')).map((m) => m.text.replace(/^·/, '')), tokens);
  assert.equal(await t.page.inputValue('#text'), text);
  // The same through the second text, the table and the formula.
  await t.call('set', { text: 'x', pair: text, tokens: [4] });
  assert.match(await said(t, '#formula'), /^z\(\S+\) = /);
  assert.deepEqual(await t.page.evaluate(() => [window.hacked, document.images.length]), [undefined, 0]);
});

/** What a field holds of a text: see src/ui/widgets/field.rs. */
const [CHARACTERS, LINES] = [20_000, 1000];

for (const [what, text] of [
  ['words', 'word '.repeat(200_000)], ['one word', 'a'.repeat(1_000_000)], ['emoji', '👩‍👩‍👧‍👦'.repeat(40_000)],
  ['line breaks', '\n'.repeat(20_000)], ['lines', 'a\n'.repeat(20_000)],
]) {
  // Laid out whole, these take a browser seconds.
  test(`of a megabyte pasted (${what}) the field takes what can be laid out at once, and says so`, async ({ open }) => {
    const t = await start(open);
    await t.page.focus('#text');
    await t.page.keyboard.press('ControlOrMeta+A');
    await t.page.keyboard.insertText(text);
    const held = [...text].slice(0, CHARACTERS).join('').split('\n').slice(0, LINES).join('\n');
    assert.equal(await t.page.inputValue('#text'), held);
    assert.equal((await t.call('state')).text, held);
    await until(() => t.page.locator('#text + .note').isVisible(), true);
    assert.match(await said(t, '#text + .note'), /at most 20000 characters and 1000 lines/);
    await type(t, 'dog bit man');
    assert.deepEqual((await t.call('tokens')).map((x) => x.token), golden('dog_man').tokens);
    assert.equal(await t.page.locator('#text + .note').isVisible(), false);
  });
}

test('a text that a script gives is read whole, shown as far as the field goes, and its real limit is named', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { text: 'x'.repeat(40_000) });
  assert.equal((await t.call('state')).text.length, 40_000);
  assert.equal(await t.page.inputValue('#text'), 'x'.repeat(CHARACTERS));
  assert.ok(await t.page.locator('#text + .note').isVisible());
  assert.equal((await t.call('tokens')).length, 3);
  assert.match(await said(t, '#cut'),
    /^At most 32768 characters of a text are given to the model\. The last 7232 characters are not read, from “x+…” on\.$/);
});

test('a run of letters is shortened in pictures and sentences, and whole in tooltips', async ({ open }) => {
  const t = await start(open);
  const long = 'x'.repeat(300);
  const short = `${'x'.repeat(23)}…`;
  await type(t, `the ${long} it`);
  await t.call('set', { tokens: [2] });
  for (const view of ['arcs', 'columns']) {
    await t.call('set', { view });
    const width = await t.page.$eval('#sentence svg', (svg) => Number(svg.getAttribute('width')));
    assert.ok(width < 1300, `${view}: ${width} pixels`);
    assert.ok((await marks(t, 'sentence', 'token')).some(({ text }) => text === short), view);
  }
  assert.equal(await said(t, '.lead .query'), short);
  assert.equal(await t.page.getAttribute('.lead .query', 'title'), long);
  assert.equal(await t.page.locator('#row button', { hasText: short }).getAttribute('title'), long);
  await t.call('set', { view: 'arcs' });
  const { x, y } = await tokenAt(t, 2);
  await t.page.mouse.move(x, y);
  await until(() => t.page.getAttribute('#sentence', 'title'), long);
  await moveAway(t);
  assert.equal((await t.call('tokens'))[2].text, long, 'scripts have the whole');
});

test('what cannot be seen gets a sign, and a direction changes nothing outside its token', async ({ open }) => {
  const t = await start(open);
  const hidden = ['\u200b', '\u00ad', '\ufeff', '\u2060', '\u202e', '\u200f', '\u2066'];
  await type(t, hidden.map((c, i) => `dog${i}${c}`).join(' '));
  const drawn = (await marks(t, 'sentence', 'token')).map((m) => m.text).join(' ');
  for (const c of hidden) {
    const sign = `‹U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}›`;
    assert.ok(drawn.includes(sign), `${sign} in ${drawn}`);
  }
  // No override or embedding stands anywhere on the page, nor an isolate that is not closed.
  const loose = await t.page.evaluate(() => {
    const texts = [...document.body.querySelectorAll('*')].flatMap((e) => [
      ...[...e.childNodes].filter((n) => n.nodeType === 3 && e.tagName !== 'TEXTAREA').map((n) => n.data), e.title ?? '',
      e.getAttribute('aria-label') ?? '',
    ]);
    const depth = (text) => (text.match(/[\u2066-\u2068]/g) ?? []).length - (text.match(/\u2069/g) ?? []).length;
    return texts.filter((text) => /[\u202a-\u202e]/.test(text) || depth(text) !== 0);
  });
  assert.deepEqual(loose, []);
});

test('an emptied field clears picture, status and notes', async ({ open }) => {
  const t = await start(open);
  await type(t, 'dog '.repeat(600));
  assert.match(await said(t, '#cut'), /512 tokens at most/);
  assert.match(await said(t, '#status'), /512 tokens in/);
  await t.page.fill('#text', '');
  await until(() => said(t, '#cut'), '');
  assert.doesNotMatch(await said(t, '#status'), /tokens/);
  await until(async () => (await marks(t, 'sentence', 'token')).length, 0);
  assert.equal(await t.page.$$eval('#sentence svg > g > *, #heatmap svg > g > *, #grid svg > g > *', (all) => all.length), 0);
  assert.equal(await t.page.$eval('#heatmap canvas', (canvas) => canvas.width), 0);
  assert.equal(await t.page.locator('#row').count(), 0);
  for (const id of ['head-title', 'facts', 'formula', 'spoken']) assert.equal(await said(t, `#${id}`), '', id);
  assert.deepEqual(await t.call('tokens'), []);
  // Then another text has its own last word chosen, not the one that was in the text before, and Undo brings that back.
  await type(t, 'it was the trophy that did not fit in the bag');
  assert.deepEqual((await t.call('state')).tokens, [11]);
  await t.page.click('button[aria-label*="Undo"]');
  await untilRead(t, TROPHY);
  assert.deepEqual((await t.call('state')).tokens, [10]);
});

const SLOW = { [WEIGHTS]: { slow: 4_000_000 } };

freshTest('what is typed survives a reload at any moment, also before the model is here', async ({ open }) => {
  const t = await open({ faults: SLOW });
  await t.page.fill('#text', golden('trophy_small').text);
  await openPopover(t, 'examples');
  await t.page.click('text=+ second text');
  await t.page.fill('#pair', 'dog bit man');
  const fields = () => Promise.all(['#text', '#pair'].map((field) => t.page.inputValue(field)));
  for (let i = 0; i < 2; i++) {
    await t.page.reload();
    await until(fields, [golden('trophy_small').text, 'dog bit man'], `reload ${i}`);
  }
  t.server.clear(WEIGHTS);
  await t.page.reload();
  await t.ready();
  await untilRead(t, golden('trophy_small').text, 'dog bit man');
  // After it has been read, before the address has it.
  await openPopover(t, 'examples');
  await t.page.click('text=− second text');
  await type(t, 'man bit dog');
  await t.page.reload();
  await t.ready();
  await untilRead(t, 'man bit dog');
  assert.deepEqual((await t.call('tokens')).map((x) => x.token), golden('man_dog').tokens);
  // An emptied field stays empty; another visit in the same tab begins anew.
  await t.page.fill('#text', '');
  await t.page.reload();
  await t.page.waitForSelector('.invitation', { state: 'visible' });
  assert.equal(await t.page.inputValue('#text'), '');
  await t.page.goto('about:blank');
  await t.page.goto(t.url);
  await t.ready();
  await untilRead(t, TROPHY);
});

freshTest('what is typed survives a reload, also when the address follows it while the page is being loaded', async ({ open }) => {
  // Without a service worker the server is asked for the page.
  const t = await open({ faults: { 'service_worker.js': { unanswered: true } } });
  await t.ready();
  await untilRead(t, TROPHY);
  // By the console, because Chromium answers nothing about a page that is being loaded anew.
  await t.page.evaluate(() => {
    for (const name of ['pushState', 'replaceState']) {
      const put = history[name];
      history[name] = (...args) => {
        put.apply(history, args);
        console.log(`written: ${location.hash}`);
      };
    }
  });
  t.server.fault('index.html', { unanswered: true });
  await t.page.fill('#text', 'man bit dog');
  const loaded = t.page.reload();
  await until(() => t.console.some((line) => line.includes('written: #v=1&text=man+bit+dog')), true, 'the address is written');
  t.server.clear('index.html');
  await loaded;
  await t.ready();
  await untilRead(t, 'man bit dog');
});

test('an input method composes undisturbed: nothing is read half-way, and the caret stays', async ({ open }) => {
  const t = await start(open);
  const session = await t.context.newCDPSession(t.page);
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+A');
  await t.page.keyboard.press('Delete');
  const compose = (text) => session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  const caret = () => t.page.$eval('#text', (field) => [field.value, field.selectionStart, field.selectionEnd]);
  const text = () => t.call('state').then((s) => s.text);
  let written = '';
  // Japanese, Chinese, Korean.
  for (const [halves, whole] of [[['k', 'か', 'かk', 'かき', '柿'], '柿'], [['z', 'zh', 'zhu', '注'], '注'], [['ㅎ', '하', '한'], '한']]) {
    for (const half of halves) {
      await compose(half);
      assert.deepEqual(await caret(), [written + half, written.length + half.length, written.length + half.length]);
      assert.equal(await text(), written, `${half} is not read`);
    }
    // What a script or a click does meanwhile takes nothing from the field.
    await t.call('set', { layer: 2, mass: 0.5 });
    assert.equal((await caret())[0], written + halves.at(-1));
    await session.send('Input.insertText', { text: whole });
    written += whole;
    await until(text, written);
    assert.deepEqual(await caret(), [written, written.length, written.length]);
  }
  await untilRead(t, written);
  // What is given up is as if it had not been.
  await compose('にほ');
  await compose('');
  assert.equal(await text(), written);
  assert.equal((await caret())[0], written);
});

test('text can be dragged into the field; the page takes files alone', async ({ open }) => {
  const t = await start(open);
  const taken = (selector, what) => t.page.evaluate(([selector, what]) => ['dragover', 'drop'].map((name) => {
    const dataTransfer = new DataTransfer();
    if (what === 'text') dataTransfer.setData('text/plain', 'dog');
    else dataTransfer.items.add(new File(['{}'], 'x.safetensors'));
    const event = new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer });
    return !document.querySelector(selector).dispatchEvent(event);
  }), [selector, what]);
  for (const place of ['#text', '#sentence', 'header']) assert.deepEqual(await taken(place, 'text'), [false, false], place);
  assert.equal(await said(t, '#fault'), '');
  assert.deepEqual(await taken('#text', 'file'), [true, true]);
  await until(() => said(t, '#fault').then((s) => s.length > 0), true, 'the file is opened');
});

test('characters that are no text', async ({ open }) => {
  const t = await start(open);
  for (const text of ['\u0000', '\u200b', '\ufeff a', 'a\u0301\u0301\u0301', '\u202eabc', '\ud83c', '[MASK] [CLS] x']) {
    await t.page.fill('#text', text);
    await t.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await type(t, 'man bit dog');
  assert.deepEqual((await t.call('tokens')).map((x) => x.token), golden('man_dog').tokens);
  assert.equal(await said(t, '#fault'), '');
});

test('the chosen token follows its word', async ({ open }) => {
  const t = await start(open);
  await clickAt(t, await tokenAt(t, 8));
  await moveAway(t);
  await t.page.focus('#text');
  await t.page.keyboard.press('ControlOrMeta+Home');
  await t.page.keyboard.type('Yesterday evening, ');
  await untilRead(t, `Yesterday evening, ${TROPHY}`);
  assert.deepEqual((await t.call('state')).tokens, [11]);
  assert.deepEqual(await lit(t), [11]);
  assert.match(await said(t, '.lead'), /^bag reads from /);
  await t.page.keyboard.press('ControlOrMeta+A');
  await t.page.keyboard.type('No such word');
  await untilRead(t, 'No such word');
  assert.deepEqual((await t.call('state')).tokens, [3], 'the last word, where it is gone');
});

test('undone and done again, the chosen token is that of its text', async ({ open }) => {
  const t = await start(open);
  const tokens = () => t.call('state').then((s) => [s.tokens, s.from]);
  await t.call('set', { from: 'trophy' });
  await type(t, 'No such word');
  assert.deepEqual(await tokens(), [[3], null]);
  await t.page.click('button[aria-label*="Undo"]');
  await untilRead(t, TROPHY);
  assert.deepEqual(await tokens(), [[10], 2]);
  await rowDrawn(t, [10], golden('trophy_big').row(3, 1, 10));
  await t.page.click('button[aria-label*="Redo"]');
  await untilRead(t, 'No such word');
  assert.deepEqual(await tokens(), [[3], null]);
  await t.page.click('button[aria-label*="Undo"]');
  await untilRead(t, TROPHY);
  // Faster than the model reads.
  await type(t, 'it was big');
  await openPopover(t, 'examples');
  await t.page.click('#examples >> text="trophy, small"');
  await untilRead(t, golden('trophy_small').text);
  assert.deepEqual(await tokens(), [[10], null]);
  const presses = (name) => t.page.evaluate((name) => {
    const button = document.querySelector(`button[aria-label*="${name}"]`);
    button.click();
    button.click();
  }, name);
  await presses('Undo');
  await untilRead(t, TROPHY);
  assert.deepEqual(await tokens(), [[10], 2]);
  await presses('Redo');
  await untilRead(t, golden('trophy_small').text);
  assert.deepEqual(await tokens(), [[10], null]);
});

test('the examples', async ({ open }) => {
  const t = await start(open);
  for (const [chip, name, query, [layer, head] = [3, 1]] of [
    ['trophy, small', 'trophy_small', 10], ['the animal', 'animal', 9], ['a pair', 'pair', 1, [5, 10]], ['trophy, big', 'trophy_big', 10],
  ]) {
    const want = golden(name);
    await openPopover(t, 'examples');
    await t.page.click(`#examples >> text="${chip}"`);
    await untilRead(t, want.text, want.pair);
    const place = name === 'animal' ? want.tokens.indexOf('it') : query;
    await until(() => t.call('state').then((s) => s.tokens), [place], chip);
    await until(() => t.call('state').then((s) => [s.layer, s.head]), [layer, head], chip);
    await rowDrawn(t, [place], want.row(layer, head, place));
  }
});
