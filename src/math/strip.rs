//! The inner loop of every product: a strip of a result, eight columns wide. Nine tenths of a forward pass are spent here.
//!
//! This file is compiled twice: into the library, and by build.rs into a wasm module of its own with fused
//! multiply-add ([`super::relaxed`]), so it knows nothing but `core`, keeps all in registers and never panics.
//!
//! A tile is 4 rows by 8 columns: eight sums, enough to hide the latency of a multiplication and an addition, and few
//! enough for V8's registers. Measured in it (AMD EPYC, 3 GHz): 2 x 8 has three quarters of the speed, 6 x 8 six tenths
//! without fused multiply-add, and unrolling costs a third.

#[cfg(target_arch = "wasm32")]
#[path = "strip/wasm.rs"]
mod eight;
#[cfg(not(target_arch = "wasm32"))]
#[path = "strip/native.rs"]
mod eight;

use eight::Eight;

/// Rows of a tile.
const TILE: usize = 4;

/// `out = A B + start`, or `out += A B + start`: A [rows, depth], B [depth, 8], out [rows, 8], start `[8]`. Strides count
/// numbers, from one row to the next.
#[repr(C)]
pub struct Strip {
    pub a: *const f32,
    pub a_stride: usize,
    pub rows: usize,
    /// B, without gaps.
    pub panel: *const f32,
    pub depth: usize,
    pub out: *mut f32,
    pub out_stride: usize,
    pub start: *const f32,
    /// The sums so far are in `out`.
    pub adds: bool,
}

/// # Safety
///
/// All rows of A and of out, the panel and the start lie in memory that may be read, out in memory that may be written
/// and that is none of the others.
pub unsafe extern "C" fn compute(strip: &Strip) {
    let mut row = 0;
    while row < strip.rows {
        // SAFETY: rows from `row` on, at most as many as are left.
        unsafe {
            match strip.rows - row {
                1 => tile::<1>(strip, row),
                2 => tile::<2>(strip, row),
                3 => tile::<3>(strip, row),
                _ => tile::<TILE>(strip, row),
            }
        }
        row += TILE;
    }
}

/// `R` rows from `row` on.
///
/// # Safety
///
/// As of [`compute`], and the strip has these rows.
#[inline(always)]
unsafe fn tile<const R: usize>(strip: &Strip, row: usize) {
    // SAFETY: a row's pointer goes `depth` numbers on, the panel's eight times as many; both end where their data do.
    unsafe {
        let mut sums = [Eight::zero(); R];
        let mut rows: [*const f32; R] = core::array::from_fn(|r| strip.a.add((row + r) * strip.a_stride));
        let mut panel = strip.panel;
        let end = panel.add(strip.depth * 8);
        while panel < end {
            let weights = Eight::load(panel);
            for r in 0..R {
                sums[r] = Eight::splat(rows[r]).times_plus(weights, sums[r]);
                rows[r] = rows[r].add(1);
            }
            panel = panel.add(8);
        }
        let start = Eight::load(strip.start);
        for (r, sum) in sums.into_iter().enumerate() {
            let place = strip.out.add((row + r) * strip.out_stride);
            let sum = sum.plus(start);
            let sum = if strip.adds { sum.plus(Eight::load(place)) } else { sum };
            sum.store(place);
        }
    }
}
