//! ggml's blocks: some numbers share a scale, each has a few bits
//! (<https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h>, ggml-quants.c).
//!
//! 32 numbers in a block of the older kinds. 256 in one of the K kinds, as runs of 16 or 32 whose scales (and
//! minima) are small whole numbers times the block's.

use super::floats::widen_f16;

/// Numbers of a block of the older kinds.
pub const SMALL: usize = 32;
/// Numbers of a block of the K kinds.
pub const LARGE: usize = 256;

/// Expands blocks that follow each other, each by `expand`.
pub fn each<const BYTES: usize, const NUMBERS: usize>(
    bytes: &[u8],
    out: &mut [f32],
    expand: fn(&[u8; BYTES], &mut [f32; NUMBERS]),
) {
    for (block, out) in bytes.as_chunks::<BYTES>().0.iter().zip(out.as_chunks_mut::<NUMBERS>().0) {
        expand(block, out);
    }
}

/// The half-precision number at a byte of a block.
#[inline(always)]
fn half(block: &[u8], at: usize) -> f32 {
    widen_f16(u16::from_le_bytes([block[at], block[at + 1]]))
}

/// `d` (q - 8): d, then 16 bytes with number i in the low and number i + 16 in the high four bits.
pub fn q4_0(block: &[u8; 18], out: &mut [f32; SMALL]) {
    let d = half(block, 0);
    let (low, high) = out.split_at_mut(16);
    for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
        *low = d * f32::from((byte & 15) as i8 - 8);
        *high = d * f32::from((byte >> 4) as i8 - 8);
    }
}

/// What the sixteen values of four bits stand for in IQ4_NL, closer together around zero (`kvalues_iq4nl` in
/// ggml-common.h).
pub const IQ4_NL_VALUES: [i8; 16] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/// `d` times the value that four bits stand for: d, then the bits as in [`q4_0`].
pub fn iq4_nl(block: &[u8; 18], out: &mut [f32; SMALL]) {
    let d = half(block, 0);
    let (low, high) = out.split_at_mut(16);
    for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
        *low = d * f32::from(IQ4_NL_VALUES[usize::from(byte & 15)]);
        *high = d * f32::from(IQ4_NL_VALUES[usize::from(byte >> 4)]);
    }
}

/// `d q + m`: d, m, then as in [`q4_0`].
pub fn q4_1(block: &[u8; 20], out: &mut [f32; SMALL]) {
    let (d, m) = (half(block, 0), half(block, 2));
    let (low, high) = out.split_at_mut(16);
    for ((byte, low), high) in block[4..].iter().zip(low).zip(high) {
        *low = d * f32::from(byte & 15) + m;
        *high = d * f32::from(byte >> 4) + m;
    }
}

/// `d` (q - 16): d, the fifth bit of all 32, then as in [`q4_0`].
pub fn q5_0(block: &[u8; 22], out: &mut [f32; SMALL]) {
    let d = half(block, 0);
    five_bits(&block[2..], out, |q| d * f32::from(q as i8 - 16));
}

/// `d q + m`: d, m, then as in [`q5_0`].
pub fn q5_1(block: &[u8; 24], out: &mut [f32; SMALL]) {
    let (d, m) = (half(block, 0), half(block, 2));
    five_bits(&block[4..], out, |q| d * f32::from(q) + m);
}

#[inline(always)]
fn five_bits(bytes: &[u8], out: &mut [f32; SMALL], number: impl Fn(u8) -> f32) {
    let fifth = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    let (low, high) = out.split_at_mut(16);
    for (i, ((byte, low), high)) in bytes[4..].iter().zip(low).zip(high).enumerate() {
        *low = number(byte & 15 | ((fifth >> i) as u8 & 1) << 4);
        *high = number(byte >> 4 | ((fifth >> (i + 16)) as u8 & 1) << 4);
    }
}

/// `d q`: d, then 32 signed bytes.
pub fn q8_0(block: &[u8; 34], out: &mut [f32; SMALL]) {
    let d = half(block, 0);
    for (&q, out) in block[2..].iter().zip(out) {
        *out = d * f32::from(q as i8);
    }
}

/// Two bits in runs of 16: 16 bytes with a run's scale and minimum of four bits each, the bits, d, the minima's d.
pub fn q2_k(block: &[u8; 84], out: &mut [f32; LARGE]) {
    let (d, minimum) = (half(block, 80), half(block, 82));
    for (run, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let (scale, minimum) = (d * f32::from(block[run] & 15), minimum * f32::from(block[run] >> 4));
        let (from, shift) = two_bits(run);
        for (byte, out) in block[16 + from..].iter().zip(out) {
            *out = scale * f32::from(byte >> shift & 3) - minimum;
        }
    }
}

/// Three bits in runs of 16: their high bits by position in 32 bytes, the low two, the runs' scales of six bits, d.
pub fn q3_k(block: &[u8; 110], out: &mut [f32; LARGE]) {
    let d = half(block, 108);
    let scales = &block[96..108];
    for (run, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let low = scales[run % 8] >> (run / 8 * 4) & 15;
        let high = scales[8 + run % 4] >> (run / 4 * 2) & 3;
        let scale = d * f32::from((low | high << 4) as i8 - 32);
        let (from, shift) = two_bits(run);
        let high_bits = block[run % 2 * 16..].iter().map(|byte| byte >> (run / 2) & 1);
        for ((byte, high), out) in block[32 + from..].iter().zip(high_bits).zip(out) {
            *out = scale * f32::from((byte >> shift & 3 | high << 2) as i8 - 4);
        }
    }
}

/// Where a run's 16 numbers of two bits lie: the first byte and the shift. 32 bytes hold 128 numbers, the first 32
/// in the lowest bits.
pub fn two_bits(run: usize) -> (usize, usize) {
    (run / 8 * 32 + run % 2 * 16, run / 2 % 4 * 2)
}

/// Four bits in runs of 32: d, the minima's d, the runs' scales and minima, the bits.
pub fn q4_k(block: &[u8; 144], out: &mut [f32; LARGE]) {
    for (run, out) in out.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        let (scale, minimum) = scale_and_minimum(block, run);
        let bytes = &block[16 + run / 2 * 32..];
        for (byte, out) in bytes.iter().zip(out) {
            *out = scale * f32::from(byte >> (run % 2 * 4) & 15) - minimum;
        }
    }
}

/// Five bits in runs of 32: as [`q4_k`], with the fifth bits by position in 32 bytes before the others.
pub fn q5_k(block: &[u8; 176], out: &mut [f32; LARGE]) {
    for (run, out) in out.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        let (scale, minimum) = scale_and_minimum(block, run);
        let fifth = block[16..48].iter().map(|byte| byte >> run & 1);
        let bytes = &block[48 + run / 2 * 32..];
        for ((byte, fifth), out) in bytes.iter().zip(fifth).zip(out) {
            *out = scale * f32::from(byte >> (run % 2 * 4) & 15 | fifth << 4) - minimum;
        }
    }
}

/// The scale and the minimum of one of the eight runs of [`q4_k`] and [`q5_k`]: six bits each in twelve bytes,
/// those of the last four runs in four bits and in the spare two bits of the first four's.
fn scale_and_minimum(block: &[u8], run: usize) -> (f32, f32) {
    let packed = &block[4..16];
    let (scale, minimum) = if run < 4 {
        (packed[run] & 63, packed[run + 4] & 63)
    } else {
        let both = packed[run + 4];
        (both & 15 | packed[run - 4] >> 6 << 4, both >> 4 | packed[run] >> 6 << 4)
    };
    (half(block, 0) * f32::from(scale), half(block, 2) * f32::from(minimum))
}

/// Six bits in runs of 16: the low four, the high two, the runs' signed scales, d.
pub fn q6_k(block: &[u8; 210], out: &mut [f32; LARGE]) {
    let d = half(block, 208);
    for (run, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let scale = d * f32::from(block[192 + run] as i8);
        // 64 bytes hold the low bits of 128 numbers, the first 64 in their lower half.
        let low = block[run / 8 * 64 + run % 4 * 16..].iter().map(|byte| byte >> (run / 4 % 2 * 4) & 15);
        let (from, shift) = two_bits(run);
        let high = block[128 + from..].iter().map(|byte| byte >> shift & 3);
        for ((low, high), out) in low.zip(high).zip(out) {
            *out = scale * f32::from((low | high << 4) as i8 - 32);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::math::{FloatKind, Floats};

    /// Blocks with the numbers that ggml's own package makes of them (tests/golden/make_blocks.py).
    #[test]
    fn every_kind_means_what_it_means_to_ggml() {
        use FloatKind::*;
        for kind in [Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL] {
            let path = format!("{}/tests/golden/blocks/{kind:?}.bin", env!("CARGO_MANIFEST_DIR"));
            let file = std::fs::read(path).expect("a golden file");
            let (numbers, size) = kind.block();
            let (blocks, golden) = file.split_at(3 * size);
            let floats = Floats { kind, bytes: blocks };
            let golden: Vec<f32> = golden.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
            assert_eq!(floats.len(), 3 * numbers, "{kind:?}");
            assert_eq!(floats.widened(), golden, "{kind:?}");
            assert_eq!(floats.part(numbers, numbers).widened(), golden[numbers..2 * numbers], "{kind:?}");
        }
    }
}
