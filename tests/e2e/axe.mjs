// What WCAG asks that a program can check: axe-core on the page as it stands, and the contrast of the texts in
// pictures, whose background axe cannot tell.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { openPopover, openTab, said, until } from './helpers.mjs';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The contrast that WCAG 2.2 (1.4.3) asks of small text. */
const READABLE = 4.5;

/** What axe cannot tell and a person can: the sign of a button is no word that its name has to hold. */
const NAMED = /^label-content-name-mismatch: (button\[aria-label="[^"]+"\]|#end-compare|\.drawer-close): .* Unable to determine/;
/** An open panel lies over controls, which are whole again once it is closed. */
const COVERED = /^target-size: .* because it is partially obscured/;
const TOLD = { test: (line) => NAMED.test(line) || COVERED.test(line) };

/** Brings axe into the page, and what both checks compute contrasts with. */
async function install(t) {
  // The page's own rules forbid a script in its markup; the browser's debugger is not bound by them.
  if (!await t.page.evaluate(() => 'axe' in window)) await t.page.evaluate(await source);
  await t.page.evaluate(() => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const colours = {
      /** Red, green, blue and opacity of a computed colour. */
      rgba: (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return [r, g, b, a]; },
      over: (top, alpha, under) => top.slice(0, 3).map((v, i) => v * alpha + under[i] * (1 - alpha)),
      contrast(one, other) {
        const [a, b] = [luminance(one), luminance(other)];
        return Math.round((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) * 100) / 100;
      },
      /** The ground that an element and those around it paint under its text. */
      ground(e) {
        const own = colours.rgba(getComputedStyle(e).backgroundColor);
        return own[3] === 1 || !e.parentElement ? own : colours.over(own, own[3], colours.ground(e.parentElement));
      },
      /** The contrast of an element's text on it. */
      ofText(e) {
        const [ink, ground] = [colours.rgba(getComputedStyle(e).color), colours.ground(e)];
        return colours.contrast(colours.over(ink, ink[3], ground), ground);
      },
    };
    window.colours = colours;
  });
}

/**
 * Fails with all that axe finds, and with every text whose contrast is too low; within one element, where that lies over others.
 * Where axe cannot tell a contrast (one letter, beside a picture, under a card), it is that of the ink and of the grounds around.
 */
export async function audit(t, what, within = 'html') {
  await install(t);
  const found = await t.page.evaluate(async ([values, within, readable]) => {
    const context = { include: [within], exclude: ['.picture svg', '#preview'] };
    const { violations, incomplete } = await axe.run(context, { runOnly: { type: 'tag', values } });
    const isFaint = (id, { target }) => id !== 'color-contrast' || colours.ofText(document.querySelector(target[0])) < readable;
    const told = ({ id, nodes }) => nodes.map((n) => `${id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`);
    const untold = incomplete.map(({ id, nodes }) => ({ id, nodes: nodes.filter((node) => isFaint(id, node)) }));
    return { violations: violations.flatMap(told), incomplete: untold.flatMap(told) };
  }, [TAGS, within, READABLE]);
  found.incomplete = found.incomplete.filter((line) => !TOLD.test(line));
  assert.deepEqual(found, { violations: [], incomplete: [] }, what);
  const faint = (await contrasts(t)).filter(({ contrast }) => contrast < READABLE);
  assert.deepEqual(faint, [], `${what}: text in pictures`);
}

/** Every text of every picture in sight, with its contrast to the boxes under its middle. */
export async function contrasts(t) {
  await install(t);
  return t.page.evaluate(() => {
    const { rgba, over, contrast } = colours;
    const alpha = (e) => (e === document.body ? 1 : getComputedStyle(e).opacity * alpha(e.parentElement));
    const paper = rgba(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll('.picture svg')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
      const boxes = [];
      const texts = [];
      for (const e of svg.querySelectorAll('rect, text')) {
        const { left, right, top, bottom } = e.getBoundingClientRect();
        const ink = getComputedStyle(e).fill;
        if (e.tagName === 'rect') {
          if (ink !== 'none') boxes.push({ left, right, top, bottom, ink: rgba(ink), alpha: alpha(e) });
          continue;
        }
        if (!e.textContent) continue;
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        const under = boxes.filter((b) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom)
          .reduce((behind, box) => over(box.ink, box.alpha, behind), paper);
        const told = contrast(over(rgba(ink), alpha(e), under), under);
        texts.push({ picture: svg.parentElement.id, role: e.getAttribute('class'), text: e.textContent, contrast: told });
      }
      return texts;
    });
  });
}

/** Everything that is closed at first. */
export const POPOVERS = ['display', 'compare', 'edit', 'find', 'share', 'more', 'examples'];
const TABS = {
  heads: (t) => t.page.$eval('#grid .label', (e) => e.textContent !== ''),
  heatmap: (t) => t.page.$eval('#heatmap .label', (e) => e !== null),
  row: (t) => t.page.$$eval('#row tbody tr', (all) => all.length > 2),
  steps: (t) => t.page.$$eval('#inside .bar', (all) => all.length > 30),
  effect: (t) => said(t, '#downstream').then((s) => /\d\.\d{3}/.test(s)),
  charts: (t) => t.page.$$eval('#chart .dot', (all) => all.length === 72),
};
export const INSPECTOR = '#inspector-panel';

/** Fills what is empty at first: a second text, and so what the effect compares. */
export async function fillAll(t) {
  await t.call('set', { pair: 'It was too big.' });
  await until(() => t.page.isVisible('#pair'), true);
}

/** Opens every popover and every tab, one after the other, and looks at each: `look(what, element)`. */
export async function everyPlace(t, look) {
  for (const id of POPOVERS) {
    await openPopover(t, id);
    await look(`the popover ${id}`, `#${id}`);
    await t.page.keyboard.press('Escape');
    assert.equal(await t.page.locator('details[open]').count(), 0, `${id} is closed again`);
  }
  for (const [name, isFilled] of Object.entries(TABS)) {
    if (['heads', 'heatmap'].includes(name) && !await t.page.isVisible(`#tab-${name}`)) continue;
    await openTab(t, name);
    await until(() => isFilled(t), true, name);
    await look(`the tab ${name}`, ['heads', 'heatmap'].includes(name) ? `[data-pane="${name}"]` : INSPECTOR);
  }
}
