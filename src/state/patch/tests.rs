//! Patches from outside, and states that come back.

use super::*;
use crate::analysis::{Label, Measure, Quantity, Special};
use crate::engine::{HeadId, Intervention};
use crate::error::Kind;
use crate::source::Source;
use crate::state::{Baseline, Sort, TokenRef, View};

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
fn a_script_s_lines_end_as_those_of_a_field() {
    let other = Value::Object(vec![("text".into(), "e\r\nf".into())]);
    let patch = Patch::read(&object([("text", "a\r\nb".into()), ("pair", "c\rd".into()), ("compare", other)])).unwrap();
    assert_eq!((patch.text.as_deref(), patch.pair), (Some("a\nb"), Some(Some("c\nd".into()))));
    assert_eq!(patch.compare, Some(Some(Baseline::Text("e\nf".into()))));
}

#[test]
fn a_state_comes_back_through_its_values() {
    let before = ViewState {
        text: "a \"b\"".into(),
        pair: Some(String::new()),
        model: Some(Source::parse("a/b@c", "https://mirror.example").unwrap()),
        view: Some(View::Columns),
        special: Special::Mask,
        words: true,
        inside: true,
        downstream: true,
        chart: Some(Measure::SinkShare),
        sort: Sort::Reads,
        label: Some(Label::PreviousToken),
        from: Some(2),
        to: Some(4),
        show: Quantity::Rollout,
        compare: Some(Baseline::Text("c".into())),
        side_by_side: true,
        numbers: true,
        ..ViewState::default()
    };
    let patch = Patch::read(&before.to_value()).unwrap();
    let mut after = ViewState { mass: 0.1, layer: 0, ..ViewState::default() };
    after.apply(&patch);
    assert_eq!(after.foreseen(&patch.wanted), before);
    assert_eq!(patch.wanted.tokens, Some(vec![TokenRef::Index(10)]));
    let unaltered = ViewState { compare: Some(Baseline::Unaltered), ..ViewState::default() };
    after.apply(&Patch::read(&unaltered.to_value()).unwrap());
    assert_eq!(after.compare, unaltered.compare);
    let patch = Patch::read(&object([("compare", Value::Null), ("to", Value::Null), ("from", "it".into())])).unwrap();
    after.apply(&patch);
    assert_eq!((after.compare, patch.wanted.to), (None, Some(None)));
    assert_eq!(patch.wanted.from, Some(Some(TokenRef::Text("it".into()))));
}

#[test]
fn the_field_at_fault_is_named() {
    for (field, value) in [
        ("layer", "1".into()),
        ("head", Value::Null),
        ("head", Value::Number(-1.0)),
        ("text", 7.into()),
        ("pair", Value::List(vec![])),
        ("model", 7.into()),
        ("model", object([("name", "a/b".into())])),
        ("model", object([("name", "a/b".into()), ("hub", Value::Null)])),
        ("tokens", "it".into()),
        ("tokens", Value::List(vec![object([])])),
        ("view", "circles".into()),
        ("special", Value::Bool(true)),
        ("words", 1.into()),
        ("inside", 1.into()),
        ("downstream", 1.into()),
        ("chart", "weight".into()),
        ("sort", "best".into()),
        ("label", "clever".into()),
        ("from", Value::Bool(true)),
        ("to", Value::Number(0.5)),
        ("show", "difference".into()),
        ("compare", "altered".into()),
        ("compare", object([("txt", "a".into())])),
        ("side_by_side", Value::Null),
        ("numbers", Value::Null),
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
