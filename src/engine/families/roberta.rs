//! RoBERTa (Liu et al. 2019, <https://arxiv.org/abs/1907.11692>), XLM-RoBERTa and CamemBERT: BERT's layers, with
//! positions counted from after the padding token's.

use std::sync::Arc;

use super::base;
use super::bert::{HeadNames, Parts, embedding, encoder_config, layer, lm_head};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::weights::{Stack, Weights};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    named(json, "roberta")
}

pub fn xlm_config(json: &ConfigJson) -> Result<ModelConfig> {
    named(json, "xlm-roberta")
}

pub fn camembert_config(json: &ConfigJson) -> Result<ModelConfig> {
    named(json, "camembert")
}

/// The config of an encoder whose positions are counted from after the padding token's.
pub fn named(json: &ConfigJson, family: &'static str) -> Result<ModelConfig> {
    let config = encoder_config(json, family)?;
    let offset = offset(json)?;
    let max_positions =
        config.max_positions.checked_sub(offset).filter(|&positions| positions > 0).ok_or_else(|| {
            json.fault("max_position_embeddings", format!("more than {offset} rows"), "Check the file.")
        })?;
    Ok(ModelConfig { max_positions, ..config })
}

/// The number of rows of the position table before the first position.
pub fn offset(json: &ConfigJson) -> Result<usize> {
    Ok(1 + json.whole_or("pad_token_id", 1 << 10, 1)?)
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "roberta."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(json)?;
    let words = format!("{base}embeddings.word_embeddings.weight");
    let layers =
        (0..config.layers).map(|l| Ok(Arc::new(layer(config, file, &format!("{base}encoder.layer.{l}"), parts)?)));
    Ok(Weights {
        stack: Stack {
            embedding: embedding(
                config,
                file,
                &format!("{base}embeddings"),
                config.d_model,
                parts.epsilon,
                offset(json)?,
            )?,
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        lm_head: lm_head(config, file, &HEAD, &words, config.d_model, parts)?,
    })
}

pub const HEAD: HeadNames<'static> = HeadNames {
    transform: "lm_head.dense",
    norm: "lm_head.layer_norm",
    decoder: "lm_head.decoder",
    bias: "lm_head.bias",
};
