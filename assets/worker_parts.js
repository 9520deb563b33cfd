// How the worker's other part is started (the build puts this behind worker_boot.js): wasm-split writes that for modules,
// and this worker is none. The part shares the memory, the table and the functions of the first; `callback` is a place
// in the table, to be told whether it is here.
const attnscopePart = (address) => async (callback, data) => {
  const first = wasm_bindgen.initSync();
  let isHere = false;
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: HTTP status ${answer.status}`);
    await WebAssembly.instantiate(await answer.arrayBuffer(), { __wasm_split: first });
    isHere = true;
  } catch (fault) {
    console.error(fault);
  }
  first.__indirect_function_table.get(callback)(data, isHere);
};
