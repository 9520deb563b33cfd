//! Post-processors, which put a model's special tokens around a text.

use serde_json::{Value, json};
use tokenizers::processors::PostProcessorWrapper;

use super::{brief, refused};
use crate::error::Result;

const PLACE: &str = "post_processor";
const MAX_STEPS: usize = 8;

/// Accepts one processor that adds tokens, after steps that only trim offsets, because the crate fails for a second one
/// that adds tokens.
pub fn check(processor: &PostProcessorWrapper) -> Result<()> {
    match processor {
        PostProcessorWrapper::Bert(_) | PostProcessorWrapper::Roberta(_) | PostProcessorWrapper::ByteLevel(_) => Ok(()),
        PostProcessorWrapper::Template(template) => check_template(&json!(template)),
        PostProcessorWrapper::Sequence(steps) => {
            let steps: &[PostProcessorWrapper] = steps.as_ref();
            let trims = |step: &PostProcessorWrapper| matches!(step, PostProcessorWrapper::ByteLevel(_));
            let Some((last, before)) = steps.split_last() else { return Ok(()) };
            if steps.len() > MAX_STEPS || !before.iter().all(trims) || matches!(last, PostProcessorWrapper::Sequence(_))
            {
                return Err(refused(PLACE, "ByteLevel steps and then one that adds tokens", "other steps".to_owned()));
            }
            check(last)
        }
    }
}

/// Checks that a template uses each text once, and only tokens that it defines. The crate indexes with both without
/// checking.
pub fn check_template(template: &Value) -> Result<()> {
    for (form, texts) in [("single", ["A"].as_slice()), ("pair", &["A", "B"])] {
        let pieces = template[form].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut used: Vec<&str> = pieces.iter().filter_map(|piece| piece["Sequence"]["id"].as_str()).collect();
        used.sort_unstable();
        if used != texts {
            return Err(refused(PLACE, &format!("each of {texts:?} once in `{form}`"), format!("{used:?}")));
        }
        for name in pieces.iter().filter_map(|piece| piece["SpecialToken"]["id"].as_str()) {
            let token = &template["special_tokens"][name];
            let (ids, tokens) = (token["ids"].as_array().map(Vec::len), token["tokens"].as_array().map(Vec::len));
            if ids.is_none() || ids != tokens {
                let expected = format!("`{name}` defined with as many ids as tokens");
                return Err(refused(PLACE, &expected, brief(token)));
            }
        }
    }
    Ok(())
}

/// A piece of a template: `{"SpecialToken": ...}` or `{"Sequence": ...}`.
pub fn piece(kind: &str, id: &str, type_id: u32) -> Value {
    json!({kind: {"id": id, "type_id": type_id}})
}
