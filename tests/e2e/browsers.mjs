// Which browser the tests run in, and how it is started: ATTNSCOPE_BROWSER=firefox, or Chromium.
//
// CHROMIUM=/path/to/browser and FIREFOX=/path/to/browser take others than Debian's. Without a Firefox, its tests are
// skipped and say so.

import { existsSync } from 'node:fs';
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

const notHere = new Map(Object.values(NOT_IN[BROWSER] ?? {}).flatMap((tests) => Object.entries(tests)));

/** Why a test does not run in this browser, or false. */
export const skipped = (name) => missing || (notHere.get(name) ?? false);

/** For a test's `expect`: what Chromium says on its console by itself, and Firefox does not tell. */
export const bySelf = (...lines) => (BROWSER === 'chromium' ? lines : []);

export const launch = () => (BROWSER === 'firefox' ? launchFirefox(FIREFOX)
  : chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS }));

/** A profile of a reader who was never here. */
export const newContext = (browser, { viewport, colorScheme, reducedMotion, locale, hasTouch }) =>
  browser.newContext({ viewport, colorScheme, reducedMotion, locale, hasTouch });

/** A page in a profile of this language and hand, with a system that asks for these: see harness.mjs. */
export async function newPage(context, { viewport, colorScheme, reducedMotion, hasTouch }) {
  const page = await context.newPage();
  await page.setViewportSize(viewport);
  if (BROWSER === 'firefox') await dress(page, { colorScheme, reducedMotion, hasTouch });
  else await page.emulateMedia({ colorScheme, reducedMotion });
  return page;
}
