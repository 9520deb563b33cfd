//! A plain recurrent network (Elman 1990), whose only memory is one vector.

use super::parameter::Parameter;
use super::recurrence::Recurrence;
use crate::math::Random;

pub(crate) struct Rnn {
    width: usize,
    sums: Recurrence,
    /// [steps + 1, batch, width], the first of them 0.
    states: Vec<f64>,
}

impl Rnn {
    pub fn new(inputs: usize, width: usize, random: &mut Random) -> Self {
        Self {
            width,
            sums: Recurrence {
                input: Parameter::glorot(inputs, width, random),
                recurrent: Parameter::orthogonal(width, 1, random),
                bias: Parameter::constant(1, width, 0.0),
            },
            states: Vec::new(),
        }
    }

    pub fn parameters(&mut self) -> Vec<(&'static str, &mut Parameter)> {
        self.sums.parameters()
    }

    /// `h_t = tanh(x_t W + h_(t-1) U + b)`. Returns the last state [batch, width] for inputs x [steps, batch, inputs].
    pub fn forward(&mut self, x: &[f64], [steps, batch]: [usize; 2]) -> Vec<f64> {
        let size = batch * self.width;
        self.states = vec![0.0; (steps + 1) * size];
        self.sums.read(x, steps * batch, &mut self.states[size..]);
        for t in 1..=steps {
            let (before, now) = self.states.split_at_mut(t * size);
            self.sums.recurrent.apply(&before[(t - 1) * size..], &mut now[..size]);
            now[..size].iter_mut().for_each(|h| *h = h.tanh());
        }
        self.states[steps * size..].to_vec()
    }

    /// Backpropagation through time: the gradient of x, from that of the last state.
    pub fn backward(&mut self, x: &[f64], dlast: &[f64], [steps, batch]: [usize; 2]) -> Vec<f64> {
        let size = batch * self.width;
        let mut da = vec![0.0; steps * size]; // of what tanh is taken of
        let mut dh = dlast.to_vec();
        for t in (0..steps).rev() {
            let (da, h) = (&mut da[t * size..][..size], &self.states[(t + 1) * size..][..size]);
            da.iter_mut().zip(&dh).zip(h).for_each(|((da, dh), h)| *da = dh * (1.0 - h * h));
            dh.fill(0.0);
            self.sums.recurrent.back(da, &mut dh);
        }
        self.sums.learn(x, &self.states[..steps * size], &da, steps * batch)
    }
}
