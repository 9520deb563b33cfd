//! The sentence: arcs over one line, or two columns.

use std::rc::Rc;

use leptos::prelude::*;

use super::Reading;
use crate::scene::Target;
use crate::scene::sentence::{Sentence, TOKEN_SIZE, arcs, columns, written};
use crate::state::View;
use crate::ui::measure::Widths;
use crate::ui::picture::{Hands, picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn SentenceView(session: Session, reading: Memo<Option<Reading>>, look: Look) -> impl IntoView {
    let widths = Widths::new(written, TOKEN_SIZE);
    let form = move || session.view.with(|v| v.view);
    let scene = move |room: f32| {
        let Reading { shot, chosen, .. } = reading.get()?;
        let widths = widths.of(&shot.run.shown);
        let pointed = match session.pointed.get() {
            Some(Target::Key(key) | Target::Cell { key, .. }) => Some(key).filter(|&key| key < widths.len()),
            _ => None,
        };
        let sentence = Sentence {
            head: shot.head,
            tokens: &shot.run.shown,
            widths: &widths,
            queries: &chosen.queries,
            row: chosen.row.as_ref(),
            edges: &chosen.edges,
            pointed,
            room,
        };
        Some(match form() {
            View::Arcs => arcs(&sentence),
            View::Columns => columns(&sentence),
        })
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, add| {
            if let Target::Query(token) | Target::Key(token) = target {
                session.choose(target, token, add);
            }
        }),
        key: Rc::new(move |key, _| {
            let by = match (key, untrack(form)) {
                ("ArrowLeft", View::Arcs) | ("ArrowUp", View::Columns) => -1,
                ("ArrowRight", View::Arcs) | ("ArrowDown", View::Columns) => 1,
                ("Home", _) => {
                    session.view.update(|v| v.choose(0, false));
                    return true;
                }
                ("End", _) => {
                    session.view.update(|v| v.choose(session.count().saturating_sub(1), false));
                    return true;
                }
                _ => return false,
            };
            session.view.update(|v| v.step_token(by, session.count()));
            true
        }),
        in_sight: Rc::new(move || session.view.with(|v| v.tokens.last().copied().map(Target::Query))),
    };
    picture("sentence", "Arrow keys move the query token, Escape lets go.", look, Box::new(scene), hands)
}
