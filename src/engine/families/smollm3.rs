//! SmolLM3 (2025): Llama in which every fourth layer has no positions (Yang et al. 2025,
//! <https://arxiv.org/abs/2501.18795>).

use super::MAX_LAYERS;
use super::llama::{Variant, decoder, decoder_config};
use super::qwen::slide;
use crate::engine::config_json::{AS_IT_LIES, ConfigJson};
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::Position;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    decoder_config(json, "smollm3")
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant::llama(config, json)?;
    slide(&mut variant, config, json)?;
    let every = json.size_or("no_rope_layer_interval", MAX_LAYERS, 4)?;
    let listed = json.list("no_rope_layers", config.layers)?;
    for (l, attention) in variant.attention.iter_mut().enumerate() {
        // The list has 1 for layers with positions.
        let has_positions = match listed.map(|list| list[l].as_u64()) {
            Some(Some(flag @ 0..=1)) => flag == 1,
            Some(_) => {
                return Err(json.fault("no_rope_layers", "0 or 1 for each layer".to_owned(), AS_IT_LIES));
            }
            None => (l + 1) % every != 0,
        };
        if !has_positions {
            attention.position = Position::None;
        }
    }
    decoder(config, json, file, &variant)
}
