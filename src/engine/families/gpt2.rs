//! GPT-2 (Radford et al. 2019): pre-norm decoder layers over learned positions; weights are stored transposed.

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

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size_of(&["n_embd", "hidden_size"], MAX_D_MODEL)?;
    let heads = json.size_of(&["n_head", "num_attention_heads"], MAX_HEADS)?;
    json.require("add_cross_attention", false)?;
    Ok(ModelConfig {
        family: "gpt2",
        architecture: Architecture::Decoder,
        layers: json.size_of(&["n_layer", "num_hidden_layers"], MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "n_head", heads)?,
        d_mlp: json.size_or("n_inner", MAX_D_MLP, 4 * d_model)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size_of(&["n_positions", "n_ctx", "max_position_embeddings"], MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "wte.weight");
    let &ModelConfig { d_model, d_mlp, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-5)?;
    let activation = json.activation(&["activation_function"], "gelu_new")?;
    let (scaled, by_layer) =
        (json.is_on_or("scale_attn_weights", true)?, json.is_on("scale_attn_by_inverse_layer_idx")?);
    // Some files hold the usual orientation instead.
    let turned = json.is_on("conv1d_transposed")?;
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}h.{l}");
        let linear = |part: &str, inputs, outputs| {
            let name = format!("{name}.{part}");
            if turned {
                Linear::load(file, &name, inputs, outputs, true)
            } else {
                Linear::transposed(file, &name, inputs, outputs)
            }
        };
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), d_model, epsilon)?));
        let mut attention = AttentionConfig::scaled_dot_product(config, Mask::Causal);
        if !scaled {
            attention.scale = 1.0;
        }
        if by_layer {
            attention.scale /= (l + 1) as f32;
        }
        Ok(Arc::new(Layer {
            attention: Attention {
                config: attention,
                qkv: vec![linear("attn.c_attn", d_model, 3 * d_model)?],
                qk_norms: None,
                output: linear("attn.c_proj", d_model, d_model)?,
                norms: norm("ln_1")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.c_fc", d_model, d_mlp)?,
                down: linear("mlp.c_proj", d_mlp, d_model)?,
                norms: norm("ln_2")?,
            },
            parallel: false,
        }))
    };
    let words = format!("{base}wte.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                positions: Positions::Learned {
                    table: file.table(&format!("{base}wpe.weight"), config.max_positions, d_model)?,
                    offset: 0,
                },
                ..Embedding::plain(file.table(&words, vocabulary, d_model)?)
            },
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}ln_f"), d_model, epsilon)?),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "lm_head", &words)?,
    })
}
