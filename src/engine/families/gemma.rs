//! Gemma (2024, <https://arxiv.org/abs/2403.08295>): Llama with a scaled embedding and gains around 1. Gemma 2
//! (<https://arxiv.org/abs/2408.00118>) caps scores, norms both sides and reads windows in every other layer; Gemma 3
//! (<https://arxiv.org/abs/2503.19786>) normalises queries and keys instead of capping.

use std::sync::Arc;

use super::MOST_POSITIONS;
use super::llama::{Places, Variant, decoder, decoder_spec};
use crate::engine::attention::{Mask, Position};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::rotary::{Usual, rotary};
use crate::engine::spec::Spec;
use crate::engine::weights::Weights;
use crate::error::Result;

pub fn gemma_spec(config: &Config) -> Result<Spec> {
    spec(config, "gemma")
}

pub fn gemma2_spec(config: &Config) -> Result<Spec> {
    spec(config, "gemma2")
}

pub fn gemma3_spec(config: &Config) -> Result<Spec> {
    spec(config, "gemma3_text")
}

fn spec(config: &Config, family: &'static str) -> Result<Spec> {
    config.require("use_bidirectional_attention", false)?;
    decoder_spec(config, family)
}

pub fn gemma_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    decoder(spec, config, file, &variant(spec, config)?)
}

pub fn gemma2_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { places: Places::Both, ..variant(spec, config)? };
    let soft_cap = config.positive("attn_logit_softcapping")?;
    let scale = config.positive("query_pre_attn_scalar")?.unwrap_or(256.0).powf(-0.5);
    let window = Mask::CausalWindow(config.size_or("sliding_window", MOST_POSITIONS, 4096)?);
    let sliding = config.sliding_layers(spec.layers)?;
    for (l, rules) in variant.rules.iter_mut().enumerate() {
        rules.soft_cap = soft_cap;
        rules.scale = scale;
        if sliding.as_ref().map_or(l % 2 == 0, |sliding| sliding[l]) {
            rules.mask = window;
        }
    }
    decoder(spec, config, file, &variant)
}

pub fn gemma3_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant { places: Places::Both, qk_norms: Some([spec.head_width; 2]), ..variant(spec, config)? };
    let soft_cap = config.positive("attn_logit_softcapping")?;
    let scale = config.positive("query_pre_attn_scalar")?.unwrap_or(256.0).powf(-0.5);
    let window = Mask::CausalWindow(config.size_or("sliding_window", MOST_POSITIONS, 4096)?);
    let every = config.size_or("sliding_window_pattern", spec.layers.max(6), 6)?;
    let sliding = config.sliding_layers(spec.layers)?;
    let of = |usual| Ok(Position::Rotary(Arc::new(rotary(config, spec.head_width, usual)?)));
    let kind = |layer_kind| Usual { layer_kind: Some(layer_kind), ..Usual::default() };
    let near = of(Usual { theta_names: &["rope_local_base_freq"], scaled: false, ..kind("sliding_attention") })?;
    let far = of(Usual { theta: 1_000_000.0, ..kind("full_attention") })?;
    for (l, rules) in variant.rules.iter_mut().enumerate() {
        rules.soft_cap = soft_cap;
        rules.scale = scale;
        let slides = sliding.as_ref().map_or((l + 1) % every != 0, |sliding| sliding[l]);
        rules.position = if slides { near.clone() } else { far.clone() };
        if slides {
            rules.mask = window;
        }
    }
    decoder(spec, config, file, &variant)
}

fn variant(spec: &Spec, config: &Config) -> Result<Variant> {
    // Some files hold the whole gain.
    let gain_from = if config.is_on("norm_offset_included")? { 0.0 } else { 1.0 };
    Ok(Variant {
        scale: (spec.width as f32).sqrt(),
        gain_from,
        activation: "gelu_pytorch_tanh",
        ..Variant::llama(spec, config)?
    })
}
