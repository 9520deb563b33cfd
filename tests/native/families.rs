//! Tiny random models of every family against Hugging Face Transformers (`golden/make_reference.py`).

use std::path::PathBuf;

use crate::common::{
    Golden, TOLERANCE, bytes, container, differences, disagreement, golden, input, json, span, tensors, text,
};
use serde_json::json;

use attnscope::Kind;
use attnscope::engine::{Intervention, Model};

fn families() -> Vec<PathBuf> {
    let mut folders: Vec<_> =
        std::fs::read_dir(golden().join("families")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), 27);
    folders
}

#[test]
fn every_family_agrees() {
    for folder in families() {
        let model = Model::load(&text(&folder.join("config.json")), bytes(&folder.join("model.safetensors"))).unwrap();
        let input = input(&folder);
        let trace = model.run(&input, &Intervention::default()).unwrap();
        let expected = tensors(&bytes(&folder.join("expected.safetensors")));
        assert_eq!(model.predicts(), expected.contains_key("logits"));
        let name = folder.file_name().unwrap().to_string_lossy();
        for (tensor, difference) in differences(&model, &trace, &expected) {
            println!("{name:12} {tensor:20} {difference:.2e}");
        }
        assert_eq!(disagreement(&model, &trace, &expected), None, "{name}");
    }
}

/// When it first shows that a model is wrong, in the order in which a pass computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Encoder(usize),
    /// A decoder's own block, then the one that reads from the encoder.
    Decoder(usize, usize),
    Hidden,
    Logits,
}

impl Stage {
    fn of(tensor: &str) -> Self {
        let layer = || tensor.rsplit_once('.').unwrap().1.parse().unwrap();
        match tensor.split('.').next().unwrap() {
            "attention" => Self::Encoder(layer()),
            "decoder_attention" => Self::Decoder(layer(), 0),
            "cross_attention" => Self::Decoder(layer(), 1),
            "last_hidden_state" => Self::Hidden,
            "logits" => Self::Logits,
            other => panic!("{other}"),
        }
    }
}

/// A bias is off by 0, 1, 2, 0 ... (some are 0 in the files, and some norms take no notice of a constant), a norm's gain is 1, of a matrix every other number is left.
fn change_tensor(name: &str, numbers: &mut [u8], is_vector: bool) {
    let is_bias = name.ends_with("bias") && !name.contains("relative_attention_bias");
    for (i, four) in numbers.chunks_exact_mut(4).enumerate() {
        let number = f32::from_le_bytes((&*four).try_into().unwrap());
        let number = if is_bias {
            number + (i % 3) as f32
        } else if is_vector {
            1.0
        } else {
            number * (i % 2) as f32
        };
        four.copy_from_slice(&number.to_le_bytes());
    }
}

/// A key's bias adds the same number to all of a query's scores, unless keys are turned or normalised behind it; the
/// softmax takes no notice. In BERT's layers and their like it does nothing.
fn does_nothing(family: &str, tensor: &str) -> bool {
    let of_keys = ["key.bias", "k_lin.bias", "attn.k.bias", "k_proj.bias"].iter().any(|end| tensor.ends_with(end));
    of_keys && !matches!(family, "phi" | "qwen2")
}

/// The layer that a tensor's name says it is of.
fn layer_of(tensor: &str) -> Option<usize> {
    tensor.split('.').find_map(|part| part.parse().ok())
}

/// Whatever is changed of whatever family, the comparison above fails, and at the layer of which it was or
/// at the next: there is no tensor that is not used, and none that is used in the wrong place.
#[test]
fn every_tensor_that_is_changed_is_missed() {
    let mut tried = 0;
    for folder in families() {
        let family = folder.file_name().unwrap().to_string_lossy().into_owned();
        let config = text(&folder.join("config.json"));
        let file = bytes(&folder.join("model.safetensors"));
        let expected = tensors(&bytes(&folder.join("expected.safetensors")));
        let input = input(&folder);
        for (tensor, golden) in tensors(&file) {
            let mut changed = file.clone();
            change_tensor(&tensor, &mut changed[span(&file, &tensor)], golden.shape.len() == 1);
            let model = Model::load(&config, changed).unwrap();
            let trace = model.run(&input, &Intervention::default()).unwrap();
            let wrong = differences(&model, &trace, &expected).into_iter().filter(|&(_, d)| d > TOLERANCE);
            let first = wrong.map(|(name, _)| Stage::of(&name)).min();
            tried += 1;
            if does_nothing(&family, &tensor) {
                assert_eq!(first, None, "{family}: {tensor}");
                continue;
            }
            let first = first.unwrap_or_else(|| panic!("{family}: {tensor} was not missed"));
            if let Some(layer) = layer_of(&tensor).filter(|_| family != "albert") {
                let of_layer = match first {
                    Stage::Encoder(at) | Stage::Decoder(at, _) => at == layer || at == layer + 1,
                    // Behind the last layer; an encoder's last one shows in the decoder.
                    Stage::Hidden | Stage::Logits => layer + 1 == golden_layers(&expected),
                };
                let crossed = tensor.contains("encoder.") && matches!(first, Stage::Decoder(0, 1));
                assert!(of_layer || crossed, "{family}: {tensor} showed at {first:?}");
            }
        }
    }
    assert!(tried > 700, "{tried} tensors");
}

fn golden_layers(expected: &std::collections::BTreeMap<String, Golden>) -> usize {
    expected.keys().filter(|name| name.starts_with("attention.")).count()
}

/// What a config says of scores, masks, positions and norms is used: with another number the comparison fails.
#[test]
fn every_number_of_a_config_counts() {
    for (family, field, other) in [
        ("albert", "layer_norm_eps", json!(0.1)),
        ("bart", "scale_embedding", json!(true)),
        ("bert", "layer_norm_eps", json!(0.1)),
        ("bert", "hidden_act", json!("relu")),
        ("bloom", "layer_norm_epsilon", json!(0.1)),
        ("gemma", "rms_norm_eps", json!(0.1)),
        ("gemma2", "attn_logit_softcapping", json!(2.0)),
        ("gemma2", "final_logit_softcapping", json!(5.0)),
        ("gemma2", "query_pre_attn_scalar", json!(16)),
        ("gemma2", "sliding_window", json!(4)),
        ("gemma3_text", "sliding_window", json!(4)),
        ("gemma3_text", "layer_types", json!(["full_attention", "full_attention", "full_attention", "full_attention"])),
        ("gpt2", "scale_attn_weights", json!(false)),
        ("gpt2", "scale_attn_by_inverse_layer_idx", json!(true)),
        ("gpt_neo", "window_size", json!(5)),
        ("gpt_neo", "attention_layers", json!(["local", "global"])),
        ("gpt_neox", "use_parallel_residual", json!(false)),
        ("llama", "rope_parameters", json!({ "rope_theta": 5000.0, "rope_type": "default" })),
        ("llama", "rope_interleaved", json!(true)),
        ("llama3_rope", "rope_parameters", json!({ "rope_theta": 500000.0, "rope_type": "default" })),
        ("marian", "scale_embedding", json!(false)),
        ("mistral", "sliding_window", json!(null)),
        ("modernbert", "local_attention", json!(4)),
        ("olmo2", "rms_norm_eps", json!(0.1)),
        ("opt", "activation_function", json!("gelu")),
        ("phi", "rope_parameters", json!({ "partial_rotary_factor": 1.0, "rope_theta": 10000.0 })),
        ("qwen3", "rms_norm_eps", json!(0.1)),
        ("smollm3", "no_rope_layers", json!([1, 1, 1, 1])),
        ("t5", "relative_attention_max_distance", json!(9)),
        ("t5", "scale_decoder_outputs", json!(false)),
        ("t5_gated", "feed_forward_proj", json!("gated-silu")),
    ] {
        let folder = golden().join("families").join(family);
        let mut config = json(&folder.join("config.json"));
        config[field] = other;
        let model = Model::load(&config.to_string(), bytes(&folder.join("model.safetensors"))).unwrap();
        let trace = model.run(&input(&folder), &Intervention::default()).unwrap();
        let expected = tensors(&bytes(&folder.join("expected.safetensors")));
        let missed = std::panic::catch_unwind(|| disagreement(&model, &trace, &expected));
        // Another mask is another set of cells that are not available, which the comparison does not get past.
        assert!(missed.is_err() || missed.unwrap().is_some(), "{family}: {field} makes no difference");
    }
}

/// What is not computed is named, never drawn approximately.
#[test]
fn a_variant_that_is_not_computed_is_named() {
    for (family, field, other) in [
        ("bert", "model_type", json!("longformer")),
        ("bert", "position_embedding_type", json!("relative_key")),
        ("bert", "hidden_act", json!("mish")),
        ("bert", "is_decoder", json!(true)),
        ("albert", "inner_group_num", json!(2)),
        ("bloom", "apply_residual_connection_post_layernorm", json!(true)),
        ("bart", "decoder_attention_heads", json!(8)),
        ("gemma", "use_bidirectional_attention", json!(true)),
        ("gpt2", "add_cross_attention", json!(true)),
        ("gpt_neo", "attention_layers", json!(["global", "sparse"])),
        ("llama", "rope_parameters", json!({ "rope_type": "yarn", "factor": 4.0 })),
        ("llama", "num_key_value_heads", json!(3)),
        ("marian", "share_encoder_decoder_embeddings", json!(false)),
        ("modernbert", "norm_bias", json!(true)),
        ("opt", "do_layer_norm_before", json!(false)),
        ("opt", "word_embed_proj_dim", json!(16)),
        ("phi", "qk_layernorm", json!(true)),
        ("smollm3", "no_rope_layers", json!([1, 1, 1, 2])),
        ("t5", "feed_forward_proj", json!("gated-swish9")),
        ("mpnet", "relative_attention_num_buckets", json!(1)),
    ] {
        let folder = golden().join("families").join(family);
        let mut config = json(&folder.join("config.json"));
        config[field] = other;
        let fault = Model::load(&config.to_string(), bytes(&folder.join("model.safetensors"))).unwrap_err();
        assert_eq!(fault.kind, Kind::Config, "{family}: {field}");
        let names = |text: &str| fault.what.contains(text);
        assert!(names(field) || names("rope_type"), "{family}: {fault}");
    }
}

/// The file with part of its tensor names replaced.
fn renamed(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let header = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let names = std::str::from_utf8(&file[8..8 + header]).unwrap().replace(from, to);
    container(&names, &file[8 + header..])
}

#[test]
fn other_spellings_of_the_tensors_are_the_same_model() {
    let folder = golden().join("families/bert");
    let config = text(&folder.join("config.json"));
    let file = bytes(&folder.join("model.safetensors"));
    let input = input(&folder);
    let reference = Model::load(&config, file.clone()).unwrap().run(&input, &Intervention::default()).unwrap();

    let old = renamed(&renamed(&file, "LayerNorm.weight", "LayerNorm.gamma"), "LayerNorm.bias", "LayerNorm.beta");
    let bare = renamed(&file, "\"bert.", "\"");
    let headless = renamed(&file, "cls.predictions.transform", "something.else");
    for (file, logits) in [(old, true), (bare, true), (headless, false)] {
        let model = Model::load(&config, file).unwrap();
        let trace = model.run(&input, &Intervention::default()).unwrap();
        assert_eq!(trace.pattern, reference.pattern);
        assert_eq!(trace.last_hidden, reference.last_hidden);
        assert_eq!(model.predicts(), logits);
    }
}
