//! Softmax over rows, in place.

use wide::f32x8;

use super::exp::exp;
use super::relaxed_simd;

/// Replaces each row of `scores` [rows, width] by its softmax, `e^(s - max) / sum`.
///
/// The relative error of a result is at most 1e-6 (of [`exp`] and of the sum) plus 1.8e-7 times `max - s` (of the
/// rounding of that difference and of its power of two), and a row sums to 1 within 1e-6. A row whose largest score is
/// not finite becomes NaN.
///
/// Panics when `width` is 0.
pub fn softmax_rows(scores: &mut [f32], width: usize) {
    for row in scores.chunks_exact_mut(width) {
        let max = max_of(row);
        let (eights, rest) = row.as_chunks_mut::<8>();
        let sum = powers(eights, max);
        let mut last = [f32::NEG_INFINITY; 8];
        last[..rest.len()].copy_from_slice(rest);
        let last = exp(f32x8::new(last) - f32x8::splat(max)).to_array();
        rest.copy_from_slice(&last[..rest.len()]);
        let sum = sum + rest.iter().sum::<f32>();
        // The largest score alone gives 1. A smaller sum comes from scores that are NaN or infinite, which the clamp of
        // `exp` hides.
        let scale = if sum >= 1.0 { 1.0 / sum } else { f32::NAN };
        row.iter_mut().for_each(|weight| *weight *= scale);
    }
}

/// Replaces each number x by `e^(x - max)` and returns their sum.
#[allow(unsafe_code, reason = "calls a function of the relaxed SIMD module")]
fn powers(eights: &mut [[f32; 8]], max: f32) -> f32 {
    if let Some(functions) = relaxed_simd::functions() {
        // SAFETY: the slice has eight times `eights.len()` numbers, and is borrowed mutably for the call.
        return unsafe { (functions.powers)(eights.as_flattened_mut().as_mut_ptr(), eights.len(), max) };
    }
    let mut sums = f32x8::ZERO;
    for eight in eights {
        let weights = exp(f32x8::new(*eight) - f32x8::splat(max));
        sums += weights;
        *eight = weights.to_array();
    }
    sums.reduce_add()
}

fn max_of(row: &[f32]) -> f32 {
    let (sixteens, rest) = row.as_chunks::<16>();
    // Two maxima at a time, because each step of a single one would wait for the step before it.
    let two = sixteens.iter().fold([f32x8::splat(f32::NEG_INFINITY); 2], |[a, b], sixteen| {
        let [c, d]: [f32x8; 2] = bytemuck::cast(*sixteen);
        [a.fast_max(c), b.fast_max(d)]
    });
    two[0].fast_max(two[1]).to_array().iter().chain(rest).fold(f32::NEG_INFINITY, |max, &x| max.max(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::noise;

    #[test]
    fn agrees_with_its_twin() {
        for width in [1, 2, 7, 8, 9, 64, 511] {
            let scores = noise(3 * width, 30.0, 5);
            let mut ours = scores.clone();
            softmax_rows(&mut ours, width);
            for (ours, scores) in ours.chunks(width).zip(scores.chunks(width)) {
                let max = scores.iter().fold(f64::MIN, |m, &s| m.max(f64::from(s)));
                let weights: Vec<f64> = scores.iter().map(|&s| (f64::from(s) - max).exp()).collect();
                let sum: f64 = weights.iter().sum();
                for ((got, weight), &score) in ours.iter().zip(weights).zip(scores) {
                    let want = weight / sum;
                    let bound = 1e-6 + 1.8e-7 * (max - f64::from(score));
                    assert!((f64::from(*got) - want).abs() <= bound * want, "width {width}: {got} is not {want}");
                }
                assert!((ours.iter().sum::<f32>() - 1.0).abs() <= 1e-6);
            }
        }
    }

    #[test]
    fn large_scores_do_not_overflow() {
        let mut row = [1e30, -1e30, 0.0];
        softmax_rows(&mut row, 3);
        assert_eq!(row[0], 1.0);
        assert!(row[1..].iter().all(|&w| (0.0..1e-30).contains(&w)));
    }

    #[test]
    fn scores_that_are_not_finite_give_nan() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut row = [bad; 11];
            softmax_rows(&mut row, 11);
            assert!(row.iter().all(|weight| weight.is_nan()), "{bad}");
        }
    }
}
