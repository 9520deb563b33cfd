//! The right side of a product, packed once in the order in which the micro-kernel reads it.

use std::ops::Range;

use super::NR;
use crate::math::quant::view::TensorView;

/// A matrix B [depth, columns] in panels of [`NR`] columns: `data[panel][row of the depth][column in the panel]`. If
/// the last panel has fewer columns, zeros fill it up.
#[derive(Default)]
pub struct PackedB {
    data: Vec<f32>,
    depth: usize,
    columns: usize,
}

impl PackedB {
    /// Rows of B, which are as many as the columns of A.
    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The numbers as they lie in memory, with the padding of the last panel.
    pub fn numbers(&self) -> &[f32] {
        &self.data
    }

    /// A matrix from the numbers that [`Self::numbers`] returned.
    pub(super) fn from_numbers(data: Vec<f32>, depth: usize, columns: usize) -> Self {
        Self { data, depth, columns }
    }

    /// Packs weights as checkpoints store them: each part is [outputs, depth], and the parts' outputs follow each other
    /// as columns of B. One row at a time is converted to f32.
    ///
    /// Panics when a part is not a whole number of rows; shapes are checked when tensors are read.
    pub fn from_weights(parts: &[TensorView<'_>], depth: usize) -> Self {
        let mut panels = Self::zeros(depth, parts.iter().map(|part| part.len() / depth).sum());
        let mut column = 0;
        for part in parts {
            panels.set_columns(column, *part);
            column += part.len() / depth;
        }
        panels
    }

    /// A matrix of zeros, which [`Self::set_columns`] or [`Self::set_rows`] can fill.
    pub fn zeros(depth: usize, columns: usize) -> Self {
        let mut panels = Self::default();
        panels.reset(depth, columns);
        panels
    }

    /// Sets the columns from `first` on to the rows of `weights` [outputs, depth].
    ///
    /// Panics when the weights are not whole rows, or are more rows than there are columns left.
    pub fn set_columns(&mut self, first: usize, weights: TensorView<'_>) {
        let depth = self.depth;
        let mut row = vec![0.0; depth];
        for (column, start) in (first..).zip((0..weights.len()).step_by(depth)) {
            weights.part(start, depth).to_f32_into(&mut row);
            let lane = column % NR;
            let panel = &mut self.data[column / NR * NR * depth..][..NR * depth];
            for (place, &weight) in panel.as_chunks_mut::<NR>().0.iter_mut().zip(&row) {
                place[lane] = weight;
            }
        }
    }

    /// Sets the rows of B from `first` on to the rows of `from` [rows, columns], which begin `stride` numbers apart.
    ///
    /// Panics when they are more rows than there are left.
    pub fn set_rows(&mut self, first: usize, from: &[f32], stride: usize) {
        for (k, row) in (first..).zip(from.chunks(stride)) {
            for (panel, eight) in row[..self.columns].chunks(NR).enumerate() {
                self.data[(panel * self.depth + k) * NR..][..eight.len()].copy_from_slice(eight);
            }
        }
    }

    /// Repacks this matrix with B = `scale from^T`: the rows of `from` [columns, depth], which begin `stride` numbers
    /// apart, become columns. The keys of one head are packed like this, so that a product with the queries gives
    /// scores.
    pub fn pack_transposed(&mut self, from: &[f32], stride: usize, columns: usize, depth: usize, scale: f32) {
        self.reset(depth, columns);
        for (column, row) in from.chunks(stride).take(columns).enumerate() {
            let lane = column % NR;
            let panel = &mut self.data[column / NR * NR * depth..][..NR * depth];
            for (place, &number) in panel.as_chunks_mut::<NR>().0.iter_mut().zip(&row[..depth]) {
                place[lane] = number * scale;
            }
        }
    }

    /// Repacks this matrix with B = `from` [depth, columns], whose rows begin `stride` numbers apart. The values of one
    /// head are packed like this.
    pub fn pack(&mut self, from: &[f32], stride: usize, depth: usize, columns: usize) {
        self.reset(depth, columns);
        self.set_rows(0, &from[..from.len().min(depth * stride)], stride);
    }

    /// The rows `range` of B as a matrix of their own: of an output projection, the rows that one head's outputs are
    /// multiplied with.
    pub fn depth_part(&self, range: Range<usize>) -> Self {
        let panels = self.data.chunks_exact(NR * self.depth);
        let data = panels.flat_map(|panel| &panel[range.start * NR..range.end * NR]).copied().collect();
        Self { data, depth: range.len(), columns: self.columns }
    }

    /// Becomes a matrix of zeros of this shape. Memory that is already allocated is used again.
    fn reset(&mut self, depth: usize, columns: usize) {
        self.depth = depth;
        self.columns = columns;
        self.data.clear();
        self.data.resize(columns.div_ceil(NR) * NR * depth, 0.0);
    }
}
