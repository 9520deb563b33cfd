//! GPT-NeoX (Black et al. 2022, <https://arxiv.org/abs/2204.06745>) and Pythia: attention and MLP in parallel, and
//! rotary positions for a part of every head.

use std::sync::Arc;

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask, Position};
use crate::engine::pass::rotary::{RotaryDefaults, read_rotary};
use crate::engine::weights::{Embedding, Linear, Weights};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size("hidden_size", MAX_D_MODEL)?;
    let heads = json.size("num_attention_heads", MAX_HEADS)?;
    Ok(ModelConfig {
        family: "gpt_neox",
        architecture: Architecture::Decoder,
        layers: json.size("num_hidden_layers", MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "num_attention_heads", heads)?,
        d_mlp: json.size("intermediate_size", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "gpt_neox."], "embed_in.weight");
    let &ModelConfig { d_model, d_head, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_eps", 1e-5)?;
    let activation = json.activation(&["hidden_act"], "gelu")?;
    let has_bias = json.is_on_or("attention_bias", true)?;
    let defaults = RotaryDefaults {
        theta_names: &["rotary_emb_base", "rope_theta"],
        share: 0.25,
        share_names: &["rotary_pct", "partial_rotary_factor"],
        ..RotaryDefaults::default()
    };
    let position = Position::Rotary(Arc::new(read_rotary(json, d_head, defaults)?));
    let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
    let layers = PlainLayers {
        output_bias: has_bias,
        parallel: json.is_on_or("use_parallel_residual", true)?,
        ..PlainLayers::new(config, file, LAYER, NormPlace::Before, epsilon, activation)
    };
    let layer = |l: usize| {
        let name = format!("{base}layers.{l}");
        let qkv = format!("{name}.attention.query_key_value");
        layers.load(&name, attention.clone(), Linear::interleaved_qkv(config, json, file, &qkv, has_bias)?)
    };
    let words = format!("{base}embed_in.weight");
    let embedding = Embedding::plain(file.table(&words, vocabulary, d_model)?);
    layers.decoder(json, embedding, layer, &format!("{base}final_layer_norm"), "embed_out", &words)
}

const LAYER: LayerNames = LayerNames {
    output: "attention.dense",
    attention_norm: "input_layernorm",
    up: "mlp.dense_h_to_4h",
    down: "mlp.dense_4h_to_h",
    mlp_norm: "post_attention_layernorm",
};
