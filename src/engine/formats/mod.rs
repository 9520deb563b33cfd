//! Weight files.

pub mod gguf;
pub mod safetensors;

use serde_json::{Map, Value};

use super::steps::{STEP_BYTES, Steps};
use crate::error::{Error, Kind, Result};
use crate::math::quant::interleaved;
use crate::math::{DType, NR, TensorData};
use gguf::{Gguf, gguf_name};

/// A model's weights in memory, whichever their format; tensors go by the names that Hugging Face's checkpoints have.
pub struct WeightFile {
    format: Format,
    parameters: u64,
}

enum Format {
    /// One file, or the shards of one.
    Safetensors(Vec<safetensors::WeightFile>),
    Gguf {
        file: Gguf,
        /// The config's, which says how names are translated.
        model_type: String,
    },
}

/// A tensor [rows, width] whose rows are looked up in the file's bytes.
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

    /// One row as f32 into `out`, as wide as the table. Panics for a row that it does not have.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        assert_eq!(out.len(), self.width, "as many places as numbers");
        self.numbers.to_f32_into(row * self.width, out);
    }
}

/// Weights with more numbers than this stay as they are stored; smaller ones are unpacked, which is faster.
pub const MAX_UNPACKED: u64 = 160_000_000;

/// Of a model of so many parameters, matrices of so stored numbers are unpacked.
fn unpacks(parameters: u64, dtype: DType) -> bool {
    parameters <= MAX_UNPACKED && dtype.block().0 == 1
}

/// Puts the rows of one matrix abreast, some groups of eight in each step.
async fn interleave_rows(dtype: DType, rows: &mut [u8], row_bytes: usize, steps: &Steps) {
    // Fewer than eight rows stay as they are, and eight times a row could be more than there is memory.
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
    /// Tells the format by the first bytes and checks the head; of a checkpoint in shards, all of them in any order.
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

    /// By its first bytes.
    pub fn is_gguf(file: &[u8]) -> bool {
        file.starts_with(gguf::MAGIC)
    }

    /// A checkpoint's file, or all of its shards in any order.
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

    /// Puts the rows of the matrices abreast that stay as they are stored, so that products are faster
    /// ([`crate::math::abreast`]).
    ///
    /// Panics when a tensor has been asked for already.
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

    /// The fields of a `config.json`, where the file says all that there is to know.
    pub fn config(&self) -> Option<Result<Map<String, Value>>> {
        match &self.format {
            Format::Safetensors(_) => None,
            Format::Gguf { file, .. } => Some(file.config()),
        }
    }

    /// The file itself, where it is GGUF.
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

    /// The numbers of one tensor.
    ///
    /// Errors ([`Kind::Tensor`]): there is no such tensor, it has another shape, or its numbers are of a
    /// type that this engine does not read.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<TensorData> {
        match &self.format {
            Format::Safetensors(shards) => {
                shards.iter().find(|shard| shard.has(name)).unwrap_or(&shards[0]).tensor(name, shape)
            }
            Format::Gguf { file, model_type } => {
                // The checkpoint's name where there is no other, to be told as missing.
                let own = gguf_name(model_type, name).unwrap_or_else(|| name.to_owned());
                file.tensor(&own, shape)
            }
        }
    }

    /// The numbers of a tensor that is small.
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        Ok(self.tensor(name, shape)?.to_f32())
    }

    /// A tensor [rows, width] that is looked up a row at a time; errors as for [`Self::tensor`].
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table> {
        Ok(Table { numbers: self.tensor(name, &[rows, width])?, rows, width })
    }

    /// Numbers in all tensors of a floating-point type.
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// Matrices of such numbers are unpacked for the kernel; others stay, their rows abreast ([`Self::lay_out`]).
    pub fn unpacks(&self, dtype: DType) -> bool {
        unpacks(self.parameters, dtype)
    }
}
