//! The numbers of approximations, which the library and the module with fused multiply-add have in common (build.rs reads this
//! file, too).

/// 2^f for |f| <= 1/2, from the highest power down: 1 at 0, and nowhere off by more than 9.2e-8 of 2^f (least squares, weighted
/// anew until all its largest errors were equal).
#[expect(clippy::approx_constant, reason = "near ln 2, as in the series, and not ln 2")]
pub const POWER_OF_TWO: [f32; 6] = [1.326_472_7e-3, 9.671_513e-3, 0.055_507_336, 0.240_222_42, 0.693_147, 1.0];

/// 1.5 * 2^23: added to a smaller number, it leaves that one's whole part in the low bits. Rounding without a rounding instruction.
pub const ROUNDER: f32 = 12_582_912.0;

/// Of the upper tail of the normal distribution: `Q(a) = sum(t) 2^(-a^2 log2 e / 2)`, t = 1 / (1 + [`TAIL_SCALE`] a), by
/// Abramowitz and Stegun 1964, 7.1.26 for erfc(z) / 2 with z = a / sqrt 2 (error of erf at most 1.5e-7).
pub const TAIL_SCALE: f32 = 0.327_591_1 * std::f32::consts::FRAC_1_SQRT_2;
/// From the highest power of t down to its first: half of theirs.
pub const TAIL: [f32; 5] =
    [1.061_405_4 / 2.0, -1.453_152 / 2.0, 1.421_413_7 / 2.0, -0.284_496_74 / 2.0, 0.254_829_6 / 2.0];
pub const HALF_LOG2_E: f32 = std::f32::consts::LOG2_E / 2.0;
