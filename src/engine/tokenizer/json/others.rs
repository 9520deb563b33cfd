//! Every tokenizer except BERT's: the crate's own `Tokenizer`, with all parts that it has.

use serde_json::{Map, Value};
use tokenizers::{AddedToken, Encoding, PostProcessor, Tokenizer};

use super::{Reader, added_tokens, decoder, models, parts, processor, refused};
use crate::error::Result;

/// Builds a tokenizer from the fields of a `tokenizer.json`; errors as for [`super::build`].
pub fn build(mut file: Map<String, Value>) -> Result<Tokenizer> {
    parts::check_normalizer(file.get("normalizer"))?;
    parts::check_pre_tokenizer(file.get("pre_tokenizer"))?;
    let model = file.get_mut("model").and_then(Value::as_object_mut);
    models::check(model.ok_or_else(|| refused("model", "a model", "none".to_owned()))?)?;
    let added = added_tokens(&file)?;
    // Otherwise inputs would be truncated at 128 tokens, or padded with [PAD].
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

impl Reader for Tokenizer {
    fn encode(&self, text: &str, pair: Option<&str>) -> tokenizers::Result<Encoding> {
        match pair {
            Some(pair) => (**self).encode((text, pair), true),
            None => (**self).encode(text, true),
        }
    }

    fn decode(&self, ids: &[u32]) -> Option<tokenizers::Result<String>> {
        self.get_decoder().map(|_| (**self).decode(ids, true))
    }

    fn added(&self, id: u32) -> Option<&AddedToken> {
        self.get_added_vocabulary().get_added_tokens_decoder().get(&id)
    }

    fn token(&self, id: u32) -> Option<String> {
        self.id_to_token(id)
    }

    fn added_count(&self, is_pair: bool) -> usize {
        self.get_post_processor().map_or(0, |processor| processor.added_tokens(is_pair))
    }
}
