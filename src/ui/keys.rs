//! Keys that work anywhere on the page but where the reader types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};

use super::frame::locked;
use super::session::Session;
use crate::state::History;
use crate::text;

pub fn install(session: Session) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if pressed(session, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// True where the key meant something.
fn pressed(session: Session, event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let typing = target.is_some_and(|t| t.matches("textarea, select, dialog, dialog *").unwrap_or(false));
    if typing || event.alt_key() || locked() {
        return false;
    }
    match (event.key().as_str(), event.ctrl_key() || event.meta_key()) {
        ("Escape", false) => session.let_go(),
        ("r", false) => session.restore(),
        ("?", false) => show_help(),
        ("z", true) => session.travel(History::undo),
        ("Z" | "y", true) => session.travel(History::redo),
        _ => return false,
    }
    true
}

/// Nothing happens before the page's later part is here, which has the text.
pub fn show_help() {
    if let Some(dialog) = document().get_element_by_id("help") {
        // Fails only while it is open already.
        let _ = dialog.unchecked_into::<HtmlDialogElement>().show_modal();
    }
}

/// All keys, and what they do.
#[component]
pub fn Help() -> impl IntoView {
    let lines: [(&[&str], &str); 9] = [
        (&["Tab"], text::keys_tab()),
        (&[], text::keys_arrows()),
        (&["Home", "End"], text::keys_home()),
        (&["Enter"], text::keys_enter()),
        (&["x"], text::keys_x()),
        (&["Esc"], text::keys_escape()),
        (&["r"], text::keys_restore()),
        (&["Ctrl+Z", "Ctrl+Y"], text::keys_undo()),
        (&["?"], text::keys_help()),
    ];
    let line = |(keys, told): (&'static [&'static str], &'static str)| {
        let arrows = keys.is_empty().then(text::key_arrows);
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view();
        view! { <tr><td>{arrows}{keys}</td><td>{told}</td></tr> }
    };
    view! {
        <dialog id="help" aria-labelledby="help-title">
            <h2 id="help-title">{text::keys_title()}</h2>
            <table>{lines.map(line).into_iter().collect_view()}</table>
            <form method="dialog"><button>{text::close()}</button></form>
        </dialog>
    }
}
