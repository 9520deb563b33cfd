//! The chosen head as a heatmap.

use std::rc::Rc;

use leptos::prelude::*;

use super::{Reading, choose_unit, held};
use crate::analysis::fixed;
use crate::scene::Target;
use crate::scene::heatmap::{Heatmap, LABEL_SIZE, heatmap, label};
use crate::ui::measure::Widths;
use crate::ui::parts::{readout, words};
use crate::ui::picture::{Hands, picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn HeatmapView(session: Session, reading: Memo<Option<Reading>>, look: Look) -> impl IntoView {
    let widths = Widths::new(label, LABEL_SIZE);
    let scene = move |room: f32| {
        let Reading { shot, chosen, cell, .. } = reading.get()?;
        Some(heatmap(&Heatmap {
            head: shot.head,
            tokens: &shot.shown,
            label_widths: &widths.of(&shot.shown),
            map: &shot.map,
            values: shot.values.clone(),
            max: shot.run.max,
            queries: &chosen.queries,
            pointed: cell,
            room,
        }))
    };
    let cell = move || reading.with_untracked(|r| r.as_ref().and_then(|r| r.cell));
    let step = move |rows: isize, columns: isize| {
        if let Some((shot, query)) = held(reading) {
            let last = shot.count().saturating_sub(1);
            let (query, key) = cell().unwrap_or_else(|| (query.unwrap_or(0), query.unwrap_or(0)));
            let moved = |from: usize, by| from.saturating_add_signed(by).min(last);
            session.point(Some(Target::Cell { query: moved(query, rows), key: moved(key, columns) }));
        }
        true
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, add| {
            if let Target::Cell { query, .. } | Target::Query(query) = target {
                choose_unit(session, reading, query, target, add);
            }
        }),
        key: Rc::new(move |key, add| match key {
            "ArrowUp" => step(-1, 0),
            "ArrowDown" => step(1, 0),
            "ArrowLeft" => step(0, -1),
            "ArrowRight" => step(0, 1),
            "Enter" | " " => {
                if let (Some((query, _)), Some((shot, _))) = (cell(), held(reading)) {
                    session.view.update(|v| v.choose(shot.token_of(query), add));
                }
                true
            }
            _ => false,
        }),
        in_sight: Rc::new(|| None),
    };
    let read_out = move || {
        let Reading { shot, cell, .. } = reading.get()?;
        let (query, key) = cell?;
        let weight = shot.map.weights.get([query, key])?;
        let (from, to) = (shot.shown[query].isolated(), shot.shown[key].isolated());
        Some(match weight.is_nan() {
            true => format!("{from} reads {to}: hidden"),
            false => format!("{from} reads {to}: {}", fixed(*weight, 4)),
        })
    };
    view! {
        {picture("heatmap", "Arrow keys move the cell, Enter chooses its row.", look, Box::new(scene), hands)}
        {readout("cell", "polite", words(move || read_out().unwrap_or_else(|| "Point at a cell to read its weight.".into())))}
    }
}
