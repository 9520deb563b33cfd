//! A stand-in for the page: starts the worker, says one thing to it and shows the answer.

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::prelude::*;

    console_error_panic_hook::set_once();
    let document = web_sys::window().unwrap().document().unwrap();
    let meta = document.get_elements_by_tag_name("meta").named_item("attnscope-worker").unwrap();
    let worker = web_sys::Worker::new(&meta.get_attribute("content").unwrap()).unwrap();
    let body = document.body().unwrap();
    let ready = js_sys::Promise::new(&mut |resolve, _| {
        let body = body.clone();
        let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let text = event.data().as_string().unwrap();
            if text == "started" {
                event.target().unwrap().unchecked_into::<web_sys::Worker>().post_message(&"hello".into()).unwrap();
            } else {
                body.set_text_content(Some(&text));
                resolve.call0(&JsValue::NULL).unwrap();
            }
        });
        worker.add_event_listener_with_callback("message", heard.as_ref().unchecked_ref()).unwrap();
        heard.forget();
    });
    let door = js_sys::Object::new();
    js_sys::Reflect::set(&door, &"ready".into(), &ready).unwrap();
    js_sys::Reflect::set(&js_sys::global(), &"attnscope".into(), &door).unwrap();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
