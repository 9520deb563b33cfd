//! BART (Lewis et al. 2019, <https://arxiv.org/abs/1910.13461>): a post-norm encoder and decoder with learned
//! positions. Marian (Junczys-Dowmunt et al. 2018, <https://arxiv.org/abs/1804.00344>) has sinusoidal positions and no
//! norm on its embedding.

use std::sync::Arc;

use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Positions, Stack, Weights,
};
use crate::error::Result;
use crate::math::Activation;

/// No config contains it.
const EPSILON: f32 = 1e-5;

pub fn bart_config(json: &ConfigJson) -> Result<ModelConfig> {
    config(json, "bart", 2)
}

pub fn marian_config(json: &ConfigJson) -> Result<ModelConfig> {
    json.require("share_encoder_decoder_embeddings", true)?;
    json.require("normalize_embedding", false)?;
    json.require("static_position_embeddings", true)?;
    config(json, "marian", 58_100)
}

fn config(json: &ConfigJson, family: &'static str, start: usize) -> Result<ModelConfig> {
    let d_model = json.size("d_model", MAX_D_MODEL)?;
    let heads = json.size("encoder_attention_heads", MAX_HEADS)?;
    let d_mlp = json.size("encoder_ffn_dim", MAX_D_MLP)?;
    json.require("normalize_before", false)?;
    // Views have the same number of heads in every block, as the published models do.
    for (field, expected) in [("decoder_attention_heads", heads), ("decoder_ffn_dim", d_mlp)] {
        if json.size_or(field, MAX_D_MLP, expected)? != expected {
            let advice = "Choose a model whose encoder and decoder are alike.";
            return Err(json.fault(field, format!("as in the encoder, {expected}"), advice));
        }
    }
    let (encoder, decoder) = (json.size("encoder_layers", MAX_LAYERS)?, json.size("decoder_layers", MAX_LAYERS)?);
    Ok(ModelConfig {
        family,
        architecture: Architecture::EncoderDecoder {
            encoder,
            decoder,
            start: json.whole_or("decoder_start_token_id", MAX_VOCABULARY, start)? as u32,
        },
        layers: encoder + 2 * decoder,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "encoder_attention_heads", heads)?,
        d_mlp,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn bart_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    weights(config, json, file, false)
}

pub fn marian_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    weights(config, json, file, true)
}

fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile, sinusoids: bool) -> Result<Weights> {
    let Architecture::EncoderDecoder { encoder, decoder, .. } = config.architecture else {
        unreachable!("the config of this family")
    };
    let base = base(file, &["", "model."], "shared.weight");
    let words = format!("{base}shared.weight");
    let parts = Parts {
        config,
        file,
        activation: json.activation(&["activation_function"], "gelu")?,
        scale: if json.is_on("scale_embedding")? { (config.d_model as f32).sqrt() } else { 1.0 },
        sinusoids,
    };
    let mut lm_head = LmHead::tied(config, json, file, "lm_head", &words)?;
    if let Some(head) = &mut lm_head
        && file.has("final_logits_bias")
    {
        head.decoder.bias = Some(file.numbers("final_logits_bias", &[1, config.vocabulary])?);
    }
    Ok(Weights {
        stack: parts.stack(&format!("{base}encoder"), &words, encoder, false)?,
        decoder: Some(parts.stack(&format!("{base}decoder"), &words, decoder, true)?),
        lm_head,
    })
}

struct Parts<'a> {
    config: &'a ModelConfig,
    file: &'a WeightFile,
    activation: Activation,
    scale: f32,
    sinusoids: bool,
}

impl Parts<'_> {
    fn stack(&self, name: &str, words: &str, layers: usize, decodes: bool) -> Result<Stack> {
        let &ModelConfig { vocabulary, d_model, max_positions, .. } = self.config;
        let (positions, norm) = if self.sinusoids {
            (Positions::Sinusoids, None)
        } else {
            // The first two rows are not used for positions.
            let table = self.file.table(&format!("{name}.embed_positions.weight"), max_positions + 2, d_model)?;
            (Positions::Learned { table, offset: 2 }, Some(self.norm(&format!("{name}.layernorm_embedding"))?))
        };
        Ok(Stack {
            embedding: Embedding {
                positions,
                scale: self.scale,
                norm,
                ..Embedding::plain(self.file.table(words, vocabulary, d_model)?)
            },
            layers: (0..layers)
                .map(|l| Ok(Arc::new(self.layer(&format!("{name}.layers.{l}"), decodes)?)))
                .collect::<Result<_>>()?,
            last_norm: None,
        })
    }

    fn layer(&self, name: &str, decodes: bool) -> Result<Layer> {
        let &ModelConfig { d_model, d_mlp, .. } = self.config;
        let linear = |part: &str, inputs, outputs| self.linear(&format!("{name}.{part}"), inputs, outputs);
        let mask = if decodes { Mask::Causal } else { Mask::Full };
        Ok(Layer {
            attention: self.attention(name, "self_attn", mask)?,
            cross: if decodes { Some(self.attention(name, "encoder_attn", Mask::Full)?) } else { None },
            feed_forward: FeedForward {
                activation: self.activation,
                gate: None,
                up: linear("fc1", d_model, d_mlp)?,
                down: linear("fc2", d_mlp, d_model)?,
                norms: Norms::sum(self.norm(&format!("{name}.final_layer_norm"))?),
            },
            parallel: false,
        })
    }

    fn attention(&self, name: &str, part: &str, mask: Mask) -> Result<Attention> {
        let d_model = self.config.d_model;
        let linear = |which: &str| self.linear(&format!("{name}.{part}.{which}"), d_model, d_model);
        Ok(Attention {
            config: AttentionConfig::scaled_dot_product(self.config, mask),
            qkv: vec![linear("q_proj")?, linear("k_proj")?, linear("v_proj")?],
            qk_norms: None,
            output: linear("out_proj")?,
            norms: Norms::sum(self.norm(&format!("{name}.{part}_layer_norm"))?),
        })
    }

    fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear> {
        Linear::load(self.file, name, inputs, outputs, true)
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        Norm::layer(self.file, name, self.config.d_model, EPSILON)
    }
}
