//! What the picture says in words: the row, its sum, what is hidden, the output it makes, and a table.

use leptos::ev::PointerEvent;
use leptos::prelude::*;

use crate::analysis::{Quantity, Special, fixed};
use crate::engine::Shown;
use crate::scene::{Target, in_sentence, noun, row_sum, three, told, two};
use crate::text;
use crate::ui::session::Session;
use crate::ui::views::selection::{Chosen, Reading, Readings, Shot, choose_unit};
use crate::ui::widgets::term::{Term, term, with_terms};
use crate::ui::widgets::{Content, content, flag, piece, plain, press};

/// Tokens named in a sentence; the rest is counted.
const NAMED: usize = 5;

fn names(shot: &Shot, queries: &[usize]) -> String {
    text::list(queries.iter().filter_map(|&q| shot.shown.get(q)).map(Shown::isolated))
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

/// The keys of `trophy 0.62, [CLS] 0.15`, strongest first: their units and weights.
fn read_from(chosen: &Chosen) -> Vec<(usize, f32)> {
    let ranked = chosen.row.as_ref().map(|row| row.ranked()).unwrap_or_default();
    ranked
        .into_iter()
        .take(NAMED)
        .enumerate()
        // A row whose weights are all small still names its strongest key.
        .filter(|(rank, (_, w))| *rank == 0 || w.abs() >= 0.005)
        .map(|(_, cell)| cell)
        .collect()
}

/// The row as one sentence, for those who hear it.
fn spoken(shot: &Shot, chosen: &Chosen) -> String {
    let name = shot.name();
    if chosen.queries.is_empty() {
        return text::row_spoken_none(&name);
    }
    let keys = read_from(chosen)
        .into_iter()
        .map(|(key, w)| format!("{} {}", shot.shown[key].isolated(), in_sentence(shot.quantity(), w)));
    text::row_spoken(&name, &names(shot, &chosen.queries), verbs(shot.quantity())[0], &text::list(keys))
}

/// A unit of the picture as a button: the pointer or the focus previews it, a click makes it the query.
fn unit_button(
    session: Session,
    readings: Readings,
    shot: &Shot,
    unit: usize,
    class: &'static str,
    target: Target,
) -> AnyView {
    let shown = &shot.shown[unit];
    let point = move |at: Option<Target>| readings.point(session, at);
    view! {
        <button
            class=class
            translate="no"
            title=shown.title()
            on:click=press(move || choose_unit(session, readings, unit, target, false))
            on:pointerenter=move |event: PointerEvent| {
                if event.pointer_type() != "touch" {
                    point(Some(target));
                }
            }
            on:pointerleave=move |_| point(None)
            on:focus=move |_| point(Some(target))
            on:blur=move |_| point(None)
            prop:textContent=Content::from(shown.isolated())
        ></button>
    }
    .into_any()
}

/// `it reads from trophy 0.62, [CLS] 0.15, ...`
pub fn lead(session: Session, readings: Readings, reading: &Reading) -> AnyView {
    let Reading { shot, chosen, .. } = reading;
    if chosen.queries.is_empty() {
        let count = chosen.edges.len().to_string();
        let told = text::choose_a_token(&count, noun(shot.quantity()), &shot.name());
        return view! { <p class="lead" prop:textContent=Content::from(told)></p> }.into_any();
    }
    let verb = verbs(shot.quantity())[usize::from(chosen.queries.len() > 1)];
    let comma = |i: usize| if i > 0 { text::list_comma() } else { "" };
    let queries = chosen.queries.iter().take(NAMED).enumerate().map(|(i, &query)| {
        view! {
            <span prop:textContent=Content::from(comma(i))></span>
            {unit_button(session, readings, shot, query, "name query", Target::Query(query))}
        }
    });
    let keys = read_from(chosen).into_iter().enumerate().map(|(i, (key, weight))| {
        // The inks of the marks: a difference below 0 has its own.
        let less = weight < 0.0 && shot.quantity().is_signed();
        let number = in_sentence(shot.quantity(), weight);
        // A difference has words in it, which a browser may translate.
        let translate = (shot.quantity() != Quantity::Difference).then_some("no");
        view! {
            <span>
                <span prop:textContent=Content::from(comma(i))></span>
                {unit_button(session, readings, shot, key, "name key", Target::Key(key))}
                " "
                <span class="number" translate=translate class:less=less prop:textContent=Content::from(number)></span>
            </span>
        }
    });
    view! {
        <p class="lead">
            {queries.collect_view()}
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
        Quantity::Norm | Quantity::Rollout => text::drawn_total(&keys, all, &percent),
        Quantity::Weight | Quantity::LayerMean => text::drawn(&keys, all, &percent),
    };
    let mut facts = vec![sum];
    if shot.run.asked.altered.heads_off.contains(&shot.head) && shot.quantity().is_of_heads() {
        facts.insert(0, format!("{} {}", shot.head, text::head_is_off()));
    }
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
        read_from(chosen).iter().map(|&(key, w)| format!("{} V({})", two(w), shot.shown[key].isolated())).collect();
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

/// The formula with its terms explained: `z` and the first `V`. Lines break before a plus only.
fn formula_view(formula: &str) -> AnyView {
    let mut is_first = true;
    let summands = formula.split_inclusive(" + ").map(|summand| {
        let (before, rest) =
            summand.split_once("V(").map_or((summand, ""), |(before, _)| (before, &summand[before.len()..]));
        let output = [(Term::Output, "z")];
        let before = with_terms(before, if is_first { &output } else { &[] });
        let value = match rest.is_empty() {
            true => ().into_any(),
            false if is_first => term(Term::Value, "V".into()),
            false => view! { <span class="value">"V"</span> }.into_any(),
        };
        is_first = false;
        let rest = rest.strip_prefix('V').unwrap_or(rest).to_owned();
        view! { <span class="summand">{before}{value}<span prop:textContent=Content::from(rest)></span></span> }
    });
    summands.collect::<Vec<_>>().into_any()
}

/// The head and the row of a reading, for what does not follow the pointer from cell to cell.
fn row_of(reading: Memo<Option<Reading>>) -> Memo<Option<Reading>> {
    Memo::new(move |_| reading.with(|r| r.clone().map(|r| Reading { cell: None, ..r })))
}

#[component]
pub fn Caption(session: Session, readings: Readings) -> impl IntoView {
    let said = |reading: Memo<Option<Reading>>, say: fn(&Reading) -> Option<String>| {
        content(move || reading.with(|r| r.as_ref().and_then(say)).unwrap_or_default())
    };
    let now = row_of(readings.now);
    let spoken = |r: &Reading| Some(spoken(&r.shot, &r.chosen));
    view! {
        <div class="caption">
            {piece(move || match session.awaits_model() {
                true => view! { <p class="lead">{text::saved_other()}</p> }.into_any(),
                false => now.with(|r| r.as_ref().map_or_else(|| ().into_any(), |r| lead(session, readings, r))),
            })}
            <p class="facts" id="facts" prop:textContent=said(now, facts)></p>
            <p class="unseen" aria-live="polite" id="spoken" prop:textContent=said(readings.pinned, spoken)></p>
        </div>
    }
}

/// Lines of the table before the reader asks for all of them.
const FIRST: usize = 24;

fn table(session: Session, readings: Readings, reading: &Reading, most: usize) -> AnyView {
    let Reading { shot, chosen, .. } = reading;
    // A row may have no cell to tell: of a difference, where no token is in both.
    let Some(row) = chosen.row.as_ref().filter(|row| !row.ranked().is_empty()) else {
        return view! { <p class="readout">{text::row_none()}</p> }.into_any();
    };
    let title = text::table_title(&shot.name(), &names(shot, &chosen.queries));
    let column = match shot.quantity() {
        Quantity::Score => text::column_score(),
        Quantity::Norm => text::column_norm(),
        Quantity::Difference => text::column_difference(),
        _ => text::column_weight(),
    };
    let ranked = row.ranked();
    let most_weight = ranked.iter().fold(0.0f32, |most, (_, weight)| most.max(weight.abs())).max(1e-9);
    let lines = ranked.into_iter().take(most).map(|(key, weight)| {
        let share = format!("{}%", fixed(weight.abs() / most_weight * 100.0, 1));
        view! {
            <tr translate="no">
                <th scope="row">{unit_button(session, readings, shot, key, "name", Target::Key(key))}</th>
                <td class="place" prop:textContent=Content::from(key.to_string())></td>
                <td class="bar"><span class:less={weight < 0.0} style:width=share></span></td>
                <td class="number" prop:textContent=Content::from(three(weight))></td>
            </tr>
        }
    });
    view! {
        <table id="row">
            <caption prop:textContent=Content::from(title)></caption>
            <thead>
                <tr>
                    {plain("th", "scope=col", text::table_token())}
                    {plain("th", "scope=col class=place", text::table_place())}
                    <th scope="col" colspan="2" prop:textContent=Content::from(column)></th>
                </tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The row as a table, and the output of the head as the sum that it stands for.
#[component]
pub fn RowTable(session: Session, readings: Readings) -> impl IntoView {
    let all = RwSignal::new(false);
    let pinned = readings.pinned;
    let count =
        move || pinned.with(|r| r.as_ref().and_then(|r| Some(r.chosen.row.as_ref()?.ranked().len())).unwrap_or(0));
    let rows = move || {
        let most = if all.get() { usize::MAX } else { FIRST };
        pinned.with(|r| r.as_ref().map_or_else(|| ().into_any(), |r| table(session, readings, r, most)))
    };
    let sum = piece(move || {
        pinned.with(|r| r.as_ref().and_then(formula)).map_or_else(|| ().into_any(), |f| formula_view(&f))
    });
    view! {
        <div class="row-table">
            {piece(rows)}
            <button
                class="quiet"
                hidden=flag(move || count() <= FIRST)
                on:click=press(move || all.update(|all| *all = !*all))
                prop:textContent=content(move || {
                    if all.get() { text::table_fewer().into() } else { text::table_all(&count().to_string()) }
                })
            ></button>
            <p class="formula" id="formula" translate="no">{sum}</p>
            <p class="hint">{text::explains_nothing()}</p>
        </div>
    }
}
