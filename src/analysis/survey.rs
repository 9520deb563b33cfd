//! What every head does on one text, in one pass over the patterns.

use ndarray::ArrayView4;
use serde::{Deserialize, Serialize};

use super::{HeadLabel, HeadMeasures, head_labels, head_measures, sinks};
use crate::engine::Shown;

/// One head on one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadSurvey {
    pub measures: HeadMeasures,
    /// Highest score first; often none.
    pub labels: Vec<HeadLabel>,
}

/// Every head of `pattern` [layer, head, query, key], L0 H0 first.
pub fn survey(pattern: ArrayView4<'_, f32>, shown: &[Shown]) -> Vec<HeadSurvey> {
    let measures = head_measures(pattern, &sinks(shown));
    let labels = head_labels(pattern, shown);
    measures.into_iter().zip(labels).map(|(measures, labels)| HeadSurvey { measures, labels }).collect()
}
