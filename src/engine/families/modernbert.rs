//! ModernBERT (Warner et al. 2024, <https://arxiv.org/abs/2412.13663>): a pre-norm encoder with rotary positions and
//! gated MLPs. Most layers have a window.

use std::sync::Arc;

use super::bert::encoder_config;
use super::{MAX_LAYERS, MAX_POSITIONS, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::{AttentionConfig, Mask, Position};
use crate::engine::pass::rotary::{RotaryDefaults, read_rotary};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, HeadTransform, Layer, Linear, LmHead, Norm, Norms, Stack, Weights,
};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    for bias in ["attention_bias", "mlp_bias", "norm_bias", "classifier_bias"] {
        json.require(bias, false)?;
    }
    // It has no segments, but its tokenizers may give the second text the segment 1.
    Ok(ModelConfig { type_vocab_size: 2, ..encoder_config(json, "modernbert")? })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "model."], "embeddings.tok_embeddings.weight");
    let &ModelConfig { d_model, d_mlp, vocabulary, .. } = config;
    let epsilon = json.fraction_or("norm_eps", 1e-5)?;
    let activation = json.activation(&["hidden_activation"], "gelu")?;
    let norm = |name: &str| Norm::layer_without_bias(file, name, d_model, epsilon);

    let every = json.size_or("global_attn_every_n_layers", MAX_LAYERS, 3)?;
    let sliding = json.sliding_layers(config.layers)?;
    let sliding = sliding.unwrap_or_else(|| (0..config.layers).map(|l| l % every != 0).collect());
    let reach = json.size_or("local_attention", MAX_POSITIONS, 128)? / 2;
    let attention = |slides: bool| -> Result<AttentionConfig> {
        let usual = if slides {
            let theta_names = &["local_rope_theta"];
            RotaryDefaults { theta_names, layer_kind: Some("sliding_attention"), ..RotaryDefaults::default() }
        } else {
            let theta_names = &["global_rope_theta"];
            RotaryDefaults {
                theta: 160_000.0,
                theta_names,
                layer_kind: Some("full_attention"),
                ..RotaryDefaults::default()
            }
        };
        let mask = if slides { Mask::Window(reach) } else { Mask::Full };
        let position = Position::Rotary(Arc::new(read_rotary(json, config.d_head, usual)?));
        Ok(AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, mask) })
    };
    let attention = [attention(false)?, attention(true)?];

    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear =
            |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, false);
        // One tensor has both halves: what is activated, and what it is multiplied with.
        let halves = file.tensor(&format!("{name}.mlp.Wi.weight"), &[2 * d_mlp, d_model])?;
        let half =
            |which: usize| Linear::of(file, vec![halves.part(which * d_mlp * d_model, d_mlp * d_model)], d_model, None);
        // The first layer reads the embedding, which is normalized already.
        let before = if l == 0 { None } else { Some(norm(&format!("{name}.attn_norm"))?) };
        Ok(Arc::new(Layer {
            attention: Attention {
                config: attention[usize::from(sliding[l])].clone(),
                qkv: vec![linear("attn.Wqkv", d_model, 3 * d_model)?],
                qk_norms: None,
                output: linear("attn.Wo", d_model, d_model)?,
                norms: Norms { before, ..Norms::default() },
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: Some(half(0)?),
                up: half(1)?,
                down: linear("mlp.Wo", d_mlp, d_model)?,
                norms: Norms::before(norm(&format!("{name}.mlp_norm"))?),
            },
            parallel: false,
        }))
    };
    let words = format!("{base}embeddings.tok_embeddings.weight");
    let lm_head = if file.has("head.dense.weight") && file.has("decoder.bias") {
        let own = "decoder.weight";
        let decoder = file.tensor(if file.has(own) { own } else { &words }, &[vocabulary, d_model])?;
        let bias = file.numbers("decoder.bias", &[vocabulary])?;
        let linear = Linear::load(file, "head.dense", d_model, d_model, false)?;
        let activation = json.activation(&["classifier_activation"], "gelu")?;
        Some(LmHead {
            transform: Some(HeadTransform { linear, activation, norm: norm("head.norm")? }),
            scale: 1.0,
            decoder: Linear::of(file, vec![decoder], d_model, Some(bias))?,
            soft_cap: None,
        })
    } else {
        None
    };
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                norm: Some(norm(&format!("{base}embeddings.norm"))?),
                ..Embedding::plain(file.table(&words, vocabulary, d_model)?)
            },
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(norm(&format!("{base}final_norm"))?),
        },
        decoder: None,
        lm_head,
    })
}
