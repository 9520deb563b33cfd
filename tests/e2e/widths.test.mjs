// <attn-scope> at every width of a page's column: no token and no end of the strongest edge is cut, and what is longer scrolls.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { TROPHY, until } from './helpers.mjs';
import { frames, host, read } from './host.mjs';

const WALK = 'The old captain walked to the river. ';
/** Texts of 40 and of 200 tokens. */
const FORTY = `${WALK.repeat(4)}He sat down by the water`;
const LONG = `${WALK.repeat(24)}He sat down by the water`;
const WIDTHS = Array.from({ length: 36 }, (_, i) => 300 + 20 * i);

const resize = (t, width) => t.page.$eval('attn-scope', (e, width) => { e.style.width = `${width}px`; }, width);
const height = (t) => t.page.$eval('attn-scope', (e) => e.shadowRoot.querySelector('iframe').clientHeight);

/** What is wrong with the picture in a frame of this width, once it has been drawn for it. */
const cut = (frame, width) => frame.evaluate(async (width) => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => { requestAnimationFrame(resolve); });
  const found = [];
  if (innerWidth !== width) found.push(`the frame is ${innerWidth} wide`);
  const box = document.querySelector('#sentence').closest('.frame').getBoundingClientRect();
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  const inside = (left, top, width = 0, height = 0) => left >= box.left - 0.5 && top >= box.top - 0.5
    && left + width <= right + 0.5 && top + height <= bottom + 0.5;
  const tokens = [...document.querySelectorAll('#sentence rect[data-query], #sentence .token')];
  if (new Set(tokens.map((e) => e.dataset.query).filter(Boolean)).size !== attnscope.tokens().length) found.push('tokens are missing');
  for (const token of tokens) {
    const { left, top, width, height } = token.getBoundingClientRect();
    if (!inside(left, top, width, height)) found.push(`a token: ${token.textContent || token.dataset.query}`);
  }
  // Drawn last is strongest.
  const edge = [...document.querySelectorAll('#sentence path.edge')].at(-1);
  for (const at of edge ? [0, edge.getTotalLength()] : []) {
    const { x, y } = edge.getPointAtLength(at).matrixTransform(edge.getScreenCTM());
    if (!inside(x, y)) found.push(`an end of the strongest edge: ${x}, ${y}`);
  }
  if (!edge) found.push('no edge');
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the page in the frame scrolls');
  return found;
}, width);

for (const [name, text, count] of [['the trophy sentence', TROPHY, 16], ['a text of 40 tokens', FORTY, 40]]) {
  for (const controls of ['none', 'simple']) {
    test(`${name} is whole in frames of 300 to 1000 pixels, controls ${controls}`, async ({ open }) => {
      const t = await host(open, `<attn-scope text="${text}" tokens="10" controls="${controls}"></attn-scope>`);
      const [frame] = await frames(t, 1);
      await read(frame, text);
      assert.equal(await frame.evaluate(() => attnscope.tokens().length), count);
      for (const width of WIDTHS) {
        await resize(t, width);
        await until(() => cut(frame, width), [], `${width} pixels`);
      }
    });
  }
}

test('a text of 200 tokens scrolls in its box, down and not across', async ({ open }) => {
  const t = await host(open, `<attn-scope text="${LONG}" tokens="10" controls="none"></attn-scope>`);
  const [frame] = await frames(t, 1);
  await read(frame, LONG);
  assert.equal(await frame.evaluate(() => attnscope.tokens().length), 200);
  for (const width of [300, 380, 720, 1000]) {
    await resize(t, width);
    await until(() => frame.evaluate(() => {
      const box = document.querySelector('#sentence').closest('.frame');
      const root = document.documentElement;
      return [innerWidth, box.scrollHeight > box.clientHeight, box.scrollWidth > box.clientWidth + 1, root.scrollHeight > innerHeight];
    }), [width, true, false, false], `${width} pixels`);
    assert.ok(await height(t) <= 300, `${width} pixels: ${await height(t)} high`);
    // All of it can be scrolled to.
    const last = frame.locator('#sentence rect[data-query="199"]');
    await last.scrollIntoViewIfNeeded();
    const [box, token] = await Promise.all([frame.locator('.frame', { has: frame.locator('#sentence') }), last].map((e) => e.boundingBox()));
    assert.ok(token.y >= box.y - 1 && token.y + token.height <= box.y + box.height + 1, `${width} pixels`);
  }
});

test('a frame is as high as its width and its controls ask for', async ({ open }) => {
  const t = await host(open, `<attn-scope text="${TROPHY}" token="it"></attn-scope>`);
  for (const [width, controls, grid, most] of [
    [720, 'none', null, 300], [720, 'simple', null, 640], [720, 'full', null, 860], [380, 'none', null, 280], [380, 'simple', 'closed', 400],
  ]) {
    await t.page.$eval('attn-scope', (e, [controls, grid]) => {
      e.setAttribute('controls', controls);
      if (grid) e.setAttribute('grid', grid);
    }, [controls, grid]);
    await resize(t, width);
    const [frame] = await frames(t, 1);
    await read(frame, TROPHY);
    await until(() => frame.evaluate(() => innerWidth), width);
    assert.ok(await height(t) <= most, `${width}, ${controls}: ${await height(t)} high`);
  }
});
