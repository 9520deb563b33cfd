//! Associative recall, trained while the reader waits: a plain RNN, an LSTM and one head of attention learn the same
//! task from the same batches, and are then asked for what they saw longer and longer ago.
//!
//! The task is the one of Ba et al. 2016 (<https://arxiv.org/abs/1610.06258>, section 4.1), with pairs instead of letters:
//! a sequence of keys and their values, then one of the keys; which was its value? A pair is one position, its input
//! the key's vector and the value's joined, so that no model has to learn first which value belongs to which key.
//! Recurrent models answer from their last state, attention from what the last position reads.

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
    /// Numbers for a key, and for a value.
    pub embedding: usize,
    /// Numbers of a state; of attention, `2 * embedding`.
    pub width: usize,
    /// Sequences of a step.
    pub batch: usize,
    /// Steps of the whole training.
    pub steps: usize,
    /// Adam's rate at the first step; it falls to 0 in a straight line.
    pub rate: f64,
}

impl Settings {
    /// The lesson's. Widths are such that all have about the same number of parameters: 4680, 4808 and 4760. Rates are
    /// those of the highest held-out accuracy among 0.0005, 0.001, 0.0015, 0.003, 0.004 and 0.008 for the RNN; 0.005, 0.01,
    /// 0.015, 0.02, 0.025 and 0.03 for the LSTM; 0.003, 0.01 and 0.02 for attention. Three times as many steps bring the first two no further (within 0.06 at every
    /// distance above 6, for two seeds).
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

/// A model and how far it has come. The same seed gives the same batches to every kind, and the same numbers on every
/// run.
pub struct Training {
    settings: Settings,
    model: Model,
    batches: Random,
    held_out: Random,
    done: usize,
}

/// What one step came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done, this one included.
    pub step: usize,
    /// Mean cross-entropy of the batch in nats, before the step.
    pub loss: f64,
    /// Share of the batch that was answered right, 0 to 1.
    pub accuracy: f64,
}

/// How often during a training the share of right answers on held-out sequences is measured.
pub const CHECKPOINTS: usize = 24;

/// Sequences for each distance that the accuracy is measured on: it is right within 0.04 (two standard errors) or less.
const HELD_OUT: usize = 500;

impl Training {
    pub fn new(kind: Kind, seed: u64, settings: Settings) -> Self {
        let mut random = Random::new(seed);
        let (batches, held_out) = (random.split(), random.split());
        Self { model: Model::new(kind, &settings, &mut random), settings, batches, held_out, done: 0 }
    }

    /// Learns from one batch of sequences; how many pairs they have is drawn anew.
    pub fn step(&mut self) -> Progress {
        let Settings { task, batch, steps, rate, .. } = self.settings;
        let pairs = 1 + self.batches.below(task.pairs);
        let answered = self.model.learn(&task.batch(batch, pairs, &mut self.batches));
        let left = steps.saturating_sub(self.done) as f64 / steps as f64;
        self.done += 1;
        self.model.adam(rate * left, self.done);
        Progress { step: self.done, loss: answered.loss, accuracy: answered.accuracy }
    }

    /// After every `steps / CHECKPOINTS` steps: the share of right answers, 0 to 1, on held-out sequences of
    /// `task.pairs` pairs, any of which may be asked for. They are the same sequences every time, so that the
    /// shares of one training, and of several models, can be compared. None between these steps.
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

    /// Numbers that are learnt.
    pub fn parameters(&mut self) -> usize {
        self.model.parameters().iter().map(|(_, parameter)| parameter.value.len()).sum()
    }

    /// The share of right answers, 0 to 1, when the first pair is asked for after 1, 2 ... `task.pairs` pairs, itself
    /// included. On sequences drawn apart from those of the training, always the same ones; one in `task.values` is right
    /// by chance.
    ///
    /// The further back a pair is, the more has been seen since: two reasons to lose it. [`Self::accuracy_when_full`]
    /// tells them apart.
    pub fn accuracy_by_distance(&mut self) -> Vec<f64> {
        self.accuracy(|distance, _| (0, distance))
    }

    /// The same when `task.pairs` pairs have always been seen, and the last is asked for, the one before it ... the first.
    /// All that differs is the distance: a plain RNN knows the newest pairs best, an LSTM loses as much of each.
    pub fn accuracy_when_full(&mut self) -> Vec<f64> {
        self.accuracy(|distance, most| (most - distance, most))
    }

    /// For each distance up to the longest one, of sequences by the position that is asked for and the number of pairs.
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
