// Firefox as it is installed, driven by Playwright over what Firefox speaks itself, WebDriver BiDi
// (https://w3c.github.io/webdriver-bidi): no driver beside it is needed.
//
// Three things are done here past Playwright: touch, which its BiDi leaves out; downloads from blob:, of which the Firefox
// of long-term support tells less than Playwright expects; and what a reader asks of his system (dark, less motion, forced
// colours), for which this Firefox knows no command yet. It can pretend that, as its developer tools do, by what a
// browsing context overrides. All of it rests on the insides of the pinned Playwright: tests of downloads (export), touch
// (hands), darkness (look) and forced colours (reach) fail when they change.

import { firefox } from 'playwright-core';

/** Without a word to anybody; the browser turns off the rest itself when it is driven. */
const SETTINGS = {
  'app.update.disabledForTesting': true,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // The clipboard is asked no question: it has no permission here that a test could grant.
  'dom.events.testing.asyncClipboard': true,
};

export async function launchFirefox(executablePath) {
  const browser = await firefox.launch({
    channel: 'moz-firefox', executablePath, args: ['--remote-allow-system-access'], firefoxUserPrefs: SETTINGS,
  });
  const { _browserSession: session, _connection: { _transport: wire } } = inner(browser);
  const { onmessage } = wire;
  // A download has no name of its own, and one from a blob: belongs to no navigation either; its address will do.
  wire.onmessage = (message) => {
    if (message.method?.startsWith('browsingContext.download')) message.params.navigation ??= message.params.url;
    onmessage(message);
  };
  const { send } = session;
  // The command that it does not know is not sent: see `emulateMedia` below. Every session of Playwright's has its methods here.
  Object.getPrototypeOf(session).send = function ask(method, params) {
    return method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send.call(this, method, params);
  };
  return browser;
}

/** Gives a page what the reader asks of his system, { colorScheme, reducedMotion, hasTouch }, and a finger. */
export async function dress(page, media) {
  const { _browserSession: session } = inner(page.context().browser());
  const context = inner(page).mainFrame()._id;
  // Before a screenshot Playwright puts a style into a Firefox's page, against the page's rules.
  inner(page).delegate.shouldToggleStyleSheetToSyncAnimations = () => false;
  page.emulateMedia = async (media) => {
    // The browser's own window, where its own scripts run.
    const { contexts: [window] } = await session.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
    const { exceptionDetails } = await session.send('script.callFunction', {
      functionDeclaration: String(override), target: { context: window.context }, awaitPromise: false,
      arguments: [context, JSON.stringify(media)].map((value) => ({ type: 'string', value })),
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
  };
  page.touchscreen.tap = (x, y) => session.send('input.performActions', { context, actions: [{
    type: 'pointer', id: 'finger', parameters: { pointerType: 'touch' }, actions: [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
      { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 },
    ],
  }] });
  await page.emulateMedia(media);
}

/** Runs in the browser's own window. */
function override(id, media) {
  const { NavigableManager } = ChromeUtils.importESModule('chrome://remote/content/shared/NavigableManager.sys.mjs');
  const context = NavigableManager.getBrowsingContextById(id);
  const { colorScheme, reducedMotion, forcedColors, hasTouch } = JSON.parse(media);
  if (colorScheme) context.prefersColorSchemeOverride = colorScheme;
  if (reducedMotion) context.prefersReducedMotionOverride = reducedMotion;
  if (forcedColors) context.forcedColorsOverride = forcedColors;
  if (hasTouch) context.touchEventsOverride = 'enabled';
}

/** Playwright's own end of what it handed out: it runs in this process. */
const inner = (object) => object._connection.toImpl(object);
