//! Softmax over rows, in place.

use wide::f32x8;

use super::exp::exp;
use super::relaxed::fused;

/// Each row of `scores` [rows, width] becomes `e^(s - max) / sum`: relative error at most 1e-6 (that of
/// [`exp`] and of the sum) and 1.8e-7 times `max - s` (its rounding, and that of its power of two); the row sums to 1 within 1e-6.
/// A row without a largest finite score comes out as NaN.
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
        // The largest score alone gives 1. Less comes of scores that are not numbers: exp's clamp hides those.
        let scale = if sum >= 1.0 { 1.0 / sum } else { f32::NAN };
        row.iter_mut().for_each(|weight| *weight *= scale);
    }
}

/// Each number becomes `e^(number - max)`; returns their sum.
fn powers(eights: &mut [[f32; 8]], max: f32) -> f32 {
    if let Some(fused) = fused() {
        // SAFETY: so many numbers are there, and borrowed alone.
        return unsafe { (fused.powers)(eights.as_flattened_mut().as_mut_ptr(), eights.len(), max) };
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
    // Two at a time: one would wait for itself.
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
    fn scores_that_are_no_numbers_stay_visible() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut row = [bad; 11];
            softmax_rows(&mut row, 11);
            assert!(row.iter().all(|weight| weight.is_nan()), "{bad}");
        }
    }
}
