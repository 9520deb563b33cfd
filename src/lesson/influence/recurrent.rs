//! Recurrent networks. Their derivatives are computed together with the states (forward mode), so that one pass over
//! the longest sequence is enough for all shorter ones.

use super::Output;
use super::matrix::{add_scaled, apply, glorot, product, scale_rows};
use crate::lesson::numbers::sigmoid;
use crate::math::Random;

/// `h_t = tanh(W x_t + U h_(t-1))` from `h_0 = 0`. Its output is its state.
pub(super) struct Rnn {
    width: usize,
    input: Vec<f64>,
    recurrent: Vec<f64>,
}

impl Rnn {
    pub fn new(width: usize, random: &mut Random) -> Self {
        Self { width, input: glorot(width, width, random), recurrent: glorot(width, width, random) }
    }

    /// The state after each token of x [n, width].
    pub fn states(&self, x: &[f64]) -> Vec<Output> {
        let mut states: Vec<Output> = Vec::new();
        for x in x.chunks_exact(self.width) {
            let mut y = apply(&self.input, x);
            // `dh_t = diag(1 - h_t^2) (W dx_t + U dh_(t-1))`
            let (mut by_first, mut by_last) = (self.input.clone(), self.input.clone());
            if let Some(before) = states.last() {
                add_scaled(&mut y, 1.0, &apply(&self.recurrent, &before.y));
                by_first = product(&self.recurrent, &before.by_first, self.width);
            }
            y.iter_mut().for_each(|h| *h = h.tanh());
            let slopes: Vec<f64> = y.iter().map(|h| 1.0 - h * h).collect();
            scale_rows(&mut by_first, &slopes);
            scale_rows(&mut by_last, &slopes);
            states.push(Output { y, by_first, by_last });
        }
        states
    }
}

/// `c_t = f c_(t-1) + i g`, `h_t = o tanh(c_t)` from zeros. Its output is its state h.
pub(super) struct Lstm {
    width: usize,
    /// The rows of the input gate i, the forget gate f, the cell input g and the output gate o [4 * width, width].
    input: Vec<f64>,
    recurrent: Vec<f64>,
}

/// The bias of the forget gate, so that cells keep their content at first (Jozefowicz et al. 2015,
/// <https://proceedings.mlr.press/v37/jozefowicz15.html>).
const FORGET_BIAS: f64 = 1.0;

impl Lstm {
    pub fn new(width: usize, random: &mut Random) -> Self {
        let mut gates = || (0..4).flat_map(|_| glorot(width, width, random)).collect();
        Self { width, input: gates(), recurrent: gates() }
    }

    /// The state after each token of x [n, width].
    pub fn states(&self, x: &[f64]) -> Vec<Output> {
        let d = self.width;
        let mut states: Vec<Output> = Vec::new();
        let (mut c, mut dc) = (vec![0.0; d], vec![0.0; d * d]);
        for x in x.chunks_exact(d) {
            let mut gates = apply(&self.input, x);
            let mut dgates = self.input.clone();
            if let Some(before) = states.last() {
                add_scaled(&mut gates, 1.0, &apply(&self.recurrent, &before.y));
                dgates = product(&self.recurrent, &before.by_first, d);
            }
            gates[d..2 * d].iter_mut().for_each(|gate| *gate += FORGET_BIAS);
            for (row, gate) in gates.iter_mut().enumerate() {
                *gate = if row / d == 2 { gate.tanh() } else { sigmoid(*gate) };
            }
            let step = Step { gates: &gates, before: &c, after: &cells(&gates, &c) };
            let (by_first, dc_first) = step.derivatives(dgates, dc);
            let (by_last, _) = step.derivatives(self.input.clone(), vec![0.0; d * d]);
            let y = step.after.iter().zip(&gates[3 * d..]).map(|(c, o)| o * c.tanh()).collect();
            states.push(Output { y, by_first, by_last });
            (c, dc) = (step.after.to_vec(), dc_first);
        }
        states
    }
}

fn cells(gates: &[f64], before: &[f64]) -> Vec<f64> {
    let d = before.len();
    (0..d).map(|j| gates[d + j] * before[j] + gates[j] * gates[2 * d + j]).collect()
}

/// The values of an LSTM at one token.
struct Step<'a> {
    /// The gates after sigmoid or tanh [4 * width].
    gates: &'a [f64],
    /// Cells [width].
    before: &'a [f64],
    after: &'a [f64],
}

impl Step<'_> {
    /// The derivatives of the state and of the cells after the token, from those of the gates before sigmoid or tanh
    /// [4 * width, width] and of the cells before the token [width, width].
    fn derivatives(&self, mut dgates: Vec<f64>, mut dc: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
        let d = self.before.len();
        let slope = |(row, gate)| if row / d == 2 { 1.0 - gate * gate } else { gate * (1.0 - gate) };
        let slopes: Vec<f64> = self.gates.iter().enumerate().map(slope).collect();
        scale_rows(&mut dgates, &slopes);
        let (di, rest) = dgates.split_at(d * d);
        let (df, rest) = rest.split_at(d * d);
        let (dg, d_o) = rest.split_at(d * d);
        let mut dh = vec![0.0; d * d];
        for j in 0..d {
            let [i, f, g, o] = [0, 1, 2, 3].map(|gate| self.gates[gate * d + j]);
            let read = self.after[j].tanh();
            for at in j * d..(j + 1) * d {
                dc[at] = f * dc[at] + self.before[j] * df[at] + g * di[at] + i * dg[at];
                dh[at] = o * (1.0 - read * read) * dc[at] + read * d_o[at];
            }
        }
        (dh, dc)
    }
}
