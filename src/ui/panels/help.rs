//! The dialog that lists the keys.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

use crate::text;
use crate::ui::browser::keys::LETTERS;
use crate::ui::browser::storage::storage;
use crate::ui::widgets::{check, escaped, flag, markup, plain, typed};

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
    let lines: [(&[&str], &str); 15] = [
        (&["Tab"], text::keys_tab()),
        (&[], text::keys_arrows()),
        (&["Home", "End"], text::keys_home()),
        (&["Enter"], text::keys_enter()),
        (&["F6", "Shift+F6"], text::keys_panes()),
        (&["[", "]"], text::keys_layer()),
        (&[",", "."], text::keys_head()),
        (&["x"], text::keys_x()),
        (&["c"], text::keys_compare()),
        (&["f"], text::keys_find()),
        (&["/"], text::keys_text()),
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
