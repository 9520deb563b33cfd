//! A [`ViewState`] as plain values: how scripts, links and embeds write it and change it.

use super::value::Value;
use super::view_state::{Baseline, Sort, View, ViewState};
use super::wanted::{TokenRef, Wanted};
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::{Intervention, TEMPERATURES};
use crate::error::{Error, Kind, Result};
use crate::source::{HUB, Source};
use crate::text::line_feeds;

/// A change to a [`ViewState`] from outside: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    pub text: Option<String>,
    /// `Some(None)` takes the second text away.
    pub pair: Option<Option<String>>,
    /// `Some(None)` takes the page's own.
    pub model: Option<Option<Source>>,
    pub layer: Option<usize>,
    pub head: Option<usize>,
    /// `Some(None)` lets the form be chosen by itself.
    pub view: Option<Option<View>>,
    pub special: Option<Special>,
    pub show: Option<Quantity>,
    /// `Some(None)` ends the comparison.
    pub compare: Option<Option<Baseline>>,
    pub side_by_side: Option<bool>,
    pub words: Option<bool>,
    pub mass: Option<f32>,
    pub inside: Option<bool>,
    pub downstream: Option<bool>,
    /// `Some(None)` closes the charts.
    pub chart: Option<Option<Measure>>,
    pub sort: Option<Sort>,
    /// `Some(None)` takes the filter away.
    pub label: Option<Option<Label>>,
    /// `tokens`, `from` and `to`.
    pub wanted: Wanted,
    pub altered: Option<Intervention>,
}

/// The names of a choice's values, as scripts and links write them.
const VIEWS: [(&str, View); 3] = [("arcs", View::Arcs), ("columns", View::Columns), ("text", View::Text)];
const SPECIALS: [(&str, Special); 3] =
    [("show", Special::Show), ("mask", Special::Mask), ("renormalise", Special::Renormalise)];

/// A difference is shown by comparing.
const QUANTITIES: [(&str, Quantity); 5] = [
    ("weight", Quantity::Weight),
    ("score", Quantity::Score),
    ("norm", Quantity::Norm),
    ("layer_mean", Quantity::LayerMean),
    ("rollout", Quantity::Rollout),
];

const SORTS: [(&str, Sort); 8] = [
    ("place", Sort::Place),
    ("entropy", Sort::Entropy),
    ("distance", Sort::Distance),
    ("sink_share", Sort::SinkShare),
    ("reads", Sort::Reads),
    ("label", Sort::Label),
    ("change", Sort::Change),
    ("moved", Sort::Moved),
];

/// How `compare` names the model as it is.
const UNALTERED: &str = "unaltered";
const MEASURES: [(&str, Measure); 3] =
    [("entropy", Measure::Entropy), ("distance", Measure::Distance), ("sink_share", Measure::SinkShare)];

impl Patch {
    /// Reads what came from outside.
    ///
    /// # Errors
    /// [`Kind::Input`] that names the field at fault.
    pub fn read(value: &Value) -> Result<Self> {
        const FIELDS: &str = "an object with any of text, pair, model, layer, head, tokens, view, special, show, compare, side_by_side, words, mass, inside, downstream, chart, sort, label, from, to, altered";
        let Value::Object(fields) = value else { return Err(fault("attnscope.set", FIELDS, value)) };
        let mut patch = Self::default();
        for (name, value) in fields {
            let wrong = |expected: &str| fault(name, expected, value);
            match (name.as_str(), value) {
                ("text", Value::Text(text)) => patch.text = Some(line_feeds(text)),
                ("text", _) => return Err(wrong("a text")),
                ("pair", Value::Text(text)) => patch.pair = Some(Some(line_feeds(text))),
                ("pair", Value::Null) => patch.pair = Some(None),
                ("pair", _) => return Err(wrong("a text, or null for none")),
                ("model", Value::Null) => patch.model = Some(None),
                ("model", _) => patch.model = Some(Some(model(value)?)),
                ("layer", _) => patch.layer = Some(value.as_index().ok_or_else(|| wrong("a layer, counted from 0"))?),
                ("head", _) => patch.head = Some(value.as_index().ok_or_else(|| wrong("a head, counted from 0"))?),
                ("tokens", Value::List(tokens)) => patch.wanted.tokens = Some(token_refs(tokens)?),
                ("tokens", _) => return Err(wrong("a list of tokens")),
                ("view", Value::Null) => patch.view = Some(None),
                ("view", _) => patch.view = Some(Some(named(name, value, &VIEWS)?)),
                ("special", _) => patch.special = Some(named(name, value, &SPECIALS)?),
                ("show", _) => patch.show = Some(named(name, value, &QUANTITIES)?),
                ("compare", Value::Null) => patch.compare = Some(None),
                ("compare", Value::Text(what)) if what == UNALTERED => patch.compare = Some(Some(Baseline::Unaltered)),
                ("compare", _) => patch.compare = Some(Some(other_text(value)?)),
                ("side_by_side", Value::Bool(is)) => patch.side_by_side = Some(*is),
                ("words", Value::Bool(is)) => patch.words = Some(*is),
                ("inside", Value::Bool(is)) => patch.inside = Some(*is),
                ("downstream", Value::Bool(is)) => patch.downstream = Some(*is),
                ("side_by_side" | "words" | "inside" | "downstream", _) => return Err(wrong("true or false")),
                ("mass", Value::Number(mass)) if (0.0..=1.0).contains(mass) => patch.mass = Some(*mass as f32),
                ("mass", _) => return Err(wrong("a number from 0 to 1")),
                ("chart", Value::Null) => patch.chart = Some(None),
                ("chart", _) => patch.chart = Some(Some(named(name, value, &MEASURES)?)),
                ("sort", _) => patch.sort = Some(named(name, value, &SORTS)?),
                ("label", Value::Null) => patch.label = Some(None),
                ("label", _) => patch.label = Some(Some(named(name, value, &Label::ALL.map(|l| (l.name(), l)))?)),
                ("from", Value::Null) => patch.wanted.from = Some(None),
                ("from", _) => patch.wanted.from = Some(Some(token_ref(name, value)?)),
                ("to", Value::Null) => patch.wanted.to = Some(None),
                ("to", _) => patch.wanted.to = Some(Some(token_ref(name, value)?)),
                ("altered", Value::Null) => patch.altered = Some(Intervention::default()),
                ("altered", Value::Object(fields)) => patch.altered = Some(intervention(fields)?),
                ("altered", _) => return Err(wrong("an object, or null for the model as it is")),
                _ => return Err(fault("attnscope.set", FIELDS, &name.as_str().into())),
            }
        }
        Ok(patch)
    }
}

/// `"owner/name"` and whatever else [`Source::parse`] reads, or `{ name: "owner/name", hub: "https://..." }` of a mirror.
fn model(value: &Value) -> Result<Source> {
    let field = |wanted: &str| match value {
        Value::Object(fields) if fields.len() == 2 => fields.iter().find_map(|(name, value)| match value {
            Value::Text(text) if name == wanted => Some(text.as_str()),
            _ => None,
        }),
        _ => None,
    };
    match (value, field("name"), field("hub")) {
        (Value::Text(name), ..) => Source::parse(name, HUB),
        (_, Some(name), Some(hub)) => Source::parse(name, hub),
        _ => Err(fault("model", "owner/name, an address, { name, hub }, or null", value)),
    }
}

/// `{ text: "..." }`
fn other_text(value: &Value) -> Result<Baseline> {
    match value {
        Value::Object(fields) => match &fields[..] {
            [(name, Value::Text(text))] if name == "text" => Ok(Baseline::Text(line_feeds(text))),
            _ => Err(fault("compare", "{ text: a text }", value)),
        },
        _ => Err(fault("compare", "\"unaltered\", { text: a text }, or null", value)),
    }
}

/// `{ heads_off: ["L3 H1"], positions: false, shuffle: 7, temperature: 2, causal: true }`; what is left out is as
/// it is in the model.
fn intervention(fields: &[(String, Value)]) -> Result<Intervention> {
    let mut altered = Intervention::default();
    for (name, value) in fields {
        let wrong = |expected: &str| fault(&format!("altered, {name}"), expected, value);
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
            ("temperature", Value::Number(t)) if TEMPERATURES.contains(&(*t as f32)) => altered.temperature = *t as f32,
            ("causal", Value::Bool(on)) => altered.causal = *on,
            ("heads_off" | "positions" | "temperature" | "causal", _) => {
                return Err(wrong("a list of heads, true or false, or a temperature from 0.001 to 1000000"));
            }
            _ => {
                return Err(fault(
                    "altered",
                    "heads_off, positions, shuffle, temperature, causal",
                    &name.as_str().into(),
                ));
            }
        }
    }
    Ok(altered)
}

fn token_refs(tokens: &[Value]) -> Result<Vec<TokenRef>> {
    tokens.iter().map(|token| token_ref("tokens", token)).collect()
}

fn token_ref(field: &str, token: &Value) -> Result<TokenRef> {
    let place = token.as_index().map(TokenRef::Index);
    match (place, token) {
        (Some(place), _) => Ok(place),
        (None, Value::Text(text)) => Ok(TokenRef::Text(text.clone())),
        _ => Err(fault(field, "a token's place, counted from 0, or its characters", token)),
    }
}

fn named<T: Copy>(field: &str, value: &Value, names: &[(&str, T)]) -> Result<T> {
    let found = names.iter().find(|(name, _)| matches!(value, Value::Text(text) if text == name));
    found.map(|found| found.1).ok_or_else(|| {
        let all: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        fault(field, &format!("one of {}", all.join(", ")), value)
    })
}

fn name_of<T: PartialEq>(value: T, names: &[(&'static str, T)]) -> &'static str {
    names.iter().find(|(_, named)| *named == value).map_or("", |found| found.0)
}

pub(super) fn fault(what: &str, expected: &str, got: &Value) -> Error {
    Error::new(Kind::Input, what, expected, got.told(), "Correct that field and try again.")
}

impl ViewState {
    /// Puts everything but the tokens in place: those are found when the text has been read ([`find`](Self::find)).
    pub fn apply(&mut self, patch: &Patch) {
        let patch = patch.clone();
        self.text = patch.text.unwrap_or_else(|| std::mem::take(&mut self.text));
        self.pair = patch.pair.unwrap_or_else(|| self.pair.take());
        self.model = patch.model.unwrap_or_else(|| self.model.take());
        self.layer = patch.layer.unwrap_or(self.layer);
        self.head = patch.head.unwrap_or(self.head);
        self.view = patch.view.unwrap_or(self.view);
        self.special = patch.special.unwrap_or(self.special);
        self.show = patch.show.unwrap_or(self.show);
        if let Some(with) = patch.compare {
            self.compare_with(with);
        }
        self.side_by_side = patch.side_by_side.unwrap_or(self.side_by_side);
        self.words = patch.words.unwrap_or(self.words);
        self.mass = patch.mass.unwrap_or(self.mass);
        self.inside = patch.inside.unwrap_or(self.inside);
        self.downstream = patch.downstream.unwrap_or(self.downstream);
        self.chart = patch.chart.unwrap_or(self.chart);
        self.sort = patch.sort.unwrap_or(self.sort);
        self.label = patch.label.unwrap_or(self.label);
        self.altered = patch.altered.unwrap_or_else(|| std::mem::take(&mut self.altered));
    }

    /// The same fields that a [`Patch`] takes.
    pub fn to_value(&self) -> Value {
        let mass = short(self.mass);
        let fields = [
            ("text", self.text.as_str().into()),
            ("pair", self.pair.as_deref().map_or(Value::Null, Value::from)),
            ("model", self.model.as_ref().map_or(Value::Null, model_value)),
            ("layer", self.layer.into()),
            ("head", self.head.into()),
            ("tokens", Value::List(self.tokens.iter().map(|&t| t.into()).collect())),
            ("view", self.view.map_or(Value::Null, |view| name_of(view, &VIEWS).into())),
            ("special", name_of(self.special, &SPECIALS).into()),
            ("show", name_of(self.show, &QUANTITIES).into()),
            ("compare", self.compare.as_ref().map_or(Value::Null, compare_value)),
            ("side_by_side", Value::Bool(self.side_by_side)),
            ("words", Value::Bool(self.words)),
            ("mass", Value::Number(mass)),
            ("inside", Value::Bool(self.inside)),
            ("downstream", Value::Bool(self.downstream)),
            ("chart", self.chart.map_or(Value::Null, |measure| name_of(measure, &MEASURES).into())),
            ("sort", name_of(self.sort, &SORTS).into()),
            ("label", self.label.map_or(Value::Null, |label| label.name().into())),
            ("from", self.from.map_or(Value::Null, Value::from)),
            ("to", self.to.map_or(Value::Null, Value::from)),
            ("altered", if self.altered.is_none() { Value::Null } else { altered_value(&self.altered) }),
        ];
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }
}

fn model_value(model: &Source) -> Value {
    let name = Value::Text(model.written());
    match model.mirror() {
        Some(hub) => Value::Object(vec![("name".to_owned(), name), ("hub".to_owned(), hub.into())]),
        None => name,
    }
}

fn compare_value(with: &Baseline) -> Value {
    match with {
        Baseline::Unaltered => UNALTERED.into(),
        Baseline::Text(text) => Value::Object(vec![("text".to_owned(), text.as_str().into())]),
    }
}

fn altered_value(altered: &Intervention) -> Value {
    let heads = altered.heads_off.iter().map(|head| Value::Text(head.to_string()));
    let fields = [
        ("heads_off", Value::List(heads.collect())),
        ("positions", Value::Bool(!altered.positions_off)),
        ("shuffle", altered.shuffle.map_or(Value::Null, |seed| (seed as usize).into())),
        ("temperature", Value::Number(short(altered.temperature))),
        ("causal", Value::Bool(altered.causal)),
    ];
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// A float's own digits, not those of its widening: 0.9 and not 0.8999999761581421.
fn short(number: f32) -> f64 {
    (number as f64 * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests;
