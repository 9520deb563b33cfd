//! Blocks of eight columns at once, expanded straight into a panel's rows.
//!
//! Bit by bit a number took as long as its product with eight rows. Here the blocks' bytes of eight columns are interleaved
//! first, as bytes: what follows then goes over whole vectors, and its results lie as the product reads them. Numbers are
//! those of [`super::blocks`], which is the twin that this is tested against (src/math/matrix.rs).

use bytemuck::cast;
use wide::{f32x8, u8x16, u16x8, u32x8};

use super::blocks::{LARGE, SMALL};
use super::floats::FloatKind;
use super::panels::PANEL;

/// A row of a panel: one number of each column.
type Row = [f32; PANEL];

/// Expands as many numbers of each of eight columns as there are rows, whole blocks.
pub type Expand = fn([&[u8]; PANEL], &mut [Row]);

/// What expands blocks of a kind; none for kinds that are not at home here.
///
/// As a pointer: where one function has the loops of all kinds, V8 keeps their vectors in memory, at twice the time.
pub fn of(kind: FloatKind) -> Option<Expand> {
    match kind {
        FloatKind::Q4_0 => Some(|columns, rows| each(columns, rows, q4_0)),
        FloatKind::Q4_1 => Some(|columns, rows| each(columns, rows, q4_1)),
        FloatKind::Q8_0 => Some(|columns, rows| each(columns, rows, q8_0)),
        FloatKind::Q4_K => Some(|columns, rows| each(columns, rows, q4_k)),
        FloatKind::Q6_K => Some(|columns, rows| each(columns, rows, q6_k)),
        _ => None,
    }
}

#[inline(always)]
fn each<const BYTES: usize, const NUMBERS: usize>(
    columns: [&[u8]; PANEL],
    rows: &mut [Row],
    expand: impl Fn([&[u8; BYTES]; PANEL], &mut [Row; NUMBERS]),
) {
    let rows = rows.as_chunks_mut::<NUMBERS>().0;
    // As many of each: the loop needs no further checks.
    let blocks = columns.map(|column| &column.as_chunks::<BYTES>().0[..rows.len()]);
    for (i, rows) in rows.iter_mut().enumerate() {
        expand(blocks.map(|column| &column[i]), rows);
    }
}

fn q4_0(blocks: [&[u8; 18]; PANEL], rows: &mut [Row; SMALL]) {
    let spread = Centred { centre: 8.0, scale: halves(blocks, 0) };
    let (low, high) = nibbles(interleaved(blocks, 2));
    over(spread, low, rows, 0);
    over(spread, high, rows, 16);
}

fn q4_1(blocks: [&[u8; 20]; PANEL], rows: &mut [Row; SMALL]) {
    let spread = Raised { scale: halves(blocks, 0), added: halves(blocks, 2) };
    let (low, high) = nibbles(interleaved(blocks, 4));
    over(spread, low, rows, 0);
    over(spread, high, rows, 16);
}

fn q8_0(blocks: [&[u8; 34]; PANEL], rows: &mut [Row; SMALL]) {
    let spread = Centred { centre: 128.0, scale: halves(blocks, 0) };
    // With its upper bit turned, a signed byte is an unsigned one that is 128 more.
    let turned = |first: usize| interleaved(blocks, 2 + first).map(|bytes| bytes ^ u8x16::splat(128));
    over(spread, turned(0), rows, 0);
    over(spread, turned(16), rows, 16);
}

fn q4_k(blocks: [&[u8; 144]; PANEL], rows: &mut [Row; LARGE]) {
    let (d, minimum) = (halves(blocks, 0), halves(blocks, 2));
    let [v0, v1, v2, v3, v4, v5, ..] = interleaved(blocks, 4);
    // Two runs in a vector; where their bits are is told at `blocks::scale_and_minimum`.
    let upper = |low: u8x16, high: u8x16| (low & u8x16::splat(15)) | moved(high, 4, 6);
    let six = |bytes| bytes & u8x16::splat(63);
    let scales = [six(v0), six(v1), upper(v4, v0), upper(v5, v1)];
    let minima = [six(v2), six(v3), upper(nibble(v4), v2), upper(nibble(v5), v3)];
    for (pair, (scales, minima)) in scales.into_iter().zip(minima).enumerate() {
        let [low_scale, high_scale] = both(Centred { centre: 0.0, scale: d }, scales);
        let [low_minimum, high_minimum] = both(Centred { centre: 0.0, scale: -minimum }, minima);
        let low = Raised { scale: low_scale, added: low_minimum };
        let high = Raised { scale: high_scale, added: high_minimum };
        let rows: &mut [Row; 64] = rows[pair * 64..].first_chunk_mut().expect("two runs of 32");
        for first in [0, 16] {
            let bytes = nibbles(interleaved(blocks, 16 + pair * 32 + first));
            over(low, bytes.0, rows, first);
            over(high, bytes.1, rows, 32 + first);
        }
    }
}

fn q6_k(blocks: [&[u8; 210]; PANEL], rows: &mut [Row; LARGE]) {
    let scale = Centred { centre: 128.0, scale: halves(blocks, 208) };
    // A run's scale [run], two runs in a vector.
    let scales = interleaved(blocks, 192).map(|bytes| both(scale, bytes ^ u8x16::splat(128)));
    for half in 0..2 {
        for part in [0, 1] {
            // 16 bytes with two high bits each of the numbers that are 32 apart, and 2 times 16 with their low four.
            let high = interleaved(blocks, 128 + half * 32 + part * 16);
            let even = nibbles(interleaved(blocks, half * 64 + part * 16));
            let odd = nibbles(interleaved(blocks, half * 64 + 32 + part * 16));
            let mut run = |i: usize, low: [u8x16; PANEL], high: [u8x16; PANEL]| {
                let bytes = std::array::from_fn(|r| low[r] | high[r]);
                let scale = scales[half * 4 + i][part];
                over(Centred { centre: 32.0, scale }, bytes, rows, half * 128 + i * 32 + part * 16);
            };
            run(0, even.0, high.map(|high| moved(high, 4, 0)));
            run(1, odd.0, high.map(|high| moved(high, 4, 2)));
            run(2, even.1, high.map(|high| moved(high, 4, 4)));
            run(3, odd.1, high.map(|high| moved(high, 4, 6)));
        }
    }
}

/// What bytes stand for, each column with its own scale.
trait Spread: Copy {
    /// From bytes as floats that are [`EXPONENT`]'s more.
    fn of(self, raised: f32x8) -> f32x8;
}

/// `(byte - centre) scale`.
#[derive(Clone, Copy)]
struct Centred {
    centre: f32,
    scale: f32x8,
}

/// `byte scale + added`.
#[derive(Clone, Copy)]
struct Raised {
    scale: f32x8,
    added: f32x8,
}

/// The upper two bytes of 2^23: with a byte below them, they are 2^23 and that byte as a float. No conversion, and one exact
/// subtraction for both.
const EXPONENT: u16 = 0x4b00;
const RAISED_BY: f32 = 8_388_608.0;

impl Spread for Centred {
    #[inline(always)]
    fn of(self, raised: f32x8) -> f32x8 {
        (raised - f32x8::splat(RAISED_BY + self.centre)) * self.scale
    }
}

impl Spread for Raised {
    #[inline(always)]
    fn of(self, raised: f32x8) -> f32x8 {
        (raised - f32x8::splat(RAISED_BY)) * self.scale + self.added
    }
}

/// Sixteen rows of bytes into as many of numbers, from `first` on. Written out: as a loop the bytes go through memory.
#[inline(always)]
fn over<S: Spread>(spread: S, [b0, b1, b2, b3, b4, b5, b6, b7]: [u8x16; PANEL], rows: &mut [Row], first: usize) {
    let rows: &mut [Row; 16] = rows[first..].first_chunk_mut().expect("rows for sixteen");
    two(spread, b0, rows, 0);
    two(spread, b1, rows, 2);
    two(spread, b2, rows, 4);
    two(spread, b3, rows, 6);
    two(spread, b4, rows, 8);
    two(spread, b5, rows, 10);
    two(spread, b6, rows, 12);
    two(spread, b7, rows, 14);
}

#[inline(always)]
fn two<S: Spread>(spread: S, bytes: u8x16, rows: &mut [Row; 16], first: usize) {
    let [low, high] = both(spread, bytes);
    rows[first] = low.to_array();
    rows[first + 1] = high.to_array();
}

/// What two rows of eight bytes stand for.
#[inline(always)]
fn both<S: Spread>(spread: S, bytes: u8x16) -> [f32x8; 2] {
    let exponent: u8x16 = cast(u16x8::splat(EXPONENT));
    let pairs = [u8x16::unpack_low(bytes, u8x16::ZERO), u8x16::unpack_high(bytes, u8x16::ZERO)];
    pairs.map(|pair| spread.of(cast([u8x16::unpack_low(pair, exponent), u8x16::unpack_high(pair, exponent)])))
}

/// Sixteen bytes of each block, from `at` on, as sixteen rows of eight bytes, two in a vector.
#[inline(always)]
fn interleaved<const BYTES: usize>(blocks: [&[u8; BYTES]; PANEL], at: usize) -> [u8x16; PANEL] {
    let bytes = blocks.map(|block| u8x16::new(*block[at..].first_chunk().expect("a block has them")));
    // Of the seven bits of a byte's place among the 128, each round brings the first to the end; the first three are the column.
    round(round(round(bytes)))
}

#[inline(always)]
fn round([b0, b1, b2, b3, b4, b5, b6, b7]: [u8x16; PANEL]) -> [u8x16; PANEL] {
    let zip = |a, b| (u8x16::unpack_low(a, b), u8x16::unpack_high(a, b));
    let ((a, b), (c, d), (e, f), (g, h)) = (zip(b0, b4), zip(b1, b5), zip(b2, b6), zip(b3, b7));
    [a, b, c, d, e, f, g, h]
}

/// The low and the high four bits of each byte.
#[inline(always)]
fn nibbles(bytes: [u8x16; PANEL]) -> ([u8x16; PANEL], [u8x16; PANEL]) {
    (bytes.map(|bytes| bytes & u8x16::splat(15)), bytes.map(nibble))
}

/// The high four bits of each byte.
#[inline(always)]
fn nibble(bytes: u8x16) -> u8x16 {
    cast::<u16x8, u8x16>(cast::<u8x16, u16x8>(bytes) >> 4) & u8x16::splat(15)
}

/// Two bits of each byte, from bit `from` on, at bit `to`.
#[inline(always)]
fn moved(bytes: u8x16, to: usize, from: usize) -> u8x16 {
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
