//! Dark and light: by the system, or by the reader's own switch.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::frame::parameter;
use super::parts::{press, words};
use crate::scene::colour::Theme;
use crate::text;

const KEY: &str = "attnscope-theme";

#[derive(Clone, Copy)]
pub struct Look(RwSignal<Theme>);

impl Look {
    pub fn new() -> Self {
        let look = Self(RwSignal::new(Theme::Light));
        // The page around says how its frames look; what the reader chose here elsewhere stays as it was.
        let given = parameter("theme").filter(|theme| ["dark", "light"].contains(&theme.as_str()));
        match given.or_else(|| storage().and_then(|s| s.get_item(KEY).ok().flatten())).as_deref() {
            Some("dark") => look.choose(Theme::Dark),
            Some("light") => look.choose(Theme::Light),
            _ => look.follow_system(),
        }
        look
    }

    pub fn theme(&self) -> Theme {
        self.0.get()
    }

    pub fn switch(&self) {
        let next = match self.0.get_untracked() {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        // Refused storage only means that the choice is forgotten.
        let _ = storage().map(|s| s.set_item(KEY, name(next)));
        self.choose(next);
    }

    /// The reader's choice: the style sheet puts it before the system's.
    fn choose(&self, theme: Theme) {
        let _ = document().document_element().map(|root| root.set_attribute("data-theme", name(theme)));
        self.0.set(theme);
    }

    fn follow_system(&self) {
        let Some(query) = window().match_media("(prefers-color-scheme: dark)").ok().flatten() else { return };
        let (theme, system) = (self.0, query.clone());
        let read = move || {
            let chosen = document().document_element().is_some_and(|root| root.has_attribute("data-theme"));
            if !chosen {
                theme.set(if system.matches() { Theme::Dark } else { Theme::Light });
            }
        };
        read();
        let on_change = Closure::<dyn FnMut()>::new(read);
        query.set_onchange(Some(on_change.as_ref().unchecked_ref()));
        // The page lives as long as this listener.
        on_change.forget();
    }
}

fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// None where the reader forbids it.
pub fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[component]
pub fn ThemeSwitch(look: Look) -> impl IntoView {
    let label = move || match look.theme() {
        Theme::Light => text::to_dark().into(),
        Theme::Dark => text::to_light().into(),
    };
    view! { <button class="quiet" id="theme" on:click=press(move || look.switch())>{words(label)}</button> }
}
