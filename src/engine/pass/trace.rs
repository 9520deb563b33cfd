//! The record of a forward pass. Pattern, queries, keys, values and z are recorded as they were computed; scores are
//! not, because they would take as much memory as the pattern, and are computed again by the same product
//! ([`Trace::scores`]).

use std::ops::Range;
use std::str::FromStr;

use ndarray::{Array2, Array3, Array4, ArrayView2, s};
use serde::{Deserialize, Serialize};

use super::attention::{AttentionConfig, HeadColumns, Mask, Position};
use crate::error::{Error, Kind};
use crate::math::Rows;

/// One head of one layer, both counted from 0. Its text form is `L3 H1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeadId {
    pub layer: usize,
    pub head: usize,
}

impl HeadId {
    pub const fn new(layer: usize, head: usize) -> Self {
        Self { layer, head }
    }

    /// Every head of a model of `layers` layers of `heads` heads, from L0 H0 on.
    pub fn all(layers: usize, heads: usize) -> impl Iterator<Item = Self> {
        (0..layers).flat_map(move |layer| (0..heads).map(move |head| Self::new(layer, head)))
    }
}

impl std::fmt::Display for HeadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "L{} H{}", self.layer, self.head)
    }
}

/// Parses `L3H1` or `L3 H1`, in upper or lower case.
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

/// The record of one forward pass over n tokens. In an encoder-decoder model, the encoder's tokens come first. A layer
/// is one block of attention, in the order of [`crate::engine::model_config::Architecture`].
#[derive(Clone, Debug)]
pub struct Trace {
    /// Attention weights [layer, head, query, key]. Each row sums to 1 (Vaswani et al. 2017, eq. 1). NaN for masked
    /// keys, and for queries and keys that have no part in the block.
    pub pattern: Array4<f32>,
    /// Queries, then keys, then values, as scores and z are computed from them: with biases, norms and rotary positions
    /// applied [layer, token, (heads + 2 kv_heads) * d_head].
    pub qkv: Array3<f32>,
    /// Each head's output before the output projection [layer, token, heads * d_head].
    pub z: Array3<f32>,
    /// The last layer's output [output, d_model], after the last norm if there is one.
    pub last_hidden: Array2<f32>,
    /// The tokens of `last_hidden`: all, or the decoder's.
    pub outputs: Range<usize>,
    /// One for each layer.
    pub blocks: Vec<Block>,
}

/// How one layer of the record was computed.
#[derive(Clone, Debug)]
pub struct Block {
    /// With the changes of the run's intervention.
    pub config: AttentionConfig,
    /// The tokens that attend.
    pub queries: Range<usize>,
    /// The tokens that are attended to.
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

    /// One head's attention weights [query, key].
    pub fn head(&self, id: HeadId) -> ArrayView2<'_, f32> {
        self.pattern.slice(s![id.layer, id.head, .., ..])
    }

    /// One head's queries [token, d_head].
    pub(super) fn q(&self, id: HeadId) -> ArrayView2<'_, f32> {
        self.vectors(id, self.columns(id).q)
    }

    /// The keys that one head uses [token, d_head].
    pub(super) fn k(&self, id: HeadId) -> ArrayView2<'_, f32> {
        self.vectors(id, self.columns(id).k)
    }

    /// The values that one head uses [token, d_head].
    pub(super) fn v(&self, id: HeadId) -> ArrayView2<'_, f32> {
        self.vectors(id, self.columns(id).v)
    }

    /// Where a head's queries, keys and values are in `qkv`.
    pub(super) fn columns(&self, id: HeadId) -> HeadColumns {
        self.blocks[id.layer].config.columns(id.head)
    }

    fn vectors(&self, id: HeadId, first: usize) -> ArrayView2<'_, f32> {
        self.qkv.slice(s![id.layer, .., first..first + self.blocks[id.layer].config.d_head])
    }

    /// All heads' queries, keys and values of one layer [token, qkv], as rows without gaps.
    pub(super) fn layer_qkv(&self, layer: usize) -> Rows<'_> {
        let (all, n, stride) = (self.qkv.as_slice().expect("recorded row by row"), self.tokens(), self.qkv.dim().2);
        Rows { data: &all[layer * n * stride..][..n * stride], rows: n, stride }
    }

    /// The bytes of all numbers.
    pub fn bytes(&self) -> usize {
        4 * (self.pattern.len() + self.qkv.len() + self.z.len() + self.last_hidden.len())
    }

    /// Whether queries, keys and values are recorded. They are not in attention that was computed elsewhere.
    pub fn has_vectors(&self) -> bool {
        self.qkv.dim().2 > 0
    }

    /// Whether every block is over all tokens, because there is one stack of layers.
    pub fn is_one_stack(&self) -> bool {
        let all = 0..self.tokens();
        self.blocks.iter().all(|block| block.queries == all && block.keys == all)
    }

    /// A record of attention weights [layer, head, query, key] alone.
    pub(crate) fn from_pattern(pattern: Array4<f32>) -> Self {
        let (layers, heads, n, _) = pattern.dim();
        let config = AttentionConfig {
            heads,
            kv_heads: heads,
            d_head: 0,
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
            blocks: vec![Block { config, queries: 0..n, keys: 0..n }; layers],
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
