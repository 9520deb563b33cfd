//! Gemma (2024, <https://arxiv.org/abs/2403.08295>): Llama with a scaled embedding and gains that are stored minus 1.
//! Gemma 2 (<https://arxiv.org/abs/2408.00118>) caps scores, has norms before and after each part, and windows in every
//! other layer. Gemma 3 (<https://arxiv.org/abs/2503.19786>) normalizes queries and keys instead of capping scores.

use std::sync::Arc;

use super::MAX_POSITIONS;
use super::llama::{Places, Variant, decoder, decoder_config};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::{Mask, Position};
use crate::engine::pass::rotary::{RotaryDefaults, read_rotary};
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn gemma_config(json: &ConfigJson) -> Result<ModelConfig> {
    config(json, "gemma")
}

pub fn gemma2_config(json: &ConfigJson) -> Result<ModelConfig> {
    config(json, "gemma2")
}

pub fn gemma3_config(json: &ConfigJson) -> Result<ModelConfig> {
    config(json, "gemma3_text")
}

fn config(json: &ConfigJson, family: &'static str) -> Result<ModelConfig> {
    json.require("use_bidirectional_attention", false)?;
    decoder_config(json, family)
}

pub fn gemma_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    decoder(config, json, file, &variant(config, json)?)
}

pub fn gemma2_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { places: Places::Both, ..variant(config, json)? };
    let soft_cap = json.positive("attn_logit_softcapping")?;
    let scale = json.positive("query_pre_attn_scalar")?.unwrap_or(256.0).powf(-0.5);
    let window = Mask::CausalWindow(json.size_or("sliding_window", MAX_POSITIONS, 4096)?);
    let sliding = json.sliding_layers(config.layers)?;
    for (l, attention) in variant.attention.iter_mut().enumerate() {
        attention.soft_cap = soft_cap;
        attention.scale = scale;
        if sliding.as_ref().map_or(l % 2 == 0, |sliding| sliding[l]) {
            attention.mask = window;
        }
    }
    decoder(config, json, file, &variant)
}

pub fn gemma3_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { places: Places::Both, qk_norms: Some([config.d_head; 2]), ..variant(config, json)? };
    let soft_cap = json.positive("attn_logit_softcapping")?;
    let scale = json.positive("query_pre_attn_scalar")?.unwrap_or(256.0).powf(-0.5);
    let window = Mask::CausalWindow(json.size_or("sliding_window", MAX_POSITIONS, 4096)?);
    let every = json.size_or("sliding_window_pattern", config.layers.max(6), 6)?;
    let sliding = json.sliding_layers(config.layers)?;
    let of = |usual| Ok(Position::Rotary(Arc::new(read_rotary(json, config.d_head, usual)?)));
    let kind = |layer_kind| RotaryDefaults { layer_kind: Some(layer_kind), ..RotaryDefaults::default() };
    let near =
        of(RotaryDefaults { theta_names: &["rope_local_base_freq"], scaled: false, ..kind("sliding_attention") })?;
    let far = of(RotaryDefaults { theta: 1_000_000.0, ..kind("full_attention") })?;
    for (l, attention) in variant.attention.iter_mut().enumerate() {
        attention.soft_cap = soft_cap;
        attention.scale = scale;
        let slides = sliding.as_ref().map_or((l + 1) % every != 0, |sliding| sliding[l]);
        attention.position = if slides { near.clone() } else { far.clone() };
        if slides {
            attention.mask = window;
        }
    }
    decoder(config, json, file, &variant)
}

fn variant(config: &ModelConfig, json: &ConfigJson) -> Result<Variant> {
    // GGUF files hold the whole gain.
    let gain_from = if json.is_on("norm_offset_included")? { 0.0 } else { 1.0 };
    Ok(Variant {
        scale: (config.d_model as f32).sqrt(),
        gain_from,
        activation: "gelu_pytorch_tanh",
        ..Variant::llama(config, json)?
    })
}
