//! The layers that most families have: one block of self-attention and an MLP without a gate, both with a LayerNorm.

use std::sync::Arc;

use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::AttentionConfig;
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

/// The names of a layer's tensors, within the layer's own name and without `.weight` and `.bias`.
pub struct LayerNames {
    /// The output projection of attention.
    pub output: &'static str,
    pub attention_norm: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub mlp_norm: &'static str,
}

/// Where a layer normalizes.
#[derive(Clone, Copy)]
pub enum NormPlace {
    /// What attention and MLP read (pre-norm).
    Before,
    /// The sum of what they read and what they compute (post-norm).
    Sum,
}

/// How all layers of a stack are loaded.
pub struct PlainLayers<'a> {
    pub config: &'a ModelConfig,
    pub file: &'a WeightFile,
    pub names: LayerNames,
    pub norm_place: NormPlace,
    pub epsilon: f32,
    pub activation: Activation,
    /// Whether the output projection of attention has a bias. The MLP's matrices always have one.
    pub output_bias: bool,
    /// Whether matrices are stored as [inputs, outputs] instead of [outputs, inputs].
    pub transposed: bool,
    /// Whether attention and MLP both read the layer's input.
    pub parallel: bool,
}

impl<'a> PlainLayers<'a> {
    /// Layers in which every matrix has a bias and the MLP comes after attention.
    pub fn new(
        config: &'a ModelConfig,
        file: &'a WeightFile,
        names: LayerNames,
        norm_place: NormPlace,
        epsilon: f32,
        activation: Activation,
    ) -> Self {
        Self {
            config,
            file,
            names,
            norm_place,
            epsilon,
            activation,
            output_bias: true,
            transposed: false,
            parallel: false,
        }
    }

    /// The layer called `name`, with this attention and these projections to queries, keys and values.
    ///
    /// Errors ([`crate::Kind::Tensor`]): a tensor is missing or has another shape or type.
    pub fn load(&self, name: &str, attention: AttentionConfig, qkv: Linear) -> Result<Layer> {
        let &ModelConfig { d_model, d_mlp, .. } = self.config;
        let linear =
            |part: &str, inputs, outputs, has_bias| self.linear(&format!("{name}.{part}"), inputs, outputs, has_bias);
        let norms = |part: &str| -> Result<Norms> {
            let norm = Norm::layer(self.file, &format!("{name}.{part}"), d_model, self.epsilon)?;
            Ok(match self.norm_place {
                NormPlace::Before => Norms::before(norm),
                NormPlace::Sum => Norms::sum(norm),
            })
        };
        Ok(Layer {
            attention: Attention {
                config: attention,
                qkv: vec![qkv],
                qk_norms: None,
                output: linear(self.names.output, d_model, d_model, self.output_bias)?,
                norms: norms(self.names.attention_norm)?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation: self.activation,
                gate: None,
                up: linear(self.names.up, d_model, d_mlp, true)?,
                down: linear(self.names.down, d_mlp, d_model, true)?,
                norms: norms(self.names.mlp_norm)?,
            },
            parallel: self.parallel,
        })
    }

    /// A matrix as this stack stores it.
    pub fn linear(&self, name: &str, inputs: usize, outputs: usize, has_bias: bool) -> Result<Linear> {
        match self.transposed {
            true => Linear::transposed(self.file, name, inputs, outputs),
            false => Linear::load(self.file, name, inputs, outputs, has_bias),
        }
    }

    /// The projections to queries, keys and values from three tensors of the layer called `name`.
    pub fn joined_qkv(&self, name: &str, parts: [&str; 3], has_bias: bool) -> Result<Linear> {
        let &ModelConfig { d_model, heads, kv_heads, d_head, .. } = self.config;
        let [q, k, v] = parts.map(|part| format!("{name}.{part}"));
        let parts = [(q, heads * d_head), (k, kv_heads * d_head), (v, kv_heads * d_head)];
        Linear::joined(self.file, &parts, d_model, has_bias)
    }

    /// The weights of a decoder of these layers, whose head is the tensor `head` or tied to the token table `words`.
    pub fn decoder(
        &self,
        json: &ConfigJson,
        embedding: Embedding,
        layer: impl Fn(usize) -> Result<Layer>,
        last_norm: &str,
        head: &str,
        words: &str,
    ) -> Result<Weights> {
        let &ModelConfig { layers, d_model, .. } = self.config;
        Ok(Weights {
            stack: Stack {
                embedding,
                layers: (0..layers).map(|l| layer(l).map(Arc::new)).collect::<Result<_>>()?,
                last_norm: Some(Norm::layer(self.file, last_norm, d_model, self.epsilon)?),
            },
            decoder: None,
            lm_head: LmHead::tied(self.config, json, self.file, head, words)?,
        })
    }
}
