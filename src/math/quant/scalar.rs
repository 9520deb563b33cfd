//! ggml's quantized blocks, decoded one number after the other: some numbers share a scale, and each has a few bits
//! (<https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h> and `ggml-quants.c` beside it).
//!
//! A block of the older formats holds 32 numbers. A block of the K formats holds 256, in runs of 16 or 32 numbers; a
//! run's scale (and minimum) is a small integer times the block's.
//!
//! In the descriptions, q is a number's stored integer, d is the block's half-precision scale and m is its
//! half-precision minimum.

use super::dtype::{LARGE_BLOCK, SMALL_BLOCK};

/// Decodes consecutive blocks of `BYTES` bytes into `NUMBERS` numbers each.
pub fn each_block<const BYTES: usize, const NUMBERS: usize>(
    bytes: &[u8],
    out: &mut [f32],
    decode: fn(&[u8; BYTES], &mut [f32; NUMBERS]),
) {
    for (block, out) in bytes.as_chunks::<BYTES>().0.iter().zip(out.as_chunks_mut::<NUMBERS>().0) {
        decode(block, out);
    }
}

/// The half-precision number whose first byte is at `at`.
#[inline(always)]
fn f16_at(block: &[u8], at: usize) -> f32 {
    f16_to_f32(u16::from_le_bytes([block[at], block[at + 1]]))
}

/// `d (q - 8)`. Layout: d, then 16 bytes, each with number i in its low four bits and number i + 16 in its high four
/// bits.
pub fn q4_0(block: &[u8; 18], out: &mut [f32; SMALL_BLOCK]) {
    let d = f16_at(block, 0);
    let (low, high) = out.split_at_mut(16);
    for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
        *low = d * f32::from((byte & 15) as i8 - 8);
        *high = d * f32::from((byte >> 4) as i8 - 8);
    }
}

/// The values of the sixteen codes of IQ4_NL, closer together around zero (`kvalues_iq4nl` in ggml-common.h).
pub const IQ4_NL_VALUES: [i8; 16] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/// `d IQ4_NL_VALUES[q]`. Layout: d, then the bits as in [`q4_0`].
pub fn iq4_nl(block: &[u8; 18], out: &mut [f32; SMALL_BLOCK]) {
    let d = f16_at(block, 0);
    let (low, high) = out.split_at_mut(16);
    for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
        *low = d * f32::from(IQ4_NL_VALUES[usize::from(byte & 15)]);
        *high = d * f32::from(IQ4_NL_VALUES[usize::from(byte >> 4)]);
    }
}

/// `d q + m`. Layout: d, m, then the bits as in [`q4_0`].
pub fn q4_1(block: &[u8; 20], out: &mut [f32; SMALL_BLOCK]) {
    let (d, m) = (f16_at(block, 0), f16_at(block, 2));
    let (low, high) = out.split_at_mut(16);
    for ((byte, low), high) in block[4..].iter().zip(low).zip(high) {
        *low = d * f32::from(byte & 15) + m;
        *high = d * f32::from(byte >> 4) + m;
    }
}

/// `d (q - 16)`. Layout: d, the fifth bits of all 32 numbers, then the low four bits as in [`q4_0`].
pub fn q5_0(block: &[u8; 22], out: &mut [f32; SMALL_BLOCK]) {
    let d = f16_at(block, 0);
    write_five_bits(&block[2..], out, |q| d * f32::from(q as i8 - 16));
}

/// `d q + m`. Layout: d, m, then the bits as in [`q5_0`].
pub fn q5_1(block: &[u8; 24], out: &mut [f32; SMALL_BLOCK]) {
    let (d, m) = (f16_at(block, 0), f16_at(block, 2));
    write_five_bits(&block[4..], out, |q| d * f32::from(q) + m);
}

/// Writes `number(q)` for each of 32 integers q of five bits: four bytes with the fifth bits, then 16 bytes as in
/// [`q4_0`].
#[inline(always)]
fn write_five_bits(bytes: &[u8], out: &mut [f32; SMALL_BLOCK], number: impl Fn(u8) -> f32) {
    let fifth = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    let (low, high) = out.split_at_mut(16);
    for (i, ((byte, low), high)) in bytes[4..].iter().zip(low).zip(high).enumerate() {
        *low = number(byte & 15 | ((fifth >> i) as u8 & 1) << 4);
        *high = number(byte >> 4 | ((fifth >> (i + 16)) as u8 & 1) << 4);
    }
}

/// `d q`. Layout: d, then 32 signed bytes.
pub fn q8_0(block: &[u8; 34], out: &mut [f32; SMALL_BLOCK]) {
    let d = f16_at(block, 0);
    for (&q, out) in block[2..].iter().zip(out) {
        *out = d * f32::from(q as i8);
    }
}

/// Two bits a number, in runs of 16. Layout: 16 bytes, each with a run's scale in its low and its minimum in its high
/// four bits; the numbers' bits; d; the factor of the minima.
pub fn q2_k(block: &[u8; 84], out: &mut [f32; LARGE_BLOCK]) {
    let (d, minimum) = (f16_at(block, 80), f16_at(block, 82));
    for (run, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let (scale, minimum) = (d * f32::from(block[run] & 15), minimum * f32::from(block[run] >> 4));
        let (from, shift) = two_bit_position(run);
        for (byte, out) in block[16 + from..].iter().zip(out) {
            *out = scale * f32::from(byte >> shift & 3) - minimum;
        }
    }
}

/// Three bits a number, in runs of 16. Layout: the third bits, by position in 32 bytes; the low two bits; the runs'
/// scales of six bits; d.
pub fn q3_k(block: &[u8; 110], out: &mut [f32; LARGE_BLOCK]) {
    let d = f16_at(block, 108);
    let scales = &block[96..108];
    for (run, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let low = scales[run % 8] >> (run / 8 * 4) & 15;
        let high = scales[8 + run % 4] >> (run / 4 * 2) & 3;
        let scale = d * f32::from((low | high << 4) as i8 - 32);
        let (from, shift) = two_bit_position(run);
        let high_bits = block[run % 2 * 16..].iter().map(|byte| byte >> (run / 2) & 1);
        for ((byte, high), out) in block[32 + from..].iter().zip(high_bits).zip(out) {
            *out = scale * f32::from((byte >> shift & 3 | high << 2) as i8 - 4);
        }
    }
}

/// The first byte and the shift of the 16 two-bit numbers of a run. 32 bytes hold 128 numbers, the first 32 of them in
/// the lowest two bits.
pub fn two_bit_position(run: usize) -> (usize, usize) {
    (run / 8 * 32 + run % 2 * 16, run / 2 % 4 * 2)
}

/// Four bits a number, in runs of 32. Layout: d, the factor of the minima, the runs' scales and minima, the numbers'
/// bits.
pub fn q4_k(block: &[u8; 144], out: &mut [f32; LARGE_BLOCK]) {
    for (run, out) in out.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        let (scale, minimum) = scale_and_minimum(block, run);
        let bytes = &block[16 + run / 2 * 32..];
        for (byte, out) in bytes.iter().zip(out) {
            *out = scale * f32::from(byte >> (run % 2 * 4) & 15) - minimum;
        }
    }
}

/// Five bits a number, in runs of 32. Layout: as [`q4_k`], with the fifth bits, by position in 32 bytes, before the
/// other bits.
pub fn q5_k(block: &[u8; 176], out: &mut [f32; LARGE_BLOCK]) {
    for (run, out) in out.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        let (scale, minimum) = scale_and_minimum(block, run);
        let fifth = block[16..48].iter().map(|byte| byte >> run & 1);
        let bytes = &block[48 + run / 2 * 32..];
        for ((byte, fifth), out) in bytes.iter().zip(fifth).zip(out) {
            *out = scale * f32::from(byte >> (run % 2 * 4) & 15 | fifth << 4) - minimum;
        }
    }
}

/// The scale and the minimum of one of the eight runs of [`q4_k`] and [`q5_k`]. Each has six bits in the twelve bytes
/// from byte 4 on: the first four runs use the low six bits of a byte; the last four runs use four bits of a byte of
/// their own and two of the bits that the first four leave unused.
fn scale_and_minimum(block: &[u8], run: usize) -> (f32, f32) {
    let packed = &block[4..16];
    let (scale, minimum) = if run < 4 {
        (packed[run] & 63, packed[run + 4] & 63)
    } else {
        let both = packed[run + 4];
        (both & 15 | packed[run - 4] >> 6 << 4, both >> 4 | packed[run] >> 6 << 4)
    };
    (f16_at(block, 0) * f32::from(scale), f16_at(block, 2) * f32::from(minimum))
}

/// Six bits a number, in runs of 16. Layout: the low four bits, the high two bits, the runs' signed scales, d.
pub fn q6_k(block: &[u8; 210], out: &mut [f32; LARGE_BLOCK]) {
    let d = f16_at(block, 208);
    for (run, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let scale = d * f32::from(block[192 + run] as i8);
        // 64 bytes hold the low bits of 128 numbers, the first 64 in their lower half.
        let low = block[run / 8 * 64 + run % 4 * 16..].iter().map(|byte| byte >> (run / 4 % 2 * 4) & 15);
        let (from, shift) = two_bit_position(run);
        let high = block[128 + from..].iter().map(|byte| byte >> shift & 3);
        for ((low, high), out) in low.zip(high).zip(out) {
            *out = scale * f32::from((low | high << 4) as i8 - 32);
        }
    }
}

/// Converts IEEE 754 binary16 to binary32 without a branch, so that a row of conversions vectorizes.
///
/// The 15 bits of exponent and fraction, moved to their place in an f32, are too small by the difference of the two
/// exponent biases, 127 - 15. One product corrects that, for subnormal numbers as well.
#[inline(always)]
pub(super) fn f16_to_f32(half: u16) -> f32 {
    const BIAS: f32 = f32::from_bits((127 + 112) << 23); // 2^112
    const INFINITE: u32 = 0x7c00 << 13;
    let sign = u32::from(half & 0x8000) << 16;
    let magnitude = u32::from(half & 0x7fff) << 13;
    let infinite_or_nan = if magnitude >= INFINITE { 0x7f80_0000 } else { 0 };
    f32::from_bits((f32::from_bits(magnitude) * BIAS).to_bits() | infinite_or_nan | sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_widens_as_the_half_crate_does() {
        for bits in 0..=u16::MAX {
            let (ours, theirs) = (f16_to_f32(bits), half::f16::from_bits(bits).to_f32());
            assert!(ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan(), "{bits:#06x}");
        }
    }
}
