//! Attention that another program has computed, for texts and models that are too large to run here.

use std::borrow::Cow;

use ndarray::Array4;
use safetensors::SafeTensors;
use safetensors::tensor::Metadata;
use serde::de::DeserializeOwned;

use super::formats::safetensors::WeightFile;
use super::pass::trace::Trace;
use super::tokenizer::tokens::{Token, Tokens};
use crate::error::{Error, Kind, Result};

/// Its weights and tokens. Queries, keys and values are not known.
pub struct Imported {
    /// The name of the model, as the file gives it; may be empty.
    pub model: String,
    pub text: String,
    pub tokens: Tokens,
    pub trace: Trace,
}

const MAX_LAYERS: usize = 1 << 10;
/// The most weights. A browser's memory is full before this.
const MAX_WEIGHTS: usize = 1 << 28;

/// Reads a safetensors file of `attention.{layer}` [heads, n, n] in F32, F16 or BF16. Its metadata has `tokens`, a JSON
/// list of n strings, and optionally `text`, `offsets` (a JSON list of n [first, end) pairs of characters of the text,
/// [0, 0] for special tokens) and `model`. NaN is a weight that is not available. If the file skips layers, all their
/// weights are not available.
///
/// Errors ([`Kind::Format`]): anything else.
pub fn read_attention(bytes: Vec<u8>) -> Result<Imported> {
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|bad| fault("a safetensors file", bad.to_string()))?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let said = |field: &str| metadata.get(field).cloned().unwrap_or_default();
    let names: Vec<String> = list("tokens", "a JSON list of strings", &said("tokens"))?;
    let n = names.len();
    let (layers, shape) = layers(&header, n)?;
    let heads = shape[0];
    let count = layers.last().map_or(0, |last| last + 1);
    let weights = [count, heads, n, n].iter().try_fold(1usize, |all, &size| all.checked_mul(size));
    if weights.is_none_or(|weights| weights > MAX_WEIGHTS) {
        return Err(fault(&format!("at most {MAX_WEIGHTS} weights"), format!("{count} layers of {shape:?}")));
    }
    let file = WeightFile::open(bytes)?;
    let mut pattern = vec![f32::NAN; count * heads * n * n];
    for l in layers {
        let of_layer = &mut pattern[l * heads * n * n..][..heads * n * n];
        file.tensor(&format!("attention.{l}"), &shape)?.to_f32_into(0, of_layer);
    }
    if let Some(wrong) = pattern.iter().find(|weight| !weight.is_nan() && !(0.0..=1.001).contains(*weight)) {
        return Err(fault("weights from 0 to 1, or NaN", wrong.to_string()));
    }
    let pattern = Array4::from_shape_vec((count, heads, n, n), pattern).expect("as many as the shape says");
    let text = if said("text").is_empty() { names.join(" ") } else { said("text") };
    let offsets = match metadata.get("offsets") {
        Some(json) => offsets(json, n)?,
        None if said("text").is_empty() => beside(&names),
        None => vec![(0, 0); n],
    };
    let tokens = Tokens { items: tokens(&names, &offsets, &text)?, cuts: Vec::new() };
    let model = said("model").chars().take(200).collect();
    Ok(Imported { model, text, tokens, trace: Trace::from_pattern(pattern) })
}

/// The layers of the file in ascending order, and the shape [heads, n, n] of each.
fn layers(header: &Metadata, n: usize) -> Result<(Vec<usize>, [usize; 3])> {
    let numbered = |name: &str| name.strip_prefix("attention.")?.parse::<usize>().ok();
    let tensors = header.tensors();
    // Only canonical numbers count: `attention.01` is another tensor.
    let is_layer = |(l, name): &(usize, &str)| *name == format!("attention.{l}");
    let named = tensors.keys().filter_map(|name| Some((numbered(name)?, name.as_str())));
    let mut layers: Vec<usize> = named.filter(is_layer).map(|(l, _)| l).collect();
    layers.sort_unstable();
    if let Some(last) = layers.last().filter(|&&last| last >= MAX_LAYERS) {
        return Err(fault(&format!("layers below {MAX_LAYERS}"), format!("`attention.{last}`")));
    }
    let mut found: Option<[usize; 3]> = None;
    for l in &layers {
        let name = format!("attention.{l}");
        let shape = &tensors[&name].shape[..];
        let expected = match found {
            Some([heads, ..]) => format!("`{name}` of shape [{heads}, {n}, {n}], as the layers before it"),
            None => format!("`{name}` of shape [heads, {n}, {n}]"),
        };
        found = match *shape {
            [heads, queries, keys]
                if heads > 0 && n > 0 && [queries, keys] == [n, n] && found.is_none_or(|f| f[0] == heads) =>
            {
                Some([heads, n, n])
            }
            [_, _, queries, keys] if [queries, keys] == [n, n] => {
                let advice = "Save one text's attention without the batch: `a[0].contiguous()` for each layer.";
                return Err(Error { advice: advice.to_owned(), ..fault(&expected, format!("{shape:?}")) });
            }
            _ => return Err(fault(&expected, format!("{shape:?}"))),
        };
    }
    let none = || fault(&format!("`attention.0` of shape [heads, {n}, {n}]"), "no tensor of such a name");
    Ok((layers, found.ok_or_else(none)?))
}

/// Parses one of the lists in the metadata.
fn list<T: DeserializeOwned>(field: &str, expected: &str, json: &str) -> Result<Vec<T>> {
    serde_json::from_str(json).map_err(|bad| {
        let fault = fault(&format!("`{field}` in its metadata, {expected}"), bad.to_string());
        match serde_json::from_str::<Vec<Vec<T>>>(json) {
            Ok(lists) => {
                let got = format!("a list of {} lists", lists.len());
                let advice = "Save the list of one text, without the list of the batch around it.";
                Error { got, advice: advice.to_owned(), ..fault }
            }
            Err(_) => fault,
        }
    })
}

fn offsets(json: &str, n: usize) -> Result<Vec<(usize, usize)>> {
    let expected = format!("a JSON list of {n} pairs of whole numbers");
    let pairs: Vec<(usize, usize)> = list("offsets", &expected, json)?;
    let got = pairs.len().to_string();
    if pairs.len() == n { Ok(pairs) } else { Err(fault(&format!("`offsets` in its metadata, {expected}"), got)) }
}

/// The range of characters of each token, when the text is the tokens with spaces between them.
fn beside(names: &[String]) -> Vec<(usize, usize)> {
    let mut at = 0;
    let place = |name: &String| {
        let first = at;
        at += name.chars().count() + 1;
        (first, at - 1)
    };
    names.iter().map(place).collect()
}

fn tokens(names: &[String], offsets: &[(usize, usize)], text: &str) -> Result<Vec<Token>> {
    let starts: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let token = |(i, (name, &(first, end))): (usize, (&String, &(usize, usize)))| {
        if first > end || end >= starts.len() {
            let got = format!("{first} to {end} for `{name}`");
            return Err(fault(&format!("offsets in a text of {} characters", starts.len() - 1), got));
        }
        let own = first < end;
        let glued = i > 0 && own && offsets[i - 1].1 == first && offsets[i - 1].0 < first;
        // A word continues if nothing stands between a token and the one before it.
        let is_new = !glued || text[starts[first]..].starts_with(char::is_whitespace);
        Ok((
            is_new,
            Token {
                id: i as u32,
                token: name.clone(),
                chars: (first, end),
                bytes: (starts[first], starts[end]),
                segment: 0,
                sequence: own.then_some(0),
                word: None,
                special: !own,
            },
        ))
    };
    let mut word = 0;
    let items = names.iter().zip(offsets).enumerate().map(token).map(|item| {
        let (is_new, token) = item?;
        word += u32::from(is_new);
        Ok(Token { word: token.sequence.map(|_| word), ..token })
    });
    items.collect()
}

fn fault(expected: &str, got: impl Into<Cow<'static, str>>) -> Error {
    let advice = "Save the file as README says under “Attention computed elsewhere”.";
    let got: String = got.into().chars().take(200).collect();
    Error::new(Kind::Format, "the attention file", expected, got, advice)
}
