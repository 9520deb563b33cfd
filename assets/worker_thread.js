// A helper of the worker: computes what src/worker/threads.rs shares out, in the memory that it is sent, and nothing else.
// It never comes back from `serve`, and ends with the worker.
self.onmessage = ({ data: { module, memory, helper } }) => {
  const { serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  self.postMessage("ready");
  serve(helper);
};
