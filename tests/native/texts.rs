//! Real sentences on the built-in model against Hugging Face Transformers (`golden/make_text_reference.py`).

use crate::common::{TOLERANCE, bytes, difference, golden, json, minilm, tensors, tokenizer};
use ndarray::{Axis, s};
use serde_json::Value;

use attnscope::engine::{HeadId, Input, Intervention, Token};

fn numbers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect()
}

#[test]
fn every_text_agrees() {
    let cases = json(&golden().join("texts.json"));
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let expected = json(&golden().join(format!("minilm/{name}.json")));
        let tokens = tokenizer().encode(case["text"].as_str().unwrap(), case["pair"].as_str()).unwrap();
        let of = |field: fn(&Token) -> u64| tokens.items.iter().map(field).collect::<Vec<_>>();
        assert_eq!(of(|t| u64::from(t.id)), numbers(&expected["ids"]), "{name}: ids");
        assert_eq!(of(|t| u64::from(t.segment)), numbers(&expected["token_type_ids"]), "{name}: segments");
        for (token, (string, offsets)) in tokens
            .items
            .iter()
            .zip(expected["tokens"].as_array().unwrap().iter().zip(expected["offsets"].as_array().unwrap()))
        {
            assert_eq!(token.token, string.as_str().unwrap(), "{name}: token");
            assert_eq!(vec![token.chars.0 as u64, token.chars.1 as u64], numbers(offsets), "{name}: {string}");
        }

        let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
        let weights = tensors(&bytes(&golden().join(format!("minilm/{name}.safetensors"))));
        let n = tokens.len();
        let difference = match weights.get("attention") {
            Some(golden) => difference(trace.pattern.iter().copied(), &golden.numbers),
            None => {
                let rows = trace.pattern.select(Axis(2), &[0, n / 2, n - 1]);
                difference(rows.iter().copied(), &weights["attention_rows"].numbers)
            }
        };
        println!("{name:14} {n:4} tokens  largest difference {difference:.2e}");
        assert!(difference <= TOLERANCE, "{name}: {difference}");
        for row in trace.pattern.rows() {
            assert!((row.sum() - 1.0).abs() < 1e-5, "{name}: a row sums to {}", row.sum());
        }
    }
}

/// The sentence the page opens with: *it* reads from *trophy*.
#[test]
fn it_reads_from_trophy() {
    let tokens = tokenizer().encode("The trophy did not fit in the bag because it was too big.", None).unwrap();
    let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
    let at = |word: &str| tokens.items.iter().position(|t| t.token == word).unwrap();
    let weight = trace.head(HeadId::new(3, 1))[[at("it"), at("trophy")]];
    assert!((weight - 0.624).abs() <= 0.001, "{weight}");
}

/// What a head gives on is what its pattern takes from the values.
#[test]
fn z_is_the_pattern_times_the_values() {
    let tokens = tokenizer().encode("dog bit man", None).unwrap();
    let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
    let (width, d) = (minilm().config.d_model, minilm().config.d_head);
    for (layer, head) in [(0, 0), (3, 1), (5, 11)] {
        let own = head * d..(head + 1) * d;
        let values = trace.qkv.slice(s![layer, .., 2 * width + own.start..2 * width + own.end]);
        let z = trace.head(HeadId::new(layer, head)).dot(&values);
        let recorded = trace.z.slice(s![layer, .., own.start..own.end]);
        assert!((&z - &recorded).iter().all(|d| d.abs() < 1e-5));
    }
}
