//! The form of a message, `{ head, buffers }`, and the global scope of a worker.

use js_sys::{Array, ArrayBuffer, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// The worker this code runs in. Not for the page's thread.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds on the worker's clock, which only goes forward.
pub fn now() -> f64 {
    scope().performance().expect("every worker has a clock").now()
}

/// A message, and the list of what is transferred with it.
pub fn pack(head: &str, buffers: &[ArrayBuffer]) -> (Object, Array) {
    let transferred = buffers.iter().collect::<Array>();
    let message = Object::new();
    for (name, value) in [("head", &JsValue::from_str(head)), ("buffers", &transferred)] {
        Reflect::set(&message, &name.into(), value).expect("a plain object takes any field");
    }
    (message, transferred)
}

/// The parts of a message; none if it has another form.
pub fn unpack(message: &JsValue) -> Option<(String, Vec<ArrayBuffer>)> {
    // `get` fails on what is no object.
    let field = |name: &str| Reflect::get(message, &name.into()).ok();
    let head = field("head")?.as_string()?;
    let buffers = field("buffers")?.dyn_into::<Array>().ok()?;
    let buffers = buffers.iter().map(|buffer| buffer.dyn_into::<ArrayBuffer>().ok()).collect::<Option<_>>()?;
    Some((head, buffers))
}

/// What a JavaScript error says.
pub fn said(fault: &JsValue) -> String {
    match fault.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{fault:?}"),
    }
}
