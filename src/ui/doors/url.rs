//! The state in the page's address: what is on screen can be linked to, and Back goes back.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::state::{Baseline, Patch, ViewState, Wanted, link_texts, link_to, read_link};
use crate::text;
use crate::ui::browser::frame::embedded;
use crate::ui::doors::embed;
use crate::ui::session::{Cause, Session, apply, draft};
use crate::ui::widgets::{content, flag};

/// The address follows once the reader rests for so long: a step of the browser's history is not a letter.
const REST: Duration = Duration::from_millis(400);

/// What follows the `#`.
pub fn written() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// The link in the address; none where there is nothing to read, or an address of another page's kind (`#/...`).
fn written_link() -> Option<String> {
    Some(written()).filter(|address| !address.is_empty() && !address.starts_with('/'))
}

/// The page stands alone, and its address asks for nothing.
pub fn is_bare() -> bool {
    !embedded() && written().is_empty()
}

/// Puts the texts of a link on screen before anything is drawn, so that no saved run of another text is; but where the page
/// around sends a `saved` run, that says what is read. All else of the link is read by [`Address`].
pub fn begin(session: Session, saved: bool) {
    let Some(link) = written_link() else { return };
    session.begin_link();
    if let Some((text, pair)) = link_texts(&link).filter(|_| !saved) {
        session.put_texts(text, pair);
    }
}

/// The entry of the browser's history that is on screen: the reader's step that it shows, and its link.
#[derive(Clone, Default)]
struct Entry {
    step: u32,
    link: String,
}

/// Reads the address ([`begin`] has read its texts before), reads it again whenever Back or Forward changes it, and writes
/// the reader's changes into it. Reports the parts of a link that cannot be read, in a frame to the author of the page
/// around it, and a text that is too long for a link.
#[component]
pub fn Address(session: Session) -> impl IntoView {
    let (faults, too_long) = (RwSignal::new(String::new()), RwSignal::new(false));
    let entry = StoredValue::new(Entry::default());
    let read = move |link: String, cause: Cause| {
        let (mut patch, lost) = read_link(&link);
        if cause == Cause::Start && draft::was_restored() {
            session.view.with_untracked(|view| keep_texts(&mut patch, view));
        }
        spawn_local(async move {
            let lost = apply::follow(session, patch, lost, cause).await;
            if embedded() {
                embed::tell_faults(&lost);
            } else {
                faults.set(text::sentences(lost.iter().map(|fault| text::translated(&text::visible(fault)))));
            }
            // Words have become places: the same step, written as this page writes it.
            let asks = session.looked.with_untracked(|looked| looked.asked.is_some());
            let link = untrack(|| session.settled()).as_ref().and_then(link_to);
            if let (false, Some(link)) = (asks, link) {
                write(session, &link, entry, true);
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
        if let Some(link) = written_link().filter(|link| session.view.with_untracked(link_to).as_ref() != Some(link)) {
            session.begin_link();
            read(link, Cause::Reader);
        }
    });
    on_cleanup(move || handle.remove());
    // Tokens are those of a text that has been read, and a model may be waiting for the reader's word: until then the
    // address stays.
    let asking = Memo::new(move |_| session.looked.with(|looked| looked.asked.is_some()));
    Effect::new(move |before: Option<Option<String>>| {
        let Some(now) = session.settled().filter(|_| !asking.get()) else {
            return before.unwrap_or_else(|| {
                let link = session.view.with_untracked(link_to);
                entry.set_value(Entry { step: session.step(), link: link.clone().unwrap_or_default() });
                link
            });
        };
        let now = link_to(&now);
        too_long.set(now.is_none());
        if let (Some(before), Some(link)) = (&before, &now) {
            if before.as_ref() != Some(link) {
                let link = link.clone();
                set_timeout(
                    move || {
                        // A link that is being put in place is in the address. The steps of a page around are not ours.
                        if !session.follows_link() {
                            write(session, &link, entry, embedded());
                        }
                    },
                    REST,
                );
            }
        } else if before.is_none() {
            entry.set_value(Entry { step: session.step(), link: now.clone().unwrap_or_default() });
        }
        now
    });
    let said = move || {
        let lost = faults.with(|faults| if faults.is_empty() { String::new() } else { text::link_lost(faults) });
        text::sentences([lost.as_str(), if too_long.get() { text::link_too_long() } else { "" }])
    };
    let none = move || faults.with(String::is_empty) && !too_long.get();
    view! { <p class="note" role="status" id="link" hidden=flag(none) prop:textContent=content(said)></p> }
}

/// The texts on screen, which were typed after the link was written, take the place of the link's own.
fn keep_texts(patch: &mut Patch, view: &ViewState) {
    let texts = (Some(&view.text), Some(&view.pair));
    if (patch.text.as_ref(), patch.pair.as_ref()) != texts {
        (patch.text, patch.pair) = (Some(view.text.clone()), Some(view.pair.clone()));
        // Its tokens are those of its own text.
        patch.wanted = Wanted { tokens: Some(Vec::new()), from: Some(None), to: Some(None) };
    }
    if let Some(Baseline::Text(_)) = view.compare {
        patch.compare = Some(view.compare.clone());
    }
}

/// Writes a link into the address, if the state is still this one: as a step in the browser's history, or as what the
/// last step is now. A sentence that is typed is one step.
fn write(session: Session, told: &str, entry: StoredValue<Entry>, replace: bool) {
    let now = written();
    // The lesson has an address of its own.
    if now.starts_with('/') || session.view.with_untracked(link_to).as_deref() != Some(told) {
        return;
    }
    let (step, last) = (session.step(), entry.get_value());
    entry.set_value(Entry { step, link: told.to_owned() });
    if now == told {
        return;
    }
    let replace = replace || step == last.step;
    if now.is_empty() && !replace && !last.link.is_empty() {
        // Without a link, the way back to what was on screen first would show nothing.
        put(&last.link, true);
    }
    put(told, replace);
}

fn put(link: &str, replace: bool) {
    // Refused in some frames: then the address stays as it is.
    let address = format!("#{link}");
    let _ = window().history().and_then(|h| match replace {
        true => h.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
        false => h.push_state_with_url(&JsValue::NULL, "", Some(&address)),
    });
}
