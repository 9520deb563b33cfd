//! What one forward pass did, recorded as it was computed.

use ndarray::{Array2, Array3, Array4, ArrayView2, s};
use serde::{Deserialize, Serialize};

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

/// The record of one forward pass over n tokens.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Attention weights [layer, head, query, key]; each row sums to 1 (Vaswani et al. 2017, eq. 1).
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
}
