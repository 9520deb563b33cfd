//! From bytes to a [`Trace`]: formats, tokens, one forward pass. No clock, no DOM, no view.

mod config;
mod families;
mod formats;
mod forward;
mod model;
mod spec;
mod tokenizer;
mod tokenizer_file;
mod weights;

pub mod tokens;
pub mod trace;

pub use model::Model;
pub use spec::Spec;
pub use tokenizer::TextTokenizer;
pub use tokens::{Cut, Shown, Token, Tokens};
pub use trace::{HeadId, Trace};
