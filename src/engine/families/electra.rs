//! ELECTRA (Clark et al. 2020, <https://arxiv.org/abs/2003.10555>): BERT's layers over a narrower embedding.

use std::sync::Arc;

use super::bert::{HeadNames, Parts, embedding, encoder_config, layer, lm_head};
use super::{MAX_D_MODEL, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::weights::{Embedding, Linear, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    encoder_config(json, "electra")
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "electra."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(json)?;
    let narrow = json.size_or("embedding_size", MAX_D_MODEL, config.d_model)?;
    let project = if narrow == config.d_model {
        None
    } else {
        Some(Linear::load(file, &format!("{base}embeddings_project"), narrow, config.d_model, true)?)
    };
    let layers =
        (0..config.layers).map(|l| Ok(Arc::new(layer(config, file, &format!("{base}encoder.layer.{l}"), parts)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "generator_predictions.dense",
        norm: "generator_predictions.LayerNorm",
        decoder: "generator_lm_head",
        bias: "generator_lm_head.bias",
    };
    // The generator's head always uses GELU.
    let head = Parts { activation: Activation::Gelu, ..parts };
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                project,
                ..embedding(config, file, &format!("{base}embeddings"), narrow, parts.epsilon, 0)?
            },
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        lm_head: lm_head(config, file, &names, &words, narrow, head)?,
    })
}
