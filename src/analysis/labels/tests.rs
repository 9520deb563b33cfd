//! Heads made so that one thing holds, and texts made so that it could seem to.

use super::super::testing::{close, layer, shown};
use super::*;

const TEXT: &str = "[CLS] a b c d e [SEP]";

/// 0.4 of each row on `[CLS]`, 0.1 on `[SEP]`; `on` of the other half on the key that is `keys` of the query, if
/// there is one, and what is left evenly on the other words.
fn head(line: &str, on: f32, keys: impl Fn(usize) -> Option<usize>) -> Array2<f32> {
    let special: Vec<bool> = shown(line).iter().map(|token| token.special).collect();
    let words = special.iter().filter(|&&special| !special).count() as f32;
    Array2::from_shape_fn((special.len(), special.len()), |(query, key)| match keys(query) {
        _ if key == 0 => 0.4,
        _ if special[key] => 0.1,
        None => 0.5 / words,
        Some(wanted) if wanted == key => 0.5 * on,
        Some(_) => 0.5 * (1.0 - on) / (words - 1.0),
    })
}

fn labels(line: &str, map: Array2<f32>) -> Vec<HeadLabel> {
    head_labels(layer(&[map]).view(), &shown(line)).remove(0)
}

fn names(line: &str, map: Array2<f32>) -> Vec<&'static str> {
    labels(line, map).iter().map(|l| l.label.name()).collect()
}

/// The half on sinks is enough for that label on all but the shortest texts.
fn besides_sink(line: &str, map: Array2<f32>) -> Vec<&'static str> {
    names(line, map).into_iter().filter(|&name| name != "sink").collect()
}

fn causal(n: usize, weights: impl Fn(usize, usize) -> f32) -> Array2<f32> {
    Array2::from_shape_fn((n, n), |(query, key)| if key <= query { weights(query, key) } else { 0.0 })
}

#[test]
fn previous_token_with_its_evidence() {
    // Of five words, four have a word before them; of the rest of each row 0.8 is on it. Evenly: 1 of 5.
    let all = labels(TEXT, head(TEXT, 0.8, |q| (2..6).contains(&q).then(|| q - 1)));
    assert_eq!(all[0].label, Label::PreviousToken);
    close(all[0].score, 0.8);
    let said = "80 % of the weight outside sinks goes to the previous token; uniform attention would give 20 %.";
    assert_eq!(all[0].evidence, said);
    // Half of every row is on sinks, evenly it would be 2 of 7: less than 0.25 apart.
    assert_eq!(all.len(), 1);
}

#[test]
fn next_token_self_and_nothing() {
    assert_eq!(besides_sink(TEXT, head(TEXT, 0.8, |q| (1..5).contains(&q).then(|| q + 1))), ["next token"]);
    assert_eq!(besides_sink(TEXT, head(TEXT, 0.8, Some)), ["self"]);
    // Above the threshold, but only 0.42 - 0.2 = 0.22 above an even row.
    // The word before gets 0.4 of the rest, too near 0.2 as well.
    let weak = Array2::from_shape_fn((7, 7), |(q, k)| match k {
        0 | 6 => 0.1,
        _ if k == q => 0.8 * 0.42,
        _ if k == (q + 3) % 5 + 1 => 0.8 * 0.4,
        _ => 0.8 * 0.06,
    });
    assert_eq!(names(TEXT, weak), [] as [&str; 0]);
    assert_eq!(besides_sink(TEXT, head(TEXT, 0.8, |_| Some(3))), [] as [&str; 0], "one word is not a label");
}

#[test]
fn sink_and_separator_are_told_from_all_weight() {
    // 0.9 on [SEP], the rest on all seven evenly: 0.9 + 0.1 / 7 on [SEP], 0.9 + 0.2 / 7 on both.
    let map = Array2::from_shape_fn((7, 7), |(_, key)| if key == 6 { 0.9 + 0.1 / 7.0 } else { 0.1 / 7.0 });
    let all = labels(TEXT, map);
    assert_eq!(all.iter().map(|l| l.label).collect::<Vec<_>>(), [Label::Sink, Label::Separator]);
    close(all[0].score, 0.9 + 0.2 / 7.0);
    close(all[1].score, 0.9 + 0.1 / 7.0);
    assert_eq!(all[1].evidence, "91 % of the weight is on separators; uniform attention would give 14 %.");
}

#[test]
fn without_special_tokens_the_first_token_is_the_sink() {
    let on_first = |query: usize, key| {
        if query == 0 {
            1.0
        } else if key == 0 {
            0.8
        } else {
            0.2 / query as f32
        }
    };
    let all = labels("a b c d e f", causal(6, on_first));
    assert_eq!(all[0].label, Label::Sink);
    close(all[0].score, 0.8); // The first token's own row does not count.
}

#[test]
fn a_causal_mask_is_no_label() {
    // Read evenly, the first words read themselves, and the first token, much: no more than the mask makes them.
    let line = "a b c d e f g h";
    assert_eq!(names(line, causal(8, |query, _| 1.0 / (query + 1) as f32)), ["broad"]);
    // From the third token on, the token before is no sink: 0.9 against 1/2, 1/3 .. 1/7, a mean of 0.265.
    let before = |query, key| match query {
        0 | 1 => 1.0 / (query + 1) as f32,
        _ if key + 1 == query => 0.9,
        _ => 0.1 / query as f32,
    };
    let all = labels(line, causal(8, before));
    assert_eq!(all.iter().map(|l| l.label).collect::<Vec<_>>(), [Label::PreviousToken]);
    assert!(all[0].evidence.ends_with("uniform attention would give 27 %."), "{}", all[0].evidence);
}

#[test]
fn punctuation_against_how_much_of_it_there_is() {
    let few = "[CLS] a b c d , e f g h [SEP]";
    assert_eq!(besides_sink(few, head(few, 0.6, |_| Some(5))), ["punctuation"]);
    let many = "[CLS] a , . ; b : ! ? ) [SEP]";
    let evenly = head(many, 0.0, |_| None);
    assert_eq!(besides_sink(many, evenly), ["broad"], "7 of 9 tokens are punctuation");
}

#[test]
fn repetition_is_needed_for_same_token_and_induction() {
    let line = "[CLS] a b c d e a b c d e [SEP]";
    let other = |q: usize| if q < 6 { q + 5 } else { q - 5 };
    assert_eq!(besides_sink(line, head(line, 0.7, |q| (1..11).contains(&q).then(|| other(q)))), ["same token"]);
    let after = |q: usize| (6..11).contains(&q).then(|| q - 4);
    assert_eq!(besides_sink(line, head(line, 0.7, after)), ["induction"]);
    let unlike = "[CLS] a b c d e f g h i j [SEP]";
    assert_eq!(besides_sink(unlike, head(unlike, 0.7, after)), [] as [&str; 0]);
    let once = "[CLS] a b c d e a f g h i [SEP]";
    assert_eq!(besides_sink(once, head(once, 0.7, after)), [] as [&str; 0], "one row is too few");
}

#[test]
fn the_neighbour_does_not_pass_for_induction() {
    let line = "[CLS] a b a b a b a b [SEP]";
    let before = head(line, 0.8, |q| (2..9).contains(&q).then(|| q - 1));
    assert_eq!(besides_sink(line, before), ["previous token"]);
}

#[test]
fn broad_is_how_evenly_the_rest_is_spread() {
    let all = labels(TEXT, head(TEXT, 0.0, |_| None));
    assert_eq!(all[0].label, Label::Broad);
    close(all[0].score, 1.0);
    let evidence = "The weight outside sinks is spread as widely as uniform attention over 100 % of the tokens.";
    assert_eq!(all[0].evidence, evidence);
    // Evenly over 3 of 5 words: log2(3) bits, 60 %.
    let three = Array2::from_shape_fn((7, 7), |(_, key)| if (1..4).contains(&key) { 1.0 / 3.0 } else { 0.0 });
    let mut maps = vec![three, Array2::from_elem((7, 7), 1.0 / 7.0)]; // The second head shows that all can be read.
    assert_eq!(head_labels(layer(&maps).view(), &shown(TEXT))[0], []);
    // Alone, its mask hides the two other words.
    maps.truncate(1);
    assert_eq!(head_labels(layer(&maps).view(), &shown(TEXT))[0], []);
}

#[test]
fn short_and_forced_texts_make_no_labels() {
    assert_eq!(names("[CLS] word [SEP]", head("[CLS] word [SEP]", 1.0, Some)), [] as [&str; 0]);
    let three = "[CLS] a b c [SEP]";
    assert_eq!(names(three, head(three, 1.0, Some)), [] as [&str; 0], "three rows are too few");
    assert_eq!(names("", Array2::zeros((0, 0))), [] as [&str; 0]);
    assert_eq!(names("[CLS] [SEP]", Array2::from_elem((2, 2), 0.5)), [] as [&str; 0]);
    // All the same word: what is not beside the query is another occurrence, whatever a head reads.
    let same = "[CLS] a a a a a a a a [SEP]";
    assert_eq!(besides_sink(same, head(same, 0.0, |_| None)), ["broad"]);
}

#[test]
fn rows_that_are_nearly_all_sink_say_nothing() {
    // 0.95 on [CLS] and 0.05 on the word itself.
    let map = |sink: f32| {
        Array2::from_shape_fn((7, 7), |(q, k)| {
            if k == 0 {
                sink
            } else if k == q {
                1.0 - sink
            } else {
                1e-9
            }
        })
    };
    assert_eq!(names(TEXT, map(0.95)), ["sink"]);
    assert_eq!(names(TEXT, map(0.85)), ["self", "sink"]);
    // Four rows say "self": half of eight, but not of ten.
    let some = |words: usize| {
        let line = format!("[CLS]{} [SEP]", " a b".repeat(words / 2));
        let sink = |query| if query <= 4 { 0.5 } else { 0.95 };
        let weight = |(q, k)| {
            if k == 0 {
                sink(q)
            } else if k == q {
                1.0 - sink(q)
            } else {
                1e-9
            }
        };
        let map = Array2::from_shape_fn((words + 2, words + 2), weight);
        names(&line, map).contains(&"self")
    };
    assert!(some(8) && !some(10));
}

#[test]
fn what_is_not_available_is_passed_over() {
    // The key column of "c" is missing: "d" has no token before it and three rows are left; five would do.
    let mut map = head(TEXT, 0.8, |q| (2..6).contains(&q).then(|| q - 1));
    map.column_mut(3).fill(f32::NAN);
    assert_eq!(besides_sink(TEXT, map), [] as [&str; 0]);
    let longer = "[CLS] a b c d e f g [SEP]";
    let mut map = head(longer, 0.8, |q| (2..8).contains(&q).then(|| q - 1));
    map.column_mut(3).fill(f32::NAN);
    assert_eq!(besides_sink(longer, map), ["previous token"]);
}

#[test]
fn labels_cross_as_json() {
    assert_eq!(serde_json::to_string(&Label::PreviousToken).unwrap(), "\"previous_token\"");
    for label in Label::ALL {
        let text = serde_json::to_string(&label).unwrap();
        assert_eq!(serde_json::from_str::<Label>(&text).unwrap(), label);
    }
}
