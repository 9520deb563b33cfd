//! The door for `tokenizer.json`: it is checked before the `tokenizers` crate builds it.
//!
//! The `tokenizers` crate trusts its files. A truncated character map, a template with an undefined token or a word
//! limit of a billion characters make it panic or run without end, and on WebAssembly a panic ends the worker. So only
//! parts whose code was read for this purpose are accepted, and their fields are checked.

mod charsmap;
mod decoder;
mod models;
mod others;
mod parts;
mod pattern;
mod processor;
mod wordpiece;

use serde_json::{Map, Value};
use tokenizers::{AddedToken, Encoding};

use crate::engine::text_file::without_mark;
use crate::error::{Error, Kind, Result};

pub use charsmap::encode as base64;
pub use processor::piece;
pub use wordpiece::{WordPieces, fits};

/// A tokenizer that was built from a file.
pub trait Reader: Send + Sync {
    /// The tokens of one text or two, with those that are added around them.
    fn encode(&self, text: &str, pair: Option<&str>) -> tokenizers::Result<Encoding>;
    /// The text of a sequence of ids, without special tokens. None if there is no decoder.
    fn decode(&self, ids: &[u32]) -> Option<tokenizers::Result<String>>;
    /// The added token with this id, which is matched in texts before all others.
    fn added(&self, id: u32) -> Option<&AddedToken>;
    /// The vocabulary's own string for an id.
    fn token(&self, id: u32) -> Option<String>;
    /// How many tokens are added around one text, or around two.
    fn added_count(&self, is_pair: bool) -> usize;
}

/// Parses the fields of a `tokenizer.json`.
///
/// Errors ([`Kind::Tokenizer`]): it is not a JSON object.
pub fn json(bytes: &[u8]) -> Result<Map<String, Value>> {
    json_of("the file", bytes)
}

/// Parses the fields of one of a tokenizer's JSON files, which errors call `place`; errors as for [`json`].
pub fn json_of(place: &str, bytes: &[u8]) -> Result<Map<String, Value>> {
    let bytes = without_mark(Kind::Tokenizer, &format!("tokenizer, {place}"), bytes)?;
    serde_json::from_slice(bytes).map_err(|fault| refused(place, "a JSON object", fault.to_string()))
}

/// Builds a tokenizer from the fields of a `tokenizer.json`.
///
/// Errors ([`Kind::Tokenizer`]): a part that is not supported, a field that the crate could not handle, or anything
/// that the crate refuses itself.
pub fn build(file: Map<String, Value>) -> Result<Box<dyn Reader>> {
    if fits(&file) { Ok(Box::new(WordPieces::build(file)?)) } else { Ok(Box::new(others::build(file)?)) }
}

/// Each added token with the id that the file gives it. The crate numbers them itself and only warns of differences.
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

/// A value of the file, short enough for an error message.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string().chars().take(60).collect(),
    }
}
