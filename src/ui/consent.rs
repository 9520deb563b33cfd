//! Models that a link, a script or the page around names. What needs no request to another origin comes at once; of
//! anything else the reader is asked, and the model that is here shows what it can meanwhile.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::change::{self, Lost};
use super::models::{choices, told};
use super::parts::{Content, button, piece, plain, press};
use super::session::{Cause, Model, Session, Told};
use super::status::fault;
use crate::error::{Error, Kind, Result};
use crate::source::Source;
use crate::state::{Patch, ViewState};
use crate::text;

/// Brings the model that a patch names. False where the reader is asked first: then the patch is kept for their answer.
///
/// # Errors
/// Those of loading it; the model from before is there again then.
pub async fn bring(session: Session, patch: &Patch) -> Result<bool> {
    let Some(wanted) = &patch.model else { return Ok(true) };
    let own = session.own_model();
    let wanted = wanted.clone().filter(|source| *source != own);
    if session.view.with_untracked(|view| view.model == wanted) {
        stop_asking(session);
        return Ok(true);
    }
    let source = wanted.unwrap_or(own);
    let here = window().location().origin().unwrap_or_default();
    let from_store = source.origin() != here && !session.has_agreed(&source);
    if from_store && !is_kept(session, &source).await {
        session.looked.update(|looked| looked.asked = Some((source, patch.clone())));
        return Ok(false);
    }
    stop_asking(session);
    if session.model.with_untracked(|model| *model == Model::Waiting) {
        session.name_model(source, from_store);
        return Ok(true);
    }
    take(session, source, from_store).await?;
    Ok(true)
}

fn stop_asking(session: Session) {
    if session.looked.with_untracked(|looked| looked.asked.is_some()) {
        session.looked.update(|looked| looked.asked = None);
    }
}

async fn is_kept(session: Session, source: &Source) -> bool {
    let id = session.ask_kept(source.clone());
    let lost = || session.model.with_untracked(|model| matches!(model, Model::Failed(e) if e.kind == Kind::Worker));
    session.until(&|| session.is_kept(id).is_some() || lost()).await;
    session.is_kept(id).unwrap_or(false)
}

/// Loads a model and waits until it is here.
async fn take(session: Session, source: Source, from_store: bool) -> Result<()> {
    session.take_model(source.clone(), Vec::new(), from_store);
    let advice = "Open the link again.";
    let failed = |got: &str| Error::new(Kind::Input, source.written(), "this model", got, advice);
    let ended = || {
        if untrack(|| session.source()).as_ref() != Some(&source) {
            let another = || failed("another one by now");
            return Some(Err(session.fault.get_untracked().unwrap_or_else(another)));
        }
        match session.model.get_untracked() {
            Model::Ready(_) => Some(Ok(())),
            Model::Failed(error) => Some(Err(error)),
            Model::Stopped => Some(Err(failed("a download that was stopped"))),
            _ => None,
        }
    };
    session.until(&|| ended().is_some()).await;
    let ended = ended().unwrap_or(Ok(()));
    // Nothing was here before: the page's own reads, unless the reader has stopped that, too, or there is no worker.
    let none_is_here = |model: &Model| matches!(model, Model::Failed(error) if error.kind != Kind::Worker);
    if ended.is_err() && session.model.with_untracked(none_is_here) {
        session.take_model(session.own_model(), Vec::new(), false);
    }
    ended
}

/// What of a patch the model here can show, and what is wrong with the rest.
pub fn fitting(session: Session, patch: &Patch) -> (Patch, Vec<Error>) {
    let (mut fitting, mut wrong) = (patch.clone(), Vec::new());
    let Some((layers, heads)) = session.next_size() else { return (fitting, wrong) };
    if let Some(altered) = &mut fitting.altered {
        wrong.extend(altered.check_heads(layers, heads).err());
        altered.heads_off.retain(|head| head.layer < layers && head.head < heads);
    }
    let mut next = session.view.get_untracked();
    next.apply(&fitting);
    if let Err(error) = next.check_heads(layers, heads) {
        wrong.push(error);
        (fitting.layer, fitting.head) = (None, None);
    }
    (fitting, wrong)
}

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
                let done = change::change(session, patch, Lost::Part, Cause::Reader).await;
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

/// A view whose model is the one that is here.
pub fn of_this_model(session: Session, view: ViewState) -> ViewState {
    ViewState { model: session.view.with_untracked(|view| view.model.clone()), ..view }
}
