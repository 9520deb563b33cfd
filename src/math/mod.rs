//! Kernels on f32 slices: matrix products, softmax, activations and norms, each tested against a scalar twin; the
//! number formats of weight files; and reproducible random numbers.
//!
//! All matrices are row-major. Vectors have eight lanes ([`wide::f32x8`]), which are two registers on WebAssembly.
//! Within this folder, imports form no circle; `tests/native/layers.rs` checks it.

pub mod activation;
pub mod alive;
mod coefficients;
pub mod exp;
pub mod gemm;
pub mod norm;
pub mod quant;
pub mod random;
pub mod relaxed_simd;
pub mod softmax;

pub use activation::{Activation, gate};
pub use gemm::NR;
pub use gemm::blocking::{Epilogue, Rows, matmul};
pub use gemm::packed::PackedB;
pub use gemm::stored::StoredB;
pub use gemm::weights::WeightMatrix;
pub use norm::{layer_norm, rms_norm};
pub use quant::dtype::DType;
pub use quant::interleaved::TensorData;
pub use quant::view::TensorView;
pub use random::Random;
pub use softmax::softmax_rows;

/// Numbers from `-range` to `range`, the same ones on every run for the same seed.
#[cfg(test)]
pub(crate) fn noise(len: usize, range: f32, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 8) as f32 / (1 << 23) as f32 - 1.0) * range
        })
        .collect()
}
