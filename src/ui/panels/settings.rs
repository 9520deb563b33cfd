//! The choices of theme and language.

use leptos::prelude::*;

use crate::scene::colour::Theme;
use crate::text::{self, LANGUAGES};
use crate::ui::browser::language::choose;
use crate::ui::browser::theme::Look;
use crate::ui::widgets::{content, plain, press, select};

#[component]
pub fn ThemeSwitch(look: Look) -> impl IntoView {
    let label = move || match look.theme() {
        Theme::Light => text::to_dark().into(),
        Theme::Dark => text::to_light().into(),
    };
    view! { <button class="quiet" id="theme" on:click=press(move || look.switch()) prop:textContent=content(label)></button> }
}

#[component]
pub fn LanguageChoice() -> impl IntoView {
    let names = || LANGUAGES.iter().map(|language| language.name.to_owned()).collect();
    let now = || LANGUAGES.iter().position(|language| language.name == text::language()).unwrap_or(0);
    let list = select("language".into(), names, now, |i| {
        if let Some(language) = LANGUAGES.get(i) {
            choose(language);
        }
    });
    view! { {plain("label", "class=unseen for=language", text::choose_language())} {list} }
}
