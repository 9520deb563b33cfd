//! What the last hidden states are used for: a text's embedding, a token's predictions.

use super::pass::trace::Trace;
use crate::math::softmax_rows;

/// An entry of the vocabulary and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    pub id: u32,
    /// From 0 to 1. The probabilities of the whole vocabulary sum to 1.
    pub probability: f32,
}

/// The embedding of the whole input `[d_model]`: the mean of the last hidden states of all outputs, special tokens
/// included, scaled to length 1, as sentence-transformers pools MiniLM (Reimers & Gurevych 2019,
/// <https://arxiv.org/abs/1908.10084>). Two texts that are read as a pair have one embedding together; to compare them,
/// run each alone.
pub fn embedding(trace: &Trace) -> Vec<f32> {
    let mean = trace.last_hidden.sum_axis(ndarray::Axis(0)) / trace.last_hidden.nrows() as f32;
    let length = mean.dot(&mean).sqrt().max(f32::MIN_POSITIVE);
    (mean / length).to_vec()
}

/// The cosine of the angle between two embeddings of one model, from -1 to 1; 0 if one of them is zero.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 { (dot(a, b) / lengths).clamp(-1.0, 1.0) as f32 } else { 0.0 }
}

/// The `most` most likely entries of the vocabulary by their logits `[vocabulary]`, in descending order. Of equal ones
/// the lower id comes first.
pub fn predictions(logits: &[f32], most: usize) -> Vec<Prediction> {
    let mut left = probabilities(logits);
    // Few of many entries are asked for, so that a search for each of them is fast enough.
    let likeliest = (0..most.min(left.len())).map(|_| {
        let first = |best: usize, id: usize| if left[id] > left[best] { id } else { best };
        let id = (0..left.len()).reduce(first).unwrap_or(0);
        Prediction { id: id as u32, probability: std::mem::replace(&mut left[id], -1.0) }
    });
    likeliest.collect()
}

/// The probability of every entry of the vocabulary `[vocabulary]`: the softmax of the logits.
pub fn probabilities(logits: &[f32]) -> Vec<f32> {
    let mut row = logits.to_vec();
    softmax_rows(&mut row, logits.len());
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Array4, array};

    fn trace(last_hidden: Array2<f32>) -> Trace {
        let n = last_hidden.nrows();
        Trace { last_hidden, ..Trace::from_pattern(Array4::zeros((1, 1, n, n))) }
    }

    #[test]
    fn an_embedding_is_the_mean_brought_to_length_1() {
        // Mean (3, 4), length 5.
        let embedded = embedding(&trace(array![[1.0, 8.0], [5.0, 0.0]]));
        assert!((embedded[0] - 0.6).abs() < 1e-6 && (embedded[1] - 0.8).abs() < 1e-6, "{embedded:?}");
        assert_eq!(embedding(&trace(array![[1.0, -1.0], [-1.0, 1.0]])), [0.0, 0.0]);
    }

    #[test]
    fn cosines_by_hand() {
        assert_eq!(cosine(&[3.0, 0.0], &[0.5, 0.0]), 1.0);
        assert_eq!(cosine(&[3.0, 0.0], &[0.0, 2.0]), 0.0);
        assert_eq!(cosine(&[1.0, 1.0], &[-2.0, -2.0]), -1.0);
        assert!((cosine(&[1.0, 0.0], &[1.0, 1.0]) - 0.5f32.sqrt()).abs() < 1e-6);
        assert_eq!(cosine(&[0.0, 0.0], &[1.0, 1.0]), 0.0);
    }

    #[test]
    fn predictions_by_hand() {
        let two = predictions(&[0.0, 5f32.ln(), 0.0, 3f32.ln()], 2);
        assert_eq!((two[0].id, two[1].id, two.len()), (1, 3, 2));
        assert!((two[0].probability - 0.5).abs() < 1e-6 && (two[1].probability - 0.3).abs() < 1e-6, "{two:?}");
        let even = predictions(&[0.0; 4], 9);
        let even: Vec<(u32, f32)> = even.iter().map(|p| (p.id, p.probability)).collect();
        assert_eq!(even, [(0, 0.25), (1, 0.25), (2, 0.25), (3, 0.25)]);
    }
}
