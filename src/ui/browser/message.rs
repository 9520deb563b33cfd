//! Messages between windows: plain objects with a type.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// `{ type: "attnscope:what", ... }`
pub fn message(what: &str, fields: &[(&str, JsValue)]) -> Object {
    let message = Object::new();
    let name = ("type", JsValue::from(format!("attnscope:{what}")));
    for (field, value) in fields.iter().chain([&name]) {
        // Setting a field on a fresh object cannot fail.
        let _ = Reflect::set(&message, &(*field).into(), value);
    }
    message
}

/// A field of whatever came as a message.
pub fn field(message: &JsValue, name: &str) -> JsValue {
    Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
