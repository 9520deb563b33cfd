//! The run on screen against another: what it is compared with, what both share, and the other's own pictures.

use leptos::prelude::*;

use super::controls::choice;
use super::parts::{flag, press, typed, words};
use super::session::Session;
use super::theme::Look;
use super::views::{Readings, SentenceView};
use crate::analysis::fixed;
use crate::engine::HeadId;
use crate::scene::two;
use crate::state::{Baseline, Run, Sort, ViewState};

/// One word of the sentence to explain first is another, and *it* is another thing.
const EXAMPLE: [&str; 2] = [
    "The trophy did not fit in the bag because it was too small.",
    "The trophy did not fit in the bag because it was too big.",
];

/// Heads named in a sentence.
const NAMED: usize = 5;

fn with_text(view: &ViewState) -> Option<&str> {
    match &view.compare {
        Some(Baseline::Text(text)) => Some(text),
        _ => None,
    }
}

#[component]
pub fn Compare(session: Session) -> impl IntoView {
    let with = choice(
        session,
        "Compare with",
        &[
            ("Nothing", |v| v.compare.is_none(), |v| v.compare = None),
            (
                "The unaltered model",
                |v| v.compare == Some(Baseline::Unaltered),
                |v| v.compare = Some(Baseline::Unaltered),
            ),
            ("Another text", |v| with_text(v).is_some(), |v| v.compare = Some(Baseline::Text(v.text.clone()))),
        ],
    );
    let shown = choice(
        session,
        "Shown as",
        &[
            ("Difference", |v| !v.side_by_side, |v| v.side_by_side = false),
            ("Side by side", |v| v.side_by_side, |v| v.side_by_side = true),
        ],
    );
    let text = move || session.view.with(|v| with_text(v).map(str::to_owned));
    view! {
        <details class="alter" id="compare">
            <summary>"Compare"</summary>
            <div class="changes">
                {with}
                {shown}
                <button on:click=press(move || session.take_comparison(EXAMPLE, "it", ["trophy", "bag"]))>
                    "Example: what moves when “big” becomes “small”"
                </button>
                <div class="other" hidden=flag(move || text().is_none())>
                    <label for="other">"The text to compare with"</label>
                    <textarea
                        id="other"
                        rows="1"
                        dir="auto"
                        spellcheck="false"
                        prop:value=words(move || text().unwrap_or_default())
                        on:input=typed(move |text| session.view.update(|v| v.compare = Some(Baseline::Text(text))))
                    ></textarea>
                </div>
            </div>
        </details>
    }
}

/// What is compared, in a sentence; none where nothing is.
fn told(run: &Run, view: &ViewState) -> Option<String> {
    let with = match view.compare.as_ref()? {
        Baseline::Unaltered if view.altered.is_none() => {
            return Some("Nothing differs yet: change the model, and see what moves.".into());
        }
        Baseline::Unaltered => "the unaltered model".to_owned(),
        Baseline::Text(text) if text.trim().is_empty() => return Some("Type the text to compare with.".into()),
        Baseline::Text(text) => format!("“{text}”"),
    };
    let compared = run.compared.as_ref()?;
    let (shared, all) = (compared.aligned.len(), run.tokens.len());
    let sort = Sort::Change;
    let ranked = run.ranked(&ViewState { sort, ..view.clone() })?;
    let first: Vec<_> =
        ranked.iter().take(NAMED).map(|(head, change)| format!("{head} {}", fixed(*change, 3))).collect();
    let sign = if view.side_by_side {
        "Token by token, what both have lights up in both."
    } else {
        "Solid and blue is more than there, dashed or striped and ochre is less."
    };
    Some(format!(
        "Compared with {with}: {shared} of {all} tokens are in both. {sign} Heads that change most, on average over all cells: {}.",
        first.join(", ")
    ))
}

/// How heads turned from one key to another, in a sentence.
pub fn turned(run: &Run, view: &ViewState) -> Option<String> {
    view.compare.as_ref()?;
    let turned = run.turned.as_ref().filter(|turned| run.asks_turned(view) == Some(turned.tokens))?;
    let [query, from, to] = turned.tokens.map(|token| run.shown[token].isolated());
    let names = |heads: &mut dyn Iterator<Item = &(HeadId, f32)>| {
        let named = heads.filter(|(_, moved)| moved.abs() >= 0.005).take(NAMED);
        let named: Vec<_> = named.map(|(head, moved)| format!("{head} {}", two(*moved))).collect();
        if named.is_empty() { "none".to_owned() } else { named.join(", ") }
    };
    let most = names(&mut turned.heads.iter().filter(|(_, moved)| *moved > 0.0));
    let least = names(&mut turned.heads.iter().rev().filter(|(_, moved)| *moved < 0.0));
    Some(format!("Reading {query}, heads that turned from {from} to {to}: {most}. The other way: {least}."))
}

/// Says what is compared.
#[component]
pub fn ComparedNote(session: Session) -> impl IntoView {
    let said = move || {
        let run = session.run.get();
        run.and_then(|run| session.view.with(|view| told(&run, view))).unwrap_or_default()
    };
    view! { <p class="readout" id="compared" role="status">{words(said)}</p> }
}

/// Both runs are on screen.
pub fn apart(session: Session) -> bool {
    session.view.with(|v| v.side_by_side && v.other_asked().is_some())
}

/// The other run's sentence, where both are shown.
#[component]
pub fn Beside(session: Session, readings: Readings, look: Look) -> impl IntoView {
    let title = move || {
        session.view.with(|v| match &v.compare {
            Some(Baseline::Text(text)) => text.clone(),
            _ => "The unaltered model".into(),
        })
    };
    view! {
        <section class="sentence beside" aria-label="Compared with" hidden=flag(move || !apart(session))>
            <h2>{words(title)}</h2>
            <SentenceView session readings look id="sentence-other"/>
        </section>
    }
}
