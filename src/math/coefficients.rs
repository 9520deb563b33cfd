//! The coefficients of approximations. The library and the WebAssembly text with fused multiply-add use the same ones;
//! build.rs includes this file as well.

/// The polynomial for 2^f with |f| <= 1/2, from the highest power of f down. It is 1 at 0, and its relative error is at
/// most 9.2e-8 (fitted by least squares with weights adapted until the largest errors were equal).
#[expect(clippy::approx_constant, reason = "a coefficient near ln 2, but not ln 2")]
pub const POWER_OF_TWO: [f32; 6] = [1.326_472_7e-3, 9.671_513e-3, 0.055_507_336, 0.240_222_42, 0.693_147, 1.0];

/// 1.5 * 2^23. The sum with a smaller number has that number, rounded to an integer, in its low bits: rounding without
/// a rounding instruction.
pub const ROUNDER: f32 = 12_582_912.0;

/// The upper tail of the normal distribution is `Q(a) = p(t) 2^(-a^2 log2 e / 2)` with t = 1 / (1 + [`TAIL_SCALE`] a)
/// and the polynomial p of [`TAIL`]: formula 7.1.26 of Abramowitz and Stegun 1964 for erfc(z) / 2 with z = a / sqrt 2.
/// Its error of erf is at most 1.5e-7.
pub const TAIL_SCALE: f32 = 0.327_591_1 * std::f32::consts::FRAC_1_SQRT_2;
/// The coefficients of p from the highest power of t down to the first: half of those in the book.
pub const TAIL: [f32; 5] =
    [1.061_405_4 / 2.0, -1.453_152 / 2.0, 1.421_413_7 / 2.0, -0.284_496_74 / 2.0, 0.254_829_6 / 2.0];
/// log2 e / 2.
pub const HALF_LOG2_E: f32 = std::f32::consts::LOG2_E / 2.0;
