//! Llama (Touvron et al. 2023, <https://arxiv.org/abs/2302.13971>) and Mistral, which adds a window: pre-norm decoder
//! layers with RMSNorm, rotary positions, shared keys and values, and gated MLPs. Qwen, Gemma, SmolLM3 and OLMo 2
//! differ from these layers in a few points; see [`Variant`].

use std::sync::Arc;

use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask, Position};
use crate::engine::pass::rotary::{RotaryDefaults, read_rotary};
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Stack, Weights};
use crate::error::Result;

pub fn llama_config(json: &ConfigJson) -> Result<ModelConfig> {
    decoder_config(json, "llama")
}

pub fn mistral_config(json: &ConfigJson) -> Result<ModelConfig> {
    decoder_config(json, "mistral")
}

pub fn llama_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    decoder(config, json, file, &Variant::llama(config, json)?)
}

pub fn mistral_weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let mut variant = Variant::llama(config, json)?;
    if !json.is_silent_on("sliding_window") {
        let mask = Mask::CausalWindow(json.size("sliding_window", MAX_POSITIONS)?);
        variant.attention.iter_mut().for_each(|attention| attention.mask = mask);
    }
    decoder(config, json, file, &variant)
}

/// The config of any decoder whose `config.json` has Llama's names.
pub fn decoder_config(json: &ConfigJson, family: &'static str) -> Result<ModelConfig> {
    let d_model = json.size("hidden_size", MAX_D_MODEL)?;
    let heads = json.size("num_attention_heads", MAX_HEADS)?;
    let kv_heads = json.size_or("num_key_value_heads", MAX_HEADS, heads)?;
    json.share(heads, "num_key_value_heads", kv_heads)?;
    let d_head = if json.is_silent_on("head_dim") {
        json.share(d_model, "num_attention_heads", heads)?
    } else {
        json.size("head_dim", MAX_D_MODEL)?
    };
    Ok(ModelConfig {
        family,
        architecture: Architecture::Decoder,
        layers: json.size("num_hidden_layers", MAX_LAYERS)?,
        heads,
        kv_heads,
        d_model,
        d_head,
        d_mlp: json.size("intermediate_size", MAX_D_MLP)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

/// The points in which such families differ.
pub struct Variant {
    /// One for each layer.
    pub attention: Vec<AttentionConfig>,
    pub qkv_bias: bool,
    pub output_bias: bool,
    pub mlp_bias: bool,
    /// The widths of the norms on queries and keys, if there are such.
    pub qk_norms: Option<[usize; 2]>,
    pub places: Places,
    /// Factor of the embedding's rows.
    pub scale: f32,
    /// Added to the gains of norms, which are stored minus this number.
    pub gain_from: f32,
    /// The activation if the config does not name one.
    pub activation: &'static str,
}

/// Where a layer normalizes.
#[derive(Clone, Copy)]
pub enum Places {
    Before,
    After,
    Both,
}

impl Variant {
    /// Llama itself.
    pub fn llama(config: &ModelConfig, json: &ConfigJson) -> Result<Self> {
        let position = Position::Rotary(Arc::new(read_rotary(json, config.d_head, RotaryDefaults::default())?));
        let attention = AttentionConfig { position, ..AttentionConfig::scaled_dot_product(config, Mask::Causal) };
        let has_bias = json.is_on("attention_bias")?;
        Ok(Self {
            attention: vec![attention; config.layers],
            qkv_bias: has_bias,
            output_bias: has_bias,
            mlp_bias: json.is_on("mlp_bias")?,
            qk_norms: None,
            places: Places::Before,
            scale: 1.0,
            gain_from: 0.0,
            activation: "silu",
        })
    }
}

pub fn decoder(config: &ModelConfig, json: &ConfigJson, file: &WeightFile, variant: &Variant) -> Result<Weights> {
    let base = base(file, &["", "model."], "embed_tokens.weight");
    let words = format!("{base}embed_tokens.weight");
    let epsilon = json.fraction_or("rms_norm_eps", 1e-6)?;
    let last = Norm::rms(file, &format!("{base}norm"), config.d_model, epsilon, variant.gain_from)?;
    let parts = Parts { config, json, file, variant, epsilon };
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                scale: variant.scale,
                ..Embedding::plain(file.table(&words, config.vocabulary, config.d_model)?)
            },
            layers: (0..config.layers)
                .map(|l| Ok(Arc::new(parts.layer(&format!("{base}layers.{l}"), l)?)))
                .collect::<Result<_>>()?,
            last_norm: Some(last),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "lm_head", &words)?,
    })
}

struct Parts<'a> {
    config: &'a ModelConfig,
    json: &'a ConfigJson,
    file: &'a WeightFile,
    variant: &'a Variant,
    epsilon: f32,
}

impl Parts<'_> {
    fn layer(&self, name: &str, l: usize) -> Result<Layer> {
        let &ModelConfig { d_model, d_mlp, heads, kv_heads, d_head: d, .. } = self.config;
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
                Places::Before | Places::Both => Some(norm(before, d_model)?),
                Places::After => None,
            };
            let after = match variant.places {
                Places::After | Places::Both => Some(norm(after, d_model)?),
                Places::Before => None,
            };
            Ok(Norms { before, after, sum: None })
        };
        // The name `post_attention_layernorm` is the MLP's norm in Llama, but attention's own in layers with norms
        // after each part.
        let second = match variant.places {
            Places::Before => "post_attention_layernorm",
            _ => "pre_feedforward_layernorm",
        };
        Ok(Layer {
            attention: Attention {
                config: variant.attention[l].clone(),
                qkv: vec![Linear::joined(file, &qkv, d_model, variant.qkv_bias)?],
                qk_norms,
                output: linear("self_attn.o_proj", heads * d, d_model, variant.output_bias)?,
                norms: norms("input_layernorm", "post_attention_layernorm")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation: self.json.activation(&["hidden_activation", "hidden_act"], variant.activation)?,
                gate: Some(linear("mlp.gate_proj", d_model, d_mlp, variant.mlp_bias)?),
                up: linear("mlp.up_proj", d_model, d_mlp, variant.mlp_bias)?,
                down: linear("mlp.down_proj", d_mlp, d_model, variant.mlp_bias)?,
                norms: norms(second, "post_feedforward_layernorm")?,
            },
            parallel: false,
        })
    }
}
