//! Tokenizers of every kind against Hugging Face's library and SentencePiece (`golden/make_tokenizers.py`), and such
//! files as strangers send them.

use crate::common::{bytes, golden, json};
use crate::memory::allocated;
use attnscope::Kind;
use attnscope::engine::TextTokenizer;
use attnscope::engine::formats::gguf::Gguf;
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
        TextTokenizer::load_byte_pairs((&vocab, &merges), config.map(str::as_bytes), None, POSITIONS).unwrap()
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

/// JSON pointers to every value of a file.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.replace('/', "~1"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|(name, value)| places(value, &format!("{here}/{name}"), all));
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
        TextTokenizer::load_byte_pairs((vocab, merges), config, None, POSITIONS)
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
