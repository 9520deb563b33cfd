//! Keys that work anywhere on the page but where the reader types.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};

use super::frame::locked;
use super::messages::leave;
use super::parts::{escaped, markup};
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
    let typing =
        target.is_some_and(|t| t.matches("textarea, select, input[type=text], dialog, dialog *").unwrap_or(false));
    // What had the focus in a dialog may be gone, as a line that was removed: then the key's target is the page's body.
    let behind = document().query_selector("dialog:modal").is_ok_and(|dialog| dialog.is_some());
    // A page around has the keys again, so that its slides can be turned: what is chosen stays.
    if event.key() == "Escape"
        && !behind
        && !event.is_composing()
        && session.pointed.with_untracked(Option::is_none)
        && leave()
    {
        return true;
    }
    if typing || behind || event.alt_key() || locked() {
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
    let mut table = String::new();
    for (keys, told) in lines {
        let mut names = if keys.is_empty() { escaped(text::key_arrows()) } else { String::new() };
        keys.iter().for_each(|key| names += &(markup("kbd", "", key) + " "));
        table += &markup("tr", "", &(markup("td", "", &names) + &markup("td", "", &escaped(told))));
    }
    let title = markup("h2", "id=help-title", &escaped(text::keys_title()));
    let inner = [title, markup("table", "", &table), form()].concat();
    InertElement::new(markup("dialog", "id=help aria-labelledby=help-title", &inner))
}

fn form() -> String {
    markup("form", "method=dialog", &markup("button", "", &escaped(text::close())))
}

/// What closes a dialog.
pub fn plain_form() -> InertElement {
    InertElement::new(form())
}
