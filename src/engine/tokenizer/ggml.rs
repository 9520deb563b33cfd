//! The tokenizer of a GGUF file: a list of tokens with their kinds, and merges or scores
//! (<https://github.com/ggml-org/llama.cpp/blob/master/src/llama-vocab.cpp>).
//!
//! It is translated to the fields of a `tokenizer.json`, which are then checked and built like such a file.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::engine::formats::gguf::Gguf;
use crate::engine::tokenizer::json::{base64, refused};
use crate::engine::tokenizer::legacy::{WordPieces, around, fields, special, word_piece_file};
use crate::engine::tokenizer::tokens::Note;
use crate::error::Result;

/// The longest piece, in bytes. SentencePiece's own limit is 16 characters, but runs of spaces are longer.
const LONGEST_PIECE: usize = 256;
/// The sign for a space.
const SPACE: &str = "▁";

/// The kinds of tokens, by their numbers in the file.
const NORMAL: f64 = 1.0;
const CONTROL: f64 = 3.0;
const USER_DEFINED: f64 = 4.0;

/// The patterns that split texts before byte pairs are merged: Llama 3's and Qwen 2's. GPT-2's is the default.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN_2: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// A token of a published vocabulary, and its id if that is the same in all files.
type Known = (&'static str, Option<usize>);
/// Tokens by which published byte-pair vocabularies are recognized, and the name of llama.cpp's converter for the way
/// in which their texts are split.
const KNOWN: [(&[Known], &str); 6] = [
    (&[("<|begin_of_text|>", Some(128_000)), ("<|end_of_text|>", Some(128_001))], "llama-bpe"),
    (&[("<|im_start|>", Some(151_644)), ("<|endoftext|>", Some(151_643))], "qwen2"),
    (&[("<|endoftext|>", Some(50_256)), ("!", Some(0))], "gpt-2"),
    (&[("<|endoftext|>", Some(0)), ("<repo_name>", None), ("<issue_start>", None)], "smollm"),
    (&[("<|endoftext|>", Some(0)), ("<|padding|>", Some(1))], "olmo"),
    (&[("<s>", Some(0)), ("<pad>", Some(1)), ("</s>", Some(2)), ("<unk>", Some(3)), ("<mask>", None)], "roberta-bpe"),
];
const BLOOM: &str = r" ?[^(\s|[.,!?…。，、।۔،])]+";

/// The tokens of the file.
struct Vocabulary<'a> {
    file: &'a Gguf,
    tokens: Vec<&'a str>,
    /// One for each token, or empty.
    kinds: Vec<f64>,
}

/// The fields of an equivalent `tokenizer.json`, and a note for readers if there is one.
///
/// Errors ([`crate::Kind::Tokenizer`]): no tokens, an unknown kind of tokenizer or pre-tokenizer, lists of different
/// lengths, or scores that are not finite.
pub fn tokenizer_fields(file: &Gguf) -> Result<(Map<String, Value>, Option<Note>)> {
    let tokens = file.texts("tokenizer.ggml.tokens");
    let tokens = tokens.ok_or_else(|| refused("tokenizer.ggml.tokens", "a list of texts", "nothing".to_owned()))?;
    let kinds = file.reals("tokenizer.ggml.token_type").unwrap_or_default();
    let vocabulary = Vocabulary { file, tokens, kinds };
    if !vocabulary.kinds.is_empty() {
        vocabulary.same_length("tokenizer.ggml.token_type", vocabulary.kinds.len())?;
    }
    match file.text("tokenizer.ggml.model").unwrap_or("none") {
        "gpt2" => vocabulary.byte_pairs(),
        "llama" => Ok((vocabulary.sentence_piece()?, None)),
        "t5" => Ok((vocabulary.unigram()?, None)),
        "bert" => Ok((vocabulary.word_pieces()?, None)),
        other => {
            let got = other.chars().take(60).collect();
            Err(refused("tokenizer.ggml.model", "gpt2, llama, t5 or bert", got))
        }
    }
}

impl<'a> Vocabulary<'a> {
    fn same_length(&self, what: &str, length: usize) -> Result<()> {
        let expected = self.tokens.len();
        if length == expected {
            return Ok(());
        }
        Err(refused(what, &format!("{expected} of them, one for each token"), length.to_string()))
    }

    /// The token whose id the key has, and that id.
    fn token(&self, key: &str) -> Option<(&'a str, u64)> {
        let id = usize::try_from(self.file.whole(&format!("tokenizer.ggml.{key}_token_id"))?).ok()?;
        Some((self.tokens.get(id).copied().filter(|token| !token.is_empty())?, id as u64))
    }

    fn ids(&self) -> Map<String, Value> {
        self.tokens.iter().enumerate().map(|(id, token)| ((*token).to_owned(), json!(id))).collect()
    }

    fn is(&self, id: usize, kind: f64) -> bool {
        self.kinds.get(id).copied().unwrap_or(NORMAL) == kind
    }

    /// The tokens that are matched in a text before anything else.
    fn added(&self) -> Vec<Value> {
        let written = |(id, token): (usize, &&str)| {
            let is_control = self.is(id, CONTROL);
            // Of two tokens with the same text the vocabulary keeps the last.
            let mut token = special(id as u64, token, false);
            token["special"] = json!(is_control);
            (is_control || self.is(id, USER_DEFINED)).then_some(token)
        };
        let kept: HashMap<&str, usize> = self.tokens.iter().enumerate().map(|(id, token)| (*token, id)).collect();
        let tokens = self.tokens.iter().enumerate();
        tokens.filter(|(id, token)| !token.is_empty() && kept[*token] == *id).filter_map(written).collect()
    }

    /// The post-processor that adds tokens before and after a text, as the file says or by default.
    fn processor(&self, usually_first: bool, usually_last: bool) -> Value {
        let wanted = |key, usually| self.file.switch(key).unwrap_or(usually);
        let first = self.token("bos").filter(|_| wanted("tokenizer.ggml.add_bos_token", usually_first));
        let last = self.token("eos").filter(|_| wanted("tokenizer.ggml.add_eos_token", usually_last));
        around(first, last)
    }

    /// The name of the way in which texts are split before byte pairs are merged: the file's own or, in older files,
    /// that of the published vocabulary that it equals. For other vocabularies it is unknown; GPT-2's is used, with a
    /// note.
    fn parted_as(&self) -> (&'a str, Option<Note>) {
        if let Some(name) = self.file.text("tokenizer.ggml.pre").filter(|name| *name != "default") {
            return (name, None);
        }
        let has = |&(token, id): &Known| match id {
            Some(id) => self.tokens.get(id) == Some(&token),
            None => self.tokens.contains(&token),
        };
        let known = KNOWN.iter().find(|(tokens, _)| tokens.iter().all(has));
        known.map_or(("gpt-2", Some(Note::GuessedSplit)), |(_, name)| (*name, None))
    }

    /// Byte pairs with merges, as in GPT-2.
    fn byte_pairs(&self) -> Result<(Map<String, Value>, Option<Note>)> {
        let merges = self.file.texts("tokenizer.ggml.merges");
        let merges = merges.ok_or_else(|| refused("tokenizer.ggml.merges", "a list of texts", "nothing".to_owned()))?;
        let (name, note) = self.parted_as();
        let bytes = |use_regex: bool| json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex});
        let split = |pattern: &str| {
            let split =
                json!({"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": false});
            json!({"type": "Sequence", "pretokenizers": [split, bytes(false)]})
        };
        let is_llama_3 = matches!(name, "llama3" | "llama-v3" | "llama-bpe" | "falcon3" | "smollm3");
        let pre_tokenizer = match name {
            "gpt-2" | "phi-2" | "olmo" | "mpt" | "jais" | "roberta-bpe" | "modern-bert" => bytes(true),
            "smollm" | "starcoder" | "refact" | "command-r" | "codeshell" | "exaone" | "minerva-7b" => json!({
                "type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true}, bytes(true)],
            }),
            "dbrx" | "smaug-bpe" => split(LLAMA_3),
            _ if is_llama_3 => split(LLAMA_3),
            "qwen2" | "deepseek-r1-qwen" | "stablelm2" => split(QWEN_2),
            "bloom" | "poro-chat" | "gpt3-finnish" => split(BLOOM),
            other => {
                let expected = "gpt-2, smollm, llama-bpe, qwen2, olmo, dbrx, bloom or another known way to part texts";
                return Err(refused("tokenizer.ggml.pre", expected, other.chars().take(60).collect()));
            }
        };
        let is_roberta = name == "roberta-bpe";
        let file = fields(json!({
            "version": "1.0",
            "added_tokens": self.added(),
            "pre_tokenizer": pre_tokenizer,
            "decoder": bytes(true),
            "post_processor": self.processor(is_llama_3 || is_roberta, is_roberta),
            "model": {"type": "BPE", "vocab": self.ids(), "merges": merges, "ignore_merges": is_llama_3},
        }));
        Ok((file, note))
    }

    fn scores(&self) -> Result<Vec<f64>> {
        let scores = self.file.reals("tokenizer.ggml.scores").unwrap_or_default();
        self.same_length("tokenizer.ggml.scores", scores.len())?;
        if scores.iter().all(|score| score.is_finite()) {
            return Ok(scores);
        }
        Err(refused("tokenizer.ggml.scores", "numbers", "NaN or an infinite one".to_owned()))
    }

    /// SentencePiece's byte pairs, as in Llama: neighbours are merged by the score of the token that they make.
    fn sentence_piece(&self) -> Result<Map<String, Value>> {
        let replace = json!({"type": "Replace", "pattern": {"String": " "}, "content": SPACE});
        let prepend = json!({"type": "Prepend", "prepend": SPACE});
        let has_prefix = self.file.switch("tokenizer.ggml.add_space_prefix").unwrap_or(true);
        let normalizers = if has_prefix { vec![prepend, replace] } else { vec![replace] };
        let unknown = self.token("unknown").map(|token| token.0);
        let space = json!({"type": "Replace", "pattern": {"String": SPACE}, "content": " "});
        let mut decoders = vec![space, json!({"type": "ByteFallback"}), json!({"type": "Fuse"})];
        if has_prefix {
            decoders.push(json!({"type": "Strip", "content": " ", "start": 1, "stop": 0}));
        }
        Ok(fields(json!({
            "version": "1.0",
            "added_tokens": self.added(),
            "normalizer": {"type": "Sequence", "normalizers": normalizers},
            "decoder": {"type": "Sequence", "decoders": decoders},
            "post_processor": self.processor(true, false),
            "model": {"type": "BPE", "vocab": self.ids(), "merges": self.merges()?, "unk_token": unknown,
                      "fuse_unk": true, "byte_fallback": true},
        })))
    }

    /// All pairs of tokens whose concatenation is a token, ordered by its score, and then by the lengths of the two
    /// halves.
    fn merges(&self) -> Result<Vec<[&'a str; 2]>> {
        let scores = self.scores()?;
        let ids: HashMap<&str, usize> = self.tokens.iter().enumerate().map(|(id, token)| (*token, id)).collect();
        let mut merges: Vec<(f64, [&str; 2])> = Vec::new();
        for (id, token) in self.tokens.iter().enumerate() {
            if !(self.is(id, NORMAL) || self.is(id, USER_DEFINED)) || ids[token] != id {
                continue;
            }
            if token.len() > LONGEST_PIECE {
                let expected = format!("tokens of at most {LONGEST_PIECE} bytes");
                return Err(refused("tokenizer.ggml.tokens", &expected, format!("{} bytes", token.len())));
            }
            let halves = token.char_indices().skip(1).map(|(at, _)| token.split_at(at));
            let mut halves: Vec<(usize, usize)> =
                halves.filter_map(|(first, second)| Some((*ids.get(first)?, *ids.get(second)?))).collect();
            halves.sort_unstable();
            merges.extend(halves.iter().map(|half| (scores[id], [self.tokens[half.0], self.tokens[half.1]])));
        }
        let lengths = |pair: &[&str; 2]| pair.map(|half| half.chars().count());
        merges.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| lengths(&b.1).cmp(&lengths(&a.1))));
        Ok(merges.into_iter().map(|merge| merge.1).collect())
    }

    /// SentencePiece's unigram model, as in T5 and XLM-RoBERTa.
    fn unigram(&self) -> Result<Map<String, Value>> {
        let pieces: Vec<Value> =
            self.tokens.iter().zip(self.scores()?).map(|(token, score)| json!([token, score])).collect();
        let mut normalizers = Vec::new();
        if let Some(map) = self.file.byte_list("tokenizer.ggml.precompiled_charsmap").filter(|map| !map.is_empty()) {
            normalizers.push(json!({"type": "Precompiled", "precompiled_charsmap": base64(map)}));
        }
        if self.file.switch("tokenizer.ggml.remove_extra_whitespaces").unwrap_or(true) {
            normalizers.push(json!({"type": "Strip", "strip_left": true, "strip_right": true}));
            normalizers.push(json!({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}));
        }
        let scheme =
            if self.file.switch("tokenizer.ggml.add_space_prefix").unwrap_or(true) { "always" } else { "never" };
        Ok(fields(json!({
            "version": "1.0",
            "added_tokens": self.added(),
            "normalizer": {"type": "Sequence", "normalizers": normalizers},
            "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": scheme},
            "decoder": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": scheme},
            "post_processor": self.processor(false, true),
            "model": {"type": "Unigram", "vocab": pieces, "unk_id": self.token("unknown").map(|token| token.1)},
        })))
    }

    /// BERT's word pieces. Here pieces that begin a word are marked, while BERT's own file marks the others.
    fn word_pieces(&self) -> Result<Map<String, Value>> {
        let is_name = |token: &str| token.starts_with('[') && token.ends_with(']');
        let own = |token: &str| match token.strip_prefix(SPACE) {
            Some(word) => word.to_owned(),
            None if is_name(token) => token.to_owned(),
            None => format!("##{token}"),
        };
        let vocabulary: Map<String, Value> =
            self.tokens.iter().enumerate().map(|(id, token)| (own(token), json!(id))).collect();
        let find = |key: &str, usual: &'static str| {
            let usual = || vocabulary.get(usual).and_then(Value::as_u64).map(|id| (usual, id));
            let found = self.token(key).filter(|token| is_name(token.0)).or_else(usual);
            found.ok_or_else(|| refused("tokenizer.ggml.tokens", &format!("a {key} token"), "none".to_owned()))
        };
        let (first, last) = (find("cls", "[CLS]")?, find("seperator", "[SEP]")?);
        let unknown = find("unknown", "[UNK]")?;
        let named =
            [Some(first), Some(last), Some(unknown), find("padding", "[PAD]").ok(), find("mask", "[MASK]").ok()];
        let mut named: Vec<(&str, u64)> = named.into_iter().flatten().collect();
        named.sort_by_key(|token| token.1);
        named.dedup();
        // The file does not say whether it lowercases texts. A vocabulary with capitals does not.
        let has_capitals =
            self.tokens.iter().any(|token| !is_name(token) && token.contains(|c: char| c.is_ascii_uppercase()));
        Ok(word_piece_file(WordPieces {
            added: named.iter().map(|(content, id)| special(*id, content, false)).collect(),
            unknown: unknown.0,
            first,
            last,
            lowercase: !has_capitals,
            chinese: true,
            strip_accents: None,
            vocabulary,
        }))
    }
}
