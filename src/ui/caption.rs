//! What the picture says in words: the row, its sum, what is hidden, the output it makes, and a table.

use leptos::prelude::*;

use super::parts::{Content, content, flag, piece, plain, press, words};
use super::views::{Chosen, Reading, Readings, Shot};
use crate::analysis::{Quantity, Special, fixed};
use crate::engine::Shown;
use crate::scene::{four, noun, row_sum, told, two};
use crate::text;

/// Tokens named in a sentence; the rest is counted.
const NAMED: usize = 5;

fn names(shot: &Shot, queries: &[usize]) -> String {
    text::list(queries.iter().filter_map(|&q| shot.shown.get(q)).map(Shown::isolated))
}

/// What the names of the queries shorten.
fn titles(shot: &Shot, queries: &[usize]) -> Option<String> {
    let titles: Vec<_> = queries.iter().filter_map(|&q| shot.shown.get(q)?.title()).collect();
    (!titles.is_empty()).then(|| text::list(titles))
}

/// What a query does with its keys, one query and several.
fn verbs(quantity: Quantity) -> [&'static str; 2] {
    match quantity {
        Quantity::Weight | Quantity::LayerMean => [text::weight_one(), text::weight_many()],
        Quantity::Score => [text::score_one(), text::score_many()],
        Quantity::Norm => [text::norm_one(), text::norm_many()],
        Quantity::Rollout => [text::rollout_one(), text::rollout_many()],
        Quantity::Difference => [text::difference_one(), text::difference_many()],
    }
}

/// The keys of `trophy 0.62, [CLS] 0.15`, strongest first.
fn read_from<'a>(shot: &'a Shot, chosen: &Chosen) -> Vec<(&'a Shown, f32)> {
    let ranked = chosen.row.as_ref().map(|row| row.ranked()).unwrap_or_default();
    ranked
        .into_iter()
        .take(NAMED)
        .enumerate()
        // A row whose weights are all small still names its strongest key.
        .filter(|(rank, (_, w))| *rank == 0 || w.abs() >= 0.005)
        .map(|(_, (key, w))| (&shot.shown[key], w))
        .collect()
}

/// The row as one sentence, for those who hear it.
fn spoken(shot: &Shot, chosen: &Chosen) -> String {
    let name = shot.name();
    if chosen.queries.is_empty() {
        return text::row_spoken_none(&name);
    }
    let keys =
        read_from(shot, chosen).into_iter().map(|(key, w)| format!("{} {}", key.isolated(), told(shot.quantity(), w)));
    text::row_spoken(&name, &names(shot, &chosen.queries), verbs(shot.quantity())[0], &text::list(keys))
}

/// `it reads from trophy 0.62, [CLS] 0.15, ...`
pub fn lead(reading: &Reading) -> AnyView {
    let Reading { shot, chosen, .. } = reading;
    if chosen.queries.is_empty() {
        let count = chosen.edges.len().to_string();
        let told = text::choose_a_token(&count, noun(shot.quantity()), &shot.name());
        return view! { <p class="lead" prop:textContent=Content::from(told)></p> }.into_any();
    }
    let verb = verbs(shot.quantity())[usize::from(chosen.queries.len() > 1)];
    let keys = read_from(shot, chosen).into_iter().enumerate().map(|(i, (key, weight))| {
        let comma = if i > 0 { text::list_comma() } else { "" };
        // The inks of the marks: a difference below 0 has its own.
        let less = weight < 0.0 && shot.quantity().is_signed();
        let number = told(shot.quantity(), weight);
        view! {
            <span>
                <span prop:textContent=Content::from(comma)></span>
                <b class="key" translate="no" title=key.title() prop:textContent=Content::from(key.isolated())></b>
                " "
                <span class="number" translate="no" class:less=less prop:textContent=Content::from(number)></span>
            </span>
        }
    });
    view! {
        <p class="lead">
            <b
                class="query"
                translate="no"
                title=titles(shot, &chosen.queries)
                prop:textContent=Content::from(names(shot, &chosen.queries))
            ></b>
            <span prop:textContent=Content::from(format!(" {verb} "))></span>
            {keys.collect_view()}
        </p>
    }
    .into_any()
}

/// The sum of a row of differences. Both rows may sum to 1: what then remains is their rounding.
fn total(differences: f32) -> String {
    const ROUNDING: f32 = 1e-5;
    told(Quantity::Difference, if differences.abs() < ROUNDING { 0.0 } else { differences })
}

/// What a summary does not show.
fn hides(quantity: Quantity) -> Option<&'static str> {
    match quantity {
        Quantity::LayerMean => Some(text::hides_mean()),
        Quantity::Rollout => Some(text::hides_rollout()),
        _ => None,
    }
}

/// What is drawn, what is hidden, and what the marks on tokens mean.
fn facts(reading: &Reading) -> Option<String> {
    let Reading { shot, chosen, .. } = reading;
    let Some(row) = &chosen.row else { return hides(shot.quantity()).map(str::to_owned) };
    if shot.quantity().is_shares() && row.hidden == 0.0 && row.ranked().is_empty() {
        return Some(text::row_unavailable().into());
    }
    let keys = chosen.edges.len() / chosen.queries.len().max(1);
    let sum = match shot.quantity() {
        Quantity::Weight | Quantity::LayerMean => text::sum_weight(&row_sum(row.sum)),
        Quantity::Score => text::sum_score().into(),
        Quantity::Norm => text::sum_norm(&two(row.sum)),
        Quantity::Rollout => text::sum_rollout(&row_sum(row.sum)),
        Quantity::Difference => text::sum_difference(&total(row.sum)),
    };
    let (keys, all, percent) = (keys.to_string(), row.ranked().len(), fixed(chosen.carried * 100.0, 0));
    let drawn = match shot.quantity() {
        Quantity::Score => text::drawn_score(&keys, all, &percent),
        Quantity::Difference => text::drawn_difference(&keys, all, &percent),
        _ => text::drawn(&keys, all, &percent),
    };
    let mut facts = vec![sum];
    facts.extend(hides(shot.quantity()).map(str::to_owned));
    facts.push(drawn);
    if shot.special != Special::Show {
        let scaled = shot.special == Special::Renormalise && shot.quantity().is_shares();
        let amount = told(shot.quantity(), row.hidden);
        facts.push(if scaled { text::hidden_scaled(&amount) } else { text::hidden(&amount) });
    }
    if shot.shown.iter().any(|s| s.continues) {
        facts.push(text::dot_means().into());
    }
    if shot.shown.iter().any(|s| s.unknown) {
        facts.push(text::line_means().into());
    }
    Some(facts.join(" · "))
}

/// The head's output for the queries as a weighted sum of values.
fn formula(reading: &Reading) -> Option<String> {
    let Reading { shot, chosen, .. } = reading;
    let row = chosen.row.as_ref().filter(|_| shot.quantity() == Quantity::Weight)?;
    let ranked = row.ranked();
    let mut terms: Vec<_> =
        read_from(shot, chosen).iter().map(|(key, w)| format!("{} V({})", two(*w), key.isolated())).collect();
    let rest: f32 = ranked.iter().skip(terms.len()).map(|(_, w)| w).sum();
    match ranked.len() - terms.len() {
        0 => {}
        others => terms.push(text::formula_rest(&two(rest), others)),
    }
    if shot.special == Special::Mask && row.hidden > 0.0 {
        terms.push(text::formula_special(&two(row.hidden)));
    }
    Some(format!("z({}) = {}", names(shot, &chosen.queries), terms.join(" + ")))
}

#[component]
pub fn Caption(readings: Readings) -> impl IntoView {
    let said = |reading: Memo<Option<Reading>>, say: fn(&Reading) -> Option<String>| {
        content(move || reading.with(|r| r.as_ref().and_then(say)).unwrap_or_default())
    };
    let now = readings.now;
    let spoken = |r: &Reading| Some(spoken(&r.shot, &r.chosen));
    view! {
        <div class="caption">
            {piece(move || now.with(|r| r.as_ref().map_or_else(|| ().into_any(), lead)))}
            <p class="facts" id="facts" prop:textContent=said(now, facts)></p>
            <p
                class="formula"
                id="formula"
                translate="no"
                title=text::formula_means()
                prop:textContent=said(now, formula)
            ></p>
            <p class="unseen" aria-live="polite" id="spoken" prop:textContent=said(readings.pinned, spoken)></p>
        </div>
    }
}

/// Rows of the table while it is only heard; opened, it has all.
const HEARD: usize = 20;

fn table(reading: &Reading, most: usize) -> AnyView {
    let Reading { shot, chosen, .. } = reading;
    // A row may have no cell to tell: of a difference, where no token is in both.
    let Some(row) = chosen.row.as_ref().filter(|row| !row.ranked().is_empty()) else { return ().into_any() };
    let title = text::table_title(&shot.name(), &names(shot, &chosen.queries));
    let column = match shot.quantity() {
        Quantity::Score => text::column_score(),
        Quantity::Norm => text::column_norm(),
        Quantity::Difference => text::column_difference(),
        _ => text::column_weight(),
    };
    let lines = row.ranked().into_iter().take(most).map(|(key, weight)| {
        let token = &shot.shown[key];
        view! {
            <tr translate="no">
                <th scope="row" title=token.title() prop:textContent=Content::from(token.name())></th>
                <td prop:textContent=Content::from(key.to_string())></td>
                <td prop:textContent=Content::from(four(weight))></td>
            </tr>
        }
    });
    view! {
        <table id="row">
            <caption prop:textContent=Content::from(title)></caption>
            <thead>
                <tr>
                    {plain("th", "scope=col", text::table_token())}
                    {plain("th", "scope=col", text::table_place())}
                    <th scope="col" prop:textContent=Content::from(column)></th>
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
                prop:textContent=content(move || {
                    if open.get() { text::table_hide().into() } else { text::table_show().into() }
                })
            ></button>
            <div id="row-box" class:unseen=flag(move || !open.get())>
                {piece(rows)}
            </div>
        </div>
    }
}
