// Takes the place of `fetch` for addresses of https://models.test/, so that every way a download can go wrong
// happens on purpose. `fake.files` holds the true bytes by name, `fake.plan` what goes wrong with the next
// requests for a name, `fake.log` the requests that came.
const real = self.fetch.bind(self);
self.fake = { files: {}, plan: {}, log: [] };

self.fetch = async (url, init) => {
  if (!String(url).startsWith("https://models.test/")) return real(url, init);
  const name = String(url).split("/").pop();
  const range = new Headers(init.headers).get("Range");
  fake.log.push(range ? `${name} ${range}` : name);
  const how = (fake.plan[name] || []).shift() || {};
  if (how.offline) throw new TypeError("Failed to fetch");
  if (how.status) return new Response("no", { status: how.status });

  const file = fake.files[name].slice();
  if (how.spoil) file[0] ^= 255;
  const from = range && !how.no_ranges ? Number(range.match(/^bytes=(\d+)-$/)[1]) : 0;
  const body = new ReadableStream({
    start(controller) {
      init.signal.addEventListener("abort", () => controller.error(init.signal.reason));
      controller.enqueue(file.slice(from, how.cut ?? how.stall ?? file.length));
      if (how.more) controller.enqueue(new Uint8Array(how.more));
      if (how.cut !== undefined) setTimeout(() => controller.error(new TypeError("network error")));
      else if (how.stall === undefined) controller.close();
    },
  });
  const headers = from > 0 ? { "Content-Range": how.range ?? `bytes ${from}-${file.length - 1}/${file.length}` } : {};
  return new Response(body, { status: from > 0 ? 206 : 200, headers });
};
