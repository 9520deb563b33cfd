//! The right side of a product, laid out once the way the kernel reads it.

use std::ops::Range;

use super::floats::Floats;

/// Columns of a panel: one vector of eight lanes.
pub const PANEL: usize = 8;

/// A matrix B [depth, columns] as panels of eight columns, each depth-major:
/// `data[panel][k][column in panel]`. The last panel is filled up with zeros.
#[derive(Default)]
pub struct Panels {
    pub(super) data: Vec<f32>,
    pub(super) depth: usize,
    pub(super) columns: usize,
}

impl Panels {
    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// As they lie in memory, the padding included.
    pub fn numbers(&self) -> &[f32] {
        &self.data
    }

    /// Of [`Self::numbers`].
    pub(super) fn from_numbers(data: Vec<f32>, depth: usize, columns: usize) -> Self {
        Self { data, depth, columns }
    }

    /// Weights as checkpoints store them, each part [outputs, depth] and the parts one below the other:
    /// every output becomes a column. One row at a time is widened, never the whole file.
    ///
    /// Panics when a part is not whole rows of `depth`; shapes are checked where tensors are read.
    pub fn from_weights(parts: &[Floats<'_>], depth: usize) -> Self {
        let mut panels = Self::zeros(depth, parts.iter().map(|part| part.len() / depth).sum());
        let mut column = 0;
        for part in parts {
            panels.set_columns(column, *part);
            column += part.len() / depth;
        }
        panels
    }

    /// A matrix of zeros, to be filled by [`Self::set_columns`] or [`Self::set_rows`].
    pub fn zeros(depth: usize, columns: usize) -> Self {
        let mut panels = Self::default();
        panels.reset(depth, columns);
        panels
    }

    /// Sets columns from column `first` on to the rows of `weights` [outputs, depth].
    ///
    /// Panics when these are not whole rows, or more than there are columns.
    pub fn set_columns(&mut self, first: usize, weights: Floats<'_>) {
        let depth = self.depth;
        let mut row = vec![0.0; depth];
        for (column, start) in (first..).zip((0..weights.len()).step_by(depth)) {
            weights.part(start, depth).widen_into(&mut row);
            let lane = column % PANEL;
            let panel = &mut self.data[column / PANEL * PANEL * depth..][..PANEL * depth];
            for (place, &weight) in panel.as_chunks_mut::<PANEL>().0.iter_mut().zip(&row) {
                place[lane] = weight;
            }
        }
    }

    /// Sets rows of the depth from row `first` on to the rows of `from` [rows, columns], which are `stride` apart.
    ///
    /// Panics when these are more than the depth has.
    pub fn set_rows(&mut self, first: usize, from: &[f32], stride: usize) {
        for (k, row) in (first..).zip(from.chunks(stride)) {
            for (panel, eight) in row[..self.columns].chunks(PANEL).enumerate() {
                self.data[(panel * self.depth + k) * PANEL..][..eight.len()].copy_from_slice(eight);
            }
        }
    }

    /// Repacks with the rows of `from` [columns, depth] (its rows `stride` apart) as columns, times `scale`:
    /// the keys of one head, so that a product with the queries gives scores.
    pub fn pack_transposed(&mut self, from: &[f32], stride: usize, columns: usize, depth: usize, scale: f32) {
        self.reset(depth, columns);
        for (column, row) in from.chunks(stride).take(columns).enumerate() {
            let lane = column % PANEL;
            let panel = &mut self.data[column / PANEL * PANEL * depth..][..PANEL * depth];
            for (place, &number) in panel.as_chunks_mut::<PANEL>().0.iter_mut().zip(&row[..depth]) {
                place[lane] = number * scale;
            }
        }
    }

    /// Repacks with `from` [depth, columns] as it is (its rows `stride` apart): the values of one head.
    pub fn pack(&mut self, from: &[f32], stride: usize, depth: usize, columns: usize) {
        self.reset(depth, columns);
        self.set_rows(0, &from[..from.len().min(depth * stride)], stride);
    }

    /// Some rows of the depth as a matrix of their own: what one head's numbers are multiplied with.
    pub fn depth_part(&self, range: Range<usize>) -> Self {
        let panels = self.data.chunks_exact(PANEL * self.depth);
        let data = panels.flat_map(|panel| &panel[range.start * PANEL..range.end * PANEL]).copied().collect();
        Self { data, depth: range.len(), columns: self.columns }
    }

    /// Room for another matrix; keeps the memory it has, and zeros in the places that pad the last panel.
    fn reset(&mut self, depth: usize, columns: usize) {
        self.depth = depth;
        self.columns = columns;
        self.data.clear();
        self.data.resize(columns.div_ceil(PANEL) * PANEL * depth, 0.0);
    }
}
