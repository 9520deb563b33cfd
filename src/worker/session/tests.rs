//! The worker's answers without a model.

use super::*;
use ndarray::{Array2, Array4};

/// A run of 1 layer, 2 heads and 2 tokens, without the model.
fn run(id: u32) -> Option<Run> {
    let trace = Trace::from_pattern(Array4::from_shape_fn((1, 2, 2, 2), |(_, h, q, k)| (h * 4 + q * 2 + k) as f32));
    let token = |text: &str| Shown { text: text.into(), continues: false, special: false, unknown: false };
    let (shown, surveyed) = (vec![token("a"), token("b")], OnceCell::new());
    let input = Input::new(Vec::new(), Vec::new());
    Some(Run { id, shown, trace, input, altered: Intervention::default(), millis: 0.0, surveyed })
}

fn after_two_runs() -> Session {
    Session { loaded: None, main: run(9), other: run(4) }
}

fn refused(answer: Result<Answer<'_>>) -> (Kind, String) {
    let error = answer.err().expect("an error");
    (error.kind, error.got)
}

#[test]
fn a_run_needs_a_model() {
    let (intervention, keep) = (Intervention::default(), Slot::Main);
    let asked = RunRequest { text: "a".into(), pair: None, head: HeadId::default(), intervention, keep };
    let none = (Kind::Input, "none yet".to_owned());
    assert_eq!(refused(Session::default().run(1, &asked, || 0.0)), none);
    let passage = || Passage { text: "a".into(), pair: None, intervention: Intervention::default() };
    assert_eq!(refused(Session::default().similar(passage(), passage())), none);
    assert_eq!(refused(Session::default().time(16, || 0.0)), none);
}

fn weights(run: u32) -> MapsOf {
    MapsOf { run, quantity: Quantity::Weight, with: None }
}

#[test]
fn a_head_comes_from_either_run_that_is_kept() {
    let head = HeadId::new(0, 1);
    assert_eq!(refused(Session::default().head(weights(9), head)), (Kind::Input, "none is kept".into()));
    let session = after_two_runs();
    assert_eq!(refused(session.head(weights(8), head)), (Kind::Input, "kept: 9, 4".into()));
    for id in [9, 4] {
        let answer = session.head(weights(id), head).unwrap();
        assert_eq!(answer.reply, Reply::Head { of: weights(id), head, n: 2 });
        assert_eq!(answer.numbers[0], [4.0, 5.0, 6.0, 7.0].as_slice());
    }
}

#[test]
fn a_difference_needs_another_run_that_is_kept() {
    let (session, head) = (after_two_runs(), HeadId::new(0, 1));
    let of = |with| MapsOf { run: 9, quantity: Quantity::Difference, with };
    assert_eq!(refused(session.head(of(None), head)), (Kind::Input, "one".into()));
    assert_eq!(refused(session.head(of(Some(8)), head)), (Kind::Input, "kept: 9, 4".into()));
    assert_eq!(session.head(of(Some(4)), head).unwrap().numbers[0], [0.0; 4].as_slice());
    assert_eq!(refused(session.compare(9, 8)).1, "kept: 9, 4");
    assert_eq!(refused(session.moved(9, 4, 0, [1, 2])), (Kind::Input, "2".into()));
}

#[test]
fn maps_that_heads_share_are_asked_for_one_by_one() {
    let of = MapsOf { quantity: Quantity::LayerMean, ..weights(9) };
    let (session, head) = (after_two_runs(), HeadId::default());
    assert_eq!(refused(session.maps(of, head)).1, "one of a layer");
    // Heads of 0 1 2 3 and 4 5 6 7.
    assert_eq!(session.head(of, head).unwrap().numbers[0], [2.0, 3.0, 4.0, 5.0].as_slice());
}

#[test]
fn a_head_the_model_does_not_have_is_refused() {
    let session = after_two_runs();
    for head in [HeadId::new(1, 0), HeadId::new(0, 2), HeadId::new(usize::MAX, usize::MAX)] {
        assert_eq!(refused(session.head(weights(9), head)), (Kind::Input, head.to_string()));
        assert_eq!(refused(session.maps(weights(9), head)), (Kind::Input, head.to_string()));
    }
}

#[test]
fn a_model_that_does_not_hold_leaves_everything_as_it_was() {
    let session = after_two_runs();
    let files = |config: &[u8]| {
        ["config.json", "tokenizer.json", "model.safetensors"].map(|name| (name.to_owned(), config.to_vec())).into()
    };
    for config in [&b"\xff"[..], b"{}", b""] {
        assert!(Loaded::open("m", "l", files(config)).is_err());
    }
    assert_eq!(Loaded::open("m", "l", Vec::new()).err().unwrap().kind, Kind::Config);
    assert!(session.head(weights(9), HeadId::default()).is_ok());
    assert!(session.head(weights(4), HeadId::default()).is_ok());
}

#[test]
fn numbers_that_do_not_lie_row_major_are_put_so() {
    let array = Array2::from_shape_vec((2, 2), vec![1.0, 2.0, 3.0, 4.0]).unwrap();
    assert_eq!(row_major(array.t()), vec![1.0, 3.0, 2.0, 4.0]);
}
