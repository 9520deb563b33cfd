//! BERT's tokenizer, which the built-in model has: word pieces, made from parts of the crate.
//!
//! The crate's own `Tokenizer` refers to every part that the crate has, so that a program with it contains byte pairs,
//! unigrams and regular expressions with Unicode's classes. Files that need anything beyond this file's parts are built
//! with it ([`super::others`]).

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokenizers::decoders::wordpiece::WordPiece as Decoder;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizer::Range;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::processors::template::TemplateProcessing;
use tokenizers::{
    AddedToken, Decoder as _, Encoding, Model as _, NormalizedString, Normalizer as _, OffsetType, PostProcessor,
    PreTokenizedString, PreTokenizer as _, Token,
};

use super::{Reader, models, processor, refused};
use crate::error::Result;

/// The most added tokens. They are searched for one by one at every character of a text; BERT has five.
const MAX_ADDED: usize = 16;

pub struct WordPieces {
    added: HashMap<u32, AddedToken>,
    normalizer: BertNormalizer,
    model: WordPiece,
    processor: Box<dyn PostProcessor + Send + Sync>,
    decoder: Option<Decoder>,
}

/// Whether a file needs nothing beyond this file's parts: each part is BERT's and has only its fields, and added tokens
/// are in the vocabulary and are matched as they are written.
pub fn fits(file: &Map<String, Value>) -> bool {
    let is = |part: &str, kind: &str, fields: &[&str]| {
        let fields = |part: &Map<String, Value>| {
            part.iter()
                .all(|(name, value)| if name == "type" { value == kind } else { fields.contains(&name.as_str()) })
                && part.contains_key("type")
        };
        file.get(part).and_then(Value::as_object).is_some_and(fields)
    };
    let normalizer = file.get("normalizer").unwrap_or(&Value::Null);
    let accents = &normalizer["strip_accents"];
    file.get("version").is_none_or(|version| version == "1.0")
        && is("normalizer", "BertNormalizer", &["clean_text", "handle_chinese_chars", "strip_accents", "lowercase"])
        && ["clean_text", "handle_chinese_chars", "lowercase"].iter().all(|field| normalizer[field].is_boolean())
        && (accents.is_null() || accents.is_boolean())
        && is("pre_tokenizer", "BertPreTokenizer", &[])
        && is("model", "WordPiece", &["unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"])
        && (is("post_processor", "TemplateProcessing", &["single", "pair", "special_tokens"])
            || is("post_processor", "BertProcessing", &["sep", "cls"]))
        && (file.get("decoder").is_none_or(Value::is_null) || is("decoder", "WordPiece", &["prefix", "cleanup"]))
        && added(file).is_some()
}

/// The added tokens by their ids. None if one of them needs more than this tokenizer does.
fn added(file: &Map<String, Value>) -> Option<HashMap<u32, AddedToken>> {
    let vocabulary = file.get("model")?["vocab"].as_object()?;
    let tokens = file.get("added_tokens").map_or(Some(&[][..]), |tokens| tokens.as_array().map(Vec::as_slice))?;
    let one = |token: &Value| {
        let content = token["content"].as_str().filter(|content| !content.is_empty())?;
        let id = token["id"].as_u64().filter(|id| vocabulary.get(content).and_then(Value::as_u64) == Some(*id))?;
        let as_written = ["single_word", "lstrip", "rstrip", "normalized"].iter().all(|way| token[way] == false);
        let token = AddedToken::from(content, token["special"].as_bool().filter(|_| as_written)?).normalized(false);
        Some((u32::try_from(id).ok()?, token))
    };
    if tokens.len() > MAX_ADDED { None } else { tokens.iter().map(one).collect() }
}

fn part<T: DeserializeOwned>(value: Option<Value>) -> Result<T> {
    serde_json::from_value(value.unwrap_or_default())
        .map_err(|fault| refused("the file", "a tokenizer", fault.to_string()))
}

impl WordPieces {
    /// Builds a tokenizer from the fields of a file that [`fits`].
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): a field that the crate could not handle, or that it refuses itself.
    pub fn build(mut file: Map<String, Value>) -> Result<Self> {
        let added = added(&file).unwrap_or_default();
        let mut model = file.get_mut("model").and_then(Value::as_object_mut).map(std::mem::take).unwrap_or_default();
        models::check(&mut model)?;
        // The crate would deserialize it as a borrowed string, which is impossible from a value.
        model.remove("type");
        let processor: Box<dyn PostProcessor + Send + Sync> =
            if file.get("post_processor").is_some_and(|part| part["type"] == "BertProcessing") {
                Box::new(part::<BertProcessing>(file.remove("post_processor"))?)
            } else {
                let template: TemplateProcessing = part(file.remove("post_processor"))?;
                processor::check_template(&json!(template))?;
                Box::new(template)
            };
        Ok(Self {
            added,
            normalizer: part(file.remove("normalizer"))?,
            model: part(Some(Value::Object(model)))?,
            processor,
            decoder: file.remove("decoder").filter(Value::is_object).map(|decoder| part(Some(decoder))).transpose()?,
        })
    }

    fn encode_one(&self, text: &str, type_id: u32) -> tokenizers::Result<Encoding> {
        let mut parts = PreTokenizedString::from(text);
        parts.split(|_, text| Ok(self.part_added(&text)))?;
        parts.split(|_, mut part| self.normalizer.normalize(&mut part).map(|()| [part]))?;
        BertPreTokenizer.pre_tokenize(&mut parts)?;
        parts.tokenize(|word| self.model.tokenize(word.get()))?;
        parts.into_encoding(None, type_id, OffsetType::Byte)
    }

    /// A text in parts, in which added tokens are already matched: from the left, the longest of several at one place.
    fn part_added(&self, text: &NormalizedString) -> Vec<(NormalizedString, Option<Vec<Token>>)> {
        let written = text.get();
        let part = |from: usize, to: usize, id: Option<u32>| {
            let part = text.slice(Range::Normalized(from..to)).expect("both ends are between characters");
            let token = id.map(|id| vec![Token::new(id, written[from..to].to_owned(), (0, to - from))]);
            (part, token)
        };
        let mut parts = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(next) = written[at..].chars().next() {
            let here = self.added.iter().filter(|(_, token)| written[at..].starts_with(&token.content));
            match here.max_by_key(|(_, token)| token.content.len()) {
                Some((id, token)) => {
                    let end = at + token.content.len();
                    parts.extend((from < at).then(|| part(from, at, None)));
                    parts.push(part(at, end, Some(*id)));
                    (from, at) = (end, end);
                }
                None => at += next.len_utf8(),
            }
        }
        parts.extend((from < at).then(|| part(from, at, None)));
        parts
    }
}

impl Reader for WordPieces {
    fn encode(&self, text: &str, pair: Option<&str>) -> tokenizers::Result<Encoding> {
        let pair = pair.map(|pair| self.encode_one(pair, 1)).transpose()?;
        self.processor.process(self.encode_one(text, 0)?, pair, true)
    }

    fn decode(&self, ids: &[u32]) -> Option<tokenizers::Result<String>> {
        let is_special = |token: &String| self.added.values().any(|added| added.special && added.content == *token);
        let tokens = ids.iter().filter_map(|id| self.token(*id)).filter(|token| !is_special(token)).collect();
        self.decoder.as_ref().map(|decoder| decoder.decode(tokens))
    }

    fn added(&self, id: u32) -> Option<&AddedToken> {
        self.added.get(&id)
    }

    fn token(&self, id: u32) -> Option<String> {
        self.added.get(&id).map(|token| token.content.clone()).or_else(|| self.model.id_to_token(id))
    }

    fn added_count(&self, is_pair: bool) -> usize {
        self.processor.added_tokens(is_pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tokenizer::json::{json, others};

    fn built_in() -> Map<String, Value> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/all-minilm-l6-v2/tokenizer.json");
        json(&std::fs::read(path).unwrap()).unwrap()
    }

    fn changed(pointer: &str, value: Value) -> Map<String, Value> {
        let mut file = Value::Object(built_in());
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap()[field] = value;
        file.as_object().unwrap().clone()
    }

    const TEXTS: [&str; 14] = [
        "",
        " ",
        "The trophy did not fit in the bag because it was too big.",
        "Café NAÏVE, 日本語 ﬁ ½ ﷺ İ ẞ",
        "[CLS]",
        "a[MASK]b[MASK][MASK] [SEP]",
        "[MASK [mask] [[MASK]] [UNK",
        "untokenizable 🍕 👩‍👩‍👧‍👦 \u{301}x",
        "\u{0}\u{fffd}\r\n\ta\u{a0}b\u{200b}",
        "\u{0}[SEP]\u{0}",
        "don't . stop ! — it's 3.14, (really)",
        "한글 한글",
        "é\u{301}\u{301}[PAD]é",
        "Pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopic",
    ];

    /// The crate's own tokenizer, built from the same file, gives the expected results.
    #[test]
    fn the_crates_own_reads_the_same() {
        let bert = json!({"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]});
        let decoder = json!({"type": "WordPiece", "prefix": "##", "cleanup": false});
        let cased = json!({"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false,
                           "strip_accents": null, "lowercase": false});
        let long = json!([{"id": 100, "content": "[UNK]", "special": true, "single_word": false, "lstrip": false,
                           "rstrip": false, "normalized": false},
                          {"id": 1012, "content": ".", "special": false, "single_word": false, "lstrip": false,
                           "rstrip": false, "normalized": false}]);
        for file in [
            built_in(),
            changed("/post_processor", bert),
            changed("/decoder", decoder),
            changed("/normalizer", cased),
            changed("/added_tokens", long),
            changed("/added_tokens", json!([])),
        ] {
            assert!(fits(&file));
            let (own, crates) = (WordPieces::build(file.clone()).unwrap(), others::build(file).unwrap());
            for text in TEXTS {
                for pair in [None, Some(""), Some("x [SEP] é"), Some(text)] {
                    let (own, crates) = (own.encode(text, pair).unwrap(), crates.encode(text, pair).unwrap());
                    assert_eq!(own, crates, "{text:?} and {pair:?}");
                }
            }
            let ids = [101, 1012, 7592, 1005, 1055, 100, 103, 2361, 2378, 102, 999_999];
            let said = |reader: &dyn Reader| reader.decode(&ids).map(|text| text.unwrap());
            assert_eq!(said(&own), said(&crates));
            for id in ids {
                assert_eq!((Reader::token(&own, id), own.added(id)), (Reader::token(&crates, id), crates.added(id)));
            }
            assert_eq!(
                [true, false].map(|pair| own.added_count(pair)),
                [true, false].map(|pair| crates.added_count(pair))
            );
        }
    }

    #[test]
    fn whatever_else_a_file_asks_for_is_for_the_crate() {
        for (place, value) in [
            ("/version", json!("2.0")),
            ("/normalizer", Value::Null),
            ("/normalizer/type", json!("Lowercase")),
            ("/normalizer/clean_text", json!(1)),
            ("/normalizer/strip_accents", json!("yes")),
            ("/normalizer/normalizers", json!([{"type": "NFD"}])),
            ("/pre_tokenizer", json!({"type": "Whitespace"})),
            ("/pre_tokenizer/pretokenizers", json!([])),
            ("/post_processor", Value::Null),
            ("/post_processor/trim_offsets", json!(true)),
            ("/post_processor/type", json!("RobertaProcessing")),
            ("/decoder", json!({"type": "ByteLevel"})),
            ("/model/type", json!("BPE")),
            ("/model/merges", json!([])),
            ("/model/vocab", json!(["a"])),
            ("/added_tokens/0/lstrip", json!(true)),
            ("/added_tokens/0/normalized", json!(true)),
            ("/added_tokens/0/special", Value::Null),
            ("/added_tokens/0/id", json!(7)),
            ("/added_tokens/0/content", json!("")),
            ("/added_tokens/0/content", json!("not in the vocabulary")),
            ("/added_tokens", json!({})),
            ("/added_tokens", Value::Array(vec![built_in()["added_tokens"][0].clone(); MAX_ADDED + 1])),
        ] {
            assert!(!fits(&changed(place, value.clone())), "{place} = {value}");
        }
        assert!(!fits(&Map::new()));
    }
}
