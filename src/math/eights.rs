//! Blocks of eight columns at once, expanded straight into a panel's rows.
//!
//! Bit by bit a number took as long as its product with eight rows. Here the blocks' bytes of eight columns are interleaved
//! first, as bytes: what follows then goes over whole vectors, and its results lie as the product reads them. Numbers are
//! those of [`super::blocks`], which is the twin that this is tested against (src/math/matrix.rs).

use bytemuck::cast;
use wide::{f32x8, u8x16, u16x8, u32x8};

use super::blocks::{LARGE, SMALL, scale_and_minimum};
use super::floats::FloatKind;
use super::panels::PANEL;

/// A row of a panel: one number of each column.
type Row = [f32; PANEL];

/// Expands as many numbers of each of eight columns as `rows` has rows, whole blocks. False, with nothing done, for kinds
/// that are not at home here.
pub fn expand(kind: FloatKind, columns: [&[u8]; PANEL], rows: &mut [Row]) -> bool {
    match kind {
        FloatKind::Q4_0 => each(columns, rows, q4_0),
        FloatKind::Q4_1 => each(columns, rows, q4_1),
        FloatKind::Q8_0 => each(columns, rows, q8_0),
        FloatKind::Q4_K => each(columns, rows, q4_k),
        FloatKind::Q6_K => each(columns, rows, q6_k),
        _ => return false,
    }
    true
}

#[inline(always)]
fn each<const BYTES: usize, const NUMBERS: usize>(
    columns: [&[u8]; PANEL],
    rows: &mut [Row],
    expand: impl Fn([&[u8; BYTES]; PANEL], &mut [Row; NUMBERS]),
) {
    let blocks = columns.map(|column| column.as_chunks::<BYTES>().0);
    for (i, rows) in rows.as_chunks_mut::<NUMBERS>().0.iter_mut().enumerate() {
        expand(blocks.map(|column| &column[i]), rows);
    }
}

fn q4_0(blocks: [&[u8; 18]; PANEL], rows: &mut [Row; SMALL]) {
    let spread = Spread { centre: 8.0, scale: halves(blocks, 0), added: f32x8::ZERO };
    let (low, high) = nibbles(interleaved(blocks, 2));
    spread.over(&low, rows, 0);
    spread.over(&high, rows, 16);
}

fn q4_1(blocks: [&[u8; 20]; PANEL], rows: &mut [Row; SMALL]) {
    let spread = Spread { centre: 0.0, scale: halves(blocks, 0), added: halves(blocks, 2) };
    let (low, high) = nibbles(interleaved(blocks, 4));
    spread.over(&low, rows, 0);
    spread.over(&high, rows, 16);
}

fn q8_0(blocks: [&[u8; 34]; PANEL], rows: &mut [Row; SMALL]) {
    let spread = Spread { centre: 128.0, scale: halves(blocks, 0), added: f32x8::ZERO };
    for first in [0, 16] {
        // With its upper bit turned, a signed byte is an unsigned one that is 128 more.
        let bytes = interleaved(blocks, 2 + first).map(|bytes| bytes ^ u8x16::splat(128));
        spread.over(&bytes, rows, first);
    }
}

fn q4_k(blocks: [&[u8; 144]; PANEL], rows: &mut [Row; LARGE]) {
    for run in (0..8).step_by(2) {
        let [low, high] = [run, run + 1].map(|run| {
            let both = blocks.map(|block| scale_and_minimum(block, run));
            let [scale, minimum] = [both.map(|both| both.0), both.map(|both| both.1)];
            Spread { centre: 0.0, scale: scale.into(), added: -f32x8::new(minimum) }
        });
        for first in [0, 16] {
            let bytes = nibbles(interleaved(blocks, 16 + run * 16 + first));
            low.over(&bytes.0, rows, run * 32 + first);
            high.over(&bytes.1, rows, (run + 1) * 32 + first);
        }
    }
}

fn q6_k(blocks: [&[u8; 210]; PANEL], rows: &mut [Row; LARGE]) {
    let d = halves(blocks, 208);
    for half in 0..2 {
        for part in 0..2 {
            // 16 bytes with two high bits each of the numbers that are 32 apart, and 2 times 16 with their low four.
            let high = interleaved(blocks, 128 + half * 32 + part * 16);
            let [even, odd] = [0, 32].map(|at| nibbles(interleaved(blocks, half * 64 + at + part * 16)));
            for (i, low) in [even.0, odd.0, even.1, odd.1].iter().enumerate() {
                let run = half * 8 + i * 2 + part;
                let scale = f32x8::new(blocks.map(|block| f32::from(block[192 + run] as i8)));
                let bytes = std::array::from_fn(|r| low[r] | shifted_left(high[r], 4, 2 * i));
                Spread { centre: 32.0, scale: d * scale, added: f32x8::ZERO }.over(&bytes, rows, run * 16);
            }
        }
    }
}

/// What bytes stand for: `(byte - centre) scale + added`, each column with its own scale.
struct Spread {
    centre: f32,
    scale: f32x8,
    added: f32x8,
}

impl Spread {
    /// Sixteen rows of bytes into as many of numbers, from `first` on.
    fn over(&self, bytes: &[u8x16; PANEL], rows: &mut [Row], first: usize) {
        // A byte below the two upper ones of 2^23 is 2^23 more as a float: no conversion, and one exact subtraction for both.
        const EXPONENT: u16 = 0x4b00;
        let exponent: u8x16 = cast(u16x8::splat(EXPONENT));
        let off = f32x8::splat(8_388_608.0 + self.centre);
        for (bytes, rows) in bytes.iter().zip(rows[first..][..16].as_chunks_mut::<2>().0) {
            let pairs = [u8x16::unpack_low(*bytes, u8x16::ZERO), u8x16::unpack_high(*bytes, u8x16::ZERO)];
            for (pair, row) in pairs.into_iter().zip(rows) {
                let numbers: f32x8 = cast([u8x16::unpack_low(pair, exponent), u8x16::unpack_high(pair, exponent)]);
                *row = ((numbers - off) * self.scale + self.added).to_array();
            }
        }
    }
}

/// Sixteen bytes of each block, from `at` on, as sixteen rows of eight bytes, two in a vector.
#[inline(always)]
fn interleaved<const BYTES: usize>(blocks: [&[u8; BYTES]; PANEL], at: usize) -> [u8x16; PANEL] {
    let mut bytes = blocks.map(|block| u8x16::new(*block[at..].first_chunk().expect("a block has them")));
    // Of the seven bits of a byte's place among the 128, each round brings the first to the end; the first three are the column.
    for _ in 0..3 {
        // Written out: as a loop over the vectors it is a call for each of them in wasm.
        let [b0, b1, b2, b3, b4, b5, b6, b7] = bytes;
        let zip = |a, b| (u8x16::unpack_low(a, b), u8x16::unpack_high(a, b));
        let ((a, b), (c, d), (e, f), (g, h)) = (zip(b0, b4), zip(b1, b5), zip(b2, b6), zip(b3, b7));
        bytes = [a, b, c, d, e, f, g, h];
    }
    bytes
}

/// The low and the high four bits of each byte.
#[inline(always)]
fn nibbles(bytes: [u8x16; PANEL]) -> ([u8x16; PANEL], [u8x16; PANEL]) {
    let low = u8x16::splat(15);
    (bytes.map(|bytes| bytes & low), bytes.map(|bytes| cast::<u16x8, u8x16>(cast::<u8x16, u16x8>(bytes) >> 4) & low))
}

/// Two bits of each byte, from bit `from` on, at bit `to`.
#[inline(always)]
fn shifted_left(bytes: u8x16, to: usize, from: usize) -> u8x16 {
    let bytes: u16x8 = cast(bytes);
    let moved = if from > to { bytes >> (from - to) as u16 } else { bytes << (to - from) as u16 };
    cast::<u16x8, u8x16>(moved) & u8x16::splat(3 << to)
}

/// The half-precision numbers at a byte of eight blocks, widened as [`super::floats`] does.
#[inline(always)]
fn halves<const BYTES: usize>(blocks: [&[u8; BYTES]; PANEL], at: usize) -> f32x8 {
    const BIAS: f32 = f32::from_bits((127 + 112) << 23); // 2^112
    let bits = u32x8::new(blocks.map(|block| u32::from(u16::from_le_bytes([block[at], block[at + 1]]))));
    let sign = (bits & u32x8::splat(0x8000)) << 16;
    let magnitude: u32x8 = (bits & u32x8::splat(0x7fff)) << 13;
    let infinite_or_nan = magnitude.simd_gt(u32x8::splat((0x7c00 << 13) - 1)) & u32x8::splat(0x7f80_0000);
    let widened = cast::<u32x8, f32x8>(magnitude) * f32x8::splat(BIAS);
    cast(cast::<f32x8, u32x8>(widened) | infinite_or_nan | sign)
}
