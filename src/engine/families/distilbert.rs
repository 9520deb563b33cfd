//! DistilBERT (Sanh et al. 2019, <https://arxiv.org/abs/1910.01108>): BERT's layers under other names, without
//! segments.

use std::sync::Arc;

use super::bert::{HeadNames, Parts, embedding, lm_head};
use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{Layer, Stack, Weights};
use crate::error::Result;

const EPSILON: f32 = 1e-12;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size("dim", MAX_D_MODEL)?;
    let heads = json.size("n_heads", MAX_HEADS)?;
    Ok(ModelConfig {
        family: "distilbert",
        architecture: Architecture::Encoder,
        layers: json.size("n_layers", MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "n_heads", heads)?,
        d_mlp: json.size("hidden_dim", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        // There is no such table, but its tokenizers give the second text the segment 1.
        type_vocab_size: 2,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "distilbert."], "embeddings.word_embeddings.weight");
    let parts = Parts { activation: json.activation(&["activation"], "gelu")?, epsilon: EPSILON };
    let layers =
        (0..config.layers).map(|l| Ok(Arc::new(layer(config, file, &format!("{base}transformer.layer.{l}"), parts)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "vocab_transform",
        norm: "vocab_layer_norm",
        decoder: "vocab_projector",
        bias: "vocab_projector.bias",
    };
    Ok(Weights {
        stack: Stack {
            embedding: embedding(config, file, &format!("{base}embeddings"), config.d_model, EPSILON, 0)?,
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        lm_head: lm_head(config, file, &names, &words, config.d_model, parts)?,
    })
}

fn layer(config: &ModelConfig, file: &WeightFile, name: &str, parts: Parts) -> Result<Layer> {
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Sum, parts.epsilon, parts.activation);
    let attention = AttentionConfig::scaled_dot_product(config, Mask::Full);
    let qkv = ["attention.q_lin", "attention.k_lin", "attention.v_lin"];
    layers.load(name, attention, layers.joined_qkv(name, qkv, true)?)
}

const LAYER: LayerNames = LayerNames {
    output: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    up: "ffn.lin1",
    down: "ffn.lin2",
    mlp_norm: "output_layer_norm",
};
