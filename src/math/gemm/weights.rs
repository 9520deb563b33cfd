//! A model's weight matrix as the right side of a product, in any of its forms.

use std::ops::Range;

use super::blocking::{Epilogue, Rows, matmul};
use super::packed::PackedB;
use super::stored::{StoredB, matmul_stored};
use super::threads::ThreadedB;
use crate::math::alive;

/// A matrix B [depth, columns] for products `A B`.
pub enum WeightMatrix {
    /// Packed as f32: four bytes a number, the fastest form.
    Packed(PackedB),
    /// Packed as f32 in the memory of several threads.
    Threaded(ThreadedB),
    /// In the bytes of the file, without memory of its own; decoded in every product.
    Stored(StoredB),
}

impl WeightMatrix {
    /// Moves the matrix to the threads' memory, if there are threads and there is room.
    pub fn of(packed: PackedB) -> Self {
        alive::give();
        ThreadedB::share(&packed).map_or(Self::Packed(packed), Self::Threaded)
    }

    pub fn depth(&self) -> usize {
        match self {
            Self::Packed(packed) => packed.depth(),
            Self::Threaded(threaded) => threaded.depth(),
            Self::Stored(stored) => stored.depth(),
        }
    }

    pub fn columns(&self) -> usize {
        match self {
            Self::Packed(packed) => packed.columns(),
            Self::Threaded(threaded) => threaded.columns(),
            Self::Stored(stored) => stored.columns(),
        }
    }

    /// `out = epilogue(A B)`, as [`matmul()`].
    pub fn matmul(&self, a: Rows<'_>, out: &mut [f32], out_stride: usize, epilogue: Epilogue<'_>) {
        alive::give();
        match self {
            Self::Packed(packed) => matmul(a, packed, out, out_stride, epilogue),
            Self::Threaded(threaded) => threaded.matmul(a, out, out_stride, epilogue),
            Self::Stored(stored) => matmul_stored(a, stored, out, out_stride, epilogue),
        }
    }

    /// The rows `range` of B as a matrix of their own, as [`PackedB::depth_part`].
    pub fn depth_part(&self, range: Range<usize>) -> PackedB {
        match self {
            Self::Packed(packed) => packed.depth_part(range),
            Self::Threaded(threaded) => threaded.depth_part(range),
            Self::Stored(stored) => stored.depth_part(range),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::math::{DType, TensorData, noise};

    /// Random blocks of a format, with a scale of about a hundredth at each of its half-precision numbers.
    fn stored(dtype: DType, count: usize, seed: u32) -> Vec<u8> {
        let halves: &[usize] = match dtype {
            DType::F16 | DType::Q4_0 | DType::Q5_0 | DType::Q8_0 | DType::IQ4_NL => &[0],
            DType::F32 | DType::BF16 => &[],
            DType::Q2_K => &[80, 82],
            DType::Q3_K => &[108],
            DType::Q6_K => &[208],
            DType::Q4_1 | DType::Q5_1 | DType::Q4_K | DType::Q5_K => &[0, 2],
        };
        let numbers = noise(dtype.bytes_of(count), 1.0, seed);
        let mut bytes: Vec<u8> = match dtype {
            DType::F32 => numbers[..count].iter().flat_map(|x| x.to_le_bytes()).collect(),
            DType::BF16 => numbers[..count].iter().flat_map(|&x| half::bf16::from_f32(x).to_le_bytes()).collect(),
            _ => numbers.iter().map(|x| (x * 127.0) as i8 as u8).collect(),
        };
        for block in bytes.chunks_mut(dtype.block().1) {
            for &at in halves {
                let scale = half::f16::from_f32(f32::from(block[at]) * 1e-4 - 0.01);
                block[at..at + 2].copy_from_slice(&scale.to_le_bytes());
            }
        }
        bytes
    }

    /// The same numbers in the order of a file, and interleaved.
    fn both(dtype: DType, count: usize, depth: usize, seed: u32) -> [TensorData; 2] {
        let bytes = stored(dtype, count, seed);
        let alone = TensorData::new(Arc::new(bytes.clone()), dtype, 0..bytes.len(), None);
        [alone, TensorData::interleaved(dtype, bytes, depth)]
    }

    const DTYPES: [DType; 14] = [
        DType::F32,
        DType::F16,
        DType::BF16,
        DType::Q4_0,
        DType::Q4_1,
        DType::Q5_0,
        DType::Q5_1,
        DType::Q8_0,
        DType::Q2_K,
        DType::Q3_K,
        DType::Q4_K,
        DType::Q5_K,
        DType::Q6_K,
        DType::IQ4_NL,
    ];

    /// The product of packed weights is tested against its scalar twin. This one adds the same numbers in the same
    /// order.
    #[test]
    fn agrees_with_the_same_weights_in_panels() {
        for dtype in DTYPES {
            let block = dtype.block().0;
            for (m, k, n) in [(1, block, 1), (5, block * 3, 9), (6, (600 / block + 1) * block, 20), (161, 512, 17)] {
                let [part, interleaved] = both(dtype, n * k, k, 3);
                let (a, bias) = (noise(m * (k + 3), 1.0, 4), noise(n, 1.0, 5));
                let a = Rows { data: &a, rows: m, stride: k + 3 };
                let panels = WeightMatrix::Packed(PackedB::from_weights(&[part.as_row_major().unwrap()], k));
                let [alone, interleaved] =
                    [part, interleaved].map(|part| WeightMatrix::Stored(StoredB::new(vec![part], k)));
                assert_eq!((alone.depth(), alone.columns()), (k, n));
                let [theirs, ours, interleaved] = [panels, alone, interleaved].map(|matrix| {
                    let mut out = vec![7.0; m * (n + 2)];
                    matrix.matmul(a, &mut out, n + 2, Epilogue::Bias(&bias));
                    out
                });
                assert_eq!(ours, theirs, "{dtype:?} [{m}, {k}, {n}]");
                assert_eq!(interleaved, theirs, "{dtype:?} [{m}, {k}, {n}], interleaved");
                assert!(ours.iter().any(|&x| x != 0.0 && x != 7.0), "{dtype:?}: numbers");
            }
        }
    }

    #[test]
    fn parts_of_several_kinds_stand_side_by_side() {
        let (m, k) = (3, 512);
        // The third part begins within a group of eight columns, the last one does not.
        let kinds = [(DType::Q4_K, 9), (DType::F16, 8), (DType::Q6_K, 15), (DType::Q8_0, 10)];
        let n = 42;
        let parts = kinds.map(|(dtype, n)| both(dtype, n * k, k, 6));
        let floats = parts.each_ref().map(|[part, _]| part.as_row_major().unwrap());
        let panels = WeightMatrix::Packed(PackedB::from_weights(&floats, k));
        let stored = WeightMatrix::Stored(StoredB::new(parts.map(|[_, interleaved]| interleaved).into(), k));
        let a = noise(m * k, 1.0, 7);
        let [theirs, ours] = [&panels, &stored].map(|matrix| {
            let mut out = vec![0.0; m * n];
            matrix.matmul(Rows::dense(&a, k), &mut out, n, Epilogue::None);
            out
        });
        assert_eq!(ours, theirs);
        // Rows of the depth that begin and end within blocks, as those of a head can.
        for range in [0..512, 64..128, 250..259, 500..512] {
            let a = Rows { data: &a[range.start..], rows: m, stride: k };
            let [theirs, ours] = [&panels, &stored].map(|matrix| {
                let mut out = vec![0.0; m * n];
                matmul(a, &matrix.depth_part(range.clone()), &mut out, n, Epilogue::None);
                out
            });
            assert_eq!(ours, theirs, "{range:?}");
        }
    }
}
