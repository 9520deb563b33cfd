//! How far the model is, in one quiet line with a real bar.

use leptos::prelude::*;

use super::parts::{self, piece, press};
use super::session::{Model, Session};
use crate::analysis::fixed;
use crate::error::Error;
use crate::state::{Run, Source};

fn megabytes(bytes: u64) -> String {
    fixed(bytes as f64 / 1e6, 1)
}

fn seconds_left(got: u64, total: u64, seconds: f64) -> Option<f64> {
    // The first moments say nothing about the rate.
    (seconds > 0.5 && got > 0).then(|| seconds * (total.saturating_sub(got)) as f64 / got as f64)
}

/// Whether what is on screen is a saved run, and what becomes of the text meanwhile.
fn about_text(session: Session) -> &'static str {
    session.run.with(|run| match run {
        Some(run) if run.source == Source::Snapshot => {
            let own = session.view.with(|v| run.is_of(v));
            if own {
                "You see a saved run of this sentence. "
            } else {
                "Your text is read as soon as the model is here. "
            }
        }
        _ => "",
    })
}

/// By which model a saved run is that no model here takes the place of.
fn saved_by(session: Session) -> String {
    let saved = |run: &Run| format!("You see a saved run by {}. ", run.saved_by);
    session.run.with(|run| run.as_ref().filter(|r| r.opened).map(|run| saved(run))).unwrap_or_default()
}

/// What a button says and does.
pub type Button = (&'static str, fn(&Session));

/// How much of it is done.
pub fn bar(name: &'static str, done: String, all: String) -> impl IntoView {
    view! { <progress aria-label=name max=all value=done></progress> }
}

/// One line, with what can be done about it.
pub fn line(text: String, button: Option<Button>, session: Session) -> AnyView {
    let button = button.map(|(name, action)| parts::button(name, press(move || action(&session))));
    let text = (!text.is_empty()).then(|| view! { <span>{text}</span> });
    view! { {text} {button} }.into_any()
}

fn status(session: Session) -> AnyView {
    let about = about_text(session);
    let cancel: Option<Button> = Some(("Cancel", Session::cancel));
    match session.model.get() {
        Model::Waiting => {
            let text = format!("{}The model is fetched once you ask for more.", saved_by(session));
            line(text, Some(("Fetch it now", Session::load)), session)
        }
        Model::Starting => line(format!("{about}Looking for the model …"), None, session),
        Model::Preparing => line(format!("{about}Laying out the model …"), None, session),
        Model::Downloading { got, total, seconds, cached } => {
            let what =
                if cached { "Reading the model from this browser's storage" } else { "The model is downloading" };
            let left = seconds_left(got, total, seconds).filter(|_| !cached);
            let left = left.map(|s| format!(", {} s left", fixed(s, 0))).unwrap_or_default();
            let text = format!(
                "{about}{what}: {} of {} MB in {} s{left}",
                megabytes(got),
                megabytes(total),
                fixed(seconds, 0)
            );
            view! { {bar("Model download", got.to_string(), total.to_string())} {line(text, cancel, session)} }
                .into_any()
        }
        Model::Retrying { seconds, error } => {
            let text = format!("Trying again in {} s, from where it stopped.", fixed(seconds, 0));
            view! { {fault(error)} {line(text, cancel, session)} }.into_any()
        }
        Model::Stopped => {
            let text = format!("{about}The download was stopped; what has arrived is kept.");
            line(text, Some(("Carry on", Session::load)), session)
        }
        Model::Failed(error) => {
            view! { {fault(error)} {line(String::new(), Some(("Try again", Session::load)), session)} }.into_any()
        }
        Model::Ready(card) => {
            let run = session.run.with(|r| r.as_ref().map(|r| (r.source, r.tokens.len())));
            let time = match run {
                Some((Source::Model { millis }, n)) => {
                    format!(" · {n} tokens read in {} ms on this device", fixed(millis, 0))
                }
                _ => String::new(),
            };
            let reading = if session.reading.get() { " · reading …" } else { "" };
            let (name, layers, heads, millions) =
                (card.name, card.layers, card.heads, fixed(card.parameters as f64 / 1e6, 1));
            line(
                format!(
                    "{}{name}: {layers} layers, {heads} heads each, {millions} M parameters{time}{reading}",
                    saved_by(session)
                ),
                None,
                session,
            )
        }
    }
}

#[component]
pub fn Status(session: Session) -> impl IntoView {
    let last_fault = move || session.fault.get().map_or_else(|| ().into_any(), fault);
    view! {
        <div class="status" id="status" role="status">{piece(move || status(session))}</div>
        <div role="alert" id="fault">{piece(last_fault)}</div>
    }
}

/// What was wrong, where, and what to do.
fn fault(error: Error) -> AnyView {
    let Error { what, expected, got, advice, .. } = error;
    view! { <p class="fault"><b>{what}</b> {format!(": expected {expected}, got {got}. {advice}")}</p> }.into_any()
}
