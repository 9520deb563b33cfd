//! Models that a link, a script or the page around names. What needs no request to another origin comes at once; of
//! anything else the reader is asked, and the model that is here shows what it can meanwhile.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::source::Source;
use crate::state::Patch;
use crate::text;
use crate::ui::panels::models::{choices, told};
use crate::ui::session::apply::{self, Lost, fitting, take};
use crate::ui::session::{Cause, Session, Told};
use crate::ui::widgets::progress::fault;
use crate::ui::widgets::{Content, button, piece, plain, press};

/// Asks for the model that is asked for: first whether to ask its host, then with what that says.
#[component]
pub fn AskModel(session: Session) -> impl IntoView {
    // Under way, by the reader's word.
    let loading = RwSignal::new(false);
    let refuse = move || session.looked.update(|looked| (looked.at, looked.asked) = (None, None));
    // Of several files of a repository this one is meant.
    let choose = move |source: Source| {
        session.looked.update(|looked| {
            if let Some((asked, _)) = &mut looked.asked {
                *asked = source.clone();
            }
        });
        session.look(source);
    };
    let accept = move |source: Source, patch: Patch| {
        loading.set(true);
        session.ask_to_persist(&source);
        spawn_local(async move {
            if take(session, source, false).await.is_ok() {
                let (patch, wrong) = fitting(session, &patch);
                let done = apply::change(session, patch, Lost::Part, Cause::Reader).await;
                if let Some(error) = wrong.into_iter().next().or(done.err()) {
                    session.fault.set(Some(error));
                }
            }
            refuse();
            loading.set(false);
        });
    };
    let note = move || {
        let looked = session.looked.get();
        let Some((source, patch)) = looked.asked.filter(|_| !loading.get()) else { return ().into_any() };
        let (name, host) = (source.written(), source.origin().to_owned());
        let look = {
            let source = source.clone();
            press(move || session.look(source.clone()))
        };
        let looked_at = looked.at.as_ref() == Some(&source);
        let (told, next) = match looked.told.filter(|_| looked_at) {
            Some(Ok(Told::Choices(list))) => (choices(list, choose), None),
            Some(Ok(Told::Plan(plan))) => {
                let load = press(move || accept(source.clone(), patch.clone()));
                let told = view! { <p prop:textContent=Content::from(told(&plan))></p> };
                (told.into_any(), Some(button(text::models_load(), load)))
            }
            Some(Err(error)) => (fault(error), Some(button(text::try_again(), look))),
            None if looked_at => {
                (view! { <p prop:textContent=Content::from(text::models_looking())></p> }.into_any(), None)
            }
            None => {
                let told = view! { <p prop:textContent=Content::from(text::asked_request(&host))></p> };
                (told.into_any(), Some(button(text::models_look(), look)))
            }
        };
        view! {
            <div class="note">
                <p prop:textContent=Content::from(text::asked_model(&name, &host))></p>
                {told}
                <p class="changes">{next} {button(text::asked_stay(), press(refuse))}</p>
            </div>
        }
        .into_any()
    };
    view! { <div role="status" id="asked">{piece(note)}</div> }
}

/// Says that the model is of files that no link can name.
#[component]
pub fn NoLink(session: Session) -> impl IntoView {
    let note = move || match session.source() {
        Some(Source::Own(_)) => plain("p", "class=hint", text::share_own_files()).into_any(),
        _ => ().into_any(),
    };
    view! { {piece(note)} }
}
