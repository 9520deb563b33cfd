//! From bytes to a [`Trace`]: formats, tokens, one forward pass. No clock, no DOM, no view.

pub(crate) mod attention;
mod config;
mod downstream;
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
mod tokenizer;
mod tokenizer_file;
mod tokenizer_ggml;
mod tokenizer_older;
mod weights;

pub mod tokens;
pub mod trace;

pub use downstream::{Prediction, cosine, embedding, predictions, probabilities};
pub use export::{tokens_json, trace_file};
pub use folder::{Files, Opened, is_weights, memory_need, needed, open_folder, open_model, open_usual};
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
pub use tokenizer::TextTokenizer;
pub use tokens::{Cut, Shown, Token, Tokens};
pub use trace::{HeadId, Trace};
