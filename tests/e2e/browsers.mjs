// Which browser the tests run in, and how it is started: ATTNSCOPE_BROWSER=firefox, or Chromium.
//
// CHROMIUM=/path/to/browser and FIREFOX=/path/to/browser take others than Debian's. Without a Firefox, its tests are
// skipped and say so.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { dress, launchFirefox } from './firefox.mjs';
import { FLAGS } from './flags.mjs';
import { NOT_IN } from './not-in.mjs';

export const BROWSER = process.env.ATTNSCOPE_BROWSER ?? 'chromium';
const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
if (!['chromium', 'firefox'].includes(BROWSER)) throw new Error(`ATTNSCOPE_BROWSER: chromium or firefox, not ${BROWSER}`);

const missing = BROWSER === 'firefox' && !existsSync(FIREFOX)
  && `No Firefox at ${FIREFOX}: NOT TESTED in it. On Debian: apt-get install firefox-esr; or FIREFOX=/path/to/firefox.`;
if (missing) console.error(missing);

const notHere = new Map(Object.entries(NOT_IN[BROWSER]?.[basename(process.argv[1])] ?? {}));
const asked = new Set();
after(() => {
  const unknown = [...notHere.keys()].filter((name) => !asked.has(name));
  if (unknown.length) throw new Error(`not-in.mjs names no test of this file: ${unknown.join(', ')}`);
});

/** Why a test does not run in this browser, or false. */
export function skipped(name) {
  asked.add(name);
  return missing || (notHere.get(name) ?? false);
}

/** For a test's `expect`: what Chromium says on its console by itself, and Firefox does not tell. */
export const bySelf = (...lines) => (BROWSER === 'chromium' ? lines : []);

export const launch = () => (BROWSER === 'firefox' ? launchFirefox(FIREFOX)
  : chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS }));

/** A page of a reader who was never here, with a system that asks for these: see harness.mjs. */
export async function newPage(browser, { viewport, colorScheme, reducedMotion, locale, hasTouch }) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion, locale, hasTouch });
  const page = await context.newPage();
  if (BROWSER === 'firefox') await dress(page, { colorScheme, reducedMotion, hasTouch });
  return page;
}
