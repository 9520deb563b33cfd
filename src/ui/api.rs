//! `window.attnscope`: the page for scripts and tests. Documented in the README.

use std::pin::Pin;

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::future_to_promise;

use super::session::{Model, Session};
use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::state::{Patch, Source};

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
    let state = Closure::<dyn Fn() -> JsValue>::new(move || state(session));
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

/// The view as a plain object, field for field.
fn state(session: Session) -> JsValue {
    let view = session.view.get_untracked();
    let object = to_js(&view);
    put(&object, "mass", &JsValue::from_f64((view.mass as f64 * 1e6).round() / 1e6));
    object
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

async fn set(session: Session, patch: &JsValue) -> Result<()> {
    let json = js_sys::JSON::stringify(patch).ok().and_then(|s| s.as_string()).unwrap_or_else(|| "nothing".into());
    let patch = Patch::parse(&json)?;
    let mut next = session.view.get_untracked();
    next.apply(&patch)?;
    let (text, pair) = (next.text.clone(), next.pair.clone());
    if let Some(run) = session.run.get_untracked() {
        next.check_head(run.layers, run.heads)?;
        // Tokens of a text that has been read are checked before anything changes.
        if let Some(wanted) = patch.tokens.as_ref().filter(|_| run.is_of(&text, pair.as_deref())) {
            next.find_tokens(wanted, &run.shown)?;
        }
    }
    if session.view.get_untracked() != next {
        session.view.set(next);
    }
    read(session, &text, pair.as_deref()).await?;
    if let (Some(wanted), Some(run)) = (&patch.tokens, session.run.get_untracked()) {
        let mut view = session.view.get_untracked();
        view.find_tokens(wanted, &run.shown)?;
        session.view.set(view);
    }
    drawn().await;
    Ok(())
}

/// Waits until the pictures are about this text.
async fn read(session: Session, text: &str, pair: Option<&str>) -> Result<()> {
    let state = || {
        if session.view.with_untracked(|v| v.text != text || v.pair.as_deref() != pair) {
            let advice = "Wait for one set to resolve before the next.";
            return Some(Err(Error::new(Kind::Input, "attnscope.set", "this text to stay", "a newer text", advice)));
        }
        let there = session.run.with_untracked(|r| r.as_ref().is_some_and(|r| r.is_of(text, pair)));
        if session.empty_untracked() || there {
            return Some(Ok(()));
        }
        match session.model.get_untracked() {
            Model::Failed(error) => Some(Err(error)),
            Model::Ready(_) => session.fault.get_untracked().map(Err),
            _ => None,
        }
    };
    session.until(&|| state().is_some()).await;
    state().unwrap_or(Ok(()))
}

/// Effects run in the microtasks after a change: one turn of the event loop later they have drawn.
async fn drawn() {
    let turn = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(turn).await;
}

#[derive(Serialize)]
struct TokenOut<'a> {
    index: usize,
    id: u32,
    /// The reader's characters.
    text: &'a str,
    /// The vocabulary's own string.
    token: &'a str,
    start: usize,
    end: usize,
    special: bool,
    segment: u32,
}

fn tokens(session: Session) -> JsValue {
    session.run.with_untracked(|run| {
        let Some(run) = run else { return Array::new().into() };
        let all = run.tokens.items.iter().zip(run.shown.iter()).enumerate().map(|(index, (t, shown))| TokenOut {
            index,
            id: t.id,
            text: &shown.text,
            token: &t.token,
            start: t.chars.0,
            end: t.chars.1,
            special: t.special,
            segment: t.segment,
        });
        to_js(&all.collect::<Vec<_>>())
    })
}

/// Rows of numbers: `[query][key]`.
async fn pattern(session: Session, layer: &JsValue, head: &JsValue) -> Result<JsValue> {
    let index = |value: &JsValue| value.as_f64().filter(|v| v.fract() == 0.0 && *v >= 0.0).map(|v| v as usize);
    let run = session.run.get_untracked();
    let wanted = index(layer).zip(index(head)).map(|(l, h)| HeadId::new(l, h));
    let head = wanted.filter(|&id| run.as_ref().is_some_and(|r| r.has(id))).ok_or_else(|| {
        let (layers, heads) = run.as_ref().map_or((0, 0), |r| (r.layers, r.heads));
        let expected = format!("a layer below {layers} and a head below {heads}");
        let got = format!("{layer:?} and {head:?}");
        Error::new(Kind::Input, "attnscope.pattern", expected, got, "Call pattern(layer, head) with two whole numbers.")
    })?;
    let found = || {
        let run = session.run.get_untracked()?;
        if run.pattern(head).is_none() && run.source != Source::Snapshot {
            session.ask_head(run.id, head);
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
            put(&thrown, "kind", &to_js(&error.kind));
            thrown.into()
        })
    })
}

fn to_js(value: &impl Serialize) -> JsValue {
    let json = serde_json::to_string(value).unwrap_or_default();
    js_sys::JSON::parse(&json).unwrap_or(JsValue::NULL)
}
