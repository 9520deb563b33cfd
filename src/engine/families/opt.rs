//! OPT (Zhang et al. 2022, <https://arxiv.org/abs/2205.01068>): GPT-2's layers under other names. The first two rows of
//! the position table are not used for positions.

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{Embedding, Weights};
use crate::error::Result;

/// No config contains it.
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
    let &ModelConfig { d_model, vocabulary, max_positions, .. } = config;
    let activation = json.activation(&["activation_function"], "relu")?;
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Before, EPSILON, activation);
    let layer = |l: usize| {
        let name = format!("{base}layers.{l}");
        let attention = AttentionConfig::scaled_dot_product(config, Mask::Causal);
        let qkv = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"];
        layers.load(&name, attention, layers.joined_qkv(&name, qkv, true)?)
    };
    let words = format!("{base}embed_tokens.weight");
    let positions = file.table(&format!("{base}embed_positions.weight"), max_positions + 2, d_model)?;
    let embedding = Embedding::learned(file.table(&words, vocabulary, d_model)?, positions, 2);
    layers.decoder(json, embedding, layer, &format!("{base}final_layer_norm"), "lm_head", &words)
}

const LAYER: LayerNames = LayerNames {
    output: "self_attn.out_proj",
    attention_norm: "self_attn_layer_norm",
    up: "fc1",
    down: "fc2",
    mlp_norm: "final_layer_norm",
};
