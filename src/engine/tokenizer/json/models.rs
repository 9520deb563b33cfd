//! The models that are accepted: WordPiece, BPE and Unigram.

use serde_json::{Map, Value};

use super::{brief, refused};
use crate::error::Result;

/// The most characters of a word. WordPiece examines every part of a word, which takes the square of its length; the
/// published files say 100.
const MAX_CHARS_PER_WORD: u64 = 1000;
const LONGEST_AFFIX: usize = 16;
/// The longest piece, in bytes. Unigram examines every token that begins at a character and keeps a level of its trie
/// for each byte, on the stack when it is dropped; SentencePiece's own limit is 16 characters.
const LONGEST_PIECE: usize = 256;

pub fn check(model: &mut Map<String, Value>) -> Result<()> {
    match model.get("type").and_then(Value::as_str) {
        Some("WordPiece") => word_piece(model),
        Some("BPE") => bpe(model),
        Some("Unigram") => unigram(model),
        _ => {
            let got = brief(model.get("type").unwrap_or(&Value::Null));
            Err(refused("model", "WordPiece, BPE or Unigram", got))
        }
    }
}

fn field<'a>(model: &'a Map<String, Value>, name: &str) -> &'a Value {
    model.get(name).unwrap_or(&Value::Null)
}

fn vocabulary(model: &Map<String, Value>) -> Result<&Map<String, Value>> {
    let vocabulary = field(model, "vocab");
    vocabulary.as_object().ok_or_else(|| refused("vocab", "tokens with their ids", brief(vocabulary)))
}

fn word_piece(model: &Map<String, Value>) -> Result<()> {
    let most = field(model, "max_input_chars_per_word");
    if most.as_u64().is_none_or(|most| most > MAX_CHARS_PER_WORD) {
        let expected = format!("a number up to {MAX_CHARS_PER_WORD}");
        return Err(refused("max_input_chars_per_word", &expected, brief(most)));
    }
    let prefix = field(model, "continuing_subword_prefix");
    if prefix.as_str().is_none_or(|prefix| prefix.len() > LONGEST_AFFIX) {
        let expected = format!("a text of at most {LONGEST_AFFIX} bytes");
        return Err(refused("continuing_subword_prefix", &expected, brief(prefix)));
    }
    let unknown = field(model, "unk_token");
    let vocabulary = vocabulary(model)?;
    if unknown.as_str().is_none_or(|token| !vocabulary.contains_key(token)) {
        return Err(refused("unk_token", "a token of the vocabulary", brief(unknown)));
    }
    Ok(())
}

/// The crate copies the two tokens of a merge into a buffer as long as the longest token before it looks up their
/// concatenation, and cuts a prefix off the second one without checking that it is there.
fn bpe(model: &mut Map<String, Value>) -> Result<()> {
    let prefix = field(model, "continuing_subword_prefix");
    if !prefix.is_null() && prefix != "" {
        return Err(refused("continuing_subword_prefix", "none for BPE", brief(prefix)));
    }
    let suffix = field(model, "end_of_word_suffix");
    if !suffix.is_null() && suffix.as_str().is_none_or(|suffix| suffix.len() > LONGEST_AFFIX) {
        let expected = format!("a text of at most {LONGEST_AFFIX} bytes");
        return Err(refused("end_of_word_suffix", &expected, brief(suffix)));
    }
    let vocabulary = vocabulary(model)?;
    let unknown = field(model, "unk_token");
    let is_none = unknown.is_null() || unknown == "";
    if !is_none && unknown.as_str().is_none_or(|token| !vocabulary.contains_key(token)) {
        return Err(refused("unk_token", "a token of the vocabulary", brief(unknown)));
    }
    let merges = field(model, "merges").as_array();
    let merges = merges.ok_or_else(|| refused("merges", "a list", brief(field(model, "merges"))))?;
    let mut sum = String::new();
    for merge in merges {
        let (first, second) = halves(merge).ok_or_else(|| refused("merges", "two tokens in each", brief(merge)))?;
        sum.clear();
        sum.push_str(first);
        sum.push_str(second);
        if let Some(missing) = [first, second, &sum].into_iter().find(|token| !vocabulary.contains_key(*token)) {
            let got = missing.chars().take(60).collect();
            return Err(refused("merges", "tokens of the vocabulary whose sum is one too", got));
        }
    }
    // Dropout is for training only.
    model.remove("dropout");
    if is_none {
        model.remove("unk_token");
    }
    Ok(())
}

/// The two tokens of a merge, which is written as one text or as a list.
fn halves(merge: &Value) -> Option<(&str, &str)> {
    match merge {
        Value::String(line) => line.split_once(' ').filter(|(_, second)| !second.contains(' ')),
        Value::Array(pair) => match &pair[..] {
            [first, second] => Some((first.as_str()?, second.as_str()?)),
            _ => None,
        },
        _ => None,
    }
}

fn unigram(model: &Map<String, Value>) -> Result<()> {
    let pieces = field(model, "vocab").as_array();
    let pieces =
        pieces.ok_or_else(|| refused("vocab", "a list of pieces with scores", brief(field(model, "vocab"))))?;
    let unknown = field(model, "unk_id");
    if unknown.as_u64().is_none_or(|id| id >= pieces.len() as u64) {
        return Err(refused("unk_id", &format!("a number below {}", pieces.len()), brief(unknown)));
    }
    for piece in pieces {
        let found = piece[0].as_str().filter(|_| piece[1].is_number());
        if found.is_none_or(|text| text.len() > LONGEST_PIECE) {
            let expected = format!("a piece of at most {LONGEST_PIECE} bytes with its score");
            return Err(refused("vocab", &expected, brief(piece)));
        }
    }
    Ok(())
}
