//! The sentence: arcs over one line, two columns, or lines of text.

use std::rc::Rc;

use leptos::prelude::*;

use super::{Reading, Readings, choose_unit, held};
use crate::scene::Target;
use crate::scene::sentence::{LINE, Sentence, TOUCH_LINE, arcs, columns, token_beside, wrapped};
use crate::state::View;
use crate::text;
use crate::ui::picture::{Hands, nothing, picture, scene_of};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn SentenceView(session: Session, readings: Readings, look: Look, id: &'static str) -> impl IntoView {
    let Readings { pinned, now: reading, .. } = readings;
    let scene = move |room: f32| {
        if session.run.with(Option::is_none) {
            return Some(nothing());
        }
        let Reading { shot, form, chosen, .. } = reading.get()?;
        let pointed = match readings.pointed(session) {
            Some(Target::Key(key) | Target::Cell { key, .. }) => Some(key).filter(|&key| key < shot.count()),
            _ => None,
        };
        let sentence = Sentence {
            name: &shot.name(),
            quantity: shot.quantity(),
            max: shot.max,
            tokens: &shot.shown,
            widths: &shot.widths,
            queries: &chosen.queries,
            row: chosen.row.as_ref(),
            edges: &chosen.edges,
            pointed,
            right_to_left: shot.run.right_to_left,
            room,
        };
        Some(match form {
            View::Arcs => arcs(&sentence),
            View::Columns => columns(&sentence),
            View::Text => wrapped(&sentence, if is_touched(room) { TOUCH_LINE } else { LINE }),
        })
    };
    // An edge of several queries carries their mean: no single one of them is previewed.
    let edge = move |target| match target {
        Target::Cell { key, .. }
            if pinned.with_untracked(|r| r.as_ref().is_some_and(|r| r.chosen.queries.len() > 1)) =>
        {
            Target::Key(key)
        }
        target => target,
    };
    let hands = Hands {
        point: Rc::new(move |target| readings.point(session, target.map(edge))),
        choose: Rc::new(move |target, add| {
            // An edge is a cell of the heatmap: its row is chosen.
            if let Target::Query(token) | Target::Key(token) | Target::Cell { query: token, .. } = target {
                choose_unit(session, readings, token, edge(target), add);
            }
        }),
        key: Rc::new(move |key, _| {
            let Some((shot, last)) = held(reading) else { return false };
            let end = shot.count().saturating_sub(1);
            let form = reading.with_untracked(|r| r.as_ref().map(|r| r.form));
            // Back and on, as the sentence runs.
            let [back, on] = match (form, shot.run.right_to_left) {
                (Some(View::Columns), _) => ["ArrowUp", "ArrowDown"],
                (_, false) => ["ArrowLeft", "ArrowRight"],
                (_, true) => ["ArrowRight", "ArrowLeft"],
            };
            let beside = |below| token_beside(&scene_of(id)?, last?, below).or(last);
            let unit = match key {
                "ArrowUp" if form == Some(View::Text) => beside(false).unwrap_or(end),
                "ArrowDown" if form == Some(View::Text) => beside(true).unwrap_or(0),
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

/// Tokens are chosen by fingers here.
fn is_touched(room: f32) -> bool {
    const PHONE: f32 = 480.0;
    let coarse = || window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches());
    room < PHONE || coarse()
}
