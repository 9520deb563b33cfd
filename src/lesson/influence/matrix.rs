//! Row-major matrices, and products of them.

use crate::lesson::numbers::{self, dot};
use crate::math::Random;

/// A matrix [outputs, inputs] of initial weights (Glorot & Bengio 2010).
pub(super) fn glorot(outputs: usize, inputs: usize, random: &mut Random) -> Vec<f64> {
    let bound = numbers::glorot(inputs, outputs);
    (0..outputs * inputs).map(|_| random.within(bound)).collect()
}

/// w [outputs, inputs] times x [inputs].
pub(super) fn apply(w: &[f64], x: &[f64]) -> Vec<f64> {
    w.chunks_exact(x.len()).map(|row| dot(row, x)).collect()
}

/// x [outputs] times w [outputs, inputs], from the left.
pub(super) fn apply_left(x: &[f64], w: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; w.len() / x.len()];
    for (row, x) in w.chunks_exact(out.len()).zip(x) {
        out.iter_mut().zip(row).for_each(|(sum, w)| *sum += x * w);
    }
    out
}

/// a [n, inner] times b [inner, m].
pub(super) fn product(a: &[f64], b: &[f64], inner: usize) -> Vec<f64> {
    a.chunks_exact(inner).flat_map(|row| apply_left(row, b)).collect()
}

/// Multiplies each row of `matrix` by its number.
pub(super) fn scale_rows(matrix: &mut [f64], by: &[f64]) {
    let width = matrix.len() / by.len();
    for (row, by) in matrix.chunks_exact_mut(width).zip(by) {
        row.iter_mut().for_each(|x| *x *= by);
    }
}

/// `sum` += `a` times `matrix`.
pub(super) fn add_scaled(sum: &mut [f64], a: f64, matrix: &[f64]) {
    sum.iter_mut().zip(matrix).for_each(|(sum, x)| *sum += a * x);
}

/// `sum` [rows, columns] += column times row.
pub(super) fn add_outer(sum: &mut [f64], column: &[f64], row: &[f64]) {
    for (sum, &x) in sum.chunks_exact_mut(row.len()).zip(column) {
        add_scaled(sum, x, row);
    }
}

/// The Frobenius norm. Numbers are divided by the largest first, because the square of 1e-200 is 0 in f64.
pub(super) fn norm(matrix: &[f64]) -> f64 {
    let most = matrix.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if most == 0.0 { 0.0 } else { most * matrix.iter().map(|x| (x / most).powi(2)).sum::<f64>().sqrt() }
}
