//! SmolLM3 (2025): Llama in which every fourth layer has no positions (Yang et al. 2025,
//! <https://arxiv.org/abs/2501.18795>).

use super::MOST_LAYERS;
use super::llama::{Variant, decoder, decoder_spec};
use super::qwen::slide;
use crate::engine::attention::Position;
use crate::engine::config::{AS_IT_LIES, Config};
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    decoder_spec(config, "smollm3")
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant::llama(spec, config)?;
    slide(&mut variant, spec, config)?;
    let every = config.size_or("no_rope_layer_interval", MOST_LAYERS, 4)?;
    let listed = config.list("no_rope_layers", spec.layers)?;
    for (l, rules) in variant.rules.iter_mut().enumerate() {
        // The list says 1 where there are positions.
        let has_positions = match listed.map(|list| list[l].as_u64()) {
            Some(Some(flag @ 0..=1)) => flag == 1,
            Some(_) => {
                return Err(config.fault("no_rope_layers", "0 or 1 for each layer".to_owned(), AS_IT_LIES));
            }
            None => (l + 1) % every != 0,
        };
        if !has_positions {
            rules.position = Position::None;
        }
    }
    decoder(spec, config, file, &variant)
}
