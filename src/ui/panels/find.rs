//! Finding heads: by what they do on this text, and by what they read.

use leptos::prelude::*;

use crate::engine::{HeadId, Shown};
use crate::scene::two;
use crate::state::{Action, Run, Sort, ViewState};
use crate::text;
use crate::ui::panels::compare::turned;
use crate::ui::session::Session;
use crate::ui::widgets::linked::{head_name, linked, token_name};
use crate::ui::widgets::{content, flag, piece, select};

/// Heads named in a sentence.
const NAMED: usize = 5;

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

/// The orders that heads can stand in, by name.
pub fn order_names() -> Vec<String> {
    SORTS.map(|(name, _)| name().to_owned()).to_vec()
}

/// The place of the order on screen in [`order_names`].
pub fn order_of(session: Session) -> usize {
    session.view.with(|v| SORTS.iter().position(|(_, sort)| *sort == v.sort).unwrap_or(0))
}

/// Puts the heads in the order of this place in [`order_names`].
pub fn choose_order(session: Session, order: usize) {
    session.act(Action::SetSort(SORTS.get(order).map_or(Sort::Place, |s| s.1)));
}

/// What the head in the pictures does on this text, with the evidence.
pub fn surveyed(session: Session) -> String {
    let id = session.head_shown();
    session.run.with(|run| run.as_ref().and_then(|run| survey_of(run, id))).unwrap_or_default()
}

fn survey_of(run: &Run, id: HeadId) -> Option<String> {
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

/// Which heads read the chosen token, or shifted from one token to another, as a sentence for [`linked`].
///
/// [`linked`]: super::linked::linked
pub fn found(session: Session) -> String {
    let run = session.run.get();
    run.and_then(|r| session.view.with(|v| turned(&r, v).or_else(|| answer(&r, v)))).unwrap_or_default()
}

/// The answer to which head reads what, in a sentence.
fn answer(run: &Run, view: &ViewState) -> Option<String> {
    let ranked = run.ranked(&ViewState { sort: Sort::Reads, ..view.clone() })?;
    let name = |&token: &usize| token_name(token, &run.shown[token].isolated());
    let names = |tokens: &[usize]| tokens.iter().map(name).collect::<Vec<_>>().join(" ");
    let (queries, keys) = run.asks(view)?;
    let first = ranked.iter().take(NAMED).map(|(head, weight)| format!("{} {}", head_name(*head), two(*weight)));
    Some(text::read_most(&names(&keys), &names(&queries), &text::list(first)))
}

/// Which heads read a token, and which shifted from one to another.
#[component]
pub fn FindHeads(session: Session) -> impl IntoView {
    let tokens = move || {
        let tokens = session.run.with(|r| r.as_ref().map(|r| r.shown.clone())).unwrap_or_default();
        [text::choose_one().to_owned()].into_iter().chain(tokens.iter().map(Shown::name)).collect()
    };
    let from = list(
        "from",
        text::which_reads(),
        tokens,
        move || session.view.with(|v| v.from.map_or(0, |token| token + 1)),
        move |i| session.act(Action::ReadFrom(i.checked_sub(1))),
    );
    let to = list(
        "to",
        text::which_turned(),
        tokens,
        move || session.view.with(|v| v.to.map_or(0, |token| token + 1)),
        move |i| session.act(Action::ShiftTo(i.checked_sub(1))),
    );
    let alone = move || session.view.with(|v| v.compare.is_none());
    view! {
        {from}
        <div hidden=flag(alone)>{to}</div>
        <p class="readout" prop:textContent=content(move || {
            session.view.with(|v| if v.from.is_none() { text::find_how() } else { "" }).into()
        })></p>
        // Heard while the panel is open: where a key moves the query, the caption speaks.
        <p class="readout" aria-live="polite">{piece(move || linked(session, found(session)))}</p>
    }
}
