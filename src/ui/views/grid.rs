//! All heads at once.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::scene::Target;
use crate::scene::grid::{Grid, grid};
use crate::state::ViewState;
use crate::ui::picture::{Hands, Picture};
use crate::ui::session::Session;
use crate::ui::theme::Look;

#[component]
pub fn GridView(session: Session, look: Look) -> impl IntoView {
    let room = RwSignal::new(0.0f32);
    let chosen = Memo::new(move |_| session.view.with(ViewState::head_id));
    let pointed = Memo::new(move |_| match session.pointed.get() {
        Some(Target::Head(head)) => Some(head),
        _ => None,
    });
    let scene = Memo::new(move |_| {
        let run = session.run.get().filter(|_| room.get() > 0.0)?;
        Some(Arc::new(grid(&Grid {
            layers: run.layers,
            heads: run.heads,
            thumbs: run.thumbs.clone(),
            side: run.side,
            max: run.max,
            chosen: chosen.get(),
            pointed: pointed.get(),
            room: room.get(),
        })))
    });
    let step = move |layers, heads| {
        let size = session.run.with_untracked(|r| r.as_ref().map_or((1, 1), |r| (r.layers, r.heads)));
        session.pointed.set(None);
        session.view.update(|v| v.step_head(layers, heads, size.0, size.1));
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, _| {
            if let Target::Head(head) = target {
                session.view.update(|v| (v.layer, v.head) = (head.layer, head.head));
            }
        }),
        key: Rc::new(move |key, _| {
            match key {
                "ArrowUp" => step(-1, 0),
                "ArrowDown" => step(1, 0),
                "ArrowLeft" => step(0, -1),
                "ArrowRight" => step(0, 1),
                _ => return false,
            }
            true
        }),
    };
    view! { <Picture id="grid" scene=scene.into() look room hands keys="Arrow keys choose another head." /> }
}
