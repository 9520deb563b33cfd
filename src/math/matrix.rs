//! Weights as the right side of a product: laid out in panels, or left in the file as they are stored.

use std::ops::Range;

use wide::f32x4;

use super::abreast::SharedFloats;
use super::alive;
use super::eights;
use super::matmul::{DEPTH_BLOCK, Rows, Then, matmul, matmul_stored};
use super::panels::{PANEL, Panels};
use super::parallel::ParallelPanels;

/// A matrix B [depth, columns] for `A B`.
pub enum Matrix {
    /// Four bytes a number, the fastest.
    Panels(Panels),
    /// The same in a memory of threads, where there are some.
    Parallel(ParallelPanels),
    /// No memory but the file's; expanded in every product.
    Stored(Stored),
}

/// A matrix B [depth, columns] in a file, weights as checkpoints store them, [outputs, depth]: eight columns abreast
/// ([`super::abreast`]), or each column's numbers one behind the other, which takes longer. Its parts may be of different kinds.
pub struct Stored {
    parts: Vec<SharedFloats>,
    depth: usize,
    columns: usize,
}

impl Matrix {
    pub fn of(panels: Panels) -> Self {
        alive::give();
        ParallelPanels::keep(&panels).map_or(Self::Panels(panels), Self::Parallel)
    }

    pub fn depth(&self) -> usize {
        match self {
            Self::Panels(panels) => panels.depth(),
            Self::Parallel(panels) => panels.depth(),
            Self::Stored(stored) => stored.depth,
        }
    }

    pub fn columns(&self) -> usize {
        match self {
            Self::Panels(panels) => panels.columns(),
            Self::Parallel(panels) => panels.columns(),
            Self::Stored(stored) => stored.columns,
        }
    }

    /// `out = then(A B)`, as [`matmul()`].
    pub fn matmul(&self, a: Rows<'_>, out: &mut [f32], out_stride: usize, then: Then<'_>) {
        alive::give();
        match self {
            Self::Panels(panels) => matmul(a, panels, out, out_stride, then),
            Self::Parallel(panels) => panels.matmul(a, out, out_stride, then),
            Self::Stored(stored) => matmul_stored(a, stored, out, out_stride, then),
        }
    }

    /// Some rows of the depth as a matrix of their own: what one head's numbers are multiplied with.
    pub fn depth_part(&self, range: Range<usize>) -> Panels {
        match self {
            Self::Panels(panels) => panels.depth_part(range),
            Self::Parallel(panels) => panels.depth_part(range),
            Self::Stored(stored) => stored.depth_part(range),
        }
    }
}

impl Stored {
    /// Parts [outputs, depth], one below the other: every output becomes a column.
    ///
    /// Panics when a row of a part is not whole blocks or a part not whole rows; shapes are checked where tensors
    /// are read.
    pub fn new(parts: Vec<SharedFloats>, depth: usize) -> Self {
        alive::give();
        let rows = |part: &SharedFloats| {
            assert!(depth.is_multiple_of(part.kind().block().0), "rows of {depth} are no whole blocks");
            assert!(part.len().is_multiple_of(depth), "no whole rows");
            part.len() / depth
        };
        let columns = parts.iter().map(rows).sum();
        Self { parts, depth, columns }
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The part that a column is in, and which of the part's columns it is; none behind the last.
    fn part_of(&self, mut column: usize) -> Option<(&SharedFloats, usize)> {
        for part in &self.parts {
            let columns = part.len() / self.depth;
            if column < columns {
                return Some((part, column));
            }
            column -= columns;
        }
        None
    }

    /// Some of a column's numbers, from row `first` of the depth on: whole blocks.
    fn widen_column(&self, column: usize, first: usize, out: &mut [f32]) {
        let (part, column) = self.part_of(column).expect("a column of the matrix");
        part.widen_into(column * self.depth + first, out);
    }

    /// The bytes of the columns of panel `p`, as far as its first column's part has them; none behind the last.
    pub(super) fn bytes(&self, p: usize) -> &[u8] {
        let part = self.part_of(p * PANEL);
        part.map_or(&[], |(part, column)| part.rows(column, part.kind().bytes_of(self.depth)))
    }

    /// As [`Panels::depth_part`]; only the blocks that the range touches are expanded.
    fn depth_part(&self, range: Range<usize>) -> Panels {
        let mut rows = Vec::with_capacity(self.columns * range.len());
        let mut blocks = Vec::new();
        for column in 0..self.columns {
            let block = self.part_of(column).expect("a column of the matrix").0.kind().block().0;
            let first = range.start / block * block;
            blocks.resize(range.end.next_multiple_of(block) - first, 0.0);
            self.widen_column(column, first, &mut blocks);
            rows.extend_from_slice(&blocks[range.start - first..range.end - first]);
        }
        let mut panels = Panels::default();
        panels.pack_transposed(&rows, range.len(), self.columns, range.len(), 1.0);
        panels
    }
}

/// Eight columns of a block of depth, expanded: a panel's part that is made when it is needed, always in the same
/// 32 KiB.
pub(super) struct Expansion<'a> {
    stored: &'a Stored,
    numbers: Box<[[f32; DEPTH_BLOCK]; PANEL]>,
    panel: Box<[[f32; PANEL]; DEPTH_BLOCK]>,
}

impl<'a> Expansion<'a> {
    pub fn new(stored: &'a Stored) -> Self {
        Self { stored, numbers: Box::new([[0.0; _]; _]), panel: Box::new([[0.0; _]; _]) }
    }

    /// Panel `p` of the matrix, `len` rows from `from` on; what it has beside the last column means nothing.
    pub fn panel(&mut self, p: usize, from: usize, len: usize) -> &[[f32; PANEL]] {
        if let Some((part, column)) = self.stored.part_of(p * PANEL)
            && let Some(eight) = part.eight(column)
        {
            let bytes = |numbers| part.kind().bytes_of(numbers);
            eights::expand(part.kind(), &eight[bytes(from)..][..bytes(len)], &mut self.panel[..len]);
            return &self.panel[..len];
        }
        for (lane, numbers) in self.numbers.iter_mut().enumerate() {
            let column = (p * PANEL + lane).min(self.stored.columns - 1);
            self.stored.widen_column(column, from, &mut numbers[..len]);
        }
        let fours = self.numbers.each_ref().map(|numbers| numbers.as_chunks::<4>().0);
        // What the last four have behind `len` is of no use and does no harm.
        for (i, places) in self.panel.as_chunks_mut::<4>().0.iter_mut().enumerate().take(len.div_ceil(4)) {
            let [low, high] = [0, 4].map(|lane| {
                f32x4::transpose(std::array::from_fn(|row| f32x4::new(fours[lane + row][i]))).map(f32x4::to_array)
            });
            for (place, (low, high)) in places.iter_mut().zip(low.iter().zip(&high)) {
                place[..4].copy_from_slice(low);
                place[4..].copy_from_slice(high);
            }
        }
        &self.panel[..len]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::math::{FloatKind, noise};

    /// Random blocks of a kind with a scale of about a hundredth at each of its half-precision numbers.
    fn stored(kind: FloatKind, count: usize, seed: u32) -> Vec<u8> {
        let halves: &[usize] = match kind {
            FloatKind::F16 | FloatKind::Q4_0 | FloatKind::Q5_0 | FloatKind::Q8_0 | FloatKind::IQ4_NL => &[0],
            FloatKind::F32 | FloatKind::BF16 => &[],
            FloatKind::Q2_K => &[80, 82],
            FloatKind::Q3_K => &[108],
            FloatKind::Q6_K => &[208],
            FloatKind::Q4_1 | FloatKind::Q5_1 | FloatKind::Q4_K | FloatKind::Q5_K => &[0, 2],
        };
        let numbers = noise(kind.bytes_of(count), 1.0, seed);
        let mut bytes: Vec<u8> = match kind {
            FloatKind::F32 => numbers[..count].iter().flat_map(|x| x.to_le_bytes()).collect(),
            FloatKind::BF16 => numbers[..count].iter().flat_map(|&x| half::bf16::from_f32(x).to_le_bytes()).collect(),
            _ => numbers.iter().map(|x| (x * 127.0) as i8 as u8).collect(),
        };
        for block in bytes.chunks_mut(kind.block().1) {
            for &at in halves {
                let scale = half::f16::from_f32(f32::from(block[at]) * 1e-4 - 0.01);
                block[at..at + 2].copy_from_slice(&scale.to_le_bytes());
            }
        }
        bytes
    }

    /// As a file has them, and as they lie once it is open.
    fn both(kind: FloatKind, count: usize, depth: usize, seed: u32) -> [SharedFloats; 2] {
        let bytes = stored(kind, count, seed);
        let alone = SharedFloats::new(Arc::new(bytes.clone()), kind, 0..bytes.len(), None);
        [alone, SharedFloats::abreast(kind, bytes, depth)]
    }

    const KINDS: [FloatKind; 14] = [
        FloatKind::F32,
        FloatKind::F16,
        FloatKind::BF16,
        FloatKind::Q4_0,
        FloatKind::Q4_1,
        FloatKind::Q5_0,
        FloatKind::Q5_1,
        FloatKind::Q8_0,
        FloatKind::Q2_K,
        FloatKind::Q3_K,
        FloatKind::Q4_K,
        FloatKind::Q5_K,
        FloatKind::Q6_K,
        FloatKind::IQ4_NL,
    ];

    /// The panels' product is tested against its scalar twin; this one does the same sums in the same order.
    #[test]
    fn agrees_with_the_same_weights_in_panels() {
        for kind in KINDS {
            let block = kind.block().0;
            for (m, k, n) in [(1, block, 1), (5, block * 3, 9), (6, (600 / block + 1) * block, 20), (161, 512, 17)] {
                let [part, abreast] = both(kind, n * k, k, 3);
                let (a, bias) = (noise(m * (k + 3), 1.0, 4), noise(n, 1.0, 5));
                let a = Rows { data: &a, rows: m, stride: k + 3 };
                let panels = Matrix::Panels(Panels::from_weights(&[part.in_order().unwrap()], k));
                let [alone, abreast] = [part, abreast].map(|part| Matrix::Stored(Stored::new(vec![part], k)));
                assert_eq!((alone.depth(), alone.columns()), (k, n));
                let [theirs, ours, eights] = [panels, alone, abreast].map(|matrix| {
                    let mut out = vec![7.0; m * (n + 2)];
                    matrix.matmul(a, &mut out, n + 2, Then::Bias(&bias));
                    out
                });
                assert_eq!(ours, theirs, "{kind:?} [{m}, {k}, {n}]");
                assert_eq!(eights, theirs, "{kind:?} [{m}, {k}, {n}], abreast");
                assert!(ours.iter().any(|&x| x != 0.0 && x != 7.0), "{kind:?}: numbers");
            }
        }
    }

    #[test]
    fn parts_of_several_kinds_stand_side_by_side() {
        let (m, k) = (3, 512);
        // The third begins among eight columns, the last does not.
        let kinds = [(FloatKind::Q4_K, 9), (FloatKind::F16, 8), (FloatKind::Q6_K, 15), (FloatKind::Q8_0, 10)];
        let n = 42;
        let parts = kinds.map(|(kind, n)| both(kind, n * k, k, 6));
        let floats = parts.each_ref().map(|[part, _]| part.in_order().unwrap());
        let panels = Matrix::Panels(Panels::from_weights(&floats, k));
        let stored = Matrix::Stored(Stored::new(parts.map(|[_, abreast]| abreast).into(), k));
        let a = noise(m * k, 1.0, 7);
        let [theirs, ours] = [&panels, &stored].map(|matrix| {
            let mut out = vec![0.0; m * n];
            matrix.matmul(Rows::dense(&a, k), &mut out, n, Then::Nothing);
            out
        });
        assert_eq!(ours, theirs);
        // A head's rows of the depth, in the middle of blocks.
        for range in [0..512, 64..128, 250..259, 500..512] {
            let a = Rows { data: &a[range.start..], rows: m, stride: k };
            let [theirs, ours] = [&panels, &stored].map(|matrix| {
                let mut out = vec![0.0; m * n];
                matmul(a, &matrix.depth_part(range.clone()), &mut out, n, Then::Nothing);
                out
            });
            assert_eq!(ours, theirs, "{range:?}");
        }
    }
}
