//! The record of a pass under way. It grows block by block, so that a short run does not touch memory that it does not
//! need yet.

use std::ops::Range;

use ndarray::{Array2, Array3, Array4, ArrayView4};

use super::forward::AttentionRows;
use super::trace::{Block, HeadId, Trace};
use crate::engine::model_config::{Architecture, ModelConfig};

/// What a pass has recorded so far, for n tokens.
pub struct Record<'a> {
    pub config: &'a ModelConfig,
    pub n: usize,
    pub pattern: PatternRecord,
    pub vectors: VectorRecord,
    /// The last hidden states of the tokens copied from an earlier run; at the end, of all outputs [outputs, d_model].
    pub last_hidden: Vec<f32>,
    /// None for blocks that are not computed yet.
    pub blocks: Vec<Option<Block>>,
}

/// Attention weights [block, head, query, key].
pub struct PatternRecord {
    pub numbers: Vec<f32>,
    n: usize,
    heads: usize,
    /// What a cell holds that no block writes.
    unset: f32,
}

/// One head's weights [query, key] within a [`PatternRecord`].
pub struct HeadRecord<'a> {
    numbers: &'a mut [f32],
    n: usize,
}

/// Queries, keys and values [block, token, qkv], and the heads' outputs [block, token, z].
pub struct VectorRecord {
    pub qkv: Vec<f32>,
    pub z: Vec<f32>,
    n: usize,
    qkv_width: usize,
    z_width: usize,
}

/// One block's part of a [`VectorRecord`].
pub struct BlockVectors<'a> {
    /// [token, q then k then v].
    pub qkv: &'a mut [f32],
    /// Numbers from one token's q, k and v to the next token's.
    pub qkv_stride: usize,
    /// [token, heads * d_head].
    pub z: &'a mut [f32],
    /// Numbers from one token's z to the next token's.
    pub z_stride: usize,
}

impl<'a> Record<'a> {
    /// An empty record with capacity for all blocks.
    pub fn new(config: &'a ModelConfig, n: usize) -> Self {
        // In a model of two stacks, a block is about some tokens only, and the cells of the others are not available.
        let unset = if matches!(config.architecture, Architecture::EncoderDecoder { .. }) { f32::NAN } else { 0.0 };
        let &ModelConfig { layers, heads, .. } = config;
        let (qkv_width, z_width) = (config.qkv(), config.all_heads());
        let (qkv, z) = (Vec::with_capacity(layers * n * qkv_width), Vec::with_capacity(layers * n * z_width));
        Self {
            config,
            n,
            pattern: PatternRecord { numbers: Vec::with_capacity(layers * heads * n * n), n, heads, unset },
            vectors: VectorRecord { qkv, z, n, qkv_width, z_width },
            last_hidden: Vec::new(),
            blocks: vec![None; layers],
        }
    }

    /// Makes the record as long as all blocks need.
    pub fn lengthen(&mut self) {
        let &ModelConfig { layers, heads, .. } = self.config;
        self.pattern.lengthen(layers * heads);
        self.vectors.lengthen(layers);
    }

    /// The whole record, in which `last_hidden` is of the tokens `outputs`.
    ///
    /// Panics when a block was not computed.
    pub fn into_trace(mut self, outputs: Range<usize>) -> Trace {
        self.lengthen();
        let Self { config, n, pattern, vectors, last_hidden, blocks } = self;
        let &ModelConfig { layers, heads, d_model, .. } = config;
        let VectorRecord { qkv, z, qkv_width, z_width, .. } = vectors;
        const SHAPE: &str = "allocated in this shape";
        Trace {
            pattern: Array4::from_shape_vec((layers, heads, n, n), pattern.numbers).expect(SHAPE),
            qkv: Array3::from_shape_vec((layers, n, qkv_width), qkv).expect(SHAPE),
            z: Array3::from_shape_vec((layers, n, z_width), z).expect(SHAPE),
            last_hidden: Array2::from_shape_vec((outputs.len(), d_model), last_hidden).expect(SHAPE),
            outputs,
            blocks: blocks.into_iter().map(|block| block.expect("every block was computed")).collect(),
        }
    }
}

impl PatternRecord {
    /// The weights of a head, which are set to `unset` if the record did not reach there yet.
    pub fn head(&mut self, id: HeadId) -> HeadRecord<'_> {
        let (n, index) = (self.n, id.layer * self.heads + id.head);
        self.lengthen(index + 1);
        HeadRecord { numbers: &mut self.numbers[index * n * n..][..n * n], n }
    }

    /// Makes the record as long as this many heads of all blocks need. It never becomes shorter.
    fn lengthen(&mut self, heads: usize) {
        lengthen(&mut self.numbers, heads * self.n * self.n, self.unset);
    }

    /// All weights so far [block, head, query, key], of whole blocks.
    pub fn view(&self) -> ArrayView4<'_, f32> {
        let (n, heads) = (self.n, self.heads);
        ArrayView4::from_shape((self.numbers.len() / (heads * n * n), heads, n, n), &self.numbers)
            .expect("a record of whole blocks")
    }
}

impl HeadRecord<'_> {
    /// Copies rows of weights: those of the queries from token `first` on, over the tokens `keys`.
    pub fn write(&mut self, first: usize, keys: &Range<usize>, rows: &AttentionRows<'_>) {
        let record = self.numbers[first * self.n..].chunks_exact_mut(self.n);
        for (record, weights) in record.zip(rows.numbers.chunks_exact(rows.stride).take(rows.queries.len())) {
            record[keys.clone()].copy_from_slice(&weights[..keys.len()]);
        }
    }
}

impl VectorRecord {
    /// The vectors of a block, which are set to 0 if the record did not reach there yet.
    pub fn block(&mut self, index: usize) -> BlockVectors<'_> {
        self.lengthen(index + 1);
        let (qkv_stride, z_stride) = (self.qkv_width, self.z_width);
        BlockVectors {
            qkv: &mut self.qkv[index * self.n * qkv_stride..][..self.n * qkv_stride],
            qkv_stride,
            z: &mut self.z[index * self.n * z_stride..][..self.n * z_stride],
            z_stride,
        }
    }

    /// Makes the record as long as this many blocks need. It never becomes shorter.
    fn lengthen(&mut self, blocks: usize) {
        lengthen(&mut self.qkv, blocks * self.n * self.qkv_width, 0.0);
        lengthen(&mut self.z, blocks * self.n * self.z_width, 0.0);
    }
}

fn lengthen(numbers: &mut Vec<f32>, length: usize, with: f32) {
    numbers.resize(numbers.len().max(length), with);
}
