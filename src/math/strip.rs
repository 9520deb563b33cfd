//! The inner loop of every product: a strip of a result, eight columns wide. Nine tenths of a forward pass are spent here.
//!
//! Where the browser has fused multiply-add, a module of its own takes this one's place: [`super::relaxed`], written in
//! strip/fused.rs.
//!
//! A tile is a few rows by 8 columns: enough sums to hide the latency of a multiplication and an addition, and few enough
//! for V8's registers. Measured in it: without fused multiply-add 6 x 8 has six tenths of the speed of 4 x 8 and 2 x 8
//! three quarters, with it 6 x 8 is up to a sixth faster (Intel Xeon; AMD EPYC a tenth); unrolling, as the
//! compiler writes it, gives nothing or costs a third. With the rows of A interleaved a step is two loads of B, one of A for each row and two additions to pointers; with
//! A as it lies it is five, and a tenth slower where B comes from memory.

#[cfg(target_arch = "wasm32")]
#[path = "strip/wasm.rs"]
mod eight;
#[cfg(not(target_arch = "wasm32"))]
#[path = "strip/native.rs"]
mod eight;

use eight::Eight;

/// Rows of a tile; with fused multiply-add those of a last one for which so many are enough.
pub const LOW: usize = 4;
/// Of a tile with fused multiply-add.
pub const TALL: usize = 6;

/// `out = A B + start`, or `out += A B + start`: B [depth, 8], out [rows, 8], start `[8]`.
#[repr(C)]
pub struct Strip {
    /// A in tiles [depth, LOW], one behind the other; for fused multiply-add in tiles [depth, TALL], the last of which is
    /// [depth, LOW] where no more than LOW rows are left. What the last has behind the last row is read and not used.
    pub tiles: *const f32,
    pub rows: usize,
    pub panel: *const f32,
    /// 1 or more.
    pub depth: usize,
    pub out: *mut f32,
    /// Numbers from one row of out to the next.
    pub out_stride: usize,
    pub start: *const f32,
    /// The sums so far are in `out`.
    pub adds: bool,
    /// Bytes that are needed next, and how many: they may be read on the way, so that they are near then.
    pub ahead: *const u8,
    pub ahead_bytes: usize,
}

/// # Safety
///
/// The tiles, the panel, what is ahead and the start lie in memory that may be read, all rows of out in memory that may be written and
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
        row += LOW;
    }
}

/// # Safety
///
/// `tile` has four times, `panel` eight times `depth` numbers.
#[inline(always)]
unsafe fn tile(mut tile: *const f32, mut panel: *const f32, depth: usize) -> [Eight; LOW] {
    let mut sums = [Eight::zero(); LOW];
    // SAFETY: as many steps as there are numbers for.
    unsafe {
        let end = panel.add(depth * 8);
        while panel < end {
            let weights = Eight::load(panel);
            for (r, sum) in sums.iter_mut().enumerate() {
                *sum = Eight::splat(tile.add(r)).times_plus(weights, *sum);
            }
            panel = panel.add(8);
            tile = tile.add(LOW);
        }
    }
    sums
}
