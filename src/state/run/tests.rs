//! Tests of a run's maps, and of what a saved run does not have.

use super::*;
use crate::analysis::{HeadLabel, HeadMeasures, Label};
use crate::engine::Token;
use crate::state::Baseline;

/// Three tokens, the last two one word, in one layer of two heads.
pub fn run() -> Run {
    let token = |i: usize, word: u32| Token {
        id: 0,
        token: String::new(),
        chars: (i, i + 1),
        bytes: (i, i + 1),
        segment: 0,
        sequence: Some(0),
        word: Some(word),
        special: false,
    };
    let tokens = Tokens { items: vec![token(0, 0), token(1, 1), token(2, 1)], cuts: vec![] };
    let asked = Asked { text: "abc".into(), ..Asked::default() };
    let mut run = Run::whole(asked, tokens, &Array4::from_elem((1, 2, 3, 3), 1.0 / 3.0), Source::Snapshot);
    let measures = |entropy, distance| HeadMeasures { entropy, distance, sink_share: 0.0, strongest: 0.5 };
    let label = HeadLabel { label: Label::Broad, score: 0.9, evidence: String::new() };
    run.survey = Arc::new(vec![
        HeadSurvey { measures: measures(1.5, 1.0), labels: vec![label] },
        HeadSurvey { measures: measures(0.5, 2.0), labels: vec![] },
    ]);
    run
}

#[test]
fn maps_are_kept_by_quantity_and_a_new_comparison_replaces_the_last() {
    let (mut run, head) = (run(), HeadId::new(0, 1));
    let of = |quantity, with| Of { quantity, with };
    let (norms, mean) = (of(Quantity::Norm, None), of(Quantity::LayerMean, None));
    run.add_map(norms, head, vec![1.0; 9]);
    assert!(run.map(norms, head).is_none(), "thumbnails come first");
    run.add_maps(norms, vec![-3.0, 2.0], 1);
    run.add_map(norms, head, vec![1.0; 9]);
    assert_eq!((run.maps(norms).unwrap().max, run.map(norms, head).unwrap()[[2, 2]]), (3.0, 1.0));
    run.add_map(norms, HeadId::new(0, 0), vec![1.0; 8]);
    run.add_map(norms, HeadId::new(0, 2), vec![1.0; 9]);
    assert!(run.map(norms, HeadId::new(0, 0)).is_none() && run.map(norms, HeadId::new(0, 2)).is_none());
    run.add_map(mean, head, vec![2.0; 9]);
    assert_eq!(run.map(mean, HeadId::new(0, 0)).unwrap()[[0, 0]], 2.0, "one map for the layer");
    for with in [4, 5] {
        run.add_maps(of(Quantity::Difference, Some(with)), vec![0.0; 2], 1);
    }
    assert!(run.maps(of(Quantity::Difference, Some(4))).is_none());
    assert!(run.maps(of(Quantity::Difference, Some(5))).is_some() && run.maps(norms).is_some());
    assert_eq!(run.pattern(head).unwrap()[[0, 0]], 1.0 / 3.0);
}

#[test]
fn a_saved_run_has_weights_and_no_more() {
    let run = run();
    let view = ViewState { text: "abc".into(), head: 0, tokens: vec![2], ..ViewState::default() };
    assert!(!view.needs_model(&run));
    assert!(!ViewState { words: true, layer: 0, mass: 0.1, ..view.clone() }.needs_model(&run));
    assert!(ViewState { text: "abcd".into(), ..view.clone() }.needs_model(&run));
    assert!(ViewState { show: Quantity::Norm, ..view.clone() }.needs_model(&run));
    assert!(ViewState { compare: Some(Baseline::Unaltered), ..view.clone() }.needs_model(&run));
    assert!(ViewState { from: Some(1), ..view.clone() }.needs_model(&run));
    assert!(ViewState { inside: true, ..view }.needs_model(&run));
}
