//! Files of every kind changed at random, and the same ones each time: an error or a thing that works, never a panic. The
//! targets of the fuzzer (`fuzz/`) are held to take what is whole, so that they do not go stale.

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::collections::HashMap;

use crate::common::{bytes, golden, project};
use attnscope::engine::{HeadId, Intervention};
use attnscope::math::Random;
use attnscope::worker::protocol::{Envelope, Request, RunRequest, Slot, write};
use ndarray::Array4;
use safetensors::tensor::{Dtype, TensorView};

/// Some bytes are others, a piece is gone or twice there, or the end is cut off. Heads of files get the most.
fn changed(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let head = if random.below(3) > 0 { bytes.len().min(4096) } else { bytes.len() };
    for _ in 0..=random.below(4) {
        let (at, length) = (random.below(head), random.below(64));
        let (at, end) = (at.min(bytes.len() - 1), (at + length).min(bytes.len()));
        match random.below(5) {
            0 => bytes.truncate(at + 1),
            1 if at < end => drop(bytes.drain(at..end - 1)),
            2 if at < end => bytes.extend_from_within(at..end),
            3 => bytes[at] ^= 1 << random.below(8),
            _ => bytes[at] = b"\x00\xff\x7f\x800919\"{}[],:-eE"[random.below(18)],
        }
    }
    bytes
}

fn survives(target: fn(&[u8]) -> bool, whole: &[u8], rounds: usize) {
    assert!(target(whole), "the whole file");
    let mut random = Random::new(7);
    let refused = (0..rounds).filter(|_| !target(&changed(whole, &mut random))).count();
    assert!(refused > rounds / 20, "{refused} of {rounds} were refused: the changes change too little");
}

fn file(name: &str) -> Vec<u8> {
    bytes(&golden().join(name))
}

#[test]
fn weights_and_configs() {
    survives(targets::safetensors, &file("families/bert/model.safetensors"), 300);
    survives(targets::config_json, &file("families/bert/config.json"), 300);
    survives(targets::gguf, &file("gguf/small.gguf"), 300);
}

#[test]
fn tokenizers() {
    for name in ["gpt2", "bert", "llama3", "unigram"] {
        survives(targets::tokenizer_json, &file(&format!("tokenizers/{name}.json")), 200);
    }
    survives(targets::gguf, &file("tokenizers/sentencepiece.gguf"), 200);
    let older = ["tokenizers/gpt2.vocab.json", "tokenizers/gpt2.merges.txt"].map(file).join(&0);
    survives(targets::vocab_merges, &older, 200);
    assert!(targets::vocab_merges(&file("tokenizers/vocab.txt")));
}

#[test]
fn saved_runs_links_and_messages() {
    let saved = bytes(&project().join("assets/snapshots/trophy.safetensors"));
    survives(targets::snapshot, &saved, 300);
    let weights =
        Array4::from_elem((1, 2, 3, 3), 1.0f32 / 3.0).iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<u8>>();
    let map = TensorView::new(Dtype::F32, vec![2, 3, 3], &weights).unwrap();
    let said = HashMap::from([("tokens".to_owned(), r#"["a","b","c"]"#.to_owned())]);
    survives(targets::attention, &safetensors::serialize([("attention.0", map)], Some(said)).unwrap(), 500);
    let link =
        "v=1&text=dog+bit+man&head=L2H4&tokens=2&view=columns&mass=0.5&compare=unaltered&off=L0H3,L1H2&temperature=2";
    survives(targets::address, link.as_bytes(), 2000);
    let asked = RunRequest {
        text: "dog bit man".into(),
        pair: Some("a".into()),
        head: HeadId::new(2, 4),
        intervention: Intervention::default(),
        keep: Slot::Main,
    };
    survives(targets::message, &write(&Envelope { id: 7, body: Request::Run(asked) }), 2000);
}
