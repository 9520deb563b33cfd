//! The input of a run.

use crate::engine::Intervention;

/// The texts of a run, and the changes in the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub text: String,
    pub pair: Option<String>,
    pub altered: Intervention,
}
