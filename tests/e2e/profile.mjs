// A browser profile in which the built-in model is stored, for the pages of many tests, one after the other.

import { newContext, newPage } from './browsers.mjs';
import { until } from './helpers.mjs';
import { DIST, serve } from './server.mjs';
import { readdir } from 'node:fs/promises';

const MODELS = 'attnscope-models-v1';
/** A page of the same origin that is not ours: from it the storage is looked after. */
const KEEPER = 'keeper.html';
const EMPTY = { body: Buffer.from('<!DOCTYPE html><title>The keeper</title><link rel="icon" href="data:,">') };

/**
 * { context, server, clean(), close() }. `clean` closes the pages of a test and takes away what they left, but for the
 * model; it returns false where that cannot be done.
 */
export async function makeProfile(browser, media) {
  const server = await serve({ folder: DIST });
  const context = await newContext(browser, media);
  server.fault(KEEPER, EMPTY);
  // First, so that no service worker answers for it: one that is in use cannot be removed.
  const keeper = await context.newPage();
  await keeper.goto(server.url + KEEPER);

  const page = await newPage(context, media);
  await page.goto(server.url);
  let kept = [];
  await until(async () => (kept = await keeper.evaluate(stored, MODELS)).length, 3, 'files of the stored model');
  await page.close();

  // As long as one page has a module, the browser gives its compiled form to others.
  const modules = (await readdir(DIST)).filter((name) => name.endsWith('.wasm'));
  await keeper.evaluate(async (modules) => {
    window.modules = await Promise.all(modules.map((name) => WebAssembly.compileStreaming(fetch(name))));
  }, modules);

  const profile = {
    context, server, taken: false,
    async clean() {
      await Promise.all(context.pages().filter((page) => page !== keeper).map((page) => page.close()));
      await context.clearPermissions();
      server.reset();
      server.fault(KEEPER, EMPTY);
      const left = await keeper.evaluate(forget, [MODELS, kept]).catch(() => []);
      return left.length === kept.length;
    },
    async close() {
      await context.close();
      await server.close();
    },
  };
  await profile.clean();
  return profile;
}

/** Runs in the browser: the addresses of the files that are stored, which hold their hashes. */
async function stored(models) {
  return (await (await caches.open(models)).keys()).map(({ url }) => url);
}

/** Runs in the browser: takes away all that is stored but these files, and tells which of them are stored. */
async function forget([models, kept]) {
  localStorage.clear();
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  for (const name of await caches.keys()) if (name !== models) await caches.delete(name);
  const cache = await caches.open(models);
  for (const request of await cache.keys()) if (!kept.includes(request.url)) await cache.delete(request);
  return (await cache.keys()).map(({ url }) => url);
}
