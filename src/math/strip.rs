//! The inner loop of every product: a strip of a result, eight columns wide. Nine tenths of a forward pass are spent here.
//!
//! This file is compiled twice: into the library, and by build.rs into a wasm module of its own with fused
//! multiply-add ([`super::relaxed`]), so it knows nothing but `core`, keeps all in registers and never panics.
//!
//! A tile is 4 rows by 8 columns: eight sums, enough to hide the latency of a multiplication and an addition, and few
//! enough for V8's registers. Measured in it (AMD EPYC): 2 x 8 has three quarters of the speed, 6 x 8 six tenths without
//! fused multiply-add, and unrolling costs a third. With the rows of A interleaved a step is two loads of B, four of A
//! and two additions to pointers; with A as it lies it is five, and a tenth slower where B comes from memory.

#[cfg(target_arch = "wasm32")]
#[path = "strip/wasm.rs"]
mod eight;
#[cfg(not(target_arch = "wasm32"))]
#[path = "strip/native.rs"]
mod eight;

use eight::Eight;

/// Rows of a tile.
pub const TILE: usize = 4;

/// `out = A B + start`, or `out += A B + start`: B [depth, 8], out [rows, 8], start `[8]`.
#[repr(C)]
pub struct Strip {
    /// A in tiles [rows / 4, depth, 4], rounded up: what the last tile has behind the last row is read and not used.
    pub tiles: *const f32,
    pub rows: usize,
    pub panel: *const f32,
    pub depth: usize,
    pub out: *mut f32,
    /// Numbers from one row of out to the next.
    pub out_stride: usize,
    pub start: *const f32,
    /// The sums so far are in `out`.
    pub adds: bool,
}

/// # Safety
///
/// The tiles, the panel and the start lie in memory that may be read, all rows of out in memory that may be written and
/// that is none of theirs.
pub unsafe extern "C" fn compute(strip: &Strip) {
    let mut row = 0;
    while row < strip.rows {
        // SAFETY: a row's tile, and of out only rows that it has.
        unsafe {
            let sums = tile(strip.tiles.add(row * strip.depth), strip.panel, strip.depth);
            let start = Eight::load(strip.start);
            for (r, sum) in sums.into_iter().enumerate() {
                if row + r < strip.rows {
                    let place = strip.out.add((row + r) * strip.out_stride);
                    let sum = sum.plus(start);
                    let sum = if strip.adds { sum.plus(Eight::load(place)) } else { sum };
                    sum.store(place);
                }
            }
        }
        row += TILE;
    }
}

/// # Safety
///
/// `tile` has four times, `panel` eight times `depth` numbers.
#[inline(always)]
unsafe fn tile(mut tile: *const f32, mut panel: *const f32, depth: usize) -> [Eight; TILE] {
    let mut sums = [Eight::zero(); TILE];
    // SAFETY: as many steps as there are numbers for.
    unsafe {
        let end = panel.add(depth * 8);
        while panel < end {
            let weights = Eight::load(panel);
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = Eight::splat(tile.add(r)).times_plus(weights, *sum);
            }
            panel = panel.add(8);
            tile = tile.add(TILE);
        }
    }
    sums
}
