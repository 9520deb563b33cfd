//! The linear part that recurrent networks share: a function of an input and of the previous state.

use super::parameter::Parameter;

/// `x_t W + h_(t-1) U + b`.
pub(super) struct Recurrence {
    pub input: Parameter,
    pub recurrent: Parameter,
    pub bias: Parameter,
}

impl Recurrence {
    pub fn parameters(&mut self) -> Vec<(&'static str, &mut Parameter)> {
        vec![("input", &mut self.input), ("recurrent", &mut self.recurrent), ("bias", &mut self.bias)]
    }

    /// `x W + b` of all steps at once, added to `a` [steps * batch, outputs]; x [steps * batch, inputs].
    pub fn read(&self, x: &[f64], positions: usize, a: &mut [f64]) {
        self.input.apply(x, a);
        self.bias.apply(&vec![1.0; positions], a);
    }

    /// Adds to the gradients of the parameters, from the gradient `da` of the result at all steps and from the state
    /// before each step. Returns the gradient of x.
    pub fn learn(&mut self, x: &[f64], states: &[f64], da: &[f64], positions: usize) -> Vec<f64> {
        self.recurrent.learn(states, da);
        self.input.learn(x, da);
        self.bias.learn(&vec![1.0; positions], da);
        let mut dx = vec![0.0; x.len()];
        self.input.back(da, &mut dx);
        dx
    }
}
