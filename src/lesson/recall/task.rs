//! The task: pairs of a key and a value, one pair for each position, followed by one of the keys. The answer is its
//! value.

use crate::math::Random;

/// A batch of sequences of the same length.
pub(crate) struct Batch {
    pub size: usize,
    /// The positions: the pairs and the question.
    pub steps: usize,
    /// [steps, size]. The last one of each sequence is the key in question.
    pub keys: Vec<usize>,
    /// [steps, size]. The last one of each sequence is `values`, which marks the question.
    pub values: Vec<usize>,
    /// The value of the key in question [size].
    pub answers: Vec<usize>,
}

/// How large the task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// The number of different keys. Each is at most once in a sequence.
    pub keys: usize,
    /// The number of different values.
    pub values: usize,
    /// The pairs of the longest sequences, at most `keys`.
    pub pairs: usize,
}

impl Task {
    /// Sequences of `pairs` pairs, with a random question for each.
    pub(crate) fn batch(&self, size: usize, pairs: usize, random: &mut Random) -> Batch {
        let asked: Vec<usize> = (0..size).map(|_| random.below(pairs)).collect();
        self.batch_of(&asked, pairs, random)
    }

    /// A sequence for each entry of `asked`, which is the index of the pair in question.
    pub(crate) fn batch_of(&self, asked: &[usize], pairs: usize, random: &mut Random) -> Batch {
        let (size, steps) = (asked.len(), pairs + 1);
        let (mut keys, mut values) = (vec![0; steps * size], vec![self.values; steps * size]);
        let mut answers = vec![0; size];
        let mut deck: Vec<usize> = (0..self.keys).collect();
        for (row, position) in asked.iter().enumerate() {
            for t in 0..pairs {
                // A partial Fisher-Yates shuffle (Fisher & Yates 1938).
                deck.swap(t, t + random.below(self.keys - t));
                keys[t * size + row] = deck[t];
                values[t * size + row] = random.below(self.values);
            }
            keys[pairs * size + row] = keys[position * size + row];
            answers[row] = values[position * size + row];
        }
        Batch { size, steps, keys, values, answers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_value_of_the_key_that_is_asked_for() {
        let task = Task { keys: 6, values: 3, pairs: 5 };
        let asked = [0, 4, 2, 3];
        let batch = task.batch_of(&asked, 5, &mut Random::new(7));
        assert_eq!((batch.size, batch.steps), (4, 6));
        for (row, position) in asked.into_iter().enumerate() {
            let column = |cells: &[usize]| -> Vec<usize> { cells.iter().skip(row).step_by(4).copied().collect() };
            let (keys, values) = (column(&batch.keys), column(&batch.values));
            let mut different = keys[..5].to_vec();
            different.sort_unstable();
            different.dedup();
            assert_eq!(different.len(), 5, "a key comes once");
            assert_eq!((keys[5], batch.answers[row]), (keys[position], values[position]));
            assert_eq!(values[5], 3);
            assert!(values[..5].iter().all(|&value| value < 3));
        }
    }
}
