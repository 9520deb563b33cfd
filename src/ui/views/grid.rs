//! All heads at once.

use std::rc::Rc;

use leptos::prelude::*;

use crate::scene::Target;
use crate::scene::grid::{Grid, grid};
use crate::state::ViewState;
use crate::ui::picture::{Hands, picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn GridView(session: Session, look: Look) -> impl IntoView {
    let scene = move |room: f32| {
        let run = session.run.get()?;
        let pointed = match session.pointed.get() {
            Some(Target::Head(head)) => Some(head),
            _ => None,
        };
        Some(grid(&Grid {
            layers: run.layers,
            heads: run.heads,
            thumbs: run.thumbs.clone(),
            side: run.side,
            max: run.max,
            chosen: session.view.with(ViewState::head_id),
            off: run.asked.altered.heads_off.clone(),
            pointed,
            room,
        }))
    };
    let step = move |layers, heads| {
        let size = session.size();
        session.point(None);
        session.view.update(|v| v.step_head(layers, heads, size.0, size.1));
        true
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, _| {
            if let Target::Head(head) = target {
                session.view.update(|v| (v.layer, v.head) = (head.layer, head.head));
            }
        }),
        key: Rc::new(move |key, _| match key {
            "ArrowUp" => step(-1, 0),
            "ArrowDown" => step(1, 0),
            "ArrowLeft" => step(0, -1),
            "ArrowRight" => step(0, 1),
            "x" => {
                session.view.update(|v| v.switch_head(v.head_id()));
                true
            }
            _ => false,
        }),
        in_sight: Rc::new(|| None),
    };
    picture("grid", "Arrow keys choose another head, x switches it off or on.", look, Box::new(scene), hands)
}
