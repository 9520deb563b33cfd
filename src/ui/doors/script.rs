//! `window.attnscope`: the page for scripts and tests. Documented in the README.

use std::pin::Pin;

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::state::{Of, Patch, Source, Value, ViewState};
use crate::ui::session::apply::{Lost, change};
use crate::ui::session::{Cause, Model, Session};

/// Puts the object on the window.
pub fn install(session: Session) {
    let api = Object::new();
    // A promise for each who asks: it tells how things stand then, and a failure nobody asked about is no
    // unhandled rejection.
    let ready = Closure::<dyn Fn() -> Promise>::new(move || {
        promised(async move { ready(session).await.map(|()| JsValue::UNDEFINED) })
    });
    let getter = Object::new();
    put(&getter, "get", &ready.into_js_value());
    Object::define_property(&api, &"ready".into(), &getter);
    let state = Closure::<dyn Fn() -> JsValue>::new(move || to_js(&session.view.with_untracked(ViewState::to_value)));
    put(&api, "state", &state.into_js_value());
    let tokens = Closure::<dyn Fn() -> JsValue>::new(move || tokens(session));
    put(&api, "tokens", &tokens.into_js_value());
    let change = Closure::<dyn Fn(JsValue) -> Promise>::new(move |patch: JsValue| {
        promised(async move { set(session, &patch).await.map(|()| JsValue::UNDEFINED) })
    });
    put(&api, "set", &change.into_js_value());
    let pattern = Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(move |layer: JsValue, head: JsValue| {
        promised(async move { pattern(session, &layer, &head).await })
    });
    put(&api, "pattern", &pattern.into_js_value());
    put(&window(), "attnscope", &api);
}

/// The model can run, or will not.
async fn ready(session: Session) -> Result<()> {
    let state = move || match session.model.get_untracked() {
        Model::Ready(_) => Some(Ok(())),
        Model::Failed(error) => Some(Err(error)),
        _ => None,
    };
    session.until(&move || state().is_some()).await;
    state().unwrap_or(Ok(()))
}

pub(super) async fn set(session: Session, patch: &JsValue) -> Result<()> {
    change(session, Patch::read(&from_js(patch, DEEPEST)?)?, Lost::All, Cause::Set).await
}

/// `[{ index, id, text, token, start, end, special, segment }]`: `text` is the reader's characters, `token` the
/// vocabulary's own string, `start` and `end` count characters.
fn tokens(session: Session) -> JsValue {
    let Some(run) = session.run.get_untracked() else { return Array::new().into() };
    let all = run.tokens.items.iter().zip(run.shown.iter()).enumerate().map(|(index, (token, shown))| {
        let fields = [
            ("index", index.into()),
            ("id", (token.id as usize).into()),
            ("text", shown.text.as_str().into()),
            ("token", token.token.as_str().into()),
            ("start", token.chars.0.into()),
            ("end", token.chars.1.into()),
            ("special", Value::Bool(token.special)),
            ("segment", (token.segment as usize).into()),
        ];
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    });
    to_js(&Value::List(all.collect()))
}

/// Rows of numbers: `[query][key]`.
async fn pattern(session: Session, layer: &JsValue, head: &JsValue) -> Result<JsValue> {
    let index = |value: &JsValue| plain(value).as_index();
    let run = session.run.get_untracked();
    let wanted = index(layer).zip(index(head)).map(|(l, h)| HeadId::new(l, h));
    let head = wanted.filter(|&id| run.as_ref().is_some_and(|r| r.has(id))).ok_or_else(|| {
        let (layers, heads) = run.as_ref().map_or((0, 0), |r| (r.layers, r.heads));
        let expected = format!("a layer below {layers} and a head below {heads}");
        let got = format!("{} and {}", plain(layer).told(), plain(head).told());
        Error::new(Kind::Input, "attnscope.pattern", expected, got, "Call pattern(layer, head) with two whole numbers.")
    })?;
    let found = || {
        let run = session.run.get_untracked()?;
        if run.pattern(head).is_none() && run.source != Source::Snapshot {
            session.fetch(&run, Of::default(), head);
        }
        run.pattern(head)
    };
    session.until(&|| found().is_some()).await;
    let Some(map) = found() else { return Ok(JsValue::UNDEFINED) };
    let rows: Array = map
        .outer_iter()
        .map(|row| js_sys::Float32Array::from(row.to_vec().as_slice()))
        .map(|r| Array::from(&r))
        .collect();
    Ok(rows.into())
}

fn put(object: &JsValue, name: &str, value: &JsValue) {
    // Setting a field on a fresh object and on the window cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

/// A promise that rejects with an `Error` whose message is the whole sentence and whose `kind` is ours.
fn promised(work: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    let work: Pin<Box<dyn Future<Output = Result<JsValue>>>> = Box::pin(work);
    future_to_promise(async move {
        work.await.map_err(|error| {
            let thrown = js_sys::Error::new(&error.to_string());
            put(&thrown, "kind", &error.kind.name().into());
            thrown.into()
        })
    })
}

/// Lists within an object are as deep as a call goes; a deeper one is a fault, and a cycle has no end.
const DEEPEST: usize = 3;

#[wasm_bindgen]
extern "C" {
    // The same functions in js_sys end the page where a getter or a proxy of the script throws.
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn entries(object: &JsValue) -> std::result::Result<Array, JsValue>;
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn is_array(value: &JsValue) -> std::result::Result<bool, JsValue>;
    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    fn items(list: &JsValue) -> std::result::Result<Array, JsValue>;
}

/// A script's value. What is no plain value reads as null; so does what lies too deep.
///
/// # Errors
/// Where reading a field throws.
fn from_js(value: &JsValue, deepest: usize) -> Result<Value> {
    let thrown = |_| {
        let (expected, got) = ("fields that can be read", "one that throws an error when it is read");
        Error::new(Kind::Input, "attnscope.set", expected, got, "Pass a plain object.")
    };
    if deepest == 0 || !value.is_object() {
        return Ok(plain(value));
    }
    if is_array(value).map_err(thrown)? {
        let items = items(value).map_err(thrown)?;
        return items.iter().map(|item| from_js(&item, deepest - 1)).collect::<Result<_>>().map(Value::List);
    }
    let entries = entries(value).map_err(thrown)?.into_iter().map(|entry| Array::from(&entry));
    let fields = entries.filter(|entry| !entry.get(1).is_undefined()).map(|entry| {
        let name = entry.get(0).as_string().unwrap_or_default();
        Ok((name, from_js(&entry.get(1), deepest - 1)?))
    });
    fields.collect::<Result<_>>().map(Value::Object)
}

/// A text, a number or a truth value; null for everything else.
fn plain(value: &JsValue) -> Value {
    let text = value.as_string().map(Value::Text);
    let number = || value.as_f64().map(Value::Number);
    text.or_else(number).or_else(|| value.as_bool().map(Value::Bool)).unwrap_or(Value::Null)
}

pub(super) fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => JsValue::from_bool(*truth),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::List(items) => items.iter().map(to_js).collect::<Array>().into(),
        Value::Object(fields) => {
            let object = Object::new();
            fields.iter().for_each(|(name, value)| put(&object, name, &to_js(value)));
            object.into()
        }
    }
}
