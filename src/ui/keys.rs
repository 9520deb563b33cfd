//! Keys that work anywhere on the page but where the reader types.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

use super::frame::locked;
use super::messages::leave;
use super::parts::{check, escaped, flag, markup, plain, typed};
use super::session::Session;
use super::theme::storage;
use crate::state::History;
use crate::text;

/// Where the reader's choice that letters do nothing is kept.
const LETTERS: &str = "attnscope-letters";

pub fn install(session: Session) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if pressed(session, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// The key by its name, or none where it is not the page's: one that an input method takes, or a letter or sign while
/// those are switched off. A letter is small whatever Caps Lock says; where the layout is not Latin (Arabic, Cyrillic,
/// Greek), it is the Latin one at its place.
pub fn meant(event: &KeyboardEvent) -> Option<String> {
    // Browsers that do not say that an input method composes have this number for every key that it takes.
    const TAKEN_BY_INPUT_METHOD: u32 = 229;
    if event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD {
        return None;
    }
    let key = event.key();
    let mut signs = key.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return Some(key) };
    let command = event.ctrl_key() || event.meta_key();
    if sign != ' ' && !command && storage().and_then(|s| s.get_item(LETTERS).ok().flatten()).is_some() {
        return None;
    }
    Some(match sign {
        '؟' | '？' | '\u{37e}' | '՞' => "?".into(),
        sign if sign.is_ascii() => key.to_ascii_lowercase(),
        _ => event.code().strip_prefix("Key").map_or(key, str::to_ascii_lowercase),
    })
}

/// True where the key meant something. A letter or a sign alone means something only while a picture has the focus:
/// speech input, which says the words that it hears as keys, would else do what nobody has asked for (WCAG 2.1.4).
fn pressed(session: Session, event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let is = |selector| target.as_ref().is_some_and(|target| target.matches(selector).unwrap_or(false));
    let typing = is("textarea, select, input[type=text], dialog, dialog *");
    // What had the focus in a dialog may be gone, as a line that was removed: then the key's target is the page's body.
    let behind = document().query_selector("dialog:modal").is_ok_and(|dialog| dialog.is_some());
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
        ("r", false, _) if is(".picture") => session.restore(),
        ("?", false, _) if is(".picture") => show_help(),
        ("z", true, false) => session.travel(History::undo),
        ("z", true, true) | ("y", true, _) => session.travel(History::redo),
        _ => return false,
    }
    true
}

/// Nothing happens before the page's later part is here, which has the text.
pub fn show_help() {
    if let Some(dialog) = document().get_element_by_id("help") {
        let close = dialog.query_selector("button").ok().flatten();
        // Fails only while it is open already.
        let _ = dialog.unchecked_into::<HtmlDialogElement>().show_modal();
        // The switch comes before it.
        let _ = close.map(|close| close.unchecked_into::<HtmlElement>().focus());
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
        (&["Ctrl+Z", "Ctrl+Shift+Z"], text::keys_undo()),
        (&["?"], text::keys_help()),
    ];
    let mut table = String::new();
    for (keys, told) in lines {
        let mut names = if keys.is_empty() { escaped(text::key_arrows()) } else { String::new() };
        keys.iter().for_each(|key| names += &(markup("kbd", "", key) + " "));
        table += &markup("tr", "", &(markup("td", "", &names) + &markup("td", "", &escaped(told))));
    }
    let title = plain("h2", "id=help-title", text::keys_title());
    let act = RwSignal::new(storage().is_none_or(|s| !matches!(s.get_item(LETTERS), Ok(Some(_)))));
    let switch = typed(move |_| {
        act.update(|act| *act = !*act);
        // Refused storage only means that letters act.
        let _ =
            storage().map(|s| if act.get_untracked() { s.remove_item(LETTERS) } else { s.set_item(LETTERS, "off") });
    });
    view! {
        <dialog id="help" aria-labelledby="help-title">
            {title}
            {InertElement::new(markup("table", "", &table))}
            <p>{check(text::keys_letters(), flag(move || act.get()), switch)}</p>
            {InertElement::new(form())}
        </dialog>
    }
}

fn form() -> String {
    markup("form", "method=dialog", &markup("button", "", &escaped(text::close())))
}

/// What closes a dialog.
pub fn plain_form() -> InertElement {
    InertElement::new(form())
}
