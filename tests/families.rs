//! Tiny random models of every family against Hugging Face Transformers (`golden/make_reference.py`).
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{bytes, differences, disagreement, golden, input, span, tensors, text};

use attnscope::engine::{Intervention, Model};

#[test]
fn every_family_agrees() {
    let mut folders: Vec<_> =
        std::fs::read_dir(golden().join("families")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let model = Model::load(&text(&folder.join("config.json")), bytes(&folder.join("model.safetensors"))).unwrap();
        let (ids, segments) = input(&folder);
        let trace = model.run(&ids, &segments, &Intervention::default()).unwrap();
        let expected = tensors(&bytes(&folder.join("expected.safetensors")));
        assert_eq!(trace.logits.is_some(), expected.contains_key("logits"));
        let name = folder.file_name().unwrap().to_string_lossy();
        for (tensor, difference) in differences(&trace, &expected) {
            println!("{name:12} {tensor:20} {difference:.2e}");
        }
        assert_eq!(disagreement(&trace, &expected), None, "{name}");
    }
}

/// The comparison above fails when the model is wrong, and names the place.
#[test]
fn a_changed_weight_is_noticed() {
    let folder = golden().join("families/bert");
    let config = text(&folder.join("config.json"));
    let file = bytes(&folder.join("model.safetensors"));
    let expected = tensors(&bytes(&folder.join("expected.safetensors")));
    let (ids, segments) = input(&folder);
    for (tensor, first_wrong) in [
        ("bert.encoder.layer.0.attention.self.query.bias", "attention.0"),
        ("bert.encoder.layer.0.attention.self.value.bias", "attention.1"),
        ("bert.encoder.layer.1.attention.self.key.weight", "attention.1"),
        ("bert.encoder.layer.1.output.LayerNorm.bias", "last_hidden_state"),
        ("bert.encoder.layer.1.intermediate.dense.bias", "last_hidden_state"),
        ("cls.predictions.bias", "logits"),
        ("cls.predictions.transform.LayerNorm.weight", "logits"),
    ] {
        let mut changed = file.clone();
        changed[span(&file, tensor)].fill(0);
        let trace = Model::load(&config, changed).unwrap().run(&ids, &segments, &Intervention::default()).unwrap();
        let (wrong, _) = disagreement(&trace, &expected).unwrap_or_else(|| panic!("{tensor} was not missed"));
        assert_eq!(wrong, first_wrong, "{tensor}");
    }
}

/// The file with part of its tensor names replaced.
fn renamed(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let header = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let names = std::str::from_utf8(&file[8..8 + header]).unwrap().replace(from, to);
    common::container(&names, &file[8 + header..])
}

#[test]
fn other_spellings_of_the_tensors_are_the_same_model() {
    let folder = golden().join("families/bert");
    let config = text(&folder.join("config.json"));
    let file = bytes(&folder.join("model.safetensors"));
    let (ids, segments) = input(&folder);
    let reference = Model::load(&config, file.clone()).unwrap().run(&ids, &segments, &Intervention::default()).unwrap();

    let old = renamed(&renamed(&file, "LayerNorm.weight", "LayerNorm.gamma"), "LayerNorm.bias", "LayerNorm.beta");
    let bare = renamed(&file, "\"bert.", "\"");
    let headless = renamed(&file, "cls.predictions.transform", "something.else");
    for (file, logits) in [(old, true), (bare, true), (headless, false)] {
        let trace = Model::load(&config, file).unwrap().run(&ids, &segments, &Intervention::default()).unwrap();
        assert_eq!(trace.pattern, reference.pattern);
        assert_eq!(trace.last_hidden, reference.last_hidden);
        assert_eq!(trace.logits.is_some(), logits);
    }
}
