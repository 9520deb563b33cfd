//! Any bytes as a checkpoint: an error, or a model that runs or says why not.
#![no_main]

use attnscope::engine::{Intervention, Model};
use libfuzzer_sys::fuzz_target;

const CONFIG: &str = include_str!("../../tests/golden/families/bert/config.json");

fuzz_target!(|bytes: &[u8]| {
    if let Ok(model) = Model::load(CONFIG, bytes.to_vec()) {
        let _ = model.run(&[1, 2], &[0, 1], &Intervention::default());
    }
});
