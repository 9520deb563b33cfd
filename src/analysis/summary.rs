//! Maps that summarize many heads. Both hide the behaviour of single heads: a mean may be like no head, and rollout
//! assumes that attention is all that moves information between tokens.

use ndarray::{Array2, ArrayView4, Axis};

/// The mean [query, key] over the heads of one layer of `pattern` [layer, head, query, key]. Rows sum to 1. A cell that
/// is not available (NaN) in some heads is the mean of the others, and NaN if it is available in none.
pub fn layer_mean(pattern: ArrayView4<'_, f32>, layer: usize) -> Array2<f32> {
    let maps = pattern.index_axis(Axis(0), layer);
    let add = |&(sum, count): &(f32, f32), &weight: &f32| {
        if weight.is_nan() { (sum, count) } else { (sum + weight, count + 1.0) }
    };
    maps.fold_axis(Axis(0), (0.0, 0.0), add).mapv(|(sum, count)| sum / count)
}

/// Attention rollout to the output of `layer`, `A_layer ... A_1 A_0` with `A = (mean over heads + I) / 2`:
/// [query, token of the input]. Rows sum to 1 (Abnar & Zuidema 2020, section 3). The identity I stands for the residual
/// connection, which is taken to contribute half, without regard to the model's norms.
///
/// Cells of `pattern` [layer, head, query, key] that are not available (NaN) count as 0. A cell that is not available
/// in the last layer is not available in the result. If a layer has no available cell, no cell of the result is
/// available.
pub fn rollout(pattern: ArrayView4<'_, f32>, layer: usize) -> Array2<f32> {
    let identity = Array2::eye(pattern.dim().2);
    let is_missing = |l| pattern.index_axis(Axis(0), l).iter().all(|weight| weight.is_nan());
    if (0..=layer).any(is_missing) {
        return Array2::from_elem((pattern.dim().2, pattern.dim().3), f32::NAN);
    }
    let mean = |l| layer_mean(pattern, l);
    let present = |weight: f32| if weight.is_nan() { 0.0 } else { weight };
    let step = |so_far: Array2<f32>, l| product(&((mean(l).mapv_into(present) + &identity) / 2.0), &so_far);
    let mut rolled = (0..=layer).fold(identity.clone(), step);
    rolled.zip_mut_with(&mean(layer), |cell, last| {
        if last.is_nan() {
            *cell = f32::NAN;
        }
    });
    rolled
}

/// The matrix product `a b`, written out because nothing else in the worker needs a library's product.
fn product(a: &Array2<f32>, b: &Array2<f32>) -> Array2<f32> {
    let mut out = Array2::zeros(a.dim());
    for (mut row, factors) in out.outer_iter_mut().zip(a.outer_iter()) {
        factors.iter().zip(b.outer_iter()).for_each(|(&factor, other)| row.scaled_add(factor, &other));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::all_close;
    use super::*;
    use ndarray::{Array4, array, stack};

    /// Two layers of two heads over two tokens.
    fn pattern() -> Array4<f32> {
        let layer = |a: Array2<f32>, b: Array2<f32>| stack![Axis(0), a, b];
        let first = layer(array![[1.0, 0.0], [0.0, 1.0]], array![[0.0, 1.0], [1.0, 0.0]]);
        let second = layer(array![[1.0, 0.0], [1.0, 0.0]], array![[1.0, 0.0], [0.5, 0.5]]);
        stack![Axis(0), first, second]
    }

    #[test]
    fn the_mean_over_heads() {
        all_close(&layer_mean(pattern().view(), 0), &array![[0.5, 0.5], [0.5, 0.5]]);
        all_close(&layer_mean(pattern().view(), 1), &array![[1.0, 0.0], [0.75, 0.25]]);
        let mut gaps = pattern();
        gaps[[0, 0, 0, 0]] = f32::NAN;
        gaps[[0, 0, 1, 1]] = f32::NAN;
        gaps[[0, 1, 1, 1]] = f32::NAN;
        all_close(&layer_mean(gaps.view(), 0), &array![[0.0, 0.5], [0.5, f32::NAN]]);
    }

    #[test]
    fn rollout_multiplies_from_the_last_layer_down() {
        // A_0 = ([1/2 1/2; 1/2 1/2] + I) / 2 = [3/4 1/4; 1/4 3/4]
        // A_1 = ([1 0; 3/4 1/4] + I) / 2     = [1 0; 3/8 5/8]
        // A_1 A_0 = [3/4 1/4; 3/8*3/4 + 5/8*1/4, 3/8*1/4 + 5/8*3/4] = [3/4 1/4; 7/16 9/16]
        // (A_0 A_1 would be [27/32 5/32; ...].)
        all_close(&rollout(pattern().view(), 0), &array![[0.75, 0.25], [0.25, 0.75]]);
        let rolled = rollout(pattern().view(), 1);
        all_close(&rolled, &array![[0.75, 0.25], [7.0 / 16.0, 9.0 / 16.0]]);
        all_close(&rolled.sum_axis(Axis(1)), &array![1.0, 1.0]);
    }

    #[test]
    fn what_a_mask_hides_carries_nothing() {
        let gap = f32::NAN;
        let causal = array![[1.0, gap], [0.5, 0.5]];
        let both = stack![Axis(0), stack![Axis(0), causal.clone()], stack![Axis(0), causal]];
        // Twice [1 0; 1/4 3/4].
        all_close(&rollout(both.view(), 1), &array![[1.0, gap], [0.4375, 0.5625]]);
    }

    #[test]
    fn nothing_is_rolled_through_a_layer_that_is_missing() {
        let mut gaps = stack![
            Axis(0),
            pattern().index_axis(Axis(0), 0),
            pattern().index_axis(Axis(0), 0),
            pattern().index_axis(Axis(0), 1)
        ];
        gaps.index_axis_mut(Axis(0), 1).fill(f32::NAN);
        assert!(rollout(gaps.view(), 0).iter().all(|weight| weight.is_finite()));
        for layer in [1, 2] {
            assert!(rollout(gaps.view(), layer).iter().all(|weight| weight.is_nan()), "layer {layer}");
        }
    }
}
