// Keeps the page in the browser, for visits without a network.
//
// All files of one version lie in one cache, checked by their hashes: whole, or not there at all. They are answered
// from there and never fetched, so that no page is made of two versions. A newer version waits beside this one until
// the reader asks for it, or until no page of this one is open.
//
// Weights are no business of this script: the page keeps and checks those itself (src/worker/store.rs). Of a model only
// its manifest is kept here, without which a page does not know what it has.
//
// The build writes the two lines below: see xtask/src/offline.rs.
const VERSION = "";
const FILES = [];

// Other folders of this site may hold a page like this one: each has its caches to itself.
const PREFIX = `attnscope-app ${registration.scope} `;
const CACHE = PREFIX + VERSION;

const address = (file) => new URL(file, registration.scope).href;
const INDEX = address("index.html");
const OWN = new Set(FILES.map(([file]) => address(file)));
const MANIFESTS = new Set(FILES.map(([file]) => file).filter((file) => file.startsWith("models/")).map(address));

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("message", (event) => {
  if (event.data === "skipWaiting") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("Range")) return;
  const url = request.url.split("#")[0];
  if (MANIFESTS.has(url)) event.respondWith(newest(url, request));
  else if (OWN.has(url)) event.respondWith(kept(url, request));
  // The page itself, whatever follows a `?`. Every other address is the server's to answer.
  else if (request.mode === "navigate" && isPage(url)) event.respondWith(kept(INDEX, request));
});

function isPage(url) {
  const plain = url.split("?")[0];
  return plain === registration.scope || plain === INDEX;
}

async function kept(url, request) {
  // Missing only where the browser made room: then the page is as if it had never been kept.
  return (await find(url)) ?? fetch(request);
}

/** From the server, where it can be reached: what it says of a model goes with the weights it has. */
async function newest(url, request) {
  let response;
  try {
    response = await fetch(request);
  } catch (fault) {
    const copy = await find(url);
    if (copy) return copy;
    throw fault;
  }
  // Where there is no room, the older copy stays.
  if (response.ok) await replace(url, response.clone()).catch(() => {});
  return response;
}

async function replace(url, response) {
  // A cache that is gone is not begun again with one file.
  if (await caches.has(CACHE)) await (await caches.open(CACHE)).put(url, response);
}

function find(url) {
  return caches.match(url, { cacheName: CACHE, ignoreVary: true });
}

/** Fetches every file of this version; fails, and keeps nothing, when one of them is not what it should be. */
async function keep() {
  const responses = await Promise.all(FILES.map(([file, sha256]) => checked(address(file), sha256)));
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(FILES.map(([file], i) => cache.put(address(file), responses[i])));
  } catch (fault) {
    await caches.delete(CACHE);
    throw fault;
  }
}

/** The file as this version has it: what the browser has just loaded for the page, or else fetched anew. */
async function checked(url, sha256) {
  let got = "";
  for (const cache of ["default", "reload"]) {
    const response = await fetch(url, { cache });
    const bytes = await response.arrayBuffer();
    got = response.ok ? `SHA-256 ${await hash(bytes)}` : `HTTP status ${response.status}`;
    // Made anew, because a page may not be answered with a response that was redirected.
    if (got === `SHA-256 ${sha256}`) return new Response(bytes, { headers: response.headers });
  }
  throw new Error(`${url}: expected SHA-256 ${sha256}, got ${got}. Attnscope is not kept for visits without a network.`);
}

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Drops the versions before this one. */
async function forget() {
  // One after it may be on its way, with a cache of its own: then that one tidies up when its turn comes.
  if (registration.installing || registration.waiting) return;
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}
