//! Weight files: safetensors and GGUF.

pub mod gguf;
pub mod safetensors;

use serde_json::{Map, Value};

use super::steps::{STEP_BYTES, Steps};
use crate::error::{Error, Kind, Result};
use crate::math::quant::interleaved;
use crate::math::{DType, NR, TensorData};
use gguf::{Gguf, gguf_name};

/// A model's weights in memory, in either format. Tensors have the names of Hugging Face's checkpoints.
pub struct WeightFile {
    format: Format,
    parameters: u64,
}

enum Format {
    /// One file, or the shards of one.
    Safetensors(Vec<safetensors::WeightFile>),
    Gguf {
        file: Gguf,
        /// The config's `model_type`, by which names are translated.
        model_type: String,
    },
}

/// A tensor [rows, width] whose rows are read from the file's bytes.
pub struct Table {
    numbers: TensorData,
    rows: usize,
    width: usize,
}

impl Table {
    /// Numbers of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Writes one row as f32 into `out`, which has the table's width.
    ///
    /// Panics for a row that the table does not have, and for another width.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        assert_eq!(out.len(), self.width, "as many places as numbers");
        self.numbers.to_f32_into(row * self.width, out);
    }
}

/// The matrices of models with more parameters than this stay as they are stored. Those of smaller models are packed as
/// f32, which is faster.
pub const MAX_UNPACKED: u64 = 160_000_000;

/// Whether matrices stored in this format are packed, in a model of this many parameters.
fn unpacks(parameters: u64, dtype: DType) -> bool {
    parameters <= MAX_UNPACKED && dtype.block().0 == 1
}

/// Interleaves the rows of one matrix, some groups of eight in each step.
async fn interleave_rows(dtype: DType, rows: &mut [u8], row_bytes: usize, steps: &Steps) {
    // Fewer than eight rows keep their order, and eight times the length of a row could be more than there is memory.
    if rows.len() / NR < row_bytes {
        return;
    }
    let group = NR * row_bytes;
    for some in rows.chunks_mut((STEP_BYTES / group).max(1) * group) {
        interleaved::interleave_rows(dtype, some, row_bytes);
        steps.worked(some.len()).await;
    }
}

fn fault(expected: &str, got: String) -> Error {
    let advice = "Choose the files of one model.";
    Error::new(Kind::Format, "the weights", expected, got, advice)
}

impl WeightFile {
    /// Finds the format by the first bytes and checks the head. The shards of a checkpoint can come in any order.
    ///
    /// Errors: those of [`safetensors::WeightFile::open`], or of [`Gguf::open_parts`] and [`Gguf::config`];
    /// [`Kind::Format`] without a file, and for a tensor in two shards.
    pub fn open(files: Vec<Vec<u8>>) -> Result<Self> {
        if files.iter().any(|file| Self::is_gguf(file)) {
            let file = Gguf::open_parts(files)?;
            let model_type = file.config()?["model_type"].as_str().unwrap_or_default().to_owned();
            let parameters = file.parameters();
            return Ok(Self { format: Format::Gguf { file, model_type }, parameters });
        }
        Self::safetensors(files)
    }

    /// Whether a file is GGUF, by its first bytes.
    pub fn is_gguf(file: &[u8]) -> bool {
        file.starts_with(gguf::MAGIC)
    }

    /// From a checkpoint's file, or all of its shards in any order.
    ///
    /// Errors: those of [`safetensors::WeightFile::open`]; [`Kind::Format`] without a file, and for a tensor in two.
    pub fn safetensors(files: Vec<Vec<u8>>) -> Result<Self> {
        if files.is_empty() {
            return Err(fault("a file", "none".to_owned()));
        }
        let shards = files.into_iter().map(safetensors::WeightFile::open).collect::<Result<Vec<_>>>()?;
        for (at, shard) in shards.iter().enumerate() {
            let twice = shard.names().into_iter().find(|name| shards[..at].iter().any(|before| before.has(name)));
            if let Some(name) = twice {
                return Err(fault("each tensor in one shard", format!("`{name}` in two")));
            }
        }
        let parameters = shards.iter().map(safetensors::WeightFile::parameters).sum();
        Ok(Self { format: Format::Safetensors(shards), parameters })
    }

    /// Interleaves the rows of the matrices that stay as they are stored, so that products with them are faster
    /// ([`crate::math::quant::interleaved`]).
    ///
    /// Panics when a tensor has been read already.
    pub async fn lay_out(&mut self, steps: &Steps) {
        let parameters = self.parameters;
        let stays = |dtype| !unpacks(parameters, dtype);
        match &mut self.format {
            Format::Safetensors(shards) => {
                for shard in shards {
                    shard.interleave_rows(stays, steps).await;
                }
            }
            Format::Gguf { file, .. } => file.interleave_rows(stays, steps).await,
        }
    }

    /// The fields of an equivalent `config.json`, if the file contains all of them (GGUF).
    pub fn config(&self) -> Option<Result<Map<String, Value>>> {
        match &self.format {
            Format::Safetensors(_) => None,
            Format::Gguf { file, .. } => Some(file.config()),
        }
    }

    /// The file itself, if it is GGUF.
    pub fn gguf(&self) -> Option<&Gguf> {
        match &self.format {
            Format::Safetensors(_) => None,
            Format::Gguf { file, .. } => Some(file),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match &self.format {
            Format::Safetensors(shards) => shards.iter().any(|shard| shard.has(name)),
            Format::Gguf { file, model_type } => gguf_name(model_type, name).is_some_and(|name| file.has(&name)),
        }
    }

    /// The numbers of one tensor of this shape.
    ///
    /// Errors ([`Kind::Tensor`]): there is no such tensor, it has another shape, or its numbers are of a
    /// type that this engine does not read.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<TensorData> {
        match &self.format {
            Format::Safetensors(shards) => {
                shards.iter().find(|shard| shard.has(name)).unwrap_or(&shards[0]).tensor(name, shape)
            }
            Format::Gguf { file, model_type } => {
                // If GGUF has no name for it, the checkpoint's own name is the one to report as missing.
                let own = gguf_name(model_type, name).unwrap_or_else(|| name.to_owned());
                file.tensor(&own, shape)
            }
        }
    }

    /// The numbers of a small tensor, as f32; errors as for [`Self::tensor`].
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        Ok(self.tensor(name, shape)?.to_f32())
    }

    /// A tensor [rows, width] whose rows are read one at a time; errors as for [`Self::tensor`].
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table> {
        Ok(Table { numbers: self.tensor(name, &[rows, width])?, rows, width })
    }

    /// The number of parameters: numbers in all floating-point or quantized tensors.
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// Whether matrices stored in this format are packed as f32. Others stay as they are stored ([`Self::lay_out`]).
    pub fn unpacks(&self, dtype: DType) -> bool {
        unpacks(self.parameters, dtype)
    }
}
