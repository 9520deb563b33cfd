//! The chosen head as a heatmap.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::Reading;
use crate::scene::Target;
use crate::scene::heatmap::{Heatmap, heatmap, label};
use crate::ui::measure::widths;
use crate::ui::picture::{Hands, Picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn HeatmapView(session: Session, reading: Reading, look: Look) -> impl IntoView {
    let room = RwSignal::new(0.0f32);
    let measured = Memo::new(move |_| reading.shown.with(|shown| widths(shown.iter().map(label), 12.0)));
    let pointed = Memo::new(move |_| session.cell_pointed());
    let scene = Memo::new(move |_| {
        let (head, chosen) = (reading.head.get()?, reading.chosen.get()?);
        let label_widths = measured.get();
        if room.get() == 0.0 || label_widths.len() != head.run.tokens.len() {
            return None;
        }
        Some(Arc::new(heatmap(&Heatmap {
            head: head.id,
            tokens: &head.run.shown,
            label_widths: &label_widths,
            map: &head.map,
            values: head.values.clone(),
            max: head.run.max,
            queries: &chosen.queries,
            pointed: pointed.get().filter(|&(q, k)| q < label_widths.len() && k < label_widths.len()),
            room: room.get(),
        })))
    });

    let step = move |rows: isize, columns: isize| {
        let count = session.run.with_untracked(|r| r.as_ref().map_or(0, |r| r.tokens.len()));
        let last = count.saturating_sub(1);
        let from = session.cell_pointed_untracked().unwrap_or_else(|| {
            let query = session.view.with_untracked(|v| v.tokens.last().copied().unwrap_or(0));
            (query, query)
        });
        let (query, key) =
            (from.0.saturating_add_signed(rows).min(last), from.1.saturating_add_signed(columns).min(last));
        session.point(Some(Target::Cell { query, key }));
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, add| {
            if let Target::Cell { query, .. } | Target::Query(query) = target {
                session.view.update(|v| v.choose(query, add));
            }
        }),
        key: Rc::new(move |key, add| {
            match key {
                "ArrowUp" => step(-1, 0),
                "ArrowDown" => step(1, 0),
                "ArrowLeft" => step(0, -1),
                "ArrowRight" => step(0, 1),
                "Enter" | " " => {
                    if let Some((query, _)) = session.cell_pointed_untracked() {
                        session.view.update(|v| v.choose(query, add));
                    }
                }
                _ => return false,
            }
            true
        }),
    };
    let read_out = move || {
        let (head, (query, key)) = (reading.head.get()?, pointed.get()?);
        let weight = head.map.weights.get([query, key])?;
        let (from, to) = (&head.run.shown[query].text, &head.run.shown[key].text);
        Some(match weight.is_nan() {
            true => format!("{from} reads {to}: hidden"),
            false => format!("{from} reads {to}: {weight:.4}"),
        })
    };
    view! {
        <Picture
            id="heatmap"
            scene=scene.into()
            look
            room
            hands
            keys="Arrow keys move the cell, Enter chooses its row."
        />
        <p class="readout" id="cell" aria-live="polite">
            {move || read_out().unwrap_or_else(|| "Point at a cell to read its weight.".into())}
        </p>
    }
}
