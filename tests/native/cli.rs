//! The command line, by what it writes and prints.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

use attnscope::engine::{Input, Intervention, Model, write_trace};
use safetensors::tensor::{Dtype, TensorView};

use crate::common::{Golden, TOLERANCE, bytes, difference, golden, json, minilm_folder, project, tensors};
use crate::memory::allocated;

fn attn(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_attn")).current_dir(project()).args(arguments).output().expect("attn runs")
}

fn out_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn folder(path: PathBuf) -> String {
    path.to_str().unwrap().to_owned()
}

fn told(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn trace_writes_what_the_reference_has() {
    let bert = golden().join("families/bert");
    let out = out_file("bert.safetensors");
    let run = attn(&[
        "trace",
        "--model",
        &folder(bert.clone()),
        "--input",
        &folder(bert.join("input.json")),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(run.status.success(), "{}", told(&run));
    let (ours, expected) = (tensors(&bytes(&out)), tensors(&bytes(&bert.join("expected.safetensors"))));
    assert_eq!(ours.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, golden) in &expected {
        assert_eq!(ours[name].shape, golden.shape, "{name}");
        assert!(difference(ours[name].numbers.iter().copied(), &golden.numbers) <= TOLERANCE, "{name}");
    }
}

#[test]
fn trace_prints_tokens_and_offsets() {
    let expected = json(&golden().join("minilm/pair.json"));
    let out = out_file("pair.safetensors");
    let (text, pair) = (expected["text"].as_str().unwrap(), expected["pair"].as_str().unwrap());
    let model = folder(minilm_folder());
    let run =
        attn(&["trace", "--model", &model, "--text", text, "--pair", pair, "--json", "--out", out.to_str().unwrap()]);
    assert!(run.status.success(), "{}", told(&run));
    let printed: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    for field in ["ids", "tokens", "offsets", "token_type_ids"] {
        assert_eq!(printed[field], expected[field], "{field}");
    }
    let ours = tensors(&bytes(&out));
    let all: Vec<f32> = (0..6).flat_map(|l| ours[&format!("attention.{l}")].numbers.clone()).collect();
    let reference = &tensors(&bytes(&golden().join("minilm/pair.safetensors")))["attention"];
    assert!(difference(all, &reference.numbers) <= TOLERANCE);
    assert!(!ours.contains_key("logits"));
}

#[test]
fn line_ends_of_windows_are_read_as_a_field_of_the_page_has_them() {
    let model = folder(minilm_folder());
    let offsets = |text: &str, name: &str| {
        let out = out_file(name);
        let run = attn(&["trace", "--model", &model, "--text", text, "--json", "--out", out.to_str().unwrap()]);
        assert!(run.status.success(), "{}", told(&run));
        serde_json::from_slice::<serde_json::Value>(&run.stdout).unwrap()["offsets"].clone()
    };
    let plain = offsets("dog\nbit\nman", "lf.safetensors");
    assert_eq!(offsets("dog\r\nbit\rman", "crlf.safetensors"), plain);
    assert_eq!(plain[2], serde_json::json!([4, 7]));
}

const TROPHY: &str = "The trophy did not fit in the bag because it was too big.";

#[test]
fn show_prints_the_row_strongest_first() {
    let run = attn(&["show", "--text", TROPHY, "--layer", "3", "--head", "1", "--token", "IT"]);
    let printed = String::from_utf8(run.stdout).unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 1 + 16 + 1, "{printed}");
    assert_eq!(lines[0], "L3 H1: token 10 \"it\" reads from");
    let rows: Vec<Vec<&str>> = lines[1..17].iter().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0].last(), Some(&"trophy"));
    let weights: Vec<f32> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert!((weights[0] - 0.624).abs() <= 0.001, "{printed}");
    assert!(weights.is_sorted_by(|a, b| a >= b), "{printed}");
    assert_eq!(lines[17], " 1.0000  sum");
}

#[test]
fn the_built_in_model_is_found_from_any_folder() {
    let elsewhere = std::env::temp_dir();
    let show = ["show", "--text", TROPHY, "--layer", "3", "--head", "1", "--token", "it"];
    let run = Command::new(env!("CARGO_BIN_EXE_attn")).current_dir(elsewhere).args(show).output().expect("attn runs");
    assert!(run.status.success(), "{}", told(&run));
    assert!(String::from_utf8(run.stdout).unwrap().starts_with("L3 H1: token 10 \"it\" reads from"));
}

#[test]
fn trace_leaves_logits_out_and_changes_nothing_else() {
    let gpt2 = golden().join("families/gpt2");
    let (model, input) = (folder(gpt2.clone()), folder(gpt2.join("input.json")));
    let trace = |name: &str, more: &[&str]| {
        let out = out_file(name);
        let run = attn(
            &[&["trace", "--model", &model, "--input", &input, "--out", out.to_str().unwrap()][..], more].concat(),
        );
        assert!(run.status.success(), "{}", told(&run));
        tensors(&bytes(&out))
    };
    let mut all = trace("with_logits.safetensors", &[]);
    let without = trace("without_logits.safetensors", &["--no-logits"]);
    assert!(all.remove("logits").is_some());
    // NaN, which a mask leaves, is like no number.
    let bits = |all: &BTreeMap<String, Golden>| {
        let bits = |golden: &Golden| golden.numbers.iter().map(|number| number.to_bits()).collect::<Vec<u32>>();
        all.iter().map(|(name, golden)| (name.clone(), golden.shape.clone(), bits(golden))).collect::<Vec<_>>()
    };
    assert_eq!(bits(&all), bits(&without));
    assert!(without.contains_key("last_hidden_state"));
}

/// GPT-2 of the reference families with so many words that their scores are larger than all else of a run.
fn of_many_words(words: usize) -> Model {
    let folder = golden().join("families/gpt2");
    let mut config = json(&folder.join("config.json"));
    config["vocab_size"] = words.into();
    let mut all = tensors(&bytes(&folder.join("model.safetensors")));
    let table = all.get_mut("transformer.wte.weight").unwrap();
    let width = table.shape[1];
    table.shape[0] = words;
    table.numbers = table.numbers.iter().copied().cycle().take(words * width).collect();
    let views = all.iter().map(|(name, Golden { shape, numbers })| {
        (name, TensorView::new(Dtype::F32, shape.clone(), bytemuck::cast_slice(numbers)).unwrap())
    });
    let weights = safetensors::serialize(views, None).unwrap();
    Model::load(&config.to_string(), weights).unwrap()
}

#[test]
fn a_trace_without_logits_never_takes_their_memory() {
    const WORDS: usize = 50_000;
    let model = of_many_words(WORDS);
    let input = Input::new((0..64).collect(), vec![0; 64]);
    let logits = 64 * WORDS * size_of::<f32>();
    let taken = |with_logits: bool| {
        let out = out_file(&format!("memory_{with_logits}.safetensors"));
        let taken = allocated(|| {
            let trace = model.run(&input, &Intervention::default()).unwrap();
            write_trace(&model, &trace, with_logits, &out).unwrap();
        });
        assert_eq!(tensors(&bytes(&out)).contains_key("logits"), with_logits);
        taken
    };
    let (with, without) = (taken(true), taken(false));
    assert!(with >= logits, "{with} bytes, of which the logits alone are {logits}");
    assert!(without < logits / 2, "{without} bytes; the logits would be {logits}");
}

/// As browsers call files that they have downloaded a second time.
#[test]
fn a_folder_of_browsers_copies_is_a_model() {
    let copies = out_file("copies");
    std::fs::create_dir_all(&copies).unwrap();
    for (name, copy) in [
        ("config.json", "config (1).json"),
        ("tokenizer.json", "tokenizer(2).json"),
        ("model.safetensors", "model (1).safetensors"),
    ] {
        std::fs::copy(minilm_folder().join(name), copies.join(copy)).unwrap();
    }
    let show = ["show", "--text", TROPHY, "--layer", "3", "--head", "1", "--token", "it", "--model"];
    let run = attn(&[&show[..], &[copies.to_str().unwrap()]].concat());
    assert!(run.status.success(), "{}", told(&run));
}

#[test]
fn faults_are_told_and_end_in_failure() {
    let show = |layer: &str, token: &str| {
        told(&attn(&["show", "--text", TROPHY, "--layer", layer, "--head", "1", "--token", token]))
    };
    let missing = show("3", "elephant");
    assert!(missing.contains("\"elephant\"") && missing.contains("2 trophy"), "{missing}");
    assert!(show("6", "it").contains("L0 H0 to L5 H11"));
    let unwritable = out_file("no/such/folder/x");
    let bert = folder(golden().join("families/bert"));
    let input = folder(golden().join("families/bert/input.json"));
    let unwritten = told(&attn(&["trace", "--model", &bert, "--input", &input, "--out", unwritable.to_str().unwrap()]));
    assert!(unwritten.contains("expected a file that can be written"), "{unwritten}");
    let nowhere = told(&attn(&["trace", "--model", "nowhere", "--text", "a", "--out", "x"]));
    assert!(nowhere.starts_with("nowhere: expected a folder "), "{nowhere}");

    let input = out_file("masked.json");
    std::fs::write(&input, r#"{"input_ids": [1, 2], "attention_mask": [1, 0]}"#).unwrap();
    let bert = folder(golden().join("families/bert"));
    let masked = told(&attn(&["trace", "--model", &bert, "--input", input.to_str().unwrap(), "--out", "x"]));
    assert!(masked.contains("attention_mask"), "{masked}");
}

#[test]
fn a_snapshot_holds_the_run() {
    let out = out_file("dog.safetensors");
    let text = "dog bit man";
    let shown = ["--layer", "2", "--head", "4", "--token", "bit"];
    let run = attn(&[&["snapshot", "--text", text, "--out", out.to_str().unwrap()][..], &shown].concat());
    assert!(run.status.success(), "{}", told(&run));
    let snapshot = attnscope::state::Snapshot::from_bytes(&bytes(&out)).unwrap();
    assert_eq!((snapshot.about.text.as_str(), snapshot.about.model.as_str()), (text, "all-minilm-l6-v2"));
    let expected = tensors(&bytes(&golden().join("minilm/dog_man.safetensors")));
    let golden = &expected["attention"];
    assert_eq!(snapshot.pattern.shape(), golden.shape);
    assert!(difference(snapshot.pattern.iter().copied(), &golden.numbers) <= TOLERANCE);
    assert_eq!(snapshot.about.link, "v=1&text=dog+bit+man&head=L2H4&tokens=2");
    let wrong = attn(&["snapshot", "--text", text, "--layer", "9", "--out", out.to_str().unwrap()]);
    assert!(told(&wrong).contains("layer: expected a number below 6"), "{}", told(&wrong));
}

#[test]
fn a_snapshot_of_an_altered_model_says_so() {
    let out = out_file("causal.safetensors");
    let run = attn(&["snapshot", "--text", "dog bit man", "--causal", "--off", "L0H3", "--out", out.to_str().unwrap()]);
    assert!(run.status.success(), "{}", told(&run));
    let snapshot = attnscope::state::Snapshot::from_bytes(&bytes(&out)).unwrap();
    assert!(snapshot.about.link.ends_with("&off=L0H3&causal=1"), "{}", snapshot.about.link);
    assert!(snapshot.about.altered.causal && snapshot.pattern[[0, 0, 0, 1]].is_nan());
    assert_eq!(snapshot.pattern[[0, 0, 0, 0]], 1.0);
}

/// Each change by the one thing that it alone does.
#[test]
fn the_model_is_changed_for_a_run() {
    let trace = |name: &str, changes: &[&str]| {
        let bert = golden().join("families/bert");
        let (model, input, out) = (folder(bert.clone()), folder(bert.join("input.json")), out_file(name));
        let fixed = ["trace", "--model", &model, "--input", &input, "--out", out.to_str().unwrap()];
        let run = attn(&[&fixed, changes].concat());
        assert!(run.status.success(), "{}", told(&run));
        tensors(&bytes(&out))
    };
    let plain = trace("plain.safetensors", &[]);
    let [first, second] = ["attention.0", "attention.1"];

    let off = trace("off.safetensors", &["--off", "L0H1", "--off", "L1H0"]);
    assert_eq!(off[first], plain[first]);
    assert_ne!(off[second], plain[second]);
    let set = trace("set.safetensors", &["--no-positions"]);
    assert_ne!(set[first], plain[first]);
    let n = plain[first].shape[1];
    let hot = trace("hot.safetensors", &["--temperature", "1000000"]);
    assert!(hot[first].numbers.iter().all(|weight| (weight - 1.0 / n as f32).abs() < 1e-6));
    let causal = trace("causal.safetensors", &["--causal"]);
    assert_eq!(causal[first].numbers.iter().filter(|weight| weight.is_nan()).count(), 4 * n * (n - 1) / 2);
    assert!(causal["logits"].numbers.iter().all(|logit| logit.is_finite()));

    let show = attn(&["show", "--text", TROPHY, "--layer", "3", "--head", "1", "--token", "did", "--causal"]);
    let printed = String::from_utf8(show.stdout).unwrap();
    assert_eq!(printed.lines().count(), 1 + 4 + 1, "four tokens to read from: {printed}");
    assert!(printed.ends_with(" 1.0000  sum\n"), "{printed}");

    let show = ["show", "--text", TROPHY, "--layer", "3", "--head", "1", "--token", "it"];
    let cold = told(&attn(&[&show[..], &["--temperature", "0"]].concat()));
    assert!(cold.contains("temperature"), "{cold}");
    let nowhere = told(&attn(&[&show[..], &["--off", "L6H0"]].concat()));
    assert!(nowhere.contains("L6 H0"), "{nowhere}");
    let unread = attn(&[&show[..], &["--off", "six"]].concat());
    assert!(!unread.status.success() && String::from_utf8_lossy(&unread.stderr).contains("like L3H1"));
}
