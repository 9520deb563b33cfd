//! OPT (Zhang et al. 2022, <https://arxiv.org/abs/2205.01068>): GPT-2's layers under other names; the first two rows of
//! the position table are not for positions.

use std::sync::Arc;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Positions, Stack, Weights, WordHead,
};
use crate::error::Result;

/// No config says so.
const EPSILON: f32 = 1e-5;

pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size("hidden_size", MOST_WIDTH)?;
    let heads = config.size("num_attention_heads", MOST_HEADS)?;
    for switch in ["do_layer_norm_before", "enable_bias", "layer_norm_elementwise_affine"] {
        config.require(switch, true)?;
    }
    config.require("_remove_final_layer_norm", false)?;
    if config.size_or("word_embed_proj_dim", MOST_WIDTH, width)? != width {
        let advice = "Choose a model without this variant.";
        return Err(config.fault("word_embed_proj_dim", format!("the width {width}"), advice));
    }
    Ok(Spec {
        family: "opt",
        form: Form::Decoder,
        layers: config.size("num_hidden_layers", MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "num_attention_heads", heads)?,
        inner: config.size("ffn_dim", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["decoder.", "model.decoder."], "embed_tokens.weight");
    let &Spec { width, inner, vocabulary, .. } = spec;
    let activation = config.activation(&["activation_function"], "relu")?;
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), width, EPSILON)?));
        let qkv = ["q_proj", "k_proj", "v_proj"].map(|part| (format!("{name}.self_attn.{part}"), width));
        Ok(Arc::new(Layer {
            attention: Attention {
                rules: Rules::usual(spec, Mask::Causal),
                qkv: vec![Linear::joined(file, &qkv, width, true)?],
                qk_norms: None,
                output: linear("self_attn.out_proj", width, width)?,
                norms: norm("self_attn_layer_norm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("fc1", width, inner)?,
                down: linear("fc2", inner, width)?,
                norms: norm("final_layer_norm")?,
            },
            parallel: false,
        }))
    };
    let words = format!("{base}embed_tokens.weight");
    let positions = file.table(&format!("{base}embed_positions.weight"), spec.positions + 2, width)?;
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                positions: Positions::Learned { table: positions, offset: 2 },
                ..Embedding::plain(file.table(&words, vocabulary, width)?)
            },
            layers: (0..spec.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}final_layer_norm"), width, EPSILON)?),
        },
        decoder: None,
        word_head: WordHead::tied(spec, config, file, "lm_head", &words)?,
    })
}
