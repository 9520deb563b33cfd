//! OLMo 2 (2024, <https://arxiv.org/abs/2501.00656>): Llama's layers normalised behind their parts, and queries and keys
//! over all heads together.

use super::llama::{Places, Variant, decoder, decoder_spec};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    decoder_spec(config, "olmo2")
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let qk_norms = Some([spec.heads * spec.head_width, spec.kv_heads * spec.head_width]);
    decoder(spec, config, file, &Variant { qk_norms, places: Places::After, ..Variant::llama(spec, config)? })
}
