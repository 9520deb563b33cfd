//! What a weight is worth: a large weight on a small value brings little.

use ndarray::{Array1, Array2, ArrayView2, Axis};

/// How long the vectors are that a head brings, in units of the model's activations, 0 and up.
#[derive(Clone, Debug, PartialEq)]
pub struct Norms {
    /// `|weight * v W_O^T|` [query, key]: the vector the query gets from the key.
    pub weighted: Array2<f32>,
    /// `|v W_O^T|` [key]: the vector the key would give at a weight of 1.
    pub full: Array1<f32>,
}

/// Norms of one head's weighted values (Kobayashi et al. 2020, section 3).
///
/// `pattern` [n, n] are its weights, `values` [n, d] its values with the bias added, as the trace holds
/// them, and `output` [width, d] its columns of the output projection W_O, stored [out, in].
/// The projection's bias belongs to no key and is left out. A weight that is not available (NaN) stays so.
pub fn norms(pattern: ArrayView2<'_, f32>, values: ArrayView2<'_, f32>, output: ArrayView2<'_, f32>) -> Norms {
    let full = values.dot(&output.t()).map_axis(Axis(1), |given| given.dot(&given).sqrt());
    // A weight is not negative, so the norm of the product is the product with the norm.
    Norms { weighted: &pattern * &full, full }
}

#[cfg(test)]
mod tests {
    use super::super::testing::all_close;
    use super::*;
    use ndarray::array;

    #[test]
    fn a_small_weight_on_a_long_vector_can_bring_more() {
        // W_O takes (x, y) to (3x, 4x, y): v0 = (1, 0) -> (3, 4, 0), length 5; v1 = (0, 2) -> (0, 0, 2), length 2.
        let values = array![[1.0, 0.0], [0.0, 2.0]];
        let output = array![[3.0, 0.0], [4.0, 0.0], [0.0, 1.0]];
        let pattern = array![[0.5, 0.5], [0.25, 0.75]];
        let norms = norms(pattern.view(), values.view(), output.view());
        all_close(&norms.full, &array![5.0, 2.0]);
        all_close(&norms.weighted, &array![[2.5, 1.0], [1.25, 1.5]]);
    }

    #[test]
    fn a_weight_that_is_not_available_has_no_norm() {
        let norms = norms(array![[f32::NAN, 1.0]].view(), array![[1.0], [2.0]].view(), array![[-2.0]].view());
        all_close(&norms.weighted, &array![[f32::NAN, 4.0]]);
    }
}
