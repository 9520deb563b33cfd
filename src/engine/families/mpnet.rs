//! MPNet (Song et al. 2020, <https://arxiv.org/abs/2004.09297>): BERT's layers with T5's relative position buckets,
//! positions counted from after the padding token's, and no segments.

use std::sync::Arc;

use super::bert::{Parts, embedding, lm_head};
use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::roberta::{HEAD, named, offset};
use super::{MAX_BUCKETS, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::{AttentionConfig, Bias, Mask, Position};
use crate::engine::weights::{Layer, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

/// Distances from here on share a bucket. No config contains it.
const MAX_DISTANCE: usize = 128;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    // Its tokenizers give both texts the segment 0, and there is no table.
    Ok(ModelConfig { type_vocab_size: 1, ..named(json, "mpnet")? })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "mpnet."], "embeddings.word_embeddings.weight");
    let parts = Parts::read(json)?;
    let buckets = json.size_or("relative_attention_num_buckets", MAX_BUCKETS, 32)?;
    if buckets < 4 {
        return Err(json.fault("relative_attention_num_buckets", "4 or more".to_owned(), "Check the file."));
    }
    let table = file.tensor(&format!("{base}encoder.relative_attention_bias.weight"), &[buckets, config.heads])?;
    let bias = Arc::new(Bias::RelativePositionBuckets {
        table: table.to_f32(),
        heads: config.heads,
        max_distance: MAX_DISTANCE,
        bidirectional: true,
    });
    let attention =
        AttentionConfig { position: Position::Bias(bias), ..AttentionConfig::scaled_dot_product(config, Mask::Full) };
    let layers = (0..config.layers)
        .map(|l| Ok(Arc::new(layer(config, file, &format!("{base}encoder.layer.{l}"), parts, &attention)?)));
    let words = format!("{base}embeddings.word_embeddings.weight");
    // The head uses GELU, whatever the layers use.
    let head = Parts { activation: Activation::Gelu, ..parts };
    Ok(Weights {
        stack: Stack {
            embedding: embedding(
                config,
                file,
                &format!("{base}embeddings"),
                config.d_model,
                parts.epsilon,
                offset(json)?,
            )?,
            layers: layers.collect::<Result<_>>()?,
            last_norm: None,
        },
        decoder: None,
        lm_head: lm_head(config, file, &HEAD, &words, config.d_model, head)?,
    })
}

fn layer(
    config: &ModelConfig,
    file: &WeightFile,
    name: &str,
    parts: Parts,
    attention: &AttentionConfig,
) -> Result<Layer> {
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Sum, parts.epsilon, parts.activation);
    let qkv = ["attention.attn.q", "attention.attn.k", "attention.attn.v"];
    layers.load(name, attention.clone(), layers.joined_qkv(name, qkv, true)?)
}

const LAYER: LayerNames = LayerNames {
    output: "attention.attn.o",
    attention_norm: "attention.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    mlp_norm: "output.LayerNorm",
};
