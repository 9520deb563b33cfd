//! The door for `tokenizer.json`.
//!
//! The `tokenizers` crate trusts its files: a character map that is cut, a template that names a token it
//! does not define, a word limit of a billion characters make it panic or run without end, and on wasm a
//! panic ends the worker. So only parts whose code was read for this are let in, and with checked fields.

mod charsmap;
mod decoder;
mod models;
mod parts;
mod pattern;
mod processor;

use serde_json::{Map, Value};
use tokenizers::{PostProcessor, Tokenizer};

use crate::error::{Error, Kind, Result};

pub use charsmap::encode as base64;
pub use processor::piece;

/// From the bytes of a `tokenizer.json`; errors as for [`build`].
pub fn read(bytes: &[u8]) -> Result<Tokenizer> {
    build(serde_json::from_slice(bytes).map_err(|fault| refused("the file", "a JSON object", fault.to_string()))?)
}

/// From the fields of a `tokenizer.json`.
///
/// Errors ([`Kind::Tokenizer`]): a part that is not known here, a field that the crate would stumble over, or
/// anything that it refuses itself.
pub fn build(mut file: Map<String, Value>) -> Result<Tokenizer> {
    parts::check_normalizer(file.get("normalizer"))?;
    parts::check_pre_tokenizer(file.get("pre_tokenizer"))?;
    let model = file.get_mut("model").and_then(Value::as_object_mut);
    models::check(model.ok_or_else(|| refused("model", "a model", "none".to_owned()))?)?;
    let added = added_tokens(&file)?;
    // Every picture would be cut at 128 tokens, or full of [PAD].
    for unused in ["truncation", "padding"] {
        file.remove(unused);
    }
    if !file.get("decoder").is_some_and(decoder::is_known) {
        file.remove("decoder");
    }
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
        processor::check(processor)?;
    }
    Ok(tokenizer)
}

/// Tokens that the tokenizer puts around one text, or around two.
pub fn added_count(tokenizer: &Tokenizer, is_pair: bool) -> usize {
    tokenizer.get_post_processor().map_or(0, |processor| processor.added_tokens(is_pair))
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

pub fn refused(place: &str, expected: &str, got: String) -> Error {
    let advice = "Take the tokenizer from the same place as the weights; README lists what is supported.";
    Error::new(Kind::Tokenizer, format!("tokenizer, {place}"), expected, got, advice)
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
