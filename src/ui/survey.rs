//! Finding heads: by what they do on this text, and by what they read.

use leptos::prelude::*;

use super::compare::turned;
use super::parts::{flag, readout, select, words};
use super::session::Session;
use crate::analysis::Label;
use crate::engine::HeadId;
use crate::scene::two;
use crate::state::{Run, Sort, ViewState};

const SORTS: [(&str, Sort); 8] = [
    ("layer and head", Sort::Place),
    ("entropy, fewest bits first", Sort::Entropy),
    ("distance, shortest first", Sort::Distance),
    ("weight on sinks, least first", Sort::SinkShare),
    ("how much it reads the token chosen here", Sort::Reads),
    ("how well its label fits", Sort::Label),
    ("how much it changes, most first", Sort::Change),
    ("how far it turned to the second token", Sort::Moved),
];

/// A list under its name.
fn list(
    id: &'static str,
    name: &'static str,
    names: impl Fn() -> Vec<String> + Send + Sync + 'static,
    chosen: impl Fn() -> usize + Send + 'static,
    choose: impl Fn(usize) + 'static,
) -> AnyView {
    view! { <div class="control"><label for=id>{name}</label>{select(id.into(), names, chosen, choose)}</div> }
        .into_any()
}

/// What the shown head does on this text, with the evidence.
fn told(run: &Run, id: HeadId) -> Option<String> {
    let head = run.survey.get(id.layer * run.heads + id.head)?;
    let m = head.measures;
    let measures = format!(
        "{id} on this text: entropy {} bits, mean distance {} tokens, {} of the weight on sinks.",
        two(m.entropy),
        two(m.distance),
        two(m.sink_share)
    );
    let labels = head.labels.iter().map(|l| format!(" {} ({}): {}", l.label.name(), two(l.score), l.evidence));
    let labels: String = labels.collect();
    Some(measures + if labels.is_empty() { " No label." } else { &labels })
}

/// The answer to which head reads what, in a sentence.
fn answer(run: &Run, view: &ViewState) -> Option<String> {
    let ranked = run.ranked(&ViewState { sort: Sort::Reads, ..view.clone() })?;
    let text = |tokens: &[usize]| tokens.iter().map(|&t| run.shown[t].isolated()).collect::<Vec<_>>().join(" ");
    let (queries, keys) = run.asks(view)?;
    let first: Vec<_> = ranked.iter().take(5).map(|(head, weight)| format!("{head} {}", two(*weight))).collect();
    Some(format!("{} is read from {} most by {}.", text(&keys), text(&queries), first.join(", ")))
}

#[component]
pub fn FindHeads(session: Session) -> impl IntoView {
    let sort = list(
        "sort",
        "Order",
        || SORTS.map(|(name, _)| name.to_owned()).to_vec(),
        move || session.view.with(|v| SORTS.iter().position(|(_, sort)| *sort == v.sort).unwrap_or(0)),
        move |i| session.view.update(|v| v.sort = SORTS.get(i).map_or(Sort::Place, |s| s.1)),
    );
    let labels = || [String::from("any")].into_iter().chain(Label::ALL.map(|l| l.name().to_owned())).collect();
    let label = list(
        "label",
        "Heads that are",
        labels,
        move || {
            session.view.with(|v| v.label.and_then(|l| Label::ALL.iter().position(|a| *a == l)).map_or(0, |i| i + 1))
        },
        move |i| session.view.update(|v| v.label = i.checked_sub(1).and_then(|i| Label::ALL.get(i).copied())),
    );
    let tokens = move || {
        let tokens = session.run.with(|r| r.as_ref().map(|r| r.shown.clone())).unwrap_or_default();
        [String::from("choose one")].into_iter().chain(tokens.iter().map(|s| s.text.clone())).collect()
    };
    let from = list(
        "from",
        "Which head reads this token?",
        tokens,
        move || session.view.with(|v| v.from.map_or(0, |token| token + 1)),
        move |i| {
            session.view.update(|v| {
                v.from = i.checked_sub(1);
                v.sort = if v.from.is_some() { Sort::Reads } else { Sort::Place };
            });
        },
    );
    let to = list(
        "to",
        "Which turned from it to this one?",
        tokens,
        move || session.view.with(|v| v.to.map_or(0, |token| token + 1)),
        move |i| {
            session.view.update(|v| {
                v.to = i.checked_sub(1);
                v.sort = if v.to.is_some() { Sort::Moved } else { Sort::Place };
            });
        },
    );
    let alone = move || session.view.with(|v| v.compare.is_none());
    view! {
        <div class="controls find" role="group" aria-label="Find a head">
            {sort} {label} {from} <div hidden=flag(alone)>{to}</div>
        </div>
    }
}

/// What has been found, in words.
#[component]
pub fn Told(session: Session) -> impl IntoView {
    let shown = move || {
        let head = session.head_shown();
        session.run.with(|r| r.as_ref().and_then(|r| told(r, head))).unwrap_or_default()
    };
    let found = move || {
        let run = session.run.get();
        run.and_then(|r| session.view.with(|v| turned(&r, v).or_else(|| answer(&r, v)))).unwrap_or_default()
    };
    view! {
        {readout("found", "polite", words(found))}
        {readout("survey", "off", words(shown))}
    }
}
