//! Tests that also run in a page of a real browser; natively they hold the same numbers.

use attnscope::analysis::{THUMB_SIDE, thumbnails};
use ndarray::Array4;

#[cfg(not(target_arch = "wasm32"))]
use std::prelude::v1::test as test_here;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test_here;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Thumbnails are compared bit by bit: no target may round, order or index otherwise.
#[test_here]
fn thumbnails_are_the_same_on_every_target() {
    let n = THUMB_SIDE + 13;
    let pattern = Array4::from_shape_fn((2, 3, n, n), |(l, h, q, k)| {
        1.0 / (1 + (l * 7919 + h * 104_729 + q * 1_299_709 + k * 15_485_863) % 1009) as f32
    });
    let (thumbs, side) = thumbnails(pattern.view());
    assert_eq!(side, THUMB_SIDE);
    let checksum = thumbs.iter().fold(0u32, |sum, w| sum.rotate_left(5) ^ w.to_bits());
    assert_eq!(checksum, 1_551_271_378);
}
