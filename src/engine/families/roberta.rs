//! RoBERTa (Liu et al. 2019, <https://arxiv.org/abs/1907.11692>), and with it XLM-RoBERTa and CamemBERT: BERT's layers;
//! positions are counted from behind the padding token's.

use std::sync::Arc;

use super::base;
use super::bert::{HeadNames, Parts, embedding, encoder_spec, layer, word_head};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::{Stack, Weights};
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    named(config, "roberta")
}

pub fn xlm_spec(config: &Config) -> Result<Spec> {
    named(config, "xlm-roberta")
}

pub fn camembert_spec(config: &Config) -> Result<Spec> {
    named(config, "camembert")
}

/// Of an encoder whose positions are counted from behind the padding token's.
pub fn named(config: &Config, family: &'static str) -> Result<Spec> {
    let spec = encoder_spec(config, family)?;
    let offset = offset(config)?;
    let positions = spec.positions.checked_sub(offset).filter(|&positions| positions > 0).ok_or_else(|| {
        config.fault("max_position_embeddings", format!("more than {offset} rows"), "Check the file.")
    })?;
    Ok(Spec { positions, ..spec })
}

/// Rows of the position table that are for padding.
pub fn offset(config: &Config) -> Result<usize> {
    Ok(1 + config.whole_or("pad_token_id", 1 << 10, 1)?)
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "roberta."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(config)?;
    let words = format!("{base}embeddings.word_embeddings.weight");
    let layers = (0..spec.layers).map(|l| Ok(Arc::new(layer(spec, file, &format!("{base}encoder.layer.{l}"), parts)?)));
    Ok(Weights {
        stack: Stack {
            embedding: embedding(spec, file, &format!("{base}embeddings"), spec.width, parts.epsilon, offset(config)?)?,
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        word_head: word_head(spec, file, &HEAD, &words, spec.width, parts)?,
    })
}

pub const HEAD: HeadNames<'static> = HeadNames {
    transform: "lm_head.dense",
    norm: "lm_head.layer_norm",
    decoder: "lm_head.decoder",
    bias: "lm_head.bias",
};
