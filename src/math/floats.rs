//! Numbers as they lie in a weight file, widened to f32 only where they are used.

/// How one number is stored; always little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatKind {
    F32,
    F16,
    BF16,
}

impl FloatKind {
    /// Bytes of one number.
    pub fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
        }
    }
}

/// A run of numbers in a file's bytes.
#[derive(Clone, Copy, Debug)]
pub struct Floats<'a> {
    pub kind: FloatKind,
    pub bytes: &'a [u8],
}

impl<'a> Floats<'a> {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.kind.size()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The `count` numbers from number `first` on.
    pub fn part(&self, first: usize, count: usize) -> Floats<'a> {
        let size = self.kind.size();
        Floats { kind: self.kind, bytes: &self.bytes[first * size..(first + count) * size] }
    }

    /// All numbers as f32 into `out`, which has as many places. Every F16 and BF16 is exact in f32.
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
fn widen_f16(half: u16) -> f32 {
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
