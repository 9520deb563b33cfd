//! What is typed survives a reload at any moment, also before it has been read and is in the address: the texts on
//! screen are kept in the tab's own storage.

use std::cell::Cell;

use leptos::prelude::*;
use web_sys::{PerformanceNavigation, Storage};

use crate::state::{Action, Baseline};
use crate::ui::browser::frame::embedded;
use crate::ui::session::state::Session;

/// Where the page was left; none while it is in sight, and where there are no texts to put back.
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

/// The lesson has texts and an address of its own.
fn is_lesson(address: &str) -> bool {
    address.starts_with("#/")
}

/// Puts the texts on screen that stood there when this page was left, if it has been loaded anew or come back to, and
/// keeps them from now on. The frames of a page that embeds this one would share one storage: they keep nothing.
pub fn install(session: Session) {
    if embedded() {
        return;
    }
    RESTORED.set(restore(session).is_some());
    // What is there from now on, this page has put there when it was left.
    forget();
    for event in ["pagehide", "pageshow", "visibilitychange"] {
        let handle = window_event_listener_untyped(event, move |_| {
            // A page that is put aside on a phone may end without a further word.
            let leaves = event == "pagehide" || document().hidden();
            if !leaves || keep(session).is_none() {
                forget();
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
    let (storage, now) = (storage()?, address());
    let item = |name: &str| storage.get_item(name).ok().flatten();
    let left_at = item(AT)?;
    let is_here = match window().performance()?.navigation().type_() {
        // The page may have written its address while it was being loaded anew, and then been left at a newer one.
        PerformanceNavigation::TYPE_RELOAD => true,
        PerformanceNavigation::TYPE_BACK_FORWARD => left_at == now,
        _ => false,
    };
    let text = item(TEXT).filter(|_| is_here && !is_lesson(&now))?;
    session.put_texts(text, item(PAIR));
    if let Some(other) = item(OTHER) {
        session.act(Action::SetOther(other));
    }
    Some(())
}

/// The texts that are kept, or a part of them, are not put back.
fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(AT);
    }
}

/// None where there is no room for the texts, or none to keep.
fn keep(session: Session) -> Option<()> {
    let (storage, now) = (storage()?, address());
    if is_lesson(&now) {
        return None;
    }
    session.view.with_untracked(|view| {
        let other = match &view.compare {
            Some(Baseline::Text(other)) => Some(other),
            _ => None,
        };
        for (name, text) in [(AT, Some(&now)), (TEXT, Some(&view.text)), (PAIR, view.pair.as_ref()), (OTHER, other)] {
            match text {
                Some(text) => storage.set_item(name, text),
                None => storage.remove_item(name),
            }
            .ok()?;
        }
        Some(())
    })
}
