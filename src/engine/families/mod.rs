//! One short file a family: how its `config.json` and its tensor names read as a [`Spec`] and [`Weights`].

mod bert;

use super::config::Config;
use super::formats::safetensors::WeightFile;
use super::spec::Spec;
use super::weights::Weights;
use crate::error::Result;

/// A family by the name that configs give it.
pub struct Family {
    pub model_type: &'static str,
    pub spec: fn(&Config) -> Result<Spec>,
    pub weights: fn(&Spec, &WeightFile) -> Result<Weights>,
}

const FAMILIES: &[Family] = &[Family { model_type: "bert", spec: bert::spec, weights: bert::weights }];

/// The family that a config names.
///
/// Errors ([`crate::Kind::Config`]): it names none, or one that this engine does not compute.
pub fn family(config: &Config) -> Result<&'static Family> {
    let name = config.text_or("model_type", "")?;
    FAMILIES.iter().find(|family| family.model_type == name).ok_or_else(|| {
        let known: Vec<&str> = FAMILIES.iter().map(|family| family.model_type).collect();
        let advice = "Choose a model of a supported family.";
        config.fault("model_type", format!("a supported family ({})", known.join(", ")), advice)
    })
}
