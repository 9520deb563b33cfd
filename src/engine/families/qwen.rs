//! Qwen2 (Yang et al. 2024, <https://arxiv.org/abs/2407.10671>): Llama with biases on queries, keys and values. Qwen3
//! (2025, <https://arxiv.org/abs/2505.09388>) normalises every head's queries and keys instead.

use super::llama::{Variant, decoder, decoder_spec};
use super::{MOST_LAYERS, MOST_POSITIONS};
use crate::engine::attention::Mask;
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn qwen2_spec(config: &Config) -> Result<Spec> {
    decoder_spec(config, "qwen2")
}

pub fn qwen3_spec(config: &Config) -> Result<Spec> {
    decoder_spec(config, "qwen3")
}

pub fn qwen2_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { qkv_bias: true, output_bias: false, ..Variant::llama(spec, config)? };
    slide(&mut variant, spec, config)?;
    decoder(spec, config, file, &variant)
}

pub fn qwen3_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { qk_norms: Some([spec.head_width; 2]), ..Variant::llama(spec, config)? };
    slide(&mut variant, spec, config)?;
    decoder(spec, config, file, &variant)
}

/// Windows, where they are switched on: by `layer_types`, or in older files from layer `max_window_layers` on.
pub fn slide(variant: &mut Variant, spec: &Spec, config: &Config) -> Result<()> {
    if !config.is_on("use_sliding_window")? || config.is_silent_on("sliding_window") {
        return Ok(());
    }
    let mask = Mask::CausalWindow(config.size("sliding_window", MOST_POSITIONS)?);
    let first = config.whole_or("max_window_layers", MOST_LAYERS, 28)?;
    let sliding = config.sliding_layers(spec.layers)?;
    let sliding = sliding.unwrap_or_else(|| (0..spec.layers).map(|l| l >= first).collect());
    for (rules, slides) in variant.rules.iter_mut().zip(sliding) {
        if slides {
            rules.mask = mask;
        }
    }
    Ok(())
}
