//! The maps of one quantity of a run, as far as they have arrived from the worker.

use std::sync::Arc;

use ndarray::Array2;

use crate::analysis::Quantity;

/// The kind of a run's maps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Of {
    pub quantity: Quantity,
    /// The number of the run that is subtracted, for differences.
    pub with: Option<u32>,
}

/// The maps of all heads.
#[derive(Clone, Debug)]
pub struct Maps {
    /// The thumbnails of all heads [layers, heads, side, side]. Empty if the heads of a layer share a map.
    pub thumbs: Arc<Vec<f32>>,
    /// The rows and columns of a thumbnail.
    pub side: usize,
    /// The largest absolute value of all cells, which is the end of the colour scale.
    pub max: f32,
    /// The map [query, key] of each head, in the order L0 H0, L0 H1, ..., or none if it has not arrived.
    maps: Vec<Option<Arc<Array2<f32>>>>,
}

impl Maps {
    /// Maps of this number of heads in all layers, with their thumbnails.
    pub fn new(heads: usize, thumbs: Vec<f32>, side: usize) -> Self {
        // A thumbnail keeps the largest absolute value of its map, so this is also that of the maps.
        let max = thumbs.iter().fold(0.0f32, |max, cell| max.max(cell.abs()));
        Self { thumbs: Arc::new(thumbs), side, max, maps: vec![None; heads] }
    }

    /// Sets the map at `place`, which is ignored if there is no such place.
    pub fn set(&mut self, place: usize, map: Array2<f32>) {
        if let Some(slot) = self.maps.get_mut(place) {
            *slot = Some(Arc::new(map));
        }
    }

    /// The map at `place`, if it has arrived.
    pub fn get(&self, place: usize) -> Option<Arc<Array2<f32>>> {
        self.maps.get(place)?.clone()
    }
}
