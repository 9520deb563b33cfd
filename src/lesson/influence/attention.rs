//! Models whose last position attends to all tokens: one step from each.

use super::Output;
use super::matrix::{add_outer, add_scaled, apply, apply_left, glorot, product, scale_rows};
use crate::lesson::numbers::{dot, softmax};
use crate::math::Random;

/// The softmax-weighted mean of `rows` [n, width].
struct Mix {
    /// [n]; they sum to 1.
    weights: Vec<f64>,
    mean: Vec<f64>,
}

impl Mix {
    /// The mean, weighted by the softmax of the score of each row.
    fn new(mut scores: Vec<f64>, rows: &[&[f64]]) -> Self {
        softmax(&mut scores);
        let weights = scores;
        let mut mean = vec![0.0; rows[0].len()];
        weights.iter().zip(rows).for_each(|(weight, row)| add_scaled(&mut mean, *weight, row));
        Self { weights, mean }
    }

    /// The derivative of the mean by the score of one row: `weight (row - mean)`.
    fn by_score(&self, at: usize, row: &[f64]) -> Vec<f64> {
        row.iter().zip(&self.mean).map(|(row, mean)| self.weights[at] * (row - mean)).collect()
    }
}

/// Global attention with the "general" score over the states of the plain RNN (Luong et al. 2015,
/// <https://arxiv.org/abs/1508.04025>, section 3.1): `score_j = h_n W_a h_j`, context `c = sum a_j h_j`, output
/// `tanh(W_c [c; h_n])`. In the paper the query is a state of the decoder; here it is the last state.
pub(super) struct AttentiveRnn {
    score: Vec<f64>,
    /// W_c, in its two halves [width, width].
    of_context: Vec<f64>,
    of_state: Vec<f64>,
}

impl AttentiveRnn {
    pub fn new(width: usize, random: &mut Random) -> Self {
        let score = glorot(width, width, random);
        let both = glorot(width, 2 * width, random);
        let half = |which: usize| both.chunks_exact(width).skip(which).step_by(2).flatten().copied().collect();
        Self { score, of_context: half(0), of_state: half(1) }
    }

    pub fn outputs(&self, states: &[Output], lengths: &[usize]) -> Vec<Output> {
        lengths.iter().map(|&n| self.output(&states[..n])).collect()
    }

    fn output(&self, states: &[Output]) -> Output {
        let last = &states[states.len() - 1];
        let d = last.y.len();
        let rows: Vec<&[f64]> = states.iter().map(|state| &state.y[..]).collect();
        // The derivative by a state: `d score_j = asked dh_j + key_j dh_n`.
        let asked = apply_left(&last.y, &self.score);
        let scores: Vec<f64> = rows.iter().map(|h| dot(&asked, h)).collect();
        let mix = Mix::new(scores, &rows);

        // `dc = sum_j a_j dh_j + (a_j (h_j - c)) d score_j`
        let mut by_query = vec![0.0; d * d];
        let (mut context_by_first, mut context_by_last) = (vec![0.0; d * d], vec![0.0; d * d]);
        for (j, state) in states.iter().enumerate() {
            let moved = mix.by_score(j, &state.y);
            add_outer(&mut by_query, &moved, &apply(&self.score, &state.y));
            add_scaled(&mut context_by_first, mix.weights[j], &state.by_first);
            add_outer(&mut context_by_first, &moved, &apply_left(&asked, &state.by_first));
            if j + 1 == states.len() {
                add_scaled(&mut context_by_last, mix.weights[j], &state.by_last);
                add_outer(&mut context_by_last, &moved, &apply_left(&asked, &state.by_last));
            }
        }
        add_scaled(&mut context_by_first, 1.0, &product(&by_query, &last.by_first, d));
        add_scaled(&mut context_by_last, 1.0, &product(&by_query, &last.by_last, d));

        let mut y = apply(&self.of_context, &mix.mean);
        add_scaled(&mut y, 1.0, &apply(&self.of_state, &last.y));
        y.iter_mut().for_each(|y| *y = y.tanh());
        let slopes: Vec<f64> = y.iter().map(|y| 1.0 - y * y).collect();
        let through = |context: &[f64], state: &[f64]| {
            let mut by = product(&self.of_context, context, d);
            add_scaled(&mut by, 1.0, &product(&self.of_state, state, d));
            scale_rows(&mut by, &slopes);
            by
        };
        let by_first = through(&context_by_first, &last.by_first);
        let by_last = through(&context_by_last, &last.by_last);
        Output { y, by_first, by_last }
    }
}

/// `q = W_q x_n`, `k_j = W_k x_j`, `v_j = W_v x_j`, `score_j = q k_j / sqrt(width)`, output `sum a_j v_j`.
pub(super) struct SelfAttention {
    width: usize,
    query: Vec<f64>,
    key: Vec<f64>,
    value: Vec<f64>,
}

impl SelfAttention {
    pub fn new(width: usize, random: &mut Random) -> Self {
        let mut square = || glorot(width, width, random);
        Self { width, query: square(), key: square(), value: square() }
    }

    pub fn outputs(&self, x: &[f64], lengths: &[usize]) -> Vec<Output> {
        let of_all = |w: &[f64]| x.chunks_exact(self.width).flat_map(|x| apply(w, x)).collect::<Vec<f64>>();
        let (q, k, v) = (of_all(&self.query), of_all(&self.key), of_all(&self.value));
        lengths.iter().map(|&n| self.output(n, &q[(n - 1) * self.width..][..self.width], &k, &v)).collect()
    }

    /// The output for the first n keys and values.
    fn output(&self, n: usize, q: &[f64], k: &[f64], v: &[f64]) -> Output {
        let d = self.width;
        let keys: Vec<&[f64]> = k.chunks_exact(d).take(n).collect();
        let values: Vec<&[f64]> = v.chunks_exact(d).take(n).collect();
        let q: Vec<f64> = q.iter().map(|q| q / (d as f64).sqrt()).collect();
        let scores: Vec<f64> = keys.iter().map(|k| dot(&q, k)).collect();
        let mix = Mix::new(scores, &values);

        // The derivative by `x_j` as key and value: `a_j W_v + (a_j (v_j - y)) (q W_k)`.
        let asked = apply_left(&q, &self.key);
        let as_key = |j: usize| {
            let mut by: Vec<f64> = self.value.iter().map(|w| mix.weights[j] * w).collect();
            add_outer(&mut by, &mix.by_score(j, values[j]), &asked);
            by
        };
        // The derivative by `x_n` as query: `sum_j (a_j (v_j - y)) (k_j W_q)`.
        let mut by_q = vec![0.0; d * d];
        keys.iter().zip(&values).enumerate().for_each(|(j, (k, v))| add_outer(&mut by_q, &mix.by_score(j, v), k));
        by_q.iter_mut().for_each(|x| *x /= (d as f64).sqrt());
        let mut by_last = as_key(n - 1);
        add_scaled(&mut by_last, 1.0, &product(&by_q, &self.query, d));
        Output { y: mix.mean.clone(), by_first: as_key(0), by_last }
    }
}
