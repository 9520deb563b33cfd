//! Dark and light: by the system, or by the reader's own switch.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::scene::colour::Theme;

const KEY: &str = "attnscope-theme";

#[derive(Clone, Copy)]
pub struct Look {
    /// What the reader chose; none follows the system.
    chosen: RwSignal<Option<Theme>>,
    system: RwSignal<Theme>,
}

impl Look {
    pub fn new() -> Self {
        let stored = storage().and_then(|s| s.get_item(KEY).ok().flatten());
        let chosen = match stored.as_deref() {
            Some("dark") => Some(Theme::Dark),
            Some("light") => Some(Theme::Light),
            _ => None,
        };
        let look = Self { chosen: RwSignal::new(chosen), system: RwSignal::new(Theme::Light) };
        look.follow_system();
        Effect::new(move |_| {
            let root = document().document_element().expect("a page has a root element");
            let _ = match look.chosen.get() {
                Some(theme) => root.set_attribute("data-theme", name(theme)),
                None => root.remove_attribute("data-theme"),
            };
        });
        look
    }

    pub fn theme(&self) -> Theme {
        self.chosen.get().unwrap_or_else(|| self.system.get())
    }

    pub fn switch(&self) {
        let next = match self.theme() {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        self.chosen.set(Some(next));
        // Refused storage only means that the choice is forgotten.
        let _ = storage().map(|s| s.set_item(KEY, name(next)));
    }

    fn follow_system(&self) {
        let Some(query) = window().match_media("(prefers-color-scheme: dark)").ok().flatten() else { return };
        let system = self.system;
        let read = {
            let query = query.clone();
            move || system.set(if query.matches() { Theme::Dark } else { Theme::Light })
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

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[component]
pub fn ThemeSwitch(look: Look) -> impl IntoView {
    let label = move || match look.theme() {
        Theme::Light => "Dark",
        Theme::Dark => "Light",
    };
    view! {
        <button class="quiet" id="theme" on:click=move |_| look.switch()>
            <span aria-hidden="true">{move || if look.theme() == Theme::Light { "☾ " } else { "☀ " }}</span>
            {label}
        </button>
    }
}
