//! The quantities that a map can show.

use serde::{Deserialize, Serialize};

/// A quantity with a number for every query and key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// The attention weights: each row sums to 1.
    #[default]
    Weight,
    /// The scores `q k^T / sqrt(d)`, before temperature, mask and softmax, of any sign.
    Score,
    /// The norms `|weight v W_O|` of the vectors that a query receives from each key (Kobayashi et al. 2020).
    Norm,
    /// The mean of the weights over the heads of one layer.
    LayerMean,
    /// Attention rollout from the input to one layer's output (Abnar & Zuidema 2020).
    Rollout,
    /// The weights of this run minus the weights of the run it is compared with, -1 to 1.
    Difference,
}

impl Quantity {
    /// Whether cells can be negative.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Score | Self::Difference)
    }

    /// Whether every head has its own map. Otherwise all heads of a layer share one.
    pub fn is_of_heads(self) -> bool {
        !matches!(self, Self::LayerMean | Self::Rollout)
    }

    /// Whether each row sums to 1.
    pub fn is_shares(self) -> bool {
        matches!(self, Self::Weight | Self::LayerMean | Self::Rollout)
    }

    /// The plural noun for the cells.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Weight | Self::LayerMean => "weights",
            Self::Score => "scores",
            Self::Norm => "norms",
            Self::Rollout => "shares",
            Self::Difference => "differences",
        }
    }

    /// Whether the cells of a word's tokens are added. Scores are averaged instead.
    pub fn adds_up(self) -> bool {
        self != Self::Score
    }

    /// The importance of each cell of a row when only the strongest are drawn, at least 0: weights themselves, the
    /// absolute values of differences, and the softmax of scores. NaN stays NaN.
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
