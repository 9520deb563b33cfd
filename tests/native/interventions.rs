//! Changes to the model inside its one forward pass, on the built-in model, and against the same change made to
//! the bytes of a tiny model's file.

use crate::common::{bytes, difference, golden, input, minilm, span, text, tokenizer};
use ndarray::Axis;

use attnscope::Kind;
use attnscope::engine::{
    HeadId, Input, Intervention, Model, TEMPERATURES, Tokens, Trace, cosine, embedding, softmax_with_temperature,
};

const TROPHY: &str = "The trophy did not fit in the bag because it was too big.";

fn none() -> Intervention {
    Intervention::default()
}

fn run(tokens: &Tokens, intervention: &Intervention) -> Trace {
    minilm().run(&Input::of(tokens, 0), intervention).unwrap()
}

fn trophy(intervention: &Intervention) -> Trace {
    run(&tokenizer().encode(TROPHY, None).unwrap(), intervention)
}

/// Same bits everywhere, NaN included.
fn bits(trace: &Trace) -> Vec<u32> {
    let parts = trace.pattern.iter().chain(&trace.qkv).chain(&trace.z).chain(&trace.last_hidden);
    parts.map(|number| number.to_bits()).collect()
}

fn all_heads() -> impl Iterator<Item = HeadId> {
    (0..6).flat_map(|layer| (0..12).map(move |head| HeadId::new(layer, head)))
}

/// The largest difference between a run's weights and those of another one whose token i is its token `places[i]`.
fn moved_difference(run: &Trace, moved: &Trace, places: &[usize]) -> f32 {
    let matched = run.pattern.select(Axis(2), places).select(Axis(3), places);
    difference(moved.pattern.iter().copied(), &matched.iter().copied().collect::<Vec<_>>())
}

/// Without positions a sentence is a set: who bit whom is lost.
#[test]
fn without_positions_the_order_of_words_is_nothing() {
    let [dog_man, man_dog] = ["dog bit man", "man bit dog"].map(|text| tokenizer().encode(text, None).unwrap());
    let places = [0, 3, 2, 1, 4];
    assert!((0..5).all(|i| man_dog.items[i].token == dog_man.items[places[i]].token));

    let set = Intervention { positions_off: true, ..none() };
    let without = moved_difference(&run(&dog_man, &set), &run(&man_dog, &set), &places);
    let with = moved_difference(&run(&dog_man, &none()), &run(&man_dog, &none()), &places);
    println!("without positions {without:.2e}, with positions {with:.2}");
    assert!(without <= 1e-5, "{without}");
    assert!(with > 0.1, "{with}");
    // Every single head sees it, or nearly: the smallest of their differences is far from nothing too.
    let (a, b) = (run(&dog_man, &none()), run(&man_dog, &none()));
    for id in all_heads() {
        let matched = a.head(id).select(Axis(0), &places).select(Axis(1), &places);
        let most = (&matched - &b.head(id)).iter().fold(0.0f32, |most, d| most.max(d.abs()));
        assert!(most > 1e-3, "{id}: {most}");
    }
    let same = cosine(&embedding(&run(&dog_man, &set)), &embedding(&run(&man_dog, &set)));
    assert!((same - 1.0).abs() < 1e-6, "{same}");
}

#[test]
fn shuffled_words_are_another_sentence_unless_positions_are_off() {
    let shuffle = Intervention { shuffle: Some(1), ..none() };
    let typed = tokenizer().encode(TROPHY, None).unwrap();
    let (tokens, places) = shuffle.arrange(typed.clone());
    let shown: Vec<String> = tokens.shown(TROPHY, None).into_iter().map(|shown| shown.text).collect();
    let before: Vec<String> = typed.shown(TROPHY, None).into_iter().map(|shown| shown.text).collect();
    println!("{}", shown.join(" "));
    for (i, &place) in places.iter().enumerate() {
        assert_eq!(shown[i], before[place], "a word is shown as it was typed, wherever it stands");
        assert_eq!(i == place, typed.items[place].special, "every word moves, and nothing else");
    }
    assert!(moved_difference(&run(&typed, &none()), &run(&tokens, &none()), &places) > 0.1);
    let set = Intervention { positions_off: true, ..none() };
    assert!(moved_difference(&run(&typed, &set), &run(&tokens, &set), &places) <= 1e-5);
    // The run takes the tokens as they come.
    assert_eq!(bits(&run(&tokens, &shuffle)), bits(&run(&tokens, &none())));
    assert_eq!(none().arrange(typed.clone()), (typed.clone(), (0..typed.len()).collect()));
}

/// A word takes no punctuation along, and keeps the accents that the tokenizer drops.
#[test]
fn shuffled_words_are_shown_with_their_own_characters() {
    let text = "(it's) a dog's cafe\u{301}, unbelievably, isn't it?";
    let typed = tokenizer().encode(text, None).unwrap();
    let before: Vec<String> = typed.shown(text, None).into_iter().map(|shown| shown.text).collect();
    for seed in 0..20 {
        let (tokens, places) = Intervention { shuffle: Some(seed), ..none() }.arrange(typed.clone());
        let shown = tokens.shown(text, None).into_iter().map(|shown| shown.text);
        assert!(shown.eq(places.iter().map(|&place| before[place].clone())), "seed {seed}");
    }
}

#[test]
fn a_head_that_is_off_changes_later_layers_alone() {
    let whole = trophy(&none());
    let id = HeadId::new(3, 1);
    let off = trophy(&Intervention { heads_off: [id].into(), ..none() });
    for layer in 0..6 {
        let [a, b] = [&whole, &off].map(|trace| trace.pattern.index_axis(Axis(0), layer));
        assert_eq!(a == b, layer <= 3, "layer {layer}");
    }
    let d = minilm().config.d_head;
    for (column, (a, b)) in
        whole.z.index_axis(Axis(0), 3).columns().into_iter().zip(off.z.index_axis(Axis(0), 3).columns()).enumerate()
    {
        let own = (d..2 * d).contains(&column);
        assert_eq!(b.iter().all(|&z| z == 0.0), own, "column {column}");
        assert_eq!(a == b, !own, "column {column}");
    }
    let all: Intervention = Intervention { heads_off: all_heads().collect(), ..none() };
    assert!(trophy(&all).z.iter().all(|&z| z == 0.0));
}

#[test]
fn what_is_switched_back_leaves_no_trace() {
    let before = bits(&trophy(&none()));
    let altered = [
        Intervention { heads_off: all_heads().collect(), ..none() },
        Intervention { positions_off: true, ..none() },
        Intervention { temperature: 0.5, ..none() },
        Intervention { causal: true, ..none() },
    ];
    for intervention in altered {
        assert_ne!(bits(&trophy(&intervention)), before);
        assert_eq!(bits(&trophy(&none())), before, "{intervention:?}");
    }
    assert_eq!(bits(&trophy(&Intervention { temperature: 1.0, ..none() })), before);
}

#[test]
fn a_temperature_flattens_or_sharpens_rows() {
    let hot = trophy(&Intervention { temperature: *TEMPERATURES.end(), ..none() });
    let n = hot.tokens() as f32;
    assert!(hot.pattern.iter().all(|weight| (weight - 1.0 / n).abs() < 1e-5));
    let cold = trophy(&Intervention { temperature: *TEMPERATURES.start(), ..none() });
    for row in cold.pattern.index_axis(Axis(0), 0).rows() {
        assert!((row.sum() - 1.0).abs() < 1e-5);
    }
    let most = |trace: &Trace| {
        trace
            .pattern
            .index_axis(Axis(0), 0)
            .rows()
            .into_iter()
            .map(|row| row.fold(0.0f32, |m, &w| m.max(w)))
            .sum::<f32>()
    };
    assert!(most(&cold) > 1.5 * most(&trophy(&none())));
}

#[test]
fn a_causal_row_reads_what_came_before() {
    for causal in [Intervention { causal: true, ..none() }, Intervention { causal: true, temperature: 3.0, ..none() }] {
        let trace = trophy(&causal);
        let (n, d) = (trace.tokens(), minilm().config.d_head);
        for id in all_heads() {
            let head = trace.head(id);
            assert_eq!(head[[0, 0]], 1.0, "the first token has itself alone");
            let (scores, width) = (trace.scores(id), minilm().config.d_model);
            let own = id.head * d;
            for query in 0..n {
                let row = head.row(query);
                assert!(row.iter().skip(query + 1).all(|weight| weight.is_nan()));
                let available: Vec<f32> = row.iter().copied().take(query + 1).collect();
                assert!((available.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                let mut again = scores.row(query).to_vec();
                again.truncate(query + 1);
                softmax_with_temperature(&mut again, causal.temperature);
                assert_eq!(available, again, "the scores shown are those that were weighed");
                // z is of the values before alone.
                for x in 0..d {
                    let mixed: f32 =
                        (0..=query).map(|k| available[k] * trace.qkv[[id.layer, k, 2 * width + own + x]]).sum();
                    assert!((mixed - trace.z[[id.layer, query, own + x]]).abs() < 1e-5);
                }
            }
        }
        // A later word cannot change an earlier one: the last hidden state of a shorter text is the same.
        let mut tokens = tokenizer().encode(TROPHY, None).unwrap();
        tokens.items.truncate(7);
        let start = run(&tokens, &causal);
        let long: Vec<f32> = trace.last_hidden.rows().into_iter().take(7).flatten().copied().collect();
        assert!(difference(start.last_hidden.iter().copied(), &long) < 1e-5);
    }
}

/// What "inside a head" shows is what was computed, to the last bit.
#[test]
fn inside_a_head_are_the_numbers_of_the_run() {
    let (width, d) = (minilm().config.d_model, minilm().config.d_head);
    for intervention in [none(), Intervention { temperature: 0.7, ..none() }] {
        let trace = trophy(&intervention);
        for (id, query) in [(HeadId::new(0, 0), 0), (HeadId::new(3, 1), 10), (HeadId::new(5, 11), 15)] {
            let inside = trace.inside(id, query);
            let own = id.head * d;
            let of_run = |token: usize, third: usize, x: usize| trace.qkv[[id.layer, token, third * width + own + x]];
            for x in 0..d {
                assert_eq!(inside.q[x], of_run(query, 0, x));
                for key in 0..trace.tokens() {
                    assert_eq!((inside.k[[key, x]], inside.v[[key, x]]), (of_run(key, 1, x), of_run(key, 2, x)));
                }
            }
            for (key, &score) in inside.scores.iter().enumerate() {
                let dot: f64 = (0..d).map(|x| f64::from(inside.q[x]) * f64::from(inside.k[[key, x]])).sum();
                assert!((f64::from(score) - dot / (d as f64).sqrt()).abs() < 1e-5, "{id} {query} {key}");
            }
            assert_eq!(inside.scores, trace.scores(id).row(query).to_vec());
            let mut weights = inside.scores.clone();
            softmax_with_temperature(&mut weights, intervention.temperature);
            assert_eq!(weights, inside.weights, "{id} {query}");
            let z = ndarray::ArrayView1::from(&inside.weights).dot(&inside.v);
            assert!(difference(z, &inside.z) < 1e-5);
        }
    }
    let it = trophy(&none()).inside(HeadId::new(3, 1), 10);
    assert!((it.weights[2] - 0.624).abs() < 0.001, "it reads from trophy");
}

#[test]
fn hostile_interventions_are_refused() {
    let head = |layer, head| Intervention { heads_off: [HeadId::new(layer, head)].into(), ..none() };
    let heat = |temperature| Intervention { temperature, ..none() };
    let refused = [head(6, 0), head(0, 12), head(usize::MAX, usize::MAX)];
    let heats = [0.0, -1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-4, 1e7].map(heat);
    for intervention in refused.into_iter().chain(heats) {
        let fault = minilm().run(&Input::new(vec![101, 102], vec![0, 0]), &intervention).unwrap_err();
        assert_eq!(fault.kind, Kind::Input, "{intervention:?}");
    }
}

/// A tiny model and numbers of its file, changed one by one.
struct Tiny {
    config: String,
    file: Vec<u8>,
}

impl Tiny {
    fn new() -> Self {
        let folder = golden().join("families/bert");
        Self { config: text(&folder.join("config.json")), file: bytes(&folder.join("model.safetensors")) }
    }

    fn run(&self, intervention: &Intervention) -> Trace {
        self.model().run(&input(&golden().join("families/bert")), intervention).unwrap()
    }

    fn model(&self) -> Model {
        Model::load(&self.config, self.file.clone()).unwrap()
    }

    fn numbers(&self, name: &str) -> Vec<f32> {
        let bytes = &self.file[span(&self.file, name)];
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
    }

    fn change(&mut self, name: &str, change: impl Fn(usize, f32) -> f32) {
        let span = span(&self.file, name);
        for (i, four) in self.file[span].chunks_exact_mut(4).enumerate() {
            let number = f32::from_le_bytes((&*four).try_into().unwrap());
            four.copy_from_slice(&change(i, number).to_le_bytes());
        }
    }
}

fn assert_same(a: &Trace, b: &Trace, what: &str) {
    for (part, a, b) in [
        ("pattern", a.pattern.iter().copied().collect::<Vec<_>>(), b.pattern.iter().copied().collect::<Vec<_>>()),
        ("last hidden", a.last_hidden.iter().copied().collect(), b.last_hidden.iter().copied().collect()),
    ] {
        let difference = difference(a, &b);
        assert!(difference < 1e-5, "{what}: {part} {difference:.2e}");
    }
}

/// A change inside the pass is the same change made to the weights.
#[test]
fn a_change_is_what_the_changed_file_computes() {
    let (heads, width, d) = (4, 32, 8);
    let tiny = Tiny::new();
    let plain = tiny.run(&none());

    let mut without = Tiny::new();
    without.change("bert.embeddings.position_embeddings.weight", |_, _| 0.0);
    let set = tiny.run(&Intervention { positions_off: true, ..none() });
    assert_same(&set, &without.run(&none()), "positions off");
    assert_ne!(set.pattern, plain.pattern);

    // A head's z reaches the layer through its own columns of W_O [width, width].
    let off = [HeadId::new(0, 1), HeadId::new(0, 3), HeadId::new(1, 0)];
    let mut pruned = Tiny::new();
    for id in off {
        let name = format!("bert.encoder.layer.{}.attention.output.dense.weight", id.layer);
        pruned.change(&name, |i, number| if i % width / d == id.head { 0.0 } else { number });
    }
    let switched = tiny.run(&Intervention { heads_off: off.into(), ..none() });
    assert_same(&switched, &pruned.run(&none()), "heads off");
    assert_ne!(switched.last_hidden, plain.last_hidden);

    let temperature = 2.5;
    let mut warm = Tiny::new();
    for layer in 0..2 {
        for part in ["weight", "bias"] {
            let name = format!("bert.encoder.layer.{layer}.attention.self.query.{part}");
            warm.change(&name, |_, number| number / temperature);
        }
    }
    let warmed = tiny.run(&Intervention { temperature, ..none() });
    assert_same(&warmed, &warm.run(&none()), "temperature");
    assert_ne!(warmed.pattern, plain.pattern);
    assert_eq!(plain.heads(), heads);
}

/// `|v W_O|` against the plain product of the file's numbers (Kobayashi et al. 2020).
#[test]
fn value_norms_are_the_product_of_the_file() {
    let (width, d) = (32, 8);
    let tiny = Tiny::new();
    let trace = tiny.run(&none());
    for id in (0..2).flat_map(|layer| (0..4).map(move |head| HeadId::new(layer, head))) {
        let w_o = tiny.numbers(&format!("bert.encoder.layer.{}.attention.output.dense.weight", id.layer)); // [out, in]
        let ours = tiny.model().value_norms(&trace, id);
        assert_eq!(ours.len(), trace.tokens());
        for (key, ours) in ours.into_iter().enumerate() {
            let moved = (0..width).map(|out| {
                let parts = (0..d).map(|x| {
                    let v = trace.qkv[[id.layer, key, 2 * width + id.head * d + x]];
                    f64::from(v) * f64::from(w_o[out * width + id.head * d + x])
                });
                parts.sum::<f64>()
            });
            let norm = moved.map(|x| x * x).sum::<f64>().sqrt();
            assert!((f64::from(ours) - norm).abs() < 1e-6 * norm.max(1.0), "{id} {key}: {ours} is not {norm}");
        }
    }
}

/// The pair that the page compares: close, but not the same; an unrelated text is further away.
#[test]
fn embeddings_tell_texts_apart() {
    let embed = |text: &str, intervention: &Intervention| {
        embedding(&run(&tokenizer().encode(text, None).unwrap(), intervention))
    };
    let small = TROPHY.replace("big", "small");
    let close = cosine(&embed(TROPHY, &none()), &embed(&small, &none()));
    let far = cosine(&embed(TROPHY, &none()), &embed("The bank raised its interest rates.", &none()));
    println!("big and small {close:.3}, an unrelated text {far:.3}");
    assert!(close > 0.8 && close < 0.9999 && far < 0.3, "{close} {far}");
    let length: f32 = embed(TROPHY, &none()).iter().map(|x| x * x).sum();
    assert!((length - 1.0).abs() < 1e-5);
}
