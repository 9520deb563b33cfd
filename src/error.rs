//! The error type for input from outside: what was wrong, what was expected, what was there, and what the reader can
//! do.

use serde::{Deserialize, Serialize};

/// The kind of the input with the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A file that is not in the format that it claims.
    Format,
    /// A `config.json` with something that this engine does not compute.
    Config,
    /// A tensor that is missing or has another shape or type.
    Tensor,
    /// A tokenizer that cannot be used.
    Tokenizer,
    /// A text, a token list, a link or a call from outside.
    Input,
    /// A download that failed, was interrupted or was cancelled.
    Network,
    /// A message between page and worker, or a worker that has ended.
    Worker,
}

impl Kind {
    /// The name for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Format => "format",
            Kind::Config => "config",
            Kind::Tensor => "tensor",
            Kind::Tokenizer => "tokenizer",
            Kind::Input => "input",
            Kind::Network => "network",
            Kind::Worker => "worker",
        }
    }
}

/// An error in input from outside, described so that a reader can act on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}: expected {expected}, got {got}. {advice}")]
pub struct Error {
    pub kind: Kind,
    /// The file, tensor or field with the error.
    pub what: String,
    pub expected: String,
    pub got: String,
    /// What the reader can do, as a whole sentence.
    pub advice: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(
        kind: Kind,
        what: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { kind, what: what.into(), expected: expected.into(), got: got.into(), advice: advice.into() }
    }
}
