//! A borrowed run of stored numbers, converted to f32 one number after the other.

use super::dtype::DType;
use super::scalar::{self, f16_to_f32};

/// Consecutive numbers in the bytes of a file, in whole blocks.
#[derive(Clone, Copy, Debug)]
pub struct TensorView<'a> {
    pub dtype: DType,
    pub bytes: &'a [u8],
}

impl<'a> TensorView<'a> {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        let (numbers, bytes) = self.dtype.block();
        self.bytes.len() / bytes * numbers
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The `count` numbers that begin with number `first`. Both must be multiples of the block size.
    ///
    /// Panics when the range does not lie within the numbers.
    pub fn part(&self, first: usize, count: usize) -> TensorView<'a> {
        let (start, size) = (self.dtype.bytes_of(first), self.dtype.bytes_of(count));
        TensorView { dtype: self.dtype, bytes: &self.bytes[start..start + size] }
    }

    /// Writes all numbers as f32 into `out`. Every F16 and BF16 number is exact in f32; a number of a quantized block
    /// is the block's scale times the stored integer, rounded as ggml rounds it.
    ///
    /// Panics when `out` is not as long as the numbers.
    pub fn to_f32_into(&self, out: &mut [f32]) {
        assert_eq!(self.len(), out.len(), "as many places as numbers");
        match self.dtype {
            DType::F32 => {
                for (o, b) in out.iter_mut().zip(self.bytes.as_chunks::<4>().0) {
                    *o = f32::from_le_bytes(*b);
                }
            }
            DType::F16 => {
                for (o, b) in out.iter_mut().zip(self.bytes.as_chunks::<2>().0) {
                    *o = f16_to_f32(u16::from_le_bytes(*b));
                }
            }
            DType::BF16 => {
                for (o, b) in out.iter_mut().zip(self.bytes.as_chunks::<2>().0) {
                    *o = f32::from_bits(u32::from(u16::from_le_bytes(*b)) << 16);
                }
            }
            DType::Q4_0 => scalar::each_block(self.bytes, out, scalar::q4_0),
            DType::Q4_1 => scalar::each_block(self.bytes, out, scalar::q4_1),
            DType::Q5_0 => scalar::each_block(self.bytes, out, scalar::q5_0),
            DType::Q5_1 => scalar::each_block(self.bytes, out, scalar::q5_1),
            DType::Q8_0 => scalar::each_block(self.bytes, out, scalar::q8_0),
            DType::Q2_K => scalar::each_block(self.bytes, out, scalar::q2_k),
            DType::Q3_K => scalar::each_block(self.bytes, out, scalar::q3_k),
            DType::Q4_K => scalar::each_block(self.bytes, out, scalar::q4_k),
            DType::Q5_K => scalar::each_block(self.bytes, out, scalar::q5_k),
            DType::Q6_K => scalar::each_block(self.bytes, out, scalar::q6_k),
            DType::IQ4_NL => scalar::each_block(self.bytes, out, scalar::iq4_nl),
        }
    }

    /// All numbers as f32.
    pub fn to_f32(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.len()];
        self.to_f32_into(&mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_converted_from_each_float_format() {
        let numbers = [0.5f32, -1.25, 3.0, 1024.0];
        let f32s: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let f16s: Vec<u8> = numbers.iter().flat_map(|&n| half::f16::from_f32(n).to_le_bytes()).collect();
        let bf16s: Vec<u8> = numbers.iter().flat_map(|&n| half::bf16::from_f32(n).to_le_bytes()).collect();
        for (dtype, bytes) in [(DType::F32, f32s), (DType::F16, f16s), (DType::BF16, bf16s)] {
            let floats = TensorView { dtype, bytes: &bytes };
            assert_eq!(floats.len(), 4);
            assert_eq!(floats.part(1, 2).to_f32(), [-1.25, 3.0], "{dtype:?}");
        }
    }

    /// Blocks with the numbers that ggml's own package makes of them (tests/golden/make_blocks.py).
    #[test]
    fn every_block_format_means_what_it_means_to_ggml() {
        use DType::*;
        for dtype in [Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL] {
            let path = format!("{}/tests/golden/blocks/{dtype:?}.bin", env!("CARGO_MANIFEST_DIR"));
            let file = std::fs::read(path).expect("a golden file");
            let (numbers, size) = dtype.block();
            let (blocks, golden) = file.split_at(3 * size);
            let floats = TensorView { dtype, bytes: blocks };
            let golden: Vec<f32> = golden.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
            assert_eq!(floats.len(), 3 * numbers, "{dtype:?}");
            assert_eq!(floats.to_f32(), golden, "{dtype:?}");
            assert_eq!(floats.part(numbers, numbers).to_f32(), golden[numbers..2 * numbers], "{dtype:?}");
        }
    }
}
