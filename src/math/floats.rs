//! Numbers as they lie in a weight file, widened to f32 only where they are used.

use super::blocks::{self, LARGE, SMALL};

/// How numbers are stored; always little-endian. The names are those of the safetensors and ggml formats.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatKind {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ4_NL,
}

impl FloatKind {
    /// Numbers that can only be stored together, and the bytes that they take.
    pub fn block(self) -> (usize, usize) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 | Self::BF16 => (1, 2),
            Self::Q4_0 | Self::IQ4_NL => (SMALL, 18),
            Self::Q4_1 => (SMALL, 20),
            Self::Q5_0 => (SMALL, 22),
            Self::Q5_1 => (SMALL, 24),
            Self::Q8_0 => (SMALL, 34),
            Self::Q2_K => (LARGE, 84),
            Self::Q3_K => (LARGE, 110),
            Self::Q4_K => (LARGE, 144),
            Self::Q5_K => (LARGE, 176),
            Self::Q6_K => (LARGE, 210),
        }
    }

    /// Bytes of `count` numbers, which are whole blocks.
    pub fn bytes_of(self, count: usize) -> usize {
        let (numbers, bytes) = self.block();
        debug_assert!(count.is_multiple_of(numbers), "{count} numbers are no whole blocks of {self:?}");
        count / numbers * bytes
    }
}

/// A run of numbers in a file's bytes, in whole blocks.
#[derive(Clone, Copy, Debug)]
pub struct Floats<'a> {
    pub kind: FloatKind,
    pub bytes: &'a [u8],
}

impl<'a> Floats<'a> {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        let (numbers, bytes) = self.kind.block();
        self.bytes.len() / bytes * numbers
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The `count` numbers from number `first` on; both are whole blocks.
    pub fn part(&self, first: usize, count: usize) -> Floats<'a> {
        let (start, size) = (self.kind.bytes_of(first), self.kind.bytes_of(count));
        Floats { kind: self.kind, bytes: &self.bytes[start..start + size] }
    }

    /// All numbers as f32 into `out`, which has as many places. Every F16 and BF16 is exact in f32; a number of a
    /// block is its scale times its few bits, rounded as ggml does.
    pub fn widen_into(&self, out: &mut [f32]) {
        assert_eq!(self.len(), out.len(), "as many places as numbers");
        match self.kind {
            FloatKind::F32 => {
                for (o, b) in out.iter_mut().zip(self.bytes.as_chunks::<4>().0) {
                    *o = f32::from_le_bytes(*b);
                }
            }
            FloatKind::F16 => {
                for (o, b) in out.iter_mut().zip(self.bytes.as_chunks::<2>().0) {
                    *o = widen_f16(u16::from_le_bytes(*b));
                }
            }
            FloatKind::BF16 => {
                for (o, b) in out.iter_mut().zip(self.bytes.as_chunks::<2>().0) {
                    *o = f32::from_bits(u32::from(u16::from_le_bytes(*b)) << 16);
                }
            }
            FloatKind::Q4_0 => blocks::each(self.bytes, out, blocks::q4_0),
            FloatKind::Q4_1 => blocks::each(self.bytes, out, blocks::q4_1),
            FloatKind::Q5_0 => blocks::each(self.bytes, out, blocks::q5_0),
            FloatKind::Q5_1 => blocks::each(self.bytes, out, blocks::q5_1),
            FloatKind::Q8_0 => blocks::each(self.bytes, out, blocks::q8_0),
            FloatKind::Q2_K => blocks::each(self.bytes, out, blocks::q2_k),
            FloatKind::Q3_K => blocks::each(self.bytes, out, blocks::q3_k),
            FloatKind::Q4_K => blocks::each(self.bytes, out, blocks::q4_k),
            FloatKind::Q5_K => blocks::each(self.bytes, out, blocks::q5_k),
            FloatKind::Q6_K => blocks::each(self.bytes, out, blocks::q6_k),
            FloatKind::IQ4_NL => blocks::each(self.bytes, out, blocks::iq4_nl),
        }
    }

    pub fn widened(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.len()];
        self.widen_into(&mut out);
        out
    }
}

/// IEEE 754 binary16 to binary32 without a branch, so that a row of them vectorises.
///
/// The 15 bits of exponent and fraction, moved to their place in an f32, are too small by the
/// difference of the two biases, 127 - 15; one product puts that right, for subnormals as well.
#[inline(always)]
pub(super) fn widen_f16(half: u16) -> f32 {
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
            let (ours, theirs) = (widen_f16(bits), half::f16::from_bits(bits).to_f32());
            assert!(ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan(), "{bits:#06x}");
        }
    }

    #[test]
    fn a_part_is_widened_in_each_kind() {
        let numbers = [0.5f32, -1.25, 3.0, 1024.0];
        let f32s: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let f16s: Vec<u8> = numbers.iter().flat_map(|&n| half::f16::from_f32(n).to_le_bytes()).collect();
        let bf16s: Vec<u8> = numbers.iter().flat_map(|&n| half::bf16::from_f32(n).to_le_bytes()).collect();
        for (kind, bytes) in [(FloatKind::F32, f32s), (FloatKind::F16, f16s), (FloatKind::BF16, bf16s)] {
            let floats = Floats { kind, bytes: &bytes };
            assert_eq!(floats.len(), 4);
            assert_eq!(floats.part(1, 2).widened(), [-1.25, 3.0], "{kind:?}");
        }
    }
}
