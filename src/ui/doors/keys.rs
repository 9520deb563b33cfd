//! Keys that work anywhere on the page but where the reader types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::state::{Action, History};
use crate::ui::browser::frame::locked;
use crate::ui::browser::keys::meant;
use crate::ui::doors::embed::leave;
use crate::ui::panels::help::show_help;
use crate::ui::session::Session;
use crate::ui::widgets::term;

pub fn install(session: Session) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if pressed(session, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// True where the key meant something. A letter or a sign alone means something only while a picture has the focus:
/// speech input, which says the words that it hears as keys, would else do what nobody has asked for (WCAG 2.1.4).
fn pressed(session: Session, event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let is = |selector| target.as_ref().is_some_and(|target| target.matches(selector).unwrap_or(false));
    let typing = is("textarea, select, input[type=text], dialog, dialog *");
    // What had the focus in a dialog may be gone, as a line that was removed: then the key's target is the page's body.
    let behind = document().query_selector("dialog:modal").is_ok_and(|dialog| dialog.is_some());
    if meant(event).as_deref() == Some("Escape") && term::dismiss() {
        return true;
    }
    // A page around has the keys again, so that its slides can be turned: what is chosen stays.
    if meant(event).as_deref() == Some("Escape")
        && !behind
        && session.pointed.with_untracked(Option::is_none)
        && leave()
    {
        return true;
    }
    if typing || behind || event.alt_key() || locked() {
        return false;
    }
    let Some(key) = meant(event) else { return false };
    match (key.as_str(), event.ctrl_key() || event.meta_key(), event.shift_key()) {
        ("Escape", false, _) => session.let_go(),
        ("r", false, _) if is(".picture") => session.act(Action::Restore),
        ("?", false, _) if is(".picture") => show_help(),
        ("z", true, false) => session.travel(History::undo),
        ("z", true, true) | ("y", true, _) => session.travel(History::redo),
        _ => return false,
    }
    true
}
