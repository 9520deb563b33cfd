//! The cost of full attention, and of attention patterns that compute fewer pairs. The counts are exact.

use serde::{Deserialize, Serialize};

/// The pairs of a query and a key that are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pattern {
    /// Every query attends to every key.
    Full,
    /// A query attends to itself and the tokens before it.
    Causal,
    /// A query attends to the tokens at most `reach` away on either side (Longformer: Beltagy et al. 2020,
    /// <https://arxiv.org/abs/2004.05150>).
    Window { reach: u64 },
    /// A query attends to itself and tokens before it, `size` in all, 1 or more (as in Mistral 7B: Jiang et al. 2023,
    /// <https://arxiv.org/abs/2310.06825>).
    CausalWindow { size: u64 },
    /// Blocks of `size` tokens, 1 or more, of which the last one may be shorter. A query attends to its own block, to
    /// `reach` blocks on either side and to the first `global` blocks. Queries in those attend to all tokens (BigBird:
    /// Zaheer et al. 2020, <https://arxiv.org/abs/2007.14062>, without its random blocks).
    Blocks { size: u64, reach: u64, global: u64 },
}

impl Pattern {
    /// The number of pairs that are computed for n tokens in one head.
    pub fn pairs(self, n: u64) -> u64 {
        match self {
            Self::Full => n * n,
            Self::Causal => n * (n + 1) / 2,
            Self::Window { reach } => {
                let reach = reach.min(n.saturating_sub(1));
                // The pairs beyond either end are subtracted: 1 + 2 + ... + reach.
                n * (2 * reach + 1) - reach * (reach + 1)
            }
            Self::CausalWindow { size } => {
                let size = size.min(n);
                n * size - size * size.saturating_sub(1) / 2
            }
            Self::Blocks { size, reach, global } => {
                let tokens_before = |block: u64| (block * size).min(n);
                let row = |block: u64| {
                    let queries = tokens_before(block + 1) - tokens_before(block);
                    let first = block.saturating_sub(reach).max(global); // the first that is not global
                    let local = tokens_before(block + reach + 1).saturating_sub(tokens_before(first));
                    queries * if block < global { n } else { tokens_before(global) + local }
                };
                (0..n.div_ceil(size)).map(row).sum()
            }
        }
    }

    /// The share of all n^2 pairs, 0 to 1, for one token or more.
    pub fn share(self, n: u64) -> f64 {
        self.pairs(n) as f64 / Self::Full.pairs(n) as f64
    }
}

/// The bytes of a weight in this engine (f32).
pub const WEIGHT_BYTES: u64 = 4;

/// The bytes of the attention weights of all heads of all layers for n tokens, if all are kept.
pub fn weight_bytes(pattern: Pattern, n: u64, layers: u64, heads: u64) -> u64 {
    pattern.pairs(n) * layers * heads * WEIGHT_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::pass::attention::Mask;

    #[test]
    fn the_square_of_the_length() {
        assert_eq!(Pattern::Full.pairs(512), 262_144);
        assert_eq!(Pattern::Full.pairs(32_768), 1_073_741_824);
        assert_eq!(Pattern::Causal.pairs(512), 131_328);
    }

    /// BERT base: 12 layers of 12 heads; GPT-3: 96 of 96, at its 2048 tokens.
    #[test]
    fn bytes_by_hand() {
        assert_eq!(weight_bytes(Pattern::Full, 512, 12, 12), 150_994_944);
        assert_eq!(weight_bytes(Pattern::Full, 2048, 96, 96), 154_618_822_656);
    }

    #[test]
    fn windows_agree_with_the_engines_masks() {
        for n in [1, 2, 5, 12] {
            let counted = |mask: Mask| (0..n).map(|query| mask.keys(query, n).len() as u64).sum::<u64>();
            let n = n as u64;
            assert_eq!(Pattern::Full.pairs(n), counted(Mask::Full));
            assert_eq!(Pattern::Causal.pairs(n), counted(Mask::Causal));
            for reach in 0..15 {
                assert_eq!(Pattern::Window { reach }.pairs(n), counted(Mask::Window(reach as usize)), "{n} {reach}");
            }
            for size in 1..15 {
                let mask = Mask::CausalWindow(size as usize);
                assert_eq!(Pattern::CausalWindow { size }.pairs(n), counted(mask), "{n} {size}");
            }
        }
    }

    #[test]
    fn blocks_agree_with_counting() {
        for n in [1, 7, 12, 13] {
            for (size, reach, global) in [(1, 0, 0), (3, 0, 0), (3, 1, 0), (3, 1, 1), (4, 2, 2), (5, 9, 0), (2, 0, 9)] {
                let read = |q: u64, k: u64| {
                    let (q, k) = (q / size, k / size);
                    q.abs_diff(k) <= reach || q < global || k < global
                };
                let counted = (0..n * n).filter(|pair| read(pair / n, pair % n)).count() as u64;
                let pattern = Pattern::Blocks { size, reach, global };
                assert_eq!(pattern.pairs(n), counted, "{n} {pattern:?}");
            }
        }
    }

    #[test]
    fn what_a_window_keeps() {
        let window = Pattern::Window { reach: 256 };
        assert_eq!(window.pairs(32_768), 32_768 * 513 - 256 * 257);
        assert!((window.share(32_768) - 0.0156).abs() < 1e-4);
        assert_eq!(Pattern::Causal.share(1), 1.0);
    }
}
