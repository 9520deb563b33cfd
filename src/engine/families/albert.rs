//! ALBERT (Lan et al. 2019, <https://arxiv.org/abs/1909.11942>): BERT's layers, which share one set of weights, over a
//! narrower embedding.

use std::sync::Arc;

use super::bert::{HeadNames, Parts, embedding, encoder_config, lm_head};
use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MODEL, MAX_LAYERS, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{Embedding, Layer, Linear, Stack, Weights};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    encoder_config(json, "albert")
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "albert."], "embeddings.word_embeddings.weight");
    let parts = Parts { activation: json.activation(&["hidden_act"], "gelu_new")?, ..Parts::read(json)? };
    let narrow = json.size_or("embedding_size", MAX_D_MODEL, 128)?;
    let groups = json.size_or("num_hidden_groups", MAX_LAYERS, 1)?;
    let repeats = json.size_or("inner_group_num", MAX_LAYERS, 1)?;
    if groups > config.layers || repeats != 1 {
        let field = if repeats == 1 { "num_hidden_groups" } else { "inner_group_num" };
        let expected = if repeats == 1 { format!("at most {}", config.layers) } else { "1".to_owned() };
        return Err(json.fault(field, expected, "Choose a model without this variant."));
    }
    let group =
        |g: usize| layer(config, file, &format!("{base}encoder.albert_layer_groups.{g}.albert_layers.0"), parts);
    let groups: Vec<Arc<Layer>> = (0..groups).map(|g| group(g).map(Arc::new)).collect::<Result<_>>()?;
    let layers = (0..config.layers).map(|l| Arc::clone(&groups[l * groups.len() / config.layers])).collect();
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "predictions.dense",
        norm: "predictions.LayerNorm",
        decoder: "predictions.decoder",
        bias: "predictions.bias",
    };
    let project = format!("{base}encoder.embedding_hidden_mapping_in");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                project: Some(Linear::load(file, &project, narrow, config.d_model, true)?),
                ..embedding(config, file, &format!("{base}embeddings"), narrow, parts.epsilon, 0)?
            },
            layers,
            last_norm: None,
        },
        decoder: None,
        lm_head: lm_head(config, file, &names, &words, narrow, parts)?,
    })
}

fn layer(config: &ModelConfig, file: &WeightFile, name: &str, parts: Parts) -> Result<Layer> {
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Sum, parts.epsilon, parts.activation);
    let attention = AttentionConfig::scaled_dot_product(config, Mask::Full);
    let qkv = ["attention.query", "attention.key", "attention.value"];
    layers.load(name, attention, layers.joined_qkv(name, qkv, true)?)
}

const LAYER: LayerNames = LayerNames {
    output: "attention.dense",
    attention_norm: "attention.LayerNorm",
    up: "ffn",
    down: "ffn_output",
    mlp_norm: "full_layer_layer_norm",
};
