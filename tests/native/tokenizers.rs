//! Tokenizers of every kind against Hugging Face's library and SentencePiece (`golden/make_tokenizers.py`), and such
//! files as strangers send them.

use crate::common::{bytes, golden, json, places};
use crate::memory::allocated;
use attnscope::Kind;
use attnscope::engine::formats::gguf::Gguf;
use attnscope::engine::{Note, Start, TextTokenizer};
use serde_json::{Value, json};

const POSITIONS: usize = 512;

fn file(name: &str) -> Vec<u8> {
    bytes(&golden().join("tokenizers").join(name))
}

fn load(name: &str) -> TextTokenizer {
    TextTokenizer::load(&file(name), POSITIONS).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

fn gguf(name: &str) -> TextTokenizer {
    TextTokenizer::load_gguf(&Gguf::open(file(name)).unwrap(), POSITIONS).unwrap()
}

/// Ids, and tokens and offsets where the golden file has them.
fn agrees(tokenizer: &TextTokenizer, name: &str, skip: &[&str]) {
    let cases = json(&golden().join("tokenizers").join(format!("{name}.expected.json")));
    for case in cases.as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        if skip.contains(&text) {
            continue;
        }
        let tokens = tokenizer.encode(text, None).unwrap();
        assert_eq!(json!(tokens.ids()), case["ids"], "{name}: {text:?}");
        if case.get("tokens").is_some() {
            let strings: Vec<&str> = tokens.items.iter().map(|token| token.token.as_str()).collect();
            let offsets: Vec<(usize, usize)> = tokens.items.iter().map(|token| token.chars).collect();
            assert_eq!(json!(strings), case["tokens"], "{name}: {text:?}");
            assert_eq!(json!(offsets), case["offsets"], "{name}: {text:?}");
        }
        // Characters and bytes mean the same, and nothing of the vocabulary's spelling is shown.
        for (token, shown) in tokens.items.iter().zip(tokens.shown(text, None)) {
            if token.sequence.is_some() {
                let chars: String = text.chars().skip(token.chars.0).take(token.chars.1 - token.chars.0).collect();
                assert_eq!(text.get(token.bytes.0..token.bytes.1), Some(chars.as_str()), "{name}: {text:?}");
                assert!(!shown.text.contains(['Ġ', 'Ċ', 'Ã', '▁']), "{name}: {shown:?}");
            }
        }
    }
}

#[test]
fn every_kind_agrees() {
    for name in ["gpt2", "roberta", "smollm", "llama3", "bert", "unigram"] {
        agrees(&load(&format!("{name}.json")), name, &[]);
    }
}

#[test]
fn older_files_are_the_same_tokenizer() {
    let bert = TextTokenizer::load_word_pieces(&file("vocab.txt"), None, POSITIONS).unwrap();
    agrees(&bert, "bert", &[]);
    let pairs = |name: &str, config: Option<&str>| {
        let (vocab, merges) = (file(&format!("{name}.vocab.json")), file(&format!("{name}.merges.txt")));
        TextTokenizer::load_byte_pairs(&vocab, &merges, config.map(str::as_bytes), None, POSITIONS).unwrap()
    };
    agrees(&pairs("gpt2", None), "gpt2", &[]);
    agrees(&pairs("roberta", None), "roberta", &[]);
    let named = r#"{"tokenizer_class": "RobertaTokenizer", "cls_token": {"content": "<s>"}, "sep_token": "</s>"}"#;
    agrees(&pairs("roberta", Some(named)), "roberta", &[]);
    let first = r#"{"bos_token": "</s>", "add_bos_token": true}"#;
    assert_eq!(pairs("roberta", Some(first)).encode("a", Some("b")).unwrap().items.len(), 4, "one before each");
    let added = r#"{"added_tokens_decoder": {"380": {"content": "<|new|>", "special": true}}}"#;
    let tokens = pairs("gpt2", Some(added)).encode("a<|new|>", None).unwrap();
    assert!(tokens.items[1].special && tokens.items[1].token == "<|new|>", "{tokens:?}");
}

#[test]
fn case_and_accents_follow_the_settings() {
    let cased = br#"{"do_lower_case": false}"#;
    let tokenizer = TextTokenizer::load_word_pieces(&file("vocab.txt"), Some(cased), POSITIONS).unwrap();
    assert_eq!(tokenizer.encode("A", None).unwrap().items[1].token, "[UNK]");
    let tokenizer = TextTokenizer::load_word_pieces(&file("vocab.txt"), None, POSITIONS).unwrap();
    assert_eq!(tokenizer.encode("A", None).unwrap().items[1].token, "a");
}

#[test]
fn the_tokenizer_of_a_gguf_file_is_sentence_pieces() {
    agrees(&gguf("sentencepiece.gguf"), "sentencepiece", &[]);
    agrees(&gguf("unigram.gguf"), "unigram", &[]);
}

/// What Transformers' slow tokenizer gives, from the file that docs/marian_tokenizer.py makes.
#[test]
fn the_file_that_the_readme_has_made_for_marian_is_marians_tokenizer() {
    agrees(&load("marian.json"), "marian", &[]);
}

/// `tokenizer_config.json` contradicts `tokenizer.json`: the ids are those of Transformers.
#[test]
fn settings_that_contradict_the_file_are_followed_as_in_transformers() {
    let cases = json(&golden().join("tokenizers/settings.json"));
    for case in cases.as_array().unwrap() {
        let mut own = json(&golden().join(format!("tokenizers/{}.json", case["file"].as_str().unwrap())));
        for (pointer, value) in case["changes"].as_object().unwrap() {
            *own.pointer_mut(pointer).unwrap() = value.clone();
        }
        let (own, settings) = (own.to_string(), case["settings"].to_string());
        let model_type = case["model_type"].as_str().unwrap();
        let tokenizer = TextTokenizer::load_with(own.as_bytes(), settings.as_bytes(), model_type, POSITIONS).unwrap();
        for (text, ids) in case["texts"].as_array().unwrap().iter().zip(case["ids"].as_array().unwrap()) {
            let tokens = tokenizer.encode(text.as_str().unwrap(), None).unwrap();
            assert_eq!(&json!(tokens.ids()), ids, "{text} with {settings} in {}", case["changes"]);
        }
    }
}

#[test]
fn settings_that_are_none_are_refused() {
    let with = |settings: &str| TextTokenizer::load_with(&file("bert.json"), settings.as_bytes(), "bert", POSITIONS);
    for settings in ["", "[]", "null", r#"{"do_lower_case": "no"}"#, r#"{"strip_accents": 1}"#] {
        assert_eq!(with(settings).err().map(|fault| fault.kind), Some(Kind::Tokenizer), "{settings}");
    }
    assert!(with(r#"{"do_lower_case": false, "model_max_length": 512}"#).is_ok());
}

#[test]
fn a_byte_order_mark_is_skipped_and_utf_16_is_named() {
    let marked = |name: &str| [b"\xef\xbb\xbf", &file(name)[..]].concat();
    let settings = [&b"\xef\xbb\xbf"[..], br#"{"do_lower_case": true}"#].concat();
    agrees(&TextTokenizer::load_with(&marked("bert.json"), &settings, "bert", POSITIONS).unwrap(), "bert", &[]);
    agrees(&TextTokenizer::load_word_pieces(&marked("vocab.txt"), Some(&settings), POSITIONS).unwrap(), "bert", &[]);
    let pairs = (marked("gpt2.vocab.json"), marked("gpt2.merges.txt"));
    agrees(&TextTokenizer::load_byte_pairs(&pairs.0, &pairs.1, None, None, POSITIONS).unwrap(), "gpt2", &[]);
    let utf_16: Vec<u8> =
        String::from_utf8(file("bert.json")).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [utf_16.clone(), [&[0xff, 0xfe], &utf_16[..]].concat()] {
        let fault = TextTokenizer::load(&bytes, POSITIONS).unwrap_err();
        assert_eq!((fault.kind, fault.got.as_str()), (Kind::Tokenizer, "text in UTF-16"));
        assert!(fault.advice.contains("UTF-8"), "{fault}");
    }
}

fn gguf_text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// A GGUF file of a byte-level tokenizer: these tokens by their ids, others that no text has between them.
fn byte_level_gguf(tokens: &[(usize, &str)], count: usize, pre: Option<&str>) -> Vec<u8> {
    let mut all: Vec<String> = (0..count).map(|id| format!("<unused{id}>")).collect();
    // Every byte has a token, so that any text can be read.
    let bytes = (b'!'..=b'~').map(|byte| char::from(byte).to_string()).chain(["Ġ".to_owned()]);
    bytes.enumerate().for_each(|(at, byte)| all[count - 200 + at] = byte);
    tokens.iter().for_each(|(id, token)| all[*id] = (*token).to_owned());
    let list = |texts: &[String]| {
        let texts: Vec<u8> = texts.iter().flat_map(|text| gguf_text(text)).collect();
        texts
    };
    let header = |count: usize| [&8u32.to_le_bytes()[..], &(count as u64).to_le_bytes()].concat();
    let mut keys = vec![
        [gguf_text("tokenizer.ggml.model"), 8u32.to_le_bytes().to_vec(), gguf_text("gpt2")].concat(),
        [gguf_text("tokenizer.ggml.tokens"), 9u32.to_le_bytes().to_vec(), header(count), list(&all)].concat(),
        [gguf_text("tokenizer.ggml.merges"), 9u32.to_le_bytes().to_vec(), header(0)].concat(),
    ];
    keys.extend(pre.map(|pre| [gguf_text("tokenizer.ggml.pre"), 8u32.to_le_bytes().to_vec(), gguf_text(pre)].concat()));
    let counts = [0u64.to_le_bytes(), (keys.len() as u64).to_le_bytes()].concat();
    let mut file = [b"GGUF\x03\0\0\0".to_vec(), counts, keys.concat()].concat();
    file.resize(file.len().next_multiple_of(32), 0);
    file
}

/// Without `tokenizer.ggml.pre`: known where the vocabulary is a published one, otherwise a guess that is said to be one.
#[test]
fn how_a_gguf_file_parts_its_texts_is_known_by_its_vocabulary_or_said_to_be_a_guess() {
    let load = |tokens: &[(usize, &str)], count, pre| {
        TextTokenizer::load_gguf(&Gguf::open(byte_level_gguf(tokens, count, pre)).unwrap(), POSITIONS).unwrap()
    };
    let words = |tokenizer: &TextTokenizer, text: &str| {
        let tokens = tokenizer.encode(text, None).unwrap();
        tokens.items.iter().filter_map(|token| token.word).max().map_or(0, |last| last + 1)
    };
    // The parts of "1234 (a": GPT-2 has 1234, space and bracket, a; Llama 3 has 123, 4, space, (a; Qwen 2 a part a digit.
    let llama = load(&[(128_000, "<|begin_of_text|>"), (128_001, "<|end_of_text|>")], 128_256, None);
    let qwen = load(&[(151_643, "<|endoftext|>"), (151_644, "<|im_start|>")], 151_900, None);
    let gpt2 = load(&[(0, "!"), (50_256, "<|endoftext|>")], 50_500, None);
    for (tokenizer, parts) in [(&llama, 4), (&qwen, 6), (&gpt2, 3)] {
        assert_eq!((words(tokenizer, "1234 (a"), tokenizer.note()), (parts, None));
    }
    for pre in [None, Some("default")] {
        let unknown = load(&[], 1000, pre);
        assert_eq!((words(&unknown, "1234 (a"), unknown.note()), (3, Some(Note::GuessedSplit)));
    }
    let named = load(&[], 1000, Some("qwen2"));
    assert_eq!((words(&named, "1234 (a"), named.note()), (6, None));
}

/// Predictions are text: no vocabulary's way to write spaces, pieces and bytes.
#[test]
fn an_entry_of_the_vocabulary_is_written_as_text() {
    let written = |tokenizer: &TextTokenizer, spelled: &str| {
        let id = (0..2000).find(|&id| tokenizer.token(id).as_deref() == Some(spelled));
        tokenizer.written(id.unwrap_or_else(|| panic!("no {spelled}"))).unwrap()
    };
    let gpt2 = load("gpt2.json");
    for (spelled, text) in [
        ("Ġthe", "the"),
        ("our", "·our"),
        ("Ġ", "␣"),
        ("Ċ", "⏎"),
        ("<|endoftext|>", "<|endoftext|>"),
        ("ð", "<0xF0>"),
        (".", "."),
    ] {
        assert_eq!(written(&gpt2, spelled), text, "{spelled}");
    }
    let bert = load("bert.json");
    for (spelled, text) in [("the", "the"), ("##y", "·y"), ("[SEP]", "[SEP]"), (".", ".")] {
        assert_eq!(written(&bert, spelled), text, "{spelled}");
    }
    for name in ["sentencepiece.gguf", "unigram.gguf"] {
        let tokenizer = gguf(name);
        for (spelled, text) in [("▁the", "the"), ("▁", "␣"), ("e", "·e"), ("</s>", "</s>")] {
            assert_eq!(written(&tokenizer, spelled), text, "{name}: {spelled}");
        }
    }
    assert_eq!(written(&gguf("sentencepiece.gguf"), "<0xE3>"), "<0xE3>");
    assert_eq!(gpt2.written(9999), None);
    for tokenizer in [gpt2, bert, load("llama3.json"), load("roberta.json"), gguf("unigram.gguf")] {
        for text in (0..500).filter_map(|id| tokenizer.written(id)) {
            assert!(!text.contains(['Ġ', 'Ċ', '▁', char::REPLACEMENT_CHARACTER]) && !text.starts_with("##"), "{text}");
        }
    }
}

#[test]
fn start_tokens_are_counted() {
    let start = |tokenizer: &TextTokenizer, text: &str| tokenizer.encode(text, None).unwrap().start();
    let llama = gguf("sentencepiece.gguf");
    assert_eq!((start(&llama, "The bag"), start(&llama, "<s>The bag")), (Start::One, Start::Two));
    assert_eq!((start(&llama, ""), start(&llama, "The <s>")), (Start::One, Start::One));
    let gpt2 = load("gpt2.json");
    assert_eq!((start(&gpt2, "The bag"), start(&gpt2, "<|endoftext|>The bag")), (Start::None, Start::One));
    assert_eq!((start(&load("bert.json"), "a"), start(&load("bert.json"), "[CLS] a")), (Start::One, Start::Two));
}

fn marked(tokenizer: &TextTokenizer, text: &str) -> Vec<String> {
    let tokens = tokenizer.encode(text, None).unwrap();
    let mark = |token: attnscope::engine::Shown| format!("{}{}", if token.continues { "~" } else { "" }, token.text);
    tokens.shown(text, None).into_iter().map(mark).collect()
}

/// Without a step that parts the text, its white space does.
#[test]
fn words_begin_at_white_space() {
    let tokens = marked(&gguf("sentencepiece.gguf"), "The trophy\nnaïve 注");
    assert_eq!(tokens, ["<s>", "The", "trophy", "⏎", "n", "~aïve", "␣", "~注", "~注", "~注"]);
    let tokens = marked(&load("gpt2.json"), "they've  naïve 注");
    assert_eq!(tokens.iter().filter(|token| token.as_str() == "~注").count(), 3, "{tokens:?}");
    assert!(tokens.contains(&"␣".to_owned()), "{tokens:?}");
}

/// A file with a vocabulary of a few tokens and one part of each kind.
fn small(model: Value, normalizer: Value, pre_tokenizer: Value, post_processor: Value) -> Value {
    let token = |id: u32, content: &str| {
        json!({"id": id, "content": content, "special": true, "single_word": false, "lstrip": true, "rstrip": false,
               "normalized": false})
    };
    json!({"version": "1.0", "added_tokens": [token(0, "<s>"), token(1, "</s>")], "normalizer": normalizer,
           "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "model": model})
}

fn bpe() -> Value {
    json!({"type": "BPE", "dropout": null, "unk_token": "<s>", "continuing_subword_prefix": null,
           "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
           "vocab": {"<s>": 0, "</s>": 1, "a": 2, "b": 3, "ab": 4, "Ġ": 5, "Ġab": 6, "<0x0A>": 7},
           "merges": [["a", "b"], ["Ġ", "ab"]]})
}

fn byte_level() -> Value {
    json!({"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true})
}

fn bpe_file() -> Value {
    let split =
        json!({"type": "Split", "pattern": {"Regex": " ?[ab]+|\\s+(?!\\S)"}, "behavior": "Isolated", "invert": false});
    let digits = json!({"type": "Digits", "individual_digits": true});
    let replace = json!({"type": "Replace", "pattern": {"String": "c"}, "content": "ab"});
    let template = json!({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}},
        {"Sequence": {"id": "B", "type_id": 0}}], "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}});
    small(
        bpe(),
        json!({"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Prepend", "prepend": "a"}, replace]}),
        json!({"type": "Sequence", "pretokenizers": [digits, split, byte_level()]}),
        json!({"type": "Sequence", "processors": [byte_level(), template]}),
    )
}

fn unigram_file() -> Value {
    let vocab = json!([["<s>", 0.0], ["</s>", 0], ["▁", -1.0], ["a", -2.5], ["▁ab", -3.0], ["b", -4.0]]);
    let map = json(&golden().join("tokenizers/unigram.json"))["normalizer"]["normalizers"][0].clone();
    assert_eq!(map["type"], "Precompiled");
    let roberta = json!({"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": true,
                         "add_prefix_space": true});
    small(
        json!({"type": "Unigram", "unk_id": 0, "vocab": vocab, "byte_fallback": false}),
        json!({"type": "Sequence", "normalizers": [map, {"type": "Strip", "strip_left": true, "strip_right": true}]}),
        json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}),
        roberta,
    )
}

/// Whatever stands in any one place of a file: it is refused, or the tokenizer reads.
#[test]
fn no_value_in_any_place_makes_it_panic() {
    for file in [bpe_file(), unigram_file()] {
        TextTokenizer::load(file.to_string().as_bytes(), 8).unwrap();
        let mut all = Vec::new();
        places(&file, "", &mut all);
        for place in &all {
            for bad in [
                json!(null),
                json!(true),
                json!(0),
                json!(u32::MAX),
                json!(1e300),
                json!(""),
                json!("a"),
                json!(" "),
                json!("é"),
                json!([]),
                json!([[]]),
                json!({}),
                json!({"type": "Sequence"}),
                json!({"String": ""}),
                json!({"Regex": "a*"}),
                json!({"Regex": "^|$|\\s*"}),
                byte_level(),
            ] {
                let mut changed = file.clone();
                *changed.pointer_mut(place).unwrap() = bad.clone();
                match TextTokenizer::load(changed.to_string().as_bytes(), 8) {
                    Err(fault) => assert_eq!(fault.kind, Kind::Tokenizer, "{place} = {bad}"),
                    Ok(tokenizer) => {
                        for text in ["", "aa a", "  ab\u{3000}<s> cab</s>b é 🍕 \u{301}\n12"] {
                            for pair in [None, Some(text)] {
                                if let Ok(tokens) = tokenizer.encode(text, pair) {
                                    assert_eq!(tokens.shown(text, pair).len(), tokens.len());
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn refused(file: &Value, case: &str) {
    let fault = TextTokenizer::load(file.to_string().as_bytes(), POSITIONS).err();
    let fault = fault.unwrap_or_else(|| panic!("{case}: was loaded"));
    assert_eq!(fault.kind, Kind::Tokenizer, "{case}");
    assert!(!fault.got.is_empty() && fault.advice.ends_with('.'), "{case}: {fault}");
}

#[test]
fn byte_pairs_that_would_panic_later_are_refused() {
    let with = |field: &str, value: Value| {
        let mut file = bpe_file();
        file["model"][field] = value;
        file
    };
    refused(&with("merges", json!([["a", "c"]])), "a merge of a token that is not there");
    refused(&with("merges", json!([["Ġab", "Ġab"]])), "a merge longer than any token");
    refused(&with("merges", json!([["b", "a"]])), "a merge whose sum is not there");
    refused(&with("merges", json!(["a b c"])), "a merge of three");
    refused(&with("merges", json!(["ab"])), "a merge of one");
    refused(&with("merges", json!({})), "merges that are no list");
    refused(&with("continuing_subword_prefix", json!("##")), "a prefix that tokens do not have");
    refused(&with("end_of_word_suffix", json!("x".repeat(1 << 20))), "a suffix of a megabyte");
    refused(&with("unk_token", json!("<none>")), "an unknown token that is unknown");
    refused(&with("vocab", json!([["a", 0.0]])), "a list for a vocabulary");
    let with = |field: &str, value: Value| {
        let mut file = unigram_file();
        file["model"][field] = value;
        file
    };
    refused(&with("unk_id", json!(6)), "an unknown piece past the end");
    refused(&with("unk_id", Value::Null), "no unknown piece");
    refused(&with("vocab", json!([["a".repeat(300), 0.0]])), "a piece of 300 bytes");
    refused(&with("vocab", json!([["a", "b"]])), "a text for a score");
    refused(&with("vocab", json!([["a"]])), "no score");
    refused(&with("vocab", json!([])), "no pieces");
}

#[test]
fn parts_that_would_run_away_are_refused() {
    let with = |part: &str, value: Value| {
        let mut file = bpe_file();
        file[part] = value;
        file
    };
    let list = |kind: &str, part: &Value, count: usize| {
        let name = if kind == "normalizer" { "normalizers" } else { "pretokenizers" };
        with(kind, json!({"type": "Sequence", name: vec![part.clone(); count]}))
    };
    let replace = |pattern: Value, content: &str| json!({"type": "Replace", "pattern": pattern, "content": content});
    refused(&with("normalizer", replace(json!({"String": "a"}), &"a".repeat(17))), "a long replacement");
    refused(&list("normalizer", &replace(json!({"String": "a"}), "aaaa"), 4), "four times four times");
    refused(&list("normalizer", &replace(json!({"Regex": ""}), "aaaa"), 3), "between all characters");
    refused(&with("normalizer", replace(json!({"Regex": "a|^"}), "a")), "the place before all characters");
    refused(&with("normalizer", replace(json!({"String": ""}), "a")), "nothing replaced");
    refused(&with("normalizer", json!({"type": "Prepend", "prepend": ""})), "nothing before");
    refused(&with("normalizer", replace(json!({"Regex": "(a+)+(?=b)"}), "")), "look-ahead");
    refused(&with("normalizer", json!({"type": "Prepend", "prepend": "a".repeat(1 << 20)})), "a megabyte before");
    refused(&list("normalizer", &json!({"type": "NFD"}), 33), "33 normalizers");
    refused(&list("pre_tokenizer", &byte_level(), 2), "bytes of bytes");
    let metaspace = json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"});
    refused(&list("pre_tokenizer", &metaspace, 2), "two marks");
    let split = |pattern: &str| json!({"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": false});
    refused(&with("pre_tokenizer", split("(a|a)*(?!b)")), "backtracking");
    refused(&with("pre_tokenizer", split("(")), "no pattern");
    refused(&with("pre_tokenizer", split(r"\p{L}{1000}{1000}")), "a pattern of a million");
    let mut deep = json!({"type": "NFC"});
    for _ in 0..6 {
        deep = json!({"type": "Sequence", "normalizers": [deep]});
    }
    refused(&with("normalizer", deep), "lists in lists");
    refused(&with("normalizer", json!({"type": "BertNormalizer", "prepend": "a".repeat(1 << 20)})), "a name that lies");

    let template = bpe_file()["post_processor"]["processors"][1].clone();
    let steps = |steps: Vec<Value>| with("post_processor", json!({"type": "Sequence", "processors": steps}));
    refused(&steps(vec![template.clone(), template.clone()]), "two templates");
    refused(&steps(vec![template.clone(), byte_level()]), "a template that is not last");
    refused(&steps(vec![json!({"type": "Sequence", "processors": [template.clone()]})]), "a list in a list");
    refused(&steps(vec![byte_level(); 9]), "nine steps");
    let mut lost = template;
    lost["single"] =
        json!([{"SpecialToken": {"id": "[GHOST]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]);
    refused(&steps(vec![lost]), "a token that is not defined");
}

/// Twice the text takes about twice the work, and what is beyond the limit takes none.
#[test]
fn the_work_for_a_long_text_grows_with_what_is_read_of_it() {
    const LIMIT: usize = 64 * POSITIONS;
    for file in [bpe_file().to_string().into_bytes(), unigram_file().to_string().into_bytes(), file("llama3.json")] {
        let tokenizer = TextTokenizer::load(&file, POSITIONS).unwrap();
        for text in ["ab".repeat(1 << 20), " ".repeat(1 << 20), "é\u{301}\n".repeat(1 << 18), "🍕".repeat(1 << 18)] {
            let work = |chars: usize| {
                let text: String = text.chars().take(chars).collect();
                allocated(|| assert!(tokenizer.encode(&text, None).unwrap().len() <= POSITIONS))
            };
            let [half, whole, far_too_long] = [LIMIT / 2, LIMIT, usize::MAX].map(work);
            println!("{half} {whole} {far_too_long}");
            assert!(whole < 3 * half, "{half} bytes for half of it, {whole} for all");
            assert!(far_too_long < whole + whole / 10, "{far_too_long} bytes, where what is read needs {whole}");
        }
    }
}

#[test]
fn older_files_that_are_none_are_refused() {
    let refused = |loaded: attnscope::Result<TextTokenizer>, case: &str| {
        let fault = loaded.err().unwrap_or_else(|| panic!("{case}: was loaded"));
        assert_eq!(fault.kind, Kind::Tokenizer, "{case}: {fault}");
    };
    let (vocab, merges) = (file("gpt2.vocab.json"), file("gpt2.merges.txt"));
    let pairs = |vocab: &[u8], merges: &[u8], config: Option<&[u8]>| {
        TextTokenizer::load_byte_pairs(vocab, merges, config, None, POSITIONS)
    };
    for end in (0..vocab.len()).step_by(97) {
        refused(pairs(&vocab[..end], &merges, None), "a vocabulary that is cut");
    }
    refused(pairs(&vocab, b"a b c", None), "a merge of three");
    refused(pairs(&vocab, b"ab", None), "a merge of one");
    refused(pairs(&vocab, "x \u{3042}".as_bytes(), None), "a merge of what is not there");
    refused(pairs(&vocab, &[0xff], None), "no UTF-8");
    refused(pairs(&vocab, &merges, Some(b"[]")), "settings that are a list");
    refused(pairs(&vocab, &merges, Some(br#"{"added_tokens_decoder": {"x": {"content": "a"}}}"#)), "no id");
    refused(pairs(&vocab, &merges, Some(br#"{"added_tokens_decoder": {"9": {}}}"#)), "no content");
    refused(pairs(&vocab, &merges, Some(br#"{"added_tokens_decoder": {"999": {"content": "<new>"}}}"#)), "an id apart");
    refused(pairs(&vocab, &merges, Some(br#"{"cls_token": "<none>", "sep_token": "a"}"#)), "a lost separator");
    refused(pairs(&vocab, &merges, Some(br#"{"bos_token": "<none>", "add_bos_token": true}"#)), "a lost start");
    let pieces = |vocab: &[u8]| TextTokenizer::load_word_pieces(vocab, None, POSITIONS);
    refused(pieces(b""), "no lines");
    refused(pieces(b"[CLS]\n[SEP]\na"), "no unknown token");
    refused(pieces(b"[UNK]\n[SEP]\na"), "no separator");
    refused(pieces(&[0xff, b'\n']), "no UTF-8");
}

/// Any byte of a GGUF file's lists changed: an error, or a tokenizer that reads.
#[test]
fn no_byte_of_a_gguf_file_makes_its_tokenizer_panic() {
    for name in ["sentencepiece.gguf", "unigram.gguf"] {
        let whole = file(name);
        for place in (24..whole.len()).step_by(7) {
            let mut file = whole.clone();
            file[place] ^= 0x55;
            if let Ok(file) = Gguf::open(file)
                && let Ok(tokenizer) = TextTokenizer::load_gguf(&file, POSITIONS)
            {
                let text = "The tab 🍕\n<s> é";
                let _ = tokenizer.encode(text, Some(text)).map(|tokens| tokens.shown(text, Some(text)));
            }
        }
    }
}
