// The head of the worker's script (the build puts it there). A promise that fails inside a worker is silent:
// the page would wait for ever when the wasm file is missing or this browser cannot compile it. Thrown again
// from a timer it becomes an uncaught error, which the page hears as the worker's `error` event.
self.addEventListener("unhandledrejection", (event) => {
  setTimeout(() => {
    throw event.reason;
  });
});
