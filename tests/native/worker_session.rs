//! The worker's answers by value, without a browser: a tiny model that predicts words, and two runs kept.

use crate::common::{bytes, golden, minilm, minilm_folder};
use serde_json::json;

use attnscope::analysis::{Measure, Quantity, head_measures, sinks};
use attnscope::engine::{HeadId, Input, Intervention, Model, Opening, cosine, embedding};
use attnscope::scene::{Role, Scene, Shape, Target};
use attnscope::worker::protocol::{
    Envelope, MOST_PASSES, MOST_PREDICTIONS, MapsOf, Passage, Picture, ROOM, Reply, Request, RunRequest, Slot,
    read_reply, read_request, write,
};
use attnscope::worker::session::{Answer, Loaded, Session};
use attnscope::{Kind, Result};

const TEXT: &str = "w10 w11 w12 w13 w14";
const HEAD: HeadId = HeadId { layer: 1, head: 2 };

/// A word for every row of the tiny model's table, save the last.
fn tokenizer() -> Vec<u8> {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    let name = |id: usize| special.get(id).map_or(format!("w{id}"), |name| (*name).to_owned());
    let vocabulary: serde_json::Map<_, _> = (0..95).map(|id| (name(id), json!(id))).collect();
    let added: Vec<_> = (0..5)
        .map(|id| {
            json!({"id": id, "content": name(id), "special": true, "single_word": false, "lstrip": false,
                   "rstrip": false, "normalized": false})
        })
        .collect();
    let file = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added, "normalizer": null,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    });
    file.to_string().into_bytes()
}

fn files() -> [Vec<u8>; 2] {
    ["config.json", "model.safetensors"].map(|name| bytes(&golden().join("families/bert").join(name)))
}

fn loaded() -> Session {
    let mut session = Session::default();
    load(&mut session);
    session
}

fn load(session: &mut Session) {
    let [config, weights] = files();
    let files = [("config.json", config), ("tokenizer.json", tokenizer()), ("model.safetensors", weights)];
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes));
    session.take(Loaded::open("m", "l", files.into()).unwrap());
}

fn asked(text: &str, intervention: Intervention, keep: Slot) -> RunRequest {
    RunRequest { text: text.into(), pair: None, head: HEAD, intervention, keep }
}

fn run(session: &mut Session, id: u32, keep: Slot) {
    session.run(id, &asked(TEXT, Intervention::default(), keep), || 0.0).unwrap();
}

fn numbers(answer: &Answer<'_>) -> Vec<Vec<f32>> {
    answer.numbers.iter().map(|numbers| numbers.to_vec()).collect()
}

fn refused(answer: Result<Answer<'_>>) -> String {
    let error = answer.err().expect("an error");
    assert_eq!(error.kind, Kind::Input, "{error}");
    error.got
}

#[test]
fn a_run_comes_with_patterns_thumbnails_and_embedding() {
    let mut session = loaded();
    let altered = Intervention { causal: true, shuffle: Some(5), ..Default::default() };
    let answer = session.run(3, &asked(TEXT, altered.clone(), Slot::Main), || 0.0).unwrap();
    let Reply::Ran { tokens, places, layers, heads, sent, side, .. } = &answer.reply else { panic!() };
    assert_eq!((*layers, *heads, sent.len(), *side, tokens.len()), (2, 4, 8, 7, 7));
    let order: Vec<u32> = places.iter().map(|&place| [2, 10, 11, 12, 13, 14, 3][place]).collect();
    assert_eq!(tokens.ids(), order);
    assert_ne!(tokens.ids(), [2, 10, 11, 12, 13, 14, 3]);

    let [config, weights] = files();
    let model = Model::load(std::str::from_utf8(&config).unwrap(), weights).unwrap();
    let trace = model.run(&Input::of(tokens, 0), &altered).unwrap();
    let [patterns, thumbs, embedded] = numbers(&answer).try_into().unwrap();
    assert_eq!(embedded, embedding(&trace));
    for sent in [patterns, thumbs] {
        assert_eq!(sent.len(), trace.pattern.len());
        assert!(sent.iter().zip(&trace.pattern).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()));
    }
}

#[test]
fn a_run_under_way_has_its_layers_so_far() {
    let mut session = loaded();
    let whole = session.run(1, &asked(TEXT, Intervention::default(), Slot::Main), || 0.0).unwrap();
    let [patterns, thumbs, _] = numbers(&whole).try_into().unwrap();
    let reading = session.read(2, asked(TEXT, Intervention::default(), Slot::Main)).unwrap();
    let mut pass = reading.begin().unwrap();
    for done in 1..=2 {
        assert!(pass.step().unwrap());
        let so_far = reading.so_far(&pass, 5.0);
        let Reply::Ran { layers, computed, heads, sent, side, millis, .. } = &so_far.reply else { panic!() };
        assert_eq!((*layers, *computed, *heads, *side, *millis), (2, done, 4, 7, 5.0));
        let heads: Vec<HeadId> = (0..4 * done).map(|i| HeadId::new(i / 4, i % 4)).collect();
        assert_eq!(*sent, heads);
        let [cells, small] = numbers(&so_far).try_into().unwrap();
        let there = done * 4 * 7 * 7;
        assert_eq!(cells, patterns[..there]);
        assert_eq!((small.len(), &small[..there]), (thumbs.len(), &thumbs[..there]));
        assert!(small[there..].iter().all(|cell| cell.is_nan()));
    }
    assert!(!pass.step().unwrap());
    // It is not kept before it is whole, and the one before is gone.
    assert_eq!(refused(session.head(weights(1), HEAD)), "none is kept");
    let trace = pass.finish().unwrap();
    session.keep(reading, trace, 5.0).unwrap();
    assert!(session.head(weights(2), HEAD).is_ok());

    // Another model has come meanwhile.
    let reading = session.read(3, asked(TEXT, Intervention::default(), Slot::Main)).unwrap();
    load(&mut session);
    let trace = reading.begin().unwrap().finish().unwrap();
    assert_eq!(refused(session.keep(reading, trace, 5.0)), "another");
}

#[test]
fn each_slot_keeps_its_newest_run() {
    let mut session = loaded();
    run(&mut session, 1, Slot::Main);
    run(&mut session, 2, Slot::Other);
    run(&mut session, 3, Slot::Main);
    assert_eq!(refused(session.head(weights(1), HEAD)), "kept: 3, 2");
    assert!(session.head(weights(2), HEAD).is_ok() && session.head(weights(3), HEAD).is_ok());

    // What is refused at the door leaves the runs alone.
    for temperature in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -1.0] {
        let hot = Intervention { temperature, ..Default::default() };
        let hot_passage = Passage { intervention: hot.clone(), ..passage(TEXT) };
        assert_eq!(refused(session.similar(passage(TEXT), hot_passage)), temperature.to_string());
        // A message carries any number; here is where it is met.
        let sent = write(&Envelope { id: 4, body: Request::Run(asked(TEXT, hot, Slot::Main)) });
        let Request::Run(heard) = read_request(&sent).unwrap().body else { panic!() };
        assert_eq!(heard.intervention.temperature.to_bits(), temperature.to_bits());
        assert_eq!(refused(session.run(4, &heard, || 0.0)), temperature.to_string());
    }
    let nowhere = RunRequest { head: HeadId::new(2, 0), ..asked(TEXT, Intervention::default(), Slot::Main) };
    assert_eq!(refused(session.run(4, &nowhere, || 0.0)), "L2 H0");
    assert!(session.head(weights(3), HEAD).is_ok());

    load(&mut session);
    assert_eq!(refused(session.head(weights(3), HEAD)), "none is kept");
}

#[test]
fn scores_and_norms_belong_to_one_run() {
    let mut session = loaded();
    let altered = Intervention { causal: true, ..Default::default() };
    session.run(1, &asked(TEXT, altered.clone(), Slot::Main), || 0.0).unwrap();
    let [config, weights] = files();
    let model = Model::load(std::str::from_utf8(&config).unwrap(), weights).unwrap();
    let ids = [2, 10, 11, 12, 13, 14, 3];
    let trace = model.run(&Input::new(ids.to_vec(), vec![0; 7]), &altered).unwrap();

    let scores = of(1, Quantity::Score);
    let answer = session.head(scores, HEAD).unwrap();
    assert_eq!(answer.reply, Reply::Head { of: scores, head: HEAD, n: 7 });
    for (i, (got, want)) in answer.numbers[0].iter().zip(&trace.scores(HEAD)).enumerate() {
        assert!(if i % 7 > i / 7 { got.is_nan() } else { got == want }, "cell {i}: {got}, {want}");
    }

    let norms = of(1, Quantity::Norm);
    let answer = session.maps(norms, HEAD).unwrap();
    let Reply::Maps { sent, n: 7, side: 7, .. } = &answer.reply else { panic!() };
    let place = sent.iter().position(|head| *head == HEAD).unwrap();
    let of_keys = model.value_norms(&trace, HEAD);
    for (i, norm) in answer.numbers[0][place * 49..][..49].iter().enumerate() {
        let (query, key) = (i / 7, i % 7);
        if key > query {
            assert!(norm.is_nan());
        } else {
            assert_eq!(*norm, trace.head(HEAD)[[query, key]] * of_keys[key]);
        }
    }
    // A text this short is its own thumbnail.
    assert!(answer.numbers[0].iter().zip(answer.numbers[1].iter()).all(|(a, b)| a == b || a.is_nan() && b.is_nan()));

    for query in [7, usize::MAX] {
        assert_eq!(refused(session.predict(1, None, query, 5)), query.to_string());
    }
    for most in [0, MOST_PREDICTIONS + 1, usize::MAX] {
        assert_eq!(refused(session.predict(1, None, 0, most)), most.to_string());
    }
    assert_eq!(refused(session.predict(2, None, 0, 5)), "kept: 1");
}

#[test]
fn predictions_are_the_softmax_of_the_logits() {
    let mut session = loaded();
    run(&mut session, 1, Slot::Other);
    let answer = session.predict(1, None, 3, MOST_PREDICTIONS).unwrap();
    let Reply::Predicted { run: 1, position: 3, predictions, .. } = answer.reply else { panic!() };
    assert_eq!(predictions.len(), 96, "the whole vocabulary");
    assert!(predictions.is_sorted_by(|a, b| a.probability >= b.probability));
    assert!((predictions.iter().map(|p| p.probability).sum::<f32>() - 1.0).abs() < 1e-5);

    let [config, weights] = files();
    let model = Model::load(std::str::from_utf8(&config).unwrap(), weights).unwrap();
    let trace = model.run(&Input::new(vec![2, 10, 11, 12, 13, 14, 3], vec![0; 7]), &Intervention::default()).unwrap();
    let logits = model.logits(&trace, 0..7).unwrap();
    let logits: Vec<f64> = logits.row(3).iter().map(|&logit| f64::from(logit)).collect();
    let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
    for predicted in &predictions {
        // Row 95 is not in the tokenizer's vocabulary.
        let id =
            if predicted.token == "[95]" { 95 } else { (0..95).find(|&id| name_of(id) == predicted.token).unwrap() };
        assert!((f64::from(predicted.probability) - logits[id].exp() / sum).abs() < 1e-6, "{predicted:?}");
    }
}

fn name_of(id: usize) -> String {
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].get(id).map_or(format!("w{id}"), |name| (*name).to_owned())
}

#[test]
fn a_model_without_a_head_predicts_nothing() {
    let folder = minilm_folder();
    let files = ["config.json", "tokenizer.json", "model.safetensors"];
    let files = files.map(|name| (name.to_owned(), bytes(&folder.join(name))));
    let mut session = Session::default();
    session.take(Loaded::open("m", "l", files.into()).unwrap());
    run(&mut session, 1, Slot::Main);
    assert_eq!(refused(session.predict(1, None, 0, 5)), "one without");
}

#[test]
fn predictions_are_set_beside_those_of_another_run() {
    let mut session = loaded();
    run(&mut session, 1, Slot::Other);
    let off = Intervention { heads_off: [HEAD].into(), ..Default::default() };
    session.run(2, &asked(TEXT, off, Slot::Main), || 0.0).unwrap();
    let of = |run, with| match session.predict(run, with, 3, MOST_PREDICTIONS).unwrap().reply {
        Reply::Predicted { predictions, .. } => predictions,
        other => panic!("{other:?}"),
    };
    let plain = of(1, None);
    assert!(plain.iter().all(|p| p.before.is_none()));
    let mut moved = 0.0f32;
    for predicted in of(2, Some(1)) {
        let before = plain.iter().find(|p| p.token == predicted.token).unwrap().probability;
        assert_eq!(predicted.before, Some(before));
        moved = moved.max((predicted.probability - before).abs());
    }
    assert!(moved > 1e-4, "{moved}");
    assert_eq!(refused(session.predict(2, Some(7), 3, 5)), "kept: 2, 1");
}

#[test]
fn likeness_leaves_the_runs_alone() {
    let mut session = loaded();
    let answer = session.run(1, &asked(TEXT, Intervention::default(), Slot::Main), || 0.0).unwrap();
    let of_run = answer.numbers[2].to_vec();
    let of_other = session.run(2, &asked("w20 w21", Intervention::default(), Slot::Other), || 0.0).unwrap();
    let want = cosine(&of_run, &of_other.numbers[2]);
    let Reply::Similar { cosine: got, .. } = session.similar(passage(TEXT), passage("w20 w21")).unwrap().reply else {
        panic!()
    };
    assert_eq!(got, want);
    assert!(got < 0.999);
    let same = session.similar(passage(TEXT), passage(TEXT)).unwrap();
    assert!(matches!(same.reply, Reply::Similar { cosine, .. } if (cosine - 1.0).abs() < 1e-6));
    assert!(session.head(weights(1), HEAD).is_ok());
}

#[test]
fn two_runs_are_compared_over_what_they_share() {
    let mut session = loaded();
    let plain = Intervention::default();
    session.run(1, &asked("w5 w6 w7 w8", plain.clone(), Slot::Other), || 0.0).unwrap();
    session.run(2, &asked("w5 w6 w9 w8", plain, Slot::Main), || 0.0).unwrap();
    let Reply::Compared { aligned, changes, .. } = session.compare(2, 1).unwrap().reply else { panic!() };
    assert_eq!(aligned, [(0, 0), (1, 1), (2, 2), (4, 4), (5, 5)]);
    let [ours, theirs] = [2, 1].map(|run| session.head(weights(run), HEAD).unwrap().numbers[0].to_vec());
    let difference = MapsOf { with: Some(1), ..of(2, Quantity::Difference) };
    let got = session.head(difference, HEAD).unwrap().numbers[0].to_vec();
    for (i, got) in got.iter().enumerate() {
        match i / 6 == 3 || i % 6 == 3 {
            true => assert!(got.is_nan(), "cell {i}"),
            false => assert_eq!(*got, ours[i] - theirs[i], "cell {i}"),
        }
    }
    let mean = got.iter().filter(|d| !d.is_nan()).map(|d| d.abs()).sum::<f32>() / 25.0;
    let place = HEAD.layer * (changes.len() / 2) + HEAD.head;
    assert!((changes[place] - mean).abs() < 1e-6, "{} {mean}", changes[place]);

    let Reply::Moved { heads, .. } = session.moved(2, 1, 4, [1, 2]).unwrap().reply else { panic!() };
    let ours_is = heads.iter().find(|moved| moved.head == HEAD).unwrap();
    assert!((ours_is.moved - (got[4 * 6 + 2] - got[4 * 6 + 1])).abs() < 1e-6);
    assert!(heads.is_sorted_by(|a, b| a.moved >= b.moved));
    assert!(refused(session.moved(2, 1, 4, [1, 3])).contains("token 3"));
    assert_eq!(refused(session.moved(2, 1, 6, [1, 2])), "6");
}

fn passage(text: &str) -> Passage {
    Passage { text: text.into(), pair: None, intervention: Intervention::default() }
}

fn weights(run: u32) -> MapsOf {
    of(run, Quantity::Weight)
}

fn of(run: u32, quantity: Quantity) -> MapsOf {
    MapsOf { run, quantity, with: None }
}

#[test]
fn heads_are_surveyed_and_found_as_the_analysis_says() {
    let mut session = loaded();
    run(&mut session, 1, Slot::Main);
    let Reply::Ran { tokens, layers, heads, .. } = ran(&mut session, 2).reply else { panic!() };
    let Reply::Surveyed { run: 2, heads: surveyed } = session.survey(2).unwrap().reply else { panic!() };
    assert_eq!(surveyed.len(), layers * heads);
    let n = tokens.len() as f32;
    for head in &surveyed {
        assert!((0.0..=n.log2()).contains(&head.measures.entropy), "{head:?}");
        assert!((0.0..=1.0).contains(&head.measures.sink_share), "{head:?}");
    }
    let Reply::Found { found, .. } = session.find(2, vec![1], vec![2]).unwrap().reply else { panic!() };
    assert_eq!(found.len(), layers * heads);
    assert!(found.windows(2).all(|two| two[0].weight >= two[1].weight));
    let best = session.head(weights(2), found[0].head).unwrap();
    assert_eq!(numbers(&best)[0][tokens.len() + 2], found[0].weight, "row 1, column 2");
    assert_eq!(refused(session.survey(1)), "kept: 2");
    assert_eq!(refused(session.find(2, vec![], vec![1])), "none");
    assert_eq!(refused(session.find(2, vec![0], vec![99])), "99");
}

fn drawn(session: &Session, run: u32, picture: Picture, room: f32) -> (Picture, Scene, String) {
    let answer = session.draw(run, picture, room).unwrap();
    assert!(answer.numbers.is_empty());
    let sent = write(&Envelope { id: 1, body: answer.reply.clone() });
    let heard = read_reply(&sent).expect("a scene travels").body;
    assert_eq!(heard, answer.reply);
    let Reply::Drawn { run: of, picture, room: across, scene, told } = heard else { panic!() };
    assert_eq!((of, across), (run, room));
    (picture, scene, told)
}

fn inside(query: usize, key: Option<usize>, temperature: f32) -> Picture {
    Picture::Inside { head: HEAD, query, key, sorted: false, temperature }
}

/// The numbers of the marks of one role, in their order.
fn values(scene: &Scene, role: Role) -> Vec<f32> {
    scene.marks.iter().filter(|m| m.role == role).map(|m| m.value.unwrap()).collect()
}

#[test]
fn the_inside_of_a_head_is_drawn_from_the_run() {
    let mut session = loaded();
    let altered = Intervention { causal: true, temperature: 0.5, ..Default::default() };
    session.run(1, &asked(TEXT, altered.clone(), Slot::Main), || 0.0).unwrap();
    let [config, weights] = files();
    let model = Model::load(std::str::from_utf8(&config).unwrap(), weights).unwrap();
    let looked = model.run(&Input::new(vec![2, 10, 11, 12, 13, 14, 3], vec![0; 7]), &altered).unwrap().inside(HEAD, 4);
    let weights = &looked.weights[..5];
    let most = (0..5).max_by(|&a, &b| weights[a].total_cmp(&weights[b])).unwrap();

    // Three strips of 8 dimensions, then score, weight and share of the 5 keys that can be read.
    let (picture, scene, told) = drawn(&session, 1, inside(4, None, 0.5), 700.0);
    assert_eq!(picture, inside(4, Some(most), 0.5));
    let bars = values(&scene, Role::Bar);
    assert_eq!(bars.len(), 3 * 8 + 3 * 5);
    assert_eq!(bars[..8], looked.q);
    assert_eq!(
        &bars[24..27],
        [looked.scores[most], looked.weights[most], looked.weights[most] * looked.lengths()[most]]
    );
    assert!(
        told.contains("temperature 0.50 instead of 1") && told.ends_with("These weights are not the model's."),
        "{told}"
    );

    // The same row at another temperature: softmax(scores / 2) by hand.
    let (_, scene, told) = drawn(&session, 1, inside(4, Some(1), 2.0), 700.0);
    let all: Vec<f64> = looked.scores[..5].iter().map(|&s| f64::from(s / 2.0).exp()).collect();
    let softened: Vec<f64> = all.iter().map(|e| e / all.iter().sum::<f64>()).collect();
    for row in values(&scene, Role::Bar)[24..].chunks(3) {
        let key = looked.scores.iter().position(|&score| score == row[0]).unwrap();
        assert!((f64::from(row[1]) - softened[key]).abs() < 1e-6, "{row:?} {softened:?}");
    }
    assert!(told.starts_with("q(w13) · k(w10) = "), "{told}");
    let (_, _, told) = drawn(&session, 1, inside(4, Some(1), 1.0), 700.0);
    assert!(told.contains("temperature 1 instead of this run's 0.50"), "{told}");

    // A key behind the mask has a line, and no number in it.
    let (_, scene, told) = drawn(&session, 1, inside(4, Some(6), 1.0), 700.0);
    assert!(told.ends_with("the mask keeps w13 from reading [SEP]."), "{told}");
    assert_eq!(values(&scene, Role::Bar).len(), 3 * 8 + 3 * 5);
    let masked =
        |m: &&attnscope::scene::Mark| matches!(&m.shape, Shape::Text { text, .. } if text.starts_with("masked"));
    assert_eq!(scene.marks.iter().filter(masked).count(), 2);
    let keys = scene.marks.iter().filter(|m| matches!(m.target, Some(Target::Key(_)))).count();
    assert_eq!(keys, 7);

    for query in [7, usize::MAX] {
        assert_eq!(refused(session.draw(1, inside(query, None, 1.0), 700.0)), query.to_string());
        assert_eq!(refused(session.draw(1, inside(0, Some(query), 1.0), 700.0)), query.to_string());
    }
    for temperature in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(refused(session.draw(1, inside(0, None, temperature), 700.0)), temperature.to_string());
    }
    let nowhere = Picture::Inside { head: HeadId::new(2, 0), query: 0, key: None, sorted: true, temperature: 1.0 };
    assert_eq!(refused(session.draw(1, nowhere, 700.0)), "L2 H0");
    assert_eq!(refused(session.draw(2, inside(0, None, 1.0), 700.0)), "kept: 1");
}

#[test]
fn a_chart_has_a_dot_of_every_head_and_fits_its_room() {
    let mut session = loaded();
    let Reply::Ran { tokens, .. } = ran(&mut session, 1).reply else { panic!() };
    let [config, weights] = files();
    let model = Model::load(std::str::from_utf8(&config).unwrap(), weights).unwrap();
    let trace = model.run(&Input::of(&tokens, 0), &Intervention::default()).unwrap();
    let measures = head_measures(trace.pattern.view(), &sinks(&tokens.shown("a b a", None)));
    let chart = |measure, pointed| Picture::Chart { measure, chosen: HEAD, pointed };
    for measure in [Measure::Entropy, Measure::Distance, Measure::SinkShare] {
        let (_, scene, told) = drawn(&session, 1, chart(measure, None), 360.0);
        let wanted: Vec<f32> = measures.iter().map(|head| measure.of(head)).collect();
        assert_eq!(values(&scene, Role::Dot), wanted);
        assert!(told.starts_with("L1 H2: "), "{told}");
    }
    let pointed = drawn(&session, 1, chart(Measure::Entropy, Some(HeadId::new(0, 3))), 360.0);
    assert!(pointed.2.starts_with("L0 H3: "), "{}", pointed.2);

    for (room, width) in [(0.0, *ROOM.start()), (-5.0, *ROOM.start()), (500.0, 500.0), (f32::MAX, 900.0)] {
        assert_eq!(drawn(&session, 1, chart(Measure::Entropy, None), room).1.width, width);
    }
    for room in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(refused(session.draw(1, chart(Measure::Entropy, None), room)), room.to_string());
        assert_eq!(refused(session.draw(1, inside(0, None, 1.0), room)), room.to_string());
    }
    for head in [HeadId::new(2, 0), HeadId::new(0, usize::MAX)] {
        let picture = Picture::Chart { measure: Measure::Entropy, chosen: head, pointed: None };
        assert_eq!(refused(session.draw(1, picture, 360.0)), head.to_string());
        assert_eq!(refused(session.draw(1, chart(Measure::Entropy, Some(head)), 360.0)), head.to_string());
    }
    assert_eq!(refused(session.draw(9, chart(Measure::Entropy, None), 360.0)), "kept: 1");
}

#[test]
fn passes_are_timed_without_a_trace_of_them_and_drawn() {
    let mut session = loaded();
    let clock = || {
        let ticks = std::cell::Cell::new(0.0);
        move || ticks.replace(ticks.get() + 2.5)
    };
    assert_eq!(refused(session.time(4, clock())), "none");
    session.run(1, &asked(TEXT, Intervention::default(), Slot::Main), clock()).unwrap();
    for tokens in [1, 7, 20] {
        let answer = session.time(tokens, clock()).unwrap();
        // Of two layers of four heads: all weights; queries, keys, values and outputs of width 32; the last hidden state.
        let bytes = 4 * (2 * 4 * tokens * tokens + 2 * tokens * 4 * 32 + tokens * 32) as u64;
        assert_eq!(answer.reply, Reply::Timed { tokens, millis: 2.5, bytes });
        assert!(answer.numbers.is_empty());
    }
    assert_eq!(refused(session.time(0, clock())), "0");
    let most = session.time(usize::MAX, clock()).err().expect("an error");
    assert!(most.expected.starts_with("1 to "), "{most}");
    assert!(session.head(weights(1), HEAD).is_ok(), "the run is still there");

    let passes = vec![(20, 9.0), (7, 5.0), (7, 3.0), (7, 100.0)];
    let (_, scene, told) = drawn(&session, 1, Picture::Cost { passes }, 500.0);
    assert_eq!(values(&scene, Role::Dot), [5.0, 9.0]);
    assert!(told.contains("7 tokens 5 ms, 20 tokens 9 ms") && told.ends_with("7 tokens in 2.5 ms."), "{told}");
    for passes in [
        vec![],
        vec![(7, 1.0); MOST_PASSES + 1],
        vec![(0, 1.0)],
        vec![(usize::MAX, 1.0)],
        vec![(7, f32::NAN)],
        vec![(7, -1.0)],
        vec![(7, f32::INFINITY)],
    ] {
        let told = format!("{} runs", passes.len());
        assert_eq!(refused(session.draw(1, Picture::Cost { passes }, 500.0)), told);
    }
}

fn ran(session: &mut Session, id: u32) -> Answer<'_> {
    session.run(id, &asked("a b a", Intervention::default(), Slot::Main), || 0.0).unwrap()
}

/// Between two steps the worker can answer others, report, and stop.
#[test]
fn a_model_is_opened_in_small_steps_that_say_how_far_it_is() {
    let names = ["config.json", "tokenizer.json", "model.safetensors"];
    let files = names.map(|name| (name.to_owned(), bytes(&minilm_folder().join(name))));
    let total: u64 = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut opening = Opening::any(files.into());
    let (mut before, mut steps) = (0, 0);
    while opening.step().unwrap() {
        let (done, all) = opening.progress();
        assert_eq!(all, total);
        assert!(before <= done && done - before <= 2 << 20, "{before} to {done} of {total} bytes");
        (before, steps) = (done, steps + 1);
    }
    // Its layers have 10.6 million numbers of two bytes; the tables of its embedding stay as they are.
    assert!(steps > 15 && before > 21_000_000, "{steps} steps, {before} bytes");
    let opened = opening.finish().unwrap();
    let input = Input::of(&opened.tokenizer.encode("a b", None).unwrap(), 0);
    let run = |model: &Model| model.run(&input, &Intervention::default()).unwrap().pattern;
    assert_eq!(run(&opened.model), run(minilm()));
}
