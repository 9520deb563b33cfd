//! The sentence: arcs over one line, or two columns.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::Reading;
use crate::scene::sentence::{Sentence, TOKEN_SIZE, arcs, columns, written};
use crate::scene::{Shape, Target};
use crate::state::View;
use crate::ui::measure::widths;
use crate::ui::picture::{Hands, Picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn SentenceView(session: Session, reading: Reading, look: Look) -> impl IntoView {
    let room = RwSignal::new(0.0f32);
    let form = Memo::new(move |_| session.view.with(|v| v.view));
    let measured = Memo::new(move |_| reading.shown.with(|shown| widths(shown.iter().map(written), TOKEN_SIZE)));
    let scene = Memo::new(move |_| {
        let (head, chosen) = (reading.head.get()?, reading.chosen.get()?);
        let widths = measured.get();
        if room.get() == 0.0 || widths.len() != head.run.tokens.len() {
            return None;
        }
        let pointed = match session.pointed.get() {
            Some(Target::Key(key) | Target::Cell { key, .. }) => Some(key),
            _ => None,
        };
        let sentence = Sentence {
            head: head.id,
            tokens: &head.run.shown,
            widths: &widths,
            queries: &chosen.queries,
            row: chosen.row.as_ref(),
            edges: &chosen.edges,
            pointed,
            room: room.get(),
        };
        Some(Arc::new(match form.get() {
            View::Arcs => arcs(&sentence),
            View::Columns => columns(&sentence),
        }))
    });
    keep_query_in_sight(session, scene.into());

    let count = move || session.run.with_untracked(|r| r.as_ref().map_or(0, |r| r.tokens.len()));
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, add| {
            if let Target::Query(token) | Target::Key(token) = target {
                session.view.update(|v| v.choose(token, add));
            }
        }),
        key: Rc::new(move |key, _| {
            let by = match (key, form.get_untracked()) {
                ("ArrowLeft", View::Arcs) | ("ArrowUp", View::Columns) => -1,
                ("ArrowRight", View::Arcs) | ("ArrowDown", View::Columns) => 1,
                ("Home", _) => isize::MIN / 2,
                ("End", _) => isize::MAX / 2,
                _ => return false,
            };
            session.view.update(|v| v.step_token(by, count()));
            true
        }),
    };
    view! {
        <Picture
            id="sentence"
            scene=scene.into()
            look
            room
            hands
            keys="Arrow keys move the query token, Escape lets go."
        />
    }
}

/// A query chosen by keyboard or from another picture is scrolled to where it can be seen.
fn keep_query_in_sight(session: Session, scene: Signal<Option<Arc<crate::scene::Scene>>>) {
    let last = Memo::new(move |_| session.view.with(|v| v.tokens.last().copied()));
    Effect::new(move |_| {
        let Some(token) = last.get() else { return };
        let Some(scene) = scene.get_untracked() else { return };
        let place = scene.marks.iter().find(|m| m.target == Some(Target::Query(token))).map(|m| &m.shape);
        let Some(Shape::Rect { at, .. }) = place else { return };
        let frame = document().get_element_by_id("sentence").and_then(|p| p.parent_element());
        if let Some(frame) = frame {
            let (left, top) = (frame.scroll_left() as f32, frame.scroll_top() as f32);
            let (wide, high) = (frame.client_width() as f32, frame.client_height() as f32);
            if at.x < left || at.x + at.w > left + wide {
                frame.set_scroll_left((at.x + at.w / 2.0 - wide / 2.0) as i32);
            }
            if at.y < top || at.y + at.h > top + high {
                frame.set_scroll_top((at.y + at.h / 2.0 - high / 2.0) as i32);
            }
        }
    });
}
