//! Phi (Li et al. 2023, <https://arxiv.org/abs/2309.05463>): attention and feed-forward side by side under one norm,
//! part of every head turned by rotary positions.

use std::sync::Arc;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Position, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::rotary::{Usual, rotary};
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights, WordHead};
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size("hidden_size", MOST_WIDTH)?;
    let heads = config.size("num_attention_heads", MOST_HEADS)?;
    config.require("qk_layernorm", false)?;
    let kv_heads = config.size_or("num_key_value_heads", MOST_HEADS, heads)?;
    config.share(heads, "num_key_value_heads", kv_heads)?;
    Ok(Spec {
        family: "phi",
        form: Form::Decoder,
        layers: config.size("num_hidden_layers", MOST_LAYERS)?,
        heads,
        kv_heads,
        width,
        head_width: config.share(width, "num_attention_heads", heads)?,
        inner: config.size("intermediate_size", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "model."], "embed_tokens.weight");
    let &Spec { width, kv_heads, head_width: d, inner, vocabulary, .. } = spec;
    let epsilon = config.fraction_or("layer_norm_eps", 1e-5)?;
    let activation = config.activation(&["hidden_act"], "gelu_new")?;
    let position = Position::Rotary(Arc::new(rotary(config, d, Usual { share: 0.5, ..Usual::default() })?));
    let rules = Rules { position, ..Rules::usual(spec, Mask::Causal) };
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = || Ok(Norms::before(Norm::layer(file, &format!("{name}.input_layernorm"), width, epsilon)?));
        // Phi-2's first checkpoints, and GGUF files made of them, have the three below each other.
        let fused = format!("{name}.self_attn.qkv_proj");
        let qkv = [("q_proj", width), ("k_proj", kv_heads * d), ("v_proj", kv_heads * d)];
        let qkv = qkv.map(|(part, outputs)| (format!("{name}.self_attn.{part}"), outputs));
        let qkv = match file.has(&format!("{fused}.weight")) {
            true => Linear::load(file, &fused, width, width + 2 * kv_heads * d, true)?,
            false => Linear::joined(file, &qkv, width, true)?,
        };
        Ok(Arc::new(Layer {
            attention: Attention {
                rules: rules.clone(),
                qkv: vec![qkv],
                qk_norms: None,
                output: linear("self_attn.dense", width, width)?,
                norms: norm()?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.fc1", width, inner)?,
                down: linear("mlp.fc2", inner, width)?,
                norms: norm()?,
            },
            parallel: true,
        }))
    };
    let words = format!("{base}embed_tokens.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding::plain(file.table(&words, vocabulary, width)?),
            layers: (0..spec.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}final_layernorm"), width, epsilon)?),
        },
        decoder: None,
        word_head: WordHead::tied(spec, config, file, "lm_head", &words)?,
    })
}
