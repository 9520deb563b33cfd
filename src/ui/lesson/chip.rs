//! One of a few that is chosen by a press.

use leptos::prelude::*;

use crate::ui::widgets::{Press, words};

pub fn chip(name: String, is_chosen: impl Fn() -> bool + Send + 'static, choose: Press) -> AnyView {
    let pressed = words(move || is_chosen().to_string());
    view! { <button class="chip" aria-pressed=pressed on:click=choose>{name}</button> }.into_any()
}
