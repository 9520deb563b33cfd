//! Functions in f64 that the small models share.

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Softmax in place: `e^(s - max) / sum`. The engine's softmax in f32 is too coarse for a comparison with finite
/// differences.
pub(super) fn softmax(scores: &mut [f64]) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores.iter_mut().for_each(|score| *score = (*score - most).exp());
    let sum: f64 = scores.iter().sum();
    scores.iter_mut().for_each(|weight| *weight /= sum);
}

/// The bound of the uniform distribution of initial weights: `sqrt(6 / (inputs + outputs))` (Glorot & Bengio 2010,
/// <https://proceedings.mlr.press/v9/glorot10a.html>, eq. 16).
pub(super) fn glorot(inputs: usize, outputs: usize) -> f64 {
    (6.0 / (inputs + outputs) as f64).sqrt()
}
