//! GGUF, ggml's container, versions 2 and 3: keys with values, names with shapes, the numbers
//! (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>).
//!
//! GGUF lists the sizes of a shape innermost first. Here they are as in PyTorch, outermost first.

mod config;
mod metadata;
mod names;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use metadata::{Metadata, Reader};

use super::interleave_rows;
use crate::engine::steps::Steps;
use crate::error::{Error, Kind, Result};
use crate::math::{DType, TensorData};

pub use names::gguf_name;

/// The first bytes of every GGUF file.
pub const MAGIC: &[u8; 4] = b"GGUF";
const AGAIN: &str = "Download the file again, or convert the checkpoint again with llama.cpp's convert_hf_to_gguf.py.";
/// The most tensors that a file may have. Real files have a few thousand.
const MAX_TENSORS: u64 = 1 << 16;
/// The most sizes that a shape may have, as in ggml.
const MAX_SIZES: u32 = 4;
const USUAL_ALIGNMENT: i128 = 32;

/// A whole file in memory, whose tensors are read where they are.
pub struct Gguf {
    /// The file, or the parts that it was split into (`llama-gguf-split`), each of which has a head.
    parts: Vec<Arc<Vec<u8>>>,
    /// The keys of the first part.
    metadata: Metadata,
    tensors: HashMap<String, Tensor>,
}

/// One tensor of the file.
struct Tensor {
    /// The index of the part that contains it.
    part: usize,
    kind: Type,
    /// Outermost size first.
    shape: Vec<usize>,
    /// The range of its bytes in the part.
    span: Range<usize>,
    /// The bytes of a row, if rows are interleaved.
    interleaved: Option<usize>,
}

/// The type of a tensor's numbers.
#[derive(Clone, Copy)]
enum Type {
    Floats(DType),
    /// A type that this engine does not compute with: its name, and the bytes of a number.
    Other(&'static str, usize),
}

/// ggml's names for block formats that this engine does not read, by their numbers (`ggml_type` in ggml.h).
const UNREAD: [(u32, &str); 23] = [
    (4, "Q4_2"),
    (5, "Q4_3"),
    (9, "Q8_1"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (23, "IQ4_XS"),
    (29, "IQ1_M"),
    (31, "Q4_0_4_4"),
    (32, "Q4_0_4_8"),
    (33, "Q4_0_8_8"),
    (34, "TQ1_0"),
    (35, "TQ2_0"),
    (36, "IQ4_NL_4_4"),
    (37, "IQ4_NL_4_8"),
    (38, "IQ4_NL_8_8"),
    (39, "MXFP4"),
    (40, "NVFP4"),
    (41, "Q1_0"),
];

impl Type {
    /// The type with this number in the file. None for a type that is not known.
    fn find(number: u32) -> Option<Self> {
        use DType::*;
        Some(Self::Floats(match number {
            0 => F32,
            1 => F16,
            2 => Q4_0,
            3 => Q4_1,
            6 => Q5_0,
            7 => Q5_1,
            8 => Q8_0,
            10 => Q2_K,
            11 => Q3_K,
            12 => Q4_K,
            13 => Q5_K,
            14 => Q6_K,
            20 => IQ4_NL,
            30 => BF16,
            24 => return Some(Self::Other("I8", 1)),
            25 => return Some(Self::Other("I16", 2)),
            26 => return Some(Self::Other("I32", 4)),
            27 => return Some(Self::Other("I64", 8)),
            28 => return Some(Self::Other("F64", 8)),
            _ => return None,
        }))
    }

    /// The numbers and the bytes of a block.
    fn block(self) -> (usize, usize) {
        match self {
            Self::Floats(kind) => kind.block(),
            Self::Other(_, size) => (1, size),
        }
    }
}

impl Gguf {
    /// Opens a file: checks the head against the bytes. Numbers are not read, and lists are not copied.
    ///
    /// Errors ([`Kind::Format`]): not a GGUF file or one of another version, a file that is cut, an impossible length,
    /// count, shape or offset, a name that occurs twice, an unknown type.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let mut head = Head::read(&mut Reader::new(&bytes))?;
        place(&mut head.tensors, head.data, bytes.len())?;
        Ok(Self { parts: vec![Arc::new(bytes)], metadata: head.metadata, tensors: head.tensors })
    }

    /// Opens a file, or all parts of one that was split, in any order.
    ///
    /// Errors ([`Kind::Format`]): those of [`Self::open`], parts that are missing or belong to different files, and a
    /// tensor that is in two parts.
    pub fn open_parts(files: Vec<Vec<u8>>) -> Result<Self> {
        let given = files.len();
        let mut parts = files.into_iter().map(Self::open).collect::<Result<Vec<_>>>()?;
        parts.sort_by_key(|part| part.whole("split.no"));
        let in_all = |part: &Self| part.whole("split.count").unwrap_or(1).max(1);
        let count = parts.first().map_or(1, in_all);
        let is_next = |(at, part): (usize, &Self)| {
            let at_place = given == 1 || part.whole("split.no") == Some(at as i128);
            at_place && in_all(part) == count
        };
        if count != given as i128 || !parts.iter().enumerate().all(is_next) {
            let expected = format!("all {count} parts of one file");
            let advice = "Choose all parts together, or join them with llama.cpp's llama-gguf-split --merge.";
            return Err(Error::new(Kind::Format, "the GGUF file", expected, format!("{given} of them"), advice));
        }
        let mut whole = parts.remove(0);
        for (at, part) in parts.into_iter().enumerate() {
            whole.parts.extend(part.parts);
            for (name, tensor) in part.tensors {
                let tensor = Tensor { part: at + 1, ..tensor };
                if whole.tensors.insert(name.clone(), tensor).is_some() {
                    return Err(format_error("each tensor in one part", format!("`{name}` in two")));
                }
            }
        }
        Ok(whole)
    }

    /// Why a file that begins with these bytes cannot be used, as far as they tell. None if nothing in them is a reason
    /// against it, or if the head is longer than these bytes.
    pub fn refusal(beginning: &[u8]) -> Option<Error> {
        let mut reader = Reader::new(beginning);
        match Head::read(&mut reader) {
            // The parts after the first contain no keys about the model.
            Ok(head) if head.metadata.whole(beginning, "split.no").is_some_and(|part| part > 0) => None,
            Ok(head) => config::architecture(&head.metadata, beginning).err(),
            Err(fault) => (!reader.is_cut()).then_some(fault),
        }
    }

    fn head(&self) -> &[u8] {
        &self.parts[0]
    }

    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// The numbers of one tensor, by its name in the file and its shape as in PyTorch.
    ///
    /// Errors ([`Kind::Tensor`]): there is no such tensor, it has another shape, or its numbers are integers.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<TensorData> {
        let (kind, tensor) = self.find(name, shape)?;
        let bytes = self.parts[tensor.part].clone();
        Ok(TensorData::new(bytes, kind, tensor.span.clone(), tensor.interleaved))
    }

    /// Interleaves, in place, the rows of matrices that are stored in a format for which `which` is true
    /// ([`crate::math::quant::interleaved`]).
    ///
    /// Panics when a tensor has been read already.
    pub async fn interleave_rows(&mut self, which: impl Fn(DType) -> bool, steps: &Steps) {
        let mut parts: Vec<&mut Vec<u8>> =
            self.parts.iter_mut().map(|part| Arc::get_mut(part).expect("nobody has a tensor yet")).collect();
        for tensor in self.tensors.values_mut() {
            if let (Type::Floats(kind), &[_, width]) = (tensor.kind, tensor.shape.as_slice())
                && which(kind)
            {
                let row_bytes = kind.bytes_of(width);
                interleave_rows(kind, &mut parts[tensor.part][tensor.span.clone()], row_bytes, steps).await;
                tensor.interleaved = Some(row_bytes);
            }
        }
    }

    /// Numbers in all tensors of a floating-point or quantized type.
    pub fn parameters(&self) -> u64 {
        let floats = self.tensors.values().filter(|tensor| matches!(tensor.kind, Type::Floats(_)));
        floats.map(|tensor| tensor.shape.iter().product::<usize>() as u64).sum()
    }

    fn find(&self, name: &str, shape: &[usize]) -> Result<(DType, &Tensor)> {
        let fault = |expected, got, advice| Err(Error::new(Kind::Tensor, name, expected, got, advice));
        let wanted = format!("a tensor of shape {shape:?}");
        let Some(tensor) = self.tensors.get(name) else {
            let advice = "The file is of another architecture than it says, or not all of it is here.";
            return fault(wanted, "no tensor of this name".to_owned(), advice);
        };
        if tensor.shape != shape {
            let advice = "The file's own keys say another size; take a file that was converted anew.";
            return fault(wanted, format!("shape {:?}", tensor.shape), advice);
        }
        match tensor.kind {
            Type::Floats(kind) => Ok((kind, tensor)),
            Type::Other(name, _) => {
                let advice = "Convert the checkpoint again with llama.cpp's convert_hf_to_gguf.py.";
                fault("floating-point numbers".to_owned(), name.to_owned(), advice)
            }
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.metadata.text(self.head(), key)
    }

    pub fn texts(&self, key: &str) -> Option<Vec<&str>> {
        self.metadata.texts(self.head(), key)
    }

    pub fn whole(&self, key: &str) -> Option<i128> {
        self.metadata.whole(self.head(), key)
    }

    pub fn real(&self, key: &str) -> Option<f64> {
        self.metadata.real(key)
    }

    pub fn reals(&self, key: &str) -> Option<Vec<f64>> {
        self.metadata.reals(self.head(), key)
    }

    pub fn switch(&self, key: &str) -> Option<bool> {
        self.metadata.switch(key)
    }

    pub fn byte_list(&self, key: &str) -> Option<&[u8]> {
        self.metadata.bytes(self.head(), key)
    }

    pub fn has_key(&self, key: &str) -> bool {
        self.metadata.has(key)
    }
}

/// The head of a file, or of one of its parts: everything before the numbers.
struct Head {
    metadata: Metadata,
    /// Their spans are relative to the first byte of the numbers.
    tensors: HashMap<String, Tensor>,
    /// The byte at which the numbers begin.
    data: usize,
}

impl Head {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        if reader.take(4, "the letters GGUF")? != MAGIC {
            return Err(format_error("a file that begins with the letters GGUF", "other bytes".to_owned()));
        }
        let version = reader.u32("the version")?;
        if !(2..=3).contains(&version) {
            let got = if (2..=3).contains(&version.swap_bytes()) {
                "big-endian numbers".to_owned()
            } else {
                version.to_string()
            };
            return Err(format_error("little-endian GGUF of version 2 or 3", got));
        }
        let tensor_count = reader.u64("the number of tensors")?;
        let key_count = reader.u64("the number of keys")?;
        if tensor_count > MAX_TENSORS {
            return Err(format_error(&format!("at most {MAX_TENSORS} tensors"), tensor_count.to_string()));
        }
        let metadata = Metadata::read(reader, key_count)?;
        let alignment = alignment(&metadata, reader.bytes)?;
        let mut tensors = HashMap::new();
        for _ in 0..tensor_count {
            let (name, tensor) = tensor(reader, alignment)?;
            if tensors.insert(name.to_owned(), tensor).is_some() {
                return Err(format_error("tensors whose names are there once", format!("`{name}` twice")));
            }
        }
        let data = reader.at.next_multiple_of(alignment);
        Ok(Self { metadata, tensors, data })
    }
}

/// Tensors begin at multiples of this many bytes.
fn alignment(metadata: &Metadata, bytes: &[u8]) -> Result<usize> {
    const KEY: &str = "general.alignment";
    let number = if metadata.has(KEY) { metadata.whole(bytes, KEY).unwrap_or(-1) } else { USUAL_ALIGNMENT };
    let found = usize::try_from(number).ok().filter(|n| n.is_power_of_two() && *n <= 1 << 16);
    found.ok_or_else(|| format_error("an alignment of a power of two, at most 65536", number.to_string()))
}

/// A tensor's name and description. Its span is relative to the first byte of the numbers.
fn tensor<'a>(reader: &mut Reader<'a>, alignment: usize) -> Result<(&'a str, Tensor)> {
    let name = reader.text("a tensor's name")?;
    let fault = |expected: &str, got: String| Err(format_error(&format!("{expected} for the tensor `{name}`"), got));
    let sizes = reader.u32("a tensor's shape")?;
    if !(1..=MAX_SIZES).contains(&sizes) {
        return fault("1 to 4 sizes", sizes.to_string());
    }
    let mut shape = Vec::new();
    for _ in 0..sizes {
        shape.push(reader.u64("a tensor's shape")?);
    }
    let number = reader.u32("a tensor's type")?;
    let Some(kind) = Type::find(number) else {
        return Err(unread_type(name, number));
    };
    let offset = reader.u64("a tensor's place")?;
    let (numbers, size) = kind.block();
    if shape.contains(&0) || !shape[0].is_multiple_of(numbers as u64) {
        return fault(&format!("rows of whole blocks of {numbers}"), format!("sizes {shape:?}"));
    }
    let count = shape.iter().try_fold(1u64, |product, &size| product.checked_mul(size));
    let count = count.filter(|&count| usize::try_from(count).is_ok());
    let bytes = count.and_then(|count| (count / numbers as u64).checked_mul(size as u64));
    let span = bytes.and_then(|bytes| Some((offset, offset.checked_add(bytes)?)));
    let span = span.and_then(|(start, end)| Some(usize::try_from(start).ok()?..usize::try_from(end).ok()?));
    let Some(span) = span else {
        return fault("a size and a place that can be counted", format!("sizes {shape:?} at {offset}"));
    };
    if !span.start.is_multiple_of(alignment) {
        return fault(&format!("a place that is a multiple of {alignment}"), offset.to_string());
    }
    // Each size is at most their product, which was checked.
    let shape = shape.iter().rev().map(|&size| size as usize).collect();
    Ok((name, Tensor { part: 0, kind, shape, span, interleaved: None }))
}

/// Makes all spans relative to the file, and checks that they lie within it and do not overlap.
fn place(tensors: &mut HashMap<String, Tensor>, data: usize, length: usize) -> Result<()> {
    let mut spans = Vec::new();
    for (name, tensor) in tensors {
        let moved = tensor.span.start.checked_add(data).zip(tensor.span.end.checked_add(data));
        let Some((start, end)) = moved.filter(|&(_, end)| end <= length) else {
            let expected = format!("the tensor `{name}` in the file's {length} bytes");
            return Err(format_error(&expected, format!("an end {} bytes behind the head", tensor.span.end)));
        };
        tensor.span = start..end;
        spans.push((start, end, name));
    }
    spans.sort_unstable();
    match spans.windows(2).find(|pair| pair[1].0 < pair[0].1) {
        None => Ok(()),
        Some(pair) => Err(format_error("tensors beside each other", format!("`{}` over `{}`", pair[1].2, pair[0].2))),
    }
}

fn unread_type(name: &str, number: u32) -> Error {
    let known = UNREAD.iter().find(|unread| unread.0 == number);
    let got = known.map_or_else(|| format!("type {number} of ggml"), |(_, name)| (*name).to_owned());
    const READ: &str = "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K or IQ4_NL";
    let expected = format!("{READ} for the tensor `{name}`");
    let advice = "Choose the same model in one of these types, such as Q4_K_M, Q6_K or Q8_0.";
    Error::new(Kind::Format, "the GGUF file", expected, got, advice)
}

fn format_error(expected: &str, got: String) -> Error {
    Error::new(Kind::Format, "the GGUF file", expected, got, AGAIN)
}
