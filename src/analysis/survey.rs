//! The measures and labels of every head on one text.

use ndarray::ArrayView4;
use serde::{Deserialize, Serialize};

use super::{HeadLabel, HeadMeasures, head_labels, head_measures, sinks};
use crate::engine::Shown;

/// The measures and labels of one head on one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadSurvey {
    pub measures: HeadMeasures,
    /// In descending order of their scores; often empty.
    pub labels: Vec<HeadLabel>,
}

/// The measures and labels of every head of `pattern` [layer, head, query, key], in the order L0 H0, L0 H1, ...
pub fn survey(pattern: ArrayView4<'_, f32>, shown: &[Shown]) -> Vec<HeadSurvey> {
    let measures = head_measures(pattern, &sinks(shown));
    let labels = head_labels(pattern, shown);
    measures.into_iter().zip(labels).map(|(measures, labels)| HeadSurvey { measures, labels }).collect()
}
