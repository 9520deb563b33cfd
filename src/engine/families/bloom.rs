//! BLOOM (BigScience 2022, <https://arxiv.org/abs/2211.05100>): ALiBi instead of positions, a norm on the embedding.

use std::sync::Arc;

use super::{MOST_HEADS, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Bias, Mask, Position, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights, WordHead};
use crate::error::Result;
use crate::math::Activation;

pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size_of(&["hidden_size", "n_embed"], MOST_WIDTH)?;
    let heads = config.size_of(&["n_head", "num_attention_heads"], MOST_HEADS)?;
    config.require("apply_residual_connection_post_layernorm", false)?;
    Ok(Spec {
        family: "bloom",
        form: Form::Decoder,
        layers: config.size_of(&["n_layer", "num_hidden_layers"], MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "n_head", heads)?,
        inner: 4 * width,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size_or("seq_length", MOST_POSITIONS, 2048)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "word_embeddings.weight");
    let &Spec { width, heads, head_width: d, inner, vocabulary, .. } = spec;
    let epsilon = config.fraction_or("layer_norm_epsilon", 1e-5)?;
    let position = Position::Bias(Arc::new(Bias::Alibi(Bias::alibi_slopes(heads))));
    let rules = Rules { position, ..Rules::usual(spec, Mask::Causal) };
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}h.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), width, epsilon)?));
        let qkv = format!("{name}.self_attention.query_key_value");
        Ok(Arc::new(Layer {
            attention: Attention {
                rules: rules.clone(),
                qkv: vec![Linear::interleaved(file, config, &qkv, width, (heads, d), true)?],
                qk_norms: None,
                output: linear("self_attention.dense", width, width)?,
                norms: norm("input_layernorm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation: Activation::GeluTanh,
                gate: None,
                up: linear("mlp.dense_h_to_4h", width, inner)?,
                down: linear("mlp.dense_4h_to_h", inner, width)?,
                norms: norm("post_attention_layernorm")?,
            },
            parallel: false,
        }))
    };
    let words = format!("{base}word_embeddings.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                norm: Some(Norm::layer(file, &format!("{base}word_embeddings_layernorm"), width, epsilon)?),
                ..Embedding::plain(file.table(&words, vocabulary, width)?)
            },
            layers: (0..spec.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}ln_f"), width, epsilon)?),
        },
        decoder: None,
        word_head: WordHead::tied(spec, config, file, "lm_head", &words)?,
    })
}
