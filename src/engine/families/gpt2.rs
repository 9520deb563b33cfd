//! GPT-2 (Radford et al. 2019): pre-norm decoder layers over learned positions; weights are stored transposed.

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

pub fn spec(config: &Config) -> Result<Spec> {
    let width = config.size_of(&["n_embd", "hidden_size"], MOST_WIDTH)?;
    let heads = config.size_of(&["n_head", "num_attention_heads"], MOST_HEADS)?;
    config.require("add_cross_attention", false)?;
    Ok(Spec {
        family: "gpt2",
        form: Form::Decoder,
        layers: config.size_of(&["n_layer", "num_hidden_layers"], MOST_LAYERS)?,
        heads,
        kv_heads: heads,
        width,
        head_width: config.share(width, "n_head", heads)?,
        inner: config.size_or("n_inner", MOST_INNER, 4 * width)?,
        vocabulary: config.size("vocab_size", MOST_VOCABULARY)?,
        positions: config.size_of(&["n_positions", "n_ctx", "max_position_embeddings"], MOST_POSITIONS)?,
        segments: 1,
    })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "transformer."], "wte.weight");
    let &Spec { width, inner, vocabulary, .. } = spec;
    let epsilon = config.fraction_or("layer_norm_epsilon", 1e-5)?;
    let activation = config.activation(&["activation_function"], "gelu_new")?;
    let (scaled, by_layer) =
        (config.is_on_or("scale_attn_weights", true)?, config.is_on("scale_attn_by_inverse_layer_idx")?);
    // Some files hold the usual orientation instead.
    let turned = config.is_on("conv1d_transposed")?;
    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}h.{l}");
        let linear = |part: &str, inputs, outputs| {
            let name = format!("{name}.{part}");
            if turned {
                Linear::load(file, &name, inputs, outputs, true)
            } else {
                Linear::transposed(file, &name, inputs, outputs)
            }
        };
        let norm = |part: &str| Ok(Norms::before(Norm::layer(file, &format!("{name}.{part}"), width, epsilon)?));
        let mut rules = Rules::usual(spec, Mask::Causal);
        if !scaled {
            rules.scale = 1.0;
        }
        if by_layer {
            rules.scale /= (l + 1) as f32;
        }
        Ok(Arc::new(Layer {
            attention: Attention {
                rules,
                qkv: vec![linear("attn.c_attn", width, 3 * width)?],
                qk_norms: None,
                output: linear("attn.c_proj", width, width)?,
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
