//! What all pictures of the chosen head read from the session, computed once.

use std::sync::Arc;

use leptos::prelude::*;

use crate::analysis::{Edge, HeadMap, Row, Special, by_mass, strongest};
use crate::engine::{HeadId, Shown};
use crate::scene::Target;
use crate::scene::sentence::MOST_EDGES;
use crate::state::Run;
use crate::ui::session::Session;

/// One head of one run as it is shown.
#[derive(Clone, Debug)]
pub struct Head {
    pub id: HeadId,
    pub run: Arc<Run>,
    pub map: Arc<HeadMap>,
    /// The map's weights row-major, shared with the screen.
    pub values: Arc<Vec<f32>>,
}

impl PartialEq for Head {
    /// The same run and the same treatment of it; weights are not compared one by one.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Arc::ptr_eq(&self.run, &other.run) && Arc::ptr_eq(&self.map, &other.map)
    }
}

/// The row of some queries, with the edges worth drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub queries: Vec<usize>,
    pub row: Option<Row>,
    /// Strongest first.
    pub edges: Vec<Edge>,
    /// Share of the row's sum that the edges carry.
    pub carried: f32,
}

#[derive(Clone, Copy)]
pub struct Reading {
    /// The tokens of the run on screen: for what depends on the text and not on the head.
    pub shown: Memo<Arc<Vec<Shown>>>,
    /// The head on screen; the last one while the next is on its way from the worker.
    pub head: Memo<Option<Head>>,
    /// The queries on screen: those pointed at, else those chosen.
    pub chosen: Memo<Option<Chosen>>,
    /// The chosen queries alone, whatever the pointer does: for captions and tables that are read.
    pub pinned: Memo<Option<Chosen>>,
}

impl Reading {
    pub fn new(session: Session) -> Self {
        let special = Memo::new(move |_| session.view.with(|v| v.special));
        let mass = Memo::new(move |_| session.view.with(|v| v.mass));
        let tokens = Memo::new(move |_| session.view.with(|v| v.tokens.clone()));
        let shown = Memo::new(move |_| session.run.get().map(|r| r.shown.clone()).unwrap_or_default());
        let head_shown = Memo::new(move |_| session.head_shown());

        let head = Memo::new(move |last: Option<&Option<Head>>| {
            let run = session.run.get()?;
            let id = head_shown.get();
            let Some(pattern) = run.pattern(id) else {
                // Another head of this run is on its way: keep the picture until it is here.
                return last.cloned().flatten().filter(|h| h.run.id == run.id);
            };
            let map = Arc::new(HeadMap::new(pattern.view(), &run.special(), special.get()));
            let values = Arc::new(map.weights.iter().copied().collect());
            Some(Head { id, run, map, values })
        });
        let pinned = Memo::new(move |_| head.get().map(|h| choose(&h, tokens.get(), special.get(), mass.get())));
        let chosen = Memo::new(move |_| {
            let queries = match session.pointed.get() {
                Some(Target::Query(query) | Target::Cell { query, .. }) => vec![query],
                _ => return pinned.get(),
            };
            head.get().map(|h| choose(&h, queries, special.get(), mass.get()))
        });
        Self { shown, head, chosen, pinned }
    }
}

fn choose(head: &Head, mut queries: Vec<usize>, special: Special, mass: f32) -> Chosen {
    queries.retain(|&q| q < head.run.tokens.len());
    let row = head.map.row(&queries);
    let Some(some) = &row else {
        let skipped = match special {
            Special::Show => vec![false; head.run.tokens.len()],
            _ => head.run.special(),
        };
        let edges = strongest(&head.map, &skipped, MOST_EDGES);
        return Chosen { queries, row, edges, carried: 0.0 };
    };
    let (keys, carried) = by_mass(some, mass);
    // Several queries are read as their mean: each sends the edge of the mean row.
    let edges = keys.iter().flat_map(|&(key, weight)| queries.iter().map(move |&query| Edge { query, key, weight }));
    Chosen { edges: edges.collect(), queries, row, carried }
}
