//! A stand-in for the worker: answers every message.

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::prelude::*;

    console_error_panic_hook::set_once();
    let scope = js_sys::global().unchecked_into::<web_sys::DedicatedWorkerGlobalScope>();
    let own = scope.clone();
    let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let text = event.data().as_string().unwrap();
        own.post_message(&format!("the worker heard: {text}").into()).unwrap();
    });
    scope.add_event_listener_with_callback("message", heard.as_ref().unchecked_ref()).unwrap();
    heard.forget();
    scope.post_message(&"started".into()).unwrap();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
