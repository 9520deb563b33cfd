//! The sentence: arcs over one line, two columns, or lines of text.

use std::rc::Rc;

use leptos::prelude::*;

use crate::analysis::Quantity;
use crate::engine::Shown;
use crate::scene::sentence::{
    LINE, Sentence, TOKEN_SIZE, TOUCH_LINE, arcs, arcs_fit, columns, token_beside, wrapped, written,
};
use crate::scene::{Mark, Scene, Target};
use crate::state::{Action, View, ViewState};
use crate::text::{self, runs_right_to_left};
use crate::ui::browser::text_width;
use crate::ui::browser::theme::Look;
use crate::ui::session::Session;
use crate::ui::views::picture::{Hands, Room, Told, fitted, nothing, scene_of};
use crate::ui::views::selection::{Reading, Readings, choose_unit, held, token_of};

/// Words drawn of a text that waits for its model.
const MOST_WORDS: usize = 600;

#[component]
pub fn SentenceView(
    session: Session,
    readings: Readings,
    look: Look,
    id: &'static str,
    /// The style sheet sets the height of its frame.
    #[prop(optional)]
    bounded: bool,
) -> impl IntoView {
    let Readings { pinned, now: reading, .. } = readings;
    let is_main = readings.is_main();
    let scene = move |Room { width: room, height }: Room| {
        if session.run.with(Option::is_none) {
            return Some(nothing());
        }
        if is_main && session.awaits_model() {
            return Some(session.view.with(|view| words_of(view, room, height)));
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
            is_off: shot.run.asked.altered.heads_off.contains(&shot.head) && shot.quantity().is_of_heads(),
            right_to_left: shot.run.right_to_left,
            room,
            height,
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
            // Which heads draw this edge. A saved run cannot be asked.
            if let (Target::Cell { key, .. }, false, true) = (target, add, is_main && !untrack(|| session.saved()))
                && let Some(token) = token_of(readings, key)
            {
                session.act(Action::AskOf(token));
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
        told: Told::Units(readings),
    };
    let room = RwSignal::new(Room::default());
    if bounded {
        // The form of the sentence is chosen by its own frame.
        Effect::new(move |_| {
            let width = room.get().width;
            if width > 0.0 && session.room.get_untracked() != width {
                session.room.set(width);
            }
        });
    }
    fitted(id, text::keys_sentence(), look, (room, bounded), Box::new(scene), hands)
}

/// The words of a text that no model has read yet, without an edge.
fn words_of(view: &ViewState, room: f32, height: f32) -> Scene {
    let pair = view.pair.as_deref().unwrap_or_default();
    let word = |text: &str| Shown { text: text.to_owned(), continues: false, special: false, unknown: false };
    let tokens: Vec<Shown> =
        view.text.split_whitespace().chain(pair.split_whitespace()).take(MOST_WORDS).map(word).collect();
    let widths = text_width::widths(tokens.iter().map(written), TOKEN_SIZE);
    let sentence = Sentence {
        name: "",
        quantity: Quantity::Weight,
        max: 1.0,
        tokens: &tokens,
        widths: &widths,
        queries: &[],
        row: None,
        edges: &[],
        pointed: None,
        is_off: false,
        right_to_left: runs_right_to_left(&view.text),
        room,
        height,
    };
    let scene = match arcs_fit(&tokens, &widths, room) {
        true => arcs(&sentence),
        false => wrapped(&sentence, if is_touched(room) { TOUCH_LINE } else { LINE }),
    };
    // Nothing can be chosen in it.
    let marks = scene.marks.into_iter().map(|mark| Mark { target: None, ..mark }).collect();
    Scene { title: text::scene_waiting().into(), marks, ..scene }
}

/// Tokens are chosen by fingers here.
fn is_touched(room: f32) -> bool {
    const PHONE: f32 = 480.0;
    let coarse = || window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches());
    room < PHONE || coarse()
}
