//! What is typed survives a reload at any moment, also before it has been read and is in the address: the texts on
//! screen are kept in the tab's own storage.

use std::cell::Cell;

use leptos::prelude::*;
use web_sys::{PerformanceNavigation, Storage};

use super::frame::embedded;
use super::session::Session;
use crate::state::Baseline;

const AT: &str = "attnscope-at";
const TEXT: &str = "attnscope-text";
const PAIR: &str = "attnscope-pair";
const OTHER: &str = "attnscope-other";

thread_local! {
    static RESTORED: Cell<bool> = const { Cell::new(false) };
}

/// None where the reader forbids it.
fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn address() -> String {
    window().location().hash().unwrap_or_default()
}

/// Puts the texts on screen that stood there when this page was left, if it has been loaded anew or come back to, and
/// keeps them from now on. The frames of a page that embeds this one would share one storage: they keep nothing.
pub fn install(session: Session) {
    // The lesson has texts and an address of its own.
    if embedded() || address().starts_with("#/") {
        return;
    }
    RESTORED.set(restore(session).is_some());
    // A page that is put aside on a phone may end without a further word.
    for event in ["pagehide", "visibilitychange"] {
        let handle = window_event_listener_untyped(event, move |_| {
            let kept = keep(session);
            if let (None, Some(storage)) = (kept, storage()) {
                // There is no room for the texts: a part of them is not put back.
                let _ = storage.remove_item(AT);
            }
        });
        on_cleanup(move || handle.remove());
    }
}

/// The texts on screen were put there by [`install`], and the address may have older ones.
pub fn was_restored() -> bool {
    RESTORED.get()
}

fn restore(session: Session) -> Option<()> {
    let kind = window().performance()?.navigation().type_();
    if kind != PerformanceNavigation::TYPE_RELOAD && kind != PerformanceNavigation::TYPE_BACK_FORWARD {
        return None;
    }
    let storage = storage()?;
    let item = |name: &str| storage.get_item(name).ok().flatten();
    let text = item(TEXT).filter(|_| item(AT) == Some(address()))?;
    session.view.update(|view| {
        let pair = item(PAIR);
        if (&view.text, &view.pair) != (&text, &pair) {
            // They are of another text.
            view.tokens.clear();
        }
        (view.text, view.pair) = (text, pair);
        if let Some(other) = item(OTHER) {
            view.compare = Some(Baseline::Text(other));
        }
    });
    Some(())
}

fn keep(session: Session) -> Option<()> {
    let storage = storage()?;
    session.view.with_untracked(|view| {
        let other = match &view.compare {
            Some(Baseline::Text(other)) => Some(other),
            _ => None,
        };
        for (name, text) in
            [(AT, Some(&address())), (TEXT, Some(&view.text)), (PAIR, view.pair.as_ref()), (OTHER, other)]
        {
            match text {
                Some(text) => storage.set_item(name, text),
                None => storage.remove_item(name),
            }
            .ok()?;
        }
        Some(())
    })
}
