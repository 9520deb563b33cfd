//! The door for `config.json`: a field is there, of its type and of a size that can be computed with.

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};

/// The fields of one `config.json`.
pub struct Config {
    fields: Map<String, Value>,
}

impl Config {
    /// Errors ([`Kind::Config`]): the text is not a JSON object.
    pub fn parse(json: &str) -> Result<Self> {
        let advice = "Take config.json as it lies beside the weights.";
        match serde_json::from_str(json) {
            Ok(Value::Object(fields)) => Ok(Self { fields }),
            Ok(other) => Err(Error::new(Kind::Config, "config.json", "a JSON object", shown(Some(&other)), advice)),
            Err(fault) => Err(Error::new(Kind::Config, "config.json", "a JSON object", fault.to_string(), advice)),
        }
    }

    /// A whole number from 1 to `most`.
    pub fn size(&self, field: &str, most: usize) -> Result<usize> {
        let value = self.fields.get(field);
        let number = value.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        number.filter(|n| (1..=most).contains(n)).ok_or_else(|| {
            let advice = "Check the file: this engine computes with sizes in this range only.";
            self.fault(field, format!("a whole number from 1 to {most}"), advice)
        })
    }

    /// As [`Self::size`], or `otherwise` where the file is silent.
    pub fn size_or(&self, field: &str, most: usize, otherwise: usize) -> Result<usize> {
        if self.is_silent_on(field) { Ok(otherwise) } else { self.size(field, most) }
    }

    /// A number from 0 up to, but not including, 1; `otherwise` where the file is silent.
    pub fn fraction_or(&self, field: &str, otherwise: f32) -> Result<f32> {
        if self.is_silent_on(field) {
            return Ok(otherwise);
        }
        let number = self.fields.get(field).and_then(Value::as_f64).filter(|n| (0.0..1.0).contains(n));
        number.map(|n| n as f32).ok_or_else(|| {
            self.fault(field, "a number from 0 to 1".to_owned(), "Take config.json as it lies beside the weights.")
        })
    }

    /// A text, or `otherwise` where the file is silent.
    pub fn text_or<'a>(&'a self, field: &str, otherwise: &'a str) -> Result<&'a str> {
        if self.is_silent_on(field) {
            return Ok(otherwise);
        }
        self.fields
            .get(field)
            .and_then(Value::as_str)
            .ok_or_else(|| self.fault(field, "a text".to_owned(), "Take config.json as it lies beside the weights."))
    }

    /// Whether a switch is on; absent is off.
    pub fn is_on(&self, field: &str) -> Result<bool> {
        if self.is_silent_on(field) {
            return Ok(false);
        }
        self.fields.get(field).and_then(Value::as_bool).ok_or_else(|| {
            self.fault(field, "true or false".to_owned(), "Take config.json as it lies beside the weights.")
        })
    }

    /// A fault in one field, with what the file has there.
    pub fn fault(&self, field: &str, expected: String, advice: &str) -> Error {
        Error::new(Kind::Config, format!("`{field}` in config.json"), expected, shown(self.fields.get(field)), advice)
    }

    fn is_silent_on(&self, field: &str) -> bool {
        self.fields.get(field).is_none_or(Value::is_null)
    }
}

/// A value of the file, short enough for a message.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Array(_)) => "a list".to_owned(),
        Some(Value::Object(_)) => "an object".to_owned(),
        Some(Value::String(text)) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
        Some(other) => other.to_string(),
    }
}
