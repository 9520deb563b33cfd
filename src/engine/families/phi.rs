//! Phi (Li et al. 2023, <https://arxiv.org/abs/2309.05463>): attention and MLP in parallel with a common norm, and
//! rotary positions for a part of every head.

use std::sync::Arc;

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask, Position};
use crate::engine::pass::rotary::{RotaryDefaults, read_rotary};
use crate::engine::weights::{Embedding, Weights};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size("hidden_size", MAX_D_MODEL)?;
    let heads = json.size("num_attention_heads", MAX_HEADS)?;
    json.require("qk_layernorm", false)?;
    let kv_heads = json.size_or("num_key_value_heads", MAX_HEADS, heads)?;
    json.share(heads, "num_key_value_heads", kv_heads)?;
    Ok(ModelConfig {
        family: "phi",
        architecture: Architecture::Decoder,
        layers: json.size("num_hidden_layers", MAX_LAYERS)?,
        heads,
        kv_heads,
        d_model,
        d_head: json.share(d_model, "num_attention_heads", heads)?,
        d_mlp: json.size("intermediate_size", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "model."], "embed_tokens.weight");
    let &ModelConfig { d_model, d_head, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_eps", 1e-5)?;
    let activation = json.activation(&["hidden_act"], "gelu_new")?;
    let defaults = RotaryDefaults { share: 0.5, ..RotaryDefaults::default() };
    let position = Position::Rotary(Arc::new(read_rotary(json, d_head, defaults)?));
    let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
    let layers =
        PlainLayers { parallel: true, ..PlainLayers::new(config, file, LAYER, NormPlace::Before, epsilon, activation) };
    let layer = |l: usize| {
        let name = format!("{base}layers.{l}");
        // Phi-2's first checkpoints, and GGUF files made from them, have one tensor for queries, keys and values.
        let joined = format!("{name}.self_attn.qkv_proj");
        let qkv = match file.has(&format!("{joined}.weight")) {
            true => layers.linear(&joined, d_model, config.qkv(), true)?,
            false => layers.joined_qkv(&name, ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], true)?,
        };
        layers.load(&name, attention.clone(), qkv)
    };
    let words = format!("{base}embed_tokens.weight");
    let embedding = Embedding::plain(file.table(&words, vocabulary, d_model)?);
    layers.decoder(json, embedding, layer, &format!("{base}final_layernorm"), "lm_head", &words)
}

/// Attention and MLP have the same norm.
const LAYER: LayerNames = LayerNames {
    output: "self_attn.dense",
    attention_norm: "input_layernorm",
    up: "mlp.fc1",
    down: "mlp.fc2",
    mlp_norm: "input_layernorm",
};
