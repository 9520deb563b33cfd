//! Eight interleaved rows of weights, decoded straight into the rows of a packed panel.
//!
//! In interleaved weights ([`super::interleaved`]) a vector of 16 bytes holds two bytes of each of eight rows. The
//! functions here decode whole vectors, and their results are in the order in which the product reads them. Their
//! numbers are those of [`super::scalar`], against which they are tested (`math/gemm/weights.rs`).

use bytemuck::cast;
use wide::{f32x8, u8x16, u16x8, u32x8};

use super::dtype::{DType, LARGE_BLOCK, SMALL_BLOCK};
use super::interleaved::ByteX8;
use super::scalar::{IQ4_NL_VALUES, two_bit_position};
use crate::math::relaxed_simd;
use crate::math::relaxed_simd::layout::NR;

/// One number of each of eight rows of the weights: a row of a packed panel.
type Row = [f32; NR];

/// Decodes eight interleaved rows of weights: `rows.len()` numbers of each, in whole blocks. `bytes` are all bytes of
/// these blocks, in the order of [`super::interleaved`].
///
/// Panics when `bytes` are not as many as the blocks have.
#[allow(unsafe_code, reason = "calls a function of the relaxed SIMD module")]
pub fn dequantize_x8(dtype: DType, bytes: &[ByteX8], rows: &mut [Row]) {
    assert_eq!(bytes.len(), dtype.bytes_of(rows.len()), "bytes for all rows");
    let done = relaxed_simd::dequantize(dtype).is_some_and(|dequantize| {
        let blocks = rows.len() / dtype.block().0;
        // SAFETY: `dequantize` reads `blocks` blocks of each of eight rows from `bytes` and writes their numbers to
        // `rows`.
        // - `bytes` has the bytes of all these blocks: that was asserted above, and `blocks` is rounded down.
        // - `rows` has room for their numbers: `blocks` times the block size is at most `rows.len()`.
        // - The two do not overlap, because `rows` is borrowed mutably.
        unsafe { dequantize(bytes.as_ptr().cast(), rows.as_mut_ptr().cast(), blocks) }
    });
    if !done {
        decoder_of(dtype)(bytes, rows);
    }
}

/// The library's own function for a format.
///
/// It is returned as a pointer, so that each format's loop is a function of its own: if one function contains all
/// loops, V8 keeps their vectors in memory, and takes twice the time.
fn decoder_of(dtype: DType) -> fn(&[ByteX8], &mut [Row]) {
    match dtype {
        DType::F32 => |bytes, rows| each_block(bytes, rows, f32),
        DType::F16 => |bytes, rows| each_block(bytes, rows, f16),
        DType::BF16 => |bytes, rows| each_block(bytes, rows, bf16),
        DType::Q4_0 => |bytes, rows| each_block(bytes, rows, q4_0),
        DType::Q4_1 => |bytes, rows| each_block(bytes, rows, q4_1),
        DType::Q5_0 => |bytes, rows| each_block(bytes, rows, q5_0),
        DType::Q5_1 => |bytes, rows| each_block(bytes, rows, q5_1),
        DType::Q8_0 => |bytes, rows| each_block(bytes, rows, q8_0),
        DType::Q2_K => |bytes, rows| each_block(bytes, rows, q2_k),
        DType::Q3_K => |bytes, rows| each_block(bytes, rows, q3_k),
        DType::Q4_K => |bytes, rows| each_block(bytes, rows, q4_k),
        DType::Q5_K => |bytes, rows| each_block(bytes, rows, q5_k),
        DType::Q6_K => |bytes, rows| each_block(bytes, rows, q6_k),
        DType::IQ4_NL => |bytes, rows| each_block(bytes, rows, iq4_nl),
    }
}

#[inline(always)]
fn each_block<const BYTES: usize, const NUMBERS: usize>(
    bytes: &[ByteX8],
    rows: &mut [Row],
    decode: impl Fn(&[ByteX8; BYTES], &mut [Row; NUMBERS]),
) {
    for (block, rows) in bytes.as_chunks().0.iter().zip(rows.as_chunks_mut().0) {
        decode(block, rows);
    }
}

fn f32(numbers: &[ByteX8; 4], [row]: &mut [Row; 1]) {
    *row = cast::<[ByteX8; 4], [[u8; 4]; NR]>(*numbers).map(f32::from_le_bytes);
}

fn f16(numbers: &[ByteX8; 2], [row]: &mut [Row; 1]) {
    *row = f16x8_to_f32(cast::<[ByteX8; 2], [[u8; 2]; NR]>(*numbers).map(u16::from_le_bytes)).to_array();
}

fn bf16(numbers: &[ByteX8; 2], [row]: &mut [Row; 1]) {
    let f16x8_at = u16x8::new(cast::<[ByteX8; 2], [[u8; 2]; NR]>(*numbers).map(u16::from_le_bytes));
    *row = cast::<u32x8, f32x8>(u32x8::from(f16x8_at) << 16).to_array();
}

fn q4_0(block: &[ByteX8; 18], rows: &mut [Row; SMALL_BLOCK]) {
    let decode = Offset { center: 8.0, scale: f16x8_at(block, 0) };
    let (low, high) = nibbles(bytes_16_at(block, 2));
    write_16_rows(decode, low, rows, 0);
    write_16_rows(decode, high, rows, 16);
}

/// The table holds [`IQ4_NL_VALUES`], with 128 added to each so that they are unsigned bytes.
fn iq4_nl(block: &[ByteX8; 18], rows: &mut [Row; SMALL_BLOCK]) {
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
    let decode = Offset { center: 128.0, scale: f16x8_at(block, 0) };
    let (low, high) = nibbles(bytes_16_at(block, 2));
    write_16_rows(decode, low.map(values), rows, 0);
    write_16_rows(decode, high.map(values), rows, 16);
}

fn q4_1(block: &[ByteX8; 20], rows: &mut [Row; SMALL_BLOCK]) {
    let decode = Affine { scale: f16x8_at(block, 0), added: f16x8_at(block, 2) };
    let (low, high) = nibbles(bytes_16_at(block, 4));
    write_16_rows(decode, low, rows, 0);
    write_16_rows(decode, high, rows, 16);
}

fn q5_0(block: &[ByteX8; 22], rows: &mut [Row; SMALL_BLOCK]) {
    let decode = Offset { center: 16.0, scale: f16x8_at(block, 0) };
    let (low, high) = nibbles(bytes_16_at(block, 6));
    write_16_rows(decode, add_fifth_bits(low, block[2], block[3]), rows, 0);
    write_16_rows(decode, add_fifth_bits(high, block[4], block[5]), rows, 16);
}

fn q5_1(block: &[ByteX8; 24], rows: &mut [Row; SMALL_BLOCK]) {
    let decode = Affine { scale: f16x8_at(block, 0), added: f16x8_at(block, 2) };
    let (low, high) = nibbles(bytes_16_at(block, 8));
    write_16_rows(decode, add_fifth_bits(low, block[4], block[5]), rows, 0);
    write_16_rows(decode, add_fifth_bits(high, block[6], block[7]), rows, 16);
}

/// Adds the fifth bit to sixteen numbers of four bits. Bit i of `first` belongs to number i, bit i of `second` to
/// number 8 + i.
fn add_fifth_bits(four: [u8x16; NR], first: ByteX8, second: ByteX8) -> [u8x16; NR] {
    std::array::from_fn(|pair| {
        let bits: u8x16 = if pair < 4 { cast([first; 2]) } else { cast([second; 2]) };
        let bit = 1u8 << (pair % 4 * 2);
        let own: u8x16 = cast([[bit; NR], [bit << 1; NR]]);
        four[pair] | ((bits & own).simd_eq(own) & u8x16::splat(16))
    })
}

fn q8_0(block: &[ByteX8; 34], rows: &mut [Row; SMALL_BLOCK]) {
    let decode = Offset { center: 128.0, scale: f16x8_at(block, 0) };
    // With its upper bit flipped, a signed byte is the unsigned byte that is 128 greater.
    let turned = |first: usize| bytes_16_at(block, 2 + first).map(|bytes| bytes ^ u8x16::splat(128));
    write_16_rows(decode, turned(0), rows, 0);
    write_16_rows(decode, turned(16), rows, 16);
}

fn q2_k(block: &[ByteX8; 84], rows: &mut [Row; LARGE_BLOCK]) {
    let (d, minimum) = (f16x8_at(block, 80), f16x8_at(block, 82));
    let (scales, minima) = nibbles(bytes_16_at(block, 0));
    for (run, rows) in rows.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let scale = decode_2_rows(Offset { center: 0.0, scale: d }, scales[run / 2])[run % 2];
        let added = decode_2_rows(Offset { center: 0.0, scale: -minimum }, minima[run / 2])[run % 2];
        let (from, shift) = two_bit_position(run);
        write_16_rows(
            Affine { scale, added },
            bytes_16_at(block, 16 + from).map(|bytes| move_bits(bytes, 2, 0, shift)),
            rows,
            0,
        );
    }
}

fn q3_k(block: &[ByteX8; 110], rows: &mut [Row; LARGE_BLOCK]) {
    let d = f16x8_at(block, 108);
    // The low four bits of the runs' scales, then their high two bits. A vector holds two runs.
    let low: [u8x16; 4] = cast(*block[96..].first_chunk::<8>().expect("a block has them"));
    let high: [u8x16; 2] = cast(*block[104..].first_chunk::<4>().expect("a block has them"));
    for (run, rows) in rows.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let four = move_bits(low[run % 8 / 2], 4, 0, run / 8 * 4);
        let six = four | move_bits(high[run % 4 / 2], 2, 4, run / 4 * 2);
        let scale = decode_2_rows(Offset { center: 32.0, scale: d }, six)[run % 2];
        let (from, shift) = two_bit_position(run);
        let (low_bits, third) = (bytes_16_at(block, 32 + from), bytes_16_at(block, run % 2 * 16));
        let bytes = std::array::from_fn(|i| move_bits(low_bits[i], 2, 0, shift) | move_bits(third[i], 1, 2, run / 2));
        write_16_rows(Offset { center: 4.0, scale }, bytes, rows, 0);
    }
}

fn q4_k(block: &[ByteX8; 144], rows: &mut [Row; LARGE_BLOCK]) {
    let runs = scales_and_minima(block[..16].first_chunk().expect("a block has them"));
    for (pair, [even, odd]) in runs.into_iter().enumerate() {
        let rows: &mut [Row; 64] = rows[pair * 64..].first_chunk_mut().expect("two runs of 32");
        for first in [0, 16] {
            let (low, high) = nibbles(bytes_16_at(block, 16 + pair * 32 + first));
            write_16_rows(even, low, rows, first);
            write_16_rows(odd, high, rows, 32 + first);
        }
    }
}

fn q5_k(block: &[ByteX8; 176], rows: &mut [Row; LARGE_BLOCK]) {
    let runs = scales_and_minima(block[..16].first_chunk().expect("a block has them"));
    for (pair, [even, odd]) in runs.into_iter().enumerate() {
        let rows: &mut [Row; 64] = rows[pair * 64..].first_chunk_mut().expect("two runs of 32");
        for first in [0, 16] {
            let (low, high) = nibbles(bytes_16_at(block, 48 + pair * 32 + first));
            let fifth = bytes_16_at(block, 16 + first);
            let five = |four: [u8x16; NR], run| std::array::from_fn(|i| four[i] | move_bits(fifth[i], 1, 4, run));
            write_16_rows(even, five(low, 2 * pair), rows, first);
            write_16_rows(odd, five(high, 2 * pair + 1), rows, 32 + first);
        }
    }
}

/// The scales and minima of the eight runs of [`q4_k`] and [`q5_k`], as pairs of runs. `scalar::scale_and_minimum`
/// describes where their bits are.
#[inline(always)]
fn scales_and_minima(block: &[ByteX8; 16]) -> [[Affine; 2]; 4] {
    let (d, minimum) = (f16x8_at(block, 0), f16x8_at(block, 2));
    // A vector holds two runs.
    let [v0, v1, v2, v3, v4, v5]: [u8x16; 6] = cast(*block[4..].first_chunk::<12>().expect("a block has them"));
    let upper = |low: u8x16, high: u8x16| move_bits(low, 4, 0, 0) | move_bits(high, 2, 4, 6);
    let six = |bytes| move_bits(bytes, 6, 0, 0);
    let scales = [six(v0), six(v1), upper(v4, v0), upper(v5, v1)];
    let minima = [six(v2), six(v3), upper(high_nibbles(v4), v2), upper(high_nibbles(v5), v3)];
    std::array::from_fn(|pair| {
        let scales = decode_2_rows(Offset { center: 0.0, scale: d }, scales[pair]);
        let minima = decode_2_rows(Offset { center: 0.0, scale: -minimum }, minima[pair]);
        std::array::from_fn(|run| Affine { scale: scales[run], added: minima[run] })
    })
}

fn q6_k(block: &[ByteX8; 210], rows: &mut [Row; LARGE_BLOCK]) {
    let scale = Offset { center: 128.0, scale: f16x8_at(block, 208) };
    // The runs' scales [pair of runs][run of the pair].
    let scales = bytes_16_at(block, 192).map(|bytes| decode_2_rows(scale, bytes ^ u8x16::splat(128)));
    for half in 0..2 {
        for part in [0, 1] {
            // 16 bytes with the two high bits of four numbers each, which are 32 apart, and twice 16 bytes with their
            // low four bits.
            let high = bytes_16_at(block, 128 + half * 32 + part * 16);
            let even = nibbles(bytes_16_at(block, half * 64 + part * 16));
            let odd = nibbles(bytes_16_at(block, half * 64 + 32 + part * 16));
            let mut run = |i: usize, low: [u8x16; NR], high: [u8x16; NR]| {
                let bytes = std::array::from_fn(|r| low[r] | high[r]);
                let scale = scales[half * 4 + i][part];
                write_16_rows(Offset { center: 32.0, scale }, bytes, rows, half * 128 + i * 32 + part * 16);
            };
            run(0, even.0, high.map(|high| move_bits(high, 2, 4, 0)));
            run(1, odd.0, high.map(|high| move_bits(high, 2, 4, 2)));
            run(2, even.1, high.map(|high| move_bits(high, 2, 4, 4)));
            run(3, odd.1, high.map(|high| move_bits(high, 2, 4, 6)));
        }
    }
}

/// The numbers that bytes stand for; each of the eight rows has its own scale.
trait Decode: Copy {
    /// The numbers of eight bytes, each of which is given as the float `RAISED_BY` plus the byte.
    fn of(self, raised: f32x8) -> f32x8;
}

/// `(byte - center) scale`.
#[derive(Clone, Copy)]
struct Offset {
    center: f32,
    scale: f32x8,
}

/// `byte scale + added`.
#[derive(Clone, Copy)]
struct Affine {
    scale: f32x8,
    added: f32x8,
}

/// The upper two bytes of 2^23 as a float. With a zero byte and a byte b below them they are the float 2^23 + b, so
/// that bytes become floats without a conversion. Both [`Offset`] and [`Affine`] then need one subtraction, which is
/// exact.
const RAISED_EXPONENT: u16 = 0x4b00;
const RAISED_BY: f32 = 8_388_608.0;

impl Decode for Offset {
    #[inline(always)]
    fn of(self, raised: f32x8) -> f32x8 {
        (raised - f32x8::splat(RAISED_BY + self.center)) * self.scale
    }
}

impl Decode for Affine {
    #[inline(always)]
    fn of(self, raised: f32x8) -> f32x8 {
        (raised - f32x8::splat(RAISED_BY)) * self.scale + self.added
    }
}

/// Writes the numbers of sixteen rows of bytes to `rows`, from row `first` on. This is not a loop because the bytes
/// would go through memory in one.
#[inline(always)]
fn write_16_rows<S: Decode>(decode: S, [b0, b1, b2, b3, b4, b5, b6, b7]: [u8x16; NR], rows: &mut [Row], first: usize) {
    let rows: &mut [Row; 16] = rows[first..].first_chunk_mut().expect("rows for sixteen");
    write_2_rows(decode, b0, rows, 0);
    write_2_rows(decode, b1, rows, 2);
    write_2_rows(decode, b2, rows, 4);
    write_2_rows(decode, b3, rows, 6);
    write_2_rows(decode, b4, rows, 8);
    write_2_rows(decode, b5, rows, 10);
    write_2_rows(decode, b6, rows, 12);
    write_2_rows(decode, b7, rows, 14);
}

#[inline(always)]
fn write_2_rows<S: Decode>(decode: S, bytes: u8x16, rows: &mut [Row; 16], first: usize) {
    let [low, high] = decode_2_rows(decode, bytes);
    rows[first] = low.to_array();
    rows[first + 1] = high.to_array();
}

/// The numbers of two rows of eight bytes.
#[inline(always)]
fn decode_2_rows<S: Decode>(decode: S, bytes: u8x16) -> [f32x8; 2] {
    let exponent: u8x16 = cast(u16x8::splat(RAISED_EXPONENT));
    let pairs = [u8x16::unpack_low(bytes, u8x16::ZERO), u8x16::unpack_high(bytes, u8x16::ZERO)];
    pairs.map(|pair| decode.of(cast([u8x16::unpack_low(pair, exponent), u8x16::unpack_high(pair, exponent)])))
}

/// Sixteen rows of eight bytes, from row `at` of the blocks on, two of them in a vector.
#[inline(always)]
fn bytes_16_at<const BYTES: usize>(block: &[ByteX8; BYTES], at: usize) -> [u8x16; NR] {
    let bytes: &[ByteX8; 16] = block[at..].first_chunk().expect("a block has them");
    cast(*bytes)
}

/// The low and the high four bits of each byte.
#[inline(always)]
fn nibbles(bytes: [u8x16; NR]) -> ([u8x16; NR], [u8x16; NR]) {
    (bytes.map(|bytes| bytes & u8x16::splat(15)), bytes.map(high_nibbles))
}

/// The high four bits of each byte.
#[inline(always)]
fn high_nibbles(bytes: u8x16) -> u8x16 {
    cast::<u16x8, u8x16>(cast::<u8x16, u16x8>(bytes) >> 4) & u8x16::splat(15)
}

/// `bits` bits of each byte, moved from bit `from` to bit `to`; all other bits are 0.
#[inline(always)]
fn move_bits(bytes: u8x16, bits: usize, to: usize, from: usize) -> u8x16 {
    let wide: u16x8 = cast(bytes);
    let moved = if from > to { wide >> (from - to) as u16 } else { wide << (to - from) as u16 };
    cast::<u16x8, u8x16>(moved) & u8x16::splat(((1 << bits) - 1) << to)
}

/// The half-precision numbers of eight blocks whose first byte is at `at`.
#[inline(always)]
fn f16x8_at<const BYTES: usize>(block: &[ByteX8; BYTES], at: usize) -> f32x8 {
    let (low, high) = (block[at], block[at + 1]);
    f16x8_to_f32(std::array::from_fn(|column| u16::from_le_bytes([low[column], high[column]])))
}

/// Converts half-precision numbers as `scalar::f16_to_f32` does.
#[inline(always)]
fn f16x8_to_f32(f16x8_at: [u16; NR]) -> f32x8 {
    const BIAS: f32 = f32::from_bits((127 + 112) << 23); // 2^112
    let bits = u32x8::from(u16x8::new(f16x8_at));
    let sign = (bits & u32x8::splat(0x8000)) << 16;
    let magnitude: u32x8 = (bits & u32x8::splat(0x7fff)) << 13;
    let infinite_or_nan = magnitude.simd_gt(u32x8::splat((0x7c00 << 13) - 1)) & u32x8::splat(0x7f80_0000);
    let f16x8_to_f32 = cast::<u32x8, f32x8>(magnitude) * f32x8::splat(BIAS);
    cast(cast::<f32x8, u32x8>(f16x8_to_f32) | infinite_or_nan | sign)
}
