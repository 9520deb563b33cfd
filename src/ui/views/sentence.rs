//! The sentence: arcs over one line, or two columns.

use std::rc::Rc;

use leptos::prelude::*;

use super::{Reading, Readings, choose_unit, held};
use crate::scene::Target;
use crate::scene::sentence::{Sentence, TOKEN_SIZE, arcs, columns, written};
use crate::state::View;
use crate::text;
use crate::ui::measure::Widths;
use crate::ui::picture::{Hands, picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn SentenceView(session: Session, readings: Readings, look: Look, id: &'static str) -> impl IntoView {
    let Readings { pinned, now: reading, .. } = readings;
    let widths = Widths::new(written, TOKEN_SIZE);
    let form = move || session.view.with(|v| v.view);
    let scene = move |room: f32| {
        let Reading { shot, chosen, .. } = reading.get()?;
        let widths = widths.of(&shot.shown);
        let pointed = match readings.pointed(session) {
            Some(Target::Key(key) | Target::Cell { key, .. }) => Some(key).filter(|&key| key < widths.len()),
            _ => None,
        };
        let sentence = Sentence {
            name: &shot.name(),
            quantity: shot.quantity(),
            max: shot.max,
            tokens: &shot.shown,
            widths: &widths,
            queries: &chosen.queries,
            row: chosen.row.as_ref(),
            edges: &chosen.edges,
            pointed,
            right_to_left: shot.run.right_to_left,
            room,
        };
        Some(match form() {
            View::Arcs => arcs(&sentence),
            View::Columns => columns(&sentence),
        })
    };
    let hands = Hands {
        point: Rc::new(move |target| readings.point(session, target)),
        choose: Rc::new(move |target, add| {
            if let Target::Query(token) | Target::Key(token) = target {
                choose_unit(session, readings, token, target, add);
            }
        }),
        key: Rc::new(move |key, _| {
            let Some((shot, last)) = held(reading) else { return false };
            let end = shot.count().saturating_sub(1);
            // Back and on, as the sentence runs.
            let [back, on] = match (untrack(form), shot.run.right_to_left) {
                (View::Columns, _) => ["ArrowUp", "ArrowDown"],
                (View::Arcs, false) => ["ArrowLeft", "ArrowRight"],
                (View::Arcs, true) => ["ArrowRight", "ArrowLeft"],
            };
            let unit = match key {
                _ if key == back => last.map_or(end, |unit| unit.saturating_sub(1)),
                _ if key == on => last.map_or(0, |unit| (unit + 1).min(end)),
                "Home" => 0,
                "End" => end,
                _ => return false,
            };
            choose_unit(session, readings, unit, Target::Query(unit), false);
            true
        }),
        in_sight: Rc::new(move || pinned.with(|r| r.as_ref()?.chosen.queries.last().copied().map(Target::Query))),
    };
    picture(id, text::keys_sentence(), look, Box::new(scene), hands)
}
