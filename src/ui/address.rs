//! The state in the page's address: what is on screen can be linked to, and Back goes back.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::frame::embedded;
use super::parts::words;
use super::session::{Cause, Session};
use super::{change, messages};
use crate::state::{link as to_link, link_texts, read_link};
use crate::text;

/// The address follows once the reader rests for so long: a step of the browser's history is not a letter.
const REST: Duration = Duration::from_millis(400);

/// What follows the `#`.
pub(super) fn written() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// The link in the address; none where there is nothing to read, or an address of another page's kind (`#/...`).
fn written_link() -> Option<String> {
    Some(written()).filter(|address| !address.is_empty() && !address.starts_with('/'))
}

/// Puts the texts of a link on screen before anything is drawn, so that no saved run of another text is; but where the page
/// around sends a `saved` run, that says what is read. All else of the link is read by [`Address`].
pub fn begin(session: Session, saved: bool) {
    let Some(link) = written_link() else { return };
    session.begin_link();
    if let Some((text, pair)) = link_texts(&link).filter(|_| !saved) {
        session.view.update(|view| {
            if view.text != text || pair.is_some() {
                view.tokens.clear();
            }
            (view.text, view.pair) = (text, pair);
        });
    }
}

/// Reads the address, of which [`begin`] has read the texts, and reads it again whenever Back or Forward changes it; writes
/// what the reader does into it. Says what of a link could not be read: in a frame to whoever made the page around.
#[component]
pub fn Address(session: Session) -> impl IntoView {
    let faults = RwSignal::new(String::new());
    let read = move |link: String, cause: Cause| {
        let (patch, lost) = read_link(&link);
        spawn_local(async move {
            let lost = change::follow(session, patch, lost, cause).await;
            if embedded() {
                messages::tell_faults(&lost);
            } else {
                faults.set(text::sentences(lost.iter().map(|fault| text::translated(fault))));
            }
            // Words have become places: the same step, written as this page writes it.
            let asks = session.looked.with_untracked(|looked| looked.asked.is_some());
            if let (false, Some(now)) = (asks, untrack(|| session.settled())) {
                write(session, &to_link(&now), true);
            }
        });
    };
    match written_link() {
        Some(link) => {
            if !session.follows_link() {
                session.begin_link();
            }
            read(link, Cause::Start);
        }
        None if session.follows_link() => session.end_link(),
        None => {}
    }
    let handle = window_event_listener(leptos::ev::hashchange, move |_| {
        if let Some(link) = written_link().filter(|link| *link != session.view.with_untracked(to_link)) {
            session.begin_link();
            read(link, Cause::Reader);
        }
    });
    on_cleanup(move || handle.remove());
    // Tokens are those of a text that has been read, and a model may be waiting for the reader's word: until then the
    // address stays.
    let asking = Memo::new(move |_| session.looked.with(|looked| looked.asked.is_some()));
    Effect::new(move |before: Option<String>| {
        let Some(now) = session.settled().filter(|_| !asking.get()).as_ref().map(to_link) else {
            return before.unwrap_or_else(|| session.view.with_untracked(to_link));
        };
        if before.as_ref().is_some_and(|before| *before != now) {
            let told = now.clone();
            set_timeout(
                move || {
                    // A link that is being put in place is in the address. The steps of a page around are not ours.
                    if !session.follows_link() {
                        write(session, &told, embedded());
                    }
                },
                REST,
            );
        }
        now
    });
    let said = move || {
        let faults = faults.get();
        if faults.is_empty() { String::new() } else { text::link_lost(&faults) }
    };
    view! { <p class="note" role="status" id="link" hidden=move || faults.with(String::is_empty)>{words(said)}</p> }
}

/// A step in the browser's history, or what the last one is now, if the state is still this one.
fn write(session: Session, told: &str, replace: bool) {
    let now = written();
    // The lesson has an address of its own.
    if session.view.with_untracked(to_link) == told && now != told && !now.starts_with('/') {
        // Refused in some frames: then the address stays as it is.
        let address = format!("#{told}");
        let _ = window().history().and_then(|h| match replace {
            true => h.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => h.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        });
    }
}
