//! GPT-Neo (Black et al. 2021): GPT-2 without a scale of its scores, and with a window in every other layer.

use serde_json::Value;

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::{AS_IT_LIES, ConfigJson};
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{Embedding, Weights};
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
    let &ModelConfig { d_model, vocabulary, max_positions, .. } = config;
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-5)?;
    let activation = json.activation(&["activation_function"], "gelu_new")?;
    let masks = masks(config, json)?;
    let layers = PlainLayers::new(config, file, LAYER, NormPlace::Before, epsilon, activation);
    let layer = |l: usize| {
        let name = format!("{base}h.{l}");
        let attention = AttentionConfig { scale: 1.0, ..AttentionConfig::scaled_dot_product(config, masks[l]) };
        let qkv = ["attn.attention.q_proj", "attn.attention.k_proj", "attn.attention.v_proj"];
        layers.load(&name, attention, layers.joined_qkv(&name, qkv, false)?)
    };
    let words = format!("{base}wte.weight");
    let positions = file.table(&format!("{base}wpe.weight"), max_positions, d_model)?;
    let embedding = Embedding::learned(file.table(&words, vocabulary, d_model)?, positions, 0);
    layers.decoder(json, embedding, layer, &format!("{base}ln_f"), "lm_head", &words)
}

const LAYER: LayerNames = LayerNames {
    output: "attn.attention.out_proj",
    attention_norm: "ln_1",
    up: "mlp.c_fc",
    down: "mlp.c_proj",
    mlp_norm: "ln_2",
};

/// The mask of each layer, by `attention_layers`, or by `attention_types` [[kinds, repeats], ...], which stands for the
/// same list.
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
