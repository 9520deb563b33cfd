//! Thumbnails: maps reduced to at most [`THUMB_SIDE`] rows and columns.

use ndarray::{ArrayView2, ArrayView4};

/// The most rows and columns of a thumbnail. Maps of fewer tokens keep their size.
pub const THUMB_SIDE: usize = 64;

/// The thumbnails of all heads of a run, which are added head by head.
#[derive(Clone, Debug, PartialEq)]
pub struct Thumbnails {
    /// [layers * heads, side, side], row-major.
    pub cells: Vec<f32>,
    /// `min(n, THUMB_SIDE)`.
    pub side: usize,
}

impl Thumbnails {
    /// Empty thumbnails for `heads` maps of n tokens.
    pub fn new(heads: usize, n: usize) -> Self {
        let side = n.min(THUMB_SIDE);
        Self { cells: Vec::with_capacity(heads * side * side), side }
    }

    /// Adds a thumbnail of NaN for a head whose map is not available.
    pub fn skip(&mut self) {
        self.cells.resize(self.cells.len() + self.side * self.side, f32::NAN);
    }

    /// Adds the next head's map [n, n].
    ///
    /// A cell of the thumbnail is the one with the largest absolute value of the cells that it stands for. A mean would
    /// hide thin diagonals and single columns, by which heads differ. It is NaN (not available) only if all of these
    /// cells are.
    pub fn add(&mut self, map: ArrayView2<'_, f32>) {
        let (n, side, start) = (map.nrows(), self.side, self.cells.len());
        self.cells.resize(start + side * side, f32::NAN);
        let out = &mut self.cells[start..];
        for (q, row) in map.outer_iter().enumerate() {
            let out_row = &mut out[q * side / n * side..][..side];
            for (k, &weight) in row.iter().enumerate() {
                let cell = &mut out_row[k * side / n];
                if cell.is_nan() || weight.abs() > cell.abs() {
                    *cell = weight;
                }
            }
        }
    }
}

/// The thumbnails `[layers, heads, side, side]` of all heads of `pattern [layers, heads, n, n]`, row-major, and `side`.
pub fn thumbnails(pattern: ArrayView4<'_, f32>) -> (Vec<f32>, usize) {
    let (layers, heads, n, _) = pattern.dim();
    let mut all = Thumbnails::new(layers * heads, n);
    pattern.outer_iter().for_each(|layer| layer.outer_iter().for_each(|map| all.add(map)));
    (all.cells, all.side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;

    #[test]
    fn a_short_run_keeps_every_cell() {
        let pattern = Array4::from_shape_fn((1, 2, 3, 3), |(_, h, q, k)| (h * 9 + q * 3 + k) as f32);
        let (thumbs, side) = thumbnails(pattern.view());
        assert_eq!(side, 3);
        assert_eq!(thumbs, (0..18).map(|i| i as f32).collect::<Vec<_>>());
    }

    #[test]
    fn a_long_run_keeps_its_strongest_weights() {
        let mut pattern = Array4::from_elem((1, 1, 128, 128), 0.001);
        pattern[[0, 0, 127, 3]] = 0.9;
        let (thumbs, side) = thumbnails(pattern.view());
        assert_eq!(side, 64);
        assert_eq!(thumbs[63 * 64 + 1], 0.9);
        assert_eq!(thumbs.iter().filter(|&&w| w > 0.5).count(), 1);
    }

    #[test]
    fn a_cell_is_not_available_only_where_nothing_in_it_is() {
        let n = 128;
        let causal = |(_, _, q, k)| if k > q { f32::NAN } else { 1.0 / (q + 1) as f32 };
        let (thumbs, side) = thumbnails(Array4::from_shape_fn((1, 1, n, n), causal).view());
        for (at, cell) in thumbs.iter().enumerate() {
            let (q, k) = (at / side, at % side);
            if k > q {
                assert!(cell.is_nan(), "[{q}, {k}]");
            } else {
                assert_eq!(*cell, 1.0 / (2 * q + 1) as f32, "[{q}, {k}]");
            }
        }
        let (small, _) = thumbnails(Array4::from_shape_fn((1, 1, 2, 2), causal).view());
        assert!(small[1].is_nan());
        assert_eq!([small[0], small[2], small[3]], [1.0, 0.5, 0.5]);
    }

    #[test]
    fn the_largest_keeps_its_sign() {
        let mut map = ndarray::Array2::zeros((128, 128));
        map[[0, 0]] = 0.25;
        map[[1, 1]] = -0.5;
        let mut all = Thumbnails::new(1, 128);
        all.add(map.view());
        assert_eq!((all.cells[0], all.cells.len()), (-0.5, 64 * 64));
    }
}
