//! The micro-kernel of every product: eight columns of a block of the result. Nine tenths of a forward pass are spent
//! here.
//!
//! Where the browser has fused multiply-add, a function of the module in [`crate::math::relaxed_simd`] takes this one's
//! place.
//!
//! A tile is a few rows by eight columns: enough sums to hide the latency of a multiplication and an addition, and few
//! enough for V8's registers. Measured in V8: without fused multiply-add, 6 x 8 has six tenths of the speed of 4 x 8,
//! and 2 x 8 three quarters; with it, 6 x 8 is up to a sixth faster (Intel Xeon; AMD EPYC a tenth). Unrolling, as the
//! compiler writes it, gains nothing or costs a third. With the rows of A interleaved in tiles, a step is two loads of
//! B, one load of A for each row and two additions to pointers. With A as it lies in memory it is five additions, and a
//! tenth slower when B comes from memory.

#![allow(unsafe_code, reason = "the loop over raw pointers is measured to be half again as fast as one over slices")]

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
use native::F32x8;
#[cfg(target_arch = "wasm32")]
use wasm::F32x8;

use crate::math::relaxed_simd::layout::{MR_4, MR_6};
use crate::math::relaxed_simd::{KernelArgs, MicroKernel, functions};

/// The micro-kernel that is in use: the one with fused multiply-add if it is installed, otherwise [`portable`].
#[inline(always)]
pub fn selected() -> MicroKernel {
    functions().map_or(portable, |functions| functions.micro_kernel)
}

/// Rows of a tile of the micro-kernel that is in use.
pub fn mr() -> usize {
    if functions().is_some() { MR_6 } else { MR_4 }
}

/// The library's own micro-kernel, in tiles of [`MR_4`] rows.
///
/// # Safety
///
/// The conditions of [`MicroKernel`].
pub unsafe extern "C" fn portable(args: &KernelArgs) {
    let mut row = 0;
    while row < args.rows {
        // SAFETY: `row` is below `args.rows` and a multiple of MR_4, so a tile of `depth * MR_4` numbers begins `row *
        // depth` numbers behind the first one. The panel has `depth * 8` numbers and `start` eight. Only rows below
        // `args.rows` of `out` are read and written, and nothing else overlaps them.
        unsafe {
            let sums = tile(args.tiles.add(row * args.depth), args.panel, args.depth);
            let start = F32x8::load(args.start);
            for (r, sum) in sums.into_iter().enumerate() {
                if row + r < args.rows {
                    let place = args.out.add((row + r) * args.out_stride);
                    let sum = sum.plus(start);
                    let sum = if args.adds { sum.plus(F32x8::load(place)) } else { sum };
                    sum.store(place);
                }
            }
        }
        row += MR_4;
    }
}

/// The product of one tile [depth, MR_4], read as [MR_4, depth], with a panel [depth, 8].
///
/// # Safety
///
/// `tile` points to `MR_4 * depth` numbers and `panel` to `8 * depth` numbers, which can be read during the call.
#[inline(always)]
unsafe fn tile(mut tile: *const f32, mut panel: *const f32, depth: usize) -> [F32x8; MR_4] {
    let mut sums = [F32x8::zero(); MR_4];
    // SAFETY: `end` is the end of the panel. Each round reads eight numbers of the panel and MR_4 of the tile and
    // advances by as many, so that after `depth` rounds both are at their ends.
    unsafe {
        let end = panel.add(depth * 8);
        while panel < end {
            let weights = F32x8::load(panel);
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = F32x8::splat(tile.add(r)).times_plus(weights, *sum);
            }
            panel = panel.add(8);
            tile = tile.add(MR_4);
        }
    }
    sums
}
