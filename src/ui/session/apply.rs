//! Changes from outside: what a script, the page around or a link asks for, put in place and waited for.

use std::sync::Arc;

use js_sys::Promise;
use leptos::prelude::*;

use crate::error::{Error, Kind, Result};
use crate::source::Source;
use crate::state::{Asked, Patch, Run, Source as RunSource, ViewState, Wanted};
use crate::ui::session::state::Session;
use crate::ui::session::types::{Before, Cause, Model};

/// What of a change is lost where a part of it cannot be made.
#[derive(Clone, Copy, PartialEq)]
pub enum Lost {
    /// That part alone.
    Part,
    All,
}

/// Puts in place what a link or attributes ask for, as far as it can be, and says what of it cannot. What the reader has
/// typed meanwhile stays. The caller has called [`Session::begin_link`].
pub async fn follow(session: Session, patch: Patch, mut lost: Vec<String>, cause: Cause) -> Vec<String> {
    let texts = |view: &ViewState| (view.text.clone(), view.pair.clone());
    let begun = session.view.with_untracked(texts);
    // A model of another host may be waiting for the reader's word: nothing is lost then.
    let (mut asks, mut patch) = (false, patch);
    match bring(session, &patch).await {
        Ok(is_here) => asks = !is_here,
        Err(error) => lost.push(error.to_string()),
    }
    has_size(session).await;
    patch.model = None;
    if session.view.with_untracked(texts) != begun {
        (patch.text, patch.pair, patch.wanted) = (None, None, Wanted::default());
    }
    let (patch, wrong) = fitting(session, &patch);
    let done = change(session, patch, Lost::Part, cause).await;
    let failed = session.model.with_untracked(|model| matches!(model, Model::Failed(_)));
    if !asks {
        lost.extend(wrong.iter().chain(done.err().filter(|_| !failed).iter()).map(Error::to_string));
    }
    session.end_link();
    lost
}

/// Makes a change that came from outside, and waits until it is drawn; but not for the reader, where it names a model of
/// which they are asked first: then what of it the model here can show is drawn.
///
/// # Errors
/// What is wrong with it, or with the run or the model that it asks for. With [`Lost::All`] nothing of it is left then.
pub async fn change(session: Session, patch: Patch, lost: Lost, cause: Cause) -> Result<()> {
    if lost == Lost::All {
        session.until(&|| !session.follows_link()).await;
        if patch.model.is_none() {
            has_size(session).await;
        }
    }
    let before = session.begin_change();
    let made = make(session, patch, lost, &before).await;
    if let (Err(Refused { on_screen: true, .. }), Lost::All) = (&made, lost) {
        session.take_back(before);
        let done =
            |model: &Model| matches!(model, Model::Ready(_) | Model::Waiting | Model::Stopped | Model::Failed(_));
        session.until(&|| session.model.with_untracked(done)).await;
        // What was read before is read again; if that fails the page says so.
        let _ = read(session, &session.view.with_untracked(ViewState::asked)).await;
    }
    let stays = made.is_ok() || lost == Lost::Part;
    session.end_change(stays.then_some(cause));
    drawn().await;
    made.map_err(|refused| refused.error)
}

/// A change that is not made.
struct Refused {
    error: Error,
    /// Something of it is on screen.
    on_screen: bool,
}

async fn make(session: Session, patch: Patch, lost: Lost, before: &Before) -> std::result::Result<(), Refused> {
    let brought = bring(session, &patch).await;
    let mut made = match brought {
        Ok(true) => put_in_place(session, patch, lost, before).await,
        Ok(false) => {
            let (patch, _) = fitting(session, &Patch { model: None, ..patch });
            // Tokens that are not there may be in the text as the model reads it that was asked for.
            match put_in_place(session, patch.clone(), lost, before).await {
                Ok(()) => Ok(()),
                Err(_) => put_in_place(session, Patch { wanted: Wanted::default(), ..patch }, lost, before).await,
            }
        }
        Err(error) => {
            if lost == Lost::All {
                // The caller is told, and the page has its model from before.
                session.fault.set(None);
            }
            Err(Refused { error, on_screen: false })
        }
    };
    if let Err(refused) = &mut made {
        refused.on_screen |= session.has_other_model(before);
    }
    made
}

async fn put_in_place(session: Session, patch: Patch, lost: Lost, before: &Before) -> std::result::Result<(), Refused> {
    has_size(session).await;
    let mut next = session.view.get_untracked();
    let asked = next.asked();
    next.apply(&patch);
    if lost == Lost::All && session.others_change() && next.asked() != asked {
        // It replaces a change that is still under way; nothing of that one remains.
        next = ViewState { model: next.model, ..before.view.clone() };
        next.apply(&Patch { model: None, ..patch.clone() });
    }
    let early = |error| Refused { error, on_screen: false };
    if let (Lost::All, Some((layers, heads))) = (lost, session.next_size()) {
        next.check_heads(layers, heads).map_err(early)?;
    }
    let asked = next.asked();
    // What went wrong before is not this call's.
    session.fault.set(None);
    let mut absent = session.go(next.clone(), patch.wanted.clone()).err();
    if let Some(error) = absent.take_if(|_| lost == Lost::All) {
        return Err(early(error));
    }
    if absent.is_some() {
        session.arrive(next, Wanted::default());
    }
    let late = |error| {
        let on_screen = session.view.with_untracked(ViewState::asked) == asked;
        Refused { error, on_screen }
    };
    read(session, &asked).await.map_err(late)?;
    if let Some(run) = session.run.get_untracked().filter(|_| absent.is_none()) {
        absent = session.view.get_untracked().find(&patch.wanted, &run.shown).err();
    }
    session.until(&|| untrack(|| here(session, lost))).await;
    let failed = || session.model.with_untracked(|m| if let Model::Failed(e) = m { Some(e.clone()) } else { None });
    let missing = || untrack(|| session.needs_model()).then(failed).flatten();
    absent.or_else(|| session.fault.get_untracked()).or_else(missing).map_or(Ok(()), |error| Err(late(error)))
}

/// How many layers and heads what comes to the screen will have is known, or will not be.
async fn has_size(session: Session) {
    let failed = || session.model.with_untracked(|model| matches!(model, Model::Failed(_)));
    session.until(&|| session.next_size().is_some() || failed()).await;
}

/// The maps to be drawn are here, or will not come.
fn here(session: Session, lost: Lost) -> bool {
    let failed = session.fault.with(Option::is_some) || session.model.with(|m| matches!(m, Model::Failed(_)));
    let Some(run) = session.run.get().filter(|r| r.source != RunSource::Snapshot) else {
        return failed || lost == Lost::Part || !session.needs_model();
    };
    let head = session.view.with(ViewState::head_id);
    failed || session.empty() || session.of().is_some_and(|of| run.map(of, head).is_some())
}

/// Waits until the pictures are about this.
async fn read(session: Session, asked: &Asked) -> Result<()> {
    let state = || {
        if session.view.with_untracked(|v| v.asked() != *asked) {
            let advice = "Wait for one set to resolve before the next.";
            return Some(Err(Error::new(
                Kind::Input,
                "attnscope.set",
                "this run to be waited for",
                "a newer one",
                advice,
            )));
        }
        let is_it = |run: &Arc<Run>| run.asked == *asked && !session.is_anothers(run);
        let there = session.run.with_untracked(|run| run.as_ref().is_some_and(is_it));
        if session.empty_untracked() || there {
            return Some(Ok(()));
        }
        match session.model.get_untracked() {
            Model::Failed(error) => Some(Err(error)),
            Model::Ready(_) => session.fault.get_untracked().map(Err),
            _ => None,
        }
    };
    session.until(&|| state().is_some()).await;
    state().unwrap_or(Ok(()))
}

/// Effects run in the microtasks after a change: one turn of the event loop later they have drawn.
async fn drawn() {
    let turn = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(turn).await;
}

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

/// Loads a model and waits until it is here.
pub async fn take(session: Session, source: Source, from_store: bool) -> Result<()> {
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

/// A view whose model is the one that is here.
pub fn of_this_model(session: Session, view: ViewState) -> ViewState {
    ViewState { model: session.view.with_untracked(|view| view.model.clone()), ..view }
}
