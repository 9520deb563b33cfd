// The head of the worker's script (the build puts it there). A promise that fails inside a worker is silent:
// the page would wait for ever when the wasm file is missing or this browser cannot compile it. Thrown again
// from a timer it becomes an uncaught error, which the page hears as the worker's `error` event.
self.addEventListener("unhandledrejection", (event) => {
  setTimeout(() => {
    throw event.reason;
  });
});

// Frames that share this worker are not told of its errors by the browser. They connect before wasm has started, so
// their ports wait here for it (src/worker/host.rs), and all are told from here how it ended.
if ("onconnect" in self) {
  const ports = new Set();
  self.attnscopePorts = ports;
  let ended = null;
  self.addEventListener("connect", ({ ports: [port] }) => {
    ports.add(port);
    if (ended) port.postMessage(ended);
  });
  self.addEventListener("error", ({ message }) => {
    if (ended) return;
    ended = { ended: message };
    for (const port of ports) port.postMessage(ended);
    // Frames that are just connecting are still to hear it; then the memory is given back.
    setTimeout(() => self.close(), 1000);
  });
}
