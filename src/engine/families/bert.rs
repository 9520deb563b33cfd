//! BERT (Devlin et al. 2018, <https://arxiv.org/abs/1810.04805>): post-norm encoder layers over learned
//! positions and segments. MiniLM and most sentence encoders are BERT by another training.

use std::sync::Arc;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_SEGMENTS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Positions, Stack, Weights, WordHead,
};
use crate::error::Result;
use crate::math::Activation;

/// Errors ([`crate::Kind::Config`]): a size is missing, zero or beyond what is computed here, or the file
/// asks for a variant that is not BERT as published.
pub fn spec(config: &Config) -> Result<Spec> {
    encoder_spec(config, "bert")
}

/// Of every encoder whose config has BERT's names.
pub fn encoder_spec(config: &Config, family: &'static str) -> Result<Spec> {
    let width = config.size("hidden_size", MOST_WIDTH)?;
    let heads = config.size("num_attention_heads", MOST_HEADS)?;
    config.require_text("position_embedding_type", "absolute")?;
    config.require("is_decoder", false)?;
    config.require("add_cross_attention", false)?;
    Ok(Spec {
        family,
        form: Form::Encoder,
        layers: config.size("num_hidden_layers", MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "num_attention_heads", heads)?,
        inner: config.size("intermediate_size", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: config.size_or("type_vocab_size", MOST_SEGMENTS, 2)?,
    })
}

/// Errors ([`crate::Kind::Tensor`]): a tensor is missing or has another shape or type.
pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "bert."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(config)?;
    let embedding = embedding(spec, file, &format!("{base}embeddings"), spec.width, parts.epsilon, 0)?;
    let layers = (0..spec.layers).map(|l| Ok(Arc::new(layer(spec, file, &format!("{base}encoder.layer.{l}"), parts)?)));
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
        word_head: word_head(spec, file, &names, &words, spec.width, parts)?,
    })
}

/// What all parts of such an encoder share.
#[derive(Clone, Copy)]
pub struct Parts {
    pub activation: Activation,
    pub epsilon: f32,
}

impl Parts {
    pub fn read(config: &Config) -> Result<Self> {
        Ok(Self {
            activation: config.activation(&["hidden_act"], "gelu")?,
            epsilon: config.fraction_or("layer_norm_eps", 1e-12)?,
        })
    }
}

/// Tokens, learned positions behind `offset` rows, segments where the file has them, and a norm, all `width` wide.
pub fn embedding(
    spec: &Spec,
    file: &WeightFile,
    name: &str,
    width: usize,
    epsilon: f32,
    offset: usize,
) -> Result<Embedding> {
    let table = |table: &str, rows| file.table(&format!("{name}.{table}.weight"), rows, width);
    let has_segments = file.has(&format!("{name}.token_type_embeddings.weight"));
    Ok(Embedding {
        tokens: table("word_embeddings", spec.vocabulary)?,
        scale: 1.0,
        positions: Positions::Learned { table: table("position_embeddings", spec.positions + offset)?, offset },
        segments: if has_segments { Some(table("token_type_embeddings", spec.segments)?) } else { None },
        norm: Some(Norm::layer(file, &format!("{name}.LayerNorm"), width, epsilon)?),
        project: None,
    })
}

pub fn layer(spec: &Spec, file: &WeightFile, name: &str, parts: Parts) -> Result<Layer> {
    let &Spec { width, inner, .. } = spec;
    let Parts { activation, epsilon } = parts;
    let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
    let norm = |part: &str| Ok(Norms::sum(Norm::layer(file, &format!("{name}.{part}"), width, epsilon)?));
    let qkv = ["query", "key", "value"].map(|part| (format!("{name}.attention.self.{part}"), width));
    Ok(Layer {
        attention: Attention {
            rules: Rules::usual(spec, Mask::Full),
            qkv: vec![Linear::joined(file, &qkv, width, true)?],
            qk_norms: None,
            output: linear("attention.output.dense", width, width)?,
            norms: norm("attention.output.LayerNorm")?,
        },
        cross: None,
        feed_forward: FeedForward {
            activation,
            gate: None,
            up: linear("intermediate.dense", width, inner)?,
            down: linear("output.dense", inner, width)?,
            norms: norm("output.LayerNorm")?,
        },
        parallel: false,
    })
}

/// How a masked language model's head is named.
pub struct HeadNames<'a> {
    pub transform: &'a str,
    pub norm: &'a str,
    pub decoder: &'a str,
    pub bias: &'a str,
}

/// The head of a masked language model, where the file has one. Its decoder is the token table `words`, `width` wide,
/// unless it has its own.
pub fn word_head(
    spec: &Spec,
    file: &WeightFile,
    names: &HeadNames<'_>,
    words: &str,
    width: usize,
    parts: Parts,
) -> Result<Option<WordHead>> {
    if !file.has(&format!("{}.weight", names.transform)) {
        return Ok(None);
    }
    let own = format!("{}.weight", names.decoder);
    let decoder = file.tensor(if file.has(&own) { &own } else { words }, &[spec.vocabulary, width])?;
    let own_bias = format!("{}.bias", names.decoder);
    let bias = if file.has(names.bias) { names.bias } else { &own_bias };
    let bias = file.numbers(bias, &[spec.vocabulary])?;
    let transform = Linear::load(file, names.transform, spec.width, width, true)?;
    let norm = Norm::layer(file, names.norm, width, parts.epsilon)?;
    Ok(Some(WordHead {
        transform: Some((transform, parts.activation, norm)),
        scale: 1.0,
        decoder: Linear::of(file, vec![decoder], width, Some(bias))?,
        soft_cap: None,
    }))
}
