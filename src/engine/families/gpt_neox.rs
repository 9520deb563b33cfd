//! GPT-NeoX (Black et al. 2022, <https://arxiv.org/abs/2204.06745>) and Pythia: attention and feed-forward side by side,
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
    Ok(Spec {
        family: "gpt_neox",
        form: Form::Decoder,
        layers: config.size("num_hidden_layers", MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "num_attention_heads", heads)?,
        inner: config.size("intermediate_size", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "gpt_neox."], "embed_in.weight");
    let &Spec { width, heads, head_width: d, inner, vocabulary, .. } = spec;
    let epsilon = config.fraction_or("layer_norm_eps", 1e-5)?;
    let activation = config.activation(&["hidden_act"], "gelu")?;
    let has_bias = config.is_on_or("attention_bias", true)?;
    let parallel = config.is_on_or("use_parallel_residual", true)?;
    let usual = Usual {
        theta_names: &["rotary_emb_base", "rope_theta"],
        share: 0.25,
        share_names: &["rotary_pct", "partial_rotary_factor"],
        ..Usual::default()
    };
    let position = Position::Rotary(Arc::new(rotary(config, d, usual)?));
    let rules = Rules { position, ..Rules::usual(spec, Mask::Causal) };
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear = |part: &str, inputs, outputs, has_bias| {
            Linear::load(file, &format!("{name}.{part}"), inputs, outputs, has_bias)
        };
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), width, epsilon)?));
        let qkv = format!("{name}.attention.query_key_value");
        Ok(Arc::new(Layer {
            attention: Attention {
                rules: rules.clone(),
                qkv: vec![Linear::interleaved(file, config, &qkv, width, (heads, d), has_bias)?],
                qk_norms: None,
                output: linear("attention.dense", width, width, has_bias)?,
                norms: norm("input_layernorm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.dense_h_to_4h", width, inner, true)?,
                down: linear("mlp.dense_4h_to_h", inner, width, true)?,
                norms: norm("post_attention_layernorm")?,
            },
            parallel,
        }))
    };
    let words = format!("{base}embed_in.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding::plain(file.table(&words, vocabulary, width)?),
            layers: (0..spec.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}final_layer_norm"), width, epsilon)?),
        },
        decoder: None,
        word_head: WordHead::tied(spec, config, file, "embed_out", &words)?,
    })
}
