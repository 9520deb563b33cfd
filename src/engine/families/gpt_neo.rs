//! GPT-Neo (Black et al. 2021): GPT-2 without a scale on its scores; every other layer reads a window only.

use std::sync::Arc;

use serde_json::Value;

use super::{MOST_HEADS, MOST_INNER, MOST_LAYERS, MOST_POSITIONS, MOST_VOCABULARY, MOST_WIDTH, base};
use crate::engine::attention::{Mask, Rules};
use crate::engine::config::{AS_IT_LIES, Config};
use crate::engine::formats::WeightFile;
use crate::engine::spec::{Form, Spec};
use crate::engine::weights::{
    Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Positions, Stack, Weights, WordHead,
};
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size("hidden_size", MOST_WIDTH)?;
    let heads = config.size("num_heads", MOST_HEADS)?;
    Ok(Spec {
        family: "gpt_neo",
        form: Form::Decoder,
        layers: config.size("num_layers", MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "num_heads", heads)?,
        inner: config.size_or("intermediate_size", MOST_INNER, 4 * width)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size("max_position_embeddings", MOST_POSITIONS)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "wte.weight");
    let &Spec { width, inner, vocabulary, .. } = spec;
    let epsilon = config.fraction_or("layer_norm_epsilon", 1e-5)?;
    let activation = config.activation(&["activation_function"], "gelu_new")?;
    let masks = masks(spec, config)?;
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}h.{l}");
        let linear = |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, true);
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), width, epsilon)?));
        let qkv = ["q_proj", "k_proj", "v_proj"].map(|part| (format!("{name}.attn.attention.{part}"), width));
        Ok(Arc::new(Layer {
            attention: Attention {
                rules: Rules { scale: 1.0, ..Rules::usual(spec, masks[l]) },
                qkv: vec![Linear::joined(file, &qkv, width, false)?],
                qk_norms: None,
                output: linear("attn.attention.out_proj", width, width)?,
                norms: norm("ln_1")?,
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: None,
                up: linear("mlp.c_fc", width, inner)?,
                down: linear("mlp.c_proj", inner, width)?,
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
                    table: file.table(&format!("{base}wpe.weight"), spec.positions, width)?,
                    offset: 0,
                },
                ..Embedding::plain(file.table(&words, vocabulary, width)?)
            },
            layers: (0..spec.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(Norm::layer(file, &format!("{base}ln_f"), width, epsilon)?),
        },
        decoder: None,
        word_head: WordHead::tied(spec, config, file, "lm_head", &words)?,
    })
}

/// By `attention_layers`, or by `attention_types` [[kinds, repeats], ...], from which that is made.
fn masks(spec: &Spec, config: &Config) -> Result<Vec<Mask>> {
    let window = config.size_or("window_size", MOST_POSITIONS, 256)?;
    let mask = |kind: &Value| match kind.as_str() {
        Some("global") => Some(Mask::Causal),
        Some("local") => Some(Mask::CausalWindow(window)),
        _ => None,
    };
    let listed = config.list("attention_layers", spec.layers)?;
    let masks: Option<Vec<Mask>> = match listed {
        Some(list) => list.iter().map(mask).collect(),
        None => config.value("attention_types").and_then(Value::as_array).and_then(|types| {
            let repeated = types.iter().map(|entry| {
                let kinds: Option<Vec<Mask>> = entry[0].as_array()?.iter().map(mask).collect();
                let repeats = usize::try_from(entry[1].as_u64()?).ok()?;
                Some(kinds?.into_iter().cycle().take(entry[0].as_array()?.len() * repeats.min(spec.layers)))
            });
            Some(repeated.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
        }),
    };
    masks.filter(|masks| masks.len() == spec.layers).ok_or_else(|| {
        let field = if listed.is_some() { "attention_layers" } else { "attention_types" };
        let expected = format!("global or local for each of {} layers", spec.layers);
        config.fault(field, expected, AS_IT_LIES)
    })
}
