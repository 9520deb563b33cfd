//! Three lines for the first visit, one after the other in the caption's row. Each goes when its step is done.

use leptos::prelude::*;

use crate::scene::Target;
use crate::state::{Baseline, ViewState};
use crate::text;
use crate::ui::browser::frame::embedded;
use crate::ui::browser::storage::storage;
use crate::ui::panels::text::{BIG, SMALL};
use crate::ui::session::Session;
use crate::ui::widgets::{content, flag, press};

/// Where the number of steps that are done is kept.
const KEY: &str = "attnscope-guide";
const STEPS: [text::Name; 3] = [text::guide_point, text::guide_change, text::guide_find];

/// The sentence is the one that the steps are about.
fn is_about(view: &ViewState) -> bool {
    view.pair.is_none() && (view.text == BIG || view.text == SMALL)
}

#[component]
pub fn Guide(session: Session) -> impl IntoView {
    let kept = storage().and_then(|s| s.get_item(KEY).ok().flatten()).and_then(|done| done.parse::<usize>().ok());
    // Frames show what their author chose.
    let done = RwSignal::new(if embedded() { STEPS.len() } else { kept.unwrap_or(0) });
    let go = move |to: usize| {
        done.set(to);
        // Refused storage only means that the lines come again on the next visit.
        let _ = storage().map(|s| s.set_item(KEY, &to.to_string()));
    };
    Effect::new(move |_| {
        let pointed = session.pointed.get();
        let is_done = session.view.with(|view| match done.get() {
            0 => matches!(pointed, Some(Target::Query(_) | Target::Key(_) | Target::Cell { .. })),
            1 => view.text == SMALL,
            2 => matches!(view.compare, Some(Baseline::Text(_))),
            _ => false,
        });
        if is_done {
            go(done.get_untracked() + 1);
        }
    });
    let line = move || STEPS.get(done.get()).map(|line| line().to_owned()).unwrap_or_default();
    let hidden = move || done.get() >= STEPS.len() || !session.view.with(is_about);
    view! {
        <p class="guide" hidden=flag(hidden)>
            <span prop:textContent=content(line)></span>
            <button
                class="quiet"
                aria-label=text::guide_end()
                title=text::guide_end()
                on:click=press(move || go(STEPS.len()))
            >
                "×"
            </button>
        </p>
    }
}
