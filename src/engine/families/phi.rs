//! Phi (Li et al. 2023, <https://arxiv.org/abs/2309.05463>): attention and feed-forward side by side under one norm,
//! part of every head turned by rotary positions.

use std::sync::Arc;

use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask, Position};
use crate::engine::pass::rotary::{RotaryDefaults, read_rotary};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Stack, Weights};
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
    let &ModelConfig { d_model, kv_heads, d_head: d, d_mlp, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_eps", 1e-5)?;
    let activation = json.activation(&["hidden_act"], "gelu_new")?;
    let position =
        Position::Rotary(Arc::new(read_rotary(json, d, RotaryDefaults { share: 0.5, ..RotaryDefaults::default() })?));
    let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = || Ok(Norms::before(Norm::layer(file, &format!("{name}.input_layernorm"), d_model, epsilon)?));
        // Phi-2's first checkpoints, and GGUF files made of them, have the three below each other.
        let fused = format!("{name}.self_attn.qkv_proj");
        let qkv = [("q_proj", d_model), ("k_proj", kv_heads * d), ("v_proj", kv_heads * d)];
        let qkv = qkv.map(|(part, outputs)| (format!("{name}.self_attn.{part}"), outputs));
        let qkv = match file.has(&format!("{fused}.weight")) {
            true => Linear::load(file, &fused, d_model, d_model + 2 * kv_heads * d, true)?,
            false => Linear::joined(file, &qkv, d_model, true)?,
        };
        Ok(Arc::new(Layer {
            attention: Attention {
                config: attention.clone(),
                qkv: vec![qkv],
                qk_norms: None,
                output: linear("self_attn.dense", d_model, d_model)?,
                norms: norm()?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.fc1", d_model, d_mlp)?,
                down: linear("mlp.fc2", d_mlp, d_model)?,
                norms: norm()?,
            },
            parallel: true,
        }))
    };
    let words = format!("{base}embed_tokens.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding::plain(file.table(&words, vocabulary, d_model)?),
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}final_layernorm"), d_model, epsilon)?),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "lm_head", &words)?,
    })
}
