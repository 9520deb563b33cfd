//! Tokenizers of checkpoints from before `tokenizer.json`: a `vocab.txt` of word pieces, or a `vocab.json` and a
//! `merges.txt` of byte pairs, with the settings of `tokenizer_config.json` and `special_tokens_map.json`.
//!
//! Each is translated to the fields of a `tokenizer.json`, which are then checked and built like such a file.

use serde_json::{Map, Value, json};

use crate::engine::text_file::without_mark;
use crate::engine::tokenizer::json::{json_of, piece, refused};
use crate::error::{Kind, Result};

/// The names of special tokens in the two settings files.
const NAMES: [&str; 7] = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

/// The two settings files merged; each may be absent.
pub struct Settings {
    fields: Map<String, Value>,
}

impl Settings {
    /// Parses the files.
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): a file is not a JSON object.
    pub fn read(tokenizer_config: Option<&[u8]>, special_tokens_map: Option<&[u8]>) -> Result<Self> {
        let mut fields = Map::new();
        for (name, file) in
            [("special_tokens_map.json", special_tokens_map), ("tokenizer_config.json", tokenizer_config)]
        {
            let Some(file) = file else { continue };
            let read = json_of(name, file)?;
            fields.extend(read.into_iter().filter(|(_, value)| !value.is_null()));
        }
        Ok(Self { fields })
    }

    fn switch(&self, name: &str) -> Option<bool> {
        self.fields.get(name).and_then(Value::as_bool)
    }

    /// The content of a special token, which is given as a text or as an object.
    fn token(&self, name: &str) -> Option<&str> {
        let value = self.fields.get(name)?;
        value.as_str().or_else(|| value["content"].as_str()).filter(|content| !content.is_empty())
    }

    /// The tokens that are matched in a text before anything else, by ascending id: those of `added_tokens_decoder`,
    /// and the special tokens that the vocabulary has.
    fn added(&self, vocabulary: &Map<String, Value>, usual: &[&str]) -> Result<Vec<Value>> {
        let mut added: Vec<(u64, Value)> = Vec::new();
        for (id, token) in self.fields.get("added_tokens_decoder").and_then(Value::as_object).into_iter().flatten() {
            let place = "added_tokens_decoder";
            let id = id.parse().map_err(|_| refused(place, "ids", id.chars().take(60).collect()))?;
            let content = token["content"].as_str().filter(|content| !content.is_empty());
            let content = content.ok_or_else(|| refused(place, "tokens with a content", format!("none for {id}")))?;
            let is_on = |name: &str| token[name].as_bool().unwrap_or(false);
            added.push((
                id,
                json!({"id": id, "content": content, "special": is_on("special"), "lstrip": is_on("lstrip"),
                       "rstrip": is_on("rstrip"), "normalized": is_on("normalized"), "single_word": is_on("single_word")}),
            ));
        }
        let named = NAMES.iter().filter_map(|name| self.token(name));
        for content in named.chain(usual.iter().copied()) {
            let id = vocabulary.get(content).and_then(Value::as_u64);
            if let Some(id) = id.filter(|id| added.iter().all(|token| token.0 != *id)) {
                // RoBERTa's mask token includes the space before it.
                added.push((id, special(id, content, content == "<mask>")));
            }
        }
        added.sort_by_key(|token| token.0);
        Ok(added.into_iter().map(|token| token.1).collect())
    }
}

/// An entry of `added_tokens` for a special token. `takes_space`: it includes the space before it.
pub fn special(id: u64, content: &str, takes_space: bool) -> Value {
    json!({"id": id, "content": content, "special": true, "lstrip": takes_space, "rstrip": false,
           "normalized": false, "single_word": false})
}

/// BERT's vocabulary, with one token a line.
///
/// Errors ([`crate::Kind::Tokenizer`]): not UTF-8, or no unknown token or separators in the vocabulary.
pub fn word_pieces(vocab_txt: &[u8], settings: &Settings) -> Result<Map<String, Value>> {
    let text = lines("vocab.txt", vocab_txt)?;
    let vocabulary: Map<String, Value> =
        text.lines().enumerate().map(|(id, token)| (token.to_owned(), json!(id))).collect();
    let token = |name, usual| settings.token(name).unwrap_or(usual);
    let (unknown, first, last) =
        (token("unk_token", "[UNK]"), token("cls_token", "[CLS]"), token("sep_token", "[SEP]"));
    let added = settings.added(&vocabulary, &["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"])?;
    Ok(word_piece_file(WordPieces {
        added,
        unknown,
        first: (first, id_of(&vocabulary, first)?),
        last: (last, id_of(&vocabulary, last)?),
        lowercase: settings.switch("do_lower_case").unwrap_or(true),
        chinese: settings.switch("tokenize_chinese_chars").unwrap_or(true),
        strip_accents: settings.switch("strip_accents"),
        vocabulary,
    }))
}

/// The parameters in which BERT tokenizers differ.
pub struct WordPieces<'a> {
    pub vocabulary: Map<String, Value>,
    pub added: Vec<Value>,
    pub unknown: &'a str,
    /// The token before everything, with its id.
    pub first: (&'a str, u64),
    /// The token after each text, with its id.
    pub last: (&'a str, u64),
    pub lowercase: bool,
    /// Whether each Chinese character is a word.
    pub chinese: bool,
    /// As `lowercase` if none.
    pub strip_accents: Option<bool>,
}

/// The fields of a `tokenizer.json` for BERT.
pub fn word_piece_file(parts: WordPieces<'_>) -> Map<String, Value> {
    let ((first, first_id), (last, last_id)) = (parts.first, parts.last);
    fields(json!({
        "version": "1.0",
        "added_tokens": parts.added,
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": parts.chinese,
                       "strip_accents": parts.strip_accents, "lowercase": parts.lowercase},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [piece("SpecialToken", first, 0), piece("Sequence", "A", 0), piece("SpecialToken", last, 0)],
            "pair": [piece("SpecialToken", first, 0), piece("Sequence", "A", 0), piece("SpecialToken", last, 0),
                     piece("Sequence", "B", 1), piece("SpecialToken", last, 1)],
            "special_tokens": {
                first: {"id": first, "ids": [first_id], "tokens": [first]},
                last: {"id": last, "ids": [last_id], "tokens": [last]},
            },
        },
        "model": {"type": "WordPiece", "unk_token": parts.unknown, "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": parts.vocabulary},
    }))
}

/// Byte pairs of GPT-2, or of RoBERTa if the settings or the vocabulary say so.
///
/// Errors ([`crate::Kind::Tokenizer`]): not JSON, not UTF-8, or a merge that is not two tokens.
pub fn byte_pairs(vocab_json: &[u8], merges_txt: &[u8], settings: &Settings) -> Result<Map<String, Value>> {
    let vocabulary = json_of("vocab.json", vocab_json)?;
    let merges: Vec<&str> = lines("merges.txt", merges_txt)?
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("#version"))
        .collect();
    let usual = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>"];
    let added = settings.added(&vocabulary, &usual)?;
    let add_prefix_space = settings.switch("add_prefix_space").unwrap_or(false);

    // RoBERTa's settings name its separators. Without settings, RoBERTa is recognized by its five special tokens.
    let named = settings.token("cls_token").zip(settings.token("sep_token"));
    let has_usual = settings.fields.is_empty() && usual[..5].iter().all(|token| vocabulary.contains_key(*token));
    let between = named.or(has_usual.then_some(("<s>", "</s>")));
    let processor = match between {
        Some((first, last)) => json!({
            "type": "RobertaProcessing", "cls": [first, id_of(&vocabulary, first)?],
            "sep": [last, id_of(&vocabulary, last)?], "trim_offsets": true, "add_prefix_space": add_prefix_space,
        }),
        None => {
            let end = |switch, token| {
                let content = settings.token(token).filter(|_| settings.switch(switch) == Some(true));
                content.map(|content| Ok((content, id_of(&vocabulary, content)?))).transpose()
            };
            around(end("add_bos_token", "bos_token")?, end("add_eos_token", "eos_token")?)
        }
    };
    let bytes =
        json!({"type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": true, "use_regex": true});
    Ok(fields(json!({
        "version": "1.0",
        "added_tokens": added,
        "pre_tokenizer": bytes,
        "decoder": bytes,
        "post_processor": processor,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": merges},
    })))
}

/// A template with one token before and one after each text, if there are such. Null if there is neither.
pub fn around(first: Option<(&str, u64)>, last: Option<(&str, u64)>) -> Value {
    if first.is_none() && last.is_none() {
        return Value::Null;
    }
    let text = |id| {
        let special = |token: Option<(&str, u64)>| token.map(|(content, _)| piece("SpecialToken", content, 0));
        [special(first), Some(piece("Sequence", id, 0)), special(last)].into_iter().flatten()
    };
    let tokens = first.into_iter().chain(last);
    let tokens: Map<String, Value> = tokens
        .map(|(content, id)| (content.to_owned(), json!({"id": content, "ids": [id], "tokens": [content]})))
        .collect();
    json!({"type": "TemplateProcessing", "single": text("A").collect::<Vec<Value>>(),
           "pair": text("A").chain(text("B")).collect::<Vec<Value>>(), "special_tokens": tokens})
}

/// The text of one of the files.
fn lines<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let bytes = without_mark(Kind::Tokenizer, &format!("tokenizer, {name}"), bytes)?;
    std::str::from_utf8(bytes).map_err(|fault| refused(name, "lines in UTF-8", fault.to_string()))
}

fn id_of(vocabulary: &Map<String, Value>, token: &str) -> Result<u64> {
    let id = vocabulary.get(token).and_then(Value::as_u64);
    id.ok_or_else(|| refused("the vocabulary", &format!("the token `{token}`"), "none of this name".to_owned()))
}

pub fn fields(file: Value) -> Map<String, Value> {
    match file {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
