//! The effect on the model's output: what it predicts, or how similar the vectors of two sentences are.

use leptos::prelude::*;

use crate::scene::three;
use crate::state::{Alike, Baseline, Run, ViewState};
use crate::text;
use crate::ui::session::Session;
use crate::ui::widgets::linked::{head_name, linked};
use crate::ui::widgets::{content, piece};

/// Heads named in a sentence.
const NAMED: usize = 5;

/// What the model predicts at the chosen position, or `behind` it where it reads from left to right, and what it did before the change or does in the other text.
fn predicted(run: &Run, view: &ViewState, behind: bool) -> String {
    let beside = |before: f32| match view.compare {
        Some(Baseline::Text(_)) => text::in_other_text(&three(before)),
        _ => text::before_change(&three(before)),
    };
    let position = view.tokens.last();
    let Some(known) = run.predicted.as_ref().filter(|known| position == Some(&known.position)) else {
        return if behind { text::predict_behind_choose() } else { text::predict_choose() }.into();
    };
    let likely = known.tokens.iter().map(|(token, now, before)| {
        let before = before.map(|before| format!(" {}", beside(before))).unwrap_or_default();
        let token = text::isolated(&text::line(token, text::TOKEN_COLUMNS));
        format!("{token} {}{before}", three(*now))
    });
    let token = run.shown.get(known.position).map(|token| token.isolated()).unwrap_or_default();
    let likely = text::list(likely);
    if behind { text::predicted_behind(&token, &likely) } else { text::predicted(&token, &likely) }
}

/// How alike embeddings are, as cosines.
fn alike(run: &Run, view: &ViewState) -> String {
    let questions = view.alike();
    if questions.is_empty() {
        return text::predicts_nothing().into();
    }
    let told = questions.into_iter().filter_map(|(what, both)| {
        let cosine = &three(run.cosine(&both)?);
        Some(match what {
            Alike::Pair => text::alike_pair(cosine),
            Alike::Compared => text::alike_compared(cosine),
            Alike::Before => text::alike_before(cosine),
            Alike::Altered => text::alike_altered(cosine),
        })
    });
    text::sentences(told)
}

#[component]
pub fn Downstream(session: Session) -> impl IntoView {
    let open = move || session.view.with(|v| v.downstream);
    let told = move || {
        let Some(run) = session.run.get().filter(|_| open()) else { return String::new() };
        let (predicts, behind) = (session.predicts(), session.writes());
        session.view.with(|view| if predicts { predicted(&run, view, behind) } else { alike(&run, view) })
    };
    // The heads behind an edit that it changes most.
    let changed = move || {
        let edited = session.view.with(|v| v.downstream && !v.altered.is_none());
        let Some(run) = session.run.get().filter(|_| edited) else { return String::new() };
        let is_before = session.other.with(|other| {
            let other = other.as_ref().filter(|o| session.view.with(|v| o.asked == v.unaltered()));
            other.is_some_and(|o| run.compared.as_ref().is_some_and(|compared| compared.with == o.id))
        });
        let ranked = if is_before { run.most_changed() } else { Vec::new() };
        let first = ranked.iter().filter(|(_, change)| *change > 0.0).take(NAMED);
        let first: Vec<_> = first.map(|(head, change)| format!("{} {}", head_name(*head), three(*change))).collect();
        if first.is_empty() { String::new() } else { text::heads_change(&text::list(first)) }
    };
    view! {
        <p class="readout" id="downstream" aria-live="polite" prop:textContent=content(told)></p>
        <p class="readout" id="changed-heads">{piece(move || linked(session, changed()))}</p>
    }
}
