//! The maps of one quantity of a run, as far as they have come over.

use std::sync::Arc;

use ndarray::Array2;

use crate::analysis::Quantity;
use crate::engine::HeadId;

/// Which maps of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Of {
    pub quantity: Quantity,
    /// The run that is taken off, for a difference.
    pub with: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct Maps {
    /// All heads small [layers, heads, side, side]; empty where heads share their maps.
    pub thumbs: Arc<Vec<f32>>,
    pub side: usize,
    /// The cell of any head that is furthest from 0: the end of every colour scale.
    pub max: f32,
    /// By layer and head; those that have not come yet are missing.
    maps: Vec<Option<Arc<Array2<f32>>>>,
}

impl Maps {
    /// For so many heads in all.
    pub fn new(heads: usize, thumbs: Vec<f32>, side: usize) -> Self {
        // The strongest cell is kept by every thumbnail, so this is that of the full maps too.
        let max = thumbs.iter().fold(0.0f32, |max, cell| max.max(cell.abs()));
        Self { thumbs: Arc::new(thumbs), side, max, maps: vec![None; heads] }
    }

    pub fn set(&mut self, place: usize, map: Array2<f32>) {
        if let Some(slot) = self.maps.get_mut(place) {
            *slot = Some(Arc::new(map));
        }
    }

    pub fn get(&self, place: usize) -> Option<Arc<Array2<f32>>> {
        self.maps.get(place)?.clone()
    }
}

/// What a run shares with the one that it is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The other run's number.
    pub with: u32,
    /// Tokens that both have: in this run, and in the other.
    pub aligned: Vec<(usize, usize)>,
    /// Mean absolute difference of each head, L0 H0 first.
    pub changes: Vec<f32>,
}

impl Compared {
    /// Where a token of this run is in the other.
    pub fn other(&self, token: usize) -> Option<usize> {
        self.aligned.iter().find(|(ours, _)| *ours == token).map(|(_, theirs)| *theirs)
    }

    /// Where a token of the other is in this run.
    pub fn ours(&self, token: usize) -> Option<usize> {
        self.aligned.iter().find(|(_, theirs)| *theirs == token).map(|(ours, _)| *ours)
    }
}

/// How heads turned from one key to another, reading a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Turned {
    pub with: u32,
    /// The query and the two keys, `from` first.
    pub tokens: [usize; 3],
    /// Those that turned most first, those that turned the other way last.
    pub heads: Vec<(HeadId, f32)>,
}

/// The likeliest tokens at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// The run that they are set beside.
    pub with: Option<u32>,
    pub position: usize,
    /// Each as it is shown, how likely it is, and how likely it is in the other run; the likeliest first.
    pub tokens: Vec<(String, f32, Option<f32>)>,
}
