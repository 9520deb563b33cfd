//! How one block of attention is configured: scale, mask and positions.

use std::ops::Range;
use std::sync::Arc;

use super::rotary::Rotary;
use crate::engine::model_config::ModelConfig;

/// What the scores of a block are made of, and which of them count.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionConfig {
    pub heads: usize,
    /// Heads of keys and values, a divisor of `heads`.
    pub kv_heads: usize,
    pub d_head: usize,
    /// Scores are `q k^T` times this: `1 / sqrt(d_head)` in most models.
    pub scale: f32,
    /// If set, scores s become `cap tanh(s / cap)` (Gemma 2, <https://arxiv.org/abs/2408.00118>).
    pub soft_cap: Option<f32>,
    pub mask: Mask,
    pub position: Position,
}

/// Which keys a query can attend to. They are always a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// All keys.
    Full,
    /// The query itself and the keys before it.
    Causal,
    /// The query itself and the keys before it, at most this many in all (Beltagy et al. 2020,
    /// <https://arxiv.org/abs/2004.05150>).
    CausalWindow(usize),
    /// The keys at most this far away on either side.
    Window(usize),
}

/// How a block takes account of positions, beside what the embedding adds.
#[derive(Clone, Debug, PartialEq)]
pub enum Position {
    None,
    /// Queries and keys are rotated.
    Rotary(Arc<Rotary>),
    /// A number for each head and distance is added to the score.
    Bias(Arc<Bias>),
}

/// What is added to a score, for the distance `key - query`.
#[derive(Clone, Debug, PartialEq)]
pub enum Bias {
    /// ALiBi: each head's slope `[heads]` times the distance (Press et al. 2021, <https://arxiv.org/abs/2108.12409>).
    Alibi(Vec<f32>),
    /// A learned number for each head and bucket of distances (Raffel et al. 2019, <https://arxiv.org/abs/1910.10683>).
    RelativePositionBuckets {
        /// [buckets, heads].
        table: Vec<f32>,
        heads: usize,
        /// Distances from here on share the last bucket.
        max_distance: usize,
        /// Whether half of the buckets are for keys behind the query.
        bidirectional: bool,
    },
}

/// The first columns of a head's query, key and value in a row of all heads' queries, keys and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadColumns {
    pub q: usize,
    pub k: usize,
    pub v: usize,
}

impl Mask {
    /// The keys, of n in all, that a query can attend to.
    pub fn keys(self, query: usize, n: usize) -> Range<usize> {
        match self {
            Self::Full => 0..n,
            Self::Causal => 0..query + 1,
            Self::CausalWindow(size) => (query + 1).saturating_sub(size)..query + 1,
            Self::Window(reach) => query.saturating_sub(reach)..(query + reach + 1).min(n),
        }
    }
}

impl Bias {
    /// ALiBi's slopes `[heads]`: `2^(-8 i / heads)` for i = 1 ..= heads if the number of heads is a power of two.
    /// Otherwise the slopes of the next smaller power of two, followed by every other one of the next larger (Press et
    /// al. 2021).
    pub fn alibi_slopes(heads: usize) -> Vec<f32> {
        let whole = if heads.is_power_of_two() { heads } else { heads.next_power_of_two() / 2 };
        let slope = |i: usize, of: usize| 2f32.powf(-8.0 * i as f32 / of as f32);
        let between = (0..heads - whole).map(|i| slope(2 * i + 1, 2 * whole));
        (1..=whole).map(|i| slope(i, whole)).chain(between).collect()
    }

    /// The number of a head for a distance `key - query`.
    pub fn at(&self, head: usize, distance: isize) -> f32 {
        match self {
            Self::Alibi(slopes) => slopes[head] * distance as f32,
            Self::RelativePositionBuckets { table, heads, max_distance, bidirectional } => {
                let buckets = table.len() / heads;
                table[relative_position_bucket(distance, buckets, *max_distance, *bidirectional) * heads + head]
            }
        }
    }
}

/// T5's bucket of a distance `key - query`: one for each small distance, then buckets that become wider (Raffel et al.
/// 2019, section 2.1).
pub(crate) fn relative_position_bucket(
    distance: isize,
    buckets: usize,
    max_distance: usize,
    bidirectional: bool,
) -> usize {
    let (buckets, first) =
        if bidirectional { (buckets / 2, if distance > 0 { buckets / 2 } else { 0 }) } else { (buckets, 0) };
    let away = if bidirectional { distance.unsigned_abs() } else { (-distance).max(0).unsigned_abs() };
    let exact = buckets / 2;
    if away < exact {
        return first + away;
    }
    // In f32, as the checkpoints were trained: at the edge of a bucket the last digit decides.
    let share = (away as f32 / exact as f32).ln() / (max_distance as f32 / exact as f32).ln();
    let behind = exact + (share * (buckets - exact) as f32) as usize;
    first + behind.min(buckets - 1)
}

impl AttentionConfig {
    /// Scaled dot-product attention (Vaswani et al. 2017): the scale `1 / sqrt(d_head)`, no cap, no positions.
    pub fn scaled_dot_product(config: &ModelConfig, mask: Mask) -> Self {
        let &ModelConfig { heads, kv_heads, d_head, .. } = config;
        let scale = 1.0 / (d_head as f32).sqrt();
        Self { heads, kv_heads, d_head, scale, soft_cap: None, mask, position: Position::None }
    }

    /// The head of keys and values that a query head uses.
    pub fn kv_head(&self, head: usize) -> usize {
        head / (self.heads / self.kv_heads)
    }

    /// Where a head's query, key and value begin in a row: all heads' queries come first, then the keys, then the
    /// values.
    pub fn columns(&self, head: usize) -> HeadColumns {
        let (d, kv) = (self.d_head, self.kv_head(head));
        HeadColumns { q: head * d, k: (self.heads + kv) * d, v: (self.heads + self.kv_heads + kv) * d }
    }

    /// Rotates the queries and keys in a token's row `[qkv]` for its position, if positions are rotary.
    pub fn apply_rotary(&self, row: &mut [f32], position: usize) {
        if let Position::Rotary(rotary) = &self.position {
            let end = (self.heads + self.kv_heads) * self.d_head;
            // The angles are the same for all heads of the token.
            let angles = rotary.angles(position);
            row[..end].chunks_exact_mut(self.d_head).for_each(|head| rotary.rotate(head, &angles));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_ranges() {
        assert_eq!(Mask::Full.keys(1, 5), 0..5);
        assert_eq!(Mask::Causal.keys(1, 5), 0..2);
        assert_eq!(Mask::CausalWindow(2).keys(3, 5), 2..4);
        assert_eq!(Mask::CausalWindow(9).keys(3, 5), 0..4);
        assert_eq!(Mask::Window(1).keys(0, 5), 0..2);
        assert_eq!(Mask::Window(1).keys(4, 5), 3..5);
    }

    #[test]
    fn slopes_of_eight_and_of_three_heads() {
        assert_eq!(Bias::alibi_slopes(8), [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625]);
        assert_eq!(Bias::alibi_slopes(3), [0.0625, 0.00390625, 0.25]);
    }

    /// Values of `_relative_position_bucket` in Hugging Face Transformers.
    #[test]
    fn buckets_grow_with_the_distance() {
        let both: Vec<usize> =
            [0, -1, 1, -7, -8, -9, 7, 20, 127, 500, -500].map(|d| relative_position_bucket(d, 32, 128, true)).into();
        assert_eq!(both, [0, 1, 17, 7, 8, 8, 23, 26, 31, 31, 15]);
        let back: Vec<usize> =
            [0, 3, -1, -15, -16, -20, -127, -500].map(|d| relative_position_bucket(d, 32, 128, false)).into();
        assert_eq!(back, [0, 0, 1, 15, 16, 17, 31, 31]);
    }

    #[test]
    fn heads_that_share_keys() {
        let config = AttentionConfig {
            heads: 4,
            kv_heads: 2,
            d_head: 3,
            scale: 1.0,
            soft_cap: None,
            mask: Mask::Full,
            position: Position::None,
        };
        let columns = [0, 1, 2, 3].map(|head| config.columns(head)).map(|HeadColumns { q, k, v }| [q, k, v]);
        assert_eq!(columns, [[0, 12, 18], [3, 12, 18], [6, 15, 21], [9, 15, 21]]);
    }
}
