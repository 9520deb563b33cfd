//! Finding heads: by what they do on this text, and by what they read.

use leptos::prelude::*;

use super::compare::turned;
use super::parts::{flag, readout, select, words};
use super::session::Session;
use crate::analysis::Label;
use crate::engine::{HeadId, Shown};
use crate::scene::two;
use crate::state::{Run, Sort, ViewState};
use crate::text;

const SORTS: [(text::Name, Sort); 8] = [
    (text::order_place, Sort::Place),
    (text::order_entropy, Sort::Entropy),
    (text::order_distance, Sort::Distance),
    (text::order_sinks, Sort::SinkShare),
    (text::order_reads, Sort::Reads),
    (text::order_label, Sort::Label),
    (text::order_change, Sort::Change),
    (text::order_moved, Sort::Moved),
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
    if m.entropy.is_nan() {
        return Some(text::head_unavailable(&id.to_string()));
    }
    let measures = text::head_on_text(&id.to_string(), &two(m.entropy), &two(m.distance), &two(m.sink_share));
    let labels = head.labels.iter().map(|l| text::label_told(l.label.called(), &two(l.score), &l.evidence));
    let labels = text::sentences(labels);
    Some(text::sentences([measures.as_str(), if labels.is_empty() { text::no_label() } else { &labels }]))
}

/// The answer to which head reads what, in a sentence.
fn answer(run: &Run, view: &ViewState) -> Option<String> {
    let ranked = run.ranked(&ViewState { sort: Sort::Reads, ..view.clone() })?;
    let names = |tokens: &[usize]| tokens.iter().map(|&t| run.shown[t].isolated()).collect::<Vec<_>>().join(" ");
    let (queries, keys) = run.asks(view)?;
    let first = text::list(ranked.iter().take(5).map(|(head, weight)| format!("{head} {}", two(*weight))));
    Some(text::read_most(&names(&keys), &names(&queries), &first))
}

#[component]
pub fn FindHeads(session: Session) -> impl IntoView {
    let sort = list(
        "sort",
        text::order(),
        || SORTS.map(|(name, _)| name().to_owned()).to_vec(),
        move || session.view.with(|v| SORTS.iter().position(|(_, sort)| *sort == v.sort).unwrap_or(0)),
        move |i| session.view.update(|v| v.sort = SORTS.get(i).map_or(Sort::Place, |s| s.1)),
    );
    let labels = || [text::any().to_owned()].into_iter().chain(Label::ALL.map(|l| l.called().to_owned())).collect();
    let label = list(
        "label",
        text::heads_that_are(),
        labels,
        move || {
            session.view.with(|v| v.label.and_then(|l| Label::ALL.iter().position(|a| *a == l)).map_or(0, |i| i + 1))
        },
        move |i| session.view.update(|v| v.label = i.checked_sub(1).and_then(|i| Label::ALL.get(i).copied())),
    );
    let tokens = move || {
        let tokens = session.run.with(|r| r.as_ref().map(|r| r.shown.clone())).unwrap_or_default();
        [text::choose_one().to_owned()].into_iter().chain(tokens.iter().map(Shown::name)).collect()
    };
    let from = list(
        "from",
        text::which_reads(),
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
        text::which_turned(),
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
        <div class="controls find" role="group" aria-label=text::find_a_head()>
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
