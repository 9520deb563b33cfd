//! BERT (Devlin et al. 2018, <https://arxiv.org/abs/1810.04805>): post-norm encoder layers with learned positions and
//! segments. MiniLM and most sentence encoders are BERT with another training.

use std::sync::Arc;

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_TYPE_VOCAB, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{Embedding, HeadTransform, Layer, Linear, LmHead, Norm, Positions, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

/// Errors ([`crate::Kind::Config`]): a size is missing, zero or larger than this engine computes with, or the config
/// asks for a variant that is not BERT as published.
pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    encoder_config(json, "bert")
}

/// The config of any encoder whose `config.json` has BERT's names; errors as for [`config`].
pub fn encoder_config(json: &ConfigJson, family: &'static str) -> Result<ModelConfig> {
    let d_model = json.size("hidden_size", MAX_D_MODEL)?;
    let heads = json.size("num_attention_heads", MAX_HEADS)?;
    json.require_text("position_embedding_type", "absolute")?;
    json.require("is_decoder", false)?;
    json.require("add_cross_attention", false)?;
    Ok(ModelConfig {
        family,
        architecture: Architecture::Encoder,
        layers: json.size("num_hidden_layers", MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "num_attention_heads", heads)?,
        d_mlp: json.size("intermediate_size", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: json.size_or("type_vocab_size", MAX_TYPE_VOCAB, 2)?,
    })
}

/// Errors ([`crate::Kind::Tensor`]): a tensor is missing or has another shape or type.
pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "bert."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(json)?;
    let embedding = embedding(config, file, &format!("{base}embeddings"), config.d_model, parts.epsilon, 0)?;
    let layers =
        (0..config.layers).map(|l| Ok(Arc::new(layer(config, file, &format!("{base}encoder.layer.{l}"), parts)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "cls.predictions.transform.dense",
        norm: "cls.predictions.transform.LayerNorm",
        decoder: "cls.predictions.decoder",
        bias: "cls.predictions.bias",
    };
    Ok(Weights {
        stack: Stack { embedding, layers: layers.collect::<Result<_>>()?, last_norm: None },
        decoder: None,
        lm_head: lm_head(config, file, &names, &words, config.d_model, parts)?,
    })
}

/// Parameters that all layers of such an encoder share.
#[derive(Clone, Copy)]
pub struct Parts {
    pub activation: Activation,
    pub epsilon: f32,
}

impl Parts {
    pub fn read(json: &ConfigJson) -> Result<Self> {
        Ok(Self {
            activation: json.activation(&["hidden_act"], "gelu")?,
            epsilon: json.fraction_or("layer_norm_eps", 1e-12)?,
        })
    }
}

/// Token rows, learned positions after `offset` other rows, segments if the file has them, and a norm, all `width`
/// wide.
pub fn embedding(
    config: &ModelConfig,
    file: &WeightFile,
    name: &str,
    width: usize,
    epsilon: f32,
    offset: usize,
) -> Result<Embedding> {
    let table = |table: &str, rows| file.table(&format!("{name}.{table}.weight"), rows, width);
    let has_segments = file.has(&format!("{name}.token_type_embeddings.weight"));
    Ok(Embedding {
        tokens: table("word_embeddings", config.vocabulary)?,
        scale: 1.0,
        positions: Positions::Learned { table: table("position_embeddings", config.max_positions + offset)?, offset },
        segments: if has_segments { Some(table("token_type_embeddings", config.type_vocab_size)?) } else { None },
        norm: Some(Norm::layer(file, &format!("{name}.LayerNorm"), width, epsilon)?),
        project: None,
    })
}

pub fn layer(config: &ModelConfig, file: &WeightFile, name: &str, parts: Parts) -> Result<Layer> {
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Sum, parts.epsilon, parts.activation);
    let qkv = ["attention.self.query", "attention.self.key", "attention.self.value"];
    let attention = AttentionConfig::scaled_dot_product(config, Mask::Full);
    layers.load(name, attention, layers.joined_qkv(name, qkv, true)?)
}

const LAYER: LayerNames = LayerNames {
    output: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    mlp_norm: "output.LayerNorm",
};

/// The names of the tensors of a masked language model's head.
pub struct HeadNames<'a> {
    pub transform: &'a str,
    pub norm: &'a str,
    pub decoder: &'a str,
    pub bias: &'a str,
}

/// The head of a masked language model, if the file has one. Its decoder is the token table `words`, which is `width`
/// wide, unless the file has a decoder of its own.
pub fn lm_head(
    config: &ModelConfig,
    file: &WeightFile,
    names: &HeadNames<'_>,
    words: &str,
    width: usize,
    parts: Parts,
) -> Result<Option<LmHead>> {
    if !file.has(&format!("{}.weight", names.transform)) {
        return Ok(None);
    }
    let own = format!("{}.weight", names.decoder);
    let decoder = file.tensor(if file.has(&own) { &own } else { words }, &[config.vocabulary, width])?;
    let own_bias = format!("{}.bias", names.decoder);
    let bias = if file.has(names.bias) { names.bias } else { &own_bias };
    let bias = file.numbers(bias, &[config.vocabulary])?;
    let linear = Linear::load(file, names.transform, config.d_model, width, true)?;
    let norm = Norm::layer(file, names.norm, width, parts.epsilon)?;
    Ok(Some(LmHead {
        transform: Some(HeadTransform { linear, activation: parts.activation, norm }),
        scale: 1.0,
        decoder: Linear::of(file, vec![decoder], width, Some(bias))?,
        soft_cap: None,
    }))
}
