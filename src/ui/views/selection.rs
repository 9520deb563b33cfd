//! What is on screen, read from the session once for all pictures and captions.

use std::sync::Arc;

use leptos::prelude::*;

use crate::analysis::{Edge, HeadMap, Quantity, Row, Special, Words, by_mass_at_most, strongest};
use crate::engine::{HeadId, Shown};
use crate::scene::Target;
use crate::scene::sentence::{MOST_WRAPPED, TOKEN_SIZE, arcs_fit, most_edges, written};
use crate::state::{MASS, Of, Run, View, ViewState};
use crate::text;
use crate::ui::browser::text_width;
use crate::ui::session::Session;

/// One head of one run, as it is shown and with what is chosen in it. Its *units*, by which pictures count, are
/// the run's tokens or, merged, its words.
pub struct Shot {
    pub head: HeadId,
    pub run: Arc<Run>,
    of: Of,
    pub special: Special,
    /// The units as they are written.
    pub shown: Arc<Vec<Shown>>,
    /// Their widths as the sentence writes them, in CSS pixels.
    pub widths: Arc<Vec<f32>>,
    words: Option<Arc<Words>>,
    /// Cells [query unit, key unit].
    pub map: HeadMap,
    /// End of the colour scale.
    pub max: f32,
    /// The map's cells row-major, shared with the screen.
    pub values: Arc<Vec<f32>>,
}

impl Shot {
    pub fn count(&self) -> usize {
        self.shown.len()
    }

    pub fn quantity(&self) -> Quantity {
        self.of.quantity
    }

    /// What the picture is of: `L3 H1`, or what its layer's heads do together.
    pub fn name(&self) -> String {
        let layer = format!("L{}", self.head.layer);
        match self.of.quantity {
            Quantity::LayerMean => text::name_mean(&layer),
            Quantity::Rollout => text::name_rollout(&layer),
            _ => self.head.to_string(),
        }
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
    share: Share,
    pub row: Option<Row>,
    /// Strongest first.
    pub edges: Vec<Edge>,
    /// Share of the row's sum that the edges carry.
    pub carried: f32,
}

/// How much of a row is drawn.
#[derive(Clone, Copy, PartialEq)]
struct Share {
    /// The fewest keys that carry this share.
    mass: f32,
    /// No more edges than this.
    most: usize,
}

impl Share {
    /// Lines of text would be hidden by many edges: they have few, unless another share is asked for.
    fn new(mass: f32, form: View) -> Self {
        let is_few = form == View::Text && mass == MASS;
        Self { mass, most: if is_few { MOST_WRAPPED } else { usize::MAX } }
    }
}

/// Everything that a picture of the chosen head needs.
#[derive(Clone)]
pub struct Reading {
    /// The head on screen; the last one while the next is on its way from the worker.
    pub shot: Arc<Shot>,
    /// The form of the sentence: the one asked for, else the one that fits.
    pub form: View,
    /// The queries on screen: the one pointed at, else those chosen.
    pub chosen: Arc<Chosen>,
    /// Query and key of the cell pointed at, in whatever picture.
    pub cell: Option<(usize, usize)>,
}

impl PartialEq for Reading {
    /// The same values, not merely equal ones: what has not changed is passed on as it is.
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.shot, &other.shot) && Arc::ptr_eq(&self.chosen, &other.chosen);
        same && (self.form, self.cell) == (other.form, other.cell)
    }
}

/// What is chosen, and what is on screen: the same, but for what the pointer previews.
#[derive(Clone, Copy)]
pub struct Readings {
    pub pinned: Memo<Option<Reading>>,
    pub now: Memo<Option<Reading>>,
    /// For the run beside the one on screen: what is chosen in that, by which everything is pointed at.
    main: Option<Memo<Option<Reading>>>,
}

impl Readings {
    pub fn new(session: Session) -> Self {
        let pinned = Memo::new(move |last: Option<&Option<Reading>>| {
            let run = session.run.get()?;
            let (head, of, room) = (session.head_shown(), session.of(), session.room.get());
            session.view.with(|view| pinned(view, run, of, head, &view.tokens, room, last.and_then(Option::as_ref)))
        });
        Self::at(session, pinned, None)
    }

    /// Of the run that is compared with, while both are on screen.
    pub fn beside(session: Session, main: Self) -> Self {
        let pinned = Memo::new(move |last: Option<&Option<Reading>>| {
            let run = session.other.get()?;
            let compared = session.run.with(|ours| ours.as_ref()?.compared.clone())?;
            let (head, room) = (session.head_shown(), session.room.get());
            session.view.with(|view| {
                let of = Of { quantity: view.show, with: None };
                let tokens: Vec<usize> = view.tokens.iter().filter_map(|&token| compared.other(token)).collect();
                let last = last.and_then(Option::as_ref);
                if view.side_by_side { pinned(view, run, Some(of), head, &tokens, room, last) } else { None }
            })
        });
        Self::at(session, pinned, Some(main.pinned))
    }

    /// Of the run on screen, and not of the one that it is compared with.
    pub fn is_main(&self) -> bool {
        self.main.is_none()
    }

    fn at(session: Session, pinned: Memo<Option<Reading>>, main: Option<Memo<Option<Reading>>>) -> Self {
        let now = Memo::new(move |_| {
            let pinned = pinned.get()?;
            let target = session.pointed.get().map(|target| theirs(target, &pinned, main));
            Some(pointed(pinned, target))
        });
        Self { pinned, now, main }
    }

    /// What is pointed at, by the units of these pictures.
    pub fn pointed(&self, session: Session) -> Option<Target> {
        let target = session.pointed.get()?;
        self.pinned.with(|pinned| pinned.as_ref().map(|pinned| theirs(target, pinned, self.main)))
    }

    /// Points at a unit of these pictures, in all.
    pub fn point(&self, session: Session, target: Option<Target>) {
        session.point(target.map(|target| self.ours(target)));
    }

    /// A target here as it is in the run on screen. Units that only this run has are counted on behind those.
    fn ours(&self, target: Target) -> Target {
        let both = self.main.and_then(|main| Some((held(main)?.0, held(self.pinned)?.0)));
        let Some((main, shot)) = both else { return target };
        let compared = main.run.compared.clone();
        each(target, |unit| {
            let shared = compared.as_ref().filter(|_| unit < shot.count()).and_then(|c| c.ours(shot.token_of(unit)));
            shared.map_or(main.count() + unit, |token| main.unit_of(token))
        })
    }
}

/// A target in the run on screen as it is in this one; the way back of [`Readings::ours`]. What is not here is
/// beyond all units.
fn theirs(target: Target, pinned: &Reading, main: Option<Memo<Option<Reading>>>) -> Target {
    let Some((main, _)) = main.and_then(held) else { return target };
    each(target, |unit| match unit.checked_sub(main.count()) {
        Some(own) => own,
        None => {
            let shared = main.run.compared.as_ref().and_then(|c| c.other(main.token_of(unit)));
            shared.filter(|&t| t < pinned.shot.run.tokens.len()).map_or(usize::MAX, |token| pinned.shot.unit_of(token))
        }
    })
}

fn each(target: Target, unit: impl Fn(usize) -> usize) -> Target {
    match target {
        Target::Query(query) => Target::Query(unit(query)),
        Target::Key(key) => Target::Key(unit(key)),
        Target::Cell { query, key } => Target::Cell { query: unit(query), key: unit(key) },
        Target::Head(_) => target,
    }
}

/// The shot on screen and the last of its queries, for hands: nothing is tracked.
pub fn held(reading: Memo<Option<Reading>>) -> Option<(Arc<Shot>, Option<usize>)> {
    reading.with_untracked(|r| r.as_ref().map(|r| (r.shot.clone(), r.chosen.queries.last().copied())))
}

/// Chooses a unit of the picture with the pointer.
pub fn choose_unit(session: Session, readings: Readings, unit: usize, target: Target, add: bool) {
    if let Some(token) = token_of(readings, unit) {
        session.choose(readings.ours(target), token, add);
    }
}

/// The token of the run on screen that a unit of the picture stands for: pictures count units, the view's state tokens.
/// None for one that only the run beside it has: it cannot be chosen.
pub fn token_of(readings: Readings, unit: usize) -> Option<usize> {
    let shot = held(readings.pinned).map(|(shot, _)| shot).filter(|shot| unit < shot.count())?;
    match readings.main {
        Some(main) => held(main)?.0.run.compared.as_ref()?.ours(shot.token_of(unit)),
        None => Some(shot.token_of(unit)),
    }
}

fn pinned(
    view: &ViewState,
    run: Arc<Run>,
    of: Option<Of>,
    head: HeadId,
    tokens: &[usize],
    room: f32,
    last: Option<&Reading>,
) -> Option<Reading> {
    let last_shot = last.map(|l| &l.shot);
    let of_run = last_shot.filter(|s| Arc::ptr_eq(&s.run, &run) && s.words.is_some() == view.words);
    let same = of_run.filter(|s| s.special == view.special && s.head == head && Some(s.of) == of);
    let shot = match (same, of.and_then(|of| Some((of, run.map(of, head)?)))) {
        (Some(shot), _) => shot.clone(),
        (None, Some((of, cells))) => {
            let (shown, widths, words) = match of_run {
                Some(shot) => (shot.shown.clone(), shot.widths.clone(), shot.words.clone()),
                None => units(&run, view.words),
            };
            let merged = words.as_ref().map(|words| words.merge(of.quantity, cells.view()));
            let cells = merged.as_ref().unwrap_or(&cells).view();
            let map = HeadMap::new(of.quantity, cells, &special(&shown), view.special);
            let max = match of.quantity {
                Quantity::LayerMean => run.weights.max,
                Quantity::Rollout => map.range().map_or(0.0, |(_, highest)| highest),
                _ => run.maps(of).map_or(0.0, |maps| maps.max),
            };
            let values = Arc::new(map.weights.iter().copied().collect());
            Arc::new(Shot { head, run, of, special: view.special, shown, widths, words, map, max, values })
        }
        // Another map is on its way: the picture stays until it is here.
        (None, None) if last_shot.is_some_and(|s| s.run.id != run.id) => return last.cloned(),
        (None, None) => last_shot?.clone(),
    };
    let by_itself = if arcs_fit(&shot.shown, &shot.widths, room) { View::Arcs } else { View::Text };
    let form = view.view.unwrap_or(by_itself);
    let share = Share::new(view.mass, form);
    let count = shot.run.tokens.len();
    let mut queries: Vec<usize> = tokens.iter().filter(|&&t| t < count).map(|&t| shot.unit_of(t)).collect();
    queries.dedup();
    let kept = last.filter(|l| Arc::ptr_eq(&l.shot, &shot)).map(|l| &l.chosen);
    let kept = kept.filter(|c| c.queries == queries && c.share == share);
    let chosen = kept.cloned().unwrap_or_else(|| Arc::new(choose(&shot, queries, share)));
    Some(Reading { shot, form, chosen, cell: None })
}

fn special(shown: &[Shown]) -> Vec<bool> {
    shown.iter().map(|s| s.special).collect()
}

type Units = (Arc<Vec<Shown>>, Arc<Vec<f32>>, Option<Arc<Words>>);

/// A run's units as they are written, their widths and, where they are words, the way between the two.
fn units(run: &Run, merged: bool) -> Units {
    let words = merged.then(|| Arc::new(Words::new(&run.tokens, &run.shown)));
    let shown = words.as_ref().map_or_else(|| run.shown.clone(), |words| Arc::new(words.shown.clone()));
    let widths = Arc::new(text_width::widths(shown.iter().map(written), TOKEN_SIZE));
    (shown, widths, words)
}

fn pointed(pinned: Reading, target: Option<Target>) -> Reading {
    let count = pinned.shot.count();
    let (query, key) = match (target, pinned.chosen.queries.as_slice()) {
        (Some(Target::Cell { query, key }), _) => (Some(query), Some(key)),
        (Some(Target::Query(query)), _) => (Some(query), None),
        (Some(Target::Key(key)), &[query]) => (Some(query), Some(key)),
        _ => (None, None),
    };
    let cell = query.zip(key).filter(|&(q, k)| q < count && k < count);
    match query.filter(|&q| q < count && pinned.chosen.queries != [q]) {
        Some(query) => {
            let share = pinned.chosen.share;
            Reading { chosen: Arc::new(choose(&pinned.shot, vec![query], share)), cell, ..pinned }
        }
        None => Reading { cell, ..pinned },
    }
}

/// Every query is a unit of the shot.
fn choose(shot: &Shot, queries: Vec<usize>, share: Share) -> Chosen {
    let count = shot.count();
    let row = shot.map.row(&queries);
    let Some(some) = &row else {
        let skipped = match shot.special {
            Special::Show => vec![false; count],
            _ => special(&shot.shown),
        };
        let edges = strongest(&shot.map, &skipped, most_edges(count).min(share.most));
        return Chosen { queries, share, row, edges, carried: 0.0 };
    };
    let (keys, carried) = by_mass_at_most(some, share.mass, (share.most / queries.len()).max(1));
    // Several queries are read as their mean: each sends the edge of the mean row.
    let edges = keys.iter().flat_map(|&(key, weight)| queries.iter().map(move |&query| Edge { query, key, weight }));
    Chosen { edges: edges.collect(), queries, share, row, carried }
}
