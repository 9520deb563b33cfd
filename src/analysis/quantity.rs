//! What the cells of a map say.

use serde::{Deserialize, Serialize};

/// A number for every query and key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// The pattern: each row sums to 1.
    #[default]
    Weight,
    /// `q k^T / sqrt(d)`: before temperature, mask and softmax; of any sign.
    Score,
    /// `|weight v W_O|`: how long the vector is that a query gets from a key (Kobayashi et al. 2020), 0 and up.
    Norm,
    /// The mean of the weights over the heads of one layer.
    LayerMean,
    /// Attention rollout from the input to one layer's output (Abnar & Zuidema 2020).
    Rollout,
    /// Weights less those of the run that it is compared with, -1 to 1.
    Difference,
}

impl Quantity {
    /// Cells below 0 mean something.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Score | Self::Difference)
    }

    /// Every head has its own map; otherwise all heads of a layer share one.
    pub fn is_of_heads(self) -> bool {
        !matches!(self, Self::LayerMean | Self::Rollout)
    }

    /// Each row sums to 1.
    pub fn is_shares(self) -> bool {
        matches!(self, Self::Weight | Self::LayerMean | Self::Rollout)
    }

    /// Many of what the cells say.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Weight | Self::LayerMean => "weights",
            Self::Score => "scores",
            Self::Norm => "norms",
            Self::Rollout => "shares",
            Self::Difference => "differences",
        }
    }

    /// Cells of a word's tokens add up; scores do not, and are averaged.
    pub fn adds_up(self) -> bool {
        self != Self::Score
    }

    /// By how much each cell of a row counts when the strongest are drawn, 0 and up: a weight by itself, a
    /// difference by its size, a score by what a softmax would make of it. NaN stays NaN.
    pub fn counts(self, row: &[f32]) -> Vec<f32> {
        match self {
            Self::Score => {
                let top = row.iter().copied().fold(f32::NAN, f32::max);
                row.iter().map(|score| (score - top).exp()).collect()
            }
            _ => row.iter().map(|cell| cell.abs()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_count_as_their_softmax_would() {
        let counts = Quantity::Score.counts(&[2f32.ln() - 9.0, f32::NAN, -9.0]);
        assert!((counts[0] - 1.0).abs() < 1e-6 && counts[1].is_nan() && (counts[2] - 0.5).abs() < 1e-6, "{counts:?}");
        assert!(Quantity::Score.counts(&[f32::NAN]).iter().all(|count| count.is_nan()));
    }

    #[test]
    fn differences_count_by_their_size() {
        assert_eq!(Quantity::Difference.counts(&[0.25, -0.5]), [0.25, 0.5]);
    }
}
