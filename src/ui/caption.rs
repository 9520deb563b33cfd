//! What the picture says in words: the row, its sum, what is hidden, the output it makes, and a table.

use std::sync::Arc;

use leptos::prelude::*;

use super::session::Session;
use super::views::Reading;
use crate::analysis::Special;
use crate::scene::two;
use crate::state::Run;
use crate::ui::views::Chosen;

/// Tokens named in a sentence; the rest is counted.
const NAMED: usize = 5;

fn names(run: &Run, queries: &[usize]) -> String {
    queries.iter().filter_map(|&q| run.shown.get(q)).map(|s| s.text.as_str()).collect::<Vec<_>>().join(", ")
}

/// `trophy 0.62, [CLS] 0.15`, strongest first.
fn read_from(run: &Run, chosen: &Chosen) -> Vec<(String, f32)> {
    let ranked = chosen.row.as_ref().map(|row| row.ranked()).unwrap_or_default();
    ranked
        .into_iter()
        .take(NAMED)
        .map(|(key, w)| (run.shown[key].text.clone(), w))
        .filter(|(_, w)| *w >= 0.005)
        .collect()
}

/// The row as one sentence, for those who hear it.
fn spoken(head: String, run: &Run, chosen: &Chosen) -> String {
    if chosen.queries.is_empty() {
        return format!("{head}, no token chosen");
    }
    let keys = read_from(run, chosen).iter().map(|(text, w)| format!("{text} {}", two(*w))).collect::<Vec<_>>();
    format!("{head}: {} reads from {}", names(run, &chosen.queries), keys.join(", "))
}

#[component]
pub fn Caption(session: Session, reading: Reading) -> impl IntoView {
    let now = move || reading.head.get().zip(reading.chosen.get());
    let lead = move || {
        let (head, chosen) = now()?;
        let run = head.run.clone();
        if chosen.queries.is_empty() {
            let count = chosen.edges.len();
            let text = format!(
                "Choose a token to see what it reads from. Drawn now: the {count} strongest weights of {}.",
                head.id
            );
            return Some(view! { <p class="lead">{text}</p> }.into_any());
        }
        let several = chosen.queries.len() > 1;
        let keys = read_from(&run, &chosen).into_iter().enumerate().map(|(i, (text, weight))| {
            let comma = if i > 0 { ", " } else { "" };
            view! { {comma} <b class="key">{text}</b> " " <span class="number">{two(weight)}</span> }
        });
        let lead = view! {
            <p class="lead">
                <b class="query">{names(&run, &chosen.queries)}</b>
                {if several { " read, on average, from " } else { " reads from " }}
                {keys.collect_view()}
            </p>
        };
        Some(lead.into_any())
    };
    let facts = move || {
        let (head, chosen) = now()?;
        let row = chosen.row.as_ref()?;
        let keys = chosen.edges.len() / chosen.queries.len().max(1);
        let shown = row.ranked().len();
        let percent = chosen.carried * 100.0;
        let mut facts = vec![
            format!("weights sum to {}", two(row.sum)),
            format!("edges drawn to {keys} of {shown} tokens carry {percent:.0} % of it"),
        ];
        let how = session.view.with(|v| v.special);
        if how != Special::Show {
            let rest = if how == Special::Renormalise { ", the rest scaled up to 1" } else { "" };
            facts.push(format!("{} on special tokens is hidden{rest}", two(row.hidden)));
        }
        if head.run.shown.iter().any(|s| s.continues) {
            facts.push("a dot marks a piece that carries on a word".into());
        }
        if head.run.shown.iter().any(|s| s.unknown) {
            facts.push(
                "underlined tokens are not in the model's vocabulary: it reads them all as one unknown token".into(),
            );
        }
        Some(facts.join(" · "))
    };
    let formula = move || {
        let (head, chosen) = now()?;
        let row = chosen.row.as_ref()?;
        let ranked = row.ranked();
        let terms: Vec<_> =
            read_from(&head.run, &chosen).iter().map(|(text, w)| format!("{} V({text})", two(*w))).collect();
        let rest: f32 = ranked.iter().skip(terms.len()).map(|(_, w)| w).sum();
        let others = ranked.len() - terms.len();
        let mut sum = terms.join(" + ");
        if others > 0 {
            let tokens =
                if others == 1 { "V of 1 other token".to_owned() } else { format!("V of {others} other tokens") };
            sum += &format!(" + {} {tokens}", two(rest));
        }
        if session.view.with(|v| v.special) == Special::Mask && row.hidden > 0.0 {
            sum += &format!(" + {} V of special tokens", two(row.hidden));
        }
        Some(format!("z({}) = {sum}", names(&head.run, &chosen.queries)))
    };
    let live = move || {
        let (head, chosen) = reading.head.get().zip(reading.pinned.get())?;
        Some(spoken(head.id.to_string(), &head.run, &chosen))
    };
    view! {
        <div class="caption">
            {lead}
            <p class="facts" id="facts">{facts}</p>
            <p class="formula" id="formula" title="The head's output for this token: the values of the tokens it reads, mixed by these weights">
                {formula}
            </p>
            <p class="unseen" aria-live="polite" id="spoken">{live}</p>
        </div>
    }
}

/// Rows of the table while it is only heard; opened, it has all.
const HEARD: usize = 20;

/// The chosen row as a table: read out by a screen reader, shown to everybody who asks.
#[component]
pub fn RowTable(reading: Reading) -> impl IntoView {
    let open = RwSignal::new(false);
    let table = move || {
        let (head, chosen) = reading.head.get().zip(reading.pinned.get())?;
        let row = chosen.row.as_ref()?;
        let title = format!("{}: what {} reads from", head.id, names(&head.run, &chosen.queries));
        let run: Arc<Run> = head.run.clone();
        let most = if open.get() { usize::MAX } else { HEARD };
        let lines = row.ranked().into_iter().take(most).map(|(key, weight)| {
            view! {
                <tr>
                    <th scope="row">{run.shown[key].text.clone()}</th>
                    <td>{key}</td>
                    <td>{format!("{weight:.4}")}</td>
                </tr>
            }
        });
        Some(view! {
            <table id="row">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"Place"</th>
                        <th scope="col">"Weight"</th>
                    </tr>
                </thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        })
    };
    let shown = move || reading.pinned.with(|p| p.as_ref().is_some_and(|p| p.row.is_some()));
    view! {
        <div class="row-table">
            <button
                class="quiet"
                aria-expanded=move || open.get().to_string()
                aria-controls="row-box"
                hidden=move || !shown()
                on:click=move |_| open.update(|o| *o = !*o)
            >
                {move || if open.get() { "Hide the table" } else { "This row as a table" }}
            </button>
            <div id="row-box" class:unseen=move || !open.get()>{table}</div>
        </div>
    }
}
