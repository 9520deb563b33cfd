//! A saved trace that draws with no model.
//!
//! The file is safetensors: one tensor `pattern` U16 [layers, heads, n, n], a weight being
//! value / 65535 (off by at most 7.7e-6), and the rest as JSON under `attnscope` in its metadata.

use std::collections::HashMap;

use ndarray::{Array4, ArrayView4};
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde::{Deserialize, Serialize};

use super::run::{Asked, Run, Source};
use crate::engine::Tokens;
use crate::error::{Error, Kind, Result};

const VERSION: u32 = 1;
const SCALE: f32 = 65535.0;
/// Largest pattern read: 16 layers of 16 heads of 512 tokens.
const MOST_WEIGHTS: usize = 16 * 16 * 512 * 512;

/// A whole run at rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub about: About,
    /// Weights [layer, head, query, key].
    pub pattern: Array4<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    version: u32,
    pub model: String,
    pub text: String,
    pub pair: Option<String>,
    pub tokens: Tokens,
}

/// The header of this one kind of safetensors file. The page reads it by hand: the crate would cost
/// it 16 KB.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: Metadata,
    pattern: Pattern,
}

#[derive(Deserialize)]
struct Metadata {
    attnscope: String,
}

#[derive(Deserialize)]
struct Pattern {
    dtype: String,
    shape: [usize; 4],
    data_offsets: [usize; 2],
}

impl Snapshot {
    pub fn new(model: &str, text: &str, pair: Option<&str>, tokens: Tokens, pattern: Array4<f32>) -> Self {
        let (model, text, pair) = (model.to_owned(), text.to_owned(), pair.map(str::to_owned));
        Self { about: About { version: VERSION, model, text, pair, tokens }, pattern }
    }

    /// The file's bytes; the same run gives the same bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let fixed = |&w: &f32| ((w.clamp(0.0, 1.0) * SCALE).round() as u16).to_le_bytes();
        let data: Vec<u8> = self.pattern.iter().flat_map(fixed).collect();
        let (layers, heads, queries, keys) = self.pattern.dim();
        let view = TensorView::new(Dtype::U16, vec![layers, heads, queries, keys], &data).map_err(fault)?;
        let about = serde_json::to_string(&self.about).map_err(fault)?;
        let metadata = HashMap::from([("attnscope".to_owned(), about)]);
        serialize([("pattern", view)], Some(metadata)).map_err(fault)
    }

    /// Reads a file from outside.
    ///
    /// # Errors
    /// [`Kind::Format`] for anything that is not a whole snapshot of a version known here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (length, rest) = bytes.split_first_chunk().ok_or_else(|| fault("less than a header"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (header, data) = rest.split_at_checked(length).ok_or_else(|| fault("a header that is cut"))?;
        let Header { metadata, pattern } = serde_json::from_slice(header).map_err(fault)?;
        let about: About = serde_json::from_str(&metadata.attnscope).map_err(fault)?;
        if about.version != VERSION {
            return Err(fault(format!("version {}", about.version)));
        }
        let n = about.tokens.len();
        let [layers, heads, queries, keys] = pattern.shape;
        let weights = pattern.shape.iter().try_fold(1usize, |all, &d| all.checked_mul(d)).unwrap_or(usize::MAX);
        if pattern.dtype != "U16" || queries != n || keys != n || !(1..=MOST_WEIGHTS).contains(&weights) {
            return Err(fault(format!("{} {:?} for {n} tokens", pattern.dtype, pattern.shape)));
        }
        if pattern.data_offsets != [0, data.len()] || data.len() != 2 * weights {
            return Err(fault(format!("{} bytes for {weights} weights", data.len())));
        }
        let values = data.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]) as f32 / SCALE).collect();
        let pattern = Array4::from_shape_vec((layers, heads, n, n), values).map_err(fault)?;
        Ok(Self { about, pattern })
    }

    /// The run it holds, ready to draw.
    pub fn run(&self) -> Run {
        let About { text, pair, tokens, .. } = self.about.clone();
        let asked = Asked { text, pair, ..Asked::default() };
        Run::whole(asked, tokens, &self.pattern, Source::Snapshot)
    }

    /// The largest difference between this snapshot's weights and these, or none where the shapes differ.
    pub fn largest_difference(&self, pattern: ArrayView4<'_, f32>) -> Option<f32> {
        (self.pattern.dim() == pattern.dim())
            .then(|| self.pattern.iter().zip(&pattern).fold(0.0, |worst, (a, b)| f32::max(worst, (a - b).abs())))
    }
}

fn fault(got: impl ToString) -> Error {
    let advice = "Make the snapshot again with `attn snapshot`.";
    Error::new(Kind::Format, "snapshot", "a whole Attnscope snapshot, version 1", got.to_string(), advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Token;

    fn example() -> Snapshot {
        let token = |id: u32| Token {
            id,
            token: format!("t{id}"),
            chars: (0, 1),
            bytes: (0, 1),
            segment: 0,
            sequence: Some(0),
            word: Some(id),
            special: false,
        };
        let tokens = Tokens { items: vec![token(0), token(1)], cuts: vec![] };
        let pattern =
            Array4::from_shape_fn((1, 2, 2, 2), |(_, h, q, k)| if (h + q + k) % 2 == 0 { 0.624 } else { 0.376 });
        Snapshot::new("tiny", "ab", None, tokens, pattern)
    }

    #[test]
    fn a_snapshot_comes_back_within_its_stated_error() {
        let (before, bytes) = (example(), example().to_bytes().unwrap());
        let after = Snapshot::from_bytes(&bytes).unwrap();
        assert_eq!(after.about, before.about);
        assert!(after.largest_difference(before.pattern.view()).unwrap() <= 7.7e-6);
        let run = after.run();
        assert_eq!((run.layers, run.heads, run.side, run.source), (1, 2, 2, Source::Snapshot));
        assert!((run.pattern(HeadId::new(0, 1)).unwrap()[[0, 1]] - 0.624).abs() < 1e-5);
    }

    use crate::engine::HeadId;

    #[test]
    fn every_cut_and_every_flipped_byte_is_an_error_or_a_snapshot_never_a_panic() {
        let bytes = example().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert_eq!(Snapshot::from_bytes(&bytes[..length]).unwrap_err().kind, Kind::Format);
        }
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 0x15;
            if let Ok(snapshot) = Snapshot::from_bytes(&broken) {
                snapshot.run();
            }
        }
    }

    #[test]
    fn a_pattern_for_another_number_of_tokens_is_refused() {
        let mut snapshot = example();
        snapshot.about.tokens.items.pop();
        let error = Snapshot::from_bytes(&snapshot.to_bytes().unwrap()).unwrap_err();
        assert!(error.got.contains("1 tokens"), "{error}");
    }
}
