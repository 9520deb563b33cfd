//! GPT-NeoX (Black et al. 2022, <https://arxiv.org/abs/2204.06745>) and Pythia: attention and feed-forward side by
//! side, part of every head turned by rotary positions.

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
    Ok(ModelConfig {
        family: "gpt_neox",
        architecture: Architecture::Decoder,
        layers: json.size("num_hidden_layers", MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "num_attention_heads", heads)?,
        d_mlp: json.size("intermediate_size", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "gpt_neox."], "embed_in.weight");
    let &ModelConfig { d_model, d_head: d, d_mlp, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_eps", 1e-5)?;
    let activation = json.activation(&["hidden_act"], "gelu")?;
    let has_bias = json.is_on_or("attention_bias", true)?;
    let parallel = json.is_on_or("use_parallel_residual", true)?;
    let usual = RotaryDefaults {
        theta_names: &["rotary_emb_base", "rope_theta"],
        share: 0.25,
        share_names: &["rotary_pct", "partial_rotary_factor"],
        ..RotaryDefaults::default()
    };
    let position = Position::Rotary(Arc::new(read_rotary(json, d, usual)?));
    let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear = |part: &str, inputs, outputs, has_bias| {
            Linear::load(file, &format!("{name}.{part}"), inputs, outputs, has_bias)
        };
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), d_model, epsilon)?));
        let qkv = format!("{name}.attention.query_key_value");
        Ok(Arc::new(Layer {
            attention: Attention {
                config: attention.clone(),
                qkv: vec![Linear::interleaved_qkv(config, json, file, &qkv, has_bias)?],
                qk_norms: None,
                output: linear("attention.dense", d_model, d_model, has_bias)?,
                norms: norm("input_layernorm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.dense_h_to_4h", d_model, d_mlp, true)?,
                down: linear("mlp.dense_4h_to_h", d_mlp, d_model, true)?,
                norms: norm("post_attention_layernorm")?,
            },
            parallel,
        }))
    };
    let words = format!("{base}embed_in.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding::plain(file.table(&words, vocabulary, d_model)?),
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}final_layer_norm"), d_model, epsilon)?),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "embed_out", &words)?,
    })
}
