//! A lock that allows one download of a model at a time in all pages and frames of this origin. The next one then finds
//! the files stored.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::wire::scope;

/// The lock is held until this is dropped.
pub struct Turn {
    release: Function,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // The resolving function of a promise does not fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Waits until no other page of this origin downloads this model. None if `signal` stops the waiting, and on insecure
/// pages, which have no locks.
pub async fn turn(folder: &str, signal: &AbortSignal) -> Option<Turn> {
    // By reflection, because web-sys does not have locks yet.
    let locks = Reflect::get(&scope().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
    let ask = Reflect::get(&locks, &"request".into()).ok()?.dyn_into::<Function>().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), signal).ok()?;
    let mut release = None;
    // The lock is held until this promise is resolved.
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let turn = Turn { release: release? };
    let granted = Promise::new(&mut |resolve, reject| {
        let held = held.clone();
        let begin = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            let _ = resolve.call0(&JsValue::NULL);
            held.into()
        });
        let name = format!("attnscope {folder}").into();
        // Called when the waiting is stopped or the lock is refused.
        let refused = Closure::once_into_js(move |why: JsValue| {
            let _ = reject.call1(&JsValue::NULL, &why);
        });
        let asked = ask.call3(&locks, &name, &options, &begin);
        let _ = asked.and_then(|asked| {
            let catch = Reflect::get(&asked, &"catch".into())?.unchecked_into::<Function>();
            catch.call1(&asked, &refused)
        });
    });
    JsFuture::from(granted).await.ok()?;
    Some(turn)
}
