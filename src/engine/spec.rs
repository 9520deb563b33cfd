//! What a forward pass needs to know about a model, whatever its family.

use crate::math::Activation;

/// A model's sizes and kinds, read from its `config.json` and checked there.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// The config's `model_type`.
    pub family: &'static str,
    pub layers: usize,
    pub heads: usize,
    /// Numbers of one token between the layers.
    pub width: usize,
    /// Numbers of one token's query, key or value in one head.
    pub head_width: usize,
    /// Numbers of one token inside the feed-forward layer.
    pub inner: usize,
    /// Rows of the token table.
    pub vocabulary: usize,
    /// The longest input, in tokens.
    pub positions: usize,
    /// Rows of the segment table.
    pub segments: usize,
    pub activation: Activation,
    /// Added to the variance in LayerNorm.
    pub norm_epsilon: f32,
}
