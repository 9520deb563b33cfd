//! The parts that the three models share: embeddings, logits and cross-entropy.

use super::attention::Attention;
use super::lstm::Lstm;
use super::parameter::Parameter;
use super::rnn::Rnn;
use super::task::Batch;
use super::{Kind, Settings};
use crate::lesson::numbers::{dot, softmax};
use crate::math::Random;

pub(crate) struct Model {
    /// A vector for each key, and one for each value and for the question mark. The input of a position is both
    /// vectors, concatenated.
    keys: Parameter,
    values: Parameter,
    reader: Reader,
    logits: Parameter,
    bias: Parameter,
}

/// The model between the embeddings and the logits.
enum Reader {
    Rnn(Rnn),
    Lstm(Lstm),
    Attention(Attention),
}

/// The result of a batch.
pub(crate) struct Answered {
    /// The mean cross-entropy in nats.
    pub loss: f64,
    /// The share of correct answers, 0 to 1.
    pub accuracy: f64,
}

impl Model {
    pub fn new(kind: Kind, settings: &Settings, random: &mut Random) -> Self {
        let Settings { task, embedding, width, .. } = *settings;
        let keys = Parameter::normal(task.keys, embedding, random);
        let values = Parameter::normal(task.values + 1, embedding, random);
        let reader = match kind {
            Kind::Rnn => Reader::Rnn(Rnn::new(2 * embedding, width, random)),
            Kind::Lstm => Reader::Lstm(Lstm::new(2 * embedding, width, random)),
            Kind::Attention => Reader::Attention(Attention::new(2 * embedding, random)),
        };
        let logits = Parameter::glorot(width, task.values, random);
        Self { keys, values, reader, logits, bias: Parameter::constant(1, task.values, 0.0) }
    }

    pub fn parameters(&mut self) -> Vec<(&'static str, &mut Parameter)> {
        let mut all = vec![("keys", &mut self.keys), ("values", &mut self.values)];
        all.extend(match &mut self.reader {
            Reader::Rnn(rnn) => rnn.parameters(),
            Reader::Lstm(lstm) => lstm.parameters(),
            Reader::Attention(attention) => attention.parameters(),
        });
        all.extend([("logits", &mut self.logits), ("logits bias", &mut self.bias)]);
        all
    }

    /// The inputs of a batch [steps, batch, 2 * embedding], the hidden state at the question [batch, width], and the
    /// probability of each value [batch, values].
    fn read(&mut self, batch: &Batch) -> [Vec<f64>; 3] {
        let mut x = Vec::new();
        for (&key, &value) in batch.keys.iter().zip(&batch.values) {
            x.extend(self.keys.row(key));
            x.extend(self.values.row(value));
        }
        let shape = [batch.steps, batch.size];
        let last = match &mut self.reader {
            Reader::Rnn(rnn) => rnn.forward(&x, shape),
            Reader::Lstm(lstm) => lstm.forward(&x, shape),
            Reader::Attention(attention) => attention.forward(&x, shape),
        };
        let mut probabilities = vec![0.0; batch.size * self.bias.value.len()];
        self.logits.apply(&last, &mut probabilities);
        self.bias.apply(&vec![1.0; batch.size], &mut probabilities);
        probabilities.chunks_exact_mut(self.bias.value.len()).for_each(softmax);
        [x, last, probabilities]
    }

    pub fn answer(&mut self, batch: &Batch) -> Answered {
        let [_, _, probabilities] = self.read(batch);
        answered(&probabilities, &batch.answers)
    }

    /// Answers a batch, and adds the gradient of the loss to that of every parameter.
    pub fn learn(&mut self, batch: &Batch) -> Answered {
        let [x, last, probabilities] = self.read(batch);
        let answered = answered(&probabilities, &batch.answers);
        let mut dlogits = probabilities;
        let values = self.bias.value.len();
        for (dlogits, &answer) in dlogits.chunks_exact_mut(values).zip(&batch.answers) {
            dlogits[answer] -= 1.0;
            dlogits.iter_mut().for_each(|d| *d /= batch.size as f64);
        }
        self.logits.learn(&last, &dlogits);
        self.bias.learn(&vec![1.0; batch.size], &dlogits);
        let mut dlast = vec![0.0; last.len()];
        self.logits.back(&dlogits, &mut dlast);
        let shape = [batch.steps, batch.size];
        let dx = match &mut self.reader {
            Reader::Rnn(rnn) => rnn.backward(&x, &dlast, shape),
            Reader::Lstm(lstm) => lstm.backward(&x, &dlast, shape),
            Reader::Attention(attention) => attention.backward(&x, &dlast, shape),
        };
        let embedding = dx.len() / batch.keys.len() / 2;
        for ((&key, &value), dx) in batch.keys.iter().zip(&batch.values).zip(dx.chunks_exact(2 * embedding)) {
            let (dkey, dvalue) = dx.split_at(embedding);
            self.keys.gradient_row(key).iter_mut().zip(dkey).for_each(|(sum, d)| *sum += d);
            self.values.gradient_row(value).iter_mut().zip(dvalue).for_each(|(sum, d)| *sum += d);
        }
        answered
    }

    /// A step of Adam with the gradients, which are clipped to a global norm of at most 1 (Pascanu et al. 2013,
    /// <https://arxiv.org/abs/1211.5063>, algorithm 1).
    pub fn adam(&mut self, rate: f64, step: usize) {
        let mut parameters = self.parameters();
        let length = parameters.iter().map(|(_, p)| dot(&p.gradient, &p.gradient)).sum::<f64>().sqrt();
        let scale = 1.0 / length.max(1.0);
        parameters.iter_mut().for_each(|(_, parameter)| parameter.adam(rate, scale, step));
    }
}

/// The result for probabilities [batch, values].
fn answered(probabilities: &[f64], answers: &[usize]) -> Answered {
    let size = answers.len() as f64;
    let rows = || probabilities.chunks_exact(probabilities.len() / answers.len()).zip(answers);
    let right = rows().filter(|&(row, &answer)| row.iter().all(|p| *p <= row[answer])).count();
    let loss = rows().map(|(row, &answer)| -row[answer].ln()).sum::<f64>() / size;
    Answered { loss, accuracy: right as f64 / size }
}
