//! What page and worker say to each other.
//!
//! A message is `{ head, buffers }`: `head` is one [`Envelope`] as JSON text, `buffers` are
//! `ArrayBuffer`s that are transferred, not copied. Numbers travel in buffers only, as
//! little-endian f32 in row-major order.

use serde::{Deserialize, Serialize};

use crate::engine::{HeadId, Tokens};
use crate::error::Error;

/// A request and every reply to it carry the same id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    pub id: u32,
    pub body: T,
}

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Download (or carry on downloading) and load the model in this folder, an address that ends in `/`.
    Load { folder: String },
    /// Stop the download; what has arrived is kept for the next `Load`.
    Cancel,
    /// One forward pass. `head` is the head on screen: its pattern always comes with the reply.
    Run { text: String, pair: Option<String>, head: HeadId },
    /// One head's pattern of the run with this id; only the newest run is kept.
    Head { run: u32, head: HeadId },
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Reply {
    /// The download so far. `seconds` since it began or carried on; `cached`: read from this browser's storage.
    Progress { got_bytes: u64, total_bytes: u64, seconds: f64, cached: bool },
    /// All bytes are here and checked; weights are being laid out.
    Preparing,
    /// The model can run.
    Ready { model: ModelCard },
    /// A forward pass. Buffers: the patterns of `sent`, one after the other [sent, n, n]; then the
    /// thumbnails of all heads [layers, heads, side, side].
    Ran { tokens: Tokens, layers: usize, heads: usize, sent: Vec<HeadId>, side: usize, millis: f64 },
    /// One head's pattern. Buffers: [n, n].
    Head { run: u32, head: HeadId, n: usize },
    /// The request could not be met; the worker lives on.
    Failed { error: Error },
}

/// What the page says about the model it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    pub name: String,
    pub family: String,
    pub layers: usize,
    pub heads: usize,
    pub width: usize,
    /// The longest input, in tokens.
    pub positions: usize,
    pub parameters: u64,
    /// Bytes of the download.
    pub bytes: u64,
    pub licence: String,
}

/// The file `manifest.json` beside a model: what to download and how to know that it is whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub name: String,
    pub licence: String,
    pub files: Vec<ManifestFile>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// File name in the model's folder: `config.json`, `tokenizer.json`, `model.safetensors`.
    pub path: String,
    pub bytes: u64,
    /// Lower-case hex SHA-256.
    pub sha256: String,
}

/// Runs of up to this many tokens send every head's pattern along (72 heads of 128 tokens: 4.7 MB),
/// so that moving between heads needs no further message.
pub const SEND_ALL_UP_TO: usize = 128;
