//! How long loading, one forward pass of the built-in model and a look at all its heads take here.

use std::time::Instant;

use attnscope::analysis::{rollout, survey, thumbnails};
use attnscope::engine::{Input, Intervention, Model, Shown};

fn main() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/all-minilm-l6-v2/");
    let config = std::fs::read_to_string(format!("{folder}config.json")).expect("config.json");
    let weights = std::fs::read(format!("{folder}model.safetensors")).expect("model.safetensors");
    let begun = Instant::now();
    let model = Model::load(&config, weights).expect("the built-in model loads");
    println!("load         {:7.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    for n in [16, 128, 512] {
        let ids: Vec<u32> = (0..n).map(|i| 1000 + i).collect();
        let segments = vec![0; ids.len()];
        let input = Input::new(ids, segments);
        let run = || model.run(&input, &Intervention::default()).expect("the built-in model runs");
        let trace = run();
        let word = |i: u32| Shown { text: format!("w{}", i % 50), continues: false, special: i == 0, unknown: false };
        let shown: Vec<Shown> = (0..n).map(word).collect();
        told(n, "pass", || drop(run()));
        told(n, "thumbnails", || drop(thumbnails(trace.pattern.view())));
        told(n, "survey", || drop(survey(trace.pattern.view(), &shown)));
        told(n, "rollout", || drop(rollout(trace.pattern.view(), 5)));
    }
}

fn told(tokens: u32, what: &str, work: impl Fn()) {
    let once = || {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1e3
    };
    let best = (0..7).map(|_| once()).fold(f64::INFINITY, f64::min);
    println!("{tokens:4} tokens  {what:12} {best:7.1} ms, best of 7");
}
