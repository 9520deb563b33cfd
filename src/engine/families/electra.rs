//! ELECTRA (Clark et al. 2020, <https://arxiv.org/abs/2003.10555>): BERT's layers over a narrower embedding.

use std::sync::Arc;

use super::bert::{HeadNames, Parts, embedding, encoder_spec, layer, word_head};
use super::{MOST_WIDTH, base};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::{Embedding, Linear, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

pub fn spec(config: &Config) -> Result<Spec> {
    encoder_spec(config, "electra")
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "electra."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(config)?;
    let narrow = config.size_or("embedding_size", MOST_WIDTH, spec.width)?;
    let project = if narrow == spec.width {
        None
    } else {
        Some(Linear::load(file, &format!("{base}embeddings_project"), narrow, spec.width, true)?)
    };
    let layers = (0..spec.layers).map(|l| Ok(Arc::new(layer(spec, file, &format!("{base}encoder.layer.{l}"), parts)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "generator_predictions.dense",
        norm: "generator_predictions.LayerNorm",
        decoder: "generator_lm_head",
        bias: "generator_lm_head.bias",
    };
    // The generator's head is always activated by GELU.
    let head = Parts { activation: Activation::Gelu, ..parts };
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                project,
                ..embedding(spec, file, &format!("{base}embeddings"), narrow, parts.epsilon, 0)?
            },
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        word_head: word_head(spec, file, &names, &words, narrow, head)?,
    })
}
