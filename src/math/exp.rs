//! e to the x for eight numbers at once.

use wide::{f32x8, i32x8};

/// e^x with a relative error of at most 1.5e-7 for x in [-87, 88]; outside it stays at that range's ends,
/// so that a weight of nothing comes out as 1.6e-38, not as a fault. NaN gives some number or NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor polynomial of degree 7 (remainder below 6e-9),
/// 2^n by adding n to the exponent's bits.
#[inline(always)]
pub fn exp(x: f32x8) -> f32x8 {
    // Adding 1.5 * 2^23 leaves the whole part in the low bits: rounding without a rounding instruction.
    const ROUNDER: f32 = 12_582_912.0;
    // ln 2 in two parts; the first has few enough bits that n times it is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.fast_max(f32x8::splat(-87.0)).fast_min(f32x8::splat(88.0));
    let shifted = x * f32x8::splat(std::f32::consts::LOG2_E) + f32x8::splat(ROUNDER);
    let n = shifted - f32x8::splat(ROUNDER);
    let r = x - n * f32x8::splat(LN_2_HIGH) - n * f32x8::splat(LN_2_LOW);
    let mut sum = f32x8::splat(1.0 / 5040.0);
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * r + f32x8::splat(coefficient);
    }
    let exponent: i32x8 = bytemuck::cast::<f32x8, i32x8>(shifted) << 23;
    bytemuck::cast(bytemuck::cast::<f32x8, i32x8>(sum) + exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_bound() {
        let mut worst = 0.0f64;
        for i in 0..=1_750_000 {
            let x = -87.0 + i as f32 * 1e-4;
            let got = f64::from(exp(f32x8::splat(x)).to_array()[0]);
            let want = f64::from(x).exp();
            worst = worst.max((got / want - 1.0).abs());
        }
        println!("largest relative error {worst:.2e}");
        assert!(worst <= 1.5e-7, "{worst}");
    }

    #[test]
    fn the_ends_and_the_middle() {
        let [zero, low, high, minus_infinity, ..] =
            exp(f32x8::new([0.0, -1e30, 1e30, f32::NEG_INFINITY, 0.0, 0.0, 0.0, f32::NAN])).to_array();
        assert_eq!(zero, 1.0);
        assert!(low > 0.0 && low < 1e-37);
        assert!(high > 1e38 && high.is_finite());
        assert_eq!(minus_infinity, low);
    }
}
