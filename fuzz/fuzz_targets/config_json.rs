//! Any text as a config, with a checkpoint that is whole.
#![no_main]

use attnscope::engine::{Intervention, Model};
use libfuzzer_sys::fuzz_target;

const WEIGHTS: &[u8] = include_bytes!("../../tests/golden/families/bert/model.safetensors");

fuzz_target!(|config: &str| {
    if let Ok(model) = Model::load(config, WEIGHTS.to_vec()) {
        let _ = model.run(&[1, 2], &[0, 1], &Intervention::default());
    }
});
