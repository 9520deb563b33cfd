//! T5 (Raffel et al. 2019, <https://arxiv.org/abs/1910.10683>): a pre-norm encoder and decoder. Positions are a learned
//! number for each bucket of distances, which all layers of a stack share. Scores are not scaled.

use std::sync::Arc;

use super::{MAX_BUCKETS, MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Bias, Mask, Position};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Stack, Weights};
use crate::error::Result;
use crate::math::Activation;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let heads = json.size("num_heads", MAX_HEADS)?;
    let encoder = json.size("num_layers", MAX_LAYERS)?;
    let decoder = json.size_or("num_decoder_layers", MAX_LAYERS, encoder)?;
    let start = json.whole_or("decoder_start_token_id", MAX_VOCABULARY, 0)? as u32;
    Ok(ModelConfig {
        family: "t5",
        architecture: Architecture::EncoderDecoder { encoder, decoder, start },
        layers: encoder + 2 * decoder,
        heads,
        kv_heads: heads,
        d_model: json.size("d_model", MAX_D_MODEL)?,
        d_head: json.size("d_kv", MAX_D_MODEL)?,
        d_mlp: json.size("d_ff", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        // Relative distances have no limit. The published models were trained on this length.
        max_positions: json.size_or("n_positions", MAX_POSITIONS, 512)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let Architecture::EncoderDecoder { encoder, decoder, .. } = config.architecture else {
        unreachable!("the config of this family")
    };
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-6)?;
    let (activation, gated) = feed_forward(json)?;
    let parts = Parts { config, file, epsilon, activation, gated };
    let tied = json.is_on_or("tie_word_embeddings", true)?;
    let scaled = json.is_on_or("scale_decoder_outputs", tied)?;
    let scale = if scaled { (config.d_model as f32).powf(-0.5) } else { 1.0 };
    let words = if file.has("shared.weight") { "shared.weight" } else { "encoder.embed_tokens.weight" };
    let lm_head = LmHead::tied(config, json, file, "lm_head", words)?;
    Ok(Weights {
        stack: parts.stack(json, "encoder", words, encoder)?,
        decoder: Some(parts.stack(json, "decoder", words, decoder)?),
        lm_head: lm_head.map(|head| LmHead { scale, ..head }),
    })
}

/// The activation of the MLP and whether it is gated, by `feed_forward_proj`: a name, or `gated-` and a name.
fn feed_forward(json: &ConfigJson) -> Result<(Activation, bool)> {
    match json.text_or("feed_forward_proj", "relu")? {
        "relu" => Ok((Activation::Relu, false)),
        "gelu" => Ok((Activation::Gelu, false)),
        "gated-gelu" => Ok((Activation::GeluTanh, true)),
        "gated-silu" => Ok((Activation::Silu, true)),
        "gated-relu" => Ok((Activation::Relu, true)),
        _ => {
            let known = "relu, gelu, gated-gelu, gated-silu or gated-relu".to_owned();
            Err(json.fault("feed_forward_proj", known, "Choose a model without this variant."))
        }
    }
}

struct Parts<'a> {
    config: &'a ModelConfig,
    file: &'a WeightFile,
    epsilon: f32,
    activation: Activation,
    gated: bool,
}

impl Parts<'_> {
    fn stack(&self, json: &ConfigJson, stack: &str, words: &str, layers: usize) -> Result<Stack> {
        let config = self.config;
        let decodes = stack == "decoder";
        let buckets = json.size_or("relative_attention_num_buckets", MAX_BUCKETS, 32)?;
        let max_distance = json.size_or("relative_attention_max_distance", MAX_POSITIONS, 128)?;
        if buckets < 4 || max_distance <= buckets / 2 {
            let field = "relative_attention_num_buckets";
            return Err(json.fault(field, format!("4 to {}", 2 * max_distance - 1), "Check the file."));
        }
        let table = format!("{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
        let table = self.file.numbers(&table, &[buckets, config.heads])?;
        let bias = Arc::new(Bias::RelativePositionBuckets {
            table,
            heads: config.heads,
            max_distance,
            bidirectional: !decodes,
        });
        let mask = if decodes { Mask::Causal } else { Mask::Full };
        let attention = AttentionConfig {
            position: Position::Bias(bias),
            scale: 1.0,
            ..AttentionConfig::scaled_dot_product(config, mask)
        };
        let layers =
            (0..layers).map(|l| Ok(Arc::new(self.layer(&format!("{stack}.block.{l}.layer"), &attention, decodes)?)));
        Ok(Stack {
            embedding: Embedding::plain(self.file.table(words, config.vocabulary, config.d_model)?),
            layers: layers.collect::<Result<_>>()?,
            last_norm: Some(self.norm(&format!("{stack}.final_layer_norm"))?),
        })
    }

    fn layer(&self, name: &str, attention: &AttentionConfig, decodes: bool) -> Result<Layer> {
        let &ModelConfig { d_model, d_mlp, .. } = self.config;
        let last = if decodes { 2 } else { 1 };
        let linear = |part: &str, inputs, outputs| {
            Linear::load(self.file, &format!("{name}.{last}.DenseReluDense.{part}"), inputs, outputs, false)
        };
        let cross = if decodes {
            let attention = AttentionConfig { position: Position::None, mask: Mask::Full, ..attention.clone() };
            Some(self.attention(&format!("{name}.1"), "EncDecAttention", attention)?)
        } else {
            None
        };
        let gate = if self.gated { Some(linear("wi_0", d_model, d_mlp)?) } else { None };
        Ok(Layer {
            attention: self.attention(&format!("{name}.0"), "SelfAttention", attention.clone())?,
            cross,
            feed_forward: FeedForward {
                activation: self.activation,
                up: linear(if gate.is_some() { "wi_1" } else { "wi" }, d_model, d_mlp)?,
                gate,
                down: linear("wo", d_mlp, d_model)?,
                norms: Norms::before(self.norm(&format!("{name}.{last}.layer_norm"))?),
            },
            parallel: false,
        })
    }

    fn attention(&self, name: &str, part: &str, attention: AttentionConfig) -> Result<Attention> {
        let (d_model, all) = (self.config.d_model, self.config.all_heads());
        let linear = |which: &str, inputs, outputs| {
            Linear::load(self.file, &format!("{name}.{part}.{which}"), inputs, outputs, false)
        };
        Ok(Attention {
            config: attention,
            qkv: vec![linear("q", d_model, all)?, linear("k", d_model, all)?, linear("v", d_model, all)?],
            qk_norms: None,
            output: linear("o", all, d_model)?,
            norms: Norms::before(self.norm(&format!("{name}.layer_norm"))?),
        })
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        Norm::rms(self.file, name, self.config.d_model, self.epsilon, 0.0)
    }
}
