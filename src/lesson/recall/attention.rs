//! One head of scaled dot-product attention (Vaswani et al. 2017), in which the last position attends to all positions.

use super::parameter::Parameter;
use crate::lesson::numbers::{dot, softmax};
use crate::math::Random;

pub(crate) struct Attention {
    width: usize,
    query: Parameter,
    key: Parameter,
    value: Parameter,
    output: Parameter,
    /// The query of the last position [batch, width].
    q: Vec<f64>,
    /// The keys of all positions [steps, batch, width].
    k: Vec<f64>,
    v: Vec<f64>,
    /// The weights of the last position [batch, steps]. Rows sum to 1.
    pattern: Vec<f64>,
    /// The weighted sum of the values [batch, width].
    z: Vec<f64>,
}

impl Attention {
    pub fn new(width: usize, random: &mut Random) -> Self {
        let mut square = || Parameter::glorot(width, width, random);
        Self {
            width,
            query: square(),
            key: square(),
            value: square(),
            output: square(),
            q: Vec::new(),
            k: Vec::new(),
            v: Vec::new(),
            pattern: Vec::new(),
            z: Vec::new(),
        }
    }

    pub fn parameters(&mut self) -> Vec<(&'static str, &mut Parameter)> {
        vec![
            ("query", &mut self.query),
            ("key", &mut self.key),
            ("value", &mut self.value),
            ("output", &mut self.output),
        ]
    }

    /// The last position of x [steps, batch, width] plus the output of attention [batch, width].
    pub fn forward(&mut self, x: &[f64], [steps, batch]: [usize; 2]) -> Vec<f64> {
        let (d, size) = (self.width, batch * self.width);
        let last = &x[(steps - 1) * size..];
        let product = |w: &Parameter, x: &[f64]| {
            let mut y = vec![0.0; x.len()];
            w.apply(x, &mut y);
            y
        };
        (self.q, self.k, self.v) = (product(&self.query, last), product(&self.key, x), product(&self.value, x));
        self.pattern = vec![0.0; batch * steps];
        self.z = vec![0.0; size];
        for (row, pattern) in self.pattern.chunks_exact_mut(steps).enumerate() {
            let q = &self.q[row * d..][..d];
            for (t, score) in pattern.iter_mut().enumerate() {
                *score = dot(q, &self.k[t * size + row * d..][..d]) / (d as f64).sqrt();
            }
            softmax(pattern);
            let z = &mut self.z[row * d..][..d];
            for (t, weight) in pattern.iter().enumerate() {
                let v = &self.v[t * size + row * d..][..d];
                z.iter_mut().zip(v).for_each(|(z, v)| *z += weight * v);
            }
        }
        let mut out = last.to_vec();
        self.output.apply(&self.z, &mut out);
        out
    }

    /// The gradient of x, from that of the result of [`Self::forward`].
    pub fn backward(&mut self, x: &[f64], dout: &[f64], [steps, batch]: [usize; 2]) -> Vec<f64> {
        let (d, size) = (self.width, batch * self.width);
        self.output.learn(&self.z, dout);
        let mut dz = vec![0.0; size];
        self.output.back(dout, &mut dz);
        let (mut dq, mut dk, mut dv) = (vec![0.0; size], vec![0.0; x.len()], vec![0.0; x.len()]);
        for (row, pattern) in self.pattern.chunks_exact(steps).enumerate() {
            let of_row = row * d..(row + 1) * d;
            let (q, z, dz) = (&self.q[of_row.clone()], &self.z[of_row.clone()], &dz[of_row.clone()]);
            let mixed = dot(dz, z); // sum of weight times its gradient
            for (t, weight) in pattern.iter().enumerate() {
                let at = t * size + row * d;
                let dscore = weight * (dot(dz, &self.v[at..at + d]) - mixed) / (d as f64).sqrt();
                for j in 0..d {
                    dv[at + j] = weight * dz[j];
                    dk[at + j] = dscore * q[j];
                    dq[row * d + j] += dscore * self.k[at + j];
                }
            }
        }
        let last = x.len() - size;
        self.query.learn(&x[last..], &dq);
        self.key.learn(x, &dk);
        self.value.learn(x, &dv);
        let mut dx = vec![0.0; x.len()];
        dx[last..].copy_from_slice(dout);
        self.query.back(&dq, &mut dx[last..]);
        self.key.back(&dk, &mut dx);
        self.value.back(&dv, &mut dx);
        dx
    }
}
