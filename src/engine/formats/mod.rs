//! Weight files.

pub mod gguf;
pub mod safetensors;

use serde_json::{Map, Value};

use crate::error::Result;
use crate::math::{Floats, SharedFloats};
use gguf::{Gguf, gguf_name};
use safetensors::Table;

/// A file of weights in memory, whichever its format; tensors go by the names that Hugging Face's checkpoints have.
pub enum WeightFile {
    Safetensors(safetensors::WeightFile),
    Gguf {
        file: Gguf,
        /// The config's, which says how names are translated.
        model_type: String,
    },
}

impl WeightFile {
    /// Tells the format by the first bytes and checks the head.
    ///
    /// Errors: those of [`safetensors::WeightFile::open`], or of [`Gguf::open`] and [`Gguf::config`].
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        if !bytes.starts_with(gguf::MAGIC) {
            return Ok(Self::Safetensors(safetensors::WeightFile::open(bytes)?));
        }
        let file = Gguf::open(bytes)?;
        let model_type = file.config()?["model_type"].as_str().unwrap_or_default().to_owned();
        Ok(Self::Gguf { file, model_type })
    }

    /// The fields of a `config.json`, where the file says all that there is to know.
    pub fn config(&self) -> Option<Result<Map<String, Value>>> {
        match self {
            Self::Safetensors(_) => None,
            Self::Gguf { file, .. } => Some(file.config()),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::Safetensors(file) => file.has(name),
            Self::Gguf { file, model_type } => gguf_name(model_type, name).is_some_and(|name| file.has(&name)),
        }
    }

    /// The numbers of one tensor.
    ///
    /// Errors ([`crate::Kind::Tensor`]): there is no such tensor, it has another shape, or its numbers are of a
    /// type that this engine does not read.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<Floats<'_>> {
        match self {
            Self::Safetensors(file) => file.tensor(name, shape),
            Self::Gguf { file, model_type } => file.tensor(&translated(model_type, name), shape),
        }
    }

    /// As [`Self::tensor`], with a share in the file's bytes.
    pub fn shared(&self, name: &str, shape: &[usize]) -> Result<SharedFloats> {
        match self {
            Self::Safetensors(file) => file.shared(name, shape),
            Self::Gguf { file, model_type } => file.shared(&translated(model_type, name), shape),
        }
    }

    /// A tensor [rows, width] that is looked up a row at a time; errors as for [`Self::tensor`].
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table> {
        match self {
            Self::Safetensors(file) => file.table(name, rows, width),
            Self::Gguf { file, model_type } => file.table(&translated(model_type, name), rows, width),
        }
    }

    /// One row of a table of this file, as it is stored. Panics for a row that the table does not have.
    pub fn row(&self, table: &Table, row: usize) -> Floats<'_> {
        match self {
            Self::Safetensors(file) => file.row(table, row),
            Self::Gguf { file, .. } => file.row(table, row),
        }
    }

    /// Numbers in all tensors of a floating-point type.
    pub fn parameters(&self) -> u64 {
        match self {
            Self::Safetensors(file) => file.parameters(),
            Self::Gguf { file, .. } => file.parameters(),
        }
    }
}

/// The file's own name; the checkpoint's where there is none, to be told as missing.
fn translated(model_type: &str, name: &str) -> String {
    gguf_name(model_type, name).unwrap_or_else(|| name.to_owned())
}
