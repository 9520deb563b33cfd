//! BLOOM (BigScience 2022, <https://arxiv.org/abs/2211.05100>): ALiBi instead of positions, a norm on the embedding.

use std::sync::Arc;

use super::{MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Bias, Mask, Position};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Stack, Weights};
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
    let &ModelConfig { d_model, heads, d_mlp, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-5)?;
    let position = Position::Bias(Arc::new(Bias::Alibi(Bias::alibi_slopes(heads))));
    let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}h.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), d_model, epsilon)?));
        let qkv = format!("{name}.self_attention.query_key_value");
        Ok(Arc::new(Layer {
            attention: Attention {
                config: attention.clone(),
                qkv: vec![Linear::interleaved_qkv(config, json, file, &qkv, true)?],
                qk_norms: None,
                output: linear("self_attention.dense", d_model, d_model)?,
                norms: norm("input_layernorm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation: Activation::GeluTanh,
                gate: None,
                up: linear("mlp.dense_h_to_4h", d_model, d_mlp)?,
                down: linear("mlp.dense_4h_to_h", d_mlp, d_model)?,
                norms: norm("post_attention_layernorm")?,
            },
            parallel: false,
        }))
    };
    let words = format!("{base}word_embeddings.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                norm: Some(Norm::layer(file, &format!("{base}word_embeddings_layernorm"), d_model, epsilon)?),
                ..Embedding::plain(file.table(&words, vocabulary, d_model)?)
            },
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}ln_f"), d_model, epsilon)?),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "lm_head", &words)?,
    })
}
