// The faults are what other tests lean on, so they are tested themselves.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NOT_IN } from './not-in.mjs';
import { serve } from './server.mjs';

let folder;
let server;
// Time passes only while the server waits.
let time = 0;
const clock = { now: () => time, sleep: async (ms) => { time += ms; } };
const file = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attnscope-'));
  await writeFile(join(folder, 'a.wasm'), file);
  await writeFile(join(folder, 'b.txt'), 'other');
  server = await serve({ folder, base: '/x/', clock });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (range) => fetch(`${server.url}a.wasm`, range ? { headers: { range } } : {});
const bytes = async (response) => Buffer.from(await response.arrayBuffer());

test('whole files and ranges', async () => {
  const whole = await get();
  assert.equal(whole.headers.get('content-type'), 'application/wasm');
  assert.ok((await bytes(whole)).equals(file));
  const part = await get('bytes=1000-1999');
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), 'bytes 1000-1999/200000');
  assert.ok((await bytes(part)).equals(file.subarray(1000, 2000)));
  assert.ok((await bytes(await get('bytes=199990-'))).equals(file.subarray(199_990)));
  assert.equal((await get('bytes=200000-')).status, 416);
  assert.equal((await fetch(`${server.origin}/a.wasm`)).status, 404);
  assert.deepEqual(server.seen('a.wasm').ranges, ['bytes=1000-1999', 'bytes=199990-', 'bytes=200000-']);
});

test('a cut comes after exactly so many bytes, and only so often', async () => {
  server.fault('a.wasm', { cutAfter: 70_000, times: 1 });
  const reader = (await get()).body.getReader();
  let got = 0;
  await assert.rejects(async () => {
    for (let step = await reader.read(); !step.done; step = await reader.read()) got += step.value.length;
  });
  assert.equal(got, 70_000);
  assert.ok((await bytes(await get())).equals(file));
});

test('a slow line, a wrong byte, a refused file, a server without ranges, other bytes', async () => {
  server.fault('a.wasm', { slow: 400_000 });
  await bytes(await get());
  assert.equal(time, 500, '200,000 bytes at 400,000 bytes a second, in milliseconds');

  server.fault('a.wasm', { flip: 150_000 });
  const wrong = await bytes(await get('bytes=140000-'));
  assert.deepEqual([wrong[10_000], wrong[9_999]], [file[150_000] ^ 0xff, file[149_999]]);

  server.fault('a.wasm', { status: 500 });
  assert.equal((await get()).status, 500);

  server.fault('a.wasm', { ignoreRange: true });
  const all = await get('bytes=5-');
  assert.deepEqual([all.status, (await bytes(all)).length], [200, file.length]);

  server.fault('a.wasm', { body: Buffer.from('other') });
  assert.equal((await bytes(await get('bytes=1-3'))).toString(), 'the');
  server.clear('a.wasm');
  assert.equal((await get('bytes=5-')).status, 206);
});

test('a body that is held comes to its end once the fault is gone', async () => {
  const sent = () => server.seen('a.wasm').sent.at(-1);
  for (const heldAfter of [0, 70_000]) {
    server.fault('a.wasm', { heldAfter });
    const reader = (await get()).body.getReader();
    let got = 0;
    while (got < heldAfter) got += (await reader.read()).value.length;
    let more = false;
    const rest = reader.read().then((step) => { more = true; return step; });
    // A file that is not held comes meanwhile.
    assert.equal((await fetch(`${server.url}b.txt`)).status, 200);
    assert.deepEqual([got, sent(), more], [heldAfter, heldAfter, false]);
    server.clear('a.wasm');
    for (let step = await rest; !step.done; step = await reader.read()) got += step.value.length;
    assert.equal(got, file.length);
  }
});

test('a request that is not answered gets all of its answer once the fault is gone', async () => {
  server.fault('a.wasm', { unanswered: true });
  let answered = false;
  const answer = get().then((response) => { answered = true; return response; });
  // A file that is answered comes meanwhile.
  assert.equal((await fetch(`${server.url}b.txt`)).status, 200);
  assert.equal(answered, false);
  server.clear('a.wasm');
  assert.equal((await bytes(await answer)).length, file.length);
});

test('not-in.mjs names tests that there are', async () => {
  for (const files of Object.values(NOT_IN)) {
    for (const [name, tests] of Object.entries(files)) {
      const text = await readFile(new URL(name, import.meta.url), 'utf8');
      for (const title of Object.keys(tests)) {
        assert.ok(text.includes(`test('${title.replaceAll("'", "\\'")}'`), `${name} has no test '${title}'`);
      }
    }
  }
});
