//! Hostile and broken weight files, configs and inputs: one typed error each, never a panic.

use std::sync::OnceLock;

use crate::common::{bytes, container, golden, span, text};
use attnscope::engine::{Input, Intervention, Model, Opening, open_folder};
use attnscope::{Error, Kind};
use serde_json::{Value, json};

fn config() -> Value {
    serde_json::from_str(&text(&golden().join("families/bert/config.json"))).unwrap()
}

fn weights() -> &'static Vec<u8> {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| bytes(&golden().join("families/bert/model.safetensors")))
}

/// The error of loading; it says all it has to.
fn refused(config: &Value, weights: Vec<u8>, case: &str) -> Error {
    let fault = Model::load(&config.to_string(), weights).err().unwrap_or_else(|| panic!("{case}: was loaded"));
    let parts = [&fault.what, &fault.expected, &fault.got, &fault.advice];
    assert!(parts.iter().all(|part| !part.is_empty()), "{case}: {fault:?}");
    assert!(fault.advice.ends_with('.'), "{case}: the advice is no sentence: {fault}");
    fault
}

fn refused_file(weights: Vec<u8>, case: &str) -> Error {
    let fault = refused(&config(), weights, case);
    assert_eq!(fault.kind, Kind::Format, "{case}: {fault}");
    fault
}

/// The golden file with another header in front of its numbers.
fn with_header(change: impl Fn(&mut Value)) -> Vec<u8> {
    let file = weights();
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&file[8..8 + length]).unwrap();
    change(&mut header);
    container(&header.to_string(), &file[8 + length..])
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let file = weights();
    for end in (0..64).chain((64..file.len()).step_by(997)).chain([file.len() - 1]) {
        refused_file(file[..end].to_vec(), &format!("cut at {end}"));
    }
    let mut longer = file.clone();
    longer.push(0);
    refused_file(longer, "a byte too many");
}

#[test]
fn headers_that_lie_are_refused() {
    for length in [u64::MAX, u64::MAX - 7, i64::MAX as u64, 1 << 32, 200_000_000, 0] {
        let mut file = weights().clone();
        file[..8].copy_from_slice(&length.to_le_bytes());
        refused_file(file, &format!("a header of {length} bytes"));
    }
    let span = r#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#;
    for (header, data) in [
        ("not json", 0),
        ("[]", 0),
        ("{", 0),
        ("\u{feff}{}", 0),
        (r#"{"a":{"dtype":"F32","shape":[1]}}"#, 4),
        (r#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
        (r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551615]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}}"#, 4),
        (r#"{"a":{"dtype":"F32","shape":[0,18446744073709551616],"data_offsets":[0,0]}}"#, 0),
        (&format!(r#"{{"a":{{{span}}},"b":{{{span}}}}}"#), 4),
        (&format!(r#"{{"a":{{{span}}},"a":{{{span}}}}}"#), 4),
    ] {
        refused_file(container(header, &vec![0; data]), header);
    }
    let deep = format!("{}{}", r#"{"a":"#.repeat(1_000_000), "}".repeat(1_000_000));
    refused_file(container(&deep, &[]), "a million levels");
}

/// Any one byte of the header changed: an error, or a model that runs or says why not.
#[test]
fn no_byte_of_the_header_makes_it_panic() {
    let length = u64::from_le_bytes(weights()[..8].try_into().unwrap()) as usize;
    let config = config().to_string();
    for place in (0..8 + length).step_by(3) {
        for change in [1u8, 0x10, 0x80] {
            let mut file = weights().clone();
            file[place] ^= change;
            if let Ok(model) = Model::load(&config, file) {
                let _ = model.run(&Input::new(vec![1, 2], vec![0, 1]), &Intervention::default());
            }
        }
    }
}

/// The layer behind which it first shows is named; those before hold, and so do texts that do not read such a number.
#[test]
fn weights_that_are_no_numbers_are_shown_by_their_layer() {
    let layer = |l: usize| format!("bert.encoder.layer.{l}.output.dense.weight");
    let cases = [
        ("bert.embeddings.word_embeddings.weight".to_owned(), 2, 0),
        (layer(0), 7, 0),
        ("bert.encoder.layer.1.attention.self.query.bias".to_owned(), 3, 1),
        (layer(1), 0, 1),
    ];
    for (name, at, at_layer) in cases {
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut file = weights().clone();
            let width = if name.contains("word_embeddings") { 32 } else { 1 };
            let place = span(&file, &name).start + 4 * at * width;
            file[place..place + 4].copy_from_slice(&number.to_le_bytes());
            let model = Model::load(&config().to_string(), file).unwrap();
            let (input, plain) = (Input::new(vec![1, 2], vec![0, 1]), Intervention::default());
            let mut pass = model.begin(&input, &plain).unwrap();
            for _ in 0..at_layer {
                assert!(pass.step().unwrap(), "{name}");
                assert!(pass.pattern().index_axis(ndarray::Axis(0), 0).iter().all(|weight| weight.is_finite()));
            }
            let fault = pass.step().unwrap_err();
            assert_eq!((fault.kind, fault.what), (Kind::Tensor, format!("the hidden states behind layer {at_layer}")));
            if name.contains("word_embeddings") {
                assert!(model.run(&Input::new(vec![1, 3], vec![0, 1]), &plain).is_ok());
            }
        }
    }
}

#[test]
fn a_name_twice_is_refused_by_name() {
    let tensor = r#""twice":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    let fault = refused_file(container(&format!("{{{tensor},{tensor}}}"), &[0; 4]), "one tensor twice");
    assert!(fault.got.contains("`twice` twice"), "{fault}");
}

#[test]
fn tensors_are_refused_by_name() {
    let name = "bert.encoder.layer.1.attention.self.key.weight";
    let missing = with_header(|header| {
        let entry = header.as_object_mut().unwrap().remove(name).unwrap();
        header["something.else"] = entry;
    });
    let shape = with_header(|header| header[name]["shape"] = json!([1024]));
    let transposed =
        with_header(|header| header["bert.encoder.layer.0.output.dense.weight"]["shape"] = json!([64, 32]));
    let kind = with_header(|header| header[name]["dtype"] = json!("I32"));
    let fp8 = with_header(|header| {
        header[name]["dtype"] = json!("F8_E4M3");
        header[name]["shape"] = json!([32, 128]);
    });
    for (file, tensor, got) in [
        (missing, name, "no tensor of this name"),
        (shape, name, "[1024]"),
        (transposed, "bert.encoder.layer.0.output.dense.weight", "[64, 32]"),
        (kind, name, "I32"),
        (fp8, name, "[32, 128]"),
    ] {
        let fault = refused(&config(), file, tensor);
        assert_eq!((fault.kind, fault.what.as_str()), (Kind::Tensor, tensor));
        assert!(fault.got.contains(got), "{fault}");
    }
    let fault = refused(&config(), container("{}", &[]), "no tensors");
    assert_eq!(fault.kind, Kind::Tensor);
}

#[test]
fn a_tensor_of_another_type_that_nobody_reads_is_no_fault() {
    let mut file = with_header(|header| {
        let end = weights().len() as u64 - 8 - u64::from_le_bytes(weights()[..8].try_into().unwrap());
        header["embeddings.position_ids"] = json!({"dtype": "I64", "shape": [1, 1], "data_offsets": [end, end + 8]});
    });
    file.extend_from_slice(&[0; 8]);
    let model = Model::load(&config().to_string(), file).unwrap();
    let plain = Model::load(&config().to_string(), weights().clone()).unwrap();
    assert_eq!(model.parameters(), plain.parameters());
}

#[test]
fn weights_that_are_not_numbers_are_told() {
    for (name, bits) in [
        ("bert.embeddings.LayerNorm.weight", f32::NAN),
        ("bert.encoder.layer.0.attention.self.query.weight", f32::NAN),
        ("bert.encoder.layer.0.attention.self.key.weight", f32::INFINITY),
        ("bert.encoder.layer.1.output.dense.bias", f32::NEG_INFINITY),
        ("bert.encoder.layer.1.intermediate.dense.weight", f32::MAX),
    ] {
        let mut file = weights().clone();
        let numbers = span(&file, name);
        file[numbers].chunks_exact_mut(4).for_each(|place| place.copy_from_slice(&bits.to_le_bytes()));
        let model = Model::load(&config().to_string(), file).unwrap();
        let fault = model
            .run(&Input::new(vec![1, 2, 3], vec![0, 0, 0]), &Intervention::default())
            .err()
            .unwrap_or_else(|| panic!("{name} of {bits} was not seen"));
        assert_eq!(fault.kind, Kind::Tensor, "{name} of {bits}: {fault}");
    }
}

#[test]
fn configs_are_checked_field_by_field() {
    let sizes = [
        "hidden_size",
        "num_attention_heads",
        "num_hidden_layers",
        "intermediate_size",
        "vocab_size",
        "max_position_embeddings",
    ];
    let bad_sizes =
        [json!(0), json!(-1), json!(1.5), json!("32"), json!([32]), json!(u64::MAX), json!(1 << 30), Value::Null];
    let mut cases: Vec<(&str, Value)> =
        sizes.iter().flat_map(|&field| bad_sizes.iter().map(move |bad| (field, bad.clone()))).collect();
    cases.extend([
        ("num_attention_heads", json!(5)),
        ("num_attention_heads", json!(64)),
        ("type_vocab_size", json!(0)),
        ("type_vocab_size", json!("two")),
        ("hidden_act", json!("mish")),
        ("hidden_act", json!(7)),
        ("position_embedding_type", json!("relative_key")),
        ("is_decoder", json!(true)),
        ("is_decoder", json!("no")),
        ("add_cross_attention", json!(true)),
        ("layer_norm_eps", json!(-1e-12)),
        ("layer_norm_eps", json!("small")),
        ("layer_norm_eps", json!(1e300)),
        ("model_type", json!("gpt9")),
        ("model_type", json!(3)),
        ("model_type", Value::Null),
    ]);
    for (field, bad) in cases {
        let mut config = config();
        config[field] = bad.clone();
        let fault = refused(&config, weights().clone(), field);
        assert_eq!(fault.kind, Kind::Config, "{field} = {bad}: {fault}");
        assert!(fault.what.contains(field), "{field} = {bad}: {fault}");
    }
    let mut unknown = config();
    unknown["model_type"] = json!("gpt9");
    assert!(refused(&unknown, weights().clone(), "gpt9").expected.contains("bert"));
    for text in ["", "{", "[]", "null", "\"bert\""] {
        assert_eq!(Model::load(text, weights().clone()).unwrap_err().kind, Kind::Config, "{text}");
    }
}

#[test]
fn quantized_weights_are_refused_by_what_quantized_them() {
    for (how, got) in [
        (json!({"quant_method": "gptq", "bits": 4}), "weights of 4 bits (gptq)"),
        (json!({"quant_method": "awq", "bits": 4}), "weights of 4 bits (awq)"),
        (json!({"quant_method": "bitsandbytes", "load_in_4bit": true}), "weights of 4 bits (bitsandbytes)"),
        (json!({"quant_method": "bitsandbytes", "load_in_8bit": true}), "weights of 8 bits (bitsandbytes)"),
        (json!({"bits": "x"}), "quantized weights (another method)"),
    ] {
        let mut config = config();
        config["quantization_config"] = how;
        let fault = refused(&config, weights().clone(), got);
        assert_eq!((fault.kind, fault.got.as_str()), (Kind::Config, got));
        assert!(fault.what.contains("quantization_config") && fault.advice.contains("GGUF"), "{fault}");
        // It is known as soon as the config is there.
        let early = attnscope::engine::refusal("config.json", config.to_string().as_bytes()).unwrap();
        assert_eq!(early, fault);
    }
    let refusal = |config: &Value| attnscope::engine::refusal("config.json", config.to_string().as_bytes());
    assert_eq!(refusal(&config()), None);
    let mut other = config();
    other["model_type"] = json!("mamba");
    assert!(refusal(&other).unwrap().expected.contains("a supported family"));
}

#[test]
fn a_config_with_a_byte_order_mark_is_read_and_utf_16_is_named() {
    let tokenizer = bytes(&golden().join("tokenizers/bert.json"));
    let open = |config: Vec<u8>| {
        let files =
            [("config.json", config), ("model.safetensors", weights().clone()), ("tokenizer.json", tokenizer.clone())];
        open_folder(files.map(|(name, bytes)| (name.to_owned(), bytes)).into()).map(drop)
    };
    let plain = config().to_string();
    assert!(open([&b"\xef\xbb\xbf"[..], plain.as_bytes()].concat()).is_ok());
    let fault = open(plain.encode_utf16().flat_map(u16::to_le_bytes).collect()).unwrap_err();
    assert_eq!((fault.kind, fault.what.as_str(), fault.got.as_str()), (Kind::Config, "config.json", "text in UTF-16"));
}

/// The settings beside `tokenizer.json` are followed where the model is of the built-in one's kind, too.
#[test]
fn a_cased_model_is_read_as_its_settings_say() {
    let ids = |settings: Option<&str>| {
        let own = [
            ("config.json", config().to_string().into_bytes()),
            ("model.safetensors", weights().clone()),
            ("tokenizer.json", bytes(&golden().join("tokenizers/bert.json"))),
        ];
        let settings = settings.map(|settings| ("tokenizer_config.json", settings.as_bytes().to_vec()));
        let files = own.into_iter().chain(settings).map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        let opening = Opening::usual(files).unwrap_or_else(|_| panic!("not of the usual kind"));
        let opened = opening.finish().unwrap();
        opened.tokenizer.encode("The trophy", None).unwrap().ids()
    };
    assert_eq!(ids(None), [2, 79, 165, 3]);
    assert_eq!(ids(Some(r#"{"do_lower_case": true}"#)), [2, 79, 165, 3]);
    // Nothing of this vocabulary begins with a capital letter.
    assert_eq!(ids(Some(r#"{"do_lower_case": false}"#)), [2, 1, 165, 3]);
}

/// Sizes that pass the config's door alone are held against the tensors before anything is allocated.
#[test]
fn a_config_larger_than_its_weights_is_refused() {
    for (field, large) in [
        ("num_hidden_layers", 256),
        ("vocab_size", 1 << 22),
        ("max_position_embeddings", 1 << 15),
        ("intermediate_size", 1 << 16),
        ("hidden_size", 1 << 14),
        ("type_vocab_size", 1 << 10),
    ] {
        let mut config = config();
        config[field] = json!(large);
        assert_eq!(refused(&config, weights().clone(), field).kind, Kind::Tensor, "{field}");
    }
}

#[test]
fn activations_are_told_apart() {
    let run = |activation: &str| {
        let mut config = config();
        config["hidden_act"] = json!(activation);
        Model::load(&config.to_string(), weights().clone())
            .unwrap()
            .run(&Input::new(vec![5, 6, 7], vec![0, 0, 0]), &Intervention::default())
            .unwrap()
            .last_hidden
    };
    let [gelu, new, tanh, relu] = ["gelu", "gelu_new", "gelu_pytorch_tanh", "relu"].map(run);
    assert_eq!(new, tanh);
    let far = |a: &ndarray::Array2<f32>| (a - &gelu).iter().fold(0.0f32, |most, d| most.max(d.abs()));
    assert!(far(&new) > 1e-6 && far(&new) < 1e-2, "{}", far(&new));
    assert!(far(&relu) > 1e-2);
}

#[test]
fn inputs_are_checked() {
    let model = Model::load(&config().to_string(), weights().clone()).unwrap();
    let cases: [(&[u32], &[u32]); 7] = [
        (&[], &[]),
        (&[1; 65], &[0; 65]),
        (&[1, 96], &[0, 0]),
        (&[1, u32::MAX], &[0, 0]),
        (&[1, 2], &[0]),
        (&[1, 2], &[0, 2]),
        (&[1, 2], &[0, u32::MAX]),
    ];
    for (ids, segments) in cases {
        assert_eq!(
            model.run(&Input::new(ids.to_vec(), segments.to_vec()), &Intervention::default()).unwrap_err().kind,
            Kind::Input,
            "{ids:?} {segments:?}"
        );
    }
    assert!(model.run(&Input::new(vec![95; 64], vec![1; 64]), &Intervention::default()).is_ok());
    let alone = model.run(&Input::new(vec![7], vec![0]), &Intervention::default()).unwrap();
    assert!(alone.pattern.iter().all(|&weight| weight == 1.0), "one token reads from itself");
}

/// A record larger than memory is refused before it is allocated.
#[test]
fn a_run_too_large_to_record_is_refused() {
    let positions = 30_000;
    let name = "bert.embeddings.position_embeddings.weight";
    let data = weights().len() - 8 - u64::from_le_bytes(weights()[..8].try_into().unwrap()) as usize;
    let size = positions * 32 * 4;
    let mut file = with_header(|header| {
        let old = header[name].take();
        header["unused"] = old;
        header[name] = json!({"dtype": "F32", "shape": [positions, 32], "data_offsets": [data, data + size]});
    });
    file.resize(file.len() + size, 0);
    let mut config = config();
    config["max_position_embeddings"] = json!(positions);
    let model = Model::load(&config.to_string(), file).unwrap();
    let fault = model.run(&Input::new(vec![1; positions], vec![0; positions]), &Intervention::default()).err().unwrap();
    assert_eq!(fault.kind, Kind::Input);
    assert!(fault.expected.contains("MiB"), "{fault}");
}

/// BF16 is the upper half of F32: the same model, coarser.
#[test]
fn half_precision_files_are_read() {
    let file = weights();
    let length = 8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let upper: Vec<u8> = file[length..].chunks_exact(4).flat_map(|number| [number[2], number[3]]).collect();
    let halved = with_header(|header| {
        for (name, tensor) in header.as_object_mut().unwrap() {
            if name != "__metadata__" {
                tensor["dtype"] = json!("BF16");
                for end in tensor["data_offsets"].as_array_mut().unwrap() {
                    *end = json!(end.as_u64().unwrap() / 2);
                }
            }
        }
    });
    let header = u64::from_le_bytes(halved[..8].try_into().unwrap()) as usize;
    let halved = [&halved[..8 + header], &upper].concat();
    let run = |file| {
        Model::load(&config().to_string(), file)
            .unwrap()
            .run(&Input::new(vec![5, 6, 7], vec![0, 0, 1]), &Intervention::default())
            .unwrap()
            .pattern
    };
    let far = (run(halved) - run(file.clone())).iter().fold(0.0f32, |most, d| most.max(d.abs()));
    assert!(far > 0.0 && far < 0.1, "{far}");
}
