//! Helpers for the tests of this module.

use ndarray::{Array2, Array4, ArrayBase, Data, Dimension};

use crate::engine::Shown;

/// The tokens of a line, which are separated by spaces: `[X]` is special, and `##x` continues the word before it.
pub fn shown(line: &str) -> Vec<Shown> {
    let token = |text: &str| Shown {
        text: text.trim_start_matches("##").to_owned(),
        continues: text.starts_with("##"),
        special: text.starts_with('[') && text.ends_with(']'),
        unknown: false,
    };
    line.split_whitespace().map(token).collect()
}

/// One layer whose heads have these patterns [query, key].
pub fn layer(maps: &[Array2<f32>]) -> Array4<f32> {
    let n = maps[0].nrows();
    Array4::from_shape_fn((1, maps.len(), n, n), |(_, h, q, k)| maps[h][[q, k]])
}

pub fn close(got: f32, want: f32) {
    assert!((got - want).abs() < 1e-5, "{got}, not {want}");
}

/// Compares cell by cell, where NaN equals NaN.
pub fn all_close<D: Dimension>(got: &ArrayBase<impl Data<Elem = f32>, D>, want: &ArrayBase<impl Data<Elem = f32>, D>) {
    assert_eq!(got.shape(), want.shape());
    let like = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-5 || (a.is_nan() && b.is_nan());
    assert!(got.iter().zip(want).all(like), "{got:?}, not {want:?}");
}
