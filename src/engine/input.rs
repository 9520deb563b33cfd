//! The input of a run, and its form as JSON.

use serde::Deserialize;

use super::tokenizer::tokens::Tokens;
use crate::error::{Error, Kind, Result};

/// Token ids for one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// `[n]`. In an encoder-decoder model the encoder's ids come first, then the decoder's.
    pub ids: Vec<u32>,
    /// The token type of each id `[n]`.
    pub segments: Vec<u32>,
    /// How many of the ids are the decoder's; 0 in models of one stack.
    pub decoder: usize,
}

impl Input {
    /// An input for a model of one stack.
    pub fn new(ids: Vec<u32>, segments: Vec<u32>) -> Self {
        Self { ids, segments, decoder: 0 }
    }

    /// An input of tokens, of which the last `decoder` are the decoder's.
    pub fn of(tokens: &Tokens, decoder: usize) -> Self {
        Self { ids: tokens.ids(), segments: tokens.segments(), decoder }
    }

    /// How many of the ids the first stack reads.
    pub fn encoder_len(&self) -> usize {
        self.ids.len() - self.decoder
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    input_ids: Vec<u32>,
    token_type_ids: Option<Vec<u32>>,
    attention_mask: Option<Vec<u32>>,
    decoder_input_ids: Option<Vec<u32>>,
}

/// Parses `{"input_ids": [...]}`, optionally with `token_type_ids` (0 by default), `attention_mask` and
/// `decoder_input_ids`, the names of Hugging Face's tokenizers and models.
///
/// Errors ([`Kind::Input`]): not such an object, or a mask that hides a token, because there is no padding here.
pub fn read_input(json: &str) -> Result<Input> {
    let fault = |expected: &str, got: String, advice: &str| Error::new(Kind::Input, "the input", expected, got, advice);
    let file: File = serde_json::from_str(json).map_err(|bad| {
        let expected = "input_ids and, if need be, token_type_ids, attention_mask and decoder_input_ids, as lists of \
                        numbers";
        fault(expected, bad.to_string(), "Write the ids of one text as JSON.")
    })?;
    let mut ids = file.input_ids;
    if let Some(mask) = file.attention_mask
        && (mask.len() != ids.len() || mask.iter().any(|&seen| seen != 1))
    {
        let got = format!("{mask:?}").chars().take(60).collect();
        return Err(fault("an attention_mask of a 1 for each id", got, "Leave padding out of the input."));
    }
    let mut segments = file.token_type_ids.unwrap_or_else(|| vec![0; ids.len()]);
    let decoder = file.decoder_input_ids.unwrap_or_default();
    segments.extend(decoder.iter().map(|_| 0));
    ids.extend(&decoder);
    Ok(Input { ids, segments, decoder: decoder.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_zero_unless_given() {
        assert_eq!(read_input(r#"{"input_ids": [5, 6]}"#).unwrap(), Input::new(vec![5, 6], vec![0, 0]));
        let given = r#"{"input_ids": [5, 6], "token_type_ids": [0, 1], "attention_mask": [1, 1]}"#;
        assert_eq!(read_input(given).unwrap(), Input::new(vec![5, 6], vec![0, 1]));
    }

    #[test]
    fn the_decoder_s_ids_come_last() {
        let input = read_input(r#"{"input_ids": [5, 6], "decoder_input_ids": [0, 7, 8]}"#).unwrap();
        assert_eq!(input, Input { ids: vec![5, 6, 0, 7, 8], segments: vec![0; 5], decoder: 3 });
        assert_eq!(input.encoder_len(), 2);
    }

    #[test]
    fn anything_else_is_told() {
        for json in [
            "",
            "[1, 2]",
            r#"{"ids": [1]}"#,
            r#"{"input_ids": [-1]}"#,
            r#"{"input_ids": [4294967296]}"#,
            r#"{"input_ids": [1, 2], "attention_mask": [1, 0]}"#,
            r#"{"input_ids": [1, 2], "attention_mask": [1]}"#,
            r#"{"input_ids": [1, 2], "decoder_input_ids": "1"}"#,
        ] {
            assert_eq!(read_input(json).unwrap_err().kind, Kind::Input, "{json}");
        }
    }
}
