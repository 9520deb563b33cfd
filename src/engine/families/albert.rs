//! ALBERT (Lan et al. 2019, <https://arxiv.org/abs/1909.11942>): BERT's layers, one set of weights for all of them,
//! over a narrower embedding.

use std::sync::Arc;

use super::bert::{HeadNames, Parts, embedding, encoder_spec, word_head};
use super::{MOST_LAYERS, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights};
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    encoder_spec(config, "albert")
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "albert."], "embeddings.word_embeddings.weight");
    let parts = Parts { activation: config.activation(&["hidden_act"], "gelu_new")?, ..Parts::read(config)? };
    let narrow = config.size_or("embedding_size", MOST_WIDTH, 128)?;
    let groups = config.size_or("num_hidden_groups", MOST_LAYERS, 1)?;
    let repeats = config.size_or("inner_group_num", MOST_LAYERS, 1)?;
    if groups > spec.layers || repeats != 1 {
        let field = if repeats == 1 { "num_hidden_groups" } else { "inner_group_num" };
        let expected = if repeats == 1 { format!("at most {}", spec.layers) } else { "1".to_owned() };
        return Err(config.fault(field, expected, "Choose a model without this variant."));
    }
    let group = |g: usize| layer(spec, file, &format!("{base}encoder.albert_layer_groups.{g}.albert_layers.0"), parts);
    let groups: Vec<Arc<Layer>> = (0..groups).map(|g| group(g).map(Arc::new)).collect::<Result<_>>()?;
    let layers = (0..spec.layers).map(|l| Arc::clone(&groups[l * groups.len() / spec.layers])).collect();
    let words = format!("{base}embeddings.word_embeddings.weight");
    let names = HeadNames {
        transform: "predictions.dense",
        norm: "predictions.LayerNorm",
        decoder: "predictions.decoder",
        bias: "predictions.bias",
    };
    let project = format!("{base}encoder.embedding_hidden_mapping_in");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                project: Some(Linear::load(file, &project, narrow, spec.width, true)?),
                ..embedding(spec, file, &format!("{base}embeddings"), narrow, parts.epsilon, 0)?
            },
            layers,
            last_norm: None,
        },
        decoder: None,
        word_head: word_head(spec, file, &names, &words, narrow, parts)?,
    })
}

fn layer(spec: &Spec, file: &WeightFile, name: &str, parts: Parts) -> Result<Layer> {
    let &Spec { width, inner, .. } = spec;
    let Parts { activation, epsilon } = parts;
    let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
    let norm = |part: &str| Ok(Norms::sum(Norm::layer(file, &format!("{name}.{part}"), width, epsilon)?));
    let qkv = ["query", "key", "value"].map(|part| (format!("{name}.attention.{part}"), width));
    Ok(Layer {
        attention: Attention {
            rules: Rules::usual(spec, Mask::Full),
            qkv: vec![Linear::joined(file, &qkv, width, true)?],
            qk_norms: None,
            output: linear("attention.dense", width, width)?,
            norms: norm("attention.LayerNorm")?,
        },
        cross: None,
        feed_forward: FeedForward {
            activation,
            gate: None,
            up: linear("ffn", width, inner)?,
            down: linear("ffn_output", inner, width)?,
            norms: norm("full_layer_layer_norm")?,
        },
        parallel: false,
    })
}
