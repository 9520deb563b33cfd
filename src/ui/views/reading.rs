//! What is on screen, read from the session once for all pictures and captions.

use std::sync::Arc;

use leptos::prelude::*;

use crate::analysis::{Edge, HeadMap, Row, Special, by_mass, strongest};
use crate::engine::HeadId;
use crate::scene::Target;
use crate::scene::sentence::MOST_EDGES;
use crate::state::{Run, ViewState};
use crate::ui::session::Session;

/// One head of one run, as it is shown and with what is chosen in it.
pub struct Shot {
    pub head: HeadId,
    pub run: Arc<Run>,
    pub special: Special,
    pub map: HeadMap,
    /// The map's weights row-major, shared with the screen.
    pub values: Arc<Vec<f32>>,
}

/// The row of some queries, with the edges worth drawing.
#[derive(Clone)]
pub struct Chosen {
    pub queries: Vec<usize>,
    pub row: Option<Row>,
    /// Strongest first.
    pub edges: Vec<Edge>,
    /// Share of the row's sum that the edges carry.
    pub carried: f32,
}

/// Everything that a picture of the chosen head needs.
#[derive(Clone)]
pub struct Reading {
    /// The head on screen; the last one while the next is on its way from the worker.
    pub shot: Arc<Shot>,
    /// The chosen queries, whatever the pointer does: for what is read aloud and for the table.
    pub pinned: Arc<Chosen>,
    /// The queries on screen: the one pointed at, else those chosen.
    pub chosen: Arc<Chosen>,
    /// Query and key of the cell pointed at, in whatever picture.
    pub cell: Option<(usize, usize)>,
}

impl PartialEq for Reading {
    /// Made anew only when something changed: see [`read`].
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

pub fn reading(session: Session) -> Memo<Option<Reading>> {
    Memo::new(move |last: Option<&Option<Reading>>| {
        let last = last.and_then(Option::as_ref);
        let run = session.run.get()?;
        let head = session.head_shown();
        let pointed = session.pointed.get();
        session.view.with(|view| read(view, run, head, pointed, last))
    })
}

fn read(
    view: &ViewState,
    run: Arc<Run>,
    head: HeadId,
    pointed: Option<Target>,
    last: Option<&Reading>,
) -> Option<Reading> {
    let kept =
        last.map(|l| &l.shot).filter(|s| Arc::ptr_eq(&s.run, &run) && s.special == view.special && s.head == head);
    let shot = match (kept, run.pattern(head)) {
        (Some(shot), _) => shot.clone(),
        (None, Some(pattern)) => {
            let map = HeadMap::new(pattern.view(), &run.special(), view.special);
            let values = Arc::new(map.weights.iter().copied().collect());
            Arc::new(Shot { head, run, special: view.special, map, values })
        }
        // Another head of this run is on its way: the picture stays until it is here.
        (None, None) => last.map(|l| &l.shot).filter(|s| s.run.id == run.id)?.clone(),
    };
    let count = shot.run.tokens.len();
    let pinned = Arc::new(choose(&shot, &view.tokens, view.mass));
    let cell = match (pointed, pinned.queries.as_slice()) {
        (Some(Target::Cell { query, key }), _) => Some((query, key)),
        (Some(Target::Key(key)), &[query]) => Some((query, key)),
        _ => None,
    };
    let chosen = match pointed {
        Some(Target::Query(query) | Target::Cell { query, .. }) if query < count => {
            Arc::new(choose(&shot, &[query], view.mass))
        }
        _ => pinned.clone(),
    };
    Some(Reading { shot, pinned, chosen, cell: cell.filter(|&(q, k)| q < count && k < count) })
}

fn choose(shot: &Shot, queries: &[usize], mass: f32) -> Chosen {
    let count = shot.run.tokens.len();
    let queries: Vec<usize> = queries.iter().copied().filter(|&q| q < count).collect();
    let row = shot.map.row(&queries);
    let Some(some) = &row else {
        let skipped = match shot.special {
            Special::Show => vec![false; count],
            _ => shot.run.special(),
        };
        let edges = strongest(&shot.map, &skipped, MOST_EDGES);
        return Chosen { queries, row, edges, carried: 0.0 };
    };
    let (keys, carried) = by_mass(some, mass);
    // Several queries are read as their mean: each sends the edge of the mean row.
    let edges = keys.iter().flat_map(|&(key, weight)| queries.iter().map(move |&query| Edge { query, key, weight }));
    Chosen { edges: edges.collect(), queries, row, carried }
}
