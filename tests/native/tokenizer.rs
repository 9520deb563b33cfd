//! Texts as readers type them and tokenizer files as strangers send them.

use crate::common::{bytes, golden, json, minilm_folder, places, tokenizer};
use crate::memory::allocated;
use attnscope::Kind;
use attnscope::engine::{Cut, TextTokenizer, Tokens};
use serde_json::{Value, json};

fn shown(text: &str, pair: Option<&str>) -> Vec<String> {
    let tokens = tokenizer().encode(text, pair).unwrap();
    let mark = |token: &attnscope::engine::Shown| {
        let (before, after) = (if token.continues { "~" } else { "" }, if token.unknown { "?" } else { "" });
        format!("{before}{}{after}", token.text)
    };
    tokens.shown(text, pair).iter().map(mark).collect()
}

#[test]
fn tokens_are_shown_in_the_readers_own_characters() {
    assert_eq!(shown("Café NAÏVE", None), ["[CLS]", "Café", "NAÏVE", "[SEP]"]);
    assert_eq!(shown("I love 🍕 and 👩‍👩‍👧‍👦!", None), ["[CLS]", "I", "love", "🍕?", "and", "👩‍👩‍👧‍👦?", "!", "[SEP]"]);
    assert_eq!(shown("untokenizable Words", None), ["[CLS]", "unto", "~ken", "~iza", "~ble", "Words", "[SEP]"]);
    assert_eq!(shown("Who?", Some("Übermut")), ["[CLS]", "Who", "?", "[SEP]", "Über", "~mut", "[SEP]"]);
    assert_eq!(shown("it's a [MASK] [UNK]", None), ["[CLS]", "it", "'", "s", "a", "[MASK]", "[UNK]", "[SEP]"]);
    assert_eq!(shown("日本 注", None), ["[CLS]", "日", "本", "注?", "[SEP]"]);
    // What the tokenizer drops belongs to the character before it: an accent, a heart's colour.
    assert_eq!(shown("cafe\u{301} ❤\u{fe0f}, x", None), ["[CLS]", "cafe\u{301}", "❤\u{fe0f}?", ",", "x", "[SEP]"]);
    let tokens = small(4).encode("unto\u{301}kenizable", None).unwrap();
    let words: Vec<String> = tokens.shown("unto\u{301}kenizable", None).into_iter().map(|t| t.text).collect();
    assert_eq!(words, ["[CLS]", "unto\u{301}", "ken", "[SEP]"], "what was not read is not shown");
}

#[test]
fn special_tokens_are_marked_written_or_added() {
    let tokens = tokenizer().encode("a [MASK]", Some("b")).unwrap();
    let special: Vec<bool> = tokens.items.iter().map(|t| t.special).collect();
    assert_eq!(special, [true, false, true, true, false, true]);
    let sequence: Vec<Option<usize>> = tokens.items.iter().map(|t| t.sequence).collect();
    assert_eq!(sequence, [None, Some(0), Some(0), None, Some(1), None]);
    assert_eq!(tokens.segments(), [0, 0, 0, 0, 1, 1]);
    assert_eq!((tokens.items[2].chars, tokens.items[2].bytes), ((2, 8), (2, 8)));
}

/// Byte and character offsets mean the same characters of the caller's text.
#[test]
fn both_offsets_agree() {
    let texts = json(&golden().join("texts.json"));
    for case in texts.as_array().unwrap() {
        let (text, pair) = (case["text"].as_str().unwrap(), case["pair"].as_str());
        for token in tokenizer().encode(text, pair).unwrap().items {
            let source = if token.sequence == Some(1) { pair.unwrap() } else { text };
            let by_chars: String = source.chars().skip(token.chars.0).take(token.chars.1 - token.chars.0).collect();
            assert_eq!(source.get(token.bytes.0..token.bytes.1), Some(by_chars.as_str()), "{}", token.token);
        }
    }
}

#[test]
fn an_empty_text_is_its_separators() {
    for text in ["", "   ", "\n\t", "\u{0}\u{feff}\u{200b}"] {
        assert_eq!(tokenizer().encode(text, None).unwrap().ids(), [101, 102], "{text:?}");
    }
    assert_eq!(tokenizer().encode("", Some("")).unwrap().ids(), [101, 102, 102]);
    assert_eq!(tokenizer().encode("", Some("a")).unwrap().segments(), [0, 0, 1, 1]);
}

fn small(positions: usize) -> TextTokenizer {
    TextTokenizer::load(&bytes(&minilm_folder().join("tokenizer.json")), positions).unwrap()
}

fn words(tokens: &Tokens) -> Vec<&str> {
    tokens.items.iter().map(|t| t.token.as_str()).collect()
}

#[test]
fn a_long_text_is_cut_and_told() {
    let tokens = small(5).encode("one two  three four five", None).unwrap();
    assert_eq!(words(&tokens), ["[CLS]", "one", "two", "three", "[SEP]"]);
    assert_eq!(tokens.cuts, [Cut { sequence: 0, from_char: 15, of_chars: 24 }]);

    let tokens = small(8).encode("a b c d e f", Some("x y")).unwrap();
    assert_eq!(words(&tokens), ["[CLS]", "a", "b", "c", "[SEP]", "x", "y", "[SEP]"]);
    assert_eq!(tokens.cuts, [Cut { sequence: 0, from_char: 6, of_chars: 11 }]);

    let tokens = small(8).encode("a b c d e f", Some("x é z u v w")).unwrap();
    assert_eq!(words(&tokens), ["[CLS]", "a", "b", "[SEP]", "x", "e", "z", "[SEP]"]);
    let [first, second] = &tokens.cuts[..] else { panic!("both were cut") };
    assert_eq!((first.from_char, second.from_char), (4, 6));
    assert!(small(8).encode("a b c", Some("x y")).unwrap().cuts.is_empty());
}

#[test]
fn megabytes_are_cut_before_they_are_read() {
    for text in ["word ".repeat(1_000_000), "x".repeat(5_000_000), "é\u{301}".repeat(2_000_000), " ".repeat(5_000_000)]
    {
        let tokenizer = tokenizer();
        let read = text.chars().take(64 * tokenizer.positions()).collect::<String>();
        let needed = allocated(|| drop(tokenizer.encode(&read, Some(&read)).unwrap()));
        let bytes = allocated(|| {
            let tokens = tokenizer.encode(&text, Some(&text)).unwrap();
            assert!(tokens.len() <= 512);
            assert_eq!(tokens.cuts.len(), 2);
            assert_eq!(tokens.cuts[0].of_chars, text.chars().count());
        });
        assert!(bytes < needed + needed / 10, "{bytes} bytes, where what is read needs {needed}");
    }
}

/// The file changed in one place is refused as a tokenizer, and told.
fn refused(change: impl Fn(&mut Value), case: &str) {
    let mut file = json(&minilm_folder().join("tokenizer.json"));
    change(&mut file);
    refused_bytes(file.to_string().as_bytes(), case);
}

fn refused_bytes(file: &[u8], case: &str) {
    let fault = TextTokenizer::load(file, 512).err().unwrap_or_else(|| panic!("{case}: was loaded"));
    assert_eq!(fault.kind, Kind::Tokenizer, "{case}");
    assert!(!fault.got.is_empty() && fault.advice.ends_with('.'), "{case}: {fault}");
}

#[test]
fn files_that_are_no_tokenizer_are_refused() {
    let file = bytes(&minilm_folder().join("tokenizer.json"));
    for end in [0, 1, 2, 100, 5000, file.len() / 2, file.len() - 1] {
        refused_bytes(&file[..end], &format!("cut at {end}"));
    }
    for text in ["null", "[]", "{}", "3", "{\"model\": null}", "{\"model\": {}}", "\u{0}"] {
        refused_bytes(text.as_bytes(), text);
    }
    refused_bytes(&[0xff; 1000], "no text");
    refused_bytes("[".repeat(5_000_000).as_bytes(), "millions of lists");
    refused_bytes(format!("{{\"normalizer\":{}", "{\"type\":".repeat(1_000_000)).as_bytes(), "a million objects");
}

#[test]
fn parts_that_would_panic_later_are_refused() {
    let charsmap = |map: &str| json!({"type": "Precompiled", "precompiled_charsmap": map});
    refused(|f| f["normalizer"] = charsmap("AAAA/////w=="), "a character map of four billion entries");
    refused(|f| f["normalizer"] = json!({"type": "Sequence", "normalizers": [charsmap("BAAAAP////8=")]}), "a cut map");
    refused(|f| f["normalizer"] = json!({"type": "Unheard"}), "an unknown normalizer");
    refused(|f| f["normalizer"] = json!({"type": "Strip"}), "a normalizer without its fields");
    refused(|f| f["normalizer"] = json!(7), "a number for a normalizer");
    refused(|f| f["pre_tokenizer"] = json!({"type": "FixedLength", "length": 0}), "pieces of no length");
    refused(|f| f["pre_tokenizer"] = json!({"type": "Split", "pattern": {"Regex": "(a*)*b"}}), "a slow pattern");
    refused(|f| f["model"]["type"] = json!("Unigram"), "another model");
    refused(|f| f["model"]["vocab"] = json!({"[UNK]": -1}), "a negative id");
    refused(|f| f["model"]["vocab"] = json!([1, 2]), "a list for a vocabulary");
    refused(|f| f["model"]["unk_token"] = json!("[NONE]"), "an unknown token that is unknown");
    refused(|f| f["model"]["max_input_chars_per_word"] = json!(1_000_000_000), "endless words");
    refused(|f| f["model"]["continuing_subword_prefix"] = json!("#".repeat(1 << 20)), "a prefix of a megabyte");
}

#[test]
fn added_tokens_are_held_against_the_vocabulary() {
    let token = |id: Value, content: &str| {
        json!({"id": id, "content": content, "special": true, "single_word": false, "lstrip": false,
               "rstrip": false, "normalized": false})
    };
    let with = |id: Value, content: &'static str| {
        move |file: &mut Value| file["added_tokens"].as_array_mut().unwrap().push(token(id.clone(), content))
    };
    refused(with(json!(4_000_000_000u32), "[FAR]"), "an id outside the vocabulary");
    refused(with(json!(u64::MAX), "[FARTHER]"), "an id outside 32 bits");
    refused(with(json!(5), "[CLS]"), "another id for a token of the vocabulary");
    refused(with(json!(30522), ""), "no content");
    refused(with(json!("5"), "x"), "a text for an id");
    refused(|f| f["added_tokens"] = json!([7]), "a number for a token");
}

#[test]
fn templates_are_read_before_they_are_used() {
    let a = || json!({"Sequence": {"id": "A", "type_id": 0}});
    let b = || json!({"Sequence": {"id": "B", "type_id": 0}});
    let ghost = || json!({"SpecialToken": {"id": "[GHOST]", "type_id": 0}});
    refused(|f| f["post_processor"]["single"] = json!([ghost(), a()]), "a token that is not defined");
    refused(|f| f["post_processor"]["pair"] = json!([a(), ghost(), b()]), "the same for two texts");
    refused(|f| f["post_processor"]["single"] = json!([b()]), "a second text that is not there");
    refused(|f| f["post_processor"]["single"] = json!([a(), b()]), "both where there is one");
    refused(|f| f["post_processor"]["single"] = json!([]), "no text");
    refused(|f| f["post_processor"]["pair"] = json!([a(), a()]), "one text twice");
    let tokens = |ids: Value| move |f: &mut Value| f["post_processor"]["special_tokens"]["[CLS]"]["ids"] = ids.clone();
    refused(tokens(json!([101, 101])), "more ids than tokens");
    refused(|f| f["post_processor"] = json!({"type": "ByteLevel", "trim_offsets": true}), "another processor");
    refused(|f| f["post_processor"]["single"] = json!(vec![a(); 100_000]), "a text a hundred thousand times");
    let many = json!({"id": "[CLS]", "ids": vec![101; 600], "tokens": vec!["[CLS]"; 600]});
    refused(|f| f["post_processor"]["special_tokens"]["[CLS]"] = many.clone(), "more added tokens than positions");
}

/// The built-in file with a vocabulary of seven.
fn short_file() -> Value {
    let mut file = json(&minilm_folder().join("tokenizer.json"));
    file["model"]["vocab"] =
        json!({"[PAD]": 0, "a": 1, "##a": 2, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103});
    file
}

/// Whatever stands in any one place of the file: it is refused, or the tokenizer reads.
#[test]
fn no_value_in_any_place_makes_it_panic() {
    let file = short_file();
    let mut all = Vec::new();
    places(&file, "", &mut all);
    assert!(all.len() > 100);
    for place in &all {
        for bad in [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(u32::MAX),
            json!(u64::MAX),
            json!(1e300),
            json!(""),
            json!("a"),
            json!("B"),
            json!([]),
            json!([[]]),
            json!({}),
            json!({"type": "Sequence"}),
            json!({"a": u32::MAX, "##a": u32::MAX, "[UNK]": u32::MAX}),
        ] {
            let mut changed = file.clone();
            *changed.pointer_mut(place).unwrap() = bad.clone();
            match TextTokenizer::load(changed.to_string().as_bytes(), 8) {
                Err(fault) => assert_eq!(fault.kind, Kind::Tokenizer, "{place} = {bad}"),
                Ok(tokenizer) => {
                    for text in ["", "aa a", "[CLS] a[MASK]b é 🍕 \u{301}"] {
                        let _ = tokenizer.encode(text, None);
                        let _ = tokenizer.encode(text, Some(text));
                    }
                }
            }
        }
    }
}

/// What is let in stands up to any text.
#[test]
fn every_part_that_is_let_in_reads_every_text() {
    let file = json(&minilm_folder().join("tokenizer.json"));
    let texts = [
        "",
        " ",
        "a",
        " a ",
        "\u{301}",
        "\u{301}a\u{301} ",
        "ﬁ ﷺ ½",
        "İ ẞ",
        "👩‍👩‍👧‍👦",
        "\u{0}\u{fffd}",
        "한글 ",
        "\r\n\u{a0}",
    ];
    let strip = |left, right| json!({"type": "Strip", "strip_left": left, "strip_right": right});
    let mut normalizers = vec![strip(true, true), strip(true, false), strip(false, true), Value::Null];
    normalizers.extend(["Lowercase", "NFC", "NFD", "NFKC", "NFKD", "StripAccents"].map(|kind| json!({"type": kind})));
    normalizers.push(json!({"type": "Sequence", "normalizers": normalizers[4..].to_vec()}));
    normalizers.push(file["normalizer"].clone());
    let mut pre_tokenizers = vec![Value::Null, json!({"type": "Punctuation", "behavior": "Isolated"})];
    pre_tokenizers.extend(["BertPreTokenizer", "Whitespace", "WhitespaceSplit"].map(|kind| json!({"type": kind})));
    pre_tokenizers.push(json!({"type": "Sequence", "pretokenizers": pre_tokenizers[1..].to_vec()}));
    let processors = [
        Value::Null,
        json!({"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}),
        file["post_processor"].clone(),
    ];
    let mut small = short_file();
    for normalizer in &normalizers {
        for pre_tokenizer in &pre_tokenizers {
            for processor in &processors {
                small["normalizer"] = normalizer.clone();
                small["pre_tokenizer"] = pre_tokenizer.clone();
                small["post_processor"] = processor.clone();
                let tokenizer = TextTokenizer::load(small.to_string().as_bytes(), 6).unwrap();
                for text in texts {
                    for pair in [None, Some(text), Some("a b c d e f g")] {
                        let tokens = tokenizer.encode(text, pair).unwrap();
                        assert!(tokens.len() <= 6);
                        assert_eq!(tokens.shown(text, pair).len(), tokens.len());
                    }
                }
            }
        }
    }
}

/// The built-in file asks for 128 tokens, filled up; neither is done.
#[test]
fn the_files_own_truncation_and_padding_are_off() {
    let tokens = tokenizer().encode(&"word ".repeat(300), None).unwrap();
    assert_eq!(tokens.len(), 302);
    let mut file = json(&minilm_folder().join("tokenizer.json"));
    file["truncation"] = json!({"max_length": 0, "strategy": "OnlySecond", "stride": 9});
    let tokens = TextTokenizer::load(file.to_string().as_bytes(), 512).unwrap().encode("a b", None).unwrap();
    assert_eq!(tokens.len(), 4);
}

#[test]
fn an_unknown_token_is_the_readers_own_and_a_written_special_token_is_special() {
    let tokenizer = tokenizer();
    let tokens = tokenizer.encode("I 🍕 [MASK] [UNK]", None).unwrap();
    let found: Vec<_> = tokens.items.iter().map(|t| (t.token.as_str(), t.special)).collect();
    let expected =
        [("[CLS]", true), ("i", false), ("[UNK]", false), ("[MASK]", true), ("[UNK]", true), ("[SEP]", true)];
    assert_eq!(found, expected);
}
