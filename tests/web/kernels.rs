//! Numbers and matrices for tests of the kernels in a browser.

use attnscope::math::{DType, PackedB, TensorView};

/// Numbers from -1 to 1, the same ones on every run.
pub fn noise(len: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    std::iter::repeat_with(next).take(len).collect()
}

/// Weights [columns, depth], as checkpoints store them.
pub fn panels(weights: &[f32], depth: usize) -> PackedB {
    let bytes: Vec<u8> = weights.iter().flat_map(|x| x.to_le_bytes()).collect();
    PackedB::from_weights(&[TensorView { dtype: DType::F32, bytes: &bytes }], depth)
}
