//! All heads at once.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::HeadId;
use crate::scene::Target;
use crate::scene::grid::{Grid, Numbers, Order, READABLE, grid};
use crate::state::{Action, Run, ViewState};
use crate::text;
use crate::ui::browser::theme::Look;
use crate::ui::session::Session;
use crate::ui::views::picture::{Hands, Room, Told, fitted, nothing};

#[component]
pub fn GridView(
    session: Session,
    look: Look,
    id: &'static str,
    /// The style sheet sets the height of its frame.
    #[prop(optional)]
    bounded: bool,
) -> impl IntoView {
    // How the heads stand on the screen, for the arrow keys.
    let layers_across = RwSignal::new(false);
    let scene = move |room: Room| {
        let Some(run) = session.run.get() else { return Some(nothing()) };
        let pointed = match session.pointed.get() {
            Some(Target::Head(head)) => Some(head),
            _ => None,
        };
        // Where heads share their maps, or those asked for are on their way, the weights are shown.
        let maps = session.of().and_then(|of| run.maps(of)).filter(|maps| maps.side > 0).unwrap_or(&run.weights);
        session.view.with(|view| {
            let ranked = run.ranked(view);
            let pale = view.label.map(|label| run.without(label)).unwrap_or_default();
            let all = Grid {
                layers: run.layers,
                heads: run.heads,
                thumbs: maps.thumbs.clone(),
                side: maps.side,
                max: maps.max,
                numbers: numbers(&run, view, ranked.as_deref()),
                chosen: view.head_id(),
                off: run.asked.altered.heads_off.clone(),
                ranked: ranked.as_deref(),
                pale: &pale,
                pointed,
                room: (room.width, room.height),
            };
            let across = all.order().layers_across;
            if layers_across.get_untracked() != across {
                layers_across.set(across);
            }
            Some(grid(&all))
        })
    };
    // Arrow keys go to the neighbour on the screen, whatever the order.
    let step = move |lines: isize, columns: isize| {
        if let Some(run) = session.run.get_untracked() {
            session.point(None);
            let (ranked, from) = session.view.with_untracked(|view| (run.ranked(view), view.head_id()));
            let (layers, heads, ranked) = (run.layers, run.heads, ranked.as_deref());
            let order = Order { layers, heads, layers_across: layers_across.get_untracked(), ranked };
            let from = order.slot(from).unwrap_or(0);
            let column = (from % order.columns()).saturating_add_signed(columns).min(order.columns() - 1);
            let line = (from / order.columns()).saturating_add_signed(lines).min(order.rows() - 1);
            if let Some(head) = order.head_at(line * order.columns() + column) {
                session.act(Action::SetHead(head));
            }
        }
        true
    };
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, _| {
            if let Target::Head(head) = target {
                session.act(Action::SetHead(head));
            }
        }),
        key: Rc::new(move |key, _| match key {
            "ArrowUp" => step(-1, 0),
            "ArrowDown" => step(1, 0),
            "ArrowLeft" => step(0, -1),
            "ArrowRight" => step(0, 1),
            _ => false,
        }),
        in_sight: Rc::new(|| None),
        told: Told::Heads(layers_across),
    };
    let room = (RwSignal::new(Room::default()), bounded);
    fitted(id, text::keys_grid(), look, room, Box::new(scene), hands)
}

/// The number that each head is ranked by, or its entropy without a ranking; none before either is known. It is drawn
/// instead of a map if the reader asks for it, or if the map would be too small.
fn numbers(run: &Run, view: &ViewState, ranked: Option<&[(HeadId, f32)]>) -> Option<Numbers> {
    let mut values = vec![f32::NAN; run.layers * run.heads];
    match ranked {
        Some(ranked) => ranked.iter().for_each(|(head, number)| values[head.layer * run.heads + head.head] = *number),
        None if run.survey.len() == values.len() => {
            values.iter_mut().zip(run.survey.iter()).for_each(|(value, head)| *value = head.measures.entropy);
        }
        None => return None,
    }
    let max = values.iter().fold(0.0f32, |max, value| if value.is_nan() { max } else { max.max(value.abs()) });
    Some(Numbers { values: Arc::new(values), max, below: if view.numbers { f32::INFINITY } else { READABLE } })
}
