//! Messages between this page and the one that it is embedded in, by `embed.js`; the README tells them.
//!
//! Only with the page around, and only with the origin that the address names.

use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, ResizeObserver, Window};

use super::api;
use super::frame::{embedded, parameter};
use super::open;
use super::parts::words;
use super::session::{Model, Session};
use super::share::address;
use crate::error::Error;
use crate::state::{ViewState, link};
use crate::text;

/// The page around this one.
struct Parent {
    window: Window,
    origin: String,
}

impl Parent {
    fn post(&self, what: &str, fields: &[(&str, JsValue)]) {
        // An origin that is none is refused: then nobody is told anything.
        let _ = self.window.post_message(&message(what, fields), &self.origin);
    }
}

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

/// Listens to the page around and tells it what is on screen, and how much room that takes.
pub fn install(session: Session) {
    let around = window().parent().ok().flatten().filter(|parent| !Object::is(parent, &window()) && embedded());
    let (Some(around), Some(origin)) = (around, parameter("origin")) else { return };
    let parent = StoredValue::new_local(Parent { window: around, origin });
    let post = move |what: &str, fields: &[(&str, JsValue)]| parent.with_value(|parent| parent.post(what, fields));
    Effect::new(move |last: Option<Option<ViewState>>| {
        let state = session.settled();
        if let Some(state) = state.as_ref().filter(|state| last.flatten().as_ref() != Some(*state)) {
            post("state", &[("state", api::to_js(&state.to_value())), ("link", link(state).into())]);
        }
        state
    });
    watch_height(move |height| post("size", &[("height", height.into())]));
    let handle = window_event_listener_untyped("message", move |event| {
        let event: MessageEvent = event.unchecked_into();
        let known = parent.with_value(|parent| {
            event.origin() == parent.origin && event.source().is_some_and(|source| Object::is(&source, &parent.window))
        });
        if known {
            spawn_local(async move {
                let (id, done) = hear(session, &event.data()).await;
                if let Some(done) = done {
                    let error = done.err().map_or(JsValue::NULL, |error| error.to_string().into());
                    post("done", &[("id", id), ("error", error)]);
                }
            });
        }
    });
    on_cleanup(move || handle.remove());
    post("hello", &[]);
}

/// Does what a message says: its id, and how it went; none for a message of nobody here.
async fn hear(session: Session, message: &JsValue) -> (JsValue, Option<Result<(), Error>>) {
    let field = |name: &str| field(message, name);
    let done = match field("type").as_string().as_deref() {
        Some("attnscope:set") => Some(api::set(session, &field("patch")).await),
        Some("attnscope:snapshot") => {
            let bytes = field("bytes").dyn_into::<ArrayBuffer>().map(|bytes| Uint8Array::new(&bytes).to_vec());
            let opened = open::snapshot(session, &bytes.unwrap_or_default());
            if opened.is_err() {
                live(session);
            }
            Some(opened)
        }
        Some("attnscope:live") => {
            live(session);
            Some(Ok(()))
        }
        _ => None,
    };
    (field("id"), done)
}

/// No saved run stands in for the model.
fn live(session: Session) {
    if session.model.with_untracked(|model| *model == Model::Waiting) {
        session.load();
    }
}

/// Tells the height that the page needs, now and whenever it changes.
fn watch_height(tell: impl Fn(f64) + 'static) {
    let Some(body) = document().body() else { return };
    let measured = body.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || tell(measured.get_bounding_client_rect().height().ceil()));
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(&body);
        // The page lives as long as its size.
        on_resize.forget();
    }
}

/// A link to the whole page, with what is on screen: what a frame shows is often too small to work in.
#[component]
pub fn WholePage(session: Session) -> impl IntoView {
    embedded().then(|| {
        view! {
            <p class="readout whole">
                <a target="_blank" rel="noopener" href=words(move || address(session))>{text::whole_page()}</a>
            </p>
        }
    })
}
