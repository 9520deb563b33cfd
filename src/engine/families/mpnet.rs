//! MPNet (Song et al. 2020, <https://arxiv.org/abs/2004.09297>): BERT's layers with T5's distance buckets, positions
//! counted from behind the padding token's, no segments.

use std::sync::Arc;

use super::bert::{Parts, embedding, word_head};
use super::roberta::{HEAD, named, offset};
use super::{MOST_SEGMENTS, base};
use crate::engine::attention::{Bias, Mask, Position, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::{Attention, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

/// Distances from here on share a bucket; no config says so.
const MOST_DISTANCE: usize = 128;

pub fn spec(config: &Config) -> Result<Spec> {
    // Its tokenizers say 0 for both texts; there is no table.
    Ok(Spec { segments: 1, ..named(config, "mpnet")? })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "mpnet."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(config)?;
    let buckets = config.size_or("relative_attention_num_buckets", MOST_SEGMENTS, 32)?;
    if buckets < 4 {
        return Err(config.fault("relative_attention_num_buckets", "4 or more".to_owned(), "Check the file."));
    }
    let table = file.tensor(&format!("{base}encoder.relative_attention_bias.weight"), &[buckets, spec.heads])?;
    let bias =
        Arc::new(Bias::Buckets { table: table.to_f32(), heads: spec.heads, most: MOST_DISTANCE, both_ways: true });
    let rules = Rules { position: Position::Bias(bias), ..Rules::usual(spec, Mask::Full) };
    let layers =
        (0..spec.layers).map(|l| Ok(Arc::new(layer(spec, file, &format!("{base}encoder.layer.{l}"), parts, &rules)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    // The head is activated by GELU whatever the layers have.
    let head = Parts { activation: Activation::Gelu, ..parts };
    Ok(Weights {
        stack: Stack {
            embedding: embedding(spec, file, &format!("{base}embeddings"), spec.width, parts.epsilon, offset(config)?)?,
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        word_head: word_head(spec, file, &HEAD, &words, spec.width, head)?,
    })
}

fn layer(spec: &Spec, file: &WeightFile, name: &str, parts: Parts, rules: &Rules) -> Result<Layer> {
    let &Spec { width, inner, .. } = spec;
    let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
    let norm = |part: &str| Ok(Norms::sum(Norm::layer(file, &format!("{name}.{part}"), width, parts.epsilon)?));
    let qkv = ["q", "k", "v"].map(|part| (format!("{name}.attention.attn.{part}"), width));
    Ok(Layer {
        attention: Attention {
            rules: rules.clone(),
            qkv: vec![Linear::joined(file, &qkv, width, true)?],
            qk_norms: None,
            output: linear("attention.attn.o", width, width)?,
            norms: norm("attention.LayerNorm")?,
        },
        cross: None,
        feed_forward: FeedForward {
            activation: parts.activation,
            gate: None,
            up: linear("intermediate.dense", width, inner)?,
            down: linear("output.dense", inner, width)?,
            norms: norm("output.LayerNorm")?,
        },
        parallel: false,
    })
}
