//! The head of a GGUF file: keys with values, then names with shapes.
//!
//! Every length and count is checked against the remaining bytes before anything of its size is allocated.

use std::collections::HashMap;
use std::ops::Range;

use super::format_error;
use crate::error::Result;

/// The most keys. Real files have some dozens.
const MAX_KEYS: u64 = 1 << 16;
/// The most texts of a list. The largest vocabularies have half a million merges.
const MAX_TEXTS: u64 = 1 << 22;

/// Reads forward through the bytes of a file, and never past their end.
pub struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    is_cut: bool,
}

/// A value of the file. The contents of lists and texts stay in the file's bytes until they are asked for.
#[derive(Clone, Debug)]
enum Value {
    Whole(i128),
    Real(f64),
    Switch(bool),
    Text(Range<usize>),
    List { kind: u32, count: usize, span: Range<usize> },
}

/// All keys of a file, with their values.
pub struct Metadata {
    values: HashMap<String, Value>,
}

/// The kinds of values, by their numbers in the file.
mod kind {
    pub const U8: u32 = 0;
    pub const I8: u32 = 1;
    pub const U16: u32 = 2;
    pub const I16: u32 = 3;
    pub const U32: u32 = 4;
    pub const I32: u32 = 5;
    pub const F32: u32 = 6;
    pub const BOOL: u32 = 7;
    pub const TEXT: u32 = 8;
    pub const LIST: u32 = 9;
    pub const U64: u32 = 10;
    pub const I64: u32 = 11;
    pub const F64: u32 = 12;
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, is_cut: false }
    }

    /// Whether a read has failed because the bytes end too early.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The next `count` bytes. The error names them as `what`.
    pub fn take(&mut self, count: u64, what: &str) -> Result<&'a [u8]> {
        let left = &self.bytes[self.at..];
        let taken = usize::try_from(count).ok().and_then(|count| left.get(..count));
        self.is_cut |= taken.is_none();
        let taken = taken.ok_or_else(|| {
            let expected = format!("{what} of {count} bytes at byte {}", self.at);
            format_error(&expected, format!("{} bytes left: the file is cut, or a length is wrong", left.len()))
        })?;
        self.at += taken.len();
        Ok(taken)
    }

    fn number<const BYTES: usize>(&mut self, what: &str) -> Result<[u8; BYTES]> {
        Ok(self.take(BYTES as u64, what)?.try_into().expect("as many bytes as asked for"))
    }

    pub fn u32(&mut self, what: &str) -> Result<u32> {
        Ok(u32::from_le_bytes(self.number(what)?))
    }

    pub fn u64(&mut self, what: &str) -> Result<u64> {
        Ok(u64::from_le_bytes(self.number(what)?))
    }

    /// A length and as many bytes of UTF-8.
    pub fn text(&mut self, what: &str) -> Result<&'a str> {
        let begins = self.at;
        let length = self.u64(what)?;
        let bytes = self.take(length, what)?;
        std::str::from_utf8(bytes).map_err(|fault| {
            format_error(&format!("{what} in UTF-8 at byte {begins}"), format!("other bytes ({fault})"))
        })
    }

    fn value(&mut self, key: &str) -> Result<Value> {
        let what = &format!("the value of `{key}`");
        let kind = self.u32(what)?;
        Ok(match kind {
            kind::TEXT => {
                let end = self.text(what)?.len();
                Value::Text(self.at - end..self.at)
            }
            kind::LIST => self.list(key)?,
            _ => {
                let size = size_of_kind(kind).ok_or_else(|| unknown_kind(key, kind))?;
                scalar(kind, self.take(size, what)?)
                    .ok_or_else(|| format_error(&format!("true or false for `{key}`"), "another byte".to_owned()))?
            }
        })
    }

    fn list(&mut self, key: &str) -> Result<Value> {
        let what = &format!("the list `{key}`");
        let kind = self.u32(what)?;
        let count = self.u64(what)?;
        let start = self.at;
        if kind == kind::TEXT {
            if count > MAX_TEXTS {
                return Err(format_error(&format!("at most {MAX_TEXTS} texts in `{key}`"), count.to_string()));
            }
            // Each text takes at least the bytes of its length, so that the bytes run out before a false count does.
            for _ in 0..count {
                self.text(what)?;
            }
        } else {
            let size = size_of_kind(kind).ok_or_else(|| unknown_kind(key, kind))?;
            self.take(count.saturating_mul(size), what)?;
        }
        Ok(Value::List { kind, count: count as usize, span: start..self.at })
    }
}

/// The bytes of a value that is neither a text nor a list.
fn size_of_kind(kind: u32) -> Option<u64> {
    match kind {
        kind::U8 | kind::I8 | kind::BOOL => Some(1),
        kind::U16 | kind::I16 => Some(2),
        kind::U32 | kind::I32 | kind::F32 => Some(4),
        kind::U64 | kind::I64 | kind::F64 => Some(8),
        _ => None,
    }
}

/// A value from `bytes`, which are as many as its kind has. None for a boolean that is neither 0 nor 1.
fn scalar(kind: u32, bytes: &[u8]) -> Option<Value> {
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    let raw = u64::from_le_bytes(eight);
    Some(match kind {
        kind::BOOL => Value::Switch(match raw {
            0 => false,
            1 => true,
            _ => return None,
        }),
        kind::F32 => Value::Real(f64::from(f32::from_bits(raw as u32))),
        kind::F64 => Value::Real(f64::from_bits(raw)),
        kind::I8 => Value::Whole(i128::from(raw as i8)),
        kind::I16 => Value::Whole(i128::from(raw as i16)),
        kind::I32 => Value::Whole(i128::from(raw as i32)),
        kind::I64 => Value::Whole(i128::from(raw as i64)),
        _ => Value::Whole(i128::from(raw)),
    })
}

fn unknown_kind(key: &str, kind: u32) -> crate::error::Error {
    let expected = format!("a number, a text or a plain list for `{key}`");
    let got = if kind == kind::LIST { "lists in a list".to_owned() } else { format!("a value of kind {kind}") };
    format_error(&expected, got)
}

impl Metadata {
    pub fn read(reader: &mut Reader<'_>, count: u64) -> Result<Self> {
        if count > MAX_KEYS {
            return Err(format_error(&format!("at most {MAX_KEYS} keys"), count.to_string()));
        }
        let mut values = HashMap::new();
        for _ in 0..count {
            let key = reader.text("a key")?;
            let value = reader.value(key)?;
            if values.insert(key.to_owned(), value).is_some() {
                return Err(format_error("keys that are there once", format!("`{key}` twice")));
            }
        }
        Ok(Self { values })
    }

    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// An integer. A list with the same integer for each layer counts as one.
    pub fn whole(&self, bytes: &[u8], key: &str) -> Option<i128> {
        match self.values.get(key)? {
            Value::Whole(number) => Some(*number),
            list @ Value::List { .. } => {
                let mut numbers = scalars(list, bytes);
                let Some(Value::Whole(first)) = numbers.next() else { return None };
                numbers.all(|next| matches!(next, Value::Whole(n) if n == first)).then_some(first)
            }
            _ => None,
        }
    }

    pub fn real(&self, key: &str) -> Option<f64> {
        match self.values.get(key)? {
            Value::Real(number) => Some(*number),
            Value::Whole(number) => Some(*number as f64),
            _ => None,
        }
    }

    pub fn switch(&self, key: &str) -> Option<bool> {
        match self.values.get(key)? {
            Value::Switch(on) => Some(*on),
            _ => None,
        }
    }

    pub fn text<'a>(&self, bytes: &'a [u8], key: &str) -> Option<&'a str> {
        match self.values.get(key)? {
            Value::Text(span) => std::str::from_utf8(&bytes[span.clone()]).ok(),
            _ => None,
        }
    }

    /// A list of texts, which borrow from the file's bytes.
    pub fn texts<'a>(&self, bytes: &'a [u8], key: &str) -> Option<Vec<&'a str>> {
        match self.values.get(key)? {
            Value::List { kind: kind::TEXT, count, span } => {
                let mut reader = Reader { at: span.start, ..Reader::new(bytes) };
                (0..*count).map(|_| reader.text(key).ok()).collect()
            }
            _ => None,
        }
    }

    /// A list of numbers of any kind.
    pub fn reals(&self, bytes: &[u8], key: &str) -> Option<Vec<f64>> {
        let number = |value| match value {
            Value::Whole(number) => Some(number as f64),
            Value::Real(number) => Some(number),
            _ => None,
        };
        match self.values.get(key)? {
            list @ Value::List { .. } => scalars(list, bytes).map(number).collect(),
            _ => None,
        }
    }

    /// A list of bytes.
    pub fn bytes<'a>(&self, bytes: &'a [u8], key: &str) -> Option<&'a [u8]> {
        match self.values.get(key)? {
            Value::List { kind: kind::U8 | kind::I8, span, .. } => Some(&bytes[span.clone()]),
            _ => None,
        }
    }
}

/// The numbers of a list; none if its values are not numbers.
fn scalars<'a>(list: &'a Value, bytes: &'a [u8]) -> impl Iterator<Item = Value> + 'a {
    let (kind, span) = match list {
        Value::List { kind, span, .. } => (*kind, span.clone()),
        _ => (kind::LIST, 0..0),
    };
    let size = size_of_kind(kind);
    let bytes = if size.is_some() { &bytes[span] } else { &[] };
    bytes.chunks_exact(size.unwrap_or(1) as usize).filter_map(move |number| scalar(kind, number))
}
