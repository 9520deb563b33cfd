//! The door for `tokenizer.json`.
//!
//! The `tokenizers` crate trusts its files: a character map that is cut, a template that names a token it
//! does not define, a word limit of a billion characters make it panic or run without end, and on wasm a
//! panic ends the worker. So only parts whose code was read for this are let in, and with checked fields.

use serde_json::{Map, Value, json};
use tokenizers::processors::PostProcessorWrapper;
use tokenizers::{PostProcessor, Tokenizer};

use crate::error::{Error, Kind, Result};

const NORMALIZERS: &[&str] =
    &["BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Sequence", "Strip", "StripAccents"];
const PRE_TOKENIZERS: &[&str] = &["BertPreTokenizer", "Punctuation", "Sequence", "Whitespace", "WhitespaceSplit"];
const MODELS: &[&str] = &["WordPiece"];

/// WordPiece looks at every part of a word, the square of its length; the published files say 100.
const MOST_CHARS_PER_WORD: u64 = 1000;
const LONGEST_PREFIX: usize = 16;

/// Errors ([`Kind::Tokenizer`]): not JSON, a part that is not known here, a field that the crate would
/// stumble over, or anything that it refuses itself.
pub fn read(bytes: &[u8]) -> Result<Tokenizer> {
    let mut file: Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|fault| refused("the file", "a JSON object", fault.to_string()))?;
    check_parts(&file)?;
    let added = added_tokens(&file)?;
    // Every picture would be cut at 128 tokens, or full of [PAD].
    file.remove("truncation");
    file.remove("padding");
    let tokenizer: Tokenizer = serde_json::from_value(Value::Object(file))
        .map_err(|fault| refused("the file", "a tokenizer", fault.to_string()))?;
    for (content, id) in added {
        let given = tokenizer.token_to_id(&content).map(u64::from);
        if given != Some(id) {
            let given = given.map_or("none".to_owned(), |id| id.to_string());
            return Err(refused("added_tokens", &format!("id {given} for `{content}`"), id.to_string()));
        }
    }
    if let Some(processor) = tokenizer.get_post_processor() {
        check_processor(processor)?;
    }
    Ok(tokenizer)
}

/// Tokens that the tokenizer puts around one text, or around two.
pub fn added_count(tokenizer: &Tokenizer, is_pair: bool) -> usize {
    tokenizer.get_post_processor().map_or(0, |processor| processor.added_tokens(is_pair))
}

fn check_parts(file: &Map<String, Value>) -> Result<()> {
    check_kind("normalizer", file.get("normalizer"), NORMALIZERS)?;
    check_kind("pre_tokenizer", file.get("pre_tokenizer"), PRE_TOKENIZERS)?;
    let model = file.get("model").filter(|model| !model.is_null());
    let model = model.ok_or_else(|| refused("model", "a model", "none".to_owned()))?;
    check_kind("model", Some(model), MODELS)?;
    let most = model["max_input_chars_per_word"].as_u64().filter(|&most| most <= MOST_CHARS_PER_WORD);
    if most.is_none() {
        let expected = format!("a number up to {MOST_CHARS_PER_WORD}");
        return Err(refused("max_input_chars_per_word", &expected, brief(&model["max_input_chars_per_word"])));
    }
    let prefix = model["continuing_subword_prefix"].as_str().filter(|prefix| prefix.len() <= LONGEST_PREFIX);
    if prefix.is_none() {
        let expected = format!("a text of at most {LONGEST_PREFIX} bytes");
        return Err(refused("continuing_subword_prefix", &expected, brief(&model["continuing_subword_prefix"])));
    }
    let unknown = model["unk_token"].as_str().and_then(|token| model["vocab"].get(token));
    if unknown.is_none() {
        return Err(refused("unk_token", "a token of the vocabulary", brief(&model["unk_token"])));
    }
    Ok(())
}

/// A part is of a known kind, and so is every part in a list inside it: only a sequence has one.
fn check_kind(place: &str, part: Option<&Value>, known: &[&str]) -> Result<()> {
    let Some(part) = part.filter(|part| !part.is_null()) else {
        return Ok(());
    };
    if !part["type"].as_str().is_some_and(|kind| known.contains(&kind)) {
        return Err(refused(place, &format!("one of {}", known.join(", ")), brief(&part["type"])));
    }
    let mut inner = part.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_array).flatten();
    inner.try_for_each(|part| check_kind(place, Some(part), known))
}

/// Each added token with the id that the file gives it. The crate numbers them itself and only warns.
fn added_tokens(file: &Map<String, Value>) -> Result<Vec<(String, u64)>> {
    let tokens = file.get("added_tokens").and_then(Value::as_array).into_iter().flatten();
    tokens
        .map(|token| match (token["content"].as_str(), token["id"].as_u64()) {
            (Some(content), Some(id)) if !content.is_empty() => Ok((content.to_owned(), id)),
            _ => Err(refused("added_tokens", "tokens with a content and an id", brief(token))),
        })
        .collect()
}

/// A template uses each text once and only tokens that it defines. The crate looks at neither before it
/// indexes with them.
fn check_processor(processor: &PostProcessorWrapper) -> Result<()> {
    let place = "post_processor";
    match processor {
        PostProcessorWrapper::Bert(_) => return Ok(()),
        PostProcessorWrapper::Template(_) => {}
        _ => return Err(refused(place, "BertProcessing or TemplateProcessing", "another one".to_owned())),
    }
    let template = json!(processor);
    for (form, texts) in [("single", ["A"].as_slice()), ("pair", &["A", "B"])] {
        let pieces = template[form].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut used: Vec<&str> = pieces.iter().filter_map(|piece| piece["Sequence"]["id"].as_str()).collect();
        used.sort_unstable();
        if used != texts {
            return Err(refused(place, &format!("each of {texts:?} once in `{form}`"), format!("{used:?}")));
        }
        for name in pieces.iter().filter_map(|piece| piece["SpecialToken"]["id"].as_str()) {
            let token = &template["special_tokens"][name];
            let (ids, tokens) = (token["ids"].as_array().map(Vec::len), token["tokens"].as_array().map(Vec::len));
            if ids.is_none() || ids != tokens {
                let expected = format!("`{name}` defined with as many ids as tokens");
                return Err(refused(place, &expected, brief(token)));
            }
        }
    }
    Ok(())
}

pub fn refused(place: &str, expected: &str, got: String) -> Error {
    let advice = "Take tokenizer.json from the same place as the weights; README lists what is supported.";
    Error::new(Kind::Tokenizer, format!("tokenizer.json, {place}"), expected, got, advice)
}

/// A value of the file, short enough for a message.
fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string().chars().take(60).collect(),
    }
}
