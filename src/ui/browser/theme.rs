//! How pictures are drawn: dark or light, by the system or by the reader's own switch, always light on paper; and how
//! many of the screen's pixels make one of the page's.

use js_sys::Number;
use leptos::ev::resize;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::scene::colour::Theme;
use crate::ui::browser::frame::parameter;
use crate::ui::browser::storage::storage;

const KEY: &str = "attnscope-theme";

#[derive(Clone, Copy)]
pub struct Look {
    screen: RwSignal<Theme>,
    /// The page is being printed.
    on_paper: RwSignal<bool>,
    ratio: RwSignal<f32>,
}

impl Look {
    pub fn new() -> Self {
        let look = Self {
            screen: RwSignal::new(Theme::Light),
            on_paper: RwSignal::new(false),
            ratio: RwSignal::new(pixel_ratio()),
        };
        look.follow_ratio();
        // Where zoom is finer than the numbers of media queries are compared, they do not tell of it.
        let _ = window_event_listener(resize, move |_| look.read_ratio());
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
        if self.on_paper.get() { Theme::Light } else { self.screen.get() }
    }

    /// The screen's pixels to one of the page's, which changes with zoom and with a move to another screen.
    pub fn ratio(&self) -> f32 {
        self.ratio.get()
    }

    /// What is drawn from now on is for paper, or for the screen again.
    pub fn print(&self, on_paper: bool) {
        if self.on_paper.get_untracked() != on_paper {
            self.on_paper.set(on_paper);
        }
    }

    fn read_ratio(&self) {
        let now = pixel_ratio();
        if self.ratio.get_untracked() != now {
            self.ratio.set(now);
        }
    }

    /// Reads the ratio whenever it changes: a media query only says that it is no longer what it was, so each ratio has
    /// a query of its own.
    fn follow_ratio(self) {
        let on_change = Closure::<dyn Fn()>::new(move || self.read_ratio()).into_js_value();
        Effect::new(move |_| {
            self.ratio.track();
            let now = Number::from(window().device_pixel_ratio()).to_string_with_radix(10).map(String::from);
            let query = window().match_media(&format!("(resolution: {}dppx)", now.unwrap_or_default()));
            if let Ok(Some(query)) = query {
                query.set_onchange(Some(on_change.unchecked_ref()));
            }
        });
    }

    pub fn switch(&self) {
        let next = match self.screen.get_untracked() {
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
        self.screen.set(theme);
    }

    fn follow_system(&self) {
        let Some(query) = window().match_media("(prefers-color-scheme: dark)").ok().flatten() else { return };
        let (theme, system) = (self.screen, query.clone());
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

fn pixel_ratio() -> f32 {
    window().device_pixel_ratio() as f32
}

fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
