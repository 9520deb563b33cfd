// Everything by keyboard alone, and what a screen reader is told.

import assert from 'node:assert/strict';
import { freshTest, test } from './harness.mjs';
import {
  IT, activePart, cellAt, focused, four, golden, groupAt, moveTo, near, openPopover, openTab, ranked, rowDrawn, said, start, tabTo, three, two,
  undo, until, untilRead,
} from './helpers.mjs';

const want = golden('trophy_big');
const row = (query, layer = 3, head = 1) => want.row(layer, head, query);
const tokens = (t) => t.call('state').then((s) => s.tokens);
const headOf = (t) => t.call('state').then((s) => [s.layer, s.head]);

test('Tab comes to everything, in reading order, arrows go through a group, and one sees where it is', async ({ open }) => {
  const t = await start(open);
  const names = [];
  const seen = (now) => {
    assert.ok(now.outline >= 2, `${now.name} has an outline of ${now.outline} pixels`);
    return now.name;
  };
  for (let i = 0; i < 60; i++) {
    await t.page.keyboard.press('Tab');
    const now = await focused(t);
    if (!now) break;
    const group = (await groupAt(t)).map(seen);
    names.push(group.length > 1 ? group : seen(now));
  }
  console.log(JSON.stringify(names));
});

test('the whole job without a mouse: type, choose a token, choose a head', async ({ open }) => {
  const t = await start(open);
  const small = golden('trophy_small');
  await tabTo(t, '#text');
  await t.page.keyboard.press('ControlOrMeta+A');
  await t.page.keyboard.type(small.text);
  await untilRead(t, small.text);
  await tabTo(t, '#sentence');
  // Whatever token the typing left chosen.
  await t.page.keyboard.press('Home');
  for (let i = 0; i < IT; i++) await t.page.keyboard.press('ArrowRight');
  await rowDrawn(t, [IT], small.row(3, 1, IT));
  await tabTo(t, '#grid');
  await t.page.keyboard.press('ArrowUp');
  await rowDrawn(t, [IT], small.row(2, 1, IT));
});

test('arrow keys in the sentence move the query', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, '#sentence');
  for (const [key, place] of [
    ['ArrowRight', 11], ['ArrowLeft', 10], ['ArrowLeft', 9], ['Home', 0], ['ArrowLeft', 0], ['End', 15],
    ['ArrowRight', 15],
  ]) {
    await t.page.keyboard.press(key);
    await until(() => tokens(t), [place], key);
    await rowDrawn(t, [place], row(place));
  }
  await t.page.keyboard.press('Escape');
  await until(() => tokens(t), []);
  await t.page.keyboard.press('ArrowRight');
  await until(() => tokens(t), [0]);
  await t.call('set', { view: 'columns', tokens: [4] });
  for (const [key, place] of [['ArrowDown', 5], ['ArrowUp', 4], ['Home', 0], ['End', 15]]) {
    await t.page.keyboard.press(key);
    await until(() => tokens(t), [place], key);
  }
});

test('Home and End go to the ends, also when nothing is chosen', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, '#sentence');
  for (const [key, place] of [['Home', 0], ['End', 15]]) {
    await t.page.keyboard.press('Escape');
    await until(() => tokens(t), []);
    await t.page.keyboard.press(key);
    await until(() => tokens(t), [place], key);
  }
});

test('arrow keys in the heatmap move the cell, Enter chooses its row', async ({ open }) => {
  const t = await start(open);
  const pattern = await t.call('pattern', 3, 1);
  const names = (await t.call('tokens')).map((x) => x.text);
  await tabTo(t, '#heatmap');
  for (const [key, query, place] of [
    ['ArrowRight', 10, 11], ['ArrowRight', 10, 12], ['ArrowDown', 11, 12], ['ArrowLeft', 11, 11], ['ArrowUp', 10, 11],
  ]) {
    await t.page.keyboard.press(key);
    await until(() => said(t, '#heatmap-cell'), `${names[query]} reads ${names[place]}: ${four(pattern[query][place])}`);
  }
  assert.deepEqual(await tokens(t), [IT], 'moving chooses nothing');
  await t.page.keyboard.press('ArrowDown');
  await t.page.keyboard.press('Enter');
  await until(() => tokens(t), [11]);
  await t.page.keyboard.press('ArrowDown');
  await t.page.keyboard.press('Shift+Enter');
  await until(() => tokens(t), [11, 12]);
  await t.page.keyboard.press('Escape');
  const weights = pattern.flat();
  await until(() => said(t, '#heatmap-cell'), `range ${three(Math.min(...weights))} to ${three(Math.max(...weights))}`);
  assert.deepEqual(await tokens(t), [11, 12]);
  await t.page.keyboard.press('Escape');
  await until(() => tokens(t), []);
});

test('arrow keys in the grid choose a head, and stop at its edge', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, '#grid');
  for (const [key, place] of [
    ['ArrowRight', [3, 2]], ['ArrowDown', [4, 2]], ['ArrowDown', [5, 2]], ['ArrowDown', [5, 2]], ['ArrowUp', [4, 2]],
    ['ArrowLeft', [4, 1]], ['ArrowLeft', [4, 0]], ['ArrowLeft', [4, 0]],
  ]) {
    await t.page.keyboard.press(key);
    await until(() => headOf(t), place, key);
    await rowDrawn(t, [IT], row(IT, ...place));
  }
});

test('the controls by keyboard', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, 'Layer, one more');
  await t.page.keyboard.press('Enter');
  await until(() => headOf(t), [4, 1]);
  await t.page.keyboard.press('Space');
  await until(() => headOf(t), [5, 1]);
  await tabTo(t, '#head');
  await t.page.keyboard.press('7');
  await until(() => headOf(t), [5, 7]);
  await tabTo(t, '#form');
  for (const view of ['arcs', 'columns', 'text']) {
    await t.page.keyboard.press('ArrowDown');
    await until(() => t.call('state').then((s) => s.view), view);
  }
  await tabTo(t, 'Display');
  await t.page.keyboard.press('Enter');
  await t.page.keyboard.press('Tab');
  await tabTo(t, 'Show');
  await t.page.keyboard.press('ArrowRight');
  await until(() => t.call('state').then((s) => s.special), 'mask');
  await t.page.keyboard.press('ArrowRight');
  await until(() => t.call('state').then((s) => s.special), 'renormalise');
  await tabTo(t, '#mass');
  await t.page.keyboard.press('ArrowLeft');
  await until(() => t.call('state').then((s) => Math.round(s.mass * 100)), 89);
});

test('a button at its end does not take the focus away', async ({ open }) => {
  const t = await start(open);
  await tabTo(t, 'Layer, one more');
  await t.page.keyboard.press('Enter');
  await t.page.keyboard.press('Enter');
  await until(() => headOf(t), [5, 1]);
  assert.equal((await focused(t))?.name, 'Layer, one more');
  await t.page.keyboard.press('Enter');
  assert.deepEqual(await headOf(t), [5, 1], 'there is no layer behind it');
  await t.page.keyboard.press('ArrowRight');
  assert.equal((await focused(t)).name, 'Head, one less');
});

test('the row as a table', async ({ open }) => {
  const t = await start(open);
  const pattern = await t.call('pattern', 3, 1);
  const names = (await t.call('tokens')).map((x) => x.text);
  const table = () => t.page.$$eval('#row tbody tr', (rows) => rows.map((r) => [...r.children].map((c) => c.textContent)));
  // The third column is a bar.
  const expected = (query) => ranked(pattern[query]).map(({ key, weight }) => [names[key], `${key}`, '', three(weight)]);
  assert.deepEqual(await table(), expected(IT));
  assert.equal(await said(t, '#row caption'), 'L3 H1: what it reads from');
  assert.deepEqual(await t.page.$$eval('#row thead th', (all) => all.map((e) => [e.textContent, e.scope])),
    [['Token', 'col'], ['Position', 'col'], ['Weight', 'col']]);
  assert.ok((await t.page.locator('#row').boundingBox()).height > 200);
  const bars = await t.page.$$eval('#row .bar span', (all) => all.map((e) => e.getBoundingClientRect().width));
  ranked(pattern[IT]).forEach(({ weight }, i) => {
    near(bars[i], Math.max((weight / ranked(pattern[IT])[0].weight) * bars[0], 1), 1, `bar ${i}`);
  });
  await t.call('set', { tokens: ['bag'] });
  assert.deepEqual(await table(), expected(8));
  // Its tokens are previewed by the focus, and chosen.
  await openTab(t, 'effect');
  await tabTo(t, '#tab-row');
  await t.page.keyboard.press('Enter');
  await tabTo(t, names[ranked(pattern[8])[2].key]);
  const third = ranked(pattern[8])[2].key;
  await t.page.keyboard.press('Enter');
  await until(() => tokens(t), [third]);
  assert.deepEqual(await table(), expected(third));
});

test('what a screen reader hears', async ({ open }) => {
  const t = await start(open);
  const sentence = (query) => {
    const names = ['[CLS]', ...want.text.match(/\w+|\./g), '[SEP]'];
    const keys = ranked(row(query)).slice(0, 5).map(({ key, weight }) => `${names[key]} ${two(weight)}`);
    return `L3 H1: ${names[query]} reads from ${keys.join(', ')}`;
  };
  assert.equal(await t.page.getAttribute('#spoken', 'aria-live'), 'polite');
  await until(() => said(t, '#spoken'), sentence(IT));
  await tabTo(t, '#sentence');
  await t.page.keyboard.press('ArrowLeft');
  await until(() => said(t, '#spoken'), sentence(9));
  // The pointer's previews are not read out.
  await moveTo(t, await cellAt(t, 4, 4));
  await until(() => said(t, '#heatmap-cell').then((s) => s.startsWith('not reads not')), true);
  assert.equal(await said(t, '#spoken'), sentence(9));
  const labels = Object.fromEntries(await t.page.$$eval('.picture[tabindex="0"]', (all) =>
    all.map((e) => [e.id, e.getAttribute('aria-label')])));
  assert.deepEqual(labels, {
    sentence: 'L3 H1: what not reads from, as arcs. Arrow keys move the query token, Escape clears the selection.',
    heatmap: 'L3 H1: heatmap of every query and what it reads from. Arrow keys move between cells, Enter chooses the row.',
    inside: 'Nothing drawn yet.',
    chart: 'Nothing drawn yet.',
    'sentence-other': 'Nothing drawn yet.',
    'heatmap-other': 'Nothing drawn yet.',
    grid: 'All 72 heads: 6 layers down, 12 heads across; L3 H1 chosen. Arrow keys choose another head, x switches it off or on.',
  });
  assert.deepEqual(await t.page.$$eval('section, [role=group]', (all) => all.map((e) => e.getAttribute('aria-label'))),
    [
      'Width of the preview', 'Pictures', 'Numbers', 'Text', 'View', 'Compared with', 'Heads', 'Positions and order', 'Sentence',
      'Compared with', 'Caption', 'Heatmap', 'All heads', 'Inspector',
    ]);
  for (const id of ['text', 'layer', 'head', 'mass']) assert.equal(await t.page.locator(`label[for=${id}]`).count(), 1);
});

test('Undo and Redo can be pressed while there is a step that way', async ({ open }) => {
  const t = await start(open);
  const disabled = () => t.page.$$eval('.tools :is([aria-label="Undo"], [aria-label="Redo"])', (all) =>
    all.map((e) => e.getAttribute('aria-disabled') === 'true'));
  assert.deepEqual(await disabled(), [true, true]);
  await t.call('set', { layer: 2 });
  await until(disabled, [false, true]);
  await undo(t);
  await until(disabled, [true, false]);
  assert.equal((await t.call('state')).layer, 3);
  // The keys do the same.
  await t.page.keyboard.press('ControlOrMeta+Shift+Z');
  await until(disabled, [false, true]);
  await t.page.keyboard.press('ControlOrMeta+z');
  await until(disabled, [true, false]);
  // A button at its end keeps the focus.
  await tabTo(t, 'Redo');
  await t.page.keyboard.press('Enter');
  await until(disabled, [false, true]);
  assert.equal((await focused(t))?.name, 'Redo');
  await t.page.keyboard.press('Enter');
  assert.equal((await t.call('state')).layer, 2);
});

/** A key as a keyboard of some layout sends it to what has the focus; true where the page took it. */
const send = (t, init) => t.page.evaluate((init) => !(document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })), init);
const alteredOf = (t) => t.call('state').then((s) => s.altered);
const ALTERED = { heads_off: ['L3 H1'] };

test('keys are those of their place where the layout is not Latin, and Caps Lock changes none', async ({ open }) => {
  const t = await start(open);
  await t.page.focus('#sentence');
  const layer = () => t.call('state').then((s) => s.layer);
  await t.call('set', { layer: 5 });
  for (const [what, undo, redo] of [
    ['Cyrillic', { key: 'я', code: 'KeyZ', ctrlKey: true }, { key: 'н', code: 'KeyY', ctrlKey: true }],
    ['Arabic', { key: 'ئ', code: 'KeyZ', ctrlKey: true }, { key: 'غ', code: 'KeyY', ctrlKey: true }],
    ['Greek', { key: 'ζ', code: 'KeyZ', ctrlKey: true }, { key: 'Ζ', code: 'KeyZ', ctrlKey: true, shiftKey: true }],
    ['French', { key: 'z', code: 'KeyW', ctrlKey: true }, { key: 'y', code: 'KeyY', ctrlKey: true }],
    ['Caps Lock', { key: 'Z', code: 'KeyZ', ctrlKey: true }, { key: 'z', code: 'KeyZ', ctrlKey: true, shiftKey: true }],
    ['a Mac', { key: 'z', code: 'KeyZ', metaKey: true }, { key: 'z', code: 'KeyZ', metaKey: true, shiftKey: true }],
  ]) {
    assert.equal(await send(t, undo), true, what);
    await until(layer, 3, `${what}: undone`);
    assert.equal(await send(t, redo), true, what);
    await until(layer, 5, `${what}: done again`);
  }
  assert.equal(await send(t, { key: 'w', code: 'KeyZ', ctrlKey: true }), false, 'a Latin letter is itself');
  for (const restore of [{ key: 'R', code: 'KeyR' }, { key: 'к', code: 'KeyR' }, { key: 'ق', code: 'KeyR' }]) {
    await t.call('set', { altered: ALTERED });
    assert.equal(await send(t, restore), true, restore.key);
    await until(() => alteredOf(t), null, restore.key);
  }
  for (const key of ['?', '؟', '？']) {
    assert.equal(await send(t, { key }), true, key);
    assert.ok(await t.page.isVisible('#help'), key);
    await t.page.keyboard.press('Escape');
  }
});

freshTest('letters act only while a picture has the focus, can be switched off, and are the input method\'s first', async ({ open }) => {
  const t = await start(open);
  await t.call('set', { altered: ALTERED });
  // Speech input says “restore?” as keys, wherever the focus is.
  await openPopover(t, 'more');
  for (const place of ['#theme', '#layer', '#text', null]) {
    if (place) await t.page.focus(place);
    else await t.page.evaluate(() => document.activeElement.blur());
    for (const key of 'restore?x') assert.equal(await send(t, { key }), false, `${key} at ${place}`);
  }
  assert.notEqual(await alteredOf(t), null);
  assert.equal(await t.page.isVisible('#help'), false);
  await t.page.focus('#sentence');
  assert.equal(await send(t, { key: 'Process', code: 'KeyR', keyCode: 229 }), false);
  assert.equal(await send(t, { key: 'r', code: 'KeyR', isComposing: true }), false);
  assert.equal(await send(t, { key: 'Escape', code: 'Escape', isComposing: true }), false);
  assert.deepEqual(await tokens(t), [IT]);
  // Off, and off after a reload.
  await t.page.keyboard.press('?');
  const box = t.page.locator('#help input[type=checkbox]');
  assert.equal(await box.isChecked(), true);
  await box.uncheck();
  await t.page.keyboard.press('Escape');
  await t.page.reload();
  await t.ready();
  await t.call('set', { altered: ALTERED });
  for (const [picture, key] of [['#sentence', 'r'], ['#grid', 'x'], ['#sentence', '?']]) {
    await t.page.focus(picture);
    assert.equal(await send(t, { key }), false, key);
  }
  assert.deepEqual((await alteredOf(t)).heads_off, ['L3 H1']);
  assert.equal(await send(t, { key: 'ArrowRight' }), true, 'arrows are no letters');
  await openPopover(t, 'more');
  await t.page.click('#more >> text=Keyboard');
  assert.equal(await box.isChecked(), false);
  await box.check();
  await t.page.keyboard.press('Escape');
  await t.page.focus('#sentence');
  await t.page.keyboard.press('r');
  await until(() => alteredOf(t), null);
});

/** Those of the hidden parts of a picture that are there: the names, and which of them are chosen. */
const parts = (t, picture) => t.page.$$eval(`#${picture} :is([role=option], [role=gridcell])`, (all) => all.map((e) => ({
  name: e.textContent.replace(/[\u2066-\u2069]/g, ''), selected: e.getAttribute('aria-selected') === 'true',
})));
const roleOf = (t, picture) => t.page.getAttribute(`#${picture}`, 'role');

test('the sentence is a list of its tokens, and says what the query reads of each', async ({ open }) => {
  const t = await start(open);
  await t.page.focus('#sentence');
  await until(() => roleOf(t, 'sentence'), 'listbox');
  const names = (await t.call('tokens')).map((x) => x.text);
  const expected = (query) => names.map((name, key) => (key === query ? { name, selected: true }
    : { name: `${name}, ${names[query]} reads ${two(row(query)[key])} from it`, selected: false }));
  await until(() => parts(t, 'sentence'), expected(IT));
  assert.equal((await parts(t, 'sentence'))[2].name, 'trophy, it reads 0.62 from it');
  const at = (name, place) => ({ role: 'option', name, place, selected: true });
  assert.deepEqual(await activePart(t, 'sentence'), at('it', '11 of 16'));
  await t.page.keyboard.press('ArrowLeft');
  await until(() => activePart(t, 'sentence'), at(names[9], '10 of 16'));
  await until(() => parts(t, 'sentence'), expected(9));
  await t.page.keyboard.press('Home');
  await until(() => activePart(t, 'sentence'), at('[CLS]', '1 of 16'));
  // What a screen reader presses is chosen.
  await t.page.$eval('#sentence-query-2', (e) => e.click());
  await until(() => tokens(t), [2]);
  await t.page.$eval('#sentence-query-8', (e) => e.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true })));
  await until(() => tokens(t), [2, 8]);
  assert.equal(await t.page.getAttribute('#sentence', 'aria-multiselectable'), 'true');
  await until(async () => (await parts(t, 'sentence')).filter((part) => part.selected).map((part) => part.name), ['trophy', 'bag']);
  await t.page.keyboard.press('Escape');
  await until(() => activePart(t, 'sentence'), null);
  // Of a long text few are kept, the active one among them.
  const long = 'The old captain walked to the river. '.repeat(40).trim();
  await t.page.fill('#text', long);
  await untilRead(t, long);
  const { length } = await t.call('tokens');
  await t.page.focus('#sentence');
  await t.page.keyboard.press('End');
  await until(() => activePart(t, 'sentence').then((part) => part?.place), `${length} of ${length}`);
  assert.ok((await parts(t, 'sentence')).length <= 64);
});

test('the heatmap and all heads are grids, and say the active cell', async ({ open }) => {
  const t = await start(open);
  const pattern = await t.call('pattern', 3, 1);
  await t.page.focus('#heatmap');
  await until(() => roleOf(t, 'heatmap'), 'grid');
  await t.page.keyboard.press('ArrowRight');
  const cell = (query, key, name) => ({
    role: 'gridcell', name: `${name}: ${four(pattern[query][key])}`,
    place: `row ${query + 1} of 16, column ${key + 1} of 16`, selected: query === IT,
  });
  await until(() => activePart(t, 'heatmap'), cell(10, 11, 'it reads was'));
  const before = await t.page.$('#heatmap [role=gridcell]');
  await t.page.keyboard.press('ArrowDown');
  await until(() => activePart(t, 'heatmap'), cell(11, 11, 'was reads was'));
  assert.equal(await before.evaluate((e) => e.isConnected), false, 'another cell is another element');
  assert.equal((await parts(t, 'heatmap')).length, 1);
  await t.page.focus('#grid');
  const head = (layer, number, state) => new RegExp(`^layer ${layer}, head ${number}, [^,]+(, [^,]+)*, entropy \\d\\.\\d+ bits, ${state}$`);
  const isAt = async (layer, number, state, place) => {
    await until(() => activePart(t, 'grid').then((part) => part.place), place);
    // What it does on a text is told when that is known.
    await until(() => activePart(t, 'grid').then((part) => head(layer, number, state).test(part.name)), true, `L${layer} H${number}`);
    const { role, selected } = await activePart(t, 'grid');
    assert.deepEqual([role, selected], ['gridcell', true]);
  };
  await isAt(3, 1, 'on', 'row 4 of 6, column 2 of 12');
  assert.match((await activePart(t, 'grid')).name, /no label/);
  assert.equal((await parts(t, 'grid')).length, 12, 'one row is kept');
  await t.page.keyboard.press('x');
  await until(() => activePart(t, 'grid').then((part) => part.name.endsWith(', off')), true);
  await t.page.keyboard.press('x');
  await t.page.keyboard.press('ArrowDown');
  await isAt(4, 1, 'on', 'row 5 of 6, column 2 of 12');
  // A row is as it is drawn: the heads in order stand in other places.
  await t.call('set', { sort: 'entropy', layer: 3, head: 1 });
  await until(() => activePart(t, 'grid').then((part) => part.place === 'row 4 of 6, column 2 of 12'), false);
  assert.match((await activePart(t, 'grid')).name, head(3, 1, 'on'));
  await t.page.$eval('#grid [role=gridcell]', (e) => e.click());
  await until(() => activePart(t, 'grid').then((part) => part.place.endsWith('column 1 of 12')), true);
});

test('one live region speaks when a key moves something', async ({ open }) => {
  const t = await start(open);
  await until(() => roleOf(t, 'sentence'), 'listbox');
  // With an answer on screen that changes with the query.
  await t.call('set', { from: 'trophy' });
  await until(() => said(t, '#found').then((told) => told.includes('trophy')), true);
  await t.page.evaluate(() => {
    window.heard = [];
    for (const region of document.querySelectorAll('[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], [role=log], output')) {
      // What is closed says nothing.
      if (!region.checkVisibility()) continue;
      new MutationObserver(() => window.heard.push(region.id || region.className))
        .observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
  const heard = () => t.page.evaluate(() => window.heard.splice(0));
  for (const [picture, key, regions] of [
    ['sentence', 'ArrowLeft', ['spoken']], ['sentence', 'Home', ['spoken']], ['heatmap', 'ArrowRight', []],
    ['heatmap', 'ArrowDown', []], ['grid', 'ArrowRight', ['spoken']], ['grid', 'ArrowDown', ['spoken']], ['grid', '[', ['spoken']],
  ]) {
    await t.page.focus(`#${picture}`);
    const before = await activePart(t, picture);
    await t.page.keyboard.press(key);
    await until(async () => JSON.stringify(await activePart(t, picture)) !== JSON.stringify(before), true, `${picture}, ${key}`);
    const spoke = (await heard()).filter((id, i, all) => all.indexOf(id) === i);
    assert.deepEqual(spoke, regions, `${picture}, ${key}`);
  }
});

/** The pane that the focus is in. */
const pane = (t) => t.page.evaluate(() => {
  const { activeElement: e } = document;
  const { top, bottom, left, right } = e.getBoundingClientRect();
  if (top < -1 || left < -1 || bottom > innerHeight + 1 || right > innerWidth + 1) return `${e.id} is out of sight`;
  if (e.closest('.rows')) return 'toolbar';
  return e.closest('.tabs, .drawer-open') ? 'inspector' : e.closest('[data-pane]')?.dataset.pane ?? e.id;
});

test('F6 goes through the panes, and never to what is out of sight', async ({ open }) => {
  const PANES = ['toolbar', 'sentence', 'heatmap', 'heads', 'inspector'];
  for (const [viewport, panes] of [
    [{ width: 1280, height: 800 }, PANES], [{ width: 1024, height: 768 }, PANES], [{ width: 820, height: 1180 }, PANES],
    [{ width: 390, height: 844 }, PANES.filter((name) => name !== 'heatmap')],
  ]) {
    const t = await start(open, { viewport });
    await until(() => roleOf(t, 'grid'), 'grid');
    await t.page.focus('#text');
    for (const name of [...panes, panes[0]]) {
      await t.page.keyboard.press('F6');
      assert.equal(await pane(t), name, `${viewport.width}: F6`);
    }
    for (const name of [...panes].reverse()) {
      await t.page.keyboard.press('Shift+F6');
      assert.equal(await pane(t), name, `${viewport.width}: Shift+F6`);
    }
  }
});

test('letters and signs work from every pane, and Escape leads from the text to the picture', async ({ open }) => {
  const t = await start(open, { viewport: { width: 1280, height: 800 } });
  await until(() => roleOf(t, 'grid'), 'grid');
  for (const place of ['#sentence', '#heatmap', '#grid', '.lead .name', '#tab-row']) {
    await t.page.focus(place);
    for (const [key, head] of [[']', [4, 1]], ['.', [4, 2]], ['[', [3, 2]], [',', [3, 1]]]) {
      await t.page.focus(place);
      await t.page.keyboard.press(key);
      await until(() => headOf(t), head, `${key} at ${place}`);
    }
    await t.page.focus(place);
    await t.page.keyboard.press('x');
    await until(() => alteredOf(t).then((altered) => altered?.heads_off), ['L3 H1'], `x at ${place}`);
    await t.page.focus(place);
    await t.page.keyboard.press('r');
    await until(() => alteredOf(t), null, `r at ${place}`);
  }
  for (const [key, popover] of [['c', 'compare'], ['f', 'find']]) {
    await t.page.focus('#grid');
    await t.page.keyboard.press(key);
    assert.equal(await t.page.evaluate(() => document.activeElement.closest('details[open]')?.id), popover);
    await t.page.keyboard.press('Escape');
    assert.equal(await t.page.locator('details[open]').count(), 0);
  }
  await t.page.focus('#heatmap');
  await t.page.keyboard.press('/');
  assert.equal((await focused(t)).name, '#text');
  const text = await t.page.inputValue('#text');
  await t.page.keyboard.press('Escape');
  assert.equal((await focused(t)).name, '#sentence');
  assert.deepEqual([await t.page.inputValue('#text'), await tokens(t)], [text, [IT]], 'nothing is typed and nothing let go');
  // The names in the caption are made anew with each head; the focus stays among them.
  await t.page.focus('.lead .name');
  for (const [key, head] of [[']', [4, 1]], [']', [5, 1]], ['[', [4, 1]], ['[', [3, 1]]]) {
    await t.page.keyboard.press(key);
    await until(() => headOf(t), head, key);
    await until(() => pane(t), 'caption', key);
  }
  // The ends: there is no layer before the first.
  await t.page.focus('#heatmap');
  await t.call('set', { layer: 0, head: 11 });
  for (const key of ['[', '.']) await t.page.keyboard.press(key);
  assert.deepEqual(await headOf(t), [0, 11]);
  // In a field they are what is typed.
  await openPopover(t, 'find');
  for (const place of ['#text', '#layer', '#from', '#sort']) {
    await t.page.focus(place);
    for (const key of '[],.xcf/') assert.equal(await send(t, { key }), false, `${key} at ${place}`);
  }
});

test('signs are those of their place where the layout is not Latin', async ({ open }) => {
  const t = await start(open);
  await t.page.focus('#sentence');
  for (const [key, code, head] of [
    ['ъ', 'BracketRight', [4, 1]], ['ю', 'Period', [4, 2]], ['х', 'BracketLeft', [3, 2]], ['б', 'Comma', [3, 1]],
    ['د', 'BracketRight', [4, 1]], ['ز', 'Period', [4, 2]], ['「', 'BracketRight', [3, 2]], ['،', 'KeyK', [3, 1]],
  ]) {
    assert.equal(await send(t, { key, code }), true, key);
    await until(() => headOf(t), head, key);
  }
  assert.equal(await send(t, { key: ']', code: 'Digit9', altKey: true, ctrlKey: true }), true, 'a bracket that needs Alt');
  await until(() => headOf(t), [4, 1]);
  assert.equal(await send(t, { key: 'ظ', code: 'Slash' }), true);
  assert.equal((await focused(t)).name, '#text');
});
