//! Qwen2 (Yang et al. 2024, <https://arxiv.org/abs/2407.10671>): Llama with biases on queries, keys and values. Qwen3
//! (2025, <https://arxiv.org/abs/2505.09388>) normalizes every head's queries and keys instead.

use super::llama::{Variant, decoder, decoder_config};
use super::{MAX_LAYERS, MAX_POSITIONS};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::Mask;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn qwen2_config(json: &ConfigJson) -> Result<ModelConfig> {
    decoder_config(json, "qwen2")
}

pub fn qwen3_config(json: &ConfigJson) -> Result<ModelConfig> {
    decoder_config(json, "qwen3")
}

pub fn qwen2_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { qkv_bias: true, output_bias: false, ..Variant::llama(config, json)? };
    slide(&mut variant, config, json)?;
    decoder(config, json, file, &variant)
}

pub fn qwen3_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { qk_norms: Some([config.d_head; 2]), ..Variant::llama(config, json)? };
    slide(&mut variant, config, json)?;
    decoder(config, json, file, &variant)
}

/// Sets the windows if they are switched on: by `layer_types`, or in older files from layer `max_window_layers` on.
pub fn slide(variant: &mut Variant, config: &ModelConfig, json: &ConfigJson) -> Result<()> {
    if !json.is_on("use_sliding_window")? || json.is_silent_on("sliding_window") {
        return Ok(());
    }
    let mask = Mask::CausalWindow(json.size("sliding_window", MAX_POSITIONS)?);
    let first = json.whole_or("max_window_layers", MAX_LAYERS, 28)?;
    let sliding = json.sliding_layers(config.layers)?;
    let sliding = sliding.unwrap_or_else(|| (0..config.layers).map(|l| l >= first).collect());
    for (attention, slides) in variant.attention.iter_mut().zip(sliding) {
        if slides {
            attention.mask = mask;
        }
    }
    Ok(())
}
