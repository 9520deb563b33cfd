//! Progress, lines with a button, and errors.

use leptos::prelude::*;

use crate::error::Error;
use crate::scene::digits;
use crate::text;
use crate::ui::session::Session;
use crate::ui::widgets::{Content, press};

pub fn megabytes(bytes: u64) -> String {
    digits(bytes as f64 / 1e6, 1)
}

/// What a button says and does.
pub type Button = (&'static str, fn(&Session));

/// How much of it is done.
pub fn bar(name: &'static str, done: String, all: String) -> impl IntoView {
    view! { <progress aria-label=name max=all value=done></progress> }
}

/// One line, with what can be done about it.
pub fn line(told: String, button: Option<Button>, session: Session) -> AnyView {
    let button = button.map(|(name, action)| super::button(name, press(move || action(&session))));
    let told = (!told.is_empty()).then(|| view! { <span prop:textContent=Content::from(told)></span> });
    view! { {told} {button} }.into_any()
}

/// What was wrong, where, and what to do.
pub fn fault(error: Error) -> AnyView {
    let [what, expected, got, advice] =
        [error.what, error.expected, error.got, error.advice].map(|part| text::translated(&text::visible(&part)));
    let wrong = text::wrong(&expected, &got, &advice);
    view! { <p class="fault"><b prop:textContent=Content::from(what)></b> <span prop:textContent=Content::from(wrong)></span></p> }.into_any()
}
