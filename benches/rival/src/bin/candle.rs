//! candle's BERT on the same file, in f32. It keeps no maps.

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use wasm_bindgen::prelude::*;

fn main() {}

#[wasm_bindgen]
pub struct Engine(BertModel);

#[wasm_bindgen]
impl Engine {
    /// From config.json and the bytes of model.safetensors.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: Vec<u8>) -> Result<Engine, JsError> {
        let config: Config = serde_json::from_str(config)?;
        let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu)?;
        Ok(Self(BertModel::load(weights, &config)?))
    }

    /// The last hidden state [n, width] of these tokens.
    pub fn run(&self, ids: Vec<u32>) -> Result<Vec<f32>, JsError> {
        let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
        let hidden = self.0.forward(&ids, &ids.zeros_like()?, None)?;
        Ok(hidden.flatten_all()?.to_vec1()?)
    }
}
