//! Llama (Touvron et al. 2023, <https://arxiv.org/abs/2302.13971>) and Mistral, which adds a window: pre-norm decoder
//! layers with RMSNorm, rotary positions, shared keys and gated feed-forward parts. Qwen, Gemma, SmolLM3 and OLMo 2
//! change little things in these layers: see [`Variant`].

use std::sync::Arc;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Position, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::rotary::{Usual, rotary};
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights, WordHead};
use crate::error::Result;

pub fn llama_spec(config: &Config) -> Result<Spec> {
    decoder_spec(config, "llama")
}

pub fn mistral_spec(config: &Config) -> Result<Spec> {
    decoder_spec(config, "mistral")
}

pub fn llama_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    decoder(spec, config, file, &Variant::llama(spec, config)?)
}

pub fn mistral_weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant::llama(spec, config)?;
    if !config.is_silent_on("sliding_window") {
        let mask = Mask::CausalWindow(config.size("sliding_window", MOST_POSITIONS)?);
        variant.rules.iter_mut().for_each(|rules| rules.mask = mask);
    }
    decoder(spec, config, file, &variant)
}

/// Of every decoder whose config has Llama's names.
pub fn decoder_spec(config: &Config, family: &'static str) -> Result<Spec> {
    let width = config.size("hidden_size", MOST_WIDTH)?;
    let heads = config.size("num_attention_heads", MOST_HEADS)?;
    let kv_heads = config.size_or("num_key_value_heads", MOST_HEADS, heads)?;
    config.share(heads, "num_key_value_heads", kv_heads)?;
    let head_width = if config.is_silent_on("head_dim") {
        config.share(width, "num_attention_heads", heads)?
    } else {
        config.size("head_dim", MOST_WIDTH)?
    };
    Ok(Spec {
        family,
        form: Form::Decoder,
        layers: config.size("num_hidden_layers", MOST_LAYERS)?,
        heads,
        kv_heads,
        width,
        head_width,
        inner: config.size("intermediate_size", MOST_INNER)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: 1,
    })
}

/// What differs between such families; each sets its own.
pub struct Variant {
    /// Of each layer.
    pub rules: Vec<Rules>,
    pub qkv_bias: bool,
    pub output_bias: bool,
    pub mlp_bias: bool,
    /// How wide the norms on queries and keys are.
    pub qk_norms: Option<[usize; 2]>,
    pub places: Places,
    /// Embedding rows are multiplied by it.
    pub scale: f32,
    /// Gains are stored as what is more than this.
    pub gain_from: f32,
    /// Where the config is silent.
    pub activation: &'static str,
}

/// Where a layer is normalised.
#[derive(Clone, Copy)]
pub enum Places {
    Before,
    After,
    Both,
}

impl Variant {
    /// Llama itself.
    pub fn llama(spec: &Spec, config: &Config) -> Result<Self> {
        let position = Position::Rotary(Arc::new(rotary(config, spec.head_width, Usual::default())?));
        let rules = Rules { position, ..Rules::usual(spec, Mask::Causal) };
        let has_bias = config.is_on("attention_bias")?;
        Ok(Self {
            rules: vec![rules; spec.layers],
            qkv_bias: has_bias,
            output_bias: has_bias,
            mlp_bias: config.is_on("mlp_bias")?,
            qk_norms: None,
            places: Places::Before,
            scale: 1.0,
            gain_from: 0.0,
            activation: "silu",
        })
    }
}

pub fn decoder(spec: &Spec, config: &Config, file: &WeightFile, variant: &Variant) -> Result<Weights> {
    let base = base(file, &["", "model."], "embed_tokens.weight");
    let words = format!("{base}embed_tokens.weight");
    let epsilon = config.fraction_or("rms_norm_eps", 1e-6)?;
    let last = Norm::rms(file, &format!("{base}norm"), spec.width, epsilon, variant.gain_from)?;
    let parts = Parts { spec, config, file, variant, epsilon };
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                scale: variant.scale,
                ..Embedding::plain(file.table(&words, spec.vocabulary, spec.width)?)
            },
            layers: (0..spec.layers)
                .map(|l| Ok(Arc::new(parts.layer(&format!("{base}layers.{l}"), l)?)))
                .collect::<Result<_>>()?,
            last_norm: Some(last),
        },
        decoder: None,
        word_head: WordHead::tied(spec, config, file, "lm_head", &words)?,
    })
}

struct Parts<'a> {
    spec: &'a Spec,
    config: &'a Config,
    file: &'a WeightFile,
    variant: &'a Variant,
    epsilon: f32,
}

impl Parts<'_> {
    fn layer(&self, name: &str, l: usize) -> Result<Layer> {
        let &Spec { width, inner, heads, kv_heads, head_width: d, .. } = self.spec;
        let Self { file, variant, .. } = self;
        let linear = |part: &str, inputs, outputs, has_bias| {
            Linear::load(file, &format!("{name}.{part}"), inputs, outputs, has_bias)
        };
        let norm =
            |part: &str, width| Norm::rms(file, &format!("{name}.{part}"), width, self.epsilon, variant.gain_from);
        let qkv = [("q_proj", heads * d), ("k_proj", kv_heads * d), ("v_proj", kv_heads * d)];
        let qkv = qkv.map(|(part, outputs)| (format!("{name}.self_attn.{part}"), outputs));
        let qk_norms = match variant.qk_norms {
            Some([q, k]) => Some([norm("self_attn.q_norm", q)?, norm("self_attn.k_norm", k)?]),
            None => None,
        };
        let norms = |before: &str, after: &str| -> Result<Norms> {
            let before = match variant.places {
                Places::Before | Places::Both => Some(norm(before, width)?),
                Places::After => None,
            };
            let after = match variant.places {
                Places::After | Places::Both => Some(norm(after, width)?),
                Places::Before => None,
            };
            Ok(Norms { before, after, sum: None })
        };
        // The same name is of the second norm in Llama and of the first part's own in layers with more norms.
        let second = match variant.places {
            Places::Before => "post_attention_layernorm",
            _ => "pre_feedforward_layernorm",
        };
        Ok(Layer {
            attention: Attention {
                rules: variant.rules[l].clone(),
                qkv: vec![Linear::joined(file, &qkv, width, variant.qkv_bias)?],
                qk_norms,
                output: linear("self_attn.o_proj", heads * d, width, variant.output_bias)?,
                norms: norms("input_layernorm", "post_attention_layernorm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation: self.config.activation(&["hidden_activation", "hidden_act"], variant.activation)?,
                gate: Some(linear("mlp.gate_proj", width, inner, variant.mlp_bias)?),
                up: linear("mlp.up_proj", width, inner, variant.mlp_bias)?,
                down: linear("mlp.down_proj", inner, width, variant.mlp_bias)?,
                norms: norms(second, "post_feedforward_layernorm")?,
            },
            parallel: false,
        })
    }
}
