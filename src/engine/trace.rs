//! What one forward pass did, recorded as it was computed.

use std::ops::Range;
use std::str::FromStr;

use ndarray::{Array2, Array3, Array4, ArrayView2, s};
use serde::{Deserialize, Serialize};

use super::attention::{Mask, Position, Rules};
use crate::error::{Error, Kind};

/// One head of one layer, both counted from 0 and written `L3 H1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeadId {
    pub layer: usize,
    pub head: usize,
}

impl HeadId {
    pub const fn new(layer: usize, head: usize) -> Self {
        Self { layer, head }
    }

    /// Every head of so many layers of so many heads, L0 H0 first.
    pub fn all(layers: usize, heads: usize) -> impl Iterator<Item = Self> {
        (0..layers).flat_map(move |layer| (0..heads).map(move |head| Self::new(layer, head)))
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

/// The record of one forward pass over n tokens. Of an encoder-decoder, the encoder's tokens come first; a layer is
/// one block of attention, in the order of [`super::spec::Form`].
#[derive(Clone, Debug)]
pub struct Trace {
    /// Attention weights [layer, head, query, key]; each row sums to 1 (Vaswani et al. 2017, eq. 1). NaN where a
    /// mask left nothing to read, and where the query or the key has no part in the block.
    pub pattern: Array4<f32>,
    /// Queries, keys and values as scores are made of them: biases added, normalised and turned to their positions
    /// [layer, token, (heads + 2 kv_heads) * head_width]: q, then k, then v.
    pub qkv: Array3<f32>,
    /// Each head's output before the output projection [layer, token, heads * head_width].
    pub z: Array3<f32>,
    /// The last layer's output [output, width], its norm applied where there is one.
    pub last_hidden: Array2<f32>,
    /// The tokens that `last_hidden` is of: all, or the decoder's.
    pub outputs: Range<usize>,
    /// Of each layer.
    pub blocks: Vec<Block>,
}

/// What the record of one layer is of.
#[derive(Clone, Debug)]
pub struct Block {
    /// As they were in this run.
    pub rules: Rules,
    /// The tokens that read.
    pub queries: Range<usize>,
    /// The tokens that are read.
    pub keys: Range<usize>,
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

    /// One head's queries (`which` = 0), keys (1) or values (2) [token, d].
    pub(super) fn third(&self, which: usize, id: HeadId) -> ArrayView2<'_, f32> {
        let rules = &self.blocks[id.layer].rules;
        let first = rules.columns(id.head)[which];
        self.qkv.slice(s![id.layer, .., first..first + rules.head_width])
    }

    /// All heads' queries, keys and values of one layer as they lie in memory [token, qkv], and the length of a row.
    pub(super) fn layer_qkv(&self, layer: usize) -> (&[f32], usize) {
        let all = self.qkv.as_slice().expect("recorded row by row");
        let stride = self.qkv.dim().2;
        (&all[layer * self.tokens() * stride..][..self.tokens() * stride], stride)
    }

    /// Of all its numbers.
    pub fn bytes(&self) -> usize {
        4 * (self.pattern.len() + self.qkv.len() + self.z.len() + self.last_hidden.len())
    }

    /// Queries, keys and values are known.
    pub fn has_vectors(&self) -> bool {
        self.qkv.dim().2 > 0
    }

    /// Every block is about all tokens: there is one stack of layers.
    pub fn is_one_stack(&self) -> bool {
        let all = 0..self.tokens();
        self.blocks.iter().all(|block| block.queries == all && block.keys == all)
    }

    /// Nothing but these weights [layer, head, query, key].
    pub(crate) fn of_weights(pattern: Array4<f32>) -> Self {
        let (layers, heads, n, _) = pattern.dim();
        let rules = Rules {
            heads,
            kv_heads: heads,
            head_width: 0,
            scale: 1.0,
            soft_cap: None,
            mask: Mask::Full,
            position: Position::None,
        };
        Self {
            pattern,
            qkv: Array3::zeros((layers, n, 0)),
            z: Array3::zeros((layers, n, 0)),
            last_hidden: Array2::zeros((0, 0)),
            outputs: 0..0,
            blocks: vec![Block { rules, queries: 0..n, keys: 0..n }; layers],
        }
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
