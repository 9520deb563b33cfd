//! Weights of eight columns at once, expanded straight into a panel's rows.
//!
//! They lie abreast ([`super::abreast`]): a vector of bytes is two rows, and what follows goes over whole vectors, whose
//! results lie as the product reads them. Numbers are those of [`super::blocks`] and [`super::floats`], which are the twins
//! that this is tested against (src/math/matrix.rs).

use bytemuck::cast;
use wide::{f32x8, u8x16, u16x8, u32x8};

use super::abreast::Bytes;
use super::blocks::{IQ4_NL_VALUES, LARGE, SMALL, two_bits};
use super::floats::FloatKind;
use super::panels::PANEL;
use super::relaxed;

/// A row of a panel: one number of each column.
type Row = [f32; PANEL];

/// Expands as many numbers of each of eight columns as there are rows: whole blocks, of which all bytes are there.
pub fn expand(kind: FloatKind, bytes: &[Bytes], rows: &mut [Row]) {
    assert_eq!(bytes.len(), kind.bytes_of(rows.len()), "bytes for all rows");
    let done = relaxed::expand(kind).is_some_and(|expand| {
        let blocks = rows.len() / kind.block().0;
        // SAFETY: so many blocks are there, and room for their numbers; the two are not one.
        unsafe { expand(bytes.as_ptr().cast(), rows.as_mut_ptr().cast(), blocks) }
    });
    if !done {
        own(kind)(bytes, rows);
    }
}

/// The library's own for numbers of a kind.
///
/// As a pointer: where one function has the loops of all kinds, V8 keeps their vectors in memory, at twice the time.
fn own(kind: FloatKind) -> fn(&[Bytes], &mut [Row]) {
    match kind {
        FloatKind::F32 => |bytes, rows| each(bytes, rows, f32),
        FloatKind::F16 => |bytes, rows| each(bytes, rows, f16),
        FloatKind::BF16 => |bytes, rows| each(bytes, rows, bf16),
        FloatKind::Q4_0 => |bytes, rows| each(bytes, rows, q4_0),
        FloatKind::Q4_1 => |bytes, rows| each(bytes, rows, q4_1),
        FloatKind::Q5_0 => |bytes, rows| each(bytes, rows, q5_0),
        FloatKind::Q5_1 => |bytes, rows| each(bytes, rows, q5_1),
        FloatKind::Q8_0 => |bytes, rows| each(bytes, rows, q8_0),
        FloatKind::Q2_K => |bytes, rows| each(bytes, rows, q2_k),
        FloatKind::Q3_K => |bytes, rows| each(bytes, rows, q3_k),
        FloatKind::Q4_K => |bytes, rows| each(bytes, rows, q4_k),
        FloatKind::Q5_K => |bytes, rows| each(bytes, rows, q5_k),
        FloatKind::Q6_K => |bytes, rows| each(bytes, rows, q6_k),
        FloatKind::IQ4_NL => |bytes, rows| each(bytes, rows, iq4_nl),
    }
}

#[inline(always)]
fn each<const BYTES: usize, const NUMBERS: usize>(
    bytes: &[Bytes],
    rows: &mut [Row],
    expand: impl Fn(&[Bytes; BYTES], &mut [Row; NUMBERS]),
) {
    for (block, rows) in bytes.as_chunks().0.iter().zip(rows.as_chunks_mut().0) {
        expand(block, rows);
    }
}

fn f32(numbers: &[Bytes; 4], [row]: &mut [Row; 1]) {
    *row = cast::<[Bytes; 4], [[u8; 4]; PANEL]>(*numbers).map(f32::from_le_bytes);
}

fn f16(numbers: &[Bytes; 2], [row]: &mut [Row; 1]) {
    *row = widened(cast::<[Bytes; 2], [[u8; 2]; PANEL]>(*numbers).map(u16::from_le_bytes)).to_array();
}

fn bf16(numbers: &[Bytes; 2], [row]: &mut [Row; 1]) {
    let halves = u16x8::new(cast::<[Bytes; 2], [[u8; 2]; PANEL]>(*numbers).map(u16::from_le_bytes));
    *row = cast::<u32x8, f32x8>(u32x8::from(halves) << 16).to_array();
}

fn q4_0(block: &[Bytes; 18], rows: &mut [Row; SMALL]) {
    let spread = Centred { centre: 8.0, scale: halves(block, 0) };
    let (low, high) = nibbles(pairs(block, 2));
    over(spread, low, rows, 0);
    over(spread, high, rows, 16);
}

/// The table holds the values of [`IQ4_NL_VALUES`], each 128 more, so that they are unsigned bytes.
fn iq4_nl(block: &[Bytes; 18], rows: &mut [Row; SMALL]) {
    const TABLE: [u8; 16] = {
        let mut table = [0; 16];
        let mut i = 0;
        while i < 16 {
            table[i] = (IQ4_NL_VALUES[i] as u8) ^ 128;
            i += 1;
        }
        table
    };
    let values = |bits: u8x16| u8x16::new(TABLE).shuffle_zeroing(bits);
    let spread = Centred { centre: 128.0, scale: halves(block, 0) };
    let (low, high) = nibbles(pairs(block, 2));
    over(spread, low.map(values), rows, 0);
    over(spread, high.map(values), rows, 16);
}

fn q4_1(block: &[Bytes; 20], rows: &mut [Row; SMALL]) {
    let spread = Raised { scale: halves(block, 0), added: halves(block, 2) };
    let (low, high) = nibbles(pairs(block, 4));
    over(spread, low, rows, 0);
    over(spread, high, rows, 16);
}

fn q5_0(block: &[Bytes; 22], rows: &mut [Row; SMALL]) {
    let spread = Centred { centre: 16.0, scale: halves(block, 0) };
    let (low, high) = nibbles(pairs(block, 6));
    over(spread, fifth(low, block[2], block[3]), rows, 0);
    over(spread, fifth(high, block[4], block[5]), rows, 16);
}

fn q5_1(block: &[Bytes; 24], rows: &mut [Row; SMALL]) {
    let spread = Raised { scale: halves(block, 0), added: halves(block, 2) };
    let (low, high) = nibbles(pairs(block, 8));
    over(spread, fifth(low, block[4], block[5]), rows, 0);
    over(spread, fifth(high, block[6], block[7]), rows, 16);
}

/// Sixteen numbers with a fifth bit each: those of the first eight in the bits of `first`.
fn fifth(four: [u8x16; PANEL], first: Bytes, second: Bytes) -> [u8x16; PANEL] {
    std::array::from_fn(|pair| {
        let bits: u8x16 = if pair < 4 { cast([first; 2]) } else { cast([second; 2]) };
        let bit = 1u8 << (pair % 4 * 2);
        let own: u8x16 = cast([[bit; PANEL], [bit << 1; PANEL]]);
        four[pair] | ((bits & own).simd_eq(own) & u8x16::splat(16))
    })
}

fn q8_0(block: &[Bytes; 34], rows: &mut [Row; SMALL]) {
    let spread = Centred { centre: 128.0, scale: halves(block, 0) };
    // With its upper bit turned, a signed byte is an unsigned one that is 128 more.
    let turned = |first: usize| pairs(block, 2 + first).map(|bytes| bytes ^ u8x16::splat(128));
    over(spread, turned(0), rows, 0);
    over(spread, turned(16), rows, 16);
}

fn q2_k(block: &[Bytes; 84], rows: &mut [Row; LARGE]) {
    let (d, minimum) = (halves(block, 80), halves(block, 82));
    let (scales, minima) = nibbles(pairs(block, 0));
    for (run, rows) in rows.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let scale = both(Centred { centre: 0.0, scale: d }, scales[run / 2])[run % 2];
        let added = both(Centred { centre: 0.0, scale: -minimum }, minima[run / 2])[run % 2];
        let (from, shift) = two_bits(run);
        over(Raised { scale, added }, pairs(block, 16 + from).map(|bytes| moved(bytes, 2, 0, shift)), rows, 0);
    }
}

fn q3_k(block: &[Bytes; 110], rows: &mut [Row; LARGE]) {
    let d = halves(block, 108);
    // The low four bits of the runs' scales, then the high two: two runs in a vector.
    let low: [u8x16; 4] = cast(*block[96..].first_chunk::<8>().expect("a block has them"));
    let high: [u8x16; 2] = cast(*block[104..].first_chunk::<4>().expect("a block has them"));
    for (run, rows) in rows.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let four = moved(low[run % 8 / 2], 4, 0, run / 8 * 4);
        let six = four | moved(high[run % 4 / 2], 2, 4, run / 4 * 2);
        let scale = both(Centred { centre: 32.0, scale: d }, six)[run % 2];
        let (from, shift) = two_bits(run);
        let (two, third) = (pairs(block, 32 + from), pairs(block, run % 2 * 16));
        let bytes = std::array::from_fn(|i| moved(two[i], 2, 0, shift) | moved(third[i], 1, 2, run / 2));
        over(Centred { centre: 4.0, scale }, bytes, rows, 0);
    }
}

fn q4_k(block: &[Bytes; 144], rows: &mut [Row; LARGE]) {
    let runs = scales_and_minima(block[..16].first_chunk().expect("a block has them"));
    for (pair, [even, odd]) in runs.into_iter().enumerate() {
        let rows: &mut [Row; 64] = rows[pair * 64..].first_chunk_mut().expect("two runs of 32");
        for first in [0, 16] {
            let (low, high) = nibbles(pairs(block, 16 + pair * 32 + first));
            over(even, low, rows, first);
            over(odd, high, rows, 32 + first);
        }
    }
}

fn q5_k(block: &[Bytes; 176], rows: &mut [Row; LARGE]) {
    let runs = scales_and_minima(block[..16].first_chunk().expect("a block has them"));
    for (pair, [even, odd]) in runs.into_iter().enumerate() {
        let rows: &mut [Row; 64] = rows[pair * 64..].first_chunk_mut().expect("two runs of 32");
        for first in [0, 16] {
            let (low, high) = nibbles(pairs(block, 48 + pair * 32 + first));
            let fifth = pairs(block, 16 + first);
            let five = |four: [u8x16; PANEL], run| std::array::from_fn(|i| four[i] | moved(fifth[i], 1, 4, run));
            over(even, five(low, 2 * pair), rows, first);
            over(odd, five(high, 2 * pair + 1), rows, 32 + first);
        }
    }
}

/// Of the eight runs of [`q4_k`] and [`q5_k`], two at a time; where their bits are is told at `blocks::scale_and_minimum`.
#[inline(always)]
fn scales_and_minima(block: &[Bytes; 16]) -> [[Raised; 2]; 4] {
    let (d, minimum) = (halves(block, 0), halves(block, 2));
    // Two runs in a vector.
    let [v0, v1, v2, v3, v4, v5]: [u8x16; 6] = cast(*block[4..].first_chunk::<12>().expect("a block has them"));
    let upper = |low: u8x16, high: u8x16| moved(low, 4, 0, 0) | moved(high, 2, 4, 6);
    let six = |bytes| moved(bytes, 6, 0, 0);
    let scales = [six(v0), six(v1), upper(v4, v0), upper(v5, v1)];
    let minima = [six(v2), six(v3), upper(nibble(v4), v2), upper(nibble(v5), v3)];
    std::array::from_fn(|pair| {
        let scales = both(Centred { centre: 0.0, scale: d }, scales[pair]);
        let minima = both(Centred { centre: 0.0, scale: -minimum }, minima[pair]);
        std::array::from_fn(|run| Raised { scale: scales[run], added: minima[run] })
    })
}

fn q6_k(block: &[Bytes; 210], rows: &mut [Row; LARGE]) {
    let scale = Centred { centre: 128.0, scale: halves(block, 208) };
    // A run's scale [run], two runs in a vector.
    let scales = pairs(block, 192).map(|bytes| both(scale, bytes ^ u8x16::splat(128)));
    for half in 0..2 {
        for part in [0, 1] {
            // 16 bytes with two high bits each of the numbers that are 32 apart, and 2 times 16 with their low four.
            let high = pairs(block, 128 + half * 32 + part * 16);
            let even = nibbles(pairs(block, half * 64 + part * 16));
            let odd = nibbles(pairs(block, half * 64 + 32 + part * 16));
            let mut run = |i: usize, low: [u8x16; PANEL], high: [u8x16; PANEL]| {
                let bytes = std::array::from_fn(|r| low[r] | high[r]);
                let scale = scales[half * 4 + i][part];
                over(Centred { centre: 32.0, scale }, bytes, rows, half * 128 + i * 32 + part * 16);
            };
            run(0, even.0, high.map(|high| moved(high, 2, 4, 0)));
            run(1, odd.0, high.map(|high| moved(high, 2, 4, 2)));
            run(2, even.1, high.map(|high| moved(high, 2, 4, 4)));
            run(3, odd.1, high.map(|high| moved(high, 2, 4, 6)));
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

/// Sixteen bytes of each block, from `at` on, two in a vector.
#[inline(always)]
fn pairs<const BYTES: usize>(block: &[Bytes; BYTES], at: usize) -> [u8x16; PANEL] {
    let bytes: &[Bytes; 16] = block[at..].first_chunk().expect("a block has them");
    cast(*bytes)
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

/// So many bits of each byte, from bit `from` on, at bit `to`.
#[inline(always)]
fn moved(bytes: u8x16, bits: usize, to: usize, from: usize) -> u8x16 {
    let wide: u16x8 = cast(bytes);
    let moved = if from > to { wide >> (from - to) as u16 } else { wide << (to - from) as u16 };
    cast::<u16x8, u8x16>(moved) & u8x16::splat(((1 << bits) - 1) << to)
}

/// The half-precision numbers at a byte of eight blocks.
#[inline(always)]
fn halves<const BYTES: usize>(block: &[Bytes; BYTES], at: usize) -> f32x8 {
    let (low, high) = (block[at], block[at + 1]);
    widened(std::array::from_fn(|column| u16::from_le_bytes([low[column], high[column]])))
}

/// Half-precision numbers, widened as [`super::floats`] does.
#[inline(always)]
fn widened(halves: [u16; PANEL]) -> f32x8 {
    const BIAS: f32 = f32::from_bits((127 + 112) << 23); // 2^112
    let bits = u32x8::from(u16x8::new(halves));
    let sign = (bits & u32x8::splat(0x8000)) << 16;
    let magnitude: u32x8 = (bits & u32x8::splat(0x7fff)) << 13;
    let infinite_or_nan = magnitude.simd_gt(u32x8::splat((0x7c00 << 13) - 1)) & u32x8::splat(0x7f80_0000);
    let widened = cast::<u32x8, f32x8>(magnitude) * f32x8::splat(BIAS);
    cast(cast::<f32x8, u32x8>(widened) | infinite_or_nan | sign)
}
