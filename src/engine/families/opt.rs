//! OPT (Zhang et al. 2022, <https://arxiv.org/abs/2205.01068>): GPT-2's layers under other names; the first two rows of
//! the position table are not for positions.

use std::sync::Arc;

use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Positions, Stack, Weights,
};
use crate::error::Result;

/// No config says so.
const EPSILON: f32 = 1e-5;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size("hidden_size", MAX_D_MODEL)?;
    let heads = json.size("num_attention_heads", MAX_HEADS)?;
    for switch in ["do_layer_norm_before", "enable_bias", "layer_norm_elementwise_affine"] {
        json.require(switch, true)?;
    }
    json.require("_remove_final_layer_norm", false)?;
    if json.size_or("word_embed_proj_dim", MAX_D_MODEL, d_model)? != d_model {
        let advice = "Choose a model without this variant.";
        return Err(json.fault("word_embed_proj_dim", format!("the width {d_model}"), advice));
    }
    Ok(ModelConfig {
        family: "opt",
        architecture: Architecture::Decoder,
        layers: json.size("num_hidden_layers", MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "num_attention_heads", heads)?,
        d_mlp: json.size("ffn_dim", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["decoder.", "model.decoder."], "embed_tokens.weight");
    let &ModelConfig { d_model, d_mlp, vocabulary, .. } = config;
    let activation = json.activation(&["activation_function"], "relu")?;
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), d_model, EPSILON)?));
        let qkv = ["q_proj", "k_proj", "v_proj"].map(|part| (format!("{name}.self_attn.{part}"), d_model));
        Ok(Arc::new(Layer {
            attention: Attention {
                config: AttentionConfig::scaled_dot_product(config, Mask::Causal),
                qkv: vec![Linear::joined(file, &qkv, d_model, true)?],
                qk_norms: None,
                output: linear("self_attn.out_proj", d_model, d_model)?,
                norms: norm("self_attn_layer_norm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("fc1", d_model, d_mlp)?,
                down: linear("fc2", d_mlp, d_model)?,
                norms: norm("final_layer_norm")?,
            },
            parallel: false,
        }))
    };
    let words = format!("{base}embed_tokens.weight");
    let positions = file.table(&format!("{base}embed_positions.weight"), config.max_positions + 2, d_model)?;
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                positions: Positions::Learned { table: positions, offset: 2 },
                ..Embedding::plain(file.table(&words, vocabulary, d_model)?)
            },
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}final_layer_norm"), d_model, EPSILON)?),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "lm_head", &words)?,
    })
}
