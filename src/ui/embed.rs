//! A place in another page: the lines to put there, and what they will show.

use js_sys::Object;
use leptos::html::{Dialog, Iframe};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::MessageEvent;

use super::app::address;
use super::export::drawn;
use super::messages::{field, message};
use super::parts::{button, check, flag, piece, press, select, typed, words};
use super::session::Session;
use super::share;
use super::theme::Look;
use crate::state::{link, snippet};

const CONTROLS: [(&str, &str); 3] =
    [("none", "the sentence alone"), ("simple", "a sentence to type, and its heads"), ("full", "everything")];

#[component]
pub fn EmbedDialog(session: Session, look: Look) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let open = RwSignal::new(false);
    let (controls, locked, still) = (RwSignal::new(1usize), RwSignal::new(false), RwSignal::new(false));
    let said = RwSignal::new(String::new());
    let code = move || {
        let base = address("./");
        // Drawn as it is on screen now: what stands in the page later is what is seen here.
        let picture = open.get() && still.get();
        let picture = picture.then(|| drawn(session, look, "sentence").ok()).flatten().map(|(svg, _)| svg);
        let picture = picture.unwrap_or_default();
        session.view.with(|view| snippet(&base, &link(view), CONTROLS[controls.get()].0, locked.get(), &picture))
    };
    let show = press(move || {
        if let Some(dialog) = dialog.get_untracked() {
            said.set(String::new());
            open.set(true);
            // Fails only while it is open already.
            let _ = dialog.show_modal();
        }
    });
    let copy = press(move || {
        let text = untrack(code);
        spawn_local(async move {
            let copied = share::copy(&text).await;
            said.set(
                if copied { "The lines are on the clipboard." } else { "Select the lines above and copy them." }.into(),
            );
        });
    });
    let options = || CONTROLS.map(|(_, told)| told.to_owned()).to_vec();
    let preview = move || {
        if !open.get() {
            return ().into_any();
        }
        let lock = if locked.get() { "&lock" } else { "" };
        let origin = window().location().origin().unwrap_or_default();
        let src =
            format!("{}?embed&saved&controls={}{lock}&origin={origin}", address("./"), CONTROLS[controls.get()].0);
        view! { <Preview session src/> }.into_any()
    };
    view! {
        {button("Embed …", show)}
        <dialog id="embed" class="wide" aria-labelledby="embed-title" node_ref=dialog on:close=move |_| open.set(false)>
            <h2 id="embed-title">"In a page of your own"</h2>
            <div class="changes">
                <div class="control">
                    <label for="embed-controls">"With"</label>
                    {select("embed-controls".into(), options, move || controls.get(), move |i| controls.set(i.min(2)))}
                </div>
                {check(
                    "With a still picture, for readers without JavaScript",
                    flag(move || still.get()),
                    typed(move |_| still.update(|s| *s = !*s)),
                )}
                {check("Readers change nothing", flag(move || locked.get()), typed(move |_| locked.update(|l| *l = !*l)))}
            </div>
            <label for="snippet">"Put these lines where it is to stand"</label>
            <textarea id="snippet" readonly rows="6" dir="ltr" spellcheck="false" prop:value=words(code)></textarea>
            <p>
                {button("Copy the lines", copy)}
                <span class="readout" role="status">{words(move || said.get())}</span>
            </p>
            <h3>"So it will look"</h3>
            {piece(preview)}
            <form method="dialog"><button>"Close"</button></form>
        </dialog>
    }
}

/// The page in a frame, with the run on screen: no model is fetched for it.
#[component]
fn Preview(session: Session, src: String) -> impl IntoView {
    let frame = NodeRef::<Iframe>::new();
    let height = RwSignal::new(320.0f64);
    let handle = window_event_listener_untyped("message", move |event| {
        let event: MessageEvent = event.unchecked_into();
        let Some(inner) = frame.get_untracked().and_then(|frame| frame.content_window()) else { return };
        if event.source().is_none_or(|source| !Object::is(&source, &inner)) {
            return;
        }
        let field = |name: &str| field(&event.data(), name);
        match field("type").as_string().as_deref() {
            Some("attnscope:size") => height.set(field("height").as_f64().unwrap_or(320.0).clamp(40.0, 4000.0)),
            Some("attnscope:hello") => spawn_local(async move {
                let Ok(bytes) = share::snapshot(session).await else { return };
                let bytes = js_sys::Uint8Array::from(bytes.as_slice()).buffer();
                let message = message("snapshot", &[("bytes", bytes.into())]);
                // Refused only to an origin that is none.
                let _ = inner.post_message(&message, &window().location().origin().unwrap_or_default());
            }),
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
    view! {
        <iframe
            id="preview"
            title="Preview"
            src=src
            node_ref=frame
            style:height=move || format!("{}px", height.get())
        ></iframe>
    }
}
