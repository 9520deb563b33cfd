//! Attention that another program computed: read as it is, refused where it does not hold, asked about like a run.

use std::collections::HashMap;

use crate::common::{bytes, golden, tensors};
use attnscope::Kind;
use attnscope::analysis::{Measure, Quantity};
use attnscope::engine::{HeadId, read_attention};
use attnscope::worker::protocol::{MapsOf, Picture, Reply};
use attnscope::worker::session::{Answer, Session};
use ndarray::Axis;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

const TEXT: &str = "ab cdé f";

/// As README's lines of Python write it: the tiny BERT's two layers of four heads over twelve tokens.
fn metadata() -> HashMap<String, String> {
    let tokens: Vec<String> = (0..12).map(|i| format!("t{i}")).collect();
    let mut offsets = vec![[0, 0]; 12];
    (offsets[1], offsets[2], offsets[3]) = ([0, 2], [3, 5], [5, 6]);
    let said = [("tokens", json!(tokens).to_string()), ("offsets", json!(offsets).to_string())];
    let said = said.into_iter().chain([("text", TEXT.to_owned()), ("model", "far away".to_owned())]);
    said.map(|(field, value)| (field.to_owned(), value)).collect()
}

fn file(metadata: Option<HashMap<String, String>>, change: impl Fn(&mut Vec<f32>)) -> Vec<u8> {
    file_of(&[0, 1], metadata, change)
}

/// The first golden layer under each of these numbers, the second under the last.
fn file_of(layers: &[usize], metadata: Option<HashMap<String, String>>, change: impl Fn(&mut Vec<f32>)) -> Vec<u8> {
    let golden = tensors(&bytes(&golden().join("families/bert/expected.safetensors")));
    let maps: Vec<(String, Vec<usize>, Vec<u8>)> = layers
        .iter()
        .map(|l| {
            let own = &golden[if Some(l) == layers.last() { "attention.1" } else { "attention.0" }];
            let mut numbers = own.numbers.clone();
            change(&mut numbers);
            let numbers = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            (format!("attention.{l}"), own.shape.clone(), numbers)
        })
        .collect();
    let views = maps
        .iter()
        .map(|(name, shape, numbers)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), numbers).unwrap()));
    safetensors::serialize(views, metadata).unwrap()
}

#[test]
fn weights_and_tokens_are_those_of_the_file() {
    let read = read_attention(file(Some(metadata()), |_| ())).unwrap();
    assert_eq!((read.model.as_str(), read.text.as_str()), ("far away", TEXT));
    let golden = tensors(&bytes(&golden().join("families/bert/expected.safetensors")));
    let all: Vec<f32> = [&golden["attention.0"].numbers[..], &golden["attention.1"].numbers].concat();
    assert_eq!(read.trace.pattern.iter().copied().collect::<Vec<f32>>(), all);
    let shown = read.tokens.shown(TEXT, None);
    let told: Vec<(&str, bool, bool)> =
        shown.iter().take(5).map(|token| (token.text.as_str(), token.continues, token.special)).collect();
    let expected = [("t0", false, true), ("ab", false, false), ("cd", false, false), ("é", true, false)];
    assert_eq!(told[..4], expected);
    assert_eq!(told[4], ("t4", false, true));
}

/// Layers 0, 1 and 3 are those of their numbers; nothing of layer 2 is available, and nothing of it is 0.
#[test]
fn layers_that_are_missing_keep_the_numbers_of_the_others() {
    let read = read_attention(file_of(&[3, 0, 1], Some(metadata()), |_| ())).unwrap();
    assert_eq!(read.trace.pattern.dim(), (4, 4, 12, 12));
    let golden = tensors(&bytes(&golden().join("families/bert/expected.safetensors")));
    let layer = |l: usize| read.trace.pattern.index_axis(Axis(0), l).iter().copied().collect::<Vec<f32>>();
    for (l, name) in [(0, "attention.0"), (1, "attention.1"), (3, "attention.0")] {
        assert_eq!(layer(l), golden[name].numbers, "layer {l}");
    }
    assert!(layer(2).iter().all(|weight| weight.is_nan()));

    let mut session = Session::default();
    session.import(7, file_of(&[3, 0, 1], Some(metadata()), |_| ())).unwrap();
    let Ok(Answer { reply: Reply::Surveyed { heads, .. }, .. }) = session.survey(7) else { panic!("no survey") };
    assert_eq!(heads.len(), 16);
    for (at, head) in heads.iter().enumerate() {
        assert_eq!(head.measures.entropy.is_nan(), at / 4 == 2, "head {at}");
        assert!(at / 4 != 2 || head.labels.is_empty(), "head {at} is not there and is called {:?}", head.labels);
    }
    let of = |quantity| MapsOf { run: 7, quantity, with: None };
    for (layer, quantity, is_there) in [
        (2, Quantity::LayerMean, false),
        (3, Quantity::LayerMean, true),
        (1, Quantity::Rollout, true),
        (3, Quantity::Rollout, false),
    ] {
        let answer = session.head(of(quantity), HeadId::new(layer, 0)).unwrap();
        assert_eq!(
            answer.numbers[0].iter().all(|weight| weight.is_finite()),
            is_there,
            "{quantity:?} of layer {layer}"
        );
    }
    assert!(read_attention(file_of(&[5], Some(metadata()), |_| ())).is_ok_and(|read| read.trace.layers() == 6));
    let far = read_attention(file_of(&[5000], Some(metadata()), |_| ())).err().unwrap();
    assert!(far.got.contains("attention.5000"), "{far}");
}

/// What Transformers gives before one text is taken out of the batch.
#[test]
fn a_batch_has_advice_of_its_own() {
    let numbers = [0u8; 4 * 4 * 12 * 12];
    let of_shape = |shape: &[usize]| {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), &numbers).unwrap();
        safetensors::serialize([("attention.0", view)], Some(metadata())).unwrap()
    };
    let fault = |file| read_attention(file).err().expect("it was read");
    assert!(read_attention(of_shape(&[4, 12, 12])).is_ok());
    let batch = fault(of_shape(&[1, 4, 12, 12]));
    assert!(batch.got == "[1, 4, 12, 12]" && batch.advice.contains("a[0]"), "{batch}");
    assert!(!fault(of_shape(&[4, 144])).advice.contains("a[0]"));

    let with = |field: &str, value: Value| {
        let mut said = metadata();
        said.insert(field.to_owned(), value.to_string());
        fault(file(Some(said), |_| ()))
    };
    for (field, value) in [("tokens", json!([["[CLS]", "a"]])), ("offsets", json!([[[0, 0], [0, 1]]]))] {
        let fault = with(field, value);
        assert!(fault.got == "a list of 1 lists" && fault.advice.contains("batch"), "{fault}");
    }
    assert!(!with("tokens", json!([1, 2])).advice.contains("batch"));
}

/// Tokens alone are a text, too.
#[test]
fn without_a_text_the_tokens_are_it() {
    let said = metadata().into_iter().filter(|(field, _)| field == "tokens").collect();
    let read = read_attention(file(Some(said), |_| ())).unwrap();
    assert!(read.text.starts_with("t0 t1 t2"));
    let shown = read.tokens.shown(&read.text, None);
    assert_eq!(shown[11].text, "t11");
    assert!(shown.iter().all(|token| !token.special && !token.continues));
}

#[test]
fn what_does_not_hold_is_told() {
    let with = |field: &str, value: Value| {
        let mut said = metadata();
        said.insert(field.to_owned(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        read_attention(file(Some(said), |_| ())).err().map(|fault| (fault.kind, fault.expected))
    };
    let refused = |field, value| {
        let (kind, expected) = with(field, value).unwrap_or_else(|| panic!("{field} was read"));
        assert_eq!(kind, Kind::Format, "{expected}");
        expected
    };
    assert!(refused("tokens", json!("x")).contains("JSON list"));
    assert!(refused("tokens", json!(["a"])).contains("[heads, 1, 1]"));
    assert!(refused("offsets", json!([[0, 1]])).contains("12 pairs"));
    for bad in [json!([[1, 0]]), json!([[0, 9]]), json!([[0, u64::MAX]]), json!([[-1, 2]])] {
        let mut all = vec![json!([0, 0]); 11];
        all.insert(0, bad[0].clone());
        assert!(refused("offsets", json!(all)).contains("offsets"), "{bad}");
    }
    let refused = |file| read_attention(file).err().expect("it was read").expected;
    assert!(refused(file(None, |_| ())).contains("tokens"));
    assert!(refused(file(Some(metadata()), |numbers| numbers[3] = 1.5)).contains("weights from 0 to 1"));
    assert!(refused(file(Some(metadata()), |numbers| numbers[3] = f32::INFINITY)).contains("weights from 0 to 1"));
    assert!(read_attention(file(Some(metadata()), |numbers| numbers[3] = f32::NAN)).is_ok(), "not available");
    let whole = file(Some(metadata()), |_| ());
    for end in (0..whole.len()).step_by(97) {
        assert!(read_attention(whole[..end].to_vec()).is_err(), "cut at {end}");
    }
}

#[test]
fn the_worker_answers_about_it() {
    let mut session = Session::default();
    let [about, ran] = session.import(7, file(Some(metadata()), |_| ())).unwrap();
    assert_eq!(about.reply, Reply::Imported { model: "far away".into(), text: TEXT.into() });
    let Reply::Ran { layers: 2, heads: 4, sent, .. } = ran.reply else { panic!("{:?}", ran.reply) };
    assert_eq!((sent.len(), ran.numbers[0].len()), (8, 2 * 4 * 12 * 12));
    let of = |quantity| MapsOf { run: 7, quantity, with: None };
    for quantity in [Quantity::Weight, Quantity::LayerMean, Quantity::Rollout] {
        assert!(session.head(of(quantity), HeadId::new(1, 2)).is_ok(), "{quantity:?}");
    }
    assert!(session.survey(7).is_ok());
    assert!(session.find(7, vec![1], vec![2]).is_ok());
    let chart = Picture::Chart { measure: Measure::Entropy, chosen: HeadId::default(), pointed: None };
    assert!(session.draw(7, chart, 600.0).is_ok());
    // What it takes queries, keys and values for is refused.
    let inside = Picture::Inside { head: HeadId::default(), query: 1, key: None, sorted: false, temperature: 1.0 };
    let refused = [
        session.head(of(Quantity::Score), HeadId::default()).err(),
        session.head(of(Quantity::Norm), HeadId::default()).err(),
        session.draw(7, inside, 600.0).err(),
    ];
    for fault in refused {
        assert_eq!(fault.map(|fault| fault.kind), Some(Kind::Input));
    }
    assert!(
        session.continued(7, 3).is_err() && session.predict(7, None, 1, 3).is_err() && session.time(8, || 0.0).is_err()
    );
}
