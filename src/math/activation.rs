//! The nonlinear functions of feed-forward layers.

use wide::f32x8;

use super::coefficients::{HALF_LOG2_E, TAIL, TAIL_SCALE};
use super::exp::{exp, exp2};
use super::relaxed_simd;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `x Phi(x)`, where Phi is the cumulative distribution function of the normal distribution (Hendrycks and Gimpel
    /// 2016, <https://arxiv.org/abs/1606.08415>); `gelu` in configs.
    Gelu,
    /// The approximation of GELU by tanh (same paper); `gelu_new` or `gelu_pytorch_tanh` in configs.
    GeluTanh,
    /// `max(x, 0)`; `relu` in configs.
    Relu,
    /// `x / (1 + e^-x)` (same paper); `silu` or `swish` in configs.
    Silu,
}

impl Activation {
    /// The function of eight numbers. The absolute error of both GELUs and of SiLU is at most 3e-7, or 1.5e-7 x for x
    /// above 2. NaN stays NaN.
    #[inline(always)]
    pub fn of(self, x: f32x8) -> f32x8 {
        match self {
            Self::Gelu => gelu(x),
            Self::GeluTanh => gelu_tanh(x),
            // The second term is 0 for finite x. `fast_max` may turn NaN into 0, and the second term makes it NaN
            // again.
            Self::Relu => x.fast_max(f32x8::ZERO) + x * f32x8::ZERO,
            Self::Silu => x / (f32x8::ONE + exp(-x)),
        }
    }
}

/// Applies an activation, in place, to the first eight numbers of each of `rows` rows, which begin `stride` numbers
/// apart.
///
/// Panics when there are no rows, or `place` ends before the last row does.
#[allow(unsafe_code, reason = "calls a function of the relaxed SIMD module")]
pub(super) fn activate(activation: Activation, place: &mut [f32], rows: usize, stride: usize) {
    assert!(rows > 0 && (rows - 1) * stride + 8 <= place.len(), "room for all rows");
    if let (Activation::Gelu, Some(functions)) = (activation, relaxed_simd::functions()) {
        // SAFETY: the last row's eight numbers end within `place`, as was asserted, so those of all rows do. `place` is
        // borrowed mutably for the call.
        return unsafe { (functions.gelu)(place.as_mut_ptr(), rows, stride) };
    }
    for row in place.chunks_mut(stride).take(rows) {
        let eight = row.first_chunk_mut().expect("a row of eight");
        *eight = activation.of(f32x8::new(*eight)).to_array();
    }
}

/// `gate = activation(gate) * up`, element by element (Shazeer 2020, <https://arxiv.org/abs/2002.05202>). Both have the
/// same length.
pub fn gate(activation: Activation, gate: &mut [f32], up: &[f32]) {
    for (gate, up) in gate.chunks_mut(8).zip(up.chunks(8)) {
        let mut lanes = [0.0; 8];
        lanes[..gate.len()].copy_from_slice(gate);
        let opened = activation.of(f32x8::new(lanes)).to_array();
        gate.iter_mut().zip(opened).zip(up).for_each(|((gate, opened), up)| *gate = opened * up);
    }
}

/// GELU as `max(x, 0) - |x| Q(|x|)`, where Q is the upper tail of the normal distribution ([`super::coefficients`]).
#[inline(always)]
fn gelu(x: f32x8) -> f32x8 {
    let magnitude = x.abs();
    let t = f32x8::ONE / (f32x8::ONE + f32x8::splat(TAIL_SCALE) * magnitude);
    let mut sum = f32x8::splat(TAIL[0]);
    for a in &TAIL[1..] {
        sum = sum * t + f32x8::splat(*a);
    }
    let tail = sum * t * exp2(x * x * f32x8::splat(-HALF_LOG2_E));
    x.fast_max(f32x8::ZERO) - magnitude * tail
}

/// `x (1 + tanh u) / 2`, which equals `x / (1 + e^(-2u))`, for u = sqrt(2 / pi) (x + 0.044715 x^3).
#[inline(always)]
fn gelu_tanh(x: f32x8) -> f32x8 {
    const TWO_SQRT_2_OVER_PI: f32 = 1.595_769;
    let twice_u = f32x8::splat(TWO_SQRT_2_OVER_PI) * (x + f32x8::splat(0.044_715) * x * x * x);
    x / (f32x8::ONE + exp(-twice_u))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// erf by its series and, in the tail, by its continued fraction, in f64 (Abramowitz and Stegun 7.1.5, 7.1.14).
    fn erfc(z: f64) -> f64 {
        if z < 2.5 {
            let (mut term, mut sum) = (z, z);
            for n in 1..80 {
                term *= -z * z / f64::from(n);
                sum += term / f64::from(2 * n + 1);
            }
            return 1.0 - sum * 2.0 / std::f64::consts::PI.sqrt();
        }
        let fraction = (1..200).rev().fold(z, |below, k| z + f64::from(k) / 2.0 / below);
        (-z * z).exp() / std::f64::consts::PI.sqrt() / fraction
    }

    fn worst(activation: Activation, twin: impl Fn(f64) -> f64) -> f64 {
        let mut worst = 0.0f64;
        for i in -120_000..=120_000 {
            let x = i as f32 * 1e-4;
            let got = f64::from(activation.of(f32x8::splat(x)).to_array()[0]);
            worst = worst.max((got - twin(f64::from(x))).abs() / f64::from(x.max(2.0) / 2.0));
        }
        println!("{activation:?}: largest error {worst:.2e}");
        worst
    }

    #[test]
    fn gelu_stays_within_its_bound() {
        let twin = |x: f64| x.max(0.0) - x.abs() * 0.5 * erfc(x.abs() / 2f64.sqrt());
        assert!(worst(Activation::Gelu, twin) <= 3e-7);
    }

    #[test]
    fn tanh_gelu_stays_within_its_bound() {
        let twin =
            |x: f64| 0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3))).tanh());
        assert!(worst(Activation::GeluTanh, twin) <= 3e-7);
    }

    #[test]
    fn silu_stays_within_its_bound() {
        assert!(worst(Activation::Silu, |x| x / (1.0 + (-x).exp())) <= 3e-7);
    }

    #[test]
    fn a_gate_multiplies_its_activation_with_up() {
        let up: Vec<f32> = (0..11).map(|i| i as f32).collect();
        let mut opened = vec![-1.0, 2.0, 0.5, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, -5.0, 2.0];
        gate(Activation::Relu, &mut opened, &up);
        assert_eq!(opened, [0.0, 2.0, 1.0, 9.0, 4.0, 5.0, 6.0, 7.0, 8.0, 0.0, 20.0]);
    }

    #[test]
    fn relu_is_exact() {
        assert_eq!(worst(Activation::Relu, |x| x.max(0.0)), 0.0);
    }

    #[test]
    fn large_numbers_stay_finite_and_nan_stays_nan() {
        for activation in [Activation::Gelu, Activation::GeluTanh, Activation::Relu, Activation::Silu] {
            let [low, high, ..] = activation.of(f32x8::new([-1e4, 1e4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])).to_array();
            assert!(low.abs() < 1e-30, "{activation:?} {low}");
            assert_eq!(high, 1e4, "{activation:?}");
            assert!(activation.of(f32x8::splat(f32::NAN)).to_array()[0].is_nan(), "{activation:?}");
        }
    }
}
