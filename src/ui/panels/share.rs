//! What a reader takes along: the link, the run as a file, a place in another page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::text;
use crate::ui::browser::clipboard::copy;
use crate::ui::browser::files::{self, address, save};
use crate::ui::browser::frame::embedded;
use crate::ui::browser::theme::Look;
use crate::ui::panels::ask_model::NoLink;
use crate::ui::panels::embed::EmbedDialog;
use crate::ui::panels::export::{Export, captioned};
use crate::ui::session::save::{link, snapshot};
use crate::ui::session::{Session, open};
use crate::ui::views::selection::Readings;
use crate::ui::widgets::popover::popover;
use crate::ui::widgets::{button, content, plain, press, words};

#[component]
pub fn Share(session: Session, look: Look, readings: Readings) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let copy_link = press(move || {
        let Some(link) = untrack(|| link(session)) else { return said.set(text::link_too_long().into()) };
        let copying = copy(&link);
        spawn_local(async move {
            said.set(if copying.await { text::link_copied().into() } else { text::link_copy_by_hand(&link) });
        });
    });
    let save_run = press(move || {
        spawn_local(async move {
            let name = format!("{}.safetensors", session.file_name());
            let saved = snapshot(session).await.and_then(|bytes| save(&name, &bytes).map(|()| bytes.len()));
            said.set(match saved {
                Ok(bytes) => text::snapshot_saved(&name, bytes.div_ceil(1000)),
                Err(error) => text::translated(&error.to_string()),
            });
        });
    });
    let inner = view! {
        <div class="changes">
            {button(text::copy_link(), copy_link)}
            {button(text::save_snapshot(), save_run)}
            <EmbedDialog session look/>
        </div>
        <NoLink session/>
        <p class="readout" id="shared" role="status" prop:textContent=content(move || said.get())></p>
        <Export session look readings/>
        <OpenFile session/>
    };
    popover("share", text::share(), inner.into_any())
}

/// What is on screen, in a sentence for paper.
#[component]
pub fn OnPaper(session: Session) -> impl IntoView {
    view! { <p class="on-paper" prop:textContent=content(move || captioned(session))></p> }
}

/// A field to choose a file with.
#[component]
pub fn OpenFile(session: Session) -> impl IntoView {
    let chosen = move |event: web_sys::Event| {
        if let Some(chosen) = files::taken(&event).pop() {
            open::file(session, chosen);
        }
    };
    view! {
        <div class="control">
            {plain("label", "for=open", text::open_snapshot())}
            <input id="open" type="file" accept=".safetensors" on:change=chosen/>
        </div>
    }
}

/// A link to the whole page, with what is on screen: what a frame shows is often too small to work in.
#[component]
pub fn WholePage(session: Session) -> impl IntoView {
    embedded().then(|| {
        view! {
            <p class="readout whole">
                <a target="_blank" rel="noopener" href=words(move || link(session).unwrap_or_else(|| address("./")))>{text::whole_page()}</a>
            </p>
        }
    })
}
