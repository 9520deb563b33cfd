//! Associative recall, trained while the reader watches. A plain RNN, an LSTM and one head of attention learn the same
//! task from the same batches, and are then tested by the distance to the pair in question.
//!
//! The task is that of Ba et al. 2016 (<https://arxiv.org/abs/1610.06258>, section 4.1), with pairs instead of letters:
//! a sequence of keys and their values, followed by one of the keys, whose value is the answer. A pair is one position,
//! whose input is the concatenation of the vectors of key and value, so that no model must learn first which value
//! belongs to which key. Recurrent models answer from their last state, and attention from the output at the last
//! position.

mod attention;
mod lstm;
mod model;
mod parameter;
mod recurrence;
mod rnn;
mod task;

use serde::{Deserialize, Serialize};

use crate::math::Random;
use model::Model;
pub use task::Task;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Rnn,
    Lstm,
    Attention,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Rnn, Self::Lstm, Self::Attention];
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    pub task: Task,
    /// The numbers of the vector of a key, and of a value.
    pub embedding: usize,
    /// The numbers of a state; in attention, `2 * embedding`.
    pub width: usize,
    /// The sequences of a batch.
    pub batch: usize,
    /// The steps of the whole training.
    pub steps: usize,
    /// Adam's learning rate at the first step. It decreases linearly to 0.
    pub rate: f64,
}

impl Settings {
    /// The lesson's settings. The widths give all models about the same number of parameters: 4680, 4808 and 4760. The
    /// learning rates are those with the highest held-out accuracy among 0.0005, 0.001, 0.0015, 0.003, 0.004 and 0.008
    /// for the RNN; 0.005, 0.01, 0.015, 0.02, 0.025 and 0.03 for the LSTM; 0.003, 0.01 and 0.02 for attention. Three
    /// times as many steps do not improve the first two (within 0.06 at every distance above 6, for two seeds).
    pub fn of(kind: Kind) -> Self {
        let (width, rate) = match kind {
            Kind::Rnn => (48, 0.0015),
            Kind::Lstm => (20, 0.02),
            Kind::Attention => (32, 0.01),
        };
        let task = Task { keys: 16, values: 8, pairs: 12 };
        Self { task, embedding: 16, width, batch: 32, steps: 3000, rate }
    }
}

/// A training in progress. The same seed gives the same batches to every kind of model, and the same numbers on every
/// run.
pub struct Training {
    settings: Settings,
    model: Model,
    batches: Random,
    held_out: Random,
    done: usize,
}

/// The result of one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The number of steps, including this one.
    pub step: usize,
    /// The mean cross-entropy of the batch in nats, before the step.
    pub loss: f64,
    /// The accuracy on the batch, 0 to 1.
    pub accuracy: f64,
}

/// How often the accuracy on held-out sequences is measured during a training.
pub const CHECKPOINTS: usize = 24;

/// The sequences for each distance on which the accuracy is measured, so that two standard errors are at most 0.04.
const HELD_OUT: usize = 500;

impl Training {
    pub fn new(kind: Kind, seed: u64, settings: Settings) -> Self {
        let mut random = Random::new(seed);
        let (batches, held_out) = (random.split(), random.split());
        Self { model: Model::new(kind, &settings, &mut random), settings, batches, held_out, done: 0 }
    }

    /// Learns from one batch of sequences, whose number of pairs is random.
    pub fn step(&mut self) -> Progress {
        let Settings { task, batch, steps, rate, .. } = self.settings;
        let pairs = 1 + self.batches.below(task.pairs);
        let answered = self.model.learn(&task.batch(batch, pairs, &mut self.batches));
        let left = steps.saturating_sub(self.done) as f64 / steps as f64;
        self.done += 1;
        self.model.adam(rate * left, self.done);
        Progress { step: self.done, loss: answered.loss, accuracy: answered.accuracy }
    }

    /// After every `steps / CHECKPOINTS` steps, the accuracy, 0 to 1, on held-out sequences of `task.pairs` pairs with
    /// questions about any of them. None between these steps. The sequences are the same every time, so that the
    /// accuracies of one training and of several models can be compared.
    pub fn checkpoint(&mut self) -> Option<f64> {
        let every = (self.settings.steps / CHECKPOINTS).max(1);
        if !self.done.is_multiple_of(every) {
            return None;
        }
        let task = self.settings.task;
        let held_out = task.batch(HELD_OUT, task.pairs, &mut self.held_out.clone());
        Some(self.model.answer(&held_out).accuracy)
    }

    pub fn is_done(&self) -> bool {
        self.done >= self.settings.steps
    }

    /// The number of parameters.
    pub fn parameters(&mut self) -> usize {
        self.model.parameters().iter().map(|(_, parameter)| parameter.value.len()).sum()
    }

    /// The accuracies, 0 to 1, for a question about the first pair after 1, 2 ... `task.pairs` pairs, including that
    /// pair. The held-out sequences are always the same. A random guess has an accuracy of `1 / task.values`.
    ///
    /// With the distance to a pair, the number of pairs after it increases, too. [`Self::accuracy_when_full`] separates
    /// the two effects.
    pub fn accuracy_by_distance(&mut self) -> Vec<f64> {
        self.accuracy(|distance, _| (0, distance))
    }

    /// The accuracies for questions about the last pair, the one before it ... the first, always after `task.pairs`
    /// pairs, so that only the distance differs. A plain RNN is best for the newest pairs; an LSTM loses about the same
    /// of each.
    pub fn accuracy_when_full(&mut self) -> Vec<f64> {
        self.accuracy(|distance, most| (most - distance, most))
    }

    /// The accuracy for each distance. `asked_of` gives the index of the pair in question and the number of pairs.
    fn accuracy(&mut self, asked_of: fn(usize, usize) -> (usize, usize)) -> Vec<f64> {
        let mut random = self.held_out.clone();
        let task = self.settings.task;
        let cases = (1..=task.pairs).map(|distance| asked_of(distance, task.pairs));
        let batches = cases.map(|(asked, pairs)| task.batch_of(&[asked; HELD_OUT], pairs, &mut random));
        batches.map(|batch| self.model.answer(&batch).accuracy).collect()
    }
}

#[cfg(test)]
mod tests;
