//! What a reader changes in the model: one plain value, applied inside the one forward pass.

use std::ops::{Range, RangeInclusive};

use serde::{Deserialize, Serialize};

use super::attention::Mask;
use super::head_set::HeadSet;
use super::shuffle::shuffled;
use super::spec::Spec;
use super::tokens::Tokens;
use crate::error::{Error, Kind, Result};
use crate::math::softmax_rows;

/// Colder than this every row is its largest score alone, hotter it is uniform: nothing more to see.
pub const TEMPERATURES: RangeInclusive<f32> = 1e-3..=1e6;

/// Changes to one run; the default is none, and computes the model bit for bit as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intervention {
    /// Heads whose output `z` is zero (Michel et al. 2019, <https://arxiv.org/abs/1905.10650>); what they
    /// would read is still recorded.
    pub heads_off: HeadSet,
    /// Position embeddings are left out: the text is a set of tokens without order.
    pub positions_off: bool,
    /// The seed of another order of the words, while positions stay. It is of the input: [`Self::arrange`]
    /// applies it to the tokens before the run, and [`super::Model::run`] reads them as they come.
    pub shuffle: Option<u32>,
    /// Scores are divided by it before the softmax; one of [`TEMPERATURES`], 1 changes nothing.
    pub temperature: f32,
    /// Each query reads from itself and what stands before it alone; weights beyond are recorded as NaN,
    /// which says "not available".
    pub causal: bool,
}

impl Default for Intervention {
    fn default() -> Self {
        Self { heads_off: HeadSet::default(), positions_off: false, shuffle: None, temperature: 1.0, causal: false }
    }
}

impl Intervention {
    /// The model as it is.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Errors ([`Kind::Input`]): a head that the model does not have, or a temperature out of range.
    pub fn check(&self, spec: &Spec) -> Result<()> {
        self.check_heads(spec.layers, spec.heads)?;
        check_temperature(self.temperature)
    }

    /// Errors ([`Kind::Input`]): a head to switch off that a model of this size does not have.
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

    /// The tokens in the order in which the model is to read them, and for each the place where it stood before:
    /// 0, 1, 2 ... unless the words are shuffled.
    pub fn arrange(&self, tokens: Tokens) -> (Tokens, Vec<usize>) {
        match self.shuffle {
            Some(seed) => shuffled(tokens, seed),
            None => {
                let places = (0..tokens.len()).collect();
                (tokens, places)
            }
        }
    }

    /// Scores of some of a head's queries become weights, in place: rows of `keys` numbers, `stride` apart. Keys that a
    /// query may not read have 0, so that nothing of them is in z.
    pub(super) fn weigh(&self, scores: &mut [f32], stride: usize, (queries, keys): (Range<usize>, usize), mask: Mask) {
        for (query, row) in queries.zip(scores.chunks_mut(stride)) {
            let row = &mut row[..keys];
            let available = mask.keys(query, keys);
            row[..available.start].fill(0.0);
            row[available.end..].fill(0.0);
            soften(&mut row[available], self.temperature);
        }
    }

    /// Once z is mixed: what was not available becomes NaN in the record.
    pub(super) fn hide(&self, pattern: &mut [f32], stride: usize, (queries, keys): (Range<usize>, usize), mask: Mask) {
        for (query, row) in queries.zip(pattern.chunks_mut(stride)) {
            let available = mask.keys(query, keys);
            row[..available.start].fill(f32::NAN);
            row[available.end..keys].fill(f32::NAN);
        }
    }

    /// The mask of a block among the tokens of one stack; between two, "before" has no meaning.
    pub(super) fn mask(&self, mask: Mask) -> Mask {
        match mask {
            mask if !self.causal => mask,
            Mask::Full => Mask::Causal,
            Mask::Window(reach) => Mask::CausalWindow(reach + 1),
            causal => causal,
        }
    }
}

/// Errors ([`Kind::Input`]): none of [`TEMPERATURES`].
pub fn check_temperature(temperature: f32) -> Result<()> {
    // NaN is in no range.
    if TEMPERATURES.contains(&temperature) {
        return Ok(());
    }
    let expected = format!("a number from {} to {}", TEMPERATURES.start(), TEMPERATURES.end());
    let advice = "Choose a temperature in this range; 1 changes nothing.";
    Err(Error::new(Kind::Input, "the softmax temperature", expected, temperature.to_string(), advice))
}

/// `softmax(scores / temperature)` over one row of available scores, in place: what the forward pass does to it.
/// Panics for an empty row.
pub fn soften(scores: &mut [f32], temperature: f32) {
    if temperature != 1.0 {
        scores.iter_mut().for_each(|score| *score /= temperature);
    }
    softmax_rows(scores, scores.len());
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
    fn a_row_by_hand() {
        // e^(ln 4 / 2) = 2 and e^0 = 1.
        let mut row = [4f32.ln(), 0.0];
        soften(&mut row, 2.0);
        assert!((row[0] - 2.0 / 3.0).abs() < 1e-6 && (row[1] - 1.0 / 3.0).abs() < 1e-6, "{row:?}");
    }

    #[test]
    fn a_causal_row_knows_nothing_of_what_follows() {
        let causal = Intervention { causal: true, ..Default::default() };
        let mask = causal.mask(Mask::Full);
        let mut scores = vec![3.0, 9.0, 9.0, 0.0, 0.0, 9.0, 1.0, 1.0, 1.0];
        causal.weigh(&mut scores, 3, (0..3, 3), mask);
        assert_eq!(scores[..6], [1.0, 0.0, 0.0, 0.5, 0.5, 0.0]);
        causal.hide(&mut scores, 3, (0..3, 3), mask);
        assert!([1, 2, 5].iter().all(|&at| scores[at].is_nan()));
        assert_eq!(scores.iter().filter(|weight| weight.is_nan()).count(), 3);
    }

    #[test]
    fn a_window_hides_both_ends_and_leaves_what_is_beside_the_block() {
        let plain = Intervention::default();
        let mut scores = vec![0.0; 12]; // three keys in rows of four
        plain.weigh(&mut scores, 4, (0..3, 3), Mask::Window(0));
        assert_eq!(scores, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        plain.hide(&mut scores, 4, (0..3, 3), Mask::CausalWindow(2));
        let hidden: Vec<usize> = (0..12).filter(|&at| scores[at].is_nan()).collect();
        assert_eq!(hidden, [1, 2, 6, 8]);
    }
}
