//! The run on screen against another: what it is compared with, what both share, and the other's own pictures.

use std::rc::Rc;

use leptos::prelude::*;

use crate::engine::HeadId;
use crate::scene::{three, two};
use crate::state::{Action, Baseline, Run, Sort, ViewState};
use crate::text;
use crate::ui::browser::theme::Look;
use crate::ui::panels::caption::lead;
use crate::ui::session::Session;
use crate::ui::views::selection::Readings;
use crate::ui::views::sentence::SentenceView;
use crate::ui::widgets::choice::choice;
use crate::ui::widgets::field::text_field;
use crate::ui::widgets::linked::{head_name, linked, token_name};
use crate::ui::widgets::popover::{self, popover};
use crate::ui::widgets::{content, flag, piece, plain, press, words};

/// One word of the sentence to explain first is another, and *it* is another thing.
const EXAMPLE: [&str; 2] = [
    "The trophy did not fit in the bag because it was too small.",
    "The trophy did not fit in the bag because it was too big.",
];

/// Heads named in a sentence.
const NAMED: usize = 5;
/// Columns of a text that is named in a sentence, and of one that is a heading.
const NAMED_COLUMNS: usize = 80;
const TITLE_COLUMNS: usize = 400;

fn with_text(view: &ViewState) -> Option<&str> {
    match &view.compare {
        Some(Baseline::Text(text)) => Some(text),
        _ => None,
    }
}

#[component]
pub fn Compare(session: Session) -> impl IntoView {
    let alone = move || session.view.with(|v| v.compare.is_none());
    let take = move |with: fn(&ViewState) -> Option<Baseline>| {
        press(move || {
            popover::close_all();
            session.act(Action::Compare(session.view.with_untracked(with)));
        })
    };
    let example = press(move || {
        popover::close_all();
        session.take_comparison(EXAMPLE, "it", ["trophy", "bag"]);
    });
    let inner = view! {
        <ul class="list" aria-label=text::compare_with()>
            <li><button on:click=take(|v| Some(Baseline::Text(v.text.clone())))>{text::compare_text()}</button></li>
            <li><button on:click=take(|_| Some(Baseline::Unaltered))>{text::compare_unaltered()}</button></li>
            <li hidden=flag(alone)><button on:click=take(|_| None)>{text::compare_nothing()}</button></li>
        </ul>
        <button on:click=example>{text::compare_example()}</button>
    };
    popover("compare", text::compare(), inner.into_any())
}

/// What it is compared with and how that is shown, in the row of controls while there is a comparison.
#[component]
pub fn CompareRow(session: Session) -> impl IntoView {
    let shown = choice(
        session,
        text::shown_as(),
        &[
            (text::shown_difference(), |v| !v.side_by_side, Action::SetSideBySide(false)),
            (text::shown_apart(), |v| v.side_by_side, Action::SetSideBySide(true)),
        ],
    );
    let alone = move || session.view.with(|v| v.compare.is_none());
    let text = move || session.view.with(|v| with_text(v).map(str::to_owned));
    let set_other = move |text| session.act(Action::SetOther(text));
    let end = press(move || session.act(Action::Compare(None)));
    view! {
        <div class="compare-row" role="group" aria-label=text::compared_with() hidden=flag(alone)>
            <span class="with" hidden=flag(move || text().is_some())>{text::unaltered_title()}</span>
            <div class="other" hidden=flag(move || text().is_none())>
                {plain("label", "for=other class=unseen", text::compare_other())}
                {text_field("other", words(move || text().unwrap_or_default()), Rc::new(set_other))}
            </div>
            {shown}
            <button class="quiet" id="end-compare" title=text::compare_end() aria-label=text::compare_end() on:click=end>"×"</button>
        </div>
    }
}

/// What is compared, in a sentence; none while the numbers are on their way.
fn told(session: Session, view: &ViewState) -> Option<String> {
    match view.compare.as_ref()? {
        Baseline::Unaltered if view.altered.is_none() => {
            return Some(text::nothing_altered().into());
        }
        Baseline::Text(text) if text.trim().is_empty() => return Some(text::no_other_text().into()),
        Baseline::Text(_) if view.other_asked().as_ref() == Some(&view.asked()) => {
            return Some(text::same_texts().into());
        }
        _ => {}
    }
    let (run, other) = (session.run.get()?, session.other.get()?);
    let compared = run.compared.as_ref().filter(|compared| compared.with == other.id)?;
    if !run.is_of(view) || view.other_asked().as_ref() != Some(&other.asked) {
        return None;
    }
    let with = match with_text(view) {
        Some(other) => text::quoted(&text::isolated(&text::line(other, NAMED_COLUMNS))),
        None => text::the_unaltered().to_owned(),
    };
    let (shared, all) = (compared.aligned.len(), run.tokens.len());
    let shared = text::shared_tokens(&with, &shared.to_string(), all);
    if compared.changes.iter().all(|change| *change == 0.0) {
        return Some(text::sentences([&shared, text::no_change()]));
    }
    let sort = Sort::Change;
    let ranked = run.ranked(&ViewState { sort, ..view.clone() })?;
    let first = ranked.iter().take(NAMED).map(|(head, change)| format!("{} {}", head_name(*head), three(*change)));
    let first = text::heads_change(&text::list(first));
    let sign = if view.side_by_side { text::marks_apart() } else { text::marks_difference() };
    Some(text::sentences([&shared, sign, &first]))
}

/// How heads turned from one key to another, in a sentence.
pub fn turned(run: &Run, view: &ViewState) -> Option<String> {
    view.compare.as_ref()?;
    let turned = run.turned.as_ref().filter(|turned| run.asks_turned(view) == Some(turned.tokens))?;
    run.compared.as_ref().filter(|compared| compared.with == turned.with)?;
    let [query, from, to] = turned.tokens.map(|token| token_name(token, &run.shown[token].isolated()));
    let names = |heads: &mut dyn Iterator<Item = &(HeadId, f32)>| {
        let named = heads.filter(|(_, moved)| moved.abs() >= 0.005).take(NAMED);
        let named: Vec<_> = named.map(|(head, moved)| format!("{} {}", head_name(*head), two(*moved))).collect();
        if named.is_empty() { text::none().to_owned() } else { text::list(named) }
    };
    let most = names(&mut turned.heads.iter().filter(|(_, moved)| *moved > 0.0));
    let least = names(&mut turned.heads.iter().rev().filter(|(_, moved)| *moved < 0.0));
    Some(text::heads_turned(&query, &from, &to, &most, &least))
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
    view! { <p class="readout" id="compared" role="status">{piece(move || linked(session, said.get()))}</p> }
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
            Some(Baseline::Text(text)) => text::line(text, TITLE_COLUMNS),
            _ => text::unaltered_title().into(),
        })
    };
    view! {
        <section class="beside" aria-label=text::compared_with() hidden=flag(move || !apart(session))>
            <h2 prop:textContent=content(title)></h2>
            <SentenceView session readings look id="sentence-other" bounded=true/>
            <div class="caption" id="lead-other">
                {piece(move || readings.now.with(|r| r.as_ref().map_or_else(|| ().into_any(), |r| lead(session, readings, r))))}
            </div>
        </section>
    }
}
