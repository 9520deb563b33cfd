// The workbench is one screen: every picture is in sight, nothing moves, and what names a head or a token can be used.

import assert from 'node:assert/strict';
import { PHONE, test } from './harness.mjs';
import { TROPHY, clickAt, golden, modelHere, moveTo, openPopover, said, start, tokenAt, until, untilRead } from './helpers.mjs';
import { generated } from './hub.mjs';

const small = golden('trophy_small');

/** The windows that it has to fit: a school's Chromebook, laptops, tablets lying and standing. */
const WINDOWS = [[1366, 625], [1280, 800], [1440, 900], [1024, 768], [820, 1180], [1920, 1080]];
const PANES = ['sentence', 'caption', 'heatmap', 'heads'];

/** What of the panes is not wholly in the window, what of their pictures does not fit its frame, and how far the page scrolls. */
const outOfSight = (t, panes = PANES) => t.page.evaluate((panes) => {
  const seen = (e) => {
    const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
    return width > 40 && height > 30 && left >= -0.5 && top >= -0.5 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
  };
  const found = panes.filter((name) => !seen(document.querySelector(`[data-pane="${name}"]`)));
  for (const id of ['heatmap', 'grid']) {
    const frame = document.getElementById(id).parentElement;
    if (frame.checkVisibility({ visibilityProperty: true })
      && (frame.scrollHeight > frame.clientHeight + 1 || frame.scrollWidth > frame.clientWidth + 1)) found.push(`${id} is cut`);
  }
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) found.push('the page scrolls');
  return found;
}, panes);

/** The tops of all panes and pictures: what may never change. */
const tops = (t) => t.page.$$eval('[data-pane], .frame.bounded', (all) => all.filter((e) => e.checkVisibility())
  .map((e) => [e.dataset.pane ?? e.firstElementChild.id, Math.round(e.getBoundingClientRect().top)]));

for (const [width, height] of WINDOWS) {
  test(`everything is in sight at ${width} by ${height}`, async ({ open }) => {
    const t = await start(open, { viewport: { width, height } });
    assert.deepEqual(await outOfSight(t), []);
    const right = await t.page.$$eval('#sentence .shade, #sentence .query', (all) => Math.max(...all.map((e) => e.getBoundingClientRect().right)));
    const frame = await t.page.$eval('#sentence', (e) => e.parentElement.getBoundingClientRect().right);
    assert.ok(right <= frame + 0.5, `the last token ends at ${right} of ${frame}`);
    const inspector = t.page.locator('[data-pane=inspector]');
    if (width === 1024) {
      assert.equal(await inspector.isVisible(), false, 'the inspector is a drawer');
      await t.page.click('#open-inspector');
      assert.ok(await inspector.isVisible());
      assert.deepEqual(await outOfSight(t), [], 'the drawer lies over the pictures');
    } else {
      assert.deepEqual(await outOfSight(t, ['inspector']), []);
    }
  });
}

for (const [count, text] of [
  [5, 'dog bit man'],
  [64, `${'The old captain walked to the river. '.repeat(8)}He sat down.`],
  [512, 'The old captain walked to the river. '.repeat(80)],
]) {
  test(`everything is in sight for about ${count} tokens`, async ({ open }) => {
    const t = await start(open, { viewport: { width: 1280, height: 800 } });
    const before = await tops(t);
    await t.page.fill('#text', text.trim());
    await untilRead(t, text.trim());
    await t.page.locator('#sentence').focus();
    assert.deepEqual(await outOfSight(t), []);
    assert.deepEqual(await tops(t), before, 'nothing has moved');
    const query = await t.page.$eval('#sentence .query', (e) => {
      const [at, frame] = [e.getBoundingClientRect(), e.closest('.frame').getBoundingClientRect()];
      return at.top >= frame.top - 1 && at.bottom <= frame.bottom + 1;
    });
    assert.ok(query, 'the query is in the part that is seen');
  });
}

for (const [layers, heads] of [[12, 12], [30, 9], [32, 32]]) {
  test(`all heads of ${layers} layers of ${heads} are in sight, each large enough to point at`, async ({ open }) => {
    const t = await start(open, { viewport: { width: 1280, height: 800 } });
    await t.page.click('#model');
    await t.page.setInputFiles('#models-files', Object.entries(generated(layers, heads))
      .map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer })));
    await modelHere(t, 'your model');
    const text = Array.from({ length: 16 }, (_, i) => `w${i + 20}`).join(' ');
    await t.page.fill('#text', text);
    await untilRead(t, text);
    assert.equal((await t.call('tokens')).length, 16);
    assert.deepEqual(await outOfSight(t), []);
    const cell = Math.min(...await t.page.$eval('#grid', (grid, [layers, heads]) => {
      const { width, height } = grid.getBoundingClientRect();
      const [across, down] = [Math.max(layers, heads), Math.min(layers, heads)];
      return [width / (across + 4), height / (down + 3)];
    }, [layers, heads]));
    assert.ok(cell >= 6, `cells of about ${cell} pixels`);
    // The last head can be chosen by its cell.
    const { x, y, width, height } = await t.page.locator('#grid canvas').boundingBox();
    await clickAt(t, { x: x + width - 3, y: y + height - 3 });
    await until(() => t.call('state').then(({ layer, head }) => [layer, head].join()), [layers - 1, heads - 1].join());
    assert.deepEqual(await outOfSight(t), []);
    await t.screenshot(`workbench-${layers}x${heads}`);
  });
}

test('all heads can be shown by one number each, at every size', async ({ open }) => {
  const t = await start(open);
  await until(() => t.call('state').then((s) => s.numbers), false);
  await openPopover(t, 'display');
  await t.page.click('#display >> text=one number each');
  await until(() => t.call('state').then((s) => s.numbers), true);
  const colours = () => t.page.$eval('#grid canvas', (canvas) => {
    const { width, height } = canvas;
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
    return new Set(pixels).size;
  });
  // A cell is of one colour: there are at most as many as heads, and those of the frame and of what lies between.
  await until(async () => (await colours()) <= 76, true);
  await until(() => t.page.evaluate(() => /&numbers=1/.test(location.hash)), true);
});

test('on a phone the sentence, its caption and the tabs stay, and a tab has room', async ({ open }) => {
  for (const viewport of [PHONE, { width: 360, height: 740 }]) {
    const t = await start(open, { viewport, hasTouch: true });
    assert.deepEqual(await outOfSight(t, ['sentence', 'caption']), []);
    for (const [tab, pane] of [['heads', 'heads'], ['heatmap', 'heatmap'], ['row', 'inspector'], ['charts', 'inspector']]) {
      await t.page.tap(`#tab-${tab}`);
      const box = await t.page.locator(`[data-pane=${pane}]`).boundingBox();
      assert.ok(box.height >= 180, `${tab}: ${box.height} pixels`);
      assert.deepEqual(await outOfSight(t, ['sentence', 'caption', pane]), [], tab);
    }
    // A tap on a head changes the sentence above it.
    await t.page.tap('#tab-heads');
    const title = () => t.call('state').then(({ layer, head }) => [layer, head]);
    const grid = await t.page.locator('#grid').boundingBox();
    await t.page.touchscreen.tap(grid.x + grid.width * 0.9, grid.y + grid.height * 0.9);
    await until(async () => JSON.stringify(await title()) !== '[3,1]', true);
    const low = await t.page.$$eval('.bars button, .bars summary, .bars select, [role=tab]', (all) => all
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.id || e.textContent));
    assert.deepEqual(low, []);
  }
});

test('no control moves a picture', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  const before = await tops(t);
  const unmoved = async (what) => assert.deepEqual((await tops(t)).filter(([name]) => !/other/.test(name)), before, what);
  for (const tab of ['steps', 'effect', 'charts', 'row']) {
    await t.page.click(`#tab-${tab}`);
    await unmoved(tab);
  }
  for (const popover of ['display', 'compare', 'edit', 'find', 'share', 'more', 'examples']) {
    await t.page.click(`#${popover} > summary`);
    await unmoved(popover);
    await t.page.keyboard.press('Escape');
    assert.equal(await t.page.locator('.popover[open]').count(), 0, `${popover} closes on Escape`);
  }
  await t.page.click('#change-word');
  await untilRead(t, small.text);
  await unmoved('another word');
  await t.page.click('#head-off');
  await until(() => said(t, '#altered').then((s) => s.includes('L3 H1')), true);
  await unmoved('a head off');
  await t.call('set', { altered: { heads_off: [] }, compare: { text: TROPHY } });
  await unmoved('a comparison');
  await t.call('set', { compare: null, pair: 'A second text.' });
  await unmoved('a second text');
  await t.call('set', { pair: null, from: 2 });
  await unmoved('a question');
});

test('loading moves nothing', async ({ open }) => {
  const t = await open({ started: false, fresh: true, viewport: { width: 1280, height: 800 } });
  await t.page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value, sources }) =>
      [value, sources.map(({ node }) => node?.id || node?.className || node?.nodeName)]))).observe({ type: 'layout-shift', buffered: true });
  });
  await t.page.reload();
  await t.ready();
  await until(() => said(t, '#survey').then((s) => s.includes('L3 H1')), true);
  const shifts = await t.page.evaluate(() => window.shifts);
  const sum = shifts.reduce((sum, [value]) => sum + value, 0);
  assert.ok(sum < 0.02, JSON.stringify(shifts));
});

test('the first sentence and its edges are there before any WebAssembly, and only for the bare address', async ({ open }) => {
  const binaries = [/\.wasm/];
  for (const [path, picture] of [['', true], ['#v=1&text=dog+bit+man', false], ['?lang=ja', false], ['?embed&controls=none', false]]) {
    const t = await open({ started: false, fresh: true, path: '?none' });
    await t.page.route((url) => binaries.some((binary) => binary.test(url.pathname)), () => {});
    await t.page.goto(t.url + path, { waitUntil: 'commit' });
    await t.page.waitForSelector('#first', { state: 'attached' });
    const seen = await t.page.$$eval('.first-arcs path.edge', (all) => all.filter((e) => e.checkVisibility({ visibilityProperty: true })).length);
    assert.equal(seen, picture ? 4 : 0, path);
    assert.equal(await t.page.locator('.bars').first().isVisible(), !path.includes('none'), path);
  }
});

test('an edit shows at once what it did', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  const inks = () => t.page.$$eval('#sentence .edge', (all) => [...new Set(all.map((e) => e.getAttribute('stroke')))]);
  assert.deepEqual(await inks(), ['var(--ink-edge)']);
  await t.page.click('#head-off');
  await until(() => said(t, '#facts').then((s) => s.includes('off: its output is 0')), true);
  assert.deepEqual(await inks(), ['var(--ink-faint)'], 'its edges are faint');
  assert.equal(await t.page.getAttribute('#tab-effect', 'aria-selected'), 'true', 'the effect opens by itself');
  await until(() => said(t, '#downstream').then((s) => /0\.\d+/.test(s)), true);
  // The first heads behind it, as buttons: one of them is previewed by the pointer and chosen by a click.
  const first = t.page.locator('#changed-heads button').first();
  const name = await first.textContent();
  assert.match(name, /^L[45] H\d+$/);
  await first.hover();
  await until(() => t.page.textContent('#head-title').then((s) => s.replace(/\D+/g, ' ').trim()), name.replace(/\D+/g, ' ').trim());
  assert.equal((await t.call('state')).layer, 3, 'nothing is chosen yet');
  await first.click();
  const { layer, head } = await t.call('state');
  assert.equal(`L${layer} H${head}`, name);
});

test('a comparison shows a head that differs', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  await t.page.click('#head-off');
  await until(() => said(t, '#facts').then((s) => s.includes('off')), true);
  // The head that is off does not change itself: one behind it is shown.
  await t.page.click('#compare > summary');
  await t.page.click('#compare li:nth-child(2) button');
  await until(() => t.call('state').then(({ layer }) => layer > 3), true);
  await until(() => t.page.locator('#sentence .edge').count().then((n) => n > 0), true);
  const values = await t.page.$$eval('#sentence .edge', (all) => all.map((e) => Number(e.dataset.value)));
  assert.ok(values.some((value) => Math.abs(value) > 1e-4), JSON.stringify(values));
});

test('every head and every token in prose is a control', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  await t.call('set', { compare: { text: small.text }, from: 2, to: 8 });
  await until(() => said(t, '#found').then((s) => /L\d H\d/.test(s)), true);
  const dead = await t.page.evaluate(() => {
    const found = [];
    for (const place of document.querySelectorAll('#found, #compared, #changed-heads, .lead')) {
      const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        if (/L\d+ H\d+/.test(walk.currentNode.textContent) && !walk.currentNode.parentElement.closest('button')) found.push(walk.currentNode.textContent);
      }
    }
    return found;
  });
  assert.deepEqual(dead, []);
});

test('terms say what they mean, to the pointer and to the keyboard', async ({ open }) => {
  const t = await start(open);
  const meaning = () => t.page.$eval('#meaning', (e) => (getComputedStyle(e).visibility === 'visible' ? e.textContent : ''));
  await t.page.hover('#survey .term[data-term=entropy]');
  await until(async () => /0 bits for a single token/.test(await meaning()), true);
  const cut = await t.page.$eval('#meaning', (e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return [left >= 0, top >= 0, right <= innerWidth, bottom <= innerHeight];
  });
  assert.deepEqual(cut, [true, true, true, true], 'the bubble is in the window');
  await t.page.keyboard.press('Escape');
  await until(meaning, '');
  await t.page.focus('#formula .term[data-term=value]');
  await until(async () => /vector that a token hands/.test(await meaning()), true);
  await t.page.click('#tab-steps');
  await until(() => t.page.$$eval('#inspector-panel .inside .term', (all) => all.map((e) => e.dataset.term).join()), 'query,key,score,softmax,value,output');
  const numbers = await t.page.$$eval('.term', (all) => all.every((e) => e.getAttribute('aria-description')?.length > 20));
  assert.ok(numbers, 'screen readers have it with the term');
});

test('three lines guide the first visit, each until its step is done, and never again', async ({ open }) => {
  const t = await start(open);
  const line = () => t.page.$eval('.guide', (e) => (e.checkVisibility() ? e.firstElementChild.textContent : ''));
  await until(async () => /point at another word/.test(await line()), true);
  await moveTo(t, await tokenAt(t, 2));
  await until(async () => /change big to small/.test(await line()), true);
  await t.page.click('#change-word');
  await until(async () => /compare both texts/.test(await line()), true);
  await openPopover(t, 'compare');
  await t.page.click('#compare >> text=Another text');
  await until(line, '');
  await t.page.click('#end-compare');
  await t.page.reload();
  await t.ready();
  assert.equal(await line(), '');
});

test('few stops of the Tab key lead to the pictures, and each group of controls is one', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  await t.page.evaluate(() => document.activeElement.blur());
  const stops = [];
  while (stops.at(-1) !== 'grid' && stops.length < 20) {
    await t.page.keyboard.press('Tab');
    stops.push(await t.page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName));
  }
  assert.ok(stops.indexOf('sentence') < 5 && stops.indexOf('sentence') >= 0, stops.join(', '));
  assert.ok(stops.length <= 8, stops.join(', '));
  // The arrow keys go through a group.
  await t.page.focus('#to-lesson');
  await t.page.keyboard.press('ArrowRight');
  assert.equal(await t.page.evaluate(() => document.activeElement.id), 'model');
});

test('every picture has a role that screen readers know, and none takes all keys', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  await t.page.waitForSelector('#grid[role=grid]');
  const role = (id) => t.page.getAttribute(`#${id}`, 'role');
  assert.deepEqual([await role('sentence'), await role('heatmap'), await role('grid')], ['listbox', 'grid', 'grid']);
  for (const [tab, picture] of [['steps', 'inside'], ['charts', 'chart'], ['row', 'sentence']]) {
    await t.page.click(`#tab-${tab}`);
    await until(() => role(picture), 'listbox', tab);
    assert.equal(await t.page.locator('[role=application]').count(), 0, tab);
  }
  assert.deepEqual([await role('sentence-other'), await role('heatmap-other'), await role('cost')], ['img', 'img', 'img']);
});

test('text has few sizes, and none is small', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  await t.page.click('#edit > summary');
  const sizes = await t.page.evaluate(() => {
    const found = new Set();
    for (const e of document.querySelectorAll('body *')) {
      const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      if (own && !e.closest('svg, dialog, .unseen') && e.checkVisibility()) found.add(getComputedStyle(e).fontSize);
    }
    return [...found];
  });
  assert.ok(sizes.length <= 5, sizes.join(', '));
  assert.ok(sizes.every((size) => parseFloat(size) >= 12), sizes.join(', '));
  const inPictures = await t.page.$$eval('.picture text', (all) => Math.min(...all.map((e) => Number(e.getAttribute('font-size')))));
  assert.ok(inPictures >= 11, `${inPictures}`);
});

test('while the model loads the reader sees the words of the own text, and no edges of another', async ({ open }) => {
  const t = await open({ fresh: true, faults: { 'models/all-minilm-l6-v2/model.safetensors': { heldAfter: 1000 } }, viewport: { width: 1280, height: 800 } });
  await t.page.waitForSelector('#sentence .edge');
  await t.page.fill('#text', 'A whale is not a fish');
  await until(() => t.page.$$eval('#sentence text', (all) => all.map((e) => e.textContent).join(' ')), 'A whale is not a fish');
  assert.equal(await t.page.locator('#sentence .edge').count(), 0);
  assert.match(await said(t, '.caption .lead'), /as soon as the model/);
});
