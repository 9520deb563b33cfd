//! What the analysis finds in the built-in model, against numbers of Hugging Face Transformers where it has them.

use crate::common::{TOLERANCE, bytes, golden, minilm, tensors, tokenizer};
use ndarray::{Array4, Axis};

use attnscope::analysis::{
    Label, Quantity, Words, align, change, difference, find_heads, find_token, head_labels, head_measures, layer_mean,
    moved, rollout, sinks,
};
use attnscope::engine::{HeadId, Input, Intervention, Shown, Tokens};

const TROPHY: &str = "The trophy did not fit in the bag because it was too big.";
const TROPHY_SMALL: &str = "The trophy did not fit in the bag because it was too small.";
const RIVER_BANK: &str = "She sat on the river bank, then walked to the central bank.";

struct Ran {
    tokens: Tokens,
    shown: Vec<Shown>,
    pattern: Array4<f32>,
}

impl Ran {
    fn new(text: &str) -> Self {
        let tokens = tokenizer().encode(text, None).unwrap();
        let pattern = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap().pattern;
        Self { shown: tokens.shown(text, None), tokens, pattern }
    }

    fn at(&self, token: &str) -> usize {
        find_token(&self.shown, token).unwrap()
    }

    /// The heads with a label, highest score first.
    fn labelled(&self, label: Label) -> Vec<(HeadId, f32)> {
        let heads = self.pattern.dim().1;
        let all = head_labels(self.pattern.view(), &self.shown);
        let mut found: Vec<(HeadId, f32)> = Vec::new();
        for (i, labels) in all.iter().enumerate() {
            let id = HeadId::new(i / heads, i % heads);
            found.extend(labels.iter().filter(|l| l.label == label).map(|l| (id, l.score)));
        }
        assert!(found.iter().all(|&(_, score)| (0.0..=1.0).contains(&score)));
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }
}

/// Hugging Face's weights for a text.
fn reference(name: &str) -> Array4<f32> {
    let golden = tensors(&bytes(&golden().join(format!("minilm/{name}.safetensors")))).remove("attention").unwrap();
    let [l, h, n, _] = golden.shape[..] else { panic!("four axes") };
    Array4::from_shape_vec((l, h, n, n), golden.numbers).unwrap()
}

#[test]
fn the_head_that_reads_trophy_from_it_is_found() {
    let ran = Ran::new(TROPHY);
    let found = find_heads(ran.pattern.view(), &[ran.at("it")], &[ran.at("trophy")]);
    assert_eq!(found.len(), 72);
    assert_eq!(found[0].head, HeadId::new(3, 1));
    assert!((found[0].weight - 0.624).abs() < 0.001, "{}", found[0].weight);
    assert_eq!(found[1].head, HeadId::new(5, 4));
    assert!((found[1].weight - 0.430).abs() < 0.001, "{}", found[1].weight);
}

#[test]
fn big_and_small_move_weight_between_trophy_and_bag() {
    let (big, small) = (Ran::new(TROPHY), Ran::new(TROPHY_SMALL));
    let aligned = align(&big.shown, &small.shown);
    assert_eq!(aligned.len(), 15, "all but big and small");
    assert!(aligned.iter().all(|&(a, b)| a == b && a != big.at("big")));

    let place = |token| (big.at(token), small.at(token));
    let (it, trophy, bag) = (place("it"), place("trophy"), place("bag"));
    let ranked = moved(big.pattern.view(), small.pattern.view(), it, trophy, bag);
    // L2 H5 turns most from trophy to bag; L3 H1, which reads trophy most, turns most the other way.
    assert_eq!((ranked[0].head, ranked[1].head), (HeadId::new(2, 5), HeadId::new(2, 4)));
    assert_eq!(ranked[71].head, HeadId::new(3, 1));
    assert!((ranked[0].moved - 0.0525).abs() < 0.001 && (ranked[71].moved + 0.0336).abs() < 0.001);

    let (a, b) = (reference("trophy_big"), reference("trophy_small"));
    for head in &ranked {
        let HeadId { layer: l, head: h } = head.head;
        let change = |key: (usize, usize)| b[[l, h, it.1, key.1]] - a[[l, h, it.0, key.0]];
        assert!((head.from - change(trophy)).abs() < 2.0 * TOLERANCE, "{}", head.head);
        assert!((head.to - change(bag)).abs() < 2.0 * TOLERANCE, "{}", head.head);
        assert_eq!(head.moved, head.to - head.from);
    }
    assert!(ranked.windows(2).all(|pair| pair[0].moved >= pair[1].moved));

    let ours = change(big.pattern.view(), small.pattern.view(), &aligned);
    let theirs = change(a.view(), b.view(), &aligned);
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < TOLERANCE));
    let most = (0..72).max_by(|&a, &b| ours[a].total_cmp(&ours[b])).unwrap();
    assert_eq!((most / 12, most % 12), (3, 11), "changes most over all cells");

    let head = HeadId::new(2, 5);
    let of = |ran: &Ran| ran.pattern.index_axis(Axis(0), head.layer).index_axis(Axis(0), head.head).to_owned();
    let map = difference(of(&big).view(), of(&small).view(), &aligned);
    assert_eq!(map[[it.1, bag.1]], ranked[0].to);
    assert!(map.row(small.at("small")).iter().all(|w| w.is_nan()));
    assert_eq!(map.iter().filter(|w| w.is_nan()).count(), 16 + 15);
}

#[test]
fn heads_are_labelled_on_the_sentence() {
    let ran = Ran::new(TROPHY);
    let heads = |label| ran.labelled(label).into_iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>();
    assert_eq!(heads(Label::PreviousToken), ["L0 H2", "L1 H9", "L2 H11", "L1 H11", "L0 H5"]);
    assert_eq!(heads(Label::NextToken), ["L1 H8", "L4 H9", "L2 H8"]);
    assert_eq!(heads(Label::Itself), ["L2 H9", "L1 H1"]);
    // "the" twice is no ground for a label.
    for label in [Label::SameToken, Label::Induction, Label::Separator] {
        assert_eq!(heads(label), [] as [&str; 0]);
    }
    let (first, score) = ran.labelled(Label::PreviousToken)[0];
    assert!(first == HeadId::new(0, 2) && score > 0.99, "{score}");
    // The head that reads trophy from it does that for one token: no label says so.
    let labels = head_labels(ran.pattern.view(), &ran.shown);
    assert_eq!(labels[3 * 12 + 1], []);
}

#[test]
fn a_repeating_text_shows_the_same_token_head() {
    let heads = |text| Ran::new(text).labelled(Label::SameToken).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(heads("a b c d e f g a b c d e f g"), [HeadId::new(2, 9), HeadId::new(1, 1)]);
    assert_eq!(heads(RIVER_BANK), [HeadId::new(2, 9)]);
}

#[test]
fn very_short_texts_have_no_labels() {
    for text in ["", "attention", "dog bit man", "!"] {
        let ran = Ran::new(text);
        assert!(head_labels(ran.pattern.view(), &ran.shown).iter().all(Vec::is_empty), "{text}");
    }
}

#[test]
fn measures_are_in_range_and_tell_the_previous_token_head() {
    let ran = Ran::new(TROPHY);
    let measures = head_measures(ran.pattern.view(), &sinks(&ran.shown));
    for m in &measures {
        assert!((0.0..=4.0).contains(&m.entropy) && (0.0..=15.0).contains(&m.distance), "{m:?}");
        assert!((0.0..=1.0).contains(&m.sink_share) && (0.0..=1.001).contains(&m.strongest), "{m:?}");
    }
    let previous = measures[2];
    assert!(previous.entropy < 0.1 && (previous.distance - 1.0).abs() < 0.1, "{previous:?}");
}

#[test]
fn subwords_merge_and_rows_still_sum_to_one() {
    let ran = Ran::new("Antidisestablishmentarianism untokenizable supercalifragilistic");
    let words = Words::new(&ran.tokens, &ran.shown);
    let texts: Vec<&str> = words.shown.iter().map(|word| word.text.as_str()).collect();
    let whole = ["[CLS]", "Antidisestablishmentarianism", "untokenizable", "supercalifragilistic", "[SEP]"];
    assert_eq!(texts, whole);
    for map in ran.pattern.outer_iter().flat_map(|layer| layer.outer_iter().map(|m| m.to_owned()).collect::<Vec<_>>()) {
        let merged = words.merge(Quantity::Weight, map.view());
        assert!(merged.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-5));
    }
    // The finder and the merged map give one number for a pair of words.
    let tokens = |word: usize| words.tokens(word).collect::<Vec<_>>();
    let found = find_heads(ran.pattern.view(), &tokens(2), &tokens(1))[0];
    let merged = words.merge(
        Quantity::Weight,
        ran.pattern.index_axis(Axis(0), found.head.layer).index_axis(Axis(0), found.head.head),
    );
    assert!((merged[[2, 1]] - found.weight).abs() < 1e-6);
}

#[test]
fn summaries_of_a_run_sum_to_one() {
    let ran = Ran::new(TROPHY);
    for layer in 0..6 {
        for map in [layer_mean(ran.pattern.view(), layer), rollout(ran.pattern.view(), layer)] {
            assert!(map.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-5));
        }
    }
}
