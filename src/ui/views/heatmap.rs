//! The chosen head as a heatmap.

use std::rc::Rc;

use leptos::prelude::*;

use crate::analysis::Quantity;
use crate::scene::heatmap::{Heatmap, LABEL_SIZE, heatmap, label, range};
use crate::scene::{Target, four};
use crate::state::Action;
use crate::text;
use crate::ui::browser::text_width::Widths;
use crate::ui::browser::theme::Look;
use crate::ui::session::Session;
use crate::ui::views::picture::{Hands, Room, Told, fitted, nothing};
use crate::ui::views::selection::{Reading, Readings, Shot, choose_unit, held, token_of};
use crate::ui::widgets::content;

#[component]
pub fn HeatmapView(
    session: Session,
    readings: Readings,
    look: Look,
    id: &'static str,
    /// The style sheet sets the height of its frame.
    #[prop(optional)]
    bounded: bool,
) -> impl IntoView {
    let reading = readings.now;
    let widths = Widths::new(label, LABEL_SIZE);
    let scene = move |Room { width, height }: Room| {
        if session.run.with(Option::is_none) {
            return Some(nothing());
        }
        let Reading { shot, chosen, cell, .. } = reading.get()?;
        Some(heatmap(&Heatmap {
            name: &shot.name(),
            tokens: &shot.shown,
            label_widths: &widths.of(&shot.shown),
            map: &shot.map,
            values: shot.values.clone(),
            max: shot.max,
            queries: &chosen.queries,
            pointed: cell,
            room: width,
            height,
        }))
    };
    let cell = move || reading.with_untracked(|r| r.as_ref().and_then(|r| r.cell));
    let step = move |rows: isize, columns: isize| {
        if let Some((shot, query)) = held(reading) {
            let last = shot.count().saturating_sub(1);
            let (query, key) = cell().unwrap_or_else(|| (query.unwrap_or(0), query.unwrap_or(0)));
            let moved = |from: usize, by| from.saturating_add_signed(by).min(last);
            readings.point(session, Some(Target::Cell { query: moved(query, rows), key: moved(key, columns) }));
        }
        true
    };
    let hands = Hands {
        point: Rc::new(move |target| readings.point(session, target)),
        choose: Rc::new(move |target, add| {
            if let Target::Cell { query, .. } | Target::Query(query) = target {
                choose_unit(session, readings, query, target, add);
            }
        }),
        key: Rc::new(move |key, add| match key {
            "ArrowUp" => step(-1, 0),
            "ArrowDown" => step(1, 0),
            "ArrowLeft" => step(0, -1),
            "ArrowRight" => step(0, 1),
            "Enter" | " " => {
                // The cell stays pointed at.
                if let Some(token) = cell().and_then(|(query, _)| token_of(readings, query)) {
                    session.act(Action::Choose { token, add });
                }
                true
            }
            _ => false,
        }),
        in_sight: Rc::new(|| None),
        told: Told::Cells(readings),
    };
    let read_out = move || {
        let Reading { shot, cell, .. } = reading.get()?;
        told(&shot, cell?)
    };
    // Where no cell is pointed at: the range of the map, which a bounded picture has no room for.
    let rest = move || match bounded {
        true => reading.with(|r| r.as_ref().map(|r| range(&r.shot.map))).unwrap_or_default(),
        false => text::cell_none().into(),
    };
    view! {
        {fitted(id, text::keys_heatmap(), look, (RwSignal::new(Room::default()), bounded), Box::new(scene), hands)}
        // No live region: who moves by keys hears the cell itself.
        <p
            class="readout"
            id=format!("{id}-cell")
            prop:textContent=content(move || read_out().unwrap_or_else(rest))
        ></p>
    }
}

/// A cell in words: who reads whom, and how much.
pub fn told(shot: &Shot, (query, key): (usize, usize)) -> Option<String> {
    let cell = *shot.map.weights.get([query, key])?;
    let (from, to) = (shot.shown[query].isolated(), shot.shown[key].isolated());
    if cell.is_nan() {
        return Some(match shot.quantity() {
            Quantity::Difference => text::cell_alone(&from, &to),
            _ => text::cell_hidden(&from, &to),
        });
    }
    let sign = if shot.quantity().is_signed() && cell > 0.0 { "+" } else { "" };
    Some(text::cell(&from, &to, &format!("{sign}{}", four(cell))))
}
