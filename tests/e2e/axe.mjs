// What WCAG asks that a program can check: axe-core on the page as it stands, and the contrast of the texts in
// pictures, whose background axe cannot tell.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { said, until } from './helpers.mjs';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The contrast that WCAG 2.2 (1.4.3) asks of small text. */
const READABLE = 4.5;

/** What axe cannot tell and a person can: the arrow of a button is no word that its name has to hold. */
const TOLD = /^label-content-name-mismatch: button\[aria-label="[^"]+"\]: .* Unable to determine/;

/** Fails with all that axe finds, and with every text whose contrast is too low or could not be told. */
export async function audit(t, what) {
  // The page's own rules forbid a script in its markup; the browser's debugger is not bound by them.
  if (!await t.page.evaluate(() => 'axe' in window)) await t.page.evaluate(await source);
  const found = await t.page.evaluate(async (values) => {
    const { violations, incomplete } = await axe.run({ exclude: ['.picture svg', '#preview'] }, { runOnly: { type: 'tag', values } });
    const told = ({ id, nodes }) => nodes.map((n) => `${id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`);
    return { violations: violations.flatMap(told), incomplete: incomplete.flatMap(told) };
  }, TAGS);
  found.incomplete = found.incomplete.filter((line) => !TOLD.test(line));
  assert.deepEqual(found, { violations: [], incomplete: [] }, what);
  const faint = (await contrasts(t)).filter(({ contrast }) => contrast < READABLE);
  assert.deepEqual(faint, [], `${what}: text in pictures`);
}

/** Every text of every picture in sight, with its contrast to the boxes under its middle. */
export const contrasts = (t) => t.page.evaluate(() => {
  const rgb = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);
  const over = (top, alpha, under) => top.map((v, i) => v * alpha + under[i] * (1 - alpha));
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const alpha = (e) => (e === document.body ? 1 : getComputedStyle(e).opacity * alpha(e.parentElement));
  const paper = rgb(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('.picture svg')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
    const boxes = [];
    const texts = [];
    for (const e of svg.querySelectorAll('rect, text')) {
      const { left, right, top, bottom } = e.getBoundingClientRect();
      const ink = getComputedStyle(e).fill;
      if (e.tagName === 'rect') {
        if (ink !== 'none') boxes.push({ left, right, top, bottom, ink: rgb(ink), alpha: alpha(e) });
        continue;
      }
      if (!e.textContent) continue;
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const under = boxes.filter((b) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom)
        .reduce((behind, box) => over(box.ink, box.alpha, behind), paper);
      const [a, b] = [luminance(over(rgb(ink), alpha(e), under)), luminance(under)];
      const contrast = Math.round((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) * 100) / 100;
      texts.push({ picture: svg.parentElement.id, role: e.getAttribute('class'), text: e.textContent, contrast });
    }
    return texts;
  });
});

/** Opens everything that is closed at first. */
export async function openAll(t) {
  await t.page.click('text=Change the model');
  await t.page.click('#compare summary');
  await t.page.click('#share summary');
  await t.page.click('text=This row as a table');
  await t.page.click('text=+ second text');
  await t.page.fill('#pair', 'It was too big.');
  await t.call('set', { inside: true, downstream: true, chart: 'entropy' });
  await until(() => t.page.$$eval('#chart .dot', (all) => all.length === 72), true);
  await until(() => said(t, '#downstream').then((s) => /cosine \d/.test(s)), true);
}
