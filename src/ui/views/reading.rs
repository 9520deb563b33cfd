//! What is on screen, read from the session once for all pictures and captions.

use std::sync::Arc;

use leptos::prelude::*;

use crate::analysis::{Edge, HeadMap, Row, Special, Words, by_mass, strongest};
use crate::engine::{HeadId, Shown};
use crate::scene::Target;
use crate::scene::sentence::most_edges;
use crate::state::{Run, ViewState};
use crate::ui::session::Session;

/// One head of one run, as it is shown and with what is chosen in it. Its *units*, by which pictures count, are
/// the run's tokens or, merged, its words.
pub struct Shot {
    pub head: HeadId,
    pub run: Arc<Run>,
    pub special: Special,
    /// The units as they are written.
    pub shown: Arc<Vec<Shown>>,
    words: Option<Arc<Words>>,
    /// Weights [query unit, key unit].
    pub map: HeadMap,
    /// The map's weights row-major, shared with the screen.
    pub values: Arc<Vec<f32>>,
}

impl Shot {
    pub fn count(&self) -> usize {
        self.shown.len()
    }

    pub fn unit_of(&self, token: usize) -> usize {
        self.words.as_ref().map_or(token, |words| words.of_token[token])
    }

    /// The unit's first token.
    pub fn token_of(&self, unit: usize) -> usize {
        self.words.as_ref().map_or(unit, |words| words.first[unit])
    }
}

/// The row of some queries, with the edges worth drawing.
#[derive(Clone)]
pub struct Chosen {
    pub queries: Vec<usize>,
    mass: f32,
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
    /// The queries on screen: the one pointed at, else those chosen.
    pub chosen: Arc<Chosen>,
    /// Query and key of the cell pointed at, in whatever picture.
    pub cell: Option<(usize, usize)>,
}

impl PartialEq for Reading {
    /// The same values, not merely equal ones: what has not changed is passed on as it is.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shot, &other.shot) && Arc::ptr_eq(&self.chosen, &other.chosen) && self.cell == other.cell
    }
}

/// What is chosen, and what is on screen: the same, but for what the pointer previews.
#[derive(Clone, Copy)]
pub struct Readings {
    pub pinned: Memo<Option<Reading>>,
    pub now: Memo<Option<Reading>>,
}

impl Readings {
    pub fn new(session: Session) -> Self {
        let pinned = Memo::new(move |last: Option<&Option<Reading>>| {
            let run = session.run.get()?;
            let head = session.head_shown();
            session.view.with(|view| pinned(view, run, head, last.and_then(Option::as_ref)))
        });
        let now = Memo::new(move |_| {
            let mass = session.view.with(|v| v.mass);
            Some(pointed(pinned.get()?, session.pointed.get(), mass))
        });
        Self { pinned, now }
    }
}

/// The shot on screen and the last of its queries, for hands: nothing is tracked.
pub fn held(reading: Memo<Option<Reading>>) -> Option<(Arc<Shot>, Option<usize>)> {
    reading.with_untracked(|r| r.as_ref().map(|r| (r.shot.clone(), r.chosen.queries.last().copied())))
}

/// Chooses a unit of the picture: pictures count units, the view's state tokens.
pub fn choose_unit(session: Session, reading: Memo<Option<Reading>>, unit: usize, target: Target, add: bool) {
    if let Some((shot, _)) = held(reading).filter(|(shot, _)| unit < shot.count()) {
        session.choose(target, shot.token_of(unit), add);
    }
}

fn pinned(view: &ViewState, run: Arc<Run>, head: HeadId, last: Option<&Reading>) -> Option<Reading> {
    let last_shot = last.map(|l| &l.shot);
    let of_run = last_shot.filter(|s| Arc::ptr_eq(&s.run, &run) && s.words.is_some() == view.words);
    let same = of_run.filter(|s| s.special == view.special && s.head == head);
    let shot = match (same, run.pattern(head)) {
        (Some(shot), _) => shot.clone(),
        (None, Some(pattern)) => {
            let (shown, words) = of_run.map_or_else(|| units(&run, view.words), |s| (s.shown.clone(), s.words.clone()));
            let merged = words.as_ref().map(|words| words.merge(pattern.view()));
            let map = HeadMap::new(merged.as_ref().unwrap_or(&pattern).view(), &special(&shown), view.special);
            let values = Arc::new(map.weights.iter().copied().collect());
            Arc::new(Shot { head, run, special: view.special, shown, words, map, values })
        }
        // Another head of this run is on its way: the picture stays until it is here.
        (None, None) => last_shot.filter(|s| s.run.id == run.id)?.clone(),
    };
    let count = shot.run.tokens.len();
    let mut queries: Vec<usize> = view.tokens.iter().filter(|&&t| t < count).map(|&t| shot.unit_of(t)).collect();
    queries.dedup();
    let kept = last.filter(|l| Arc::ptr_eq(&l.shot, &shot)).map(|l| &l.chosen);
    let kept = kept.filter(|c| c.queries == queries && c.mass == view.mass);
    let chosen = kept.cloned().unwrap_or_else(|| Arc::new(choose(&shot, queries, view.mass)));
    Some(Reading { shot, chosen, cell: None })
}

fn special(shown: &[Shown]) -> Vec<bool> {
    shown.iter().map(|s| s.special).collect()
}

/// A run's units as they are written and, where they are words, the way between the two.
fn units(run: &Run, merged: bool) -> (Arc<Vec<Shown>>, Option<Arc<Words>>) {
    if !merged {
        return (run.shown.clone(), None);
    }
    let words = Words::new(&run.tokens, &run.shown);
    (Arc::new(words.shown.clone()), Some(Arc::new(words)))
}

fn pointed(pinned: Reading, target: Option<Target>, mass: f32) -> Reading {
    let count = pinned.shot.count();
    let (query, key) = match (target, pinned.chosen.queries.as_slice()) {
        (Some(Target::Cell { query, key }), _) => (Some(query), Some(key)),
        (Some(Target::Query(query)), _) => (Some(query), None),
        (Some(Target::Key(key)), &[query]) => (Some(query), Some(key)),
        _ => (None, None),
    };
    let cell = query.zip(key).filter(|&(q, k)| q < count && k < count);
    match query.filter(|&q| q < count && pinned.chosen.queries != [q]) {
        Some(query) => Reading { chosen: Arc::new(choose(&pinned.shot, vec![query], mass)), cell, ..pinned },
        None => Reading { cell, ..pinned },
    }
}

/// Every query is a unit of the shot.
fn choose(shot: &Shot, queries: Vec<usize>, mass: f32) -> Chosen {
    let count = shot.count();
    let row = shot.map.row(&queries);
    let Some(some) = &row else {
        let skipped = match shot.special {
            Special::Show => vec![false; count],
            _ => special(&shot.shown),
        };
        let edges = strongest(&shot.map, &skipped, most_edges(count));
        return Chosen { queries, mass, row, edges, carried: 0.0 };
    };
    let (keys, carried) = by_mass(some, mass);
    // Several queries are read as their mean: each sends the edge of the mean row.
    let edges = keys.iter().flat_map(|&(key, weight)| queries.iter().map(move |&query| Edge { query, key, weight }));
    Chosen { edges: edges.collect(), queries, mass, row, carried }
}
