//! How the type of an option is written: as a plain value for scripts, and as text in links and attributes. Types that
//! consist of several values are in `form/composite.rs`.

mod composite;

use super::value::Value;
use super::view_state::{Sort, View};
use crate::analysis::{Label, Measure, Quantity, Special, fixed};
use crate::engine::HeadId;
use crate::error::{Error, Kind, Result};
use crate::text::line_feeds;

/// A type that options of the view have.
pub trait Form: Sized {
    /// The names under which a link has the option; where there are none, it is the option's own name.
    const PARTS: &'static [&'static str] = &[];

    /// Reads the value that a script gives to the option `name`.
    ///
    /// # Errors
    /// [`Kind::Input`] that names the option.
    fn read(name: &str, value: &Value) -> Result<Self>;

    /// The value for scripts; [`read`](Self::read) takes it back.
    fn write(&self) -> Value;

    /// What a link has of the option `name`: pairs of a part's name and its text.
    fn to_link(&self, name: &'static str) -> Vec<(&'static str, String)> {
        vec![(name, plain(&self.write()))]
    }

    /// The value, still to be read, that one part of a link gives. `before` is what earlier parts of the same link
    /// made of this option.
    ///
    /// # Errors
    /// [`Kind::Input`] that names the part.
    fn from_link(_part: &str, text: &str, _before: Option<&Value>) -> Result<Value> {
        Ok(text.into())
    }
}

/// A type of few values that have names.
pub trait Choice: Copy + PartialEq + 'static {
    const NAMES: &'static [(&'static str, Self)];
}

impl Choice for View {
    const NAMES: &'static [(&'static str, Self)] =
        &[("arcs", Self::Arcs), ("columns", Self::Columns), ("text", Self::Text)];
}

impl Choice for Special {
    const NAMES: &'static [(&'static str, Self)] =
        &[("show", Self::Show), ("mask", Self::Mask), ("renormalise", Self::Renormalise)];
}

/// A difference is shown by comparing.
impl Choice for Quantity {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("weight", Self::Weight),
        ("score", Self::Score),
        ("norm", Self::Norm),
        ("layer_mean", Self::LayerMean),
        ("rollout", Self::Rollout),
    ];
}

impl Choice for Measure {
    const NAMES: &'static [(&'static str, Self)] =
        &[("entropy", Self::Entropy), ("distance", Self::Distance), ("sink_share", Self::SinkShare)];
}

impl Choice for Sort {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("place", Self::Place),
        ("entropy", Self::Entropy),
        ("distance", Self::Distance),
        ("sink_share", Self::SinkShare),
        ("reads", Self::Reads),
        ("label", Self::Label),
        ("change", Self::Change),
        ("moved", Self::Moved),
    ];
}

impl<T: Choice> Form for T {
    fn read(name: &str, value: &Value) -> Result<Self> {
        let names = || T::NAMES.iter().map(|(name, _)| *name);
        named(name, value, names(), |at| T::NAMES[at].1)
    }

    fn write(&self) -> Value {
        T::NAMES.iter().find(|(_, value)| value == self).map_or(Value::Null, |(name, _)| (*name).into())
    }
}

impl Form for Label {
    fn read(name: &str, value: &Value) -> Result<Self> {
        named(name, value, Label::ALL.iter().map(|label| label.name()), |at| Label::ALL[at])
    }

    fn write(&self) -> Value {
        self.name().into()
    }
}

/// The value at the place where `value` stands among the names.
fn named<'a, T>(
    option: &str,
    value: &Value,
    names: impl Iterator<Item = &'a str> + Clone,
    at: impl Fn(usize) -> T,
) -> Result<T> {
    let found = names.clone().position(|name| matches!(value, Value::Text(text) if text == name));
    found.map(at).ok_or_else(|| {
        let names: Vec<&str> = names.collect();
        fault(option, &format!("one of {}", names.join(", ")), value)
    })
}

/// Null is none.
impl<T: Form> Form for Option<T> {
    const PARTS: &'static [&'static str] = T::PARTS;

    fn read(name: &str, value: &Value) -> Result<Self> {
        if *value == Value::Null { Ok(None) } else { T::read(name, value).map(Some) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }

    fn to_link(&self, name: &'static str) -> Vec<(&'static str, String)> {
        self.as_ref().map_or_else(Vec::new, |value| value.to_link(name))
    }

    fn from_link(part: &str, text: &str, before: Option<&Value>) -> Result<Value> {
        T::from_link(part, text, before)
    }
}

impl Form for String {
    fn read(name: &str, value: &Value) -> Result<Self> {
        let expected = if name == "pair" { "a text, or null for none" } else { "a text" };
        let Value::Text(text) = value else { return Err(fault(name, expected, value)) };
        Ok(line_feeds(text))
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }
}

impl Form for usize {
    fn read(name: &str, value: &Value) -> Result<Self> {
        let expected = if name == "layer" { "a layer, counted from 0" } else { "a head, counted from 0" };
        value.as_index().ok_or_else(|| fault(name, expected, value))
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Form for bool {
    fn read(name: &str, value: &Value) -> Result<Self> {
        let Value::Bool(is) = value else { return Err(fault(name, "true or false", value)) };
        Ok(*is)
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_link(_: &str, text: &str, _: Option<&Value>) -> Result<Value> {
        Ok(flag(text))
    }
}

/// A share.
impl Form for f32 {
    fn read(name: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Number(share) if (0.0..=1.0).contains(share) => Ok(*share as f32),
            _ => Err(fault(name, "a number from 0 to 1", value)),
        }
    }

    fn write(&self) -> Value {
        Value::Number(short(*self))
    }

    fn from_link(_: &str, text: &str, _: Option<&Value>) -> Result<Value> {
        Ok(number(text))
    }
}

/// `L3H1`
pub fn head_in_link(HeadId { layer, head }: HeadId) -> String {
    format!("L{layer}H{head}")
}

/// The fault of an option: what was expected of it, and what came.
pub fn fault(what: &str, expected: &str, got: &Value) -> Error {
    Error::new(Kind::Input, what, expected, got.told(), "Correct that field and try again.")
}

/// A float's own digits, not those of its widening: 0.9 and not 0.8999999761581421.
fn short(number: f32) -> f64 {
    (number as f64 * 1e6).round() / 1e6
}

/// A value without braces.
fn plain(value: &Value) -> String {
    match value {
        Value::Bool(is) => if *is { "1" } else { "0" }.into(),
        Value::Number(number) => fixed(*number, 6).trim_end_matches('0').trim_end_matches('.').to_owned(),
        Value::Text(text) => text.clone(),
        Value::Null | Value::List(_) | Value::Object(_) => String::new(),
    }
}

/// As the page writes it (`1`, `0`), and as HTML and JSX write attributes: the name alone is true.
fn flag(text: &str) -> Value {
    match text.trim() {
        "1" | "true" | "" => Value::Bool(true),
        "0" | "false" => Value::Bool(false),
        other => other.into(),
    }
}

/// Digits with at most one point; anything else stays text, which the option refuses. (The standard library's reader
/// of floats would cost the page more than all of this.)
fn number(text: &str) -> Value {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |digits: &str| (digits.len() <= 9).then(|| digits.parse::<u32>().ok()).flatten();
    match (digits(whole), digits(part)) {
        (Some(whole), Some(value)) => {
            Value::Number(f64::from(whole) + f64::from(value) / 10f64.powi(part.len() as i32))
        }
        _ => text.into(),
    }
}
