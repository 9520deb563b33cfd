//! The rules by which one block's heads read: scale, mask, position. Plain arithmetic on q, k and scores.

use std::ops::Range;
use std::sync::Arc;

use super::spec::Spec;
use crate::math::{Epilogue, PackedB, Rows, matmul};

/// How the scores of a block come about, and which of them count.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    pub heads: usize,
    /// Heads of keys and values, a divisor of `heads`.
    pub kv_heads: usize,
    pub head_width: usize,
    /// Scores are `q k^T` times this; `1 / sqrt(d)` in most models.
    pub scale: f32,
    /// Scores s become `cap tanh(s / cap)` (Gemma 2, <https://arxiv.org/abs/2408.00118>).
    pub soft_cap: Option<f32>,
    pub mask: Mask,
    pub position: Position,
}

/// Which keys a query may read from; always a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    Full,
    /// Itself and what stands before it.
    Causal,
    /// Itself and those before it, so many in all (Beltagy et al. 2020, <https://arxiv.org/abs/2004.05150>).
    CausalWindow(usize),
    /// Those at most so far away on either side.
    Window(usize),
}

/// How a block knows where a token stands, beside what the embedding says.
#[derive(Clone, Debug, PartialEq)]
pub enum Position {
    /// It does not.
    None,
    Rotary(Arc<Rotary>),
    /// A number for each head and distance is added to the score.
    Bias(Arc<Bias>),
}

/// Rotary positions (Su et al. 2021, <https://arxiv.org/abs/2104.09864>): pairs of a head's first numbers are turned by
/// position times a frequency, one for each pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Rotary {
    /// Radians for each position `[pairs]`.
    pub frequencies: Vec<f32>,
    /// Pairs are neighbours (0, 1), (2, 3) ... as in the paper; otherwise number i goes with i + pairs.
    pub neighbours: bool,
}

/// What is added to a score for the distance `key - query`.
#[derive(Clone, Debug, PartialEq)]
pub enum Bias {
    /// Each head's slope times the distance (Press et al. 2021, <https://arxiv.org/abs/2108.12409>) `[heads]`.
    Alibi(Vec<f32>),
    /// A learned number for each bucket of distances and head (Raffel et al. 2019, <https://arxiv.org/abs/1910.10683>).
    Buckets {
        /// [buckets, heads].
        table: Vec<f32>,
        heads: usize,
        /// Distances from here on share the last bucket.
        most: usize,
        /// Half of the buckets are for keys behind the query.
        both_ways: bool,
    },
}

impl Mask {
    /// The keys, of n, that a query may read from.
    pub fn keys(self, query: usize, n: usize) -> Range<usize> {
        match self {
            Self::Full => 0..n,
            Self::Causal => 0..query + 1,
            Self::CausalWindow(size) => (query + 1).saturating_sub(size)..query + 1,
            Self::Window(reach) => query.saturating_sub(reach)..(query + reach + 1).min(n),
        }
    }
}

impl Rotary {
    /// The paper's, for so many numbers of a head: `base^(-2 i / numbers)` for pair i, pairs of neighbours.
    pub fn of_base(base: f32, numbers: usize) -> Self {
        let frequency = |i: usize| 1.0 / base.powf(2.0 * i as f32 / numbers as f32);
        Self { frequencies: (0..numbers / 2).map(frequency).collect(), neighbours: true }
    }

    /// Sine and cosine of each pair's angle at a position.
    fn angles(&self, position: usize) -> Vec<(f32, f32)> {
        self.frequencies.iter().map(|frequency| (position as f32 * frequency).sin_cos()).collect()
    }

    /// Turns one head's numbers by these angles.
    fn turn(&self, numbers: &mut [f32], angles: &[(f32, f32)]) {
        for (i, &(sin, cos)) in angles.iter().enumerate() {
            let (a, b) = if self.neighbours { (2 * i, 2 * i + 1) } else { (i, i + angles.len()) };
            let (x, y) = (numbers[a], numbers[b]);
            numbers[a] = x * cos - y * sin;
            numbers[b] = y * cos + x * sin;
        }
    }
}

impl Bias {
    /// ALiBi's: `2^(-8 i / h)` for i = 1 ..= h, where h is a power of two; else those of the power below, and between them every
    /// other one of the next (Press et al. 2021).
    pub fn alibi_slopes(heads: usize) -> Vec<f32> {
        let whole = if heads.is_power_of_two() { heads } else { heads.next_power_of_two() / 2 };
        let slope = |i: usize, of: usize| 2f32.powf(-8.0 * i as f32 / of as f32);
        let between = (0..heads - whole).map(|i| slope(2 * i + 1, 2 * whole));
        (1..=whole).map(|i| slope(i, whole)).chain(between).collect()
    }

    /// For one head and a distance `key - query`.
    fn of(&self, head: usize, distance: isize) -> f32 {
        match self {
            Self::Alibi(slopes) => slopes[head] * distance as f32,
            Self::Buckets { table, heads, most, both_ways } => {
                table[bucket(distance, table.len() / heads, *most, *both_ways) * heads + head]
            }
        }
    }
}

/// T5's buckets: one for each small distance, wider and wider ones behind (Raffel et al. 2019, section 2.1).
pub(crate) fn bucket(distance: isize, buckets: usize, most: usize, both_ways: bool) -> usize {
    let (buckets, first) =
        if both_ways { (buckets / 2, if distance > 0 { buckets / 2 } else { 0 }) } else { (buckets, 0) };
    let away = if both_ways { distance.unsigned_abs() } else { (-distance).max(0).unsigned_abs() };
    let exact = buckets / 2;
    if away < exact {
        return first + away;
    }
    // In f32, as the checkpoints were trained: at the edge of a bucket the last digit decides.
    let share = (away as f32 / exact as f32).ln() / (most as f32 / exact as f32).ln();
    let behind = exact + (share * (buckets - exact) as f32) as usize;
    first + behind.min(buckets - 1)
}

impl Rules {
    /// Scores over `sqrt(d)`, no cap, no positions.
    pub fn usual(spec: &Spec, mask: Mask) -> Self {
        let &Spec { heads, kv_heads, head_width, .. } = spec;
        let scale = 1.0 / (head_width as f32).sqrt();
        Self { heads, kv_heads, head_width, scale, soft_cap: None, mask, position: Position::None }
    }

    /// The head of keys and values that a query head reads with.
    pub fn kv_head(&self, head: usize) -> usize {
        head / (self.heads / self.kv_heads)
    }

    /// First column of a head's queries, keys and values among those of all heads.
    pub fn columns(&self, head: usize) -> [usize; 3] {
        let (d, kv) = (self.head_width, self.kv_head(head));
        [head * d, (self.heads + kv) * d, (self.heads + self.kv_heads + kv) * d]
    }

    /// Turns the queries and keys of one token's row `[qkv]`, where positions are rotary.
    pub fn turn(&self, row: &mut [f32], position: usize) {
        if let Position::Rotary(rotary) = &self.position {
            let (d, end) = (self.head_width, (self.heads + self.kv_heads) * self.head_width);
            // The same for all heads of the token.
            let angles = rotary.angles(position);
            row[..end].chunks_exact_mut(d).for_each(|head| rotary.turn(head, &angles));
        }
    }

    /// One head's keys [n, d], their rows `stride` apart, as [`Self::scores`] reads them: with the scale in them.
    pub fn pack_keys(&self, k: &[f32], stride: usize, n: usize, panels: &mut PackedB) {
        panels.pack_transposed(k, stride, n, self.head_width, self.scale);
    }

    /// One head's scores: queries [rows, d], the first of them at position `first`, with all n packed keys, into `out`
    /// [rows, n], its rows `out_stride` apart. Before mask and softmax.
    pub fn scores(
        &self,
        head: usize,
        (q, first): (Rows<'_>, usize),
        keys: &PackedB,
        (out, out_stride): (&mut [f32], usize),
    ) {
        matmul(q, keys, out, out_stride, Epilogue::None);
        let bias = match &self.position {
            Position::Bias(bias) => Some(bias),
            _ => None,
        };
        if self.soft_cap.is_none() && bias.is_none() {
            return;
        }
        for (query, row) in out.chunks_mut(out_stride).take(q.rows).enumerate() {
            let row = &mut row[..keys.columns()];
            if let Some(cap) = self.soft_cap {
                row.iter_mut().for_each(|score| *score = cap * (*score / cap).tanh());
            }
            if let Some(bias) = bias {
                let distance = |key: usize| key as isize - (first + query) as isize;
                row.iter_mut().enumerate().for_each(|(key, score)| *score += bias.of(head, distance(key)));
            }
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
    fn a_quarter_turn_by_hand() {
        let quarter = std::f32::consts::FRAC_PI_2;
        let turned = |neighbours, position| {
            let mut numbers = [1.0, 2.0, 3.0, 4.0, 5.0];
            let rotary = Rotary { frequencies: vec![quarter, 0.0], neighbours };
            rotary.turn(&mut numbers, &rotary.angles(position));
            numbers.map(|x| (x * 1e3f32).round() / 1e3)
        };
        assert_eq!(turned(false, 1), [-3.0, 2.0, 1.0, 4.0, 5.0]);
        assert_eq!(turned(true, 1), [-2.0, 1.0, 3.0, 4.0, 5.0]);
        assert_eq!(turned(true, 0), [1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn slopes_of_eight_and_of_three_heads() {
        assert_eq!(Bias::alibi_slopes(8), [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625]);
        assert_eq!(Bias::alibi_slopes(3), [0.0625, 0.00390625, 0.25]);
    }

    /// Values of `_relative_position_bucket` in Hugging Face Transformers.
    #[test]
    fn buckets_grow_with_the_distance() {
        let both: Vec<usize> = [0, -1, 1, -7, -8, -9, 7, 20, 127, 500, -500].map(|d| bucket(d, 32, 128, true)).into();
        assert_eq!(both, [0, 1, 17, 7, 8, 8, 23, 26, 31, 31, 15]);
        let back: Vec<usize> = [0, 3, -1, -15, -16, -20, -127, -500].map(|d| bucket(d, 32, 128, false)).into();
        assert_eq!(back, [0, 0, 1, 15, 16, 17, 31, 31]);
    }

    #[test]
    fn heads_that_share_keys() {
        let rules = Rules {
            heads: 4,
            kv_heads: 2,
            head_width: 3,
            scale: 1.0,
            soft_cap: None,
            mask: Mask::Full,
            position: Position::None,
        };
        assert_eq!([0, 1, 2, 3].map(|head| rules.columns(head)), [[0, 12, 18], [3, 12, 18], [6, 15, 21], [9, 15, 21]]);
    }
}
