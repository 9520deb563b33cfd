//! GPT-Neo (Black et al. 2021): GPT-2 without a scale on its scores; every other layer reads a window only.

use std::sync::Arc;

use serde_json::Value;

use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::{AS_IT_LIES, ConfigJson};
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, LmHead, Norm, Norms, Positions, Stack, Weights,
};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size("hidden_size", MAX_D_MODEL)?;
    let heads = json.size("num_heads", MAX_HEADS)?;
    Ok(ModelConfig {
        family: "gpt_neo",
        architecture: Architecture::Decoder,
        layers: json.size("num_layers", MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "num_heads", heads)?,
        d_mlp: json.size_or("intermediate_size", MAX_D_MLP, 4 * d_model)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size("max_position_embeddings", MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "wte.weight");
    let &ModelConfig { d_model, d_mlp, vocabulary, .. } = config;
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-5)?;
    let activation = json.activation(&["activation_function"], "gelu_new")?;
    let masks = masks(config, json)?;
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}h.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), d_model, epsilon)?));
        let qkv = ["q_proj", "k_proj", "v_proj"].map(|part| (format!("{name}.attn.attention.{part}"), d_model));
        Ok(Arc::new(Layer {
            attention: Attention {
                config: AttentionConfig { scale: 1.0, ..AttentionConfig::scaled_dot_product(config, masks[l]) },
                qkv: vec![Linear::joined(file, &qkv, d_model, false)?],
                qk_norms: None,
                output: linear("attn.attention.out_proj", d_model, d_model)?,
                norms: norm("ln_1")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.c_fc", d_model, d_mlp)?,
                down: linear("mlp.c_proj", d_mlp, d_model)?,
                norms: norm("ln_2")?,
            },
            parallel: false,
        }))
    };
    let words = format!("{base}wte.weight");
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                positions: Positions::Learned {
                    table: file.table(&format!("{base}wpe.weight"), config.max_positions, d_model)?,
                    offset: 0,
                },
                ..Embedding::plain(file.table(&words, vocabulary, d_model)?)
            },
            layers: (0..config.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}ln_f"), d_model, epsilon)?),
        },
        decoder: None,
        lm_head: LmHead::tied(config, json, file, "lm_head", &words)?,
    })
}

/// By `attention_layers`, or by `attention_types` [[kinds, repeats], ...], from which that is made.
fn masks(config: &ModelConfig, json: &ConfigJson) -> Result<Vec<Mask>> {
    let window = json.size_or("window_size", MAX_POSITIONS, 256)?;
    let mask = |kind: &Value| match kind.as_str() {
        Some("global") => Some(Mask::Causal),
        Some("local") => Some(Mask::CausalWindow(window)),
        _ => None,
    };
    let listed = json.list("attention_layers", config.layers)?;
    let masks: Option<Vec<Mask>> = match listed {
        Some(list) => list.iter().map(mask).collect(),
        None => json.value("attention_types").and_then(Value::as_array).and_then(|types| {
            let repeated = types.iter().map(|entry| {
                let kinds: Option<Vec<Mask>> = entry[0].as_array()?.iter().map(mask).collect();
                let repeats = usize::try_from(entry[1].as_u64()?).ok()?;
                Some(kinds?.into_iter().cycle().take(entry[0].as_array()?.len() * repeats.min(config.layers)))
            });
            Some(repeated.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        }),
    };
    masks.filter(|masks| masks.len() == config.layers).ok_or_else(|| {
        let field = if listed.is_some() { "attention_layers" } else { "attention_types" };
        let expected = format!("global or local for each of {} layers", config.layers);
        json.fault(field, expected, AS_IT_LIES)
    })
}
