//! A model's numbers, laid out for the forward pass; which tensor is which is the family's business.

use super::formats::safetensors::{Table, WeightFile};
use crate::error::Result;
use crate::math::Panels;

/// All weights of one model.
pub struct Weights {
    /// Rows for token ids [vocabulary, width], looked up in the file's bytes.
    pub tokens: Table,
    /// Rows for positions [positions, width].
    pub positions: Table,
    /// Rows for segment ids [segments, width].
    pub segments: Table,
    /// On the sum of the three.
    pub embedding_norm: Norm,
    pub layers: Vec<Layer>,
    pub word_head: Option<WordHead>,
}

/// One layer, post-norm (Vaswani et al. 2017).
pub struct Layer {
    /// Queries, keys and values side by side: width -> 3 * width.
    pub qkv: Linear,
    /// All heads' outputs mixed: width -> width.
    pub output: Linear,
    pub attention_norm: Norm,
    /// width -> inner.
    pub up: Linear,
    /// inner -> width.
    pub down: Linear,
    pub feed_forward_norm: Norm,
}

/// From hidden states to a score for every entry of the vocabulary.
pub struct WordHead {
    /// width -> width, activated.
    pub transform: Linear,
    pub norm: Norm,
    /// width -> vocabulary.
    pub decoder: Linear,
}

/// `x W^T + b`.
pub struct Linear {
    pub weights: Panels,
    /// One number for each output.
    pub bias: Vec<f32>,
}

/// LayerNorm's two vectors, `[width]` each.
pub struct Norm {
    pub gain: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Linear {
    /// One product from the tensors `{name}.weight` [outputs, inputs] and `{name}.bias` `[outputs]` of each name,
    /// their outputs side by side.
    pub fn load(file: &WeightFile, names: &[String], inputs: usize, outputs: usize) -> Result<Self> {
        let mut weights = Vec::new();
        let mut bias = Vec::new();
        for name in names {
            weights.push(file.tensor(&format!("{name}.weight"), &[outputs, inputs])?);
            bias.extend(file.tensor(&format!("{name}.bias"), &[outputs])?.widened());
        }
        Ok(Self { weights: Panels::from_weights(&weights, inputs), bias })
    }
}

impl Norm {
    /// From `{name}.weight` and `{name}.bias` `[width]`; TensorFlow's names for them are `gamma` and `beta`.
    pub fn load(file: &WeightFile, name: &str, width: usize) -> Result<Self> {
        let old = file.has(&format!("{name}.gamma"));
        let (gain, bias) = if old { ("gamma", "beta") } else { ("weight", "bias") };
        Ok(Self {
            gain: file.tensor(&format!("{name}.{gain}"), &[width])?.widened(),
            bias: file.tensor(&format!("{name}.{bias}"), &[width])?.widened(),
        })
    }
}
