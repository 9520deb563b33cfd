//! GPT-2 (Radford et al. 2019): pre-norm decoder layers with learned positions. Its matrices are stored as [inputs,
//! outputs].

use super::plain::{LayerNames, NormPlace, PlainLayers};
use super::{MAX_D_MLP, MAX_D_MODEL, MAX_HEADS, MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, base};
use crate::engine::config_json::ConfigJson;
use crate::engine::formats::WeightFile;
use crate::engine::model_config::{Architecture, ModelConfig};
use crate::engine::pass::attention::{AttentionConfig, Mask};
use crate::engine::weights::{Embedding, Weights};
use crate::error::Result;

pub fn config(json: &ConfigJson) -> Result<ModelConfig> {
    let d_model = json.size_of(&["n_embd", "hidden_size"], MAX_D_MODEL)?;
    let heads = json.size_of(&["n_head", "num_attention_heads"], MAX_HEADS)?;
    json.require("add_cross_attention", false)?;
    Ok(ModelConfig {
        family: "gpt2",
        architecture: Architecture::Decoder,
        layers: json.size_of(&["n_layer", "num_hidden_layers"], MAX_LAYERS)?,
        heads,
        kv_heads: heads,
        d_model,
        d_head: json.share(d_model, "n_head", heads)?,
        d_mlp: json.size_or("n_inner", MAX_D_MLP, 4 * d_model)?,
        vocabulary: json.size("vocab_size", MAX_VOCABULARY)?,
        max_positions: json.size_of(&["n_positions", "n_ctx", "max_position_embeddings"], MAX_POSITIONS)?,
        type_vocab_size: 1,
    })
}

pub fn weights(config: &ModelConfig, json: &ConfigJson, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "wte.weight");
    let &ModelConfig { d_model, vocabulary, max_positions, .. } = config;
    let epsilon = json.fraction_or("layer_norm_epsilon", 1e-5)?;
    let activation = json.activation(&["activation_function"], "gelu_new")?;
    let is_scaled = json.is_on_or("scale_attn_weights", true)?;
    let is_scaled_by_layer = json.is_on("scale_attn_by_inverse_layer_idx")?;
    let layers = PlainLayers {
        // GGUF files hold matrices in the usual orientation.
        transposed: !json.is_on("conv1d_transposed")?,
        ..PlainLayers::new(config, file, LAYER, NormPlace::Before, epsilon, activation)
    };
    let layer = |l: usize| {
        let name = format!("{base}h.{l}");
        let mut attention = AttentionConfig::scaled_dot_product(config, Mask::Causal);
        if !is_scaled {
            attention.scale = 1.0;
        }
        if is_scaled_by_layer {
            attention.scale /= (l + 1) as f32;
        }
        layers.load(&name, attention, layers.linear(&format!("{name}.attn.c_attn"), d_model, 3 * d_model, true)?)
    };
    let words = format!("{base}wte.weight");
    let positions = file.table(&format!("{base}wpe.weight"), max_positions, d_model)?;
    let embedding = Embedding::learned(file.table(&words, vocabulary, d_model)?, positions, 0);
    layers.decoder(json, embedding, layer, &format!("{base}ln_f"), "lm_head", &words)
}

const LAYER: LayerNames =
    LayerNames { output: "attn.c_proj", attention_norm: "ln_1", up: "mlp.c_fc", down: "mlp.c_proj", mlp_norm: "ln_2" };
