//! The door for `config.json`: each field is read with its type, and with a size that this engine can compute with.

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};
use crate::math::Activation;

/// The fields of a `config.json`, or of an object within it.
pub struct ConfigJson {
    fields: Map<String, Value>,
    /// The path of the object within the file, such as `rope_parameters.`; empty for the file itself.
    place: String,
}

/// Advice for a field that is not as it should be.
pub const AS_IT_LIES: &str = "Take config.json as it lies beside the weights.";
const NO_VARIANT: &str = "Choose a model without this variant.";

impl ConfigJson {
    /// Parses the text of a file.
    ///
    /// Errors ([`Kind::Config`]): it is not a JSON object.
    pub fn parse(json: &str) -> Result<Self> {
        let advice = AS_IT_LIES;
        match serde_json::from_str(json) {
            Ok(Value::Object(fields)) => Ok(Self { fields, place: String::new() }),
            Ok(other) => Err(Error::new(Kind::Config, "config.json", "a JSON object", shown(Some(&other)), advice)),
            Err(fault) => Err(Error::new(Kind::Config, "config.json", "a JSON object", fault.to_string(), advice)),
        }
    }

    /// Checks that the weights are not quantized.
    ///
    /// Errors ([`Kind::Config`]): the config says that they are; such files have other tensors.
    pub fn check_unquantized(&self) -> Result<()> {
        const FIELD: &str = "quantization_config";
        let Some(how) = self.fields.get(FIELD).and_then(Value::as_object) else { return Ok(()) };
        let is_on = |name: &str| how.get(name).and_then(Value::as_bool) == Some(true);
        let bits = match how.get("bits").and_then(Value::as_u64) {
            None if is_on("load_in_4bit") => Some(4),
            None if is_on("load_in_8bit") => Some(8),
            bits => bits,
        };
        let method: String =
            how.get("quant_method").and_then(Value::as_str).unwrap_or("another method").chars().take(60).collect();
        let got = match bits {
            Some(bits) => format!("weights of {bits} bits ({method})"),
            None => format!("quantized weights ({method})"),
        };
        let advice = "Choose the model that it was quantized from, or a GGUF file of it.";
        Err(Error::new(Kind::Config, format!("`{FIELD}` in config.json"), "weights of F32, F16 or BF16", got, advice))
    }

    /// From fields that are already parsed.
    pub fn of(fields: Map<String, Value>) -> Self {
        Self { fields, place: String::new() }
    }

    /// An integer from 1 to `most`.
    pub fn size(&self, field: &str, most: usize) -> Result<usize> {
        let value = self.fields.get(field);
        let number = value.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        number.filter(|n| (1..=most).contains(n)).ok_or_else(|| {
            let advice = "Check the file: this engine computes with sizes in this range only.";
            self.fault(field, format!("a whole number from 1 to {most}"), advice)
        })
    }

    /// As [`Self::size`], or `otherwise` if the field is absent or null.
    pub fn size_or(&self, field: &str, most: usize, otherwise: usize) -> Result<usize> {
        if self.is_silent_on(field) { Ok(otherwise) } else { self.size(field, most) }
    }

    /// An integer from 0 to `most`, or `otherwise` if the field is absent or null.
    pub fn whole_or(&self, field: &str, most: usize, otherwise: usize) -> Result<usize> {
        if self.fields.get(field).and_then(Value::as_u64) == Some(0) {
            return Ok(0);
        }
        self.size_or(field, most, otherwise)
    }

    /// As [`Self::size`], under the first of several names that the file has. Older files use other names.
    pub fn size_of(&self, fields: &[&str], most: usize) -> Result<usize> {
        self.size(fields.iter().find(|field| !self.is_silent_on(field)).unwrap_or(&fields[0]), most)
    }

    /// A number from 0 up to, but not including, 1; `otherwise` if the field is absent or null.
    pub fn fraction_or(&self, field: &str, otherwise: f32) -> Result<f32> {
        self.number(field, "a number from 0 to 1", |n| (0.0..1.0).contains(&n)).map(|n| n.unwrap_or(otherwise))
    }

    /// A number above 0, or none if the field is absent or null.
    pub fn positive(&self, field: &str) -> Result<Option<f32>> {
        self.number(field, "a number above 0", |n| n > 0.0 && n <= f64::from(f32::MAX))
    }

    fn number(&self, field: &str, expected: &str, holds: impl Fn(f64) -> bool) -> Result<Option<f32>> {
        if self.is_silent_on(field) {
            return Ok(None);
        }
        let number = self.fields.get(field).and_then(Value::as_f64).filter(|n| holds(*n));
        number.map(|n| Some(n as f32)).ok_or_else(|| self.fault(field, expected.to_owned(), AS_IT_LIES))
    }

    /// An object within the file, or none if the field is absent or null.
    pub fn object(&self, field: &str) -> Result<Option<Self>> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(fields)) => {
                Ok(Some(Self { fields: fields.clone(), place: format!("{}{field}.", self.place) }))
            }
            Some(_) => Err(self.fault(field, "an object".to_owned(), AS_IT_LIES)),
        }
    }

    /// The field's value, whatever it is.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    /// A list with one entry for each layer, or none if the field is absent or null.
    pub fn list(&self, field: &str, layers: usize) -> Result<Option<&[Value]>> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) if list.len() == layers => Ok(Some(list)),
            Some(_) => Err(self.fault(field, format!("a list of {layers} entries"), AS_IT_LIES)),
        }
    }

    /// For each layer, whether its attention has a window, by `layer_types`. None if the field is absent or null.
    pub fn sliding_layers(&self, layers: usize) -> Result<Option<Vec<bool>>> {
        let Some(list) = self.list("layer_types", layers)? else {
            return Ok(None);
        };
        let kinds = list.iter().map(|kind| match kind.as_str() {
            Some("sliding_attention") => Ok(true),
            Some("full_attention") => Ok(false),
            _ => Err(self.fault("layer_types", "full_attention or sliding_attention".to_owned(), NO_VARIANT)),
        });
        kinds.collect::<Result<_>>().map(Some)
    }

    /// The activation function of the MLP, under the first of several names that the file has.
    pub fn activation(&self, fields: &[&str], otherwise: &str) -> Result<Activation> {
        let field = fields.iter().find(|field| !self.is_silent_on(field)).unwrap_or(&fields[0]);
        match self.text_or(field, otherwise)? {
            "gelu" => Ok(Activation::Gelu),
            "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" => Ok(Activation::GeluTanh),
            "relu" => Ok(Activation::Relu),
            "silu" | "swish" => Ok(Activation::Silu),
            _ => {
                let known = "gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu, silu or swish".to_owned();
                Err(self.fault(field, known, NO_VARIANT))
            }
        }
    }

    /// Checks a boolean that must be as in the published models.
    pub fn require(&self, field: &str, value: bool) -> Result<()> {
        if self.is_on_or(field, value)? == value {
            return Ok(());
        }
        Err(self.fault(field, value.to_string(), NO_VARIANT))
    }

    /// Checks a text that must be as in the published models.
    pub fn require_text(&self, field: &str, value: &str) -> Result<()> {
        if self.text_or(field, value)? == value {
            return Ok(());
        }
        Err(self.fault(field, format!("\"{value}\""), NO_VARIANT))
    }

    /// `width / heads`, the numbers of a head when all heads have the same share of the width.
    pub fn share(&self, width: usize, field: &str, heads: usize) -> Result<usize> {
        if width.is_multiple_of(heads) {
            return Ok(width / heads);
        }
        let expected = format!("a divisor of the width {width}");
        Err(self.fault(field, expected, "Every head has the same share of the width."))
    }

    /// A text, or `otherwise` if the field is absent or null.
    pub fn text_or<'a>(&'a self, field: &str, otherwise: &'a str) -> Result<&'a str> {
        if self.is_silent_on(field) {
            return Ok(otherwise);
        }
        self.fields.get(field).and_then(Value::as_str).ok_or_else(|| self.fault(field, "a text".to_owned(), AS_IT_LIES))
    }

    /// A boolean; false if the field is absent or null.
    pub fn is_on(&self, field: &str) -> Result<bool> {
        self.is_on_or(field, false)
    }

    /// A boolean, or `otherwise` if the field is absent or null.
    pub fn is_on_or(&self, field: &str, otherwise: bool) -> Result<bool> {
        if self.is_silent_on(field) {
            return Ok(otherwise);
        }
        self.fields
            .get(field)
            .and_then(Value::as_bool)
            .ok_or_else(|| self.fault(field, "true or false".to_owned(), AS_IT_LIES))
    }

    /// The error for a field, with the value that the file has there.
    pub fn fault(&self, field: &str, expected: String, advice: &str) -> Error {
        let place = format!("`{}{field}` in config.json", self.place);
        Error::new(Kind::Config, place, expected, shown(self.fields.get(field)), advice)
    }

    pub fn is_silent_on(&self, field: &str) -> bool {
        self.fields.get(field).is_none_or(Value::is_null)
    }
}

/// A value of the file, short enough for an error message.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Array(_)) => "a list".to_owned(),
        Some(Value::Object(_)) => "an object".to_owned(),
        Some(Value::String(text)) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
        Some(other) => other.to_string(),
    }
}
