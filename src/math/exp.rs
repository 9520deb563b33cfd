//! Powers of two and of e, eight numbers at once.

use wide::{f32x8, i32x8};

use super::coefficients::{POWER_OF_TWO, ROUNDER};

/// 2^x for x in [-126, 127], with a relative error of at most 2e-7. Smaller and larger x give the results at the ends
/// of that range, so that the smallest weight of a softmax is 1.2e-38. The result for NaN is unspecified.
///
/// x is split into n + f with an integer n and |f| <= 1/2. A polynomial gives 2^f, and adding n to its exponent bits
/// multiplies it with 2^n.
#[inline(always)]
pub fn exp2(x: f32x8) -> f32x8 {
    let x = x.fast_max(f32x8::splat(-126.0)).fast_min(f32x8::splat(127.0));
    let shifted = x + f32x8::splat(ROUNDER);
    let f = x - (shifted - f32x8::splat(ROUNDER));
    let mut sum = f32x8::splat(POWER_OF_TWO[0]);
    for coefficient in &POWER_OF_TWO[1..] {
        sum = sum * f + f32x8::splat(*coefficient);
    }
    let exponent: i32x8 = bytemuck::cast::<f32x8, i32x8>(shifted) << 23;
    bytemuck::cast(bytemuck::cast::<f32x8, i32x8>(sum) + exponent)
}

/// e^x for x in [-87, 88], with a relative error of at most 2e-7 plus 1.2e-7 |x|, because x log2 e is rounded.
#[inline(always)]
pub fn exp(x: f32x8) -> f32x8 {
    exp2(x * f32x8::splat(std::f32::consts::LOG2_E))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_stay_within_their_bound() {
        let mut worst = 0.0f64;
        for i in 0..=2_530_000 {
            let x = -126.0 + i as f32 * 1e-4;
            let got = f64::from(exp2(f32x8::splat(x)).to_array()[0]);
            worst = worst.max((got / f64::from(x).exp2() - 1.0).abs());
        }
        println!("largest relative error {worst:.2e}");
        assert!(worst <= 2e-7, "{worst}");
    }

    #[test]
    fn powers_of_e_stay_within_their_bound() {
        for i in 0..=1_750_000 {
            let x = -87.0 + i as f32 * 1e-4;
            let got = f64::from(exp(f32x8::splat(x)).to_array()[0]);
            let off = (got / f64::from(x).exp() - 1.0).abs();
            assert!(off <= 2e-7 + 1.2e-7 * f64::from(x.abs()), "e^{x} is off by {off:.2e}");
        }
    }

    #[test]
    fn the_ends_and_the_middle() {
        let [zero, low, high, minus_infinity, ..] =
            exp2(f32x8::new([0.0, -1e30, 1e30, f32::NEG_INFINITY, 0.0, 0.0, 0.0, f32::NAN])).to_array();
        assert_eq!(zero, 1.0);
        assert!(low > 0.0 && low < 1.2e-38);
        assert!(high > 1e38 && high.is_finite());
        assert_eq!(minus_infinity, low);
    }
}
