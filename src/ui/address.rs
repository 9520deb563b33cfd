//! The state in the page's address: what is on screen can be linked to, and Back goes back.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::api;
use super::consent::{self, fitting};
use super::frame::embedded;
use super::parts::words;
use super::session::Session;
use crate::state::{Patch, link, read_link};
use crate::text;

/// The address follows once the reader rests for so long: a step of the browser's history is not a letter.
const REST: Duration = Duration::from_millis(400);

/// What follows the `#`.
pub(super) fn written() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Reads the address now and whenever Back or Forward changes it, and writes what the reader does into it. Says what of
/// a link could not be read.
#[component]
pub fn Address(session: Session) -> impl IntoView {
    let faults = RwSignal::new(String::new());
    // While a link is put in place, the state on the way there is no step of the reader's.
    let reading = StoredValue::new(0u32);
    let read = move || {
        let address = written();
        // An address of another page's kind (`#/...`), or none: nothing to read.
        if address.is_empty() || address.starts_with('/') || address == session.view.with_untracked(link) {
            return;
        }
        let (patch, mut lost) = read_link(&address);
        reading.update_value(|count| *count += 1);
        spawn_local(async move {
            session.until(&|| session.run.with_untracked(Option::is_some)).await;
            let named = consent::bring(session, &patch).await;
            let asked = matches!(named, Ok(false));
            lost.extend(named.err().map(|error| error.to_string()));
            // The rest of the link holds all the same.
            let (patch, wrong) = fitting(session, &Patch { model: None, ..patch });
            let done = api::change(session, patch).await;
            if !asked {
                lost.extend([wrong, done.err()].into_iter().flatten().map(|error| error.to_string()));
            }
            reading.update_value(|count| *count -= 1);
            faults.set(text::sentences(lost.iter().map(|fault| text::translated(fault))));
            // Words have become places: the same step, written as this page writes it.
            if let (0, false, Some(now)) = (reading.get_value(), asked, untrack(|| session.settled())) {
                write(session, &link(&now), true);
            }
        });
    };
    read();
    let handle = window_event_listener(leptos::ev::hashchange, move |_| read());
    on_cleanup(move || handle.remove());
    // Tokens are those of a text that has been read, and a model may be waiting for the reader's word: until then the
    // address stays.
    let asking = Memo::new(move |_| session.looked.with(|looked| looked.asked.is_some()));
    Effect::new(move |before: Option<String>| {
        let Some(now) = session.settled().filter(|_| !asking.get()).as_ref().map(link) else {
            return before.unwrap_or_else(|| session.view.with_untracked(link));
        };
        if before.as_ref().is_some_and(|before| *before != now) {
            let told = now.clone();
            set_timeout(
                move || {
                    // The steps of a page around are not ours.
                    if reading.get_value() == 0 {
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
    if session.view.with_untracked(link) == told && now != told && !now.starts_with('/') {
        // Refused in some frames: then the address stays as it is.
        let address = format!("#{told}");
        let _ = window().history().and_then(|h| match replace {
            true => h.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => h.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        });
    }
}
