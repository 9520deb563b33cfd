//! Keys that work anywhere on the page but where the reader types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};

use super::frame::locked;
use super::session::Session;
use crate::state::History;

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

/// The page's markup holds the text: it never changes.
pub fn show_help() {
    if let Some(dialog) = document().get_element_by_id("help") {
        // Fails only while it is open already.
        let _ = dialog.unchecked_into::<HtmlDialogElement>().show_modal();
    }
}
