//! T5 (Raffel et al. 2019, <https://arxiv.org/abs/1910.10683>): a pre-norm encoder and decoder; positions are a learned
//! number for each bucket of distances, the same in all layers of a stack; scores are not scaled.

use std::sync::Arc;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_SEGMENTS, MOST_VOCABULARY, MOST_WIDTH};
use crate::engine::attention::{Bias, Mask, Position, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights, WordHead};
use crate::error::Result;
use crate::math::Activation;

pub fn spec(config: &Config) -> Result<Spec> {
    let heads = config.size("num_heads", MOST_HEADS)?;
    let encoder = config.size("num_layers", MOST_LAYERS)?;
    let decoder = config.size_or("num_decoder_layers", MOST_LAYERS, encoder)?;
    let start = config.whole_or("decoder_start_token_id", MOST_VOCABULARY, 0)? as u32;
    Ok(Spec {
        family: "t5",
        form: Form::EncoderDecoder { encoder, decoder, start },
        layers: encoder + 2 * decoder,
        heads,
        kv_heads: heads,
        width: config.size("d_model", MOST_WIDTH)?,
        head_width: config.size("d_kv", MOST_WIDTH)?,
        inner: config.size("d_ff", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        // Distances have no end; the published models were trained on so many.
        positions: config.size_or("n_positions", MOST_POSITIONS, 512)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let Form::EncoderDecoder { encoder, decoder, .. } = spec.form else { unreachable!("as the spec says") };
    let epsilon = config.fraction_or("layer_norm_epsilon", 1e-6)?;
    let (activation, gated) = feed_forward(config)?;
    let parts = Parts { spec, file, epsilon, activation, gated };
    let tied = config.is_on_or("tie_word_embeddings", true)?;
    let scaled = config.is_on_or("scale_decoder_outputs", tied)?;
    let scale = if scaled { (spec.width as f32).powf(-0.5) } else { 1.0 };
    let words = if file.has("shared.weight") { "shared.weight" } else { "encoder.embed_tokens.weight" };
    let word_head = WordHead::tied(spec, config, file, "lm_head", words)?;
    Ok(Weights {
        stack: parts.stack(config, "encoder", words, encoder)?,
        decoder: Some(parts.stack(config, "decoder", words, decoder)?),
        word_head: word_head.map(|head| WordHead { scale, ..head }),
    })
}

/// By `feed_forward_proj`: a name, or `gated-` and a name.
fn feed_forward(config: &Config) -> Result<(Activation, bool)> {
    match config.text_or("feed_forward_proj", "relu")? {
        "relu" => Ok((Activation::Relu, false)),
        "gelu" => Ok((Activation::Gelu, false)),
        "gated-gelu" => Ok((Activation::GeluTanh, true)),
        "gated-silu" => Ok((Activation::Silu, true)),
        "gated-relu" => Ok((Activation::Relu, true)),
        _ => {
            let known = "relu, gelu, gated-gelu, gated-silu or gated-relu".to_owned();
            Err(config.fault("feed_forward_proj", known, "Choose a model without this variant."))
        }
    }
}

struct Parts<'a> {
    spec: &'a Spec,
    file: &'a WeightFile,
    epsilon: f32,
    activation: Activation,
    gated: bool,
}

impl Parts<'_> {
    fn stack(&self, config: &Config, stack: &str, words: &str, layers: usize) -> Result<Stack> {
        let spec = self.spec;
        let decodes = stack == "decoder";
        let buckets = config.size_or("relative_attention_num_buckets", MOST_SEGMENTS, 32)?;
        let most = config.size_or("relative_attention_max_distance", MOST_POSITIONS, 128)?;
        if buckets < 4 || most <= buckets / 2 {
            let field = "relative_attention_num_buckets";
            return Err(config.fault(field, format!("4 to {}", 2 * most - 1), "Check the file."));
        }
        let table = format!("{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
        let table = self.file.numbers(&table, &[buckets, spec.heads])?;
        let bias = Arc::new(Bias::Buckets { table, heads: spec.heads, most, both_ways: !decodes });
        let mask = if decodes { Mask::Causal } else { Mask::Full };
        let rules = Rules { position: Position::Bias(bias), scale: 1.0, ..Rules::usual(spec, mask) };
        let layers =
            (0..layers).map(|l| Ok(Arc::new(self.layer(&format!("{stack}.block.{l}.layer"), &rules, decodes)?)));
        Ok(Stack {
            embedding: Embedding::plain(self.file.table(words, spec.vocabulary, spec.width)?),
            layers: layers.collect::<Result<_>>()?,
            last_norm: Some(self.norm(&format!("{stack}.final_layer_norm"))?),
        })
    }

    fn layer(&self, name: &str, rules: &Rules, decodes: bool) -> Result<Layer> {
        let &Spec { width, inner, .. } = self.spec;
        let last = if decodes { 2 } else { 1 };
        let linear = |part: &str, inputs, outputs| {
            Linear::load(self.file, &format!("{name}.{last}.DenseReluDense.{part}"), inputs, outputs, false)
        };
        let cross = if decodes {
            let rules = Rules { position: Position::None, mask: Mask::Full, ..rules.clone() };
            Some(self.attention(&format!("{name}.1"), "EncDecAttention", rules)?)
        } else {
            None
        };
        let gate = if self.gated { Some(linear("wi_0", width, inner)?) } else { None };
        Ok(Layer {
            attention: self.attention(&format!("{name}.0"), "SelfAttention", rules.clone())?,
            cross,
            feed_forward: FeedForward {
                activation: self.activation,
                up: linear(if gate.is_some() { "wi_1" } else { "wi" }, width, inner)?,
                gate,
                down: linear("wo", inner, width)?,
                norms: Norms::before(self.norm(&format!("{name}.{last}.layer_norm"))?),
            },
            parallel: false,
        })
    }

    fn attention(&self, name: &str, part: &str, rules: Rules) -> Result<Attention> {
        let (width, all) = (self.spec.width, self.spec.all_heads());
        let linear = |which: &str, inputs, outputs| {
            Linear::load(self.file, &format!("{name}.{part}.{which}"), inputs, outputs, false)
        };
        Ok(Attention {
            rules,
            qkv: vec![linear("q", width, all)?, linear("k", width, all)?, linear("v", width, all)?],
            qk_norms: None,
            output: linear("o", all, width)?,
            norms: Norms::before(self.norm(&format!("{name}.layer_norm"))?),
        })
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        Norm::rms(self.file, name, self.spec.width, self.epsilon, 0.0)
    }
}
