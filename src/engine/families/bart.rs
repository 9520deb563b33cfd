//! BART (Lewis et al. 2019, <https://arxiv.org/abs/1910.13461>): a post-norm encoder and decoder over learned positions;
//! Marian (Junczys-Dowmunt et al. 2018, <https://arxiv.org/abs/1804.00344>) has sinusoids and no norm on its embedding.

use std::sync::Arc;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Positions, Stack, Weights, WordHead,
};
use crate::error::Result;
use crate::math::Activation;

/// No config says so.
const EPSILON: f32 = 1e-5;

pub fn bart_spec(config: &Config) -> Result<Spec> {
    spec(config, "bart", 2)
}

pub fn marian_spec(config: &Config) -> Result<Spec> {
    config.require("share_encoder_decoder_embeddings", true)?;
    config.require("normalize_embedding", false)?;
    config.require("static_position_embeddings", true)?;
    spec(config, "marian", 58_100)
}

fn spec(config: &Config, family: &'static str, start: usize) -> Result<Spec> {
    let width = config.size("d_model", MOST_WIDTH)?;
    let heads = config.size("encoder_attention_heads", MOST_HEADS)?;
    let inner = config.size("encoder_ffn_dim", MOST_INNER)?;
    config.require("normalize_before", false)?;
    // A picture has as many heads in every block; and published models do.
    for (field, expected) in [("decoder_attention_heads", heads), ("decoder_ffn_dim", inner)] {
        if config.size_or(field, MOST_INNER, expected)? != expected {
            let advice = "Choose a model whose encoder and decoder are alike.";
            return Err(config.fault(field, format!("as in the encoder, {expected}"), advice));
        }
    }
    let (encoder, decoder) = (config.size("encoder_layers", MOST_LAYERS)?, config.size("decoder_layers", MOST_LAYERS)?);
    Ok(Spec {
        family,
        form: Form::EncoderDecoder {
            encoder,
            decoder,
            start: config.whole_or("decoder_start_token_id", MOST_VOCABULARY, start)? as u32,
        },
        layers: encoder + 2 * decoder,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "encoder_attention_heads", heads)?,
        inner,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: 1,
    })
}

pub fn bart_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    weights(spec, config, file, false)
}

pub fn marian_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    weights(spec, config, file, true)
}

fn weights(spec: &Spec, config: &Config, file: &WeightFile, sinusoids: bool) -> Result<Weights> {
    let Form::EncoderDecoder { encoder, decoder, .. } = spec.form else { unreachable!("as the spec says") };
    let base = base(file, &["", "model."], "shared.weight");
    let words = format!("{base}shared.weight");
    let parts = Parts {
        spec,
        file,
        activation: config.activation(&["activation_function"], "gelu")?,
        scale: if config.is_on("scale_embedding")? { (spec.width as f32).sqrt() } else { 1.0 },
        sinusoids,
    };
    let mut word_head = WordHead::tied(spec, config, file, "lm_head", &words)?;
    if let Some(head) = &mut word_head
        && file.has("final_logits_bias")
    {
        head.decoder.bias = Some(file.numbers("final_logits_bias", &[1, spec.vocabulary])?);
    }
    Ok(Weights {
        stack: parts.stack(&format!("{base}encoder"), &words, encoder, false)?,
        decoder: Some(parts.stack(&format!("{base}decoder"), &words, decoder, true)?),
        word_head,
    })
}

struct Parts<'a> {
    spec: &'a Spec,
    file: &'a WeightFile,
    activation: Activation,
    scale: f32,
    sinusoids: bool,
}

impl Parts<'_> {
    fn stack(&self, name: &str, words: &str, layers: usize, decodes: bool) -> Result<Stack> {
        let &Spec { vocabulary, width, positions, .. } = self.spec;
        let (positions, norm) = if self.sinusoids {
            (Positions::Sinusoids, None)
        } else {
            // The first two rows are not for positions.
            let table = self.file.table(&format!("{name}.embed_positions.weight"), positions + 2, width)?;
            (Positions::Learned { table, offset: 2 }, Some(self.norm(&format!("{name}.layernorm_embedding"))?))
        };
        Ok(Stack {
            embedding: Embedding {
                positions,
                scale: self.scale,
                norm,
                ..Embedding::plain(self.file.table(words, vocabulary, width)?)
            },
            layers: (0..layers)
                .map(|l| Ok(Arc::new(self.layer(&format!("{name}.layers.{l}"), decodes)?)))
                .collect::<Result<_>>()?,
            last_norm: None,
        })
    }

    fn layer(&self, name: &str, decodes: bool) -> Result<Layer> {
        let &Spec { width, inner, .. } = self.spec;
        let linear = |part: &str, inputs, outputs| self.linear(&format!("{name}.{part}"), inputs, outputs);
        let mask = if decodes { Mask::Causal } else { Mask::Full };
        Ok(Layer {
            attention: self.attention(name, "self_attn", mask)?,
            cross: if decodes { Some(self.attention(name, "encoder_attn", Mask::Full)?) } else { None },
            feed_forward: FeedForward {
                activation: self.activation,
                gate: None,
                up: linear("fc1", width, inner)?,
                down: linear("fc2", inner, width)?,
                norms: Norms::sum(self.norm(&format!("{name}.final_layer_norm"))?),
            },
            parallel: false,
        })
    }

    fn attention(&self, name: &str, part: &str, mask: Mask) -> Result<Attention> {
        let width = self.spec.width;
        let linear = |which: &str| self.linear(&format!("{name}.{part}.{which}"), width, width);
        Ok(Attention {
            rules: Rules::usual(self.spec, mask),
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
        Norm::layer(self.file, name, self.spec.width, EPSILON)
    }
}
