//! A [`ViewState`] as plain values: how scripts, links and embeds write it and change it.

use super::value::Value;
use super::view_state::{Sort, View, ViewState};
use crate::analysis::{Label, Measure, Special};
use crate::engine::{Intervention, TEMPERATURES};
use crate::error::{Error, Kind, Result};

/// A change to a [`ViewState`] from outside: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    pub text: Option<String>,
    /// `Some(None)` takes the second text away.
    pub pair: Option<Option<String>>,
    pub layer: Option<usize>,
    pub head: Option<usize>,
    pub tokens: Option<Vec<TokenRef>>,
    pub view: Option<View>,
    pub special: Option<Special>,
    pub words: Option<bool>,
    pub mass: Option<f32>,
    pub inside: Option<bool>,
    /// `Some(None)` closes the charts.
    pub chart: Option<Option<Measure>>,
    pub sort: Option<Sort>,
    /// `Some(None)` takes the filter away.
    pub label: Option<Option<Label>>,
    /// `Some(None)` takes the question away.
    pub from: Option<Option<usize>>,
    pub altered: Option<Intervention>,
}

/// A token by its place or by its characters (`"it"`).
#[derive(Clone, Debug, PartialEq)]
pub enum TokenRef {
    Index(usize),
    Text(String),
}

/// The names of a choice's values, as scripts and links write them.
const VIEWS: [(&str, View); 2] = [("arcs", View::Arcs), ("columns", View::Columns)];
const SPECIALS: [(&str, Special); 3] =
    [("show", Special::Show), ("mask", Special::Mask), ("renormalise", Special::Renormalise)];

const SORTS: [(&str, Sort); 5] = [
    ("place", Sort::Place),
    ("entropy", Sort::Entropy),
    ("distance", Sort::Distance),
    ("sink_share", Sort::SinkShare),
    ("reads", Sort::Reads),
];

const MEASURES: [(&str, Measure); 3] =
    [("entropy", Measure::Entropy), ("distance", Measure::Distance), ("sink_share", Measure::SinkShare)];

impl Patch {
    /// Reads what came from outside.
    ///
    /// # Errors
    /// [`Kind::Input`] that names the field at fault.
    pub fn read(value: &Value) -> Result<Self> {
        const FIELDS: &str = "an object with any of text, pair, layer, head, tokens, view, special, words, mass, inside, chart, sort, label, from, altered";
        let Value::Object(fields) = value else { return Err(fault("attnscope.set", FIELDS, value)) };
        let mut patch = Self::default();
        for (name, value) in fields {
            let wrong = |expected: &str| fault(name, expected, value);
            match (name.as_str(), value) {
                ("text", Value::Text(text)) => patch.text = Some(text.clone()),
                ("text", _) => return Err(wrong("a text")),
                ("pair", Value::Text(text)) => patch.pair = Some(Some(text.clone())),
                ("pair", Value::Null) => patch.pair = Some(None),
                ("pair", _) => return Err(wrong("a text, or null for none")),
                ("layer", _) => patch.layer = Some(value.as_index().ok_or_else(|| wrong("a layer, counted from 0"))?),
                ("head", _) => patch.head = Some(value.as_index().ok_or_else(|| wrong("a head, counted from 0"))?),
                ("tokens", Value::List(tokens)) => patch.tokens = Some(token_refs(tokens)?),
                ("tokens", _) => return Err(wrong("a list of tokens")),
                ("view", _) => patch.view = Some(named(name, value, &VIEWS)?),
                ("special", _) => patch.special = Some(named(name, value, &SPECIALS)?),
                ("words", Value::Bool(merged)) => patch.words = Some(*merged),
                ("words", _) => return Err(wrong("true or false")),
                ("mass", Value::Number(mass)) if (0.0..=1.0).contains(mass) => patch.mass = Some(*mass as f32),
                ("mass", _) => return Err(wrong("a number from 0 to 1")),
                ("inside", Value::Bool(open)) => patch.inside = Some(*open),
                ("inside", _) => return Err(wrong("true or false")),
                ("chart", Value::Null) => patch.chart = Some(None),
                ("chart", _) => patch.chart = Some(Some(named(name, value, &MEASURES)?)),
                ("sort", _) => patch.sort = Some(named(name, value, &SORTS)?),
                ("label", Value::Null) => patch.label = Some(None),
                ("label", _) => patch.label = Some(Some(named(name, value, &Label::ALL.map(|l| (l.name(), l)))?)),
                ("from", Value::Null) => patch.from = Some(None),
                ("from", _) => {
                    patch.from = Some(Some(value.as_index().ok_or_else(|| wrong("a token's place, counted from 0"))?));
                }
                ("altered", Value::Null) => patch.altered = Some(Intervention::default()),
                ("altered", Value::Object(fields)) => patch.altered = Some(intervention(fields)?),
                ("altered", _) => return Err(wrong("an object, or null for the model as it is")),
                _ => return Err(fault("attnscope.set", FIELDS, &name.as_str().into())),
            }
        }
        Ok(patch)
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
    let read = |token: &Value| match token {
        Value::Text(text) => Ok(TokenRef::Text(text.clone())),
        _ => token
            .as_index()
            .map(TokenRef::Index)
            .ok_or_else(|| fault("tokens", "places counted from 0, or the tokens' characters", token)),
    };
    tokens.iter().map(read).collect()
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

fn fault(what: &str, expected: &str, got: &Value) -> Error {
    Error::new(Kind::Input, what, expected, got.told(), "Correct that field and try again.")
}

impl ViewState {
    /// Puts everything but the tokens in place: those are found when the text has been read ([`find_tokens`](Self::find_tokens)).
    pub fn apply(&mut self, patch: &Patch) {
        let patch = patch.clone();
        self.text = patch.text.unwrap_or_else(|| std::mem::take(&mut self.text));
        self.pair = patch.pair.unwrap_or_else(|| self.pair.take());
        self.layer = patch.layer.unwrap_or(self.layer);
        self.head = patch.head.unwrap_or(self.head);
        self.view = patch.view.unwrap_or(self.view);
        self.special = patch.special.unwrap_or(self.special);
        self.words = patch.words.unwrap_or(self.words);
        self.mass = patch.mass.unwrap_or(self.mass);
        self.inside = patch.inside.unwrap_or(self.inside);
        self.chart = patch.chart.unwrap_or(self.chart);
        self.sort = patch.sort.unwrap_or(self.sort);
        self.label = patch.label.unwrap_or(self.label);
        self.from = patch.from.unwrap_or(self.from);
        self.altered = patch.altered.unwrap_or_else(|| std::mem::take(&mut self.altered));
    }

    /// The same fields that a [`Patch`] takes.
    pub fn to_value(&self) -> Value {
        let mass = short(self.mass);
        let fields = [
            ("text", self.text.as_str().into()),
            ("pair", self.pair.as_deref().map_or(Value::Null, Value::from)),
            ("layer", self.layer.into()),
            ("head", self.head.into()),
            ("tokens", Value::List(self.tokens.iter().map(|&t| t.into()).collect())),
            ("view", name_of(self.view, &VIEWS).into()),
            ("special", name_of(self.special, &SPECIALS).into()),
            ("words", Value::Bool(self.words)),
            ("mass", Value::Number(mass)),
            ("inside", Value::Bool(self.inside)),
            ("chart", self.chart.map_or(Value::Null, |measure| name_of(measure, &MEASURES).into())),
            ("sort", name_of(self.sort, &SORTS).into()),
            ("label", self.label.map_or(Value::Null, |label| label.name().into())),
            ("from", self.from.map_or(Value::Null, Value::from)),
            ("altered", if self.altered.is_none() { Value::Null } else { altered_value(&self.altered) }),
        ];
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
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
mod tests {
    use super::*;
    use crate::engine::HeadId;

    /// `name: value, ...` as an object.
    fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }

    #[test]
    fn a_patch_changes_only_what_it_names() {
        let mut state = ViewState { pair: Some("b".into()), ..ViewState::default() };
        let patch = object([("layer", 1.into()), ("special", "renormalise".into()), ("mass", Value::Number(0.5))]);
        state.apply(&Patch::read(&patch).unwrap());
        assert_eq!((state.layer, state.head, state.special, state.mass), (1, 1, Special::Renormalise, 0.5));
        assert_eq!(state.pair.as_deref(), Some("b"));
        state.apply(&Patch::read(&object([("pair", Value::Null), ("text", "x".into())])).unwrap());
        assert_eq!((state.pair, state.text.as_str()), (None, "x"));
    }

    #[test]
    fn a_state_comes_back_through_its_values() {
        let before = ViewState {
            text: "a \"b\"".into(),
            pair: Some(String::new()),
            view: View::Columns,
            special: Special::Mask,
            words: true,
            inside: true,
            chart: Some(Measure::SinkShare),
            sort: Sort::Reads,
            label: Some(Label::PreviousToken),
            from: Some(2),
            ..ViewState::default()
        };
        let patch = Patch::read(&before.to_value()).unwrap();
        let mut after = ViewState { mass: 0.1, layer: 0, ..ViewState::default() };
        after.apply(&patch);
        assert_eq!(after, before);
        assert_eq!(patch.tokens, Some(vec![TokenRef::Index(10)]));
    }

    #[test]
    fn the_field_at_fault_is_named() {
        for (field, value) in [
            ("layer", "1".into()),
            ("head", Value::Null),
            ("head", Value::Number(-1.0)),
            ("text", 7.into()),
            ("pair", Value::List(vec![])),
            ("tokens", "it".into()),
            ("tokens", Value::List(vec![object([])])),
            ("view", "circles".into()),
            ("special", Value::Bool(true)),
            ("words", 1.into()),
            ("inside", 1.into()),
            ("chart", "weight".into()),
            ("sort", "best".into()),
            ("label", "clever".into()),
            ("from", "trophy".into()),
            ("mass", Value::Number(1.5)),
            ("mass", Value::Number(f64::NAN)),
        ] {
            let error = Patch::read(&object([("text", "a".into()), (field, value)])).unwrap_err();
            assert_eq!((error.kind, error.what.as_str()), (Kind::Input, field));
        }
        assert!(Patch::read(&object([("leyer", 1.into())])).unwrap_err().got.contains("leyer"));
        assert!(Patch::read(&7.into()).is_err());
    }

    #[test]
    fn a_change_of_the_model_comes_back_and_null_restores_it() {
        let altered = Intervention {
            heads_off: [HeadId::new(3, 1), HeadId::new(0, 11)].into(),
            positions_off: true,
            shuffle: Some(7),
            temperature: 0.7,
            causal: true,
        };
        let before = ViewState { altered: altered.clone(), ..ViewState::default() };
        let mut after = ViewState::default();
        after.apply(&Patch::read(&before.to_value()).unwrap());
        assert_eq!(after.altered, altered);
        after.apply(&Patch::read(&object([("altered", Value::Null)])).unwrap());
        assert!(after.altered.is_none());
        for (field, value) in [
            ("heads_off", Value::List(vec!["L3".into()])),
            ("heads_off", 3.into()),
            ("positions", 0.into()),
            ("shuffle", Value::Number(-1.0)),
            ("temperature", 0.into()),
            ("temperature", Value::Number(f64::INFINITY)),
            ("causal", Value::Null),
        ] {
            let patch = object([("altered", object([(field, value)]))]);
            assert_eq!(Patch::read(&patch).unwrap_err().what, format!("altered, {field}"));
        }
        assert!(Patch::read(&object([("altered", object([("hot", 1.into())]))])).unwrap_err().got.contains("hot"));
    }
}
