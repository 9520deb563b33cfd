//! OLMo 2 (2024, <https://arxiv.org/abs/2501.00656>): Llama's layers with norms after attention and MLP, and norms on
//! queries and keys over all heads together.

use super::llama::{Places, Variant, decoder, decoder_config};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    decoder_config(json, "olmo2")
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let qk_norms = Some([config.heads * config.d_head, config.kv_heads * config.d_head]);
    decoder(config, json, file, &Variant { qk_norms, places: Places::After, ..Variant::llama(config, json)? })
}
