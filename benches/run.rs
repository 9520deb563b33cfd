//! How long loading and one forward pass of the built-in model take here.

use std::time::Instant;

use attnscope::engine::{Intervention, Model};

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
        let once = || {
            let begun = Instant::now();
            model.run(&ids, &segments, &Intervention::default()).expect("the built-in model runs");
            begun.elapsed().as_secs_f64() * 1e3
        };
        let best = (0..7).map(|_| once()).fold(f64::INFINITY, f64::min);
        println!("{n:4} tokens  {best:7.1} ms, best of 7");
    }
}
