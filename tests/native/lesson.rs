//! Numbers that the lesson's texts name, against the built-in model, in every language; and the curve of its costs.

use attnscope::analysis::{Measure, fit_cost, survey};
use attnscope::engine::{HeadId, Input, Intervention};
use attnscope::math::Random;

use crate::common::{minilm, project, text, tokenizer};

const BIG: &str = "The trophy did not fit in the bag because it was too big.";
const SMALL: &str = "The trophy did not fit in the bag because it was too small.";
/// The head in which *it* reads from *trophy*.
const PRONOUN: HeadId = HeadId { layer: 3, head: 1 };
/// Tokens of both sentences.
const CLS: usize = 0;
const TROPHY: usize = 2;
const BAG: usize = 8;
const IT: usize = 10;

/// A message of the lesson in each of the languages.
fn messages(name: &str) -> Vec<String> {
    let of = |code: &str| {
        let file = text(&project().join(format!("lang/lesson/{code}.ftl")));
        let line = file.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("{code} has {name} in one line"))
    };
    ["en", "ar", "ja"].map(of).to_vec()
}

fn names_all(message: &str, numbers: &[f32]) {
    for number in numbers {
        let number = format!("{number:.2}");
        for text in messages(message) {
            assert!(text.contains(&number), "{message} names {number}: {text}");
        }
    }
}

#[test]
fn what_the_pronoun_takes_from_a_sink_and_from_a_word() {
    let tokens = tokenizer().encode(BIG, None).unwrap();
    let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
    let inside = trace.inside(PRONOUN, IT);
    let lengths = inside.lengths();
    let taken = [CLS, BAG].map(|key| [inside.weights[key], inside.weights[key] * lengths[key]]);
    names_all("dictionary-why", taken.as_flattened());
    assert!(taken[0][0] > taken[1][0] && taken[0][1] < 0.1 * taken[1][1], "more weight, far less taken: {taken:?}");
}

#[test]
fn the_pronoun_head_does_not_follow_the_size() {
    let row = |sentence: &str| {
        let tokens = tokenizer().encode(sentence, None).unwrap();
        let trace = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
        trace.inside(PRONOUN, IT).weights
    };
    let (big, small) = (row(BIG), row(SMALL));
    names_all("heads-article", &[big[TROPHY], small[TROPHY], small[BAG]]);
    assert!(small[TROPHY] > 5.0 * small[BAG]);
}

#[test]
fn the_first_layer_is_the_broadest_on_the_sentence() {
    let tokens = tokenizer().encode(BIG, None).unwrap();
    let pattern = minilm().run(&Input::of(&tokens, 0), &Intervention::default()).unwrap().pattern;
    let heads = pattern.dim().1;
    let all = survey(pattern.view(), &tokens.shown(BIG, None));
    let entropy = |layer: &[attnscope::analysis::HeadSurvey]| {
        layer.iter().map(|head| Measure::Entropy.of(&head.measures)).sum::<f32>() / heads as f32
    };
    let means: Vec<f32> = all.chunks(heads).map(entropy).collect();
    assert!(means[1..].iter().all(|&mean| mean < means[0]), "{means:?}");
}

#[test]
fn every_curve_of_random_times_is_the_best_without_negative_terms() {
    let mut random = Random::new(11);
    for series in 0..10_000 {
        let times = [16, 32, 64, 128, 256, 512].map(|n| (n, (1000.0 * (0.5 + random.within(0.5)).powi(3)) as f32));
        let cost = fit_cost(&times).unwrap();
        let terms = [cost.quadratic, cost.linear, cost.constant];
        assert!(terms.iter().all(|&term| term >= 0.0), "series {series}: {cost:?}");
        for &(n, _) in &times {
            let share = cost.quadratic_share(n as f64);
            assert!((0.0..=1.0).contains(&share), "series {series}, {n} tokens: {share}");
        }
        // Karush-Kuhn-Tucker: more of any term does not help, and less of one that is there does not either.
        let bases: [fn(f64) -> f64; 3] = [|x| x * x, |x| x, |_| 1.0];
        for (term, basis) in terms.into_iter().zip(bases) {
            let parts = times.iter().map(|&(n, ms)| (basis(n as f64), cost.at(n as f64) - f64::from(ms), ms));
            let (slope, size) =
                parts.fold((0.0, 1e-9), |(slope, size), (x, over, ms)| (slope + x * over, size + x * f64::from(ms)));
            assert!(slope > -1e-6 * size && (term == 0.0 || slope < 1e-6 * size), "series {series}: {slope}");
        }
    }
}
