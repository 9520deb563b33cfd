//! What one head computes for one query, from the recorded numbers.

use ndarray::{Array2, s};

use super::forward::{AttentionRows, scores, softmax_with_temperature};
use super::trace::{Block, HeadId, Trace};
use crate::engine::model::Model;
use crate::math::{Epilogue, PackedB, Rows, matmul};

/// All numbers from one query's vector to the head's output for it, over n keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// The query's vector `[d_head]`.
    pub q: Vec<f32>,
    /// Every key's vector [n, d_head].
    pub k: Array2<f32>,
    /// Every key's value [n, d_head].
    pub v: Array2<f32>,
    /// `q k^T / sqrt(d_head)`, with the model's own scale, cap and bias, `[n]`: before temperature, mask and softmax.
    pub scores: Vec<f32>,
    /// The row of the pattern `[n]`; NaN for masked keys.
    pub weights: Vec<f32>,
    /// The sum of the values times their weights `[d_head]`; zero in a head that is switched off.
    pub z: Vec<f32>,
}

impl Inside {
    /// The weights `[n]` that the scores of this row give at another temperature; NaN where the run's are. At the run's
    /// own temperature they are the run's.
    ///
    /// Panics for a row in which all keys are masked.
    pub fn softened(&self, temperature: f32) -> Vec<f32> {
        let available = |key: &usize| !self.weights[*key].is_nan();
        let keys: Vec<usize> = (0..self.weights.len()).filter(available).collect();
        let mut row: Vec<f32> = keys.iter().map(|&key| self.scores[key]).collect();
        softmax_with_temperature(&mut row, temperature);
        let mut at_temperature = vec![f32::NAN; self.weights.len()];
        keys.into_iter().zip(row).for_each(|(key, weight)| at_temperature[key] = weight);
        at_temperature
    }

    /// The length of every key's value `[n]`.
    pub fn lengths(&self) -> Vec<f32> {
        self.v.outer_iter().map(|v| v.iter().map(|x| x * x).sum::<f32>().sqrt()).collect()
    }
}

impl Trace {
    /// What one head computed for one query.
    ///
    /// Panics for a head or a token that the run does not have.
    pub fn inside(&self, id: HeadId, query: usize) -> Inside {
        let first = self.columns(id).q;
        Inside {
            q: self.q(id).row(query).to_vec(),
            k: self.k(id).to_owned(),
            v: self.v(id).to_owned(),
            scores: self.score_rows(id, query, 1),
            weights: self.head(id).row(query).to_vec(),
            z: self.z.slice(s![id.layer, query, first..first + self.blocks[id.layer].config.d_head]).to_vec(),
        }
    }

    /// One head's scores [query, key], before temperature, mask and softmax. They are computed from the recorded
    /// queries and keys by the forward pass's own product, so they have the bits that the run had. NaN for queries and
    /// keys that have no part in the block.
    ///
    /// Panics for a head that the run does not have.
    pub fn scores(&self, id: HeadId) -> Array2<f32> {
        let n = self.tokens();
        Array2::from_shape_vec((n, n), self.score_rows(id, 0, n)).expect("a row for every token")
    }

    /// The scores of `rows` queries from `first` on [rows, n].
    fn score_rows(&self, id: HeadId, first: usize, rows: usize) -> Vec<f32> {
        let Block { config, queries, keys } = &self.blocks[id.layer];
        let n = self.tokens();
        let Rows { data: qkv, stride, .. } = self.layer_qkv(id.layer);
        let columns = config.columns(id.head);
        let mut out = vec![f32::NAN; rows * n];
        let asked = first.max(queries.start)..(first + rows).min(queries.end);
        if !asked.is_empty() {
            let mut k = PackedB::default();
            k.pack_transposed(&qkv[keys.start * stride + columns.k..], stride, keys.len(), config.d_head, config.scale);
            let q = Rows { data: &qkv[asked.start * stride + columns.q..], rows: asked.len(), stride };
            let mut rows = AttentionRows {
                numbers: &mut out[(asked.start - first) * n + keys.start..],
                stride: n,
                queries: asked.start - queries.start..asked.end - queries.start,
                keys: keys.len(),
            };
            scores(config, id.head, q, &k, &mut rows);
        }
        out
    }
}

impl Model {
    /// `|v W_O|` of every key `[n]` in one head of a run of this model: the length of what the key's value adds to the
    /// output at weight
    /// 1. Times the weight it is the value-weighted norm (Kobayashi et al. 2020, <https://arxiv.org/abs/2004.10102>,
    ///    eq. 4). It does not depend on whether the head was switched off in the run.
    ///
    /// Panics for a head that the run does not have, and for a run of a model of another size.
    pub fn value_norms(&self, trace: &Trace, id: HeadId) -> Vec<f32> {
        let (n, d_model, d_head) = (trace.tokens(), self.config.d_model, self.config.d_head);
        let columns = trace.columns(id);
        let qkv = trace.layer_qkv(id.layer);
        let v = Rows { data: &qkv.data[columns.v..], ..qkv };
        // The head's rows of W_O [d_head, d_model].
        let w_o = self.weights.block(id.layer).output.weights.depth_part(columns.q..columns.q + d_head);
        let mut out = vec![0.0; n * d_model];
        matmul(v, &w_o, &mut out, d_model, Epilogue::None);
        out.chunks_exact(d_model).map(|row| row.iter().map(|x| x * x).sum::<f32>().sqrt()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn inside() -> Inside {
        Inside {
            q: vec![1.0, 2.0],
            k: Array2::zeros((3, 2)),
            v: array![[3.0, 4.0], [0.0, 0.0], [0.0, 1.0]],
            scores: vec![4f32.ln(), 0.0, 9.0],
            weights: vec![0.8, 0.2, f32::NAN],
            z: vec![0.0, 0.0],
        }
    }

    #[test]
    fn the_temperature_changes_the_keys_that_are_not_masked() {
        let at = |temperature| inside().softened(temperature);
        // e^(ln 4) = 4, e^(ln 4 / 2) = 2, e^(2 ln 4) = 16, each beside e^0 = 1.
        for (temperature, strongest) in [(1.0, 0.8), (2.0, 2.0 / 3.0), (0.5, 16.0 / 17.0)] {
            let row = at(temperature);
            assert!((row[0] - strongest).abs() < 1e-6 && (row[1] - (1.0 - strongest)).abs() < 1e-6, "{row:?}");
            assert!(row[2].is_nan());
        }
    }

    #[test]
    fn lengths_are_of_the_values() {
        assert_eq!(inside().lengths(), [5.0, 0.0, 1.0]);
    }
}
