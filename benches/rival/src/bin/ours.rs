//! Our engine: the library that the page's worker runs, and the record with all 72 maps that it makes; its products alone.

use attnscope::engine::{Input, Intervention, Model};
use attnscope::math::{DType, TensorView, WeightMatrix, PackedB, Rows, TensorData, StoredB, Epilogue};
use wasm_bindgen::prelude::*;

fn main() {}

/// From here on as in a browser with relaxed SIMD; whether this is one.
#[wasm_bindgen]
pub fn relax() -> bool {
    attnscope::worker::relaxed_simd::multiply_add()
}

/// Starts helpers: models that are opened once they are ready are computed with them.
#[wasm_bindgen]
pub fn threads() -> Result<(), JsValue> {
    attnscope::worker::threads::start()
}

#[wasm_bindgen]
pub struct Engine(Model);

#[wasm_bindgen]
impl Engine {
    /// From config.json and the bytes of model.safetensors.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: Vec<u8>) -> Result<Engine, JsError> {
        Ok(Self(Model::load(config, weights)?))
    }

    /// The last hidden state [n, width] of these tokens.
    pub fn run(&self, ids: Vec<u32>) -> Result<Vec<f32>, JsError> {
        let segments = vec![0; ids.len()];
        let trace = self.0.run(&Input::new(ids, segments), &Intervention::default())?;
        Ok(trace.last_hidden.into_raw_vec_and_offset().0)
    }
}

/// Matrices [512, 1536], one after the other: as f32 they are 38 MB, so that they come from memory as a model's do.
#[wasm_bindgen]
pub struct Products {
    matrices: Vec<WeightMatrix>,
    a: Vec<f32>,
    out: Vec<f32>,
}

const MATRICES: usize = 12;
const DEPTH: usize = 512;
const COLUMNS: usize = 1536;

#[wasm_bindgen]
impl Products {
    /// Weights stored as a kind of ggml's, or as f32 in panels.
    #[wasm_bindgen(constructor)]
    pub fn new(dtype: &str) -> Result<Products, JsError> {
        use DType::*;
        let dtype = [F32, F16, Q4_0, Q4_1, Q8_0, Q4_K, Q6_K].into_iter().find(|known| format!("{known:?}") == dtype);
        let dtype = dtype.ok_or_else(|| JsError::new("a kind of numbers"))?;
        let matrix = |_| {
            // Bytes that are small numbers of every kind.
            let bytes = vec![0x11; dtype.bytes_of(DEPTH * COLUMNS)];
            match dtype {
                F32 => WeightMatrix::Packed(PackedB::from_weights(&[TensorView { dtype, bytes: &bytes }], DEPTH)),
                _ => WeightMatrix::Stored(StoredB::new(vec![TensorData::interleaved(dtype, bytes, DEPTH)], DEPTH)),
            }
        };
        Ok(Self { matrices: (0..MATRICES).map(matrix).collect(), a: Vec::new(), out: Vec::new() })
    }

    /// The product of so many rows with each matrix.
    pub fn run(&mut self, rows: usize) {
        self.a.resize(rows * DEPTH, 0.5);
        self.out.resize(rows * COLUMNS, 0.0);
        for matrix in &self.matrices {
            matrix.matmul(Rows::dense(&self.a[..rows * DEPTH], DEPTH), &mut self.out, COLUMNS, Epilogue::None);
        }
    }
}
