//! Token ids given as JSON instead of a text.

use serde::Deserialize;

use crate::error::{Error, Kind, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    input_ids: Vec<u32>,
    token_type_ids: Option<Vec<u32>>,
    attention_mask: Option<Vec<u32>>,
}

/// Ids and segments `[n]` from `{"input_ids": [...]}`, with `token_type_ids` (otherwise all 0) and
/// `attention_mask` as Hugging Face's tokenizers name them.
///
/// Errors ([`Kind::Input`]): not such an object, or a mask that hides a token: there is no padding here.
pub fn read_input(json: &str) -> Result<(Vec<u32>, Vec<u32>)> {
    let fault = |expected: &str, got: String, advice: &str| Error::new(Kind::Input, "the input", expected, got, advice);
    let input: Input = serde_json::from_str(json).map_err(|bad| {
        let expected = "input_ids and, if need be, token_type_ids and attention_mask, as lists of numbers";
        fault(expected, bad.to_string(), "Write the ids of one text as JSON.")
    })?;
    let ids = input.input_ids;
    if let Some(mask) = input.attention_mask
        && (mask.len() != ids.len() || mask.iter().any(|&seen| seen != 1))
    {
        let got = format!("{mask:?}").chars().take(60).collect();
        return Err(fault("an attention_mask of a 1 for each id", got, "Leave padding out of the input."));
    }
    let segments = input.token_type_ids.unwrap_or_else(|| vec![0; ids.len()]);
    Ok((ids, segments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_zero_unless_given() {
        assert_eq!(read_input(r#"{"input_ids": [5, 6]}"#).unwrap(), (vec![5, 6], vec![0, 0]));
        let given = r#"{"input_ids": [5, 6], "token_type_ids": [0, 1], "attention_mask": [1, 1]}"#;
        assert_eq!(read_input(given).unwrap(), (vec![5, 6], vec![0, 1]));
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
            r#"{"input_ids": [1, 2], "decoder_input_ids": [1]}"#,
        ] {
            assert_eq!(read_input(json).unwrap_err().kind, Kind::Input, "{json}");
        }
    }
}
