// A static server for the built page, with faults that a test can switch on.
//
//   const server = await serve({ folder, base: '/some/sub/path/', headers: { 'X-Name': 'of every answer' } })
//   server.url                       http://127.0.0.1:PORT/some/sub/path/
//   server.fault(path, fault)        from the next request of this path on
//   server.clear(path)               all is well again
//   server.seen(path)                { requests, bytes, ranges, sent } so far; `bytes` of bodies sent, `sent` by request
//   server.reset()                   all is well again, and nothing was seen
//   await server.close()             cuts every connection still open
//
// Paths are relative to `base`: 'models/x/model.safetensors'. A fault has any of these:
//
//   slow: n           n bytes per second
//   cutAfter: n       the connection dies after n bytes of the body
//   status: n         this status and a short text instead of the file (404, 500 ...)
//   flip: n           byte n of the file has all its bits turned over
//   ignoreRange: true the whole file with status 200, whatever range was asked for
//   body: buffer      these bytes in the place of the file
//   heldAfter: n      nothing more after n bytes of the body, until another fault of this path, or none, takes its place;
//                     the rest comes as fast as it can
//   unanswered: true  not even a head, until another fault of this path, or none, takes its place
//   times: n          only for the next n requests
//   then: fault       after those

import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { open, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

const CHUNK = 64 * 1024;

/** The built page. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** What slow answers go by. */
const CLOCK = { now: Date.now, sleep };

export async function serve({ folder, base = '/', headers = {}, clock = CLOCK }) {
  const faults = new Map();
  const counts = new Map();
  const seen = (path) => {
    if (!counts.has(path)) counts.set(path, { requests: 0, bytes: 0, ranges: [], sent: [] });
    return counts.get(path);
  };

  const changed = new EventEmitter().setMaxListeners(0);
  /** Waits until this fault is not the path's any more. */
  const gone = async (path, fault) => {
    while (faults.get(path) === fault) await once(changed, 'fault');
  };

  // The fault of this request; one with `times` is used up.
  const take = (path) => {
    const fault = faults.get(path) ?? {};
    if (fault.times !== undefined && --fault.times <= 0) {
      if (fault.then) faults.set(path, { ...fault.then });
      else faults.delete(path);
    }
    return fault;
  };

  async function answer(request, response) {
    const asked = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    if (!asked.startsWith(base)) return refuse(response, 404);
    const path = normalize(asked.slice(base.length) || 'index.html');
    if (path.startsWith('..') || path.startsWith(sep)) return refuse(response, 404);
    const count = seen(path);
    const nth = count.requests++;
    count.sent[nth] = 0;
    if (request.headers.range) count.ranges.push(request.headers.range);
    const fault = take(path);
    if (fault.unanswered) await gone(path, fault);
    if (fault.status) return refuse(response, fault.status);

    const info = await stat(join(folder, path)).catch(() => null);
    if (!info?.isFile() && !fault.body) return refuse(response, 404);
    const size = fault.body?.length ?? info.size;
    const range = fault.ignoreRange ? null : parseRange(request.headers.range, size);
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${size}`);
      return refuse(response, 416);
    }
    const { start, end } = range ?? { start: 0, end: size };
    response.writeHead(range ? 206 : 200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Length': end - start,
      'Cache-Control': 'no-store',
      ...headers,
      'Accept-Ranges': fault.ignoreRange ? 'none' : 'bytes',
      ...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }),
    });
    if (request.method === 'HEAD') return response.end();
    await send(response, join(folder, path), start, end, { ...fault, released: () => gone(path, fault) }, clock, (bytes) => {
      count.bytes += bytes;
      count.sent[nth] += bytes;
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;

  return {
    origin,
    url: origin + base,
    fault(path, fault) {
      faults.set(path, { ...fault });
      changed.emit('fault');
    },
    clear(path) {
      faults.delete(path);
      changed.emit('fault');
    },
    seen,
    reset() {
      faults.clear();
      counts.clear();
      changed.emit('fault');
    },
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

async function send(response, file, start, end, fault, clock, sentOn) {
  const { cutAfter, flip, body, released } = fault;
  let { slow, heldAfter } = fault;
  const handle = body ? null : await open(file);
  try {
    const began = clock.now();
    let sent = 0;
    for (let at = start; at < end && !response.destroyed;) {
      // Slow answers come in many small pieces, as on a slow line.
      const most = Math.min(cutAfter ?? Infinity, heldAfter ?? Infinity);
      const want = Math.min(end - at, slow ? Math.max(1, Math.ceil(slow / 20)) : CHUNK, most - sent);
      if (sent === heldAfter) {
        response.flushHeaders();
        await Promise.race([released(), once(response, 'close')]);
        [slow, heldAfter] = [undefined, undefined];
        continue;
      }
      if (want <= 0) break;
      const piece = Buffer.alloc(want);
      if (body) body.copy(piece, 0, at, at + want);
      else await handle.read(piece, 0, want, at);
      if (flip >= at && flip < at + want) piece[flip - at] ^= 0xff;
      // A reader who is gone takes nothing more.
      if (!response.write(piece) && !response.destroyed) await drained(response);
      at += want;
      sent += want;
      sentOn(want);
      if (slow) await clock.sleep(Math.max(0, began + (sent / slow) * 1000 - clock.now()));
    }
    if (cutAfter !== undefined && sent < end - start) {
      // What was written reaches the reader first.
      await sleep(50);
      response.destroy();
    } else {
      response.end();
    }
  } finally {
    await handle?.close();
  }
}

function drained(response) {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

// `bytes=10-`, `bytes=10-19` and `bytes=-5`; more than one range is answered with the whole file.
function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size : Math.min(size, Number(match[2]) + 1);
  return start >= size || start >= end ? 'unsatisfiable' : { start, end };
}

function refuse(response, status) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${status}\n`);
}
