//! Many heads: all at once, three to find, and one to switch off.

use std::sync::Arc;

use leptos::prelude::*;
use ndarray::Array4;

use super::article::article;
use super::question::question;
use super::stage::Stage;
use crate::analysis::{HeadSurvey, Label, survey};
use crate::engine::HeadId;
use crate::scene::{digits, two};
use crate::state::{Action, Alike, Run, ViewState};
use crate::text::{self, lesson as told};
use crate::ui::views::grid::GridView;
use crate::ui::views::sentence::SentenceView;
use crate::ui::widgets::{content, flag, plain, press, readout, words};

/// Up to so many tokens all heads are looked at within a few milliseconds.
const MOST_IN_PLACE: usize = 32;

/// What every head of a run does. Of a short one whose patterns are all here it is computed in place, so that a saved run tells
/// it, too; of any other the worker tells it.
pub fn surveyed(run: &Run) -> Option<Vec<HeadSurvey>> {
    let n = run.shown.len();
    if !run.survey.is_empty() || n > MOST_IN_PLACE {
        return Some(run.survey.to_vec()).filter(|all| !all.is_empty());
    }
    let mut all = Array4::zeros((run.layers, run.heads, n, n));
    for id in HeadId::all(run.layers, run.heads) {
        all.slice_mut(ndarray::s![id.layer, id.head, .., ..]).assign(&*run.pattern(id)?);
    }
    Some(survey(all.view(), &run.shown))
}

/// How much the pronoun reads the trophy in a head.
fn reads(run: &Run, head: HeadId) -> Option<f32> {
    let place = |word: &str| run.shown.iter().position(|token| token.text == word);
    Some(run.pattern(head)?[[place("it")?, place("trophy")?]])
}

/// The share of the weight of all tokens behind the first that goes to the token before each, 0 to 1. The label of the
/// same name leaves sinks out, so it can stand for a small share; this task says "nearly every token".
fn on_previous(run: &Run, head: HeadId) -> Option<f32> {
    let pattern = run.pattern(head)?;
    let queries = 1..run.shown.len();
    let count = queries.len().max(1) as f32;
    Some(queries.map(|query| pattern[[query, query - 1]]).sum::<f32>() / count)
}

pub fn live(stage: Stage) -> AnyView {
    let Stage { session, look, readings, .. } = stage;
    let known = Memo::new(move |_| {
        let run = session.run.get()?;
        surveyed(&run).map(|all| (run.id, Arc::new(all)))
    });
    let head_told = move || {
        let head = session.head_shown();
        let heads = session.size().1;
        let Some((_, all)) = known.get() else { return String::new() };
        let Some(known) = all.get(head.layer * heads + head.head) else { return String::new() };
        let labels = known.labels.iter().map(|l| text::label_told(l.label.called(), &two(l.score), &l.evidence));
        let labels = text::sentences(labels);
        let head = head.to_string();
        if labels.is_empty() { told::heads_none(&head) } else { told::heads_does(&head, &labels) }
    };
    let has = move |label: Label, head: HeadId| {
        let heads = session.size().1;
        known.get().is_some_and(|(_, all)| {
            all.get(head.layer * heads + head.head).is_some_and(|h| h.labels.iter().any(|l| l.label == label))
        })
    };
    let found = [
        task(stage, told::heads_previous(), move |head| {
            session
                .run
                .with(|run| run.as_deref().and_then(|run| on_previous(run, head)).is_some_and(|share| share >= 0.5))
        }),
        task(stage, told::heads_pronoun(), move |head| {
            session.run.with(|run| run.as_deref().and_then(|run| reads(run, head)).is_some_and(|weight| weight > 0.5))
        }),
        task(stage, told::heads_sink(), move |head| has(Label::Sink, head) || has(Label::Separator, head)),
    ];
    let chosen = move || session.view.with(|v| v.head_id());
    let off = move || session.view.with(|v| v.altered.heads_off.contains(&v.head_id()));
    let switch = move || {
        let head = chosen().to_string();
        if off() { told::heads_on(&head) } else { told::heads_off(&head) }
    };
    let lost = move || {
        let none_off = session.view.with(|v| v.altered.heads_off.is_empty());
        if none_off {
            return String::new();
        }
        match stage.cosine(Alike::Altered) {
            Some(cosine) => told::heads_lost(&digits(cosine, 4)),
            None => told::heads_lost_later().into(),
        }
    };
    view! {
        <GridView session look id="lesson-grid"/>
        {readout("lesson-head", "polite", words(head_told))}
        <SentenceView session readings look id="lesson-sentence"/>
        {plain("h3", "", told::heads_find())}
        <ul class="tasks">{found.into_iter().collect_view()}</ul>
        <p>
            <button
                id="lesson-switch"
                on:click=press(move || session.act(Action::SwitchHead(session.view.with_untracked(ViewState::head_id))))
                prop:textContent=content(switch)
            ></button>
        </p>
        {readout("lesson-lost", "polite", words(lost))}
        {article("heads-article", || told::heads_article().into())}
        {question(
            told::heads_question(),
            &[told::heads_collapse, told::heads_little],
            1,
            told::heads_why().into(),
        )}
    }
    .into_any()
}

/// A head to find: done once such a one has been chosen.
fn task(stage: Stage, asked: &'static str, is_it: impl Fn(HeadId) -> bool + Copy + Send + Sync + 'static) -> AnyView {
    let session = stage.session;
    let first = session.view.with_untracked(|v| v.head_id());
    // Whether another head has been chosen, and the one that was found. The head that the step begins with counts once
    // another has been chosen: nobody has looked for it.
    let looked = Memo::new(move |before: Option<&(bool, Option<HeadId>)>| {
        let head = session.view.with(|v| v.head_id());
        let (moved, found) = before.copied().unwrap_or_default();
        let moved = moved || head != first;
        (moved, found.or_else(|| (moved && is_it(head)).then_some(head)))
    });
    let found = move || looked.get().1;
    let line = move || match found() {
        Some(head) => format!("✓ {}", told::heads_found(&head.to_string())),
        None => told::heads_not_yet().into(),
    };
    view! {
        <li class:done=flag(move || found().is_some())>
            <span>{asked}</span> " " <span class="readout" role="status" prop:textContent=content(line)></span>
        </li>
    }
    .into_any()
}
