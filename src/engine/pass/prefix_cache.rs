//! Reuse of an earlier run for a text that has grown.
//!
//! Where no token attends to a later one, the numbers of leading tokens do not depend on what follows them. They are
//! copied from the record of an earlier run with the same leading tokens, so that only the new tokens are computed.

use super::attention::Mask;
use super::record::Record;
use super::trace::{Block, Trace};
use crate::engine::model_config::ModelConfig;

const ROWS: &str = "recorded row by row";

/// Copies what `before` has recorded of up to `tokens` leading tokens to `record`, and returns of how many. At least
/// one token is left to compute. Returns 0 and copies nothing if a token of that run can attend to a later one.
pub fn copy(before: &Trace, tokens: usize, record: &mut Record<'_>) -> usize {
    let is_causal = |block: &Block| matches!(block.config.mask, Mask::Causal | Mask::CausalWindow(_));
    if !before.is_one_stack() || !before.has_vectors() || !before.blocks.iter().all(is_causal) {
        return 0;
    }
    let (n, old_n) = (record.n, before.tokens());
    let prefix = tokens.min(old_n).min(n - 1);
    record.lengthen();
    let &ModelConfig { layers, heads, d_model, .. } = record.config;

    // [layer, token, width]: the leading tokens of each layer.
    let copy_tokens = |from: &[f32], to: &mut [f32], width: usize| {
        for (from, to) in from.chunks_exact(old_n * width).zip(to.chunks_exact_mut(n * width)).take(layers) {
            to[..prefix * width].copy_from_slice(&from[..prefix * width]);
        }
    };
    copy_tokens(before.qkv.as_slice().expect(ROWS), &mut record.vectors.qkv, record.config.qkv());
    copy_tokens(before.z.as_slice().expect(ROWS), &mut record.vectors.z, record.config.all_heads());

    // [layer, head, query, key]: the leading keys of the leading queries. Later keys are masked for them.
    let pattern = &mut record.pattern.numbers;
    pattern.fill(f32::NAN);
    let old_pattern = before.pattern.as_slice().expect(ROWS);
    let maps = old_pattern.chunks_exact(old_n * old_n).zip(pattern.chunks_exact_mut(n * n));
    for (from, to) in maps.take(layers * heads) {
        for (from, to) in from.chunks_exact(old_n).zip(to.chunks_exact_mut(n)).take(prefix) {
            to[..prefix].copy_from_slice(&from[..prefix]);
        }
    }
    record.last_hidden = before.last_hidden.as_slice().expect(ROWS)[..prefix * d_model].to_vec();
    prefix
}
