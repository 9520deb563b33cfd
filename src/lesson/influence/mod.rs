//! The influence of the first token on the last output, in four untrained models, by exact derivatives.
//!
//! For a sequence of n inputs `x_1 ... x_n` and the output `y_n` at its end, the influence of the first token is
//!
//! `||dy_n / dx_1|| / ||dy_n / dx_n||`
//!
//! where `||.||` is the Frobenius norm of the Jacobian [width, width]. It is the change of the output by a small change
//! of the first token, divided by the change by the same change of the last token. At 1 both tokens have the same
//! influence. The quotient has no unit and does not depend on the scale of a model's outputs, so that the curves of
//! several models can be compared.
//!
//! Weights have the common initial values of each model: uniform within `sqrt(6 / (inputs + outputs))` (Glorot & Bengio
//! 2010, eq. 16), biases 0, and an LSTM's forget bias 1. Inputs are normal with variance 1. All models have the same
//! width and the same inputs, and a shorter sequence is the beginning of a longer one. Vanishing gradients through time
//! are described by Bengio et al. 1994 and Hochreiter & Schmidhuber 1997.

mod attention;
mod matrix;
mod recurrent;

use serde::{Deserialize, Serialize};

use crate::math::Random;
use attention::{AttentiveRnn, SelfAttention};
use matrix::norm;
use recurrent::{Lstm, Rnn};

/// The lengths of the sequences in tokens.
pub const LENGTHS: [usize; 9] = [2, 4, 8, 16, 32, 64, 128, 256, 512];
/// The numbers of a token, of a state and of an output.
pub const WIDTH: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Model {
    /// A plain recurrent network with tanh (Elman 1990).
    Rnn,
    /// An LSTM (Hochreiter & Schmidhuber 1997) with forget gates (Gers et al. 2000).
    Lstm,
    /// The same plain network, whose last state attends to all states (Luong et al. 2015,
    /// <https://arxiv.org/abs/1508.04025>).
    AttentiveRnn,
    /// One head of scaled dot-product attention (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
    SelfAttention,
}

impl Model {
    pub const ALL: [Self; 4] = [Self::Rnn, Self::Lstm, Self::AttentiveRnn, Self::SelfAttention];

    /// The steps of the shortest path from the first token to the last output: from state to state, or one step of
    /// attention.
    pub fn path_length(self, tokens: usize) -> usize {
        match self {
            Self::Rnn | Self::Lstm => tokens - 1,
            Self::AttentiveRnn | Self::SelfAttention => 1,
        }
    }

    /// The number of operations that must be computed one after the other (Vaswani et al. 2017, table 1).
    pub fn sequential_steps(self, tokens: usize) -> usize {
        match self {
            Self::Rnn | Self::Lstm | Self::AttentiveRnn => tokens,
            Self::SelfAttention => 1,
        }
    }
}

/// The influence of the first token in one model at each of [`LENGTHS`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    pub model: Model,
    pub influence: Vec<f64>,
}

/// The curves of all four models for random weights and inputs. The same seed gives the same numbers.
pub fn curves(seed: u64) -> Vec<Curve> {
    let longest = LENGTHS[LENGTHS.len() - 1];
    let mut random = Random::new(seed);
    let x: Vec<f64> = (0..longest * WIDTH).map(|_| random.normal()).collect();
    let drawn = Drawn::new(WIDTH, &mut random);
    Model::ALL.map(|model| Curve { model, influence: drawn.influence(model, &x, &LENGTHS) }).into()
}

/// Random weights of all models. The RNN with attention has those of the plain one.
struct Drawn {
    rnn: Rnn,
    lstm: Lstm,
    attentive: AttentiveRnn,
    attention: SelfAttention,
}

/// The output at the end of a sequence, with its derivatives.
#[derive(Clone)]
struct Output {
    /// [width]
    y: Vec<f64>,
    /// The Jacobians [width, width] by the first input and by the last.
    by_first: Vec<f64>,
    by_last: Vec<f64>,
}

impl Drawn {
    fn new(width: usize, random: &mut Random) -> Self {
        Self {
            rnn: Rnn::new(width, random),
            lstm: Lstm::new(width, random),
            attentive: AttentiveRnn::new(width, random),
            attention: SelfAttention::new(width, random),
        }
    }

    fn outputs(&self, model: Model, x: &[f64], lengths: &[usize]) -> Vec<Output> {
        let at_lengths = |states: Vec<Output>| lengths.iter().map(|n| states[n - 1].clone()).collect();
        match model {
            Model::Rnn => at_lengths(self.rnn.states(x)),
            Model::Lstm => at_lengths(self.lstm.states(x)),
            Model::AttentiveRnn => self.attentive.outputs(&self.rnn.states(x), lengths),
            Model::SelfAttention => self.attention.outputs(x, lengths),
        }
    }

    fn influence(&self, model: Model, x: &[f64], lengths: &[usize]) -> Vec<f64> {
        let outputs = self.outputs(model, x, lengths);
        outputs.iter().map(|output| norm(&output.by_first) / norm(&output.by_last)).collect()
    }
}

#[cfg(test)]
mod tests;
