//! What one head did with one token, from the numbers it was computed with.

use ndarray::{Array2, s};

use super::hooks::soften;
use super::model::Model;
use super::trace::{Block, HeadId, Trace};
use crate::math::{Epilogue, PackedB, Rows, matmul};

/// Everything between one query's vector and its output, in one head of d numbers over n keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// The query's vector `[d]`.
    pub q: Vec<f32>,
    /// Every key's vector [n, d].
    pub k: Array2<f32>,
    /// Every key's value [n, d].
    pub v: Array2<f32>,
    /// `q k^T / sqrt(d)`, or what the model makes of it, `[n]`: before temperature, mask and softmax.
    pub scores: Vec<f32>,
    /// The row of the pattern `[n]`; NaN where the mask left nothing to read.
    pub weights: Vec<f32>,
    /// The values mixed by the weights `[d]`; zero in a head that is switched off.
    pub z: Vec<f32>,
}

impl Inside {
    /// The weights `[n]` that these scores give at another temperature, this row alone; NaN where the run's are. At the
    /// run's own temperature they are the run's. Panics for a row in which nothing can be read.
    pub fn softened(&self, temperature: f32) -> Vec<f32> {
        let readable = |key: &usize| !self.weights[*key].is_nan();
        let keys: Vec<usize> = (0..self.weights.len()).filter(readable).collect();
        let mut row: Vec<f32> = keys.iter().map(|&key| self.scores[key]).collect();
        soften(&mut row, temperature);
        let mut softened = vec![f32::NAN; self.weights.len()];
        keys.into_iter().zip(row).for_each(|(key, weight)| softened[key] = weight);
        softened
    }

    /// Length of every key's value `[n]`.
    pub fn lengths(&self) -> Vec<f32> {
        self.v.outer_iter().map(|v| v.iter().map(|x| x * x).sum::<f32>().sqrt()).collect()
    }
}

impl Trace {
    /// The row of `query` in one head. Panics for a head or token that the run does not have.
    pub fn inside(&self, id: HeadId, query: usize) -> Inside {
        let own = self.blocks[id.layer].rules.columns(id.head)[0];
        Inside {
            q: self.third(0, id).row(query).to_vec(),
            k: self.third(1, id).to_owned(),
            v: self.third(2, id).to_owned(),
            scores: self.score_rows(id, query, 1),
            weights: self.head(id).row(query).to_vec(),
            z: self.z.slice(s![id.layer, query, own..own + self.blocks[id.layer].rules.head_width]).to_vec(),
        }
    }

    /// One head's scores [query, key], before temperature, mask and softmax: computed from the recorded queries and
    /// keys by the forward pass's own product, and so the very numbers that it had; NaN where the query or the key has
    /// no part in the block. Panics for a head that the run does not have.
    pub fn scores(&self, id: HeadId) -> Array2<f32> {
        let n = self.tokens();
        Array2::from_shape_vec((n, n), self.score_rows(id, 0, n)).expect("a row for every token")
    }

    /// Scores of `rows` queries from `first` on [rows, n].
    fn score_rows(&self, id: HeadId, first: usize, rows: usize) -> Vec<f32> {
        let Block { rules, queries, keys } = &self.blocks[id.layer];
        let n = self.tokens();
        let (qkv, stride) = self.layer_qkv(id.layer);
        let [q, k, _] = rules.columns(id.head);
        let mut out = vec![f32::NAN; rows * n];
        let asked = first.max(queries.start)..(first + rows).min(queries.end);
        if !asked.is_empty() {
            let place = &mut out[(asked.start - first) * n + keys.start..];
            let q = Rows { data: &qkv[asked.start * stride + q..], rows: asked.len(), stride };
            let mut packed = PackedB::default();
            rules.pack_keys(&qkv[keys.start * stride + k..], stride, keys.len(), &mut packed);
            rules.scores(id.head, (q, asked.start - queries.start), &packed, (place, n));
        }
        out
    }
}

impl Model {
    /// `|v W_O|` of every key `[n]` in one head of a run of this model: the length of what a key would add to its
    /// reader with weight 1, so that weight times it is the value-weighted norm (Kobayashi et al. 2020,
    /// <https://arxiv.org/abs/2004.10102>, eq. 4). Of the head as it is, were it switched off in the run or not.
    /// Panics for a head that the run does not have and for a run of another width.
    pub fn value_norms(&self, trace: &Trace, id: HeadId) -> Vec<f32> {
        let (n, width, d) = (trace.tokens(), self.spec.width, self.spec.head_width);
        let rules = &trace.blocks[id.layer].rules;
        let [own, _, v] = rules.columns(id.head);
        let (qkv, stride) = trace.layer_qkv(id.layer);
        let v = Rows { data: &qkv[v..], rows: n, stride };
        let output = self.weights.block(id.layer).output.weights.depth_part(own..own + d); // [d, w]
        let mut mixed = vec![0.0; n * width]; // [n, w]
        matmul(v, &output, &mut mixed, width, Epilogue::None);
        mixed.chunks_exact(width).map(|row| row.iter().map(|x| x * x).sum::<f32>().sqrt()).collect()
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
    fn a_row_is_softened_over_the_keys_that_can_be_read() {
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
