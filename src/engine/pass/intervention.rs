//! What a reader can change in a run: one plain value, which the forward pass applies.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::engine::model_config::ModelConfig;
use crate::engine::pass::attention::Mask;
use crate::engine::pass::head_set::HeadSet;
use crate::engine::shuffle::shuffled;
use crate::engine::tokenizer::tokens::Tokens;
use crate::error::{Error, Kind, Result};

/// The temperatures of the softmax that can be chosen. Below them every row has the weight 1 at its largest score, and
/// above them rows are uniform.
pub const TEMPERATURES: RangeInclusive<f32> = 1e-3..=1e6;

/// Changes to one run. The default changes nothing: every bit is that of the model as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intervention {
    /// Heads whose output `z` is set to zero (Michel et al. 2019, <https://arxiv.org/abs/1905.10650>). Their pattern is
    /// still recorded.
    pub heads_off: HeadSet,
    /// Positions are left out, those of the embedding and those of attention, so that the text is a set of tokens
    /// without order.
    pub positions_off: bool,
    /// The seed of a random order of the words. It changes the input: [`Self::arrange`] applies it to the tokens before
    /// the run, and [`crate::engine::Model::run`] takes tokens in the order in which they come.
    pub shuffle: Option<u32>,
    /// Scores are divided by this before the softmax. One of [`TEMPERATURES`]; 1 changes nothing.
    pub temperature: f32,
    /// Every query attends to itself and the tokens before it only. The weights of later tokens are recorded as NaN,
    /// which means "not available".
    pub causal: bool,
}

impl Default for Intervention {
    fn default() -> Self {
        Self { heads_off: HeadSet::default(), positions_off: false, shuffle: None, temperature: 1.0, causal: false }
    }
}

impl Intervention {
    /// Whether nothing is changed.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Checks the changes for a model.
    ///
    /// Errors ([`Kind::Input`]): a head that the model does not have, or a temperature out of range.
    pub fn check(&self, config: &ModelConfig) -> Result<()> {
        self.check_heads(config.layers, config.heads)?;
        check_temperature(self.temperature)
    }

    /// Checks that a model of this size has all the heads.
    ///
    /// Errors ([`Kind::Input`]): a head that it does not have.
    pub fn check_heads(&self, layers: usize, heads: usize) -> Result<()> {
        match self.heads_off.iter().find(|id| id.layer >= layers || id.head >= heads) {
            Some(head) => {
                let expected = format!("one of {layers} layers and {heads} heads, both counted from 0");
                let advice = "Choose heads that this model has.";
                Err(Error::new(Kind::Input, "a head to switch off", expected, head.to_string(), advice))
            }
            None => Ok(()),
        }
    }

    /// The tokens in the order in which the model reads them, and the index that each had before: 0, 1, 2 ... unless
    /// words are shuffled.
    pub fn arrange(&self, tokens: Tokens) -> (Tokens, Vec<usize>) {
        match self.shuffle {
            Some(seed) => shuffled(tokens, seed),
            None => {
                let places = (0..tokens.len()).collect();
                (tokens, places)
            }
        }
    }

    /// The mask of self-attention with these changes. Between the tokens of two stacks, "before" has no meaning.
    pub(super) fn mask(&self, mask: Mask) -> Mask {
        match mask {
            mask if !self.causal => mask,
            Mask::Full => Mask::Causal,
            Mask::Window(reach) => Mask::CausalWindow(reach + 1),
            causal => causal,
        }
    }
}

/// Checks a temperature of the softmax.
///
/// Errors ([`Kind::Input`]): it is not one of [`TEMPERATURES`].
pub fn check_temperature(temperature: f32) -> Result<()> {
    // No range contains NaN.
    if TEMPERATURES.contains(&temperature) {
        return Ok(());
    }
    let expected = format!("a number from {} to {}", TEMPERATURES.start(), TEMPERATURES.end());
    let advice = "Choose a temperature in this range; 1 changes nothing.";
    Err(Error::new(Kind::Input, "the softmax temperature", expected, temperature.to_string(), advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::HeadId;

    #[test]
    fn the_default_changes_nothing_and_anything_else_does() {
        assert!(Intervention::default().is_none());
        let changed = [
            Intervention { heads_off: [HeadId::new(0, 0)].into(), ..Default::default() },
            Intervention { positions_off: true, ..Default::default() },
            Intervention { shuffle: Some(0), ..Default::default() },
            Intervention { temperature: 2.0, ..Default::default() },
            Intervention { causal: true, ..Default::default() },
        ];
        for intervention in changed {
            assert!(!intervention.is_none(), "{intervention:?}");
        }
    }

    #[test]
    fn a_causal_run_masks_later_keys_in_every_kind_of_block() {
        let causal = Intervention { causal: true, ..Default::default() };
        let masks = [Mask::Full, Mask::Window(2), Mask::Causal, Mask::CausalWindow(4)];
        let expected = [Mask::Causal, Mask::CausalWindow(3), Mask::Causal, Mask::CausalWindow(4)];
        assert_eq!(masks.map(|mask| causal.mask(mask)), expected);
        assert_eq!(masks.map(|mask| Intervention::default().mask(mask)), masks);
    }
}
