//! The effect of position signals on scores, for the same query and the same key at every position of a text, so that
//! two scores differ by their positions only.
//!
//! The signals and the scores are computed by the engine.

use std::sync::Arc;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::engine::pass::attention::{AttentionConfig, Bias, Mask, Position};
use crate::engine::pass::forward::{AttentionRows, scores, sinusoids};
use crate::engine::pass::rotary::Rotary;
use crate::math::{PackedB, Rows};

/// How positions are encoded. i is the position of the query, j that of the key, and d is d_head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scheme {
    /// They are not encoded: `q . k / sqrt(d)`.
    None,
    /// `(q + p_i) . (k + p_j) / sqrt(d)`, `p_i` of sines and cosines of `i / 10000^(2 m / d)`
    /// (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>, section 3.5).
    Sinusoidal,
    /// The same with learned `p_i`, the rows of this table [positions, d] (BERT: Devlin et al. 2018,
    /// <https://arxiv.org/abs/1810.04805>), which has at least as many rows as there are positions.
    Learned { table: Vec<f32> },
    /// `q . k + b(j - i)`, without a scale. Distances share buckets of increasing width, each with a learned bias
    /// (T5: Raffel et al. 2019, <https://arxiv.org/abs/1910.10683>, section 2.1).
    Buckets {
        /// The bias of one head for each bucket.
        biases: Vec<f32>,
        /// Distances from this one on share the last bucket; 128 in T5.
        most: usize,
        /// Whether half of the buckets are for keys after the query, as in encoders.
        both_ways: bool,
    },
    /// `(R_i q) . (R_j k) / sqrt(d)`: pairs of numbers are rotated by the position times `theta^(-2 m / d)`. theta is
    /// 10,000 in the paper (Su et al. 2021, <https://arxiv.org/abs/2104.09864>).
    Rotary { theta: f32 },
    /// `q . k / sqrt(d) + slope (j - i)`, for keys up to the query's position only (Press et al. 2021,
    /// <https://arxiv.org/abs/2108.12409>).
    Alibi { slope: f32 },
}

/// Scores [query, key] of a text that repeats one query and one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The scores before the softmax, with NaN for masked keys.
    pub scores: Array2<f32>,
    /// Every score without positions.
    pub content: f32,
}

impl Effect {
    /// The difference of each score from the one without positions. Rotary positions rotate vectors instead of adding
    /// to a score, but change it, too.
    pub fn added(&self) -> Array2<f32> {
        &self.scores - self.content
    }
}

/// The scores of `n` positions for one query and one key, which have the same even number of numbers.
pub fn effect(scheme: &Scheme, query: &[f32], key: &[f32], n: usize) -> Effect {
    let d = query.len();
    let scale = if matches!(scheme, Scheme::Buckets { .. }) { 1.0 } else { 1.0 / (d as f32).sqrt() };
    let config = AttentionConfig {
        heads: 1,
        kv_heads: 1,
        d_head: d,
        scale,
        soft_cap: None,
        mask: if matches!(scheme, Scheme::Alibi { .. }) { Mask::Causal } else { Mask::Full },
        position: scheme.position(d),
    };
    let signal = scheme.signal(n, d);
    let mut rows = [query, key].concat().repeat(n); // [n, q and k]
    for (place, row) in rows.chunks_exact_mut(2 * d).enumerate() {
        if let Some(signal) = &signal {
            row.iter_mut().zip(signal.row(place).iter().cycle()).for_each(|(x, p)| *x += p);
        }
        config.apply_rotary(row, place);
    }
    let mut numbers = vec![0.0; n * n];
    let queries = Rows { data: &rows, rows: n, stride: 2 * d };
    let mut keys = PackedB::default();
    keys.pack_transposed(&rows[d..], 2 * d, n, d, scale);
    scores(&config, 0, queries, &keys, &mut AttentionRows { numbers: &mut numbers, stride: n, queries: 0..n, keys: n });
    for (query, row) in numbers.chunks_exact_mut(n).enumerate() {
        row[config.mask.keys(query, n).end..].fill(f32::NAN);
    }
    Effect {
        scores: Array2::from_shape_vec((n, n), numbers).expect("allocated in this shape"),
        content: query.iter().zip(key).map(|(q, k)| q * k).sum::<f32>() * scale,
    }
}

impl Scheme {
    /// The vectors that are added to queries and keys [n, d], if there are such. Sines come before cosines, as in
    /// Marian. In the paper they alternate, which does not change any product.
    pub fn signal(&self, n: usize, d: usize) -> Option<Array2<f32>> {
        let numbers = match self {
            Self::Sinusoidal => {
                let mut numbers = vec![0.0; n * d];
                numbers.chunks_exact_mut(d).enumerate().for_each(|(place, row)| sinusoids(place, row));
                numbers
            }
            Self::Learned { table } => table[..n * d].to_vec(),
            _ => return None,
        };
        Some(Array2::from_shape_vec((n, d), numbers).expect("n rows of d numbers"))
    }

    fn position(&self, d: usize) -> Position {
        match self {
            Self::None | Self::Sinusoidal | Self::Learned { .. } => Position::None,
            Self::Rotary { theta } => Position::Rotary(Arc::new(Rotary::of_base(*theta, d))),
            Self::Alibi { slope } => Position::Bias(Arc::new(Bias::Alibi(vec![*slope]))),
            Self::Buckets { biases, most, both_ways } => {
                let (table, max_distance, bidirectional) = (biases.clone(), *most, *both_ways);
                let bias = Bias::RelativePositionBuckets { table, heads: 1, max_distance, bidirectional };
                Position::Bias(Arc::new(bias))
            }
        }
    }
}

/// ALiBi's slope of each head.
pub fn alibi_slopes(heads: usize) -> Vec<f32> {
    Bias::alibi_slopes(heads)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::pass::attention::relative_position_bucket;
    use crate::math::noise;

    const N: usize = 40;
    const D: usize = 16;

    fn content() -> (Vec<f32>, Vec<f32>) {
        (noise(D, 1.0, 1), noise(D, 1.0, 2))
    }

    fn effect_of(scheme: &Scheme) -> Effect {
        let (q, k) = content();
        effect(scheme, &q, &k, N)
    }

    /// The largest difference between two cells of one diagonal.
    fn spread_along_diagonals(scores: &Array2<f32>) -> f32 {
        let next = |(i, j): (usize, usize)| scores.get((i + 1, j + 1)).map(|next| (next - scores[(i, j)]).abs());
        scores.indexed_iter().filter_map(|(at, _)| next(at)).fold(0.0, f32::max)
    }

    #[test]
    fn without_positions_all_cells_are_the_same() {
        let (q, k) = content();
        let want = q.iter().zip(&k).map(|(q, k)| q * k).sum::<f32>() / 4.0;
        let effect = effect_of(&Scheme::None);
        assert!(effect.scores.iter().chain([&effect.content]).all(|score| (score - want).abs() < 1e-6));
        assert!(effect.added().iter().all(|added| added.abs() < 1e-6));
    }

    #[test]
    fn rotary_scores_depend_on_the_difference_only() {
        let effect = effect_of(&Scheme::Rotary { theta: 10_000.0 });
        assert!(spread_along_diagonals(&effect.scores) < 2e-5);
        assert!((effect.scores[(7, 7)] - effect.content).abs() < 1e-5, "at no distance nothing is turned");
        assert!(effect.added().iter().any(|added| added.abs() > 0.1));
    }

    /// In the plane: `q . k` is the cosine of the angle between them, which grows with the distance.
    #[test]
    fn rotary_by_hand() {
        let effect = effect(&Scheme::Rotary { theta: 10_000.0 }, &[1.0, 0.0], &[1.0, 0.0], 5);
        for ((i, j), score) in effect.scores.indexed_iter() {
            let want = (i as f32 - j as f32).cos() / 2f32.sqrt();
            assert!((score - want).abs() < 1e-6, "{i} {j}");
        }
    }

    #[test]
    fn the_product_of_sinusoids_depends_on_the_difference_only() {
        // Without content, only the signals meet.
        let effect = effect(&Scheme::Sinusoidal, &[0.0; D], &[0.0; D], N);
        assert!(spread_along_diagonals(&effect.scores) < 1e-5);
        for (distance, score) in effect.scores.row(0).iter().enumerate() {
            let cosines = (0..D / 2).map(|m| (distance as f64 / 10_000f64.powf(2.0 * m as f64 / D as f64)).cos());
            assert!((f64::from(*score) - cosines.sum::<f64>() / 4.0).abs() < 1e-5, "{distance}");
        }
        assert!(spread_along_diagonals(&effect_of(&Scheme::Sinusoidal).scores) > 0.1, "with content, places count");
    }

    #[test]
    fn learned_positions_are_added_to_both() {
        let table = vec![1.0, 0.0, 0.0, 2.0, 5.0, 5.0];
        let scheme = Scheme::Learned { table };
        let effect = effect(&scheme, &[1.0, 1.0], &[0.0, 1.0], 2);
        // Queries [2, 1] and [1, 3], keys [1, 1] and [0, 3].
        let want = [3.0, 3.0, 4.0, 9.0].map(|product| product / 2f32.sqrt());
        assert!(effect.scores.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6));
        assert_eq!(scheme.signal(2, 2).unwrap().into_raw_vec_and_offset().0, [1.0, 0.0, 0.0, 2.0]);
    }

    #[test]
    fn alibi_falls_with_the_distance_and_sees_no_future() {
        let effect = effect_of(&Scheme::Alibi { slope: 0.25 });
        for ((i, j), added) in effect.added().indexed_iter() {
            let want = 0.25 * (j as f32 - i as f32);
            assert!(if j > i { added.is_nan() } else { (added - want).abs() < 1e-5 }, "{i} {j}");
        }
        assert_eq!(alibi_slopes(8), [1, 2, 3, 4, 5, 6, 7, 8].map(|head| 0.5f32.powi(head)));
    }

    #[test]
    fn t5_adds_the_number_of_the_engines_bucket() {
        for both_ways in [true, false] {
            let biases: Vec<f32> = (0..32).map(|bucket| bucket as f32).collect();
            let effect = effect_of(&Scheme::Buckets { biases, most: 128, both_ways });
            for ((i, j), added) in effect.added().indexed_iter() {
                let want = relative_position_bucket(j as isize - i as isize, 32, 128, both_ways) as f32;
                assert!((added - want).abs() < 1e-5, "{i} {j}: {added} is not {want}");
            }
        }
    }
}
