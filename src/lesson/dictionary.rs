//! A soft dictionary in the plane: attention for one query, small enough to be drawn.

use serde::{Deserialize, Serialize};

use crate::engine::softmax_with_temperature;

/// A vector in the plane, d = 2.
pub type Vector = [f32; 2];

/// The result of a lookup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lookup {
    /// `q . k / sqrt(2)` for each key.
    pub scores: Vec<f32>,
    /// The softmax of scores divided by the temperature. They sum to 1.
    pub weights: Vec<f32>,
    /// The weighted sum of the values, which is the soft answer.
    pub output: Vector,
    /// The index of the key with the largest score, the first of several. Its value is the hard answer.
    pub hard: usize,
    /// The entropy of the weights in bits: 0 if one key has all the weight, log2(keys) if they are uniform.
    pub entropy: f32,
    /// The sharpness: 0 for uniform weights, 1 for a single one.
    pub sharpness: f32,
}

/// Looks up `query` among one or more `keys`, each of which has a value. `temperature` is above 0, and 1 changes
/// nothing. Scaled dot-product attention (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>, eq. 1).
pub fn look_up(query: Vector, keys: &[Vector], values: &[Vector], temperature: f32) -> Lookup {
    let score = |key: &Vector| (query[0] * key[0] + query[1] * key[1]) / 2f32.sqrt();
    let scores: Vec<f32> = keys.iter().map(score).collect();
    let hard = (1..scores.len()).fold(0, |best, key| if scores[key] > scores[best] { key } else { best });
    let mut weights = scores.clone();
    softmax_with_temperature(&mut weights, temperature);
    let mut output = [0.0; 2];
    for (weight, value) in weights.iter().zip(values) {
        output[0] += weight * value[0];
        output[1] += weight * value[1];
    }
    // A weight of 0 adds 0, the limit of w log w. A negative sum is due to rounding.
    let entropy = weights.iter().filter(|w| **w > 0.0).map(|w| -w * w.log2()).sum::<f32>().max(0.0);
    let most = (keys.len() as f32).log2();
    let sharpness = if keys.len() > 1 { (1.0 - entropy / most).clamp(0.0, 1.0) } else { 1.0 };
    Lookup { scores, weights, output, hard, entropy, sharpness }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: &[f32], want: &[f32]) {
        assert_eq!(got.len(), want.len());
        assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 2e-6), "{got:?} is not {want:?}");
    }

    const ROOT: f32 = std::f32::consts::SQRT_2;

    /// Scores of ln 1, ln 2 and ln 5 have weights of 1, 2 and 5 eighths.
    #[test]
    fn weights_by_hand() {
        let keys = [[0.0, 1.0], [2f32.ln(), -3.0], [5f32.ln(), 0.0]];
        let values = [[8.0, 0.0], [0.0, 8.0], [8.0, 8.0]];
        let found = look_up([ROOT, 0.0], &keys, &values, 1.0);
        near(&found.scores, &[0.0, 2f32.ln(), 5f32.ln()]);
        near(&found.weights, &[0.125, 0.25, 0.625]);
        near(&found.output, &[6.0, 7.0]);
        assert_eq!(found.hard, 2);
        // 1/8 * 3 + 1/4 * 2 + 5/8 * log2(8/5)
        near(&[found.entropy], &[1.298_795]);
        near(&[found.sharpness], &[1.0 - 1.298_795 / 1.584_962_5]);
    }

    /// At half the temperature weights are squared (and divided by their sum), at double their roots are taken.
    #[test]
    fn temperature_by_hand() {
        let (keys, values) = ([[0.0, 0.0], [3f32.ln(), 0.0]], [[0.0, 0.0], [1.0, 0.0]]);
        let share = |temperature| look_up([ROOT, 0.0], &keys, &values, temperature).output[0];
        near(&[share(1.0), share(0.5), share(2.0)], &[0.75, 0.9, 3f32.sqrt() / (1.0 + 3f32.sqrt())]);
        near(&look_up([ROOT, 0.0], &keys, &values, 0.5).scores, &[0.0, 3f32.ln()]);
    }

    #[test]
    fn from_uniform_to_one() {
        let (keys, values) = ([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], [[1.0, 1.0]; 4]);
        let nothing = look_up([0.0, 0.0], &keys, &values, 1.0);
        assert_eq!((nothing.entropy, nothing.sharpness, nothing.hard), (2.0, 0.0, 0));
        let all = look_up([0.0, 500.0], &keys, &values, 1.0);
        near(&[all.weights[1], all.entropy, all.sharpness], &[1.0, 0.0, 1.0]);
        assert_eq!(all.hard, 1);
        let only = look_up([3.0, 4.0], &keys[..1], &values[..1], 1.0);
        assert_eq!((only.weights[0], only.entropy, only.sharpness, only.hard), (1.0, 0.0, 1.0, 0));
    }
}
