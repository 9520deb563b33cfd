//! What comes of it: what the model predicts, or how alike the sentences are to it.

use leptos::prelude::*;

use super::parts::{flag, press, words};
use super::session::Session;
use crate::analysis::fixed;
use crate::state::{Alike, Baseline, Run, ViewState};

/// What the model predicts at the chosen position, and what it did before the change or does in the other text.
fn predicted(run: &Run, view: &ViewState) -> String {
    let beside = match view.compare {
        Some(Baseline::Text(_)) => "in the other text",
        _ => "before the change",
    };
    let position = view.tokens.last();
    let Some(known) = run.predicted.as_ref().filter(|known| position == Some(&known.position)) else {
        return "Choose a token to see what the model predicts in its place.".into();
    };
    let likely = known.tokens.iter().map(|(token, now, before)| {
        let before = before.map(|before| format!(" ({} {beside})", fixed(before, 3))).unwrap_or_default();
        format!("{token} {}{before}", fixed(*now, 3))
    });
    let likely: Vec<String> = likely.collect();
    let token = run.shown.get(known.position).map(|token| token.isolated()).unwrap_or_default();
    format!("In the place of {token} the model predicts, with these probabilities: {}.", likely.join(", "))
}

/// How alike embeddings are, as cosines.
fn alike(run: &Run, view: &ViewState) -> String {
    let questions = view.alike();
    if questions.is_empty() {
        return "This model makes one vector of a sentence and predicts no words. Add a second text, compare with another, \
                or change the model, to see how alike it finds them."
            .into();
    }
    let told = questions.into_iter().filter_map(|(what, both)| {
        let (_, cosine) = run.alike.iter().find(|(known, _)| *known == both)?;
        let about = match what {
            Alike::Pair => "The two texts, each read alone, have embeddings of cosine",
            Alike::Compared => "The text and the one that it is compared with have embeddings of cosine",
            Alike::Before => "Before the change it was",
            Alike::Altered => "The embedding of this input has, to the one before the change, cosine",
        };
        Some(format!("{about} {}.", fixed(*cosine, 3)))
    });
    told.collect::<Vec<_>>().join(" ")
}

#[component]
pub fn Downstream(session: Session) -> impl IntoView {
    let open = move || session.view.with(|v| v.downstream);
    let told = move || {
        let Some(run) = session.run.get().filter(|_| open()) else { return String::new() };
        let tell = if session.predicts() { predicted } else { alike };
        session.view.with(|view| tell(&run, view))
    };
    view! {
        <div class="inside">
            <button
                class="quiet"
                aria-expanded=words(move || open().to_string())
                on:click=press(move || session.view.update(|v| v.downstream = !v.downstream))
            >
                {words(move || if open() { "Close what comes of it".into() } else { "What comes of it".into() })}
            </button>
            <p class="readout" id="downstream" aria-live="polite" hidden=flag(move || !open())>{words(told)}</p>
        </div>
    }
}
