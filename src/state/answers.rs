//! The worker's answers to questions about a run.

use crate::engine::HeadId;

/// The heads that attend from `queries` to `keys`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub queries: Vec<usize>,
    pub keys: Vec<usize>,
    /// Each head with its weight, in descending order.
    pub heads: Vec<(HeadId, f32)>,
}

impl Answer {
    /// Whether this is the answer for these queries and keys.
    pub fn is_to(&self, queries: &[usize], keys: &[usize]) -> bool {
        self.queries == queries && self.keys == keys
    }
}

/// The comparison of a run with another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The number of the other run.
    pub with: u32,
    /// The tokens that both runs have: the index in this run, and that in the other.
    pub aligned: Vec<(usize, usize)>,
    /// The mean absolute difference of each head, in the order L0 H0, L0 H1, ...
    pub changes: Vec<f32>,
}

impl Compared {
    /// The index in the other run of a token of this one.
    pub fn other(&self, token: usize) -> Option<usize> {
        self.aligned.iter().find(|(ours, _)| *ours == token).map(|(_, theirs)| *theirs)
    }

    /// The index in this run of a token of the other one.
    pub fn ours(&self, token: usize) -> Option<usize> {
        self.aligned.iter().find(|(_, theirs)| *theirs == token).map(|(ours, _)| *ours)
    }
}

/// How much each head's attention from a query has shifted from one key to another, relative to another run.
#[derive(Clone, Debug, PartialEq)]
pub struct Turned {
    /// The number of the other run.
    pub with: u32,
    /// The query and the two keys, `from` first.
    pub tokens: [usize; 3],
    /// Each head with its shift, in descending order; a shift to the first key is negative.
    pub heads: Vec<(HeadId, f32)>,
}

/// The most likely tokens at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// The run that they are compared with.
    pub with: Option<u32>,
    pub position: usize,
    /// Each token as it is shown, its probability, and its probability in the other run, in descending order of the
    /// first probability.
    pub tokens: Vec<(String, f32, Option<f32>)>,
}
