//! Normalizers and pre-tokenizers that are accepted. The growth of texts is limited, because the growth of parts in
//! sequence multiplies.

use regex::Regex;
use serde_json::{Map, Value};

use super::{brief, charsmap, pattern, refused};
use crate::error::Result;

const NORMALIZERS: &[&str] = &[
    "BertNormalizer",
    "Lowercase",
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
    "Precompiled",
    "Prepend",
    "Replace",
    "Sequence",
    "Strip",
    "StripAccents",
];
const PRE_TOKENIZERS: &[&str] = &[
    "BertPreTokenizer",
    "ByteLevel",
    "Digits",
    "Metaspace",
    "Punctuation",
    "Sequence",
    "Split",
    "Whitespace",
    "WhitespaceSplit",
];
/// The most parts of a list, with those of nested lists.
const MAX_PARTS: usize = 32;
/// The deepest nesting of lists.
const DEEPEST: usize = 4;
const LONGEST_TEXT: usize = 16;
/// How many times as long all replacements together may make a text.
const MAX_GROWTH: usize = 64;

/// Checks a normalizer.
///
/// Errors: an unknown part, too many parts, or a field that the crate could not handle.
pub fn check_normalizer(part: Option<&Value>) -> Result<()> {
    let place = "normalizer";
    let mut growth = 1usize;
    let mut charsmaps = 0;
    for part in flat(place, part, NORMALIZERS)? {
        match part["type"].as_str().unwrap_or_default() {
            // Without these fields the crate would read it as another kind, whichever its fields fit.
            "BertNormalizer" => {
                for name in ["clean_text", "handle_chinese_chars", "lowercase"] {
                    if !part[name].is_boolean() {
                        return Err(refused(place, &format!("`{name}` true or false"), brief(&part[name])));
                    }
                }
            }
            "Prepend" if short(place, &part["prepend"])?.is_empty() => {
                return Err(refused(place, "a text to prepend", "an empty one".to_owned()));
            }
            "Replace" => growth = growth.saturating_mul(grown(part)?),
            "Precompiled" => {
                charsmaps += 1;
                let map = &part["precompiled_charsmap"];
                charsmap::check(map.as_str().ok_or_else(|| refused(place, "a map of characters", brief(map)))?)?;
            }
            _ => {}
        }
    }
    if growth > MAX_GROWTH || charsmaps > 1 {
        let expected =
            format!("one map of characters, and replacements that make a text at most {MAX_GROWTH} times as long");
        return Err(refused(place, &expected, "more".to_owned()));
    }
    Ok(())
}

/// Checks a pre-tokenizer; errors as for [`check_normalizer`].
pub fn check_pre_tokenizer(part: Option<&Value>) -> Result<()> {
    let place = "pre_tokenizer";
    let parts = flat(place, part, PRE_TOKENIZERS)?;
    for part in &parts {
        if part["type"] == "Split" {
            check_pattern(place, &part["pattern"]).map(drop)?;
        }
    }
    // ByteLevel makes each byte a character of up to two bytes, and Metaspace adds a character to each piece.
    for growing in ["ByteLevel", "Metaspace"] {
        let count = parts.iter().filter(|part| part["type"] == growing).count();
        if count > 1 {
            return Err(refused(place, &format!("{growing} once"), format!("{count} times")));
        }
    }
    Ok(())
}

/// All parts, those of nested lists included, without the lists themselves.
fn flat<'a>(place: &str, part: Option<&'a Value>, known: &[&str]) -> Result<Vec<&'a Value>> {
    let mut parts = Vec::new();
    gather(place, part.filter(|part| !part.is_null()), known, DEEPEST, &mut parts)?;
    if parts.len() > MAX_PARTS {
        return Err(refused(place, &format!("at most {MAX_PARTS} parts"), parts.len().to_string()));
    }
    Ok(parts)
}

/// Collects a part and those of the lists in it. Each must be of a known kind, and only a sequence may contain a list.
fn gather<'a>(
    place: &str,
    part: Option<&'a Value>,
    known: &[&str],
    deeper: usize,
    parts: &mut Vec<&'a Value>,
) -> Result<()> {
    let Some(part) = part else {
        return Ok(());
    };
    if !part["type"].as_str().is_some_and(|kind| known.contains(&kind)) {
        return Err(refused(place, &format!("one of {}", known.join(", ")), brief(&part["type"])));
    }
    if part["type"] != "Sequence" {
        parts.push(part);
    }
    let mut inner = part.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_array).flatten().peekable();
    if inner.peek().is_some() && deeper == 0 {
        return Err(refused(place, &format!("lists at most {DEEPEST} deep"), "deeper ones".to_owned()));
    }
    inner.try_for_each(|part| gather(place, Some(part), known, deeper - 1, parts))
}

fn short<'a>(place: &str, value: &'a Value) -> Result<&'a str> {
    let text = value.as_str().filter(|text| text.len() <= LONGEST_TEXT);
    text.ok_or_else(|| refused(place, &format!("a text of at most {LONGEST_TEXT} bytes"), brief(value)))
}

/// How many times as long a replacement may make a text. A replacement for an empty match belongs to none of the text's
/// characters, and the crate cannot handle that.
fn grown(part: &Value) -> Result<usize> {
    let place = "normalizer";
    let content = short(place, &part["content"])?.len();
    let replaced = check_pattern(place, &part["pattern"])?;
    if replaced == 0 {
        return Err(refused(place, "a pattern of something", "one that matches where nothing is".to_owned()));
    }
    Ok(content.div_ceil(replaced).max(1))
}

/// The fewest bytes that a pattern is known to match. Of the patterns that are accepted, one that can match nothing
/// somewhere matches an empty text.
fn check_pattern(place: &str, value: &Value) -> Result<usize> {
    if let Some(text) = value["String"].as_str() {
        return Ok(text.len());
    }
    let text = value["Regex"].as_str().ok_or_else(|| refused(place, "a pattern", brief(value)))?;
    pattern::check(place, text)?;
    let plain = Regex::new(&text.replace("(?!\\S)", ""));
    let plain = plain.map_err(|fault| refused(place, "a regular expression", fault.to_string()))?;
    Ok(usize::from(!plain.is_match("")))
}
