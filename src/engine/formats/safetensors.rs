//! The safetensors format (<https://github.com/huggingface/safetensors>): the length of a JSON header, the header, the
//! numbers.
//!
//! The `safetensors` crate checks the header: spans are in order without gap or overlap, they match the shapes and
//! types, and no sum overflows. Here every fault becomes a typed error, the bytes are owned, and a tensor is returned
//! only in the shape that its reader expects.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use safetensors::tensor::{Dtype, Metadata, SafeTensorError, SafeTensors};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::interleave_rows;
use crate::engine::steps::Steps;
use crate::error::{Error, Kind, Result};
use crate::math::{DType, TensorData};

const AGAIN: &str = "Download the file again, or convert the checkpoint again with `save_pretrained`.";

/// A whole file in memory, whose tensors are read where they are.
pub struct WeightFile {
    bytes: Arc<Vec<u8>>,
    header: Metadata,
    /// The first byte behind the header.
    data: usize,
    /// The bytes of a row, for tensors whose rows are interleaved.
    interleaved: HashMap<String, usize>,
}

impl WeightFile {
    /// Opens a file: checks the header against the bytes, without reading the numbers.
    ///
    /// Errors ([`Kind::Format`]): a file that is cut, or a header that is not JSON, names a tensor twice, or has spans
    /// that do not fit the file.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let (header_len, header) =
            SafeTensors::read_metadata(&bytes).map_err(|fault| container_fault(fault, &bytes))?;
        let data = size_of::<u64>() + header_len;
        // Of two tensors with one name the crate would keep the last.
        let names = serde_json::Deserializer::from_slice(&bytes[size_of::<u64>()..data]).deserialize_map(UniqueNames);
        names.map_err(|fault| format_error("a header that names each tensor once", fault.to_string()))?;
        Ok(Self { bytes: Arc::new(bytes), header, data, interleaved: HashMap::new() })
    }

    /// The names of all tensors.
    pub fn names(&self) -> Vec<String> {
        self.header.tensors().into_keys().collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.header.info(name).is_some()
    }

    /// The numbers of one tensor.
    ///
    /// Errors ([`Kind::Tensor`]): there is no such tensor, it has another shape, or its type is not
    /// F32, F16 or BF16.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<TensorData> {
        let (kind, span) = self.find(name, shape)?;
        Ok(TensorData::new(self.bytes.clone(), kind, span, self.interleaved.get(name).copied()))
    }

    /// Interleaves, in place, the rows of matrices that are stored in a format for which `which` is true
    /// ([`crate::math::quant::interleaved`]).
    ///
    /// Panics when a tensor has been read already.
    pub async fn interleave_rows(&mut self, which: impl Fn(DType) -> bool, steps: &Steps) {
        let bytes = Arc::get_mut(&mut self.bytes).expect("nobody has a tensor yet");
        for (name, info) in self.header.tensors() {
            if let (Some(kind), &[rows, width]) = (kind(info.dtype), info.shape.as_slice())
                && rows * width > 0
                && which(kind)
            {
                let (start, end) = info.data_offsets;
                let row_bytes = kind.bytes_of(width);
                interleave_rows(kind, &mut bytes[self.data + start..self.data + end], row_bytes, steps).await;
                self.interleaved.insert(name, row_bytes);
            }
        }
    }

    fn find(&self, name: &str, shape: &[usize]) -> Result<(DType, Range<usize>)> {
        let fault = |expected, got, advice| Err(Error::new(Kind::Tensor, name, expected, got, advice));
        let wanted = format!("a tensor of shape {shape:?}");
        let Some(info) = self.header.info(name) else {
            let advice = "The file is of another architecture than its config.json says, or not all of it is here.";
            return fault(wanted, "no tensor of this name".to_owned(), advice);
        };
        if info.shape != shape {
            let advice = "config.json and the weights are of different models; take both from the same place.";
            return fault(wanted, format!("shape {:?}", info.shape), advice);
        }
        let Some(kind) = kind(info.dtype) else {
            let advice = "Save the model in one of these types, for example with `model.half()`.";
            return fault("F32, F16 or BF16 numbers".to_owned(), info.dtype.to_string(), advice);
        };
        let (start, end) = info.data_offsets;
        Ok((kind, self.data + start..self.data + end))
    }

    /// Numbers in all tensors of a floating-point type.
    pub fn parameters(&self) -> u64 {
        let tensors = self.header.tensors();
        let floats = tensors.values().filter(|info| kind(info.dtype).is_some());
        floats.map(|info| info.shape.iter().product::<usize>() as u64).sum()
    }
}

/// The format of a tensor's numbers. None for types that this engine does not compute with.
fn kind(dtype: Dtype) -> Option<DType> {
    match dtype {
        Dtype::F32 => Some(DType::F32),
        Dtype::F16 => Some(DType::F16),
        Dtype::BF16 => Some(DType::BF16),
        _ => None,
    }
}

fn format_error(expected: &str, got: String) -> Error {
    Error::new(Kind::Format, "the safetensors file", expected, got, AGAIN)
}

fn container_fault(fault: SafeTensorError, bytes: &[u8]) -> Error {
    let in_file = |what: &str| format!("{what} in a file of {} bytes", bytes.len());
    let (expected, got) = match &fault {
        SafeTensorError::HeaderTooSmall => ("at least the eight bytes of the header's length", in_file("fewer")),
        SafeTensorError::HeaderTooLarge => ("a header of at most 100 MB", in_file("a longer one")),
        SafeTensorError::InvalidHeaderLength => ("a whole header", in_file("a header that is cut")),
        SafeTensorError::MetadataIncompleteBuffer => {
            ("as many bytes as the header says", format!("{} bytes: the file is cut or too long", bytes.len()))
        }
        SafeTensorError::InvalidOffset(name) => {
            ("tensors one behind the other", format!("a span out of place for the tensor `{name}`"))
        }
        SafeTensorError::TensorInvalidInfo => ("spans as long as shape times type", "one that is not".to_owned()),
        SafeTensorError::ValidationOverflow => ("tensors of a size that can be counted", "a larger one".to_owned()),
        other => ("a header of tensor names, types, shapes and spans", other.to_string()),
    };
    format_error(expected, got)
}

/// Reads only the keys of a JSON object, and stops at one that occurs twice.
struct UniqueNames;

impl<'de> Visitor<'de> for UniqueNames {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A>(self, mut map: A) -> std::result::Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        let mut seen = HashSet::new();
        while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
            if let Some(name) = seen.replace(name) {
                return Err(serde::de::Error::custom(format!("the name `{name}` twice")));
            }
        }
        Ok(())
    }
}
