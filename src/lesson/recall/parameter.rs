//! A parameter: its numbers, their gradient, and Adam's running means.

use crate::lesson::numbers::{self, dot};
use crate::math::Random;

/// Numbers [inputs, outputs], row-major. A bias has a single input, which is always 1.
///
/// Numbers are f64, so that gradients can be compared with finite differences. The models are small enough for it.
pub(crate) struct Parameter {
    outputs: usize,
    pub value: Vec<f64>,
    pub gradient: Vec<f64>,
    /// The running means of the gradient and of its square.
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl Parameter {
    fn new(outputs: usize, value: Vec<f64>) -> Self {
        let zeros = vec![0.0; value.len()];
        Self { outputs, value, gradient: zeros.clone(), mean: zeros.clone(), square: zeros }
    }

    /// The same number everywhere.
    pub fn constant(inputs: usize, outputs: usize, number: f64) -> Self {
        Self::new(outputs, vec![number; inputs * outputs])
    }

    /// Normal with mean 0 and variance 1, the common initial values of embeddings.
    pub fn normal(inputs: usize, outputs: usize, random: &mut Random) -> Self {
        Self::new(outputs, (0..inputs * outputs).map(|_| random.normal()).collect())
    }

    /// Uniform, with the bound of Glorot & Bengio 2010.
    pub fn glorot(inputs: usize, outputs: usize, random: &mut Random) -> Self {
        Self::beside(inputs, outputs, 1, random)
    }

    /// Several such tensors of the same inputs, side by side: [inputs, blocks * outputs].
    pub fn beside(inputs: usize, outputs: usize, blocks: usize, random: &mut Random) -> Self {
        let bound = numbers::glorot(inputs, outputs);
        Self::new(blocks * outputs, (0..inputs * blocks * outputs).map(|_| random.within(bound)).collect())
    }

    /// Orthogonal square matrices side by side [width, blocks * width], which keep the norm of a state
    /// (Saxe et al. 2013, <https://arxiv.org/abs/1312.6120>).
    pub fn orthogonal(width: usize, blocks: usize, random: &mut Random) -> Self {
        let mut value = vec![0.0; width * blocks * width];
        for block in 0..blocks {
            for (row, numbers) in orthogonal(width, random).chunks_exact(width).enumerate() {
                let start = (row * blocks + block) * width;
                value[start..start + width].copy_from_slice(numbers);
            }
        }
        Self::new(blocks * width, value)
    }

    /// y [n, outputs] += x [n, inputs] W.
    pub fn apply(&self, x: &[f64], y: &mut [f64]) {
        add_product(x, &self.value, y, self.outputs);
    }

    /// Adds to the gradient of W, from x and the gradient dy of x W: += x^T dy.
    pub fn learn(&mut self, x: &[f64], dy: &[f64]) {
        let inputs = self.value.len() / self.outputs;
        add_product(&transposed(x, inputs), dy, &mut self.gradient, self.outputs);
    }

    /// Adds to the gradient of x: dx [n, inputs] += dy [n, outputs] W^T.
    pub fn back(&self, dy: &[f64], dx: &mut [f64]) {
        let inputs = self.value.len() / self.outputs;
        add_product(dy, &transposed(&self.value, self.outputs), dx, inputs);
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.value[row * self.outputs..][..self.outputs]
    }

    pub fn gradient_row(&mut self, row: usize) -> &mut [f64] {
        &mut self.gradient[row * self.outputs..][..self.outputs]
    }

    /// One step of Adam (Kingma & Ba 2014, <https://arxiv.org/abs/1412.6980>, algorithm 1) along the gradient times
    /// `scale`, which is then forgotten. `step` counts from 1.
    pub fn adam(&mut self, rate: f64, scale: f64, step: usize) {
        const MEAN: f64 = 0.9;
        const SQUARE: f64 = 0.999;
        let step = step as i32;
        let rate = rate * (1.0 - SQUARE.powi(step)).sqrt() / (1.0 - MEAN.powi(step));
        for (i, gradient) in self.gradient.iter_mut().enumerate() {
            let g = *gradient * scale;
            self.mean[i] = MEAN * self.mean[i] + (1.0 - MEAN) * g;
            self.square[i] = SQUARE * self.square[i] + (1.0 - SQUARE) * g * g;
            self.value[i] -= rate * self.mean[i] / (self.square[i].sqrt() + 1e-8);
            *gradient = 0.0;
        }
    }
}

/// y [n, outputs] += x [n, inputs] w [inputs, outputs], four inputs at a time, so that y is loaded and stored less
/// often.
fn add_product(x: &[f64], w: &[f64], y: &mut [f64], outputs: usize) {
    let inputs = w.len() / outputs;
    for (x, y) in x.chunks_exact(inputs).zip(y.chunks_exact_mut(outputs)) {
        let (fours, rest) = x.as_chunks::<4>();
        let (w_fours, w_rest) = w.split_at(fours.len() * 4 * outputs);
        for (&[x0, x1, x2, x3], w) in fours.iter().zip(w_fours.chunks_exact(4 * outputs)) {
            let (w0, w) = w.split_at(outputs);
            let (w1, w) = w.split_at(outputs);
            let (w2, w3) = w.split_at(outputs);
            for ((((y, w0), w1), w2), w3) in y.iter_mut().zip(w0).zip(w1).zip(w2).zip(w3) {
                *y += x0 * w0 + x1 * w1 + x2 * w2 + x3 * w3;
            }
        }
        for (x, w) in rest.iter().zip(w_rest.chunks_exact(outputs)) {
            y.iter_mut().zip(w).for_each(|(y, w)| *y += x * w);
        }
    }
}

/// The transposed matrix [width, n] of [n, width].
fn transposed(matrix: &[f64], width: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(matrix.len());
    (0..width).for_each(|column| out.extend(matrix[column..].iter().step_by(width)));
    out
}

/// Gram-Schmidt over the rows of a normal matrix [width, width].
fn orthogonal(width: usize, random: &mut Random) -> Vec<f64> {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    while rows.len() < width {
        let mut row: Vec<f64> = (0..width).map(|_| random.normal()).collect();
        // Twice, because rounding errors of the first pass are large for rows that are nearly parallel.
        for earlier in rows.iter().chain(&rows) {
            let along = dot(&row, earlier);
            row.iter_mut().zip(earlier).for_each(|(x, e)| *x -= along * e);
        }
        let length = dot(&row, &row).sqrt();
        row.iter_mut().for_each(|x| *x /= length);
        rows.push(row);
    }
    rows.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_by_hand() {
        // Five inputs: one group of four and one over.
        let mut w = Parameter::new(2, (1..=10).map(f64::from).collect());
        let x = [1.0, 0.0, -1.0, 2.0, 1.0];
        let mut y = [0.5, 0.0];
        w.apply(&x, &mut y);
        assert_eq!(y, [1.0 - 5.0 + 14.0 + 9.0 + 0.5, 2.0 - 6.0 + 16.0 + 10.0]);
        let mut dx = [0.0; 5];
        w.back(&[1.0, -1.0], &mut dx);
        assert_eq!(dx, [-1.0; 5]);
        w.learn(&x, &[3.0, 1.0]);
        assert_eq!(w.gradient, [3.0, 1.0, 0.0, 0.0, -3.0, -1.0, 6.0, 2.0, 3.0, 1.0]);
    }

    #[test]
    fn orthogonal_rows_are_orthonormal() {
        let w = orthogonal(9, &mut Random::new(3));
        for (i, a) in w.chunks(9).enumerate() {
            for (j, b) in w.chunks(9).enumerate() {
                assert!((dot(a, b) - if i == j { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
    }

    /// The first step of Adam has the length of the rate, whatever the gradient's.
    #[test]
    fn the_first_step_of_adam() {
        let mut w = Parameter::constant(1, 2, 1.0);
        w.gradient = vec![0.3, -40.0];
        w.adam(0.1, 0.5, 1);
        assert!((w.value[0] - 0.9).abs() < 1e-6 && (w.value[1] - 1.1).abs() < 1e-6);
        assert_eq!(w.gradient, [0.0, 0.0]);
    }
}
