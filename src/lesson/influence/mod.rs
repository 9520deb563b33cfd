//! How much the first token still counts at the end, in four untrained models, by exact derivative.
//!
//! For a sequence of n inputs `x_1 ... x_n` and the output `y_n` at its end, the influence of the first token is
//!
//! `||dy_n / dx_1|| / ||dy_n / dx_n||`
//!
//! where `||.||` is the Frobenius norm of the Jacobian [width, width]: how far a small change of the first token moves
//! the output, over how far the same change of the newest token does. At 1 both count the same. The quotient has no
//! unit and does not depend on how large a model's outputs are, so that curves of several models can be compared.
//!
//! Weights are drawn as each model is commonly begun (Glorot & Bengio 2010, eq. 16: evenly within
//! `sqrt(6 / (inputs + outputs))`; biases 0, an LSTM's forget bias 1), inputs are normal with variance 1. All models have
//! the same width and read the same inputs; a shorter sequence is the beginning of a longer one.
//! That gradients through time vanish: Bengio et al. 1994, Hochreiter & Schmidhuber 1997.

mod attention;
mod matrix;
mod recurrent;

use serde::{Deserialize, Serialize};

use crate::math::Random;
use attention::{AttentiveRnn, SelfAttention};
use matrix::norm;
use recurrent::{Lstm, Rnn};

/// Tokens of the sequences.
pub const LENGTHS: [usize; 9] = [2, 4, 8, 16, 32, 64, 128, 256, 512];
/// Numbers of a token, a state and an output.
pub const WIDTH: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Model {
    /// A plain recurrent network with tanh (Elman 1990).
    Rnn,
    /// Hochreiter & Schmidhuber 1997 with forget gates (Gers et al. 2000).
    Lstm,
    /// The same plain network; its last state reads from all states (Luong et al. 2015, <https://arxiv.org/abs/1508.04025>).
    AttentiveRnn,
    /// One head of scaled dot-product attention (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
    SelfAttention,
}

impl Model {
    pub const ALL: [Self; 4] = [Self::Rnn, Self::Lstm, Self::AttentiveRnn, Self::SelfAttention];

    /// Steps on the shortest way from the first token to the last output: from state to state, or one reading.
    pub fn path_length(self, tokens: usize) -> usize {
        match self {
            Self::Rnn | Self::Lstm => tokens - 1,
            Self::AttentiveRnn | Self::SelfAttention => 1,
        }
    }

    /// Steps of which each must wait for the one before (Vaswani et al. 2017, table 1).
    pub fn sequential_steps(self, tokens: usize) -> usize {
        match self {
            Self::Rnn | Self::Lstm | Self::AttentiveRnn => tokens,
            Self::SelfAttention => 1,
        }
    }
}

/// One model's influence of the first token at each of [`LENGTHS`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    pub model: Model,
    pub influence: Vec<f64>,
}

/// The curves of all four models for one drawing of weights and inputs; the same seed gives the same numbers.
pub fn curves(seed: u64) -> Vec<Curve> {
    let longest = LENGTHS[LENGTHS.len() - 1];
    let mut random = Random::new(seed);
    let x: Vec<f64> = (0..longest * WIDTH).map(|_| random.normal()).collect();
    let drawn = Drawn::new(WIDTH, &mut random);
    Model::ALL.map(|model| Curve { model, influence: drawn.influence(model, &x, &LENGTHS) }).into()
}

/// One drawing of all weights. The RNN with attention has the plain one's.
struct Drawn {
    rnn: Rnn,
    lstm: Lstm,
    attentive: AttentiveRnn,
    attention: SelfAttention,
}

/// What stands at the end of a sequence.
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
