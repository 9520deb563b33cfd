//! From bytes to a [`Trace`]: formats, tokens, one forward pass. No clock, no DOM, no view.

pub(crate) mod attention;
mod config;
mod downstream;
#[cfg(not(target_arch = "wasm32"))]
mod export;
mod families;
mod folder;
pub mod formats;
mod forward;
mod generate;
mod head_set;
mod hooks;
mod imported;
mod input;
mod inside;
mod model;
mod reading;
mod rotary;
mod shuffle;
mod spec;
mod steps;
mod text_file;
mod tokenizer;
mod tokenizer_file;
mod tokenizer_ggml;
mod tokenizer_older;
mod tokenizer_settings;
mod weights;
mod written;

pub mod tokens;
pub mod trace;

pub use downstream::{Prediction, cosine, embedding, predictions, probabilities};
#[cfg(not(target_arch = "wasm32"))]
pub use export::{tokens_json, write_trace};
pub use folder::{
    Files, Opened, check_unquantized, has_safetensors, is_usual_config, is_weights, memory_need, needed, open_folder,
    open_model, refusal, several, understood,
};
pub use forward::Pass;
pub(crate) use forward::sinusoids;
pub use generate::continued;
pub use head_set::HeadSet;
pub use hooks::{Intervention, TEMPERATURES, check_temperature, soften};
pub use imported::{Imported, read_attention};
pub use input::{Input, read_input};
pub use inside::Inside;
pub use model::{Earlier, Model};
pub use reading::read_text;
pub use spec::{Form, Part, Spec};
pub use steps::Opening;
pub use tokenizer::TextTokenizer;
pub use tokens::{Cut, Note, Shown, Start, Token, Tokens};
pub use trace::{HeadId, Trace};
