//! What the picture says in words: the row, its sum, what is hidden, the output it makes, and a table.

use leptos::prelude::*;

use super::parts::{flag, piece, press, words};
use super::views::{Chosen, Reading, Readings, Shot};
use crate::analysis::{Quantity, Special, fixed};
use crate::engine::Shown;
use crate::scene::{told, two};

/// Tokens named in a sentence; the rest is counted.
const NAMED: usize = 5;

fn names(shot: &Shot, queries: &[usize]) -> String {
    queries.iter().filter_map(|&q| shot.shown.get(q)).map(Shown::isolated).collect::<Vec<_>>().join(", ")
}

/// What a query does with its keys, one query and several.
fn verbs(quantity: Quantity) -> [&'static str; 2] {
    match quantity {
        Quantity::Weight | Quantity::LayerMean => ["reads from", "read, on average, from"],
        Quantity::Score => ["scores", "score, on average,"],
        Quantity::Norm => ["gets from", "get, on average, from"],
        Quantity::Rollout => ["draws on", "draw, on average, on"],
        Quantity::Difference => ["changes its reading of", "change, on average, their reading of"],
    }
}

/// `trophy 0.62, [CLS] 0.15`, strongest first.
fn read_from(shot: &Shot, chosen: &Chosen) -> Vec<(String, f32)> {
    let ranked = chosen.row.as_ref().map(|row| row.ranked()).unwrap_or_default();
    ranked
        .into_iter()
        .take(NAMED)
        .map(|(key, w)| (shot.shown[key].isolated(), w))
        .filter(|(_, w)| w.abs() >= 0.005)
        .collect()
}

/// The row as one sentence, for those who hear it.
fn spoken(shot: &Shot, chosen: &Chosen) -> String {
    let name = shot.name();
    if chosen.queries.is_empty() {
        return format!("{name}, no token chosen");
    }
    let keys = read_from(shot, chosen).into_iter().map(|(text, w)| format!("{text} {}", told(shot.quantity(), w)));
    let keys = keys.collect::<Vec<_>>().join(", ");
    format!("{name}: {} {} {keys}", names(shot, &chosen.queries), verbs(shot.quantity())[0])
}

/// `it reads from trophy 0.62, [CLS] 0.15, ...`
pub fn lead(reading: &Reading) -> AnyView {
    let Reading { shot, chosen, .. } = reading;
    if chosen.queries.is_empty() {
        let (count, name) = (chosen.edges.len(), shot.name());
        let what = shot.quantity().noun();
        let text =
            format!("Choose a token to see what it reads from. Drawn now: the {count} strongest {what} of {name}.");
        return view! { <p class="lead">{text}</p> }.into_any();
    }
    let verb = verbs(shot.quantity())[usize::from(chosen.queries.len() > 1)];
    let keys = read_from(shot, chosen).into_iter().enumerate().map(|(i, (text, weight))| {
        let comma = if i > 0 { ", " } else { "" };
        // The inks of the marks: a difference below 0 has its own.
        let less = weight < 0.0 && shot.quantity().is_signed();
        view! {
            {comma}
            <b class="key">{text}</b>
            " "
            <span class="number" class:less=less>{told(shot.quantity(), weight)}</span>
        }
    });
    view! {
        <p class="lead">
            <b class="query">{names(shot, &chosen.queries)}</b>
            {format!(" {verb} ")}
            {keys.collect_view()}
        </p>
    }
    .into_any()
}

/// What a summary does not show.
fn hides(quantity: Quantity) -> Option<&'static str> {
    match quantity {
        Quantity::LayerMean => Some("a mean hides what each head does, and may be what none does"),
        Quantity::Rollout => {
            Some("rollout takes half of each token to stay itself in every layer, and hides heads and values")
        }
        _ => None,
    }
}

/// What is drawn, what is hidden, and what the marks on tokens mean.
fn facts(reading: &Reading) -> Option<String> {
    let Reading { shot, chosen, .. } = reading;
    let Some(row) = &chosen.row else { return hides(shot.quantity()).map(str::to_owned) };
    let keys = chosen.edges.len() / chosen.queries.len().max(1);
    let sum = match shot.quantity() {
        Quantity::Weight => format!("weights sum to {}", two(row.sum)),
        Quantity::Score => "scores before softmax: only how far apart they are counts".into(),
        Quantity::Norm => format!("lengths sum to {}; the vectors may cancel each other", two(row.sum)),
        Quantity::LayerMean => format!("weights sum to {}", two(row.sum)),
        Quantity::Rollout => format!("shares sum to {}", two(row.sum)),
        Quantity::Difference => format!("differences sum to {}", told(Quantity::Difference, row.sum)),
    };
    let drawn = format!(
        "edges drawn to {keys} of {} tokens carry {} % of {}",
        row.ranked().len(),
        fixed(chosen.carried * 100.0, 0),
        match shot.quantity() {
            Quantity::Score => "the weight that they make",
            Quantity::Difference => "all change",
            _ => "it",
        }
    );
    let mut facts = vec![sum];
    facts.extend(hides(shot.quantity()).map(str::to_owned));
    facts.push(drawn);
    if shot.special != Special::Show {
        let scaled = shot.special == Special::Renormalise && shot.quantity().is_shares();
        let rest = if scaled { ", the rest scaled up to 1" } else { "" };
        facts.push(format!("{} on special tokens is hidden{rest}", told(shot.quantity(), row.hidden)));
    }
    if shot.shown.iter().any(|s| s.continues) {
        facts.push("a dot marks a piece that carries on a word".into());
    }
    if shot.shown.iter().any(|s| s.unknown) {
        facts
            .push("underlined tokens are not in the model's vocabulary: it reads them all as one unknown token".into());
    }
    Some(facts.join(" · "))
}

/// The head's output for the queries as a weighted sum of values.
fn formula(reading: &Reading) -> Option<String> {
    let Reading { shot, chosen, .. } = reading;
    let row = chosen.row.as_ref().filter(|_| shot.quantity() == Quantity::Weight)?;
    let ranked = row.ranked();
    let mut terms: Vec<_> = read_from(shot, chosen).iter().map(|(text, w)| format!("{} V({text})", two(*w))).collect();
    let rest: f32 = ranked.iter().skip(terms.len()).map(|(_, w)| w).sum();
    match ranked.len() - terms.len() {
        0 => {}
        1 => terms.push(format!("{} V of 1 other token", two(rest))),
        others => terms.push(format!("{} V of {others} other tokens", two(rest))),
    }
    if shot.special == Special::Mask && row.hidden > 0.0 {
        terms.push(format!("{} V of special tokens", two(row.hidden)));
    }
    Some(format!("z({}) = {}", names(shot, &chosen.queries), terms.join(" + ")))
}

#[component]
pub fn Caption(readings: Readings) -> impl IntoView {
    let said = |reading: Memo<Option<Reading>>, say: fn(&Reading) -> Option<String>| {
        words(move || reading.with(|r| r.as_ref().and_then(say)).unwrap_or_default())
    };
    let now = readings.now;
    let spoken = |r: &Reading| Some(spoken(&r.shot, &r.chosen));
    view! {
        <div class="caption">
            {piece(move || now.with(|r| r.as_ref().map_or_else(|| ().into_any(), lead)))}
            <p class="facts" id="facts">{said(now, facts)}</p>
            <p class="formula" id="formula" title="The head's output for this token: the values of the tokens it reads, mixed by these weights">
                {said(now, formula)}
            </p>
            <p class="unseen" aria-live="polite" id="spoken">{said(readings.pinned, spoken)}</p>
        </div>
    }
}

/// Rows of the table while it is only heard; opened, it has all.
const HEARD: usize = 20;

fn table(reading: &Reading, most: usize) -> AnyView {
    let Reading { shot, chosen, .. } = reading;
    // A row may have no cell to tell: of a difference, where no token is in both.
    let Some(row) = chosen.row.as_ref().filter(|row| !row.ranked().is_empty()) else { return ().into_any() };
    let title = format!("{}: what {} reads from", shot.name(), names(shot, &chosen.queries));
    let column = match shot.quantity() {
        Quantity::Score => "Score",
        Quantity::Norm => "Norm",
        Quantity::Difference => "Difference",
        _ => "Weight",
    };
    let lines = row.ranked().into_iter().take(most).map(|(key, weight)| {
        view! {
            <tr>
                <th scope="row">{shot.shown[key].text.clone()}</th>
                <td>{key.to_string()}</td>
                <td>{fixed(weight, 4)}</td>
            </tr>
        }
    });
    view! {
        <table id="row">
            <caption>{title}</caption>
            <thead>
                <tr>
                    <th scope="col">"Token"</th>
                    <th scope="col">"Place"</th>
                    <th scope="col">{column}</th>
                </tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The chosen row as a table: read out by a screen reader, shown to everybody who asks.
#[component]
pub fn RowTable(pinned: Memo<Option<Reading>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let none = move || pinned.with(|r| r.as_ref().is_none_or(|r| r.chosen.row.is_none()));
    let rows = move || {
        let most = if open.get() { usize::MAX } else { HEARD };
        pinned.with(|r| r.as_ref().map_or_else(|| ().into_any(), |r| table(r, most)))
    };
    view! {
        <div class="row-table">
            <button
                class="quiet"
                aria-expanded=words(move || open.get().to_string())
                aria-controls="row-box"
                hidden=flag(none)
                on:click=press(move || open.update(|o| *o = !*o))
            >
                {words(move || if open.get() { "Hide the table".into() } else { "This row as a table".into() })}
            </button>
            <div id="row-box" class:unseen=flag(move || !open.get())>
                {piece(rows)}
            </div>
        </div>
    }
}
