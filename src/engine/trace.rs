//! What one forward pass did, recorded as it was computed.

use std::ops::Range;
use std::str::FromStr;

use ndarray::{Array2, Array3, Array4, ArrayView2, s};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind};

/// One head of one layer, both counted from 0 and written `L3 H1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeadId {
    pub layer: usize,
    pub head: usize,
}

impl HeadId {
    pub fn new(layer: usize, head: usize) -> Self {
        Self { layer, head }
    }
}

impl std::fmt::Display for HeadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "L{} H{}", self.layer, self.head)
    }
}

/// `L3H1` or `L3 H1`, in either case.
impl FromStr for HeadId {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let upper = name.to_ascii_uppercase();
        let parts = upper.strip_prefix('L').and_then(|rest| rest.split_once('H'));
        let id = parts.and_then(|(layer, head)| Some(Self::new(layer.trim().parse().ok()?, head.trim().parse().ok()?)));
        id.ok_or_else(|| {
            let got = format!("\"{}\"", name.chars().take(60).collect::<String>());
            let advice = "Layers and heads are counted from 0.";
            Error::new(Kind::Input, "the head", "a layer and a head like L3H1", got, advice)
        })
    }
}

/// The record of one forward pass over n tokens.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Attention weights [layer, head, query, key]; each row sums to 1 (Vaswani et al. 2017, eq. 1). NaN where a
    /// mask left nothing to read.
    pub pattern: Array4<f32>,
    /// Queries, keys and values as projected, biases added [layer, token, 3 * width]: q, then k, then v;
    /// head h owns columns `h * head_width ..` of each third.
    pub qkv: Array3<f32>,
    /// Each head's output before the output projection [layer, token, width].
    pub z: Array3<f32>,
    /// The last layer's output [token, width].
    pub last_hidden: Array2<f32>,
    /// Language-model scores [token, vocabulary], where the model has that head.
    pub logits: Option<Array2<f32>>,
}

impl Trace {
    pub fn layers(&self) -> usize {
        self.pattern.dim().0
    }

    pub fn heads(&self) -> usize {
        self.pattern.dim().1
    }

    pub fn tokens(&self) -> usize {
        self.pattern.dim().2
    }

    /// One head's weights [query, key].
    pub fn head(&self, id: HeadId) -> ArrayView2<'_, f32> {
        self.pattern.slice(s![id.layer, id.head, .., ..])
    }

    /// Numbers of one token in all heads together.
    pub(super) fn width(&self) -> usize {
        self.z.dim().2
    }

    /// A head's columns among those of all heads of its layer.
    pub(super) fn columns(&self, id: HeadId) -> Range<usize> {
        let d = self.width() / self.heads();
        id.head * d..(id.head + 1) * d
    }

    /// One head's queries (`which` = 0), keys (1) or values (2) [token, d].
    pub(super) fn third(&self, which: usize, id: HeadId) -> ArrayView2<'_, f32> {
        let own = self.columns(id);
        let first = which * self.width();
        self.qkv.slice(s![id.layer, .., first + own.start..first + own.end])
    }

    /// All heads' queries, keys and values of one layer as they lie in memory [token, 3 * width].
    pub(super) fn layer_qkv(&self, layer: usize) -> &[f32] {
        let all = self.qkv.as_slice().expect("recorded row by row");
        let size = self.tokens() * 3 * self.width();
        &all[layer * size..][..size]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        for (name, head) in [("L3H1", (3, 1)), ("L3 H1", (3, 1)), ("l0h11", (0, 11))] {
            let head = HeadId::new(head.0, head.1);
            assert_eq!(name.parse::<HeadId>().unwrap(), head);
            assert_eq!(head.to_string().parse::<HeadId>().unwrap(), head);
        }
        for name in ["", "L3", "H1", "3.1", "L-1H0", "LxH1", "L3H1H2", "L99999999999999999999H0", "é3H1"] {
            assert_eq!(name.parse::<HeadId>().unwrap_err().kind, Kind::Input, "{name}");
        }
    }
}
