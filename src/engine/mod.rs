//! From bytes to a [`Trace`]: weight files, tokenizers, and one forward pass for all families.

mod config_json;
mod downstream;
#[cfg(not(target_arch = "wasm32"))]
mod export;
mod families;
mod folder;
pub mod formats;
mod generate;
mod imported;
mod input;
mod model;
mod model_config;
pub mod pass;
mod shuffle;
mod steps;
mod text_file;
mod tokenizer;
mod weights;

pub use downstream::{Prediction, cosine, embedding, predictions, probabilities};
#[cfg(not(target_arch = "wasm32"))]
pub use export::{tokens_json, write_trace};
pub use folder::{
    Files, Opened, check_unquantized, has_safetensors, is_usual_config, is_weights, memory_need, needed, open_folder,
    open_model, refusal, several, understood,
};
pub use generate::continued;
pub use imported::{Imported, read_attention};
pub use input::{Input, read_input};
pub use model::{Earlier, Model};
pub use model_config::{Architecture, ModelConfig, StackKind};
pub use pass::forward::{Pass, softmax_with_temperature};
pub use pass::head_set::HeadSet;
pub use pass::inside::Inside;
pub use pass::intervention::{Intervention, TEMPERATURES, check_temperature};
pub use pass::trace::{HeadId, Trace};
pub use steps::Opening;
pub use tokenizer::TextTokenizer;
pub use tokenizer::encode_pair::read_text;
pub use tokenizer::tokens::{Cut, Note, Shown, Start, Token, Tokens};
