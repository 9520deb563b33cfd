//! Our engine: the library that the page's worker runs, and the record with all 72 maps that it makes.

use attnscope::engine::{Input, Intervention, Model};
use wasm_bindgen::prelude::*;

fn main() {}

#[wasm_bindgen]
pub struct Engine(Model);

#[wasm_bindgen]
impl Engine {
    /// From config.json and the bytes of model.safetensors.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: Vec<u8>) -> Result<Engine, JsError> {
        Ok(Self(Model::load(config, weights)?))
    }

    /// From here on as in a browser with relaxed SIMD; whether this is one.
    pub fn relax(&self) -> bool {
        attnscope::worker::faster::multiply_add()
    }

    /// The last hidden state [n, width] of these tokens.
    pub fn run(&self, ids: Vec<u32>) -> Result<Vec<f32>, JsError> {
        let segments = vec![0; ids.len()];
        let trace = self.0.run(&Input::new(ids, segments), &Intervention::default())?;
        Ok(trace.last_hidden.into_raw_vec_and_offset().0)
    }
}
