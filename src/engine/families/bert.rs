//! BERT (Devlin et al. 2018, <https://arxiv.org/abs/1810.04805>): post-norm encoder layers over learned
//! positions and segments. MiniLM and most sentence encoders are BERT by another training.

use crate::engine::config::Config;
use crate::engine::formats::safetensors::WeightFile;
use crate::engine::spec::Spec;
use crate::engine::weights::{Layer, Linear, Norm, Weights, WordHead};
use crate::error::Result;
use crate::math::{Activation, Panels};

/// Errors ([`crate::Kind::Config`]): a size is missing, zero or beyond what is computed here, or the file
/// asks for a variant that is not BERT as published.
pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size("hidden_size", 1 << 14)?;
    let heads = config.size("num_attention_heads", 1 << 10)?;
    if !width.is_multiple_of(heads) {
        let expected = format!("a divisor of the width {width}");
        return Err(config.fault("num_attention_heads", expected, "Every head has the same share of the width."));
    }
    let advice = "Choose a model without this variant.";
    if config.text_or("position_embedding_type", "absolute")? != "absolute" {
        return Err(config.fault("position_embedding_type", "\"absolute\"".to_owned(), advice));
    }
    for switch in ["is_decoder", "add_cross_attention"] {
        if config.is_on(switch)? {
            return Err(config.fault(switch, "an encoder (false)".to_owned(), advice));
        }
    }
    let activation = match config.text_or("hidden_act", "gelu")? {
        "gelu" => Activation::Gelu,
        "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
        "relu" => Activation::Relu,
        _ => {
            let known = "gelu, gelu_new, gelu_pytorch_tanh or relu".to_owned();
            return Err(config.fault("hidden_act", known, advice));
        }
    };
    Ok(Spec {
        family: "bert",
        layers: config.size("num_hidden_layers", 1 << 8)?,
        heads,
        width,
        head_width: width / heads,
        inner: config.size("intermediate_size", 1 << 16)?,
        vocabulary: config.size("vocab_size", 1 << 22)?,
        positions: config.size("max_position_embeddings", 1 << 15)?,
        segments: config.size_or("type_vocab_size", 1 << 10, 2)?,
        activation,
        norm_epsilon: config.fraction_or("layer_norm_eps", 1e-12)?,
    })
}

/// Errors ([`crate::Kind::Tensor`]): a tensor is missing or has another shape or type.
pub fn weights(spec: &Spec, file: &WeightFile) -> Result<Weights> {
    let words = "embeddings.word_embeddings.weight";
    // A model saved under a head has its body's name before every tensor.
    let base = if file.has(&format!("bert.{words}")) { "bert." } else { "" };
    let embedding = |table: &str, rows| file.table(&format!("{base}embeddings.{table}.weight"), rows, spec.width);
    Ok(Weights {
        tokens: embedding("word_embeddings", spec.vocabulary)?,
        positions: embedding("position_embeddings", spec.positions)?,
        segments: embedding("token_type_embeddings", spec.segments)?,
        embedding_norm: Norm::load(file, &format!("{base}embeddings.LayerNorm"), spec.width)?,
        layers: (0..spec.layers)
            .map(|l| layer(spec, file, &format!("{base}encoder.layer.{l}")))
            .collect::<Result<_>>()?,
        word_head: word_head(spec, file, &format!("{base}{words}"))?,
    })
}

fn layer(spec: &Spec, file: &WeightFile, name: &str) -> Result<Layer> {
    let &Spec { width, inner, .. } = spec;
    let qkv = ["query", "key", "value"].map(|part| format!("{name}.attention.self.{part}"));
    Ok(Layer {
        qkv: Linear::load(file, &qkv, width, width)?,
        output: Linear::load(file, &[format!("{name}.attention.output.dense")], width, width)?,
        attention_norm: Norm::load(file, &format!("{name}.attention.output.LayerNorm"), width)?,
        up: Linear::load(file, &[format!("{name}.intermediate.dense")], width, inner)?,
        down: Linear::load(file, &[format!("{name}.output.dense")], inner, width)?,
        feed_forward_norm: Norm::load(file, &format!("{name}.output.LayerNorm"), width)?,
    })
}

/// The head of `BertForMaskedLM`, where the file has one. Its decoder is the token table unless it has its own.
fn word_head(spec: &Spec, file: &WeightFile, words: &str) -> Result<Option<WordHead>> {
    let name = "cls.predictions";
    if !file.has(&format!("{name}.transform.dense.weight")) {
        return Ok(None);
    }
    let own = format!("{name}.decoder.weight");
    let decoder = file.tensor(if file.has(&own) { &own } else { words }, &[spec.vocabulary, spec.width])?;
    let bias = format!("{name}.bias");
    let bias = if file.has(&bias) { bias } else { format!("{name}.decoder.bias") };
    Ok(Some(WordHead {
        transform: Linear::load(file, &[format!("{name}.transform.dense")], spec.width, spec.width)?,
        norm: Norm::load(file, &format!("{name}.transform.LayerNorm"), spec.width)?,
        decoder: Linear {
            weights: Panels::from_weights(&[decoder], spec.width),
            bias: file.tensor(&bias, &[spec.vocabulary])?.widened(),
        },
    }))
}
