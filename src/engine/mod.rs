//! From bytes to a [`Trace`]: formats, tokens, one forward pass. No clock, no DOM, no view.

mod config;
mod export;
mod families;
mod formats;
mod forward;
mod input;
mod model;
mod spec;
mod tokenizer;
mod tokenizer_file;
mod weights;

pub mod tokens;
pub mod trace;

pub use export::{tokens_json, trace_file};
pub use input::read_input;
pub use model::Model;
pub use spec::Spec;
pub use tokenizer::TextTokenizer;
pub use tokens::{Cut, Shown, Token, Tokens};
pub use trace::{HeadId, Trace};
