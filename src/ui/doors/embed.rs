//! Messages between this page and the one that it is embedded in, by `embed.js`; the README tells them.
//!
//! Only with the page around, and only with the origin that the address names; or with its window alone, where it has no
//! origin.

use std::time::Duration;

use js_sys::{ArrayBuffer, Object, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, MessageEvent, ResizeObserver, Window};

use crate::state::{Patch, ViewState, link_to, read_change, read_link};
use crate::text;
use crate::ui::browser::frame::{embedded, parameter, shows_lesson};
use crate::ui::browser::message::{field, message};
use crate::ui::doors::script;
use crate::ui::session::{Cause, Model, Session, apply, open};

/// The page around this one.
struct Parent {
    window: Window,
    /// None where it has none that a message could be sent to: the page is a file, or in a sandbox. Then the window alone
    /// says who it is.
    origin: Option<String>,
}

impl Parent {
    /// The page around, where this one is embedded in one.
    fn find() -> Option<Self> {
        let around = window().parent().ok().flatten();
        let around = around.filter(|around| !Object::is(around, &window()) && embedded())?;
        let origin = parameter("origin")?;
        Some(Self { window: around, origin: Some(origin).filter(|origin| origin.starts_with("http")) })
    }

    fn post(&self, what: &str, fields: &[(&str, JsValue)]) {
        // An origin that is none is refused: then nobody is told anything.
        let _ = self.window.post_message(&message(what, fields), self.origin.as_deref().unwrap_or("*"));
    }

    fn has_sent(&self, event: &MessageEvent) -> bool {
        let is_its = self.origin.as_ref().is_none_or(|origin| event.origin() == *origin);
        is_its && event.source().is_some_and(|source| Object::is(&source, &self.window))
    }
}

/// Gives the keys back to the page around; false where there is none.
pub fn leave() -> bool {
    let Some(parent) = Parent::find() else { return false };
    let focused = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(focused) = focused {
        // Nothing that has the focus refuses to lose it.
        let _ = focused.blur();
    }
    let _ = parent.window.focus();
    parent.post("leave", &[]);
    true
}

/// Tells whoever made the page around what of a link or of attributes could not be read: on the console, and by an event.
pub fn tell_faults(faults: &[String]) {
    if let Some(parent) = Parent::find().filter(|_| !faults.is_empty()) {
        let told = text::sentences(faults);
        leptos::logging::warn!("attn-scope: {told}");
        parent.post("fault", &[("message", told.into())]);
    }
}

/// Listens to the page around this frame, and reports to it what is on screen, who caused the last change, and the height
/// that the view needs.
pub fn install(session: Session) {
    let Some(parent) = Parent::find() else { return };
    let parent = StoredValue::new_local(parent);
    let post = move |what: &str, fields: &[(&str, JsValue)]| parent.with_value(|parent| parent.post(what, fields));
    Effect::new(move |told: Option<Option<ViewState>>| {
        let told = told.flatten();
        let Some(state) = session.settled().filter(|state| told.as_ref() != Some(state)) else { return told };
        let by_whom = session.cause_of(&state);
        let cause = if told.is_none() { Cause::Start } else { by_whom }.name();
        let link = link_to(&state).map_or(JsValue::NULL, JsValue::from);
        post("state", &[("state", script::to_js(&state.to_value())), ("link", link), ("cause", cause.into())]);
        Some(state)
    });
    // All else fills the frame that it is given.
    if shows_lesson() {
        watch_height(session, move |height| post("size", &[("height", height.into())]));
    }
    let handle = window_event_listener_untyped("message", move |event| {
        let event: MessageEvent = event.unchecked_into();
        if parent.with_value(|parent| parent.has_sent(&event)) {
            spawn_local(async move {
                let (id, done) = hear(session, &event.data()).await;
                if let Some(done) = done {
                    let error = done.err().map_or(JsValue::NULL, |error| error.into());
                    post("done", &[("id", id), ("error", error)]);
                }
            });
        }
    });
    on_cleanup(move || handle.remove());
    post("hello", &[]);
}

/// Does what a message says: its id, and how it went; none for a message of nobody here.
async fn hear(session: Session, message: &JsValue) -> (JsValue, Option<Result<(), String>>) {
    let text = |name: &str| field(message, name).as_string().unwrap_or_default();
    let done = match text("type").as_str() {
        "attnscope:set" => script::set(session, &field(message, "patch")).await.map_err(|error| error.to_string()),
        "attnscope:attributes" => {
            session.begin_link();
            let (patch, lost) = read_change(&text("link"), &text("gone"));
            all_read(apply::follow(session, patch, lost, Cause::Set).await)
        }
        "attnscope:snapshot" => {
            session.begin_link();
            // The whole state where the view is shown again, else attributes.
            let (patch, mut lost) = match field(message, "whole").is_truthy() {
                true => read_link(&text("link")),
                false => read_change(&text("link"), ""),
            };
            let bytes = field(message, "bytes").dyn_into::<ArrayBuffer>().map(|bytes| Uint8Array::new(&bytes).to_vec());
            if let Err(error) = open::snapshot(session, &bytes.unwrap_or_default(), &patch) {
                lost.push(error.to_string());
                live(session, &patch);
            }
            all_read(apply::follow(session, patch, lost, Cause::Start).await)
        }
        _ => return (JsValue::UNDEFINED, None),
    };
    (field(message, "id"), Some(done))
}

fn all_read(lost: Vec<String>) -> Result<(), String> {
    if lost.is_empty() { Ok(()) } else { Err(text::sentences(lost)) }
}

/// No saved run stands in for the model, which reads what is asked for.
fn live(session: Session, asked: &Patch) {
    if session.model.with_untracked(|model| *model == Model::Waiting) {
        let mut view = session.view.get_untracked();
        view.apply(&Patch { text: asked.text.clone(), pair: asked.pair.clone(), ..Patch::default() });
        session.put_texts(view.text, view.pair);
        session.load();
    }
}

/// Tells the height that the page needs, now and whenever it changes. Browsers do not render frames that are out of sight,
/// and observe no sizes there, so it is measured after changes of the session, too.
fn watch_height(session: Session, tell: impl Fn(f64) + Copy + 'static) {
    let Some(body) = document().body() else { return };
    let measured = StoredValue::new_local(body.clone());
    let measure = move || tell(measured.with_value(|body| body.get_bounding_client_rect().height().ceil()));
    let on_resize = Closure::<dyn FnMut()>::new(measure);
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(&body);
        // The page lives as long as its size.
        on_resize.forget();
    }
    Effect::new(move |_| {
        session.run.track();
        session.model.track();
        session.fault.track();
        set_timeout(measure, Duration::ZERO);
    });
}
