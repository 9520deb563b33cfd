//! The one error of the door: what was wrong, what was expected, what came, and what to do.

use serde::{Deserialize, Serialize};

/// Which door the bytes came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A file's bytes are not the format they claim to be.
    Format,
    /// A `config.json` names something this engine does not compute.
    Config,
    /// A tensor is missing or has another shape or type.
    Tensor,
    /// A `tokenizer.json` cannot be read.
    Tokenizer,
    /// A text, a token list, a link or a call from outside.
    Input,
    /// A download that failed, was cut or was cancelled.
    Network,
    /// A message between page and worker, or a worker that died.
    Worker,
}

impl Kind {
    /// Its name for scripts.
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

/// A fault that came in from outside, told so that a reader can act on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}: expected {expected}, got {got}. {advice}")]
pub struct Error {
    pub kind: Kind,
    /// The place: a file, a tensor, a field.
    pub what: String,
    pub expected: String,
    pub got: String,
    /// A full sentence: what the reader can do.
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
