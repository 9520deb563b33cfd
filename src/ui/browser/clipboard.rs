//! The clipboard.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Blob, Clipboard, ClipboardItem};

use crate::error::Result;

/// Puts a text on the clipboard; false where the browser does not allow that. The browser is asked before this returns:
/// Safari allows it only within the click.
pub fn copy(text: &str) -> impl Future<Output = bool> + use<> {
    let writing = clipboard().map(|clipboard| JsFuture::from(clipboard.write_text(text)));
    async move {
        match writing {
            Some(writing) => writing.await.is_ok(),
            None => false,
        }
    }
}

/// Puts on the clipboard what is still to be made, as [`copy`] does; `media` is its media type.
///
/// # Errors
/// Those of making it.
pub fn copy_made(media: &str, made: Made) -> impl Future<Output = Result<bool>> + use<> {
    let fault = Rc::new(RefCell::new(None));
    let failed = fault.clone();
    let blob = future_to_promise(async move {
        made.await.map(JsValue::from).map_err(|error| {
            failed.replace(Some(error));
            JsValue::NULL
        })
    });
    let item = Object::new();
    // Setting a field on a fresh object cannot fail.
    let _ = Reflect::set(&item, &media.into(), &blob);
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&item).ok();
    let writing = clipboard().zip(item).map(|(clipboard, item)| JsFuture::from(clipboard.write(&Array::of1(&item))));
    async move {
        let copied = match writing {
            Some(writing) => writing.await.is_ok(),
            None => {
                // It is made all the same, so that what is wrong with it is known.
                let _ = JsFuture::from(blob).await;
                false
            }
        };
        fault.take().map_or(Ok(copied), Err)
    }
}

/// What is being made.
pub type Made = Pin<Box<dyn Future<Output = Result<Blob>>>>;

/// None on pages that are not secure.
fn clipboard() -> Option<Clipboard> {
    // Looked up by hand: the getter's type says that it is always there.
    Reflect::get(&window().navigator(), &"clipboard".into()).ok()?.dyn_into().ok()
}
