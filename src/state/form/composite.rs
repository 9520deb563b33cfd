//! The options that consist of several values: lists of tokens, a model on a mirror, a baseline, changes in the model.

use super::{Form, fault, flag, head_in_link, number, plain, short};
use crate::engine::{Intervention, TEMPERATURES};
use crate::error::Result;
use crate::source::{HUB, Source};
use crate::state::value::Value;
use crate::state::view_state::Baseline;
use crate::state::wanted::TokenRef;
use crate::text::line_feeds;

impl Form for TokenRef {
    fn read(name: &str, value: &Value) -> Result<Self> {
        match (value.as_index(), value) {
            (Some(place), _) => Ok(Self::Index(place)),
            (None, Value::Text(text)) => Ok(Self::Text(text.clone())),
            _ => Err(fault(name, "a token's place, counted from 0, or its characters", value)),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Index(place) => (*place).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }

    fn from_link(_: &str, text: &str, _: Option<&Value>) -> Result<Value> {
        Ok(item(text))
    }
}

impl Form for Vec<TokenRef> {
    const PARTS: &'static [&'static str] = &["tokens", "token"];

    fn read(name: &str, value: &Value) -> Result<Self> {
        let Value::List(tokens) = value else { return Err(fault(name, "a list of tokens", value)) };
        tokens.iter().map(|token| TokenRef::read(name, token)).collect()
    }

    fn write(&self) -> Value {
        Value::List(self.iter().map(TokenRef::write).collect())
    }

    fn to_link(&self, name: &'static str) -> Vec<(&'static str, String)> {
        let tokens: Vec<String> = self.iter().map(|token| plain(&token.write())).collect();
        vec![(name, tokens.join(","))]
    }

    fn from_link(part: &str, text: &str, _: Option<&Value>) -> Result<Value> {
        // `token` names characters first: whoever writes a number there by hand may mean the word.
        let one: fn(&str) -> Value = if part == "token" { |text| text.into() } else { item };
        list(part, "a list of tokens", text, one)
    }
}

/// `"owner/name"` and whatever else [`Source::parse`] reads, or `{ name: "owner/name", hub: "https://..." }` of a mirror.
impl Form for Source {
    const PARTS: &'static [&'static str] = &["model", "hub"];

    fn read(name: &str, value: &Value) -> Result<Self> {
        let field = |wanted: &str| match value {
            Value::Object(fields) if fields.len() == 2 => fields.iter().find_map(|(name, value)| match value {
                Value::Text(text) if name == wanted => Some(text.as_str()),
                _ => None,
            }),
            _ => None,
        };
        match (value, field("name"), field("hub")) {
            (Value::Text(address), ..) => Self::parse(address, HUB),
            (_, Some(address), Some(hub)) => Self::parse(address, hub),
            _ => Err(fault(name, "owner/name, an address, { name, hub }, or null", value)),
        }
    }

    fn write(&self) -> Value {
        let name = Value::Text(self.written());
        match self.mirror() {
            Some(hub) => object([("name", name), ("hub", hub.into())]),
            None => name,
        }
    }

    fn to_link(&self, name: &'static str) -> Vec<(&'static str, String)> {
        let hub = self.mirror().map(|hub| ("hub", hub.to_owned()));
        [(name, self.written())].into_iter().chain(hub).collect()
    }

    fn from_link(part: &str, text: &str, before: Option<&Value>) -> Result<Value> {
        Ok(match part {
            "hub" => object([("name", before.cloned().unwrap_or(Value::Null)), ("hub", text.into())]),
            _ => text.into(),
        })
    }
}

/// How `compare` names the model as it is.
const UNALTERED: &str = "unaltered";

impl Form for Baseline {
    const PARTS: &'static [&'static str] = &["other", "compare"];

    fn read(name: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Text(what) if what == UNALTERED => Ok(Self::Unaltered),
            Value::Object(fields) => match &fields[..] {
                [(field, Value::Text(text))] if field == "text" => Ok(Self::Text(line_feeds(text))),
                _ => Err(fault(name, "{ text: a text }", value)),
            },
            _ => Err(fault(name, "\"unaltered\", { text: a text }, or null", value)),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Unaltered => UNALTERED.into(),
            Self::Text(text) => object([("text", text.as_str().into())]),
        }
    }

    fn to_link(&self, name: &'static str) -> Vec<(&'static str, String)> {
        match self {
            Self::Unaltered => vec![(name, UNALTERED.into())],
            Self::Text(text) => vec![("other", text.clone())],
        }
    }

    fn from_link(part: &str, text: &str, _: Option<&Value>) -> Result<Value> {
        Ok(if part == "other" { object([("text", text.into())]) } else { text.into() })
    }
}

/// `{ heads_off: ["L3 H1"], positions: false, shuffle: 7, temperature: 2, causal: true }`. What is left out is as it is
/// in the model, and null is the model as it is.
impl Form for Intervention {
    const PARTS: &'static [&'static str] = &["off", "positions", "shuffle", "temperature", "causal"];

    fn read(option: &str, value: &Value) -> Result<Self> {
        let mut altered = Self::default();
        let fields = match value {
            Value::Null => return Ok(altered),
            Value::Object(fields) => fields,
            _ => return Err(fault(option, "an object, or null for the model as it is", value)),
        };
        for (name, value) in fields {
            let wrong = |expected: &str| fault(&format!("{option}, {name}"), expected, value);
            match (name.as_str(), value) {
                ("heads_off", Value::List(heads)) => {
                    for head in heads {
                        let Value::Text(text) = head else { return Err(wrong("heads like L3 H1")) };
                        altered.heads_off.insert(text.parse().map_err(|_| wrong("heads like L3 H1"))?);
                    }
                }
                ("positions", Value::Bool(on)) => altered.positions_off = !on,
                ("shuffle", Value::Null) => altered.shuffle = None,
                ("shuffle", _) => {
                    let seed = value.as_index().and_then(|seed| u32::try_from(seed).ok());
                    altered.shuffle = Some(seed.ok_or_else(|| wrong("a seed from 0, or null"))?);
                }
                ("temperature", Value::Number(t)) if TEMPERATURES.contains(&(*t as f32)) => {
                    altered.temperature = *t as f32;
                }
                ("causal", Value::Bool(on)) => altered.causal = *on,
                ("heads_off" | "positions" | "temperature" | "causal", _) => {
                    return Err(wrong("a list of heads, true or false, or a temperature from 0.001 to 1000000"));
                }
                _ => {
                    let expected = "heads_off, positions, shuffle, temperature, causal";
                    return Err(fault(option, expected, &name.as_str().into()));
                }
            }
        }
        Ok(altered)
    }

    fn write(&self) -> Value {
        if self.is_none() {
            return Value::Null;
        }
        let heads = self.heads_off.iter().map(|head| Value::Text(head.to_string()));
        object([
            ("heads_off", Value::List(heads.collect())),
            ("positions", Value::Bool(!self.positions_off)),
            ("shuffle", self.shuffle.map_or(Value::Null, |seed| (seed as usize).into())),
            ("temperature", Value::Number(short(self.temperature))),
            ("causal", Value::Bool(self.causal)),
        ])
    }

    fn to_link(&self, _: &'static str) -> Vec<(&'static str, String)> {
        let heads: Vec<_> = self.heads_off.iter().map(|&head| head_in_link(head)).collect();
        let parts = [
            ("off", (!heads.is_empty()).then(|| heads.join(","))),
            ("positions", self.positions_off.then(|| "0".to_owned())),
            ("shuffle", self.shuffle.map(|seed| seed.to_string())),
            ("temperature", (self.temperature != 1.0).then(|| plain(&Value::Number(self.temperature.into())))),
            ("causal", self.causal.then(|| "1".to_owned())),
        ];
        parts.into_iter().filter_map(|(part, text)| Some((part, text?))).collect()
    }

    fn from_link(part: &str, text: &str, before: Option<&Value>) -> Result<Value> {
        let (field, value) = match part {
            "off" => ("heads_off", list(part, "heads like L3 H1", text, |text| text.into())?),
            "positions" | "causal" => (part, flag(text)),
            _ => (part, number(text)),
        };
        // Each part is read by itself, so that one that is wrong leaves the others as they are.
        Self::read("altered", &object([(field, value.clone())]))?;
        let mut fields = if let Some(Value::Object(fields)) = before { fields.clone() } else { Vec::new() };
        fields.retain(|(name, _)| name != field);
        fields.push((field.to_owned(), value));
        Ok(Value::Object(fields))
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// What stands between commas. An empty text is an empty list; one that has commas and nothing else names nothing.
fn list(part: &str, expected: &str, text: &str, item: fn(&str) -> Value) -> Result<Value> {
    let items: Vec<Value> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(item).collect();
    match items.is_empty() && !text.trim().is_empty() {
        true => Err(fault(part, expected, &text.into())),
        false => Ok(Value::List(items)),
    }
}

/// A token by its place, or by its characters.
fn item(text: &str) -> Value {
    match number(text) {
        Value::Number(number) => Value::Number(number),
        _ => text.into(),
    }
}
