//! From bytes to a [`Trace`]: formats, tokens, one forward pass. No clock, no DOM, no view.

pub mod tokens;
pub mod trace;

pub use tokens::{Cut, Shown, Token, Tokens};
pub use trace::{HeadId, Trace};
