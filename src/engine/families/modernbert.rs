//! ModernBERT (Warner et al. 2024, <https://arxiv.org/abs/2412.13663>): a pre-norm encoder with rotary positions and
//! gated feed-forward layers; most layers read a window only.

use std::sync::Arc;

use super::bert::encoder_spec;
use super::{MOST_LAYERS, MOST_POSITIONS, base};
use crate::engine::attention::{Mask, Position, Rules};
use crate::engine::config::Config;
use crate::engine::formats::WeightFile;
use crate::engine::rotary::{Usual, rotary};
use crate::engine::spec::Spec;
use crate::engine::weights::{Attention, Embedding, FeedForward, Layer, Linear, Norm, Norms, Stack, Weights, WordHead};
use crate::error::Result;

pub fn spec(config: &Config) -> Result<Spec> {
    for bias in ["attention_bias", "mlp_bias", "norm_bias", "classifier_bias"] {
        config.require(bias, false)?;
    }
    // It has no segments, but its tokenizers may count the second text as segment 1.
    Ok(Spec { segments: 2, ..encoder_spec(config, "modernbert")? })
}

pub fn weights(spec: &Spec, config: &Config, file: &WeightFile) -> Result<Weights> {
    let base = base(file, &["", "model."], "embeddings.tok_embeddings.weight");
    let &Spec { width, inner, vocabulary, .. } = spec;
    let epsilon = config.fraction_or("norm_eps", 1e-5)?;
    let activation = config.activation(&["hidden_activation"], "gelu")?;
    let norm = |name: &str| Norm::layer_without_bias(file, name, width, epsilon);

    let every = config.size_or("global_attn_every_n_layers", MOST_LAYERS, 3)?;
    let sliding = config.sliding_layers(spec.layers)?;
    let sliding = sliding.unwrap_or_else(|| (0..spec.layers).map(|l| l % every != 0).collect());
    let reach = config.size_or("local_attention", MOST_POSITIONS, 128)? / 2;
    let rules = |slides: bool| -> Result<Rules> {
        let usual = if slides {
            let theta_names = &["local_rope_theta"];
            Usual { theta_names, layer_kind: Some("sliding_attention"), ..Usual::default() }
        } else {
            let theta_names = &["global_rope_theta"];
            Usual { theta: 160_000.0, theta_names, layer_kind: Some("full_attention"), ..Usual::default() }
        };
        let mask = if slides { Mask::Window(reach) } else { Mask::Full };
        let position = Position::Rotary(Arc::new(rotary(config, spec.head_width, usual)?));
        Ok(Rules { position, ..Rules::usual(spec, mask) })
    };
    let rules = [rules(false)?, rules(true)?];

    let layer = |l: usize| -> Result<Arc<Layer>> {
        let name = format!("{base}layers.{l}");
        let linear =
            |part: &str, inputs, outputs| Linear::load(file, &format!("{name}.{part}"), inputs, outputs, false);
        // Both halves of one tensor: what is activated, then what it lets through.
        let halves = file.tensor(&format!("{name}.mlp.Wi.weight"), &[2 * inner, width])?;
        let half =
            |which: usize| Linear::of(file, vec![halves.part(which * inner * width, inner * width)], width, None);
        // The first layer reads the embedding's own norm.
        let before = if l == 0 { None } else { Some(norm(&format!("{name}.attn_norm"))?) };
        Ok(Arc::new(Layer {
            attention: Attention {
                rules: rules[usize::from(sliding[l])].clone(),
                qkv: vec![linear("attn.Wqkv", width, 3 * width)?],
                qk_norms: None,
                output: linear("attn.Wo", width, width)?,
                norms: Norms { before, ..Norms::default() },
            },
            cross: None,
            feed_forward: FeedForward {
                activation,
                gate: Some(half(0)?),
                up: half(1)?,
                down: linear("mlp.Wo", inner, width)?,
                norms: Norms::before(norm(&format!("{name}.mlp_norm"))?),
            },
            parallel: false,
        }))
    };
    let words = format!("{base}embeddings.tok_embeddings.weight");
    let word_head = if file.has("head.dense.weight") && file.has("decoder.bias") {
        let own = "decoder.weight";
        let decoder = file.tensor(if file.has(own) { own } else { &words }, &[vocabulary, width])?;
        let bias = file.numbers("decoder.bias", &[vocabulary])?;
        let transform = Linear::load(file, "head.dense", width, width, false)?;
        let activation = config.activation(&["classifier_activation"], "gelu")?;
        Some(WordHead {
            transform: Some((transform, activation, norm("head.norm")?)),
            scale: 1.0,
            decoder: Linear::of(file, vec![decoder], width, Some(bias))?,
            soft_cap: None,
        })
    } else {
        None
    };
    Ok(Weights {
        stack: Stack {
            embedding: Embedding {
                norm: Some(norm(&format!("{base}embeddings.norm"))?),
                ..Embedding::plain(file.table(&words, vocabulary, width)?)
            },
            layers: (0..spec.layers).map(layer).collect::<Result<_>>()?,
            last_norm: Some(norm(&format!("{base}final_norm"))?),
        },
        decoder: None,
        word_head,
    })
}
