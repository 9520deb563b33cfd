//! BLOOM (BigScience 2022, <https://arxiv.org/abs/2211.05100>): a pre-norm decoder with ALiBi and a norm on the
//! embedding.

use std::sync::Arc;

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Bias, Mask, Position};
use crate::engine::weights::{Embedding, Linear, Norm, Weights};
use crate::error::Result;
use crate::math::Activation;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size_of(&["hidden_size", "n_embed"], MAX_D_MODEL)?;
    let heads = json.size_of(&["n_head", "num_attention_heads"], MAX_HEADS)?;
    json.require("apply_residual_connection_post_layernorm", false)?;
    Ok(ModelConfig {
        family: "bloom",
        architecture: Architecture::Decoder,
        layers: json.size_of(&["n_layer", "num_hidden_layers"], MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "n_head", heads)?,
        d_mlp: 4 * d_model,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size_or("seq_length", MAX_POSITIONS, 2048)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "word_embeddings.weight");
    let &ModelConfig { d_model, heads, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-5)?;
    let position = Position::Bias(Arc::new(Bias::Alibi(Bias::alibi_slopes(heads))));
    let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Before, epsilon, Activation::GeluTanh);
    let layer = |l: usize| {
        let name = format!("{base}h.{l}");
        let qkv = format!("{name}.self_attention.query_key_value");
        layers.load(&name, attention.clone(), Linear::interleaved_qkv(config, json, file, &qkv, true)?)
    };
    let words = format!("{base}word_embeddings.weight");
    let embedding = Embedding {
        norm: Some(Norm::layer(file, &format!("{base}word_embeddings_layernorm"), d_model, epsilon)?),
        ..Embedding::plain(file.table(&words, vocabulary, d_model)?)
    };
    layers.decoder(json, embedding, layer, &format!("{base}ln_f"), "lm_head", &words)
}

const LAYER: LayerNames = LayerNames {
    output: "self_attention.dense",
    attention_norm: "input_layernorm",
    up: "mlp.dense_h_to_4h",
    down: "mlp.dense_4h_to_h",
    mlp_norm: "post_attention_layernorm",
};
