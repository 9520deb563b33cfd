//! The form of a message, `{ head, buffers }`, and the global scope of a worker.

use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, MessageChannel, WorkerGlobalScope};

use super::protocol::MOST_BYTES;

/// The message of a page that leaves a shared worker. It is not a request, because nobody waits for an answer.
pub const GOODBYE: &str = "goodbye";

/// The global scope of the worker that this code runs in, shared or not. Not for the page's thread.
pub fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds on the worker's monotonic clock.
pub fn now() -> f64 {
    scope().performance().expect("every worker has a clock").now()
}

/// Lets waiting messages in.
pub async fn rest() {
    let scope = scope();
    // WebKit, which has no scheduler, sometimes loses the message of a channel. There a timer is used, which is up to
    // four milliseconds slower.
    if Reflect::has(&scope, &"scheduler".into()).unwrap_or(false) {
        let channel = MessageChannel::new().expect("a channel without arguments");
        let heard = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
        channel.port2().post_message(&JsValue::NULL).expect("nothing can be posted");
        JsFuture::from(heard).await.expect("it is heard");
        channel.port1().close();
        return;
    }
    let over = Promise::new(&mut |resolve, _| {
        scope.set_timeout_with_callback(&resolve).expect("a timer without a time");
    });
    JsFuture::from(over).await.expect("it ends");
}

/// Makes a message, and the list of the buffers that are transferred with it.
pub fn pack(head: &[u8], buffers: &[ArrayBuffer]) -> (Object, Array) {
    let transferred = buffers.iter().collect::<Array>();
    let message = Object::new();
    let head = Uint8Array::new_from_slice(head);
    for (name, value) in [("head", head.as_ref()), ("buffers", transferred.as_ref())] {
        Reflect::set(&message, &name.into(), value).expect("a plain object takes any field");
    }
    (message, transferred)
}

/// The head and the buffers of a message. None if it has another form.
pub fn unpack(message: &JsValue) -> Option<(Vec<u8>, Vec<ArrayBuffer>)> {
    // `get` fails for values that are not objects.
    let field = |name: &str| Reflect::get(message, &name.into()).ok();
    let head = match field("head")?.dyn_into::<Uint8Array>() {
        // One byte above the limit is enough for the reader to refuse it.
        Ok(head) => head.subarray(0, MOST_BYTES as u32 + 1).to_vec(),
        // Before version 1 heads were text. An empty head is refused with an error about versions.
        Err(head) if head.is_string() => Vec::new(),
        Err(_) => return None,
    };
    let buffers = field("buffers")?.dyn_into::<Array>().ok()?;
    let buffers = buffers.iter().map(|buffer| buffer.dyn_into::<ArrayBuffer>().ok()).collect::<Option<_>>()?;
    Some((head, buffers))
}

/// The files that came with a message.
pub fn files(message: &JsValue) -> Vec<File> {
    let list = Reflect::get(message, &"files".into()).ok().and_then(|list| list.dyn_into::<Array>().ok());
    list.iter().flat_map(Array::iter).filter_map(|file| file.dyn_into().ok()).collect()
}

/// Adds files of the reader's own to a message.
pub fn attach(message: &Object, files: &[File]) {
    let list = files.iter().collect::<Array>();
    Reflect::set(message, &"files".into(), &list).expect("a plain object takes any field");
}

/// The message of a JavaScript error.
pub fn said(fault: &JsValue) -> String {
    match fault.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{fault:?}"),
    }
}
