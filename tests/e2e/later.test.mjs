// The page's tools are a binary of their own: the page works without it, and says so.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { freshTest as test } from './harness.mjs';
import { IT, golden, rowDrawn, said, tokenAt, moveTo, until } from './helpers.mjs';

const PART = readdirSync(new URL('../../dist', import.meta.url)).find((name) => name.includes('-split_workbench'));
const want = golden('trophy_big');

for (const [what, fault] of [['is not there', { status: 404 }], ['is cut', { body: Buffer.from([0, 97, 115, 109]) }]]) {
  test(`the tools ${what}: the picture works on, and they can be fetched again`, async ({ open }) => {
    const t = await open({ started: false, faults: { [PART]: fault }, expect: [/^console error/] });
    await t.page.waitForSelector('text=Part of this page could not be loaded');
    await rowDrawn(t, [IT], want.row(3, 1, IT));
    await moveTo(t, await tokenAt(t, 2));
    await rowDrawn(t, [2], want.row(3, 1, 2));
    assert.equal(await t.page.locator('#compare').count(), 0);
    t.server.clear(PART);
    await t.page.click('button:has-text("Try again")');
    await t.page.waitForSelector('#compare');
    await t.ready();
    await until(() => said(t, '#survey').then((s) => s.startsWith('L3 H1 on this text')), true);
  });
}
