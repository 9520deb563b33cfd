//! The maps of one quantity of one run. Nothing here needs a browser.

use std::borrow::Cow;

use ndarray::{Array2, ArrayView2, Axis, CowArray, Ix2};

use crate::analysis::{Place, Quantity, difference, layer_mean, rollout};
use crate::engine::{HeadId, Model, Trace};

/// Computes the maps of a quantity.
pub struct Maps<'a> {
    pub trace: &'a Trace,
    /// The model of the run, which only norms need.
    pub model: Option<&'a Model>,
    pub quantity: Quantity,
    /// For a difference, the run that is subtracted, and the common tokens as indices in that run and in this one.
    pub with: Option<(&'a Trace, Vec<Place>)>,
}

impl<'a> Maps<'a> {
    /// All heads, in the order L0 H0, L0 H1, ...
    pub fn heads(&self) -> Vec<HeadId> {
        HeadId::all(self.trace.layers(), self.trace.heads()).collect()
    }

    /// The map [query, key] of one head, with NaN where the pattern has NaN.
    ///
    /// Panics for a head that the run does not have.
    pub fn of(&self, head: HeadId) -> CowArray<'a, f32, Ix2> {
        let pattern = self.trace.head(head);
        match self.quantity {
            Quantity::Weight => pattern.into(),
            Quantity::Score => where_read(self.trace.scores(head), pattern).into(),
            Quantity::Norm => {
                let model = self.model.expect("a run is kept only with the model that made it");
                let norms = ndarray::Array1::from(model.value_norms(self.trace, head)); // [key]
                (&pattern * &norms.insert_axis(Axis(0))).into()
            }
            Quantity::LayerMean => layer_mean(self.trace.pattern.view(), head.layer).into(),
            Quantity::Rollout => rollout(self.trace.pattern.view(), head.layer).into(),
            Quantity::Difference => match &self.with {
                Some((with, aligned)) => difference(with.head(head), pattern, aligned).into(),
                None => Array2::from_elem(pattern.dim(), f32::NAN).into(),
            },
        }
    }
}

/// The scores, with NaN for masked keys.
fn where_read(mut scores: Array2<f32>, pattern: ArrayView2<'_, f32>) -> Array2<f32> {
    scores.zip_mut_with(&pattern, |score, weight| {
        if weight.is_nan() {
            *score = f32::NAN;
        }
    });
    scores
}

/// The cells of a map in row-major order.
pub fn cells(map: CowArray<'_, f32, Ix2>) -> Cow<'static, [f32]> {
    Cow::Owned(map.into_owned().into_raw_vec_and_offset().0)
}
