//! GGUF files: what ggml's own package writes is read, and what strangers send is met at the door.

use crate::common::{Golden, bytes, disagreement, golden, input, tensors};
use crate::memory::allocated;
use attnscope::engine::formats::WeightFile;
use attnscope::engine::formats::gguf::{Gguf, gguf_name};
use attnscope::engine::{Intervention, Model};
use attnscope::{Error, Kind};
use serde_json::json;

fn small() -> Vec<u8> {
    bytes(&golden().join("gguf/small.gguf"))
}

/// A text as it lies in the file.
fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// A key and a value of one kind.
fn key(name: &str, kind: u32, value: &[u8]) -> Vec<u8> {
    [&text(name), &kind.to_le_bytes()[..], value].concat()
}

fn word(name: &str, number: u32) -> Vec<u8> {
    key(name, 4, &number.to_le_bytes())
}

/// A tensor's line: sizes as in the file, innermost first.
fn tensor(name: &str, sizes: &[u64], kind: u32, place: u64) -> Vec<u8> {
    let sizes_of = sizes.iter().flat_map(|size| size.to_le_bytes()).collect::<Vec<u8>>();
    let count = (sizes.len() as u32).to_le_bytes();
    [&text(name)[..], &count, &sizes_of, &kind.to_le_bytes(), &place.to_le_bytes()].concat()
}

/// A whole file, its numbers zero.
fn file(keys: &[Vec<u8>], tensors: &[Vec<u8>], data: usize) -> Vec<u8> {
    let mut file = b"GGUF\x03\0\0\0".to_vec();
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend((keys.len() as u64).to_le_bytes());
    file.extend(keys.concat());
    file.extend(tensors.concat());
    file.resize(file.len().next_multiple_of(32) + data, 0);
    file
}

/// A file of one of Transformers' tiny models: 2 layers, width 32, 4 heads. `epsilon` is that of its layer norms; `more`
/// are sizes that this architecture has beside the usual ones.
fn tiny(
    architecture: &str,
    tensors: impl Iterator<Item = (String, Golden)>,
    epsilon: f32,
    more: &[(&str, u32)],
) -> Vec<u8> {
    let (mut lines, mut data) = (Vec::new(), Vec::new());
    for (name, Golden { shape, numbers }) in tensors {
        let sizes: Vec<u64> = shape.iter().rev().map(|&size| size as u64).collect();
        lines.push(tensor(&name, &sizes, 0, data.len() as u64));
        data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        data.resize(data.len().next_multiple_of(32), 0);
    }
    let usual = [
        ("block_count", 2),
        ("embedding_length", 32),
        ("feed_forward_length", 64),
        ("context_length", 64),
        ("attention.head_count", 4),
    ];
    let mut keys = vec![key("general.architecture", 8, &text(architecture))];
    keys.extend(usual.iter().chain(more).map(|&(name, number)| word(&format!("{architecture}.{name}"), number)));
    keys.push(key(&format!("{architecture}.attention.layer_norm_epsilon"), 6, &epsilon.to_le_bytes()));
    let mut file = file(&keys, &lines, data.len());
    let start = file.len() - data.len();
    file[start..].copy_from_slice(&data);
    file
}

fn refused(file: Vec<u8>, case: &str) -> Error {
    let fault = Gguf::open(file).err().unwrap_or_else(|| panic!("{case}: was opened"));
    assert_eq!(fault.kind, Kind::Format, "{case}: {fault}");
    assert!([&fault.what, &fault.expected, &fault.got].iter().all(|part| !part.is_empty()), "{case}: {fault:?}");
    assert!(fault.advice.ends_with('.'), "{case}: {fault}");
    fault
}

#[test]
fn every_kind_of_value_is_read() {
    let file = Gguf::open(small()).unwrap();
    for (name, number) in [
        ("test.u8", 200),
        ("test.i8", -5),
        ("test.u16", 60_000),
        ("test.i16", -30_000),
        ("test.i32", -2_000_000_000),
        ("test.u64", i128::from(u64::MAX)),
        ("test.i64", i128::from(i64::MIN)),
        ("llama.context_length", 64),
        ("test.same", 7),
    ] {
        assert_eq!(file.whole(name), Some(number), "{name}");
    }
    assert_eq!(file.real("test.f64"), Some(0.1));
    assert_eq!(file.real("llama.rope.freq_base"), Some(500_000.0));
    assert_eq!(file.switch("test.on"), Some(true));
    assert_eq!(file.text("test.text"), Some("naïve 🍕"));
    assert_eq!(file.texts("test.texts"), Some(vec!["Ġa", "", "🍕"]));
    assert_eq!(file.reals("test.reals"), Some(vec![0.5, -1.5]));
    assert_eq!((file.whole("test.text"), file.text("test.u8"), file.whole("none")), (None, None, None));
    assert_eq!((file.whole("test.reals"), file.texts("test.same")), (None, None));
}

#[test]
fn tensors_are_read_in_the_shapes_of_pytorch() {
    let file = WeightFile::open(vec![small()]).unwrap();
    let norm = file.tensor("model.layers.0.input_layernorm.weight", &[32]).unwrap();
    assert_eq!(norm.to_f32(), (0..32).map(|i| i as f32).collect::<Vec<f32>>());
    for (name, shape) in [
        ("model.embed_tokens.weight", [6, 32]),
        ("model.layers.0.self_attn.q_proj.weight", [32, 32]),
        ("model.layers.0.self_attn.k_proj.weight", [16, 32]),
        ("model.layers.0.mlp.gate_proj.weight", [64, 32]),
    ] {
        let numbers = file.tensor(name, &shape).unwrap().to_f32();
        let spread = numbers.iter().map(|x| x * x).sum::<f32>() / numbers.len() as f32;
        assert!((0.7..1.3).contains(&spread), "{name}: normally distributed, not {spread}");
        let fault = file.tensor(name, &[shape[0], 31]).err().unwrap();
        assert!(fault.kind == Kind::Tensor && fault.got.contains("32]"), "{fault}");
    }
    let table = file.table("model.embed_tokens.weight", 6, 32).unwrap();
    let all = file.tensor("model.embed_tokens.weight", &[6, 32]).unwrap().to_f32();
    let mut row = [0.0; 32];
    table.row(5, &mut row);
    assert_eq!(row, all[5 * 32..]);
    assert_eq!(file.parameters(), 6 * 32 + 32 * 32 * 2 + 16 * 32 * 2 + 64 * 32 * 2 + 32);
    assert!(!file.has("lm_head.weight") && file.has("model.layers.0.mlp.up_proj.weight"));
    assert_eq!(file.tensor("lm_head.weight", &[6, 32]).err().unwrap().what, "output.weight");
    assert_eq!(Gguf::open(small()).unwrap().tensor("ids", &[4]).err().unwrap().got, "I32");
}

#[test]
fn the_keys_are_a_config() {
    let config = WeightFile::open(vec![small()]).unwrap().config().unwrap().unwrap();
    let expected = json!({
        "model_type": "llama", "num_hidden_layers": 1, "hidden_size": 32, "intermediate_size": 64,
        "max_position_embeddings": 64, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
        "vocab_size": 6, "attention_bias": false, "mlp_bias": false, "rms_norm_eps": 1e-5, "hidden_act": "silu",
        "rope_interleaved": true, "rope_parameters": {"rope_theta": 500_000.0, "rope_type": "default"},
        "tie_word_embeddings": true,
    });
    assert_eq!(json!(config), expected);
}

/// The keys that every architecture has, and its table of ten tokens.
fn of_family(name: &str, more: &[(&str, u32, Vec<u8>)]) -> Vec<u8> {
    let mut keys = vec![key("general.architecture", 8, &text(name))];
    for (size, number) in [
        ("block_count", 26),
        ("embedding_length", 64),
        ("feed_forward_length", 128),
        ("context_length", 512),
        ("attention.head_count", 4),
    ] {
        keys.push(word(&format!("{name}.{size}"), number));
    }
    for epsilon in ["layer_norm_epsilon", "layer_norm_rms_epsilon"] {
        keys.push(key(&format!("{name}.attention.{epsilon}"), 6, &1e-6f32.to_le_bytes()));
    }
    keys.extend(more.iter().map(|(end, kind, value)| key(&format!("{name}.{end}"), *kind, value)));
    let tensors = [
        tensor("token_embd.weight", &[64, 10], 0, 0),
        tensor("output.weight", &[64, 10], 0, 2560),
        tensor("token_types.weight", &[64, 2], 0, 5120),
        tensor("rope_freqs.weight", &[8], 0, 5632),
    ];
    let mut file = file(&keys, &tensors, 6016);
    let data = file.len() - 6016;
    file[data..].as_chunks_mut::<4>().0.fill(1f32.to_le_bytes());
    file
}

#[test]
fn every_architecture_has_its_config() {
    let number = |n: u32| n.to_le_bytes().to_vec();
    let real = |x: f32| x.to_le_bytes().to_vec();
    let config =
        |name: &str, more: &[(&str, u32, Vec<u8>)]| Gguf::open(of_family(name, more)).unwrap().config().unwrap();
    let has = |name: &str, more: &[(&str, u32, Vec<u8>)], fields: serde_json::Value| {
        let config = config(name, more);
        for (field, value) in fields.as_object().unwrap() {
            assert_eq!(config.get(field).unwrap_or(&json!("absent")), value, "{name}: {field}");
        }
    };
    has(
        "llama",
        &[("attention.sliding_window", 4, number(4096)), ("attention.head_count_kv", 4, number(2))],
        json!({"model_type": "mistral", "sliding_window": 4096, "num_key_value_heads": 2, "head_dim": 16,
               "rope_frequency_factors": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], "tie_word_embeddings": false}),
    );
    has(
        "qwen2",
        &[("rope.scaling.type", 8, text("yarn")), ("rope.scaling.factor", 6, real(4.0))],
        json!({"model_type": "qwen2", "rms_norm_eps": 1e-6, "num_key_value_heads": 4, "rope_parameters":
               {"rope_theta": 10000.0, "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": null}}),
    );
    has("qwen3", &[("attention.key_length", 4, number(16))], json!({"model_type": "qwen3", "head_dim": 16}));
    let window = ("attention.sliding_window", 4, number(5));
    let caps = ("attn_logit_softcapping", 6, real(50.0));
    let gemma2 = config("gemma2", &[window.clone(), caps]);
    assert_eq!(gemma2["attn_logit_softcapping"], json!(50.0));
    assert_eq!(gemma2["query_pre_attn_scalar"], json!(16));
    assert_eq!(gemma2["layer_types"][0], json!("sliding_attention"));
    assert_eq!(gemma2["layer_types"][25], json!("full_attention"));
    let gemma3 = config("gemma3", &[window.clone(), ("rope.freq_base", 6, real(1e6))]);
    assert_eq!(gemma3["model_type"], json!("gemma3_text"));
    assert_eq!(gemma3["layer_types"][4], json!("sliding_attention"));
    assert_eq!(gemma3["layer_types"][5], json!("full_attention"));
    assert_eq!(gemma3["rope_parameters"]["full_attention"]["rope_theta"], json!(1e6));
    assert_eq!(gemma3["rope_parameters"]["sliding_attention"]["rope_theta"], json!(1e4));
    has("gemma", &[], json!({"hidden_act": "gelu_pytorch_tanh", "norm_offset_included": true}));
    let turning = ("rope.dimension_count", 4, number(8));
    let phi = config("phi2", std::slice::from_ref(&turning));
    assert_eq!((&phi["model_type"], &phi["layer_norm_eps"]), (&json!("phi"), &json!(1e-6)));
    assert_eq!(phi["rope_parameters"]["partial_rotary_factor"], json!(0.5));
    has(
        "gptneox",
        &[turning, ("use_parallel_residual", 7, vec![0])],
        json!({"model_type": "gpt_neox", "use_parallel_residual": false, "qkv_by_kind": true}),
    );
    has(
        "gpt2",
        &[],
        json!({"n_layer": 26, "n_embd": 64, "n_head": 4, "n_positions": 512, "n_inner": 128, "vocab_size": 10,
               "layer_norm_epsilon": 1e-6, "activation_function": "gelu_new", "conv1d_transposed": true}),
    );
    has("bloom", &[], json!({"n_layer": 26, "hidden_size": 64, "n_head": 4, "qkv_by_kind": true}));
    has("bert", &[], json!({"num_hidden_layers": 26, "type_vocab_size": 2, "hidden_act": "gelu"}));
    has("olmo2", &[], json!({"model_type": "olmo2", "rms_norm_eps": 1e-6}));
    has("smollm3", &[], json!({"no_rope_layer_interval": 4, "rope_interleaved": true}));
}

#[test]
fn configs_that_cannot_be_are_refused() {
    let number = |n: u32| n.to_le_bytes().to_vec();
    let list = |numbers: &[u32]| {
        let numbers: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        [&4u32.to_le_bytes()[..], &(numbers.len() as u64 / 4).to_le_bytes(), &numbers].concat()
    };
    for (name, more) in [
        ("mamba", vec![]),
        ("llama", vec![("expert_count", 4, number(8))]),
        ("llama", vec![("attention.head_count_kv", 9, list(&[2, 1]))]),
        ("llama", vec![("attention.head_count_kv", 4, number(0))]),
        ("qwen3", vec![("attention.key_length", 4, number(0))]),
        ("gemma2", vec![]),
        ("phi2", vec![]),
    ] {
        let fault = Gguf::open(of_family(name, &more)).unwrap().config().unwrap_err();
        assert_eq!(fault.kind, Kind::Config, "{name}: {fault}");
    }
    let fault = Gguf::open(file(&[], &[], 0)).unwrap().config().unwrap_err();
    assert!(fault.expected.contains("llama"), "{fault}");
    // Factors for another number of pairs than there are.
    let wide = of_family("llama", &[("attention.key_length", 4, number(1 << 31))]);
    assert_eq!(Gguf::open(wide).unwrap().config().unwrap_err().kind, Kind::Tensor);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = small();
    // The last tensor is followed by 16 bytes of padding, which nobody misses.
    for end in 0..whole.len() - 16 {
        refused(whole[..end].to_vec(), &format!("cut at {end}"));
    }
    assert!(Gguf::open(whole[..whole.len() - 16].to_vec()).is_ok());
}

/// Any byte of the head changed: an error, or a file whose every part can be asked for.
#[test]
fn no_byte_of_the_head_makes_it_panic() {
    let whole = small();
    for place in 0..1400 {
        for change in [1u8, 0x10, 0x80, 0xff] {
            let mut file = whole.clone();
            file[place] ^= change;
            if let Ok(file) = WeightFile::open(vec![file]) {
                let _ = file.config().map(|config| config.is_ok());
                let _ = file.tensor("model.layers.0.input_layernorm.weight", &[32]).map(|norm| norm.to_f32());
                let _ = file.parameters();
            }
        }
    }
}

#[test]
fn counts_and_lengths_that_lie_cost_nothing() {
    for number in [u64::MAX, 1 << 60, 1 << 40, i64::MAX as u64, 70_000] {
        let mut many_tensors = file(&[], &[], 64);
        many_tensors[8..16].copy_from_slice(&number.to_le_bytes());
        let mut many_keys = file(&[], &[], 64);
        many_keys[16..24].copy_from_slice(&number.to_le_bytes());
        let mut lies = vec![
            (many_tensors, "tensors"),
            (many_keys, "keys"),
            (file(&[number.to_le_bytes().to_vec()], &[], 64), "a key's length"),
            (file(&[key("a", 8, &number.to_le_bytes())], &[], 64), "a text's length"),
        ];
        for kind in [0u32, 4, 7, 8, 12] {
            let list = [&kind.to_le_bytes()[..], &number.to_le_bytes()].concat();
            lies.push((file(&[key("a", 9, &list)], &[], 64), "a list's length"));
        }
        for (file, case) in lies {
            let bytes = allocated(|| drop(refused(file, case)));
            assert!(bytes < 4096, "{case} {number}: {bytes} bytes were allocated");
        }
    }
}

#[test]
fn every_field_is_held_against_the_rest() {
    let header = |version: u32, magic: &[u8; 4]| {
        let mut file = file(&[], &[], 0);
        file[..4].copy_from_slice(magic);
        file[4..8].copy_from_slice(&version.to_le_bytes());
        file
    };
    refused(header(3, b"GGML"), "another magic");
    refused(header(1, b"GGUF"), "version 1");
    refused(header(4, b"GGUF"), "version 4");
    assert!(refused(header(3 << 24, b"GGUF"), "big-endian").got.contains("big-endian"));
    assert!(Gguf::open(header(2, b"GGUF")).is_ok());

    refused(file(&[word("a", 1), word("a", 1)], &[], 0), "a key twice");
    refused(file(&[key("a", 13, &[0; 8])], &[], 0), "an unknown kind of value");
    refused(file(&[key("a", 7, &[2])], &[], 0), "a switch of 2");
    refused(file(&[key("a", 8, &[1, 0, 0, 0, 0, 0, 0, 0, 0xff])], &[], 0), "no UTF-8");
    let nested = [&9u32.to_le_bytes()[..], &1u64.to_le_bytes(), &9u32.to_le_bytes(), &0u64.to_le_bytes()].concat();
    assert!(refused(file(&[key("a", 9, &nested)], &[], 0), "lists in a list").got.contains("lists"));
    for alignment in [0, 3, 48, 1 << 20, u32::MAX] {
        refused(file(&[word("general.alignment", alignment)], &[], 0), "an alignment");
    }
    refused(file(&[key("general.alignment", 8, &text("32"))], &[], 0), "a text for an alignment");
    assert!(Gguf::open(file(&[word("general.alignment", 64)], &[], 64)).is_ok());

    let one = |sizes: &[u64], kind, place| file(&[], &[tensor("t", sizes, kind, place)], 256);
    assert!(Gguf::open(one(&[8, 8], 0, 0)).is_ok());
    refused(one(&[], 0, 0), "no size");
    refused(one(&[1; 5], 0, 0), "five sizes");
    refused(one(&[0, 8], 0, 0), "a size of 0");
    refused(one(&[8, 9], 0, 0), "more numbers than bytes");
    refused(one(&[8, 8], 0, 32), "a place too far");
    refused(one(&[8, 4], 0, 16), "a place between");
    refused(one(&[8], 0, u64::MAX - 31), "a place at the end of all numbers");
    refused(one(&[8], 0, 1 << 62), "a place far away");
    refused(one(&[1 << 32, 1 << 32], 0, 0), "an overflow");
    refused(one(&[u64::MAX], 0, 0), "an overflow by the type's size");
    refused(one(&[33], 8, 0), "blocks of 32 that are not whole");
    refused(one(&[128, 2], 12, 0), "blocks of 256 that are not whole");
    assert!(Gguf::open(one(&[256], 20, 0)).is_ok(), "IQ4_NL");
    for kind in [4, 5, 9, 15, 16, 23, 31, 99, u32::MAX] {
        refused(one(&[256], kind, 0), "a type that is not known");
    }
    let two = |name: &str, place| file(&[], &[tensor("t", &[16], 0, 0), tensor(name, &[16], 0, place)], 256);
    assert!(Gguf::open(two("u", 64)).is_ok());
    refused(two("t", 64), "a tensor twice");
    refused(two("u", 32), "one tensor over another");
    refused(two("u", 0), "two tensors in one place");
}

#[test]
fn types_that_are_not_read_are_refused_by_their_names() {
    let named = |kind| {
        let fault = refused(file(&[], &[tensor("blk.0.attn_q.weight", &[256], kind, 0)], 256), "a type");
        assert!(fault.expected.contains("IQ4_NL") && fault.expected.contains("`blk.0.attn_q.weight`"), "{fault}");
        assert!(fault.advice.contains("Q4_K_M"), "{fault}");
        fault.got
    };
    assert_eq!([17, 19, 23, 34, 39].map(named), ["IQ2_XS", "IQ1_S", "IQ4_XS", "TQ1_0", "MXFP4"]);
    assert_eq!(named(99), "type 99 of ggml");
}

/// What is known before the rest of a file has been fetched.
#[test]
fn a_file_is_refused_by_its_head_alone() {
    let refusal = |file: &[u8]| attnscope::engine::refusal("x.gguf", file);
    let keys = |name: &str| [key("general.architecture", 8, &text(name))];
    let with =
        |name: &str, kind| file(&keys(name), &[tensor("a", &[256], 0, 0), tensor("b", &[256], kind, 1024)], 4096);
    let good = with("llama", 8);
    let head = good.len() - 4096;
    for end in 0..=good.len() {
        assert_eq!(refusal(&good[..end]), None, "{end} bytes of a file that is good");
    }
    let bad = with("llama", 17);
    let types: Vec<usize> = (0..=head).filter(|&end| refusal(&bad[..end]).is_some()).collect();
    assert!(types[0] < head && types.len() == head + 1 - types[0], "from its type on: {types:?} of {head}");
    assert_eq!(refusal(&bad[..types[0]]).unwrap().got, "IQ2_XS");
    let fault = refusal(&with("mamba", 8)[..head]).unwrap();
    assert!(fault.kind == Kind::Config && fault.got == "mamba", "{fault}");
    let experts = file(&[keys("llama")[0].clone(), word("llama.expert_count", 8)], &[], 0);
    assert!(refusal(&experts).unwrap().got.contains("mixture"));
    assert_eq!(refusal(b"<!doctype html>").unwrap().kind, Kind::Format);
    // Parts behind the first do not say of which architecture they are.
    assert_eq!(refusal(&file(&[word("split.no", 1), word("split.count", 2)], &[], 0)), None);
}

/// The tensors of a file in parts, each of which has a head; the keys are in the first.
fn parts(count: u32) -> Vec<Vec<u8>> {
    let place = |number: u32| [word("split.no", number), word("split.count", count)].to_vec();
    let part = |number: u32| {
        let mut keys = place(number);
        if number == 0 {
            keys.extend([key("general.architecture", 8, &text("llama")), word("test.key", 7)]);
        }
        let mut file = file(&keys, &[tensor(&format!("blk.{number}.attn_norm.weight"), &[32], 0, 0)], 128);
        let data = file.len() - 128;
        file[data..].as_chunks_mut::<4>().0.fill((number as f32).to_le_bytes());
        file
    };
    (0..count).map(part).collect()
}

#[test]
fn a_file_that_was_split_is_opened_by_its_parts_in_any_order() {
    let mut files = parts(3);
    files.rotate_left(1);
    let whole = Gguf::open_parts(files).unwrap();
    for number in 0..3 {
        let numbers = whole.tensor(&format!("blk.{number}.attn_norm.weight"), &[32]).unwrap().to_f32();
        assert_eq!(numbers, [number as f32; 32]);
    }
    assert_eq!((whole.whole("test.key"), whole.parameters()), (Some(7), 96));
    assert!(Gguf::open_parts(parts(1)).is_ok());

    let refused = |files: Vec<Vec<u8>>, case: &str| {
        let fault = Gguf::open_parts(files).err().unwrap_or_else(|| panic!("{case}: was opened"));
        assert_eq!(fault.kind, Kind::Format, "{case}: {fault}");
        fault
    };
    let fault = refused(parts(3)[..1].to_vec(), "one of three");
    assert!(fault.expected == "all 3 parts of one file" && fault.advice.contains("--merge"), "{fault}");
    refused(parts(3)[1..].to_vec(), "without the first");
    refused([&parts(2)[..], &parts(3)[2..]].concat(), "parts of two files");
    refused([&parts(2)[..1], &parts(2)[..1]].concat(), "one part twice");
    refused(vec![small(), small()], "two files");
    refused(Vec::new(), "nothing");
    let mut twice = parts(2);
    let name = twice[1].windows(5).position(|bytes| bytes == b"blk.1").unwrap();
    twice[1][name + 4] = b'0';
    assert!(refused(twice, "a tensor in two").got.contains("in two"));
}

/// BERT that was converted without a table of token types: it reads as one whose table is zero.
#[test]
fn bert_without_token_types_is_opened() {
    let with = |has_types: bool| {
        let all = tensors(&bytes(&golden().join("families/bert/model.safetensors")));
        let tensors = all.into_iter().filter_map(|(name, mut tensor)| {
            let name = gguf_name("bert", &name)?;
            if name == "token_types.weight" {
                tensor.numbers.fill(0.0);
                return has_types.then_some((name, tensor));
            }
            Some((name, tensor))
        });
        let file = tiny("bert", tensors, 1e-12, &[]);
        let model = Model::open(None, vec![file]).unwrap();
        model.run(&input(&golden().join("families/bert")), &Intervention::default()).unwrap()
    };
    let (without, zero) = (with(false), with(true));
    assert_eq!(without.pattern, zero.pattern);
    assert_eq!(without.last_hidden, zero.last_hidden);
}

/// The numbers of Transformers' tiny Phi, as llama.cpp's converter names them; `fused` as it wrote those of Phi-2's
/// first checkpoints.
fn phi(fused: bool) -> Vec<u8> {
    let mut all = tensors(&bytes(&golden().join("families/phi/model.safetensors")));
    for (layer, ending) in [(0, "weight"), (0, "bias"), (1, "weight"), (1, "bias")].into_iter().filter(|_| fused) {
        let part = |of: &str| format!("model.layers.{layer}.self_attn.{of}_proj.{ending}");
        let [q, k, v] = ["q", "k", "v"].map(|of| all.remove(&part(of)).unwrap());
        let mut shape = q.shape.clone();
        shape[0] *= 3;
        all.insert(part("qkv"), Golden { shape, numbers: [q.numbers, k.numbers, v.numbers].concat() });
    }
    let tensors = all.into_iter().map(|(name, tensor)| (gguf_name("phi", &name).unwrap(), tensor));
    tiny("phi2", tensors, 1e-5, &[("rope.dimension_count", 4)])
}

#[test]
fn phi_agrees_with_its_three_projections_apart_or_in_one() {
    let folder = golden().join("families/phi");
    let expected = tensors(&bytes(&folder.join("expected.safetensors")));
    for fused in [false, true] {
        let config = json!(Gguf::open(phi(fused)).unwrap().config().unwrap()).to_string();
        let model = Model::load(&config, phi(fused)).unwrap();
        let trace = model.run(&input(&folder), &Intervention::default()).unwrap();
        assert_eq!(disagreement(&model, &trace, &expected), None, "fused: {fused}");
    }
}
