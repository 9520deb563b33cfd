//! The settings of a `tokenizer_config.json` that override the `tokenizer.json` beside it.
//!
//! The two files can contradict each other. Transformers then follows the settings, or their defaults if they are
//! absent: the BERT classes set the switches of the normalizer, and the GPT-2 classes set whether a space is put before
//! the text. A tokenizer of the general class is built as its file says. Versions 4 and 5 agree on all of this
//! (`tests/golden/make_tokenizer_settings.py`).

use serde_json::{Map, Value};

use crate::engine::tokenizer::json::{brief, json_of, refused};
use crate::error::Result;

/// Classes that write `do_lower_case`, `strip_accents` and `tokenize_chinese_chars` into the normalizer.
const BERT_CLASSES: [&str; 4] = ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MPNetTokenizer"];
/// Classes that write `add_prefix_space` into the pre-tokenizer.
const GPT2_CLASSES: [&str; 4] = ["GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer", "GPTNeoXTokenizer"];

/// The settings of one tokenizer.
pub struct Settings {
    fields: Map<String, Value>,
    class: String,
}

impl Settings {
    /// Parses a `tokenizer_config.json`. `model_type` decides the class if the file does not name it.
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): it is not a JSON object.
    pub fn read(tokenizer_config: &[u8], model_type: &str) -> Result<Self> {
        let fields = json_of("tokenizer_config.json", tokenizer_config)?;
        let usual = match model_type {
            "bert" | "distilbert" | "electra" | "mpnet" => BERT_CLASSES[0],
            "gpt2" | "gpt_neo" | "opt" | "roberta" | "bart" | "gpt_neox" => GPT2_CLASSES[0],
            _ => "",
        };
        let class = fields.get("tokenizer_class").and_then(Value::as_str).unwrap_or(usual);
        let class = class.strip_suffix("Fast").unwrap_or(class).to_owned();
        Ok(Self { fields, class })
    }

    /// A boolean setting, or `usual` if it is absent.
    fn switch(&self, name: &str, usual: Value) -> Result<Value> {
        match self.fields.get(name) {
            None => Ok(usual),
            Some(value) if value.is_boolean() || value.is_null() && usual.is_null() => Ok(value.clone()),
            Some(other) => Err(refused(&format!("{name} in tokenizer_config.json"), "true or false", brief(other))),
        }
    }

    /// For a BERT class, writes the settings into the normalizer of a `tokenizer.json`.
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): a setting is neither true nor false.
    pub fn set_normalizer(&self, file: &mut Map<String, Value>) -> Result<()> {
        let normalizer = file.get_mut("normalizer").filter(|normalizer| normalizer["type"] == "BertNormalizer");
        let Some(normalizer) = normalizer.filter(|_| BERT_CLASSES.contains(&self.class.as_str())) else {
            return Ok(());
        };
        normalizer["lowercase"] = self.switch("do_lower_case", Value::Bool(true))?;
        normalizer["strip_accents"] = self.switch("strip_accents", Value::Null)?;
        normalizer["handle_chinese_chars"] = self.switch("tokenize_chinese_chars", Value::Bool(true))?;
        Ok(())
    }

    /// For a GPT-2 class, writes the setting into the pre-tokenizer of a `tokenizer.json`, and into the post-processor,
    /// which trims offsets by it.
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): the setting is neither true nor false.
    pub fn set_prefix_space(&self, file: &mut Map<String, Value>) -> Result<()> {
        let is_plain = file.get("pre_tokenizer").is_some_and(|part| part["type"] == "ByteLevel");
        if !is_plain || !GPT2_CLASSES.contains(&self.class.as_str()) {
            return Ok(());
        }
        let has_prefix = self.switch("add_prefix_space", Value::Bool(false))?;
        for part in ["pre_tokenizer", "post_processor"] {
            let part =
                file.get_mut(part).filter(|part| part["type"] == "ByteLevel" || part["type"] == "RobertaProcessing");
            if let Some(part) = part {
                part["add_prefix_space"] = has_prefix.clone();
            }
        }
        Ok(())
    }
}
