// Draws the icons in assets/icons from assets/icon.svg, after that has changed: `node icons.mjs`.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { FLAGS } from './flags.mjs';

const ASSETS = new URL('../../assets/', import.meta.url);
const svg = readFileSync(new URL('icon.svg', ASSETS)).toString('base64');

// `share`: how much of the width the drawing takes. Of a maskable icon only the inner circle (80 %) is sure to be seen.
const ICONS = [
  { name: '192', size: 192, share: 1 },
  { name: '512', size: 512, share: 1 },
  { name: 'maskable-512', size: 512, share: 0.62, paper: '#fdfdfb' },
  { name: 'apple-touch', size: 180, share: 0.8, paper: '#fdfdfb' },
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
for (const { name, size, share, paper = 'transparent' } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<body style="margin:0;height:100vh;display:grid;place-items:center;background:${paper}">
    <img width="${size * share}" src="data:image/svg+xml;base64,${svg}">`);
  await page.screenshot({ path: fileURLToPath(new URL(`icons/${name}.png`, ASSETS)), omitBackground: true });
  await page.close();
}
await browser.close();
