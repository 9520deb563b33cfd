// The page for every reader: zoomed, touched, by keyboard alone, in the system's own colours, without motion, heard.

import assert from 'node:assert/strict';
import { DESKTOP, test } from './harness.mjs';
import { everyPlace, fillAll } from './axe.mjs';
import {
  activePart, LEAD, focused, golden, openPopover, openTab, ranked, rowDrawn, said, start, tabTo, two, until,
} from './helpers.mjs';

const want = golden('trophy_big');
const ALTERED = { heads_off: ['L3H1'], positions: false, temperature: 2 };

/** What WCAG 2.2 names: 1280 by 900 at 200 %, and at 400 % (1.4.4, 1.4.10). */
const ZOOMED = [{ width: 640, height: 450 }, { width: 320, height: 225 }];

/** Everything outside the scrolling frames of pictures that sticks out of the window or of a box that cuts it off. */
const cutOff = (t) => t.page.evaluate(() => {
  const wide = document.documentElement.clientWidth;
  const told = (e) => `${e.tagName} ${e.id || e.className || e.textContent.slice(0, 30)}`;
  const all = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.unseen, .picture'));
  const out = all.filter((e) => {
    const { left, right, width } = e.getBoundingClientRect();
    return width > 0 && (left < -0.5 || right > wide + 0.5);
  });
  // Inside a field for a file is the browser's own: Firefox counts room there that it does not show.
  // A label that only screen readers have is clipped to nothing.
  const cut = all.filter((e) => getComputedStyle(e).clipPath === 'none' && getComputedStyle(e).overflowX !== 'visible' && !e.matches('.frame, textarea, select, [type=file]')
    && e.scrollWidth > e.clientWidth + 1);
  const scrolls = document.documentElement.scrollWidth > wide ? ['the page scrolls sideways'] : [];
  return [...scrolls, ...new Set([...out, ...cut].map(told))];
});

for (const viewport of ZOOMED) {
  test(`nothing is cut off at ${viewport.width} pixels`, async ({ open }) => {
    const t = await start(open, { viewport });
    assert.deepEqual(await cutOff(t), [], 'as it starts');
    await fillAll(t);
    await everyPlace(t, async (what) => assert.deepEqual(await cutOff(t), [], what));
    for (const patch of [
      {}, { view: 'arcs' }, { show: 'score', sort: 'entropy' },
      { sort: 'place', show: 'weight', compare: { text: want.text } }, { side_by_side: true },
      { compare: 'unaltered', altered: ALTERED },
    ]) {
      await t.call('set', patch);
      assert.deepEqual(await cutOff(t), [], JSON.stringify(patch));
    }
    await openPopover(t, 'more');
    await t.page.click('#more >> text=Keyboard');
    assert.deepEqual(await cutOff(t), [], 'the keys');
    const dialog = await t.page.$eval('#help', (e) => {
      e.scrollTop = e.scrollHeight;
      const { top, bottom } = e.querySelector('button').getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    });
    assert.ok(dialog, 'its button can be scrolled to');
  });
}

/**
 * Controls smaller than 24 by 24 pixels (WCAG 2.2, 2.5.8); a label's box is its control's, too. Names and terms are
 * words of a sentence or of a formula, which are exempt.
 */
const small = (t) => t.page.$$eval('button, select, textarea, input, summary, a, [tabindex="0"]', (all) => all
  .filter((e) => e.checkVisibility() && !e.matches('.term, p .name'))
  .map((e) => [e, (e.matches('[type=radio], [type=checkbox]') ? e.closest('label') : e).getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([e, box]) => `${e.tagName} ${e.id || e.textContent} ${box.width} by ${box.height}`));

/** The smallest side of the tokens and heads that one can tap. */
const tapped = (t) => t.page.evaluate(() => {
  const side = (e) => { const { width, height } = e.getBoundingClientRect(); return Math.min(width, height); };
  return Math.min(...[...document.querySelectorAll('#sentence rect[data-query], #sentence rect[data-key]')].map(side));
});

for (const width of [1280, 390, 320]) {
  test(`whatever can be pressed is large enough at ${width} pixels`, async ({ open }) => {
    const t = await start(open, { viewport: { width, height: 800 }, hasTouch: width < 600 });
    assert.deepEqual(await small(t), [], 'as it starts');
    await fillAll(t);
    await everyPlace(t, async (what) => assert.deepEqual(await small(t), [], what));
    await t.call('set', { compare: { text: want.text }, altered: ALTERED });
    assert.deepEqual(await small(t), []);
    // Heads of the grid and cells of the heatmap get smaller than that: they are also chosen by lists, steps and tokens.
    for (const view of ['arcs', 'columns', 'text']) {
      await t.call('set', { view });
      assert.ok(await tapped(t) >= 24, `${view}: ${await tapped(t)} pixels`);
    }
    await openPopover(t, 'more');
    await t.page.click('#more >> text=Keyboard');
    assert.deepEqual(await small(t), []);
  });
}

test('the focus is seen on every stop, on a small screen too', async ({ open }) => {
  const t = await start(open, { viewport: ZOOMED[0] });
  await fillAll(t);
  await t.call('set', { compare: { text: want.text }, altered: ALTERED });
  await t.page.evaluate(() => document.activeElement.blur());
  let stops = 0;
  for (; stops < 120; stops++) {
    await t.page.keyboard.press('Tab');
    const now = await focused(t);
    if (!now) break;
    const seen = await t.page.evaluate(() => {
      const active = document.activeElement;
      const e = active.type === 'radio' ? active.closest('label') : active;
      const { left, right, top, bottom } = e.getBoundingClientRect();
      const [x0, x1] = [Math.max(left, 0), Math.min(right, window.innerWidth)];
      const [y0, y1] = [Math.max(top, 0), Math.min(bottom, window.innerHeight)];
      const on = document.elementFromPoint((x0 + x1) / 2, (y0 + y1) / 2);
      return x1 - x0 > 10 && y1 - y0 > 10 && Boolean(on) && (e.contains(on) || on.contains(e));
    });
    assert.ok(seen && now.outline >= 2, `${now.name}: in sight ${seen}, outline of ${now.outline} pixels`);
  }
  // A group of controls is one stop.
  assert.ok(stops > 14 && stops < 120, `${stops} stops, and out of the page again`);
});

test('the keys are told in a dialog that keeps the focus and gives it back', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, 'More');
  await t.page.keyboard.press('Enter');
  await t.page.keyboard.press('Tab');
  await tabTo(t, 'Keyboard');
  await t.page.keyboard.press('Enter');
  await until(() => focused(t).then((f) => f.name), 'Close');
  // Around once: out to the browser's own controls, and in again.
  await t.page.keyboard.press('Tab');
  for (let i = 0; i < 3 && (await focused(t))?.name !== 'Close'; i++) {
    // Firefox stops at the dialog itself, too, as it can be scrolled.
    const within = () => document.activeElement.closest('dialog') || !document.activeElement.closest('main, header');
    assert.ok(await t.page.evaluate(within), 'not behind the dialog');
    await t.page.keyboard.press('Tab');
  }
  assert.equal((await focused(t)).name, 'Close');
  await t.page.keyboard.press('Escape');
  assert.equal((await focused(t)).name, 'Keyboard');
});

for (const colorScheme of ['light', 'dark']) {
  test(`forced colours, ${colorScheme}`, async ({ open }) => {
    const t = await start(open, { colorScheme });
    // The reader's own switch may not stand against the system's colours.
    await openPopover(t, 'more');
    await t.page.click('#theme');
    await t.page.emulateMedia({ colorScheme, forcedColors: 'active' });
    await t.call('set', { compare: { text: golden('trophy_small').text } });
    await until(() => t.page.$$eval('#sentence .edge[stroke-dasharray="7 5"]', (all) => all.length > 0), true);
    const look = await t.page.evaluate(() => {
      const system = (name) => {
        const e = document.createElement('i');
        e.style.color = name;
        document.body.append(e);
        const { color } = getComputedStyle(e);
        e.remove();
        return color;
      };
      const style = (selector) => getComputedStyle(document.querySelector(selector));
      return {
        canvas: system('Canvas'), text: system('CanvasText'), link: system('LinkText'), highlight: system('Highlight'),
        page: style('body').backgroundColor,
        edge: style('#sentence .edge[stroke-dasharray="none"]').stroke,
        edgeOpacity: style('#sentence .edge').opacity,
        less: style('#sentence .edge[stroke-dasharray="7 5"]').stroke,
        query: style('#sentence rect.query').fill,
        onQuery: style('#sentence .token').fill,
        label: style('#grid .label').fill,
        chosenHead: style('#grid .query').stroke,
        option: style('.option input:checked + span').backgroundColor,
        otherOption: style('.option input:not(:checked) + span').backgroundColor,
        button: style('#change-word').borderTopColor,
      };
    });
    const { canvas, text, link, highlight } = look;
    assert.deepEqual([look.page, look.edge, look.query, look.label, look.chosenHead, look.option],
      [canvas, link, highlight, text, highlight, highlight]);
    for (const name of ['edge', 'less', 'query', 'onQuery', 'label', 'chosenHead', 'option', 'button']) {
      assert.notEqual(look[name], canvas, name);
    }
    assert.equal(look.edgeOpacity, '1');
    assert.notEqual(look.option, look.otherOption);
    await tabTo(t, '#sentence');
    assert.ok((await focused(t)).outline >= 2);
    assert.notEqual(await t.page.$eval('#sentence', (e) => getComputedStyle(e).outlineColor), canvas);
    await t.screenshot(`forced-${colorScheme}`);
  });
}

/** Transitions and animations that take time, declared or running. */
const motions = (t) => t.page.evaluate(() => {
  const running = document.getAnimations().map((a) => `running: ${a.transitionProperty ?? a.animationName}`);
  const takesTime = (durations) => durations.split(',').some((d) => parseFloat(d) > 0);
  const declared = [...document.querySelectorAll('*')].filter((e) => {
    const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(e);
    return takesTime(transitionDuration) || takesTime(animationDuration) || scrollBehavior === 'smooth';
  });
  return [...running, ...declared.map((e) => `${e.tagName} ${e.id || e.className}`)];
});

test('pictures stand still at once for those who ask for less motion', async ({ open }) => {
  const stale = (t) => t.page.evaluate(() => document.querySelector('.pictures').classList.add('stale'));
  const t = await start(open, { reducedMotion: 'reduce' });
  await fillAll(t);
  await everyPlace(t, async (what) => assert.deepEqual(await motions(t), [], what));
  await stale(t);
  assert.deepEqual(await motions(t), []);
  // And the others see what the test looks for.
  const moving = await start(open, { reducedMotion: 'no-preference' });
  await stale(moving);
  assert.ok((await motions(moving)).length > 0);
});

test('the chosen row is spoken as the keyboard moves, in the sentence and in the heatmap', async ({ open }) => {
  const t = await start(open, { viewport: DESKTOP });
  const names = (await t.call('tokens')).map((token) => token.text);
  const row = (query) => {
    const keys = ranked(want.row(3, 1, query)).slice(0, 5).filter(({ weight }) => weight >= 0.005);
    const told = keys.map(({ key, weight }) => `${names[key]} ${two(weight)}`);
    return `L3 H1: ${names[query]} reads from ${told.join(', ')}`;
  };
  // Every change of the live region is what a screen reader hears.
  await t.page.evaluate(() => {
    window.heard = [];
    const spoken = document.querySelector('#spoken');
    new MutationObserver(() => window.heard.push(spoken.textContent.replace(/[\u2066-\u2069]/g, '')))
      .observe(spoken, { childList: true, characterData: true, subtree: true });
  });
  const heard = () => t.page.evaluate(() => window.heard.splice(0));
  assert.equal(await t.page.getAttribute('#spoken', 'aria-live'), 'polite');
  assert.notEqual(await t.page.$eval('#spoken', (e) => getComputedStyle(e).display), 'none');
  await tabTo(t, '#sentence');
  for (const [key, query] of [['ArrowRight', 11], ['Home', 0], ['End', 15]]) {
    await t.page.keyboard.press(key);
    await rowDrawn(t, [query], want.row(3, 1, query));
    assert.deepEqual(await heard(), [row(query)], key);
  }
  await tabTo(t, '#heatmap');
  await t.page.keyboard.press('ArrowUp');
  await until(() => said(t, '#heatmap-cell').then((s) => s.startsWith(`${names[14]} reads ${names[15]}: `)), true);
  assert.deepEqual(await heard(), [], 'a cell is told by itself');
  assert.equal(await t.page.getAttribute('#heatmap-cell', 'aria-live'), null);
  const cell = (await activePart(t, 'heatmap')).name;
  assert.ok(cell.startsWith(`${names[14]} reads ${names[15]}: `), cell);
  await t.page.keyboard.press('Enter');
  await rowDrawn(t, [14], want.row(3, 1, 14));
  assert.deepEqual(await heard(), [row(14)]);
});

/** What a browser's translator does to a page: texts are replaced by elements, but where that is forbidden. */
const translate = (t) => t.page.evaluate(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const all = [];
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (node.data.trim() && !node.parentElement.closest('[translate=no], script, noscript, textarea')) all.push(node);
  }
  for (const node of all) {
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    inner.textContent = `«${node.data}»`;
    outer.append(inner);
    node.replaceWith(outer);
  }
  return all.length;
});

test('a page that a browser has translated goes on showing what is so now', async ({ open }) => {
  const t = await start(open);
  await fillAll(t);
  await t.page.evaluate(() => { location.hash = 'v=1&text=a&nonsense=1'; });
  await until(() => said(t, '#link').then((s) => s.includes('nonsense')), true);
  await t.call('set', { text: want.text, altered: { heads_off: ['L0 H0'] }, compare: { text: golden('trophy_small').text } });
  assert.ok(await translate(t) > 100);
  const small = golden('trophy_small');
  await t.call('set', {
    text: small.text, layer: 2, head: 4, tokens: ['it'], altered: { heads_off: ['L1 H1'] }, compare: null, sort: 'entropy', mass: 0.5,
  });
  await until(() => said(t, '#head-title'), 'Layer 2, head 4');
  await until(() => said(t, '#status').then((s) => /16 tokens in \d+ ms/.test(s)), true);
  await until(() => said(t, '#altered').then((s) => s.includes('L1 H1 off')), true);
  assert.match(await said(t, LEAD), /^it reads from .* 0\.\d\d/);
  assert.match(await said(t, '#formula'), /^z\(it\) = 0\.\d\d V/);
  assert.match(await said(t, '#spoken'), /^L2 H4: it reads from /);
  assert.match(await said(t, '#facts'), /weights sum to 1\.00/);
  await until(() => said(t, '#survey').then((s) => s.startsWith('L2 H4')), true);
  assert.equal(await said(t, '#row caption'), 'L2 H4: what it reads from');
  assert.equal(await said(t, 'label[for=mass] output'), '50');
  assert.equal(await t.page.$$eval('#from option', (all) => all[11].textContent), 'it');
  // Texts that are gone leave nothing behind, and buttons are named by what they do now.
  await t.call('set', { altered: null });
  await until(() => said(t, '#altered'), '');
  await openPopover(t, 'more');
  await t.page.locator('#theme').click();
  assert.match(await said(t, '#theme'), /Light/);
  await translate(t);
  await t.call('set', { layer: 3, head: 1, tokens: ['bag'] });
  await until(() => said(t, '#head-title'), 'Layer 3, head 1');
  assert.match(await said(t, LEAD), /^bag reads from /);
  // The status says the same as before, and its words are not written again.
  const live = ['#head-title', '#facts', LEAD, '#formula', '#spoken', '#survey', '#row caption', '#row tbody'];
  assert.deepEqual(await t.page.$$eval(live.map((e) => `${e} font`).join(), (all) => all.map((e) => e.textContent)), []);
});
