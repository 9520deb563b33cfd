//! DistilBERT (Sanh et al. 2019, <https://arxiv.org/abs/1910.01108>): BERT's layers under other names, no segments.

use std::sync::Arc;

use super::bert::{HeadNames, Parts, embedding, word_head};
use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{Attention, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights};
use crate::error::Result;

const EPSILON: f32 = 1e-12;

pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size("dim", MOST_WIDTH)?;
    let heads = config.size("n_heads", MOST_HEADS)?;
    Ok(Spec {
        family: "distilbert",
        form: Form::Encoder,
        layers: config.size("n_layers", MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "n_heads", heads)?,
        inner: config.size("hidden_dim", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        // There is no such table, but its tokenizers count the second text as segment 1.
        segments: 2,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "distilbert."], "embeddings.word_embeddings.weight");
    let parts = Parts { activation: config.activation(&["activation"], "gelu")?, epsilon: EPSILON };
    let layers =
        (0..spec.layers).map(|l| Ok(Arc::new(layer(spec, file, &format!("{base}transformer.layer.{l}"), parts)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "vocab_transform",
        norm: "vocab_layer_norm",
        decoder: "vocab_projector",
        bias: "vocab_projector.bias",
    };
    Ok(Weights {
        stack: Stack {
            embedding: embedding(spec, file, &format!("{base}embeddings"), spec.width, EPSILON, 0)?,
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        word_head: word_head(spec, file, &names, &words, spec.width, parts)?,
    })
}

fn layer(spec: &Spec, file: &WeightFile, name: &str, parts: Parts) -> Result<Layer> {
    let &Spec { width, inner, .. } = spec;
    let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
    let norm = |part: &str| Ok(Norms::sum(Norm::layer(file, &format!("{name}.{part}"), width, EPSILON)?));
    let qkv = ["q_lin", "k_lin", "v_lin"].map(|part| (format!("{name}.attention.{part}"), width));
    Ok(Layer {
        attention: Attention {
            rules: Rules::usual(spec, Mask::Full),
            qkv: vec![Linear::joined(file, &qkv, width, true)?],
            qk_norms: None,
            output: linear("attention.out_lin", width, width)?,
            norms: norm("sa_layer_norm")?,
        },
        cross: None,
        feed_forward: FeedForward {
            activation: parts.activation,
            gate: None,
            up: linear("ffn.lin1", width, inner)?,
            down: linear("ffn.lin2", inner, width)?,
            norms: norm("output_layer_norm")?,
        },
        parallel: false,
    })
}
