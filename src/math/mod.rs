//! Kernels on f32 slices: one source for native and wasm, each with a scalar twin that it is tested against; and
//! random numbers by seed.
//!
//! All matrices are row-major. Vectors are eight lanes wide ([`wide::f32x8`]): two registers on wasm.

pub mod abreast;
pub mod activation;
pub mod alive;
mod blocks;
mod coefficients;
mod eights;
pub mod exp;
pub mod floats;
pub mod matmul;
pub mod matrix;
pub mod norm;
pub mod panels;
pub mod parallel;
pub mod random;
pub mod relaxed;
pub mod softmax;
pub mod strip;

pub use abreast::SharedFloats;
pub use activation::{Activation, gate};
pub use floats::{FloatKind, Floats};
pub use matmul::{Rows, Then, matmul};
pub use matrix::{Matrix, Stored};
pub use norm::{add_layer_norm, layer_norm, rms_norm};
pub use panels::{PANEL, Panels};
pub use random::Random;
pub use softmax::softmax_rows;

/// Numbers from -range to range, the same ones on every run.
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
