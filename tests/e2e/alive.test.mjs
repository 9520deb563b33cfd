// A worker that stops without a word: the page says so, and another takes its place.

import assert from 'node:assert/strict';
import { test } from './harness.mjs';
import { TROPHY, changeWorker, golden, hurry, rowNear, start, stop, stoppable, until, untilRead } from './helpers.mjs';

const dog = golden('dog_man');

test('where the worker stops the page says so, and starts another that reads what was typed', async ({ open }) => {
  const t = await start(open, { before: (server) => changeWorker(server, stoppable) });
  await t.page.addInitScript(hurry);
  await t.page.reload();
  await t.ready();
  for (const how of ['hang', 'close']) {
    await untilRead(t, TROPHY);
    await stop(t.page, how);
    await t.page.fill('#text', dog.text);
    await t.page.locator('#silent button').click({ timeout: 60_000 });
    assert.equal(await t.page.inputValue('#text'), dog.text, how);
    await untilRead(t, dog.text);
    rowNear((await t.call('pattern', 2, 5))[1], dog.row(2, 5, 1), 1e-4, how);
    await until(() => t.page.locator('#silent').textContent(), '');
    await t.page.fill('#text', TROPHY);
  }
});

test('a reload while the worker hangs keeps what was typed', async ({ open }) => {
  const t = await start(open, { before: (server) => changeWorker(server, stoppable) });
  await t.page.addInitScript(hurry);
  await t.page.reload();
  await t.ready();
  await untilRead(t, TROPHY);
  await stop(t.page, 'hang');
  await t.page.fill('#text', dog.text);
  // It hangs, and has not read this.
  await t.page.waitForSelector('#silent button', { timeout: 60_000 });
  await t.page.reload();
  assert.equal(await t.page.inputValue('#text'), dog.text);
  await t.ready();
  await untilRead(t, dog.text);
  rowNear((await t.call('pattern', 2, 5))[1], dog.row(2, 5, 1), 1e-4, 'its weights');
});
