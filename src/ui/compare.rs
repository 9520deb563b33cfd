//! The run on screen against another: what it is compared with, what both share, and the other's own pictures.

use leptos::prelude::*;

use super::caption::lead;
use super::controls::choice;
use super::parts::{flag, piece, press, typed, words};
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
            ("Nothing", |v| v.compare.is_none(), |v| v.compare_with(None)),
            ("Unaltered", |v| v.compare == Some(Baseline::Unaltered), |v| v.compare = Some(Baseline::Unaltered)),
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
    let alone = move || session.view.with(|v| v.compare.is_none());
    let text = move || session.view.with(|v| with_text(v).map(str::to_owned));
    view! {
        <details class="alter" id="compare">
            <summary>"Compare"</summary>
            <div class="changes">
                {with}
                <div hidden=flag(alone)>{shown}</div>
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

/// What is compared, in a sentence; none while the numbers are on their way.
fn told(session: Session, view: &ViewState) -> Option<String> {
    match view.compare.as_ref()? {
        Baseline::Unaltered if view.altered.is_none() => {
            return Some("Nothing differs yet: change the model, and see what moves.".into());
        }
        Baseline::Text(text) if text.trim().is_empty() => return Some("Type the text to compare with.".into()),
        Baseline::Text(_) if view.other_asked().as_ref() == Some(&view.asked()) => {
            return Some("Nothing differs: both texts are the same. Change one, and see what moves.".into());
        }
        _ => {}
    }
    let (run, other) = (session.run.get()?, session.other.get()?);
    let compared = run.compared.as_ref().filter(|compared| compared.with == other.id)?;
    if !run.is_of(view) || view.other_asked().as_ref() != Some(&other.asked) {
        return None;
    }
    let with = match with_text(view) {
        Some(text) => format!("“{text}”"),
        None => "the unaltered model".to_owned(),
    };
    let (shared, all) = (compared.aligned.len(), run.tokens.len());
    let shared = format!("Compared with {with}: {shared} of {all} tokens are in both.");
    if compared.changes.iter().all(|change| *change == 0.0) {
        return Some(format!("{shared} No weight between these differs."));
    }
    let sort = Sort::Change;
    let ranked = run.ranked(&ViewState { sort, ..view.clone() })?;
    let first: Vec<_> =
        ranked.iter().take(NAMED).map(|(head, change)| format!("{head} {}", fixed(*change, 3))).collect();
    let sign = if view.side_by_side {
        "Token by token, what both have lights up in both."
    } else {
        "Solid and blue is more than there, dashed or striped and ochre is less."
    };
    Some(format!("{shared} {sign} Heads that change most, on average over all cells: {}.", first.join(", ")))
}

/// How heads turned from one key to another, in a sentence.
pub fn turned(run: &Run, view: &ViewState) -> Option<String> {
    view.compare.as_ref()?;
    let turned = run.turned.as_ref().filter(|turned| run.asks_turned(view) == Some(turned.tokens))?;
    run.compared.as_ref().filter(|compared| compared.with == turned.with)?;
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

/// Says what is compared; what was said last stays while new numbers are on their way.
#[component]
pub fn ComparedNote(session: Session) -> impl IntoView {
    let said = Memo::new(move |last: Option<&String>| {
        // A fault is told elsewhere, and nothing is compared then.
        if session.fault.with(Option::is_some) || session.view.with(|v| v.compare.is_none()) {
            return String::new();
        }
        session.view.with(|view| told(session, view)).or_else(|| last.cloned()).unwrap_or_default()
    });
    view! { <p class="readout" id="compared" role="status">{words(move || said.get())}</p> }
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
            <h3>{words(title)}</h3>
            <SentenceView session readings look id="sentence-other"/>
            <div class="caption" id="lead-other">
                {piece(move || readings.now.with(|r| r.as_ref().map_or_else(|| ().into_any(), lead)))}
            </div>
        </section>
    }
}
