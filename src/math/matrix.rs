//! Weights as the right side of a product: laid out in panels, or left in the file as they are stored.

use std::ops::Range;
use std::sync::Arc;

use wide::f32x4;

use super::eights;
use super::floats::{FloatKind, Floats};
use super::matmul::{DEPTH_BLOCK, Rows, Then, matmul, matmul_stored};
use super::panels::{PANEL, Panels};
use super::parallel::ParallelPanels;

/// Numbers in the bytes of a file that stays in memory.
#[derive(Clone)]
pub struct SharedFloats {
    pub file: Arc<Vec<u8>>,
    pub kind: FloatKind,
    /// Their bytes in the file.
    pub span: Range<usize>,
}

impl SharedFloats {
    pub fn floats(&self) -> Floats<'_> {
        Floats { kind: self.kind, bytes: &self.file[self.span.clone()] }
    }

    /// The `count` numbers from number `first` on: whole blocks.
    pub fn part(&self, first: usize, count: usize) -> Self {
        let start = self.span.start + self.kind.bytes_of(first);
        Self { span: start..start + self.kind.bytes_of(count), ..self.clone() }
    }
}

/// A matrix B [depth, columns] for `A B`.
pub enum Matrix {
    /// Four bytes a number, the fastest.
    Panels(Panels),
    /// The same in a memory of threads, where there are some.
    Parallel(ParallelPanels),
    /// No memory but the file's; expanded in every product.
    Stored(Stored),
}

/// A matrix B [depth, columns] in a file, each column's numbers one behind the other: weights as checkpoints store
/// them, [outputs, depth]. Its parts may be of different kinds.
pub struct Stored {
    parts: Vec<SharedFloats>,
    depth: usize,
    columns: usize,
}

impl Matrix {
    pub fn of(panels: Panels) -> Self {
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
        let rows = |part: &SharedFloats| {
            assert!(depth.is_multiple_of(part.kind.block().0), "rows of {depth} are no whole blocks");
            assert!(part.floats().len().is_multiple_of(depth), "no whole rows");
            part.floats().len() / depth
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
    fn part_of(&self, mut column: usize) -> Option<(Floats<'_>, usize)> {
        for part in &self.parts {
            let floats = part.floats();
            let columns = floats.len() / self.depth;
            if column < columns {
                return Some((floats, column));
            }
            column -= columns;
        }
        None
    }

    /// One column's numbers, all of the depth.
    fn column(&self, column: usize) -> Floats<'_> {
        let (part, column) = self.part_of(column).expect("a column of the matrix");
        part.part(column * self.depth, self.depth)
    }

    /// The bytes of the columns of panel `p`, as far as its first column's part has them; none behind the last.
    pub(super) fn bytes(&self, p: usize) -> &[u8] {
        let Some((part, column)) = self.part_of(p * PANEL) else { return &[] };
        let one = part.kind.bytes_of(self.depth);
        &part.bytes[column * one..part.bytes.len().min((column + PANEL) * one)]
    }

    /// As [`Panels::depth_part`]; only the blocks that the range touches are expanded.
    fn depth_part(&self, range: Range<usize>) -> Panels {
        let mut rows = Vec::with_capacity(self.columns * range.len());
        let mut blocks = Vec::new();
        for column in (0..self.columns).map(|column| self.column(column)) {
            let block = column.kind.block().0;
            let first = range.start / block * block;
            blocks.resize(range.end.next_multiple_of(block) - first, 0.0);
            column.part(first, blocks.len()).widen_into(&mut blocks);
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
        let columns: [Floats<'_>; PANEL] = std::array::from_fn(|lane| {
            let column = (p * PANEL + lane).min(self.stored.columns - 1);
            self.stored.column(column).part(from, len)
        });
        let kind = columns[0].kind;
        let alike = columns.iter().all(|column| column.kind == kind);
        if let (true, Some(expand)) = (alike, eights::of(kind)) {
            expand(columns.map(|column| column.bytes), &mut self.panel[..len]);
            return &self.panel[..len];
        }
        for (column, numbers) in columns.iter().zip(self.numbers.iter_mut()) {
            column.widen_into(&mut numbers[..len]);
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
    use super::*;
    use crate::math::noise;

    /// Random blocks of a kind with a scale of about a hundredth at each of its half-precision numbers.
    fn stored(kind: FloatKind, count: usize, seed: u32) -> SharedFloats {
        let halves: &[usize] = match kind {
            FloatKind::F16 | FloatKind::Q4_0 | FloatKind::Q5_0 | FloatKind::Q8_0 => &[0],
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
        SharedFloats { span: 0..bytes.len(), file: Arc::new(bytes), kind }
    }

    const KINDS: [FloatKind; 13] = [
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
    ];

    /// The panels' product is tested against its scalar twin; this one does the same sums in the same order.
    #[test]
    fn agrees_with_the_same_weights_in_panels() {
        for kind in KINDS {
            let block = kind.block().0;
            for (m, k, n) in [(1, block, 1), (5, block * 3, 9), (6, (600 / block + 1) * block, 20), (161, 512, 17)] {
                let part = stored(kind, n * k, 3);
                let (a, bias) = (noise(m * (k + 3), 1.0, 4), noise(n, 1.0, 5));
                let a = Rows { data: &a, rows: m, stride: k + 3 };
                let panels = Matrix::Panels(Panels::from_weights(&[part.floats()], k));
                let stored = Matrix::Stored(Stored::new(vec![part], k));
                assert_eq!((stored.depth(), stored.columns()), (k, n));
                let [theirs, ours] = [panels, stored].map(|matrix| {
                    let mut out = vec![7.0; m * (n + 2)];
                    matrix.matmul(a, &mut out, n + 2, Then::Bias(&bias));
                    out
                });
                assert_eq!(ours, theirs, "{kind:?} [{m}, {k}, {n}]");
                assert!(ours.iter().any(|&x| x != 0.0 && x != 7.0), "{kind:?}: numbers");
            }
        }
    }

    #[test]
    fn parts_of_several_kinds_stand_side_by_side() {
        let (m, k) = (3, 512);
        let parts: Vec<SharedFloats> = [(FloatKind::Q4_K, 5), (FloatKind::F16, 2), (FloatKind::Q6_K, 6)]
            .map(|(kind, n)| stored(kind, n * k, 6))
            .into();
        let floats: Vec<Floats<'_>> = parts.iter().map(SharedFloats::floats).collect();
        let panels = Matrix::Panels(Panels::from_weights(&floats, k));
        let stored = Matrix::Stored(Stored::new(parts.clone(), k));
        let a = noise(m * k, 1.0, 7);
        let [theirs, ours] = [&panels, &stored].map(|matrix| {
            let mut out = vec![0.0; m * 13];
            matrix.matmul(Rows::dense(&a, k), &mut out, 13, Then::Nothing);
            out
        });
        assert_eq!(ours, theirs);
        // A head's rows of the depth, in the middle of blocks.
        for range in [0..512, 64..128, 250..259, 500..512] {
            let a = Rows { data: &a[range.start..], rows: m, stride: k };
            let [theirs, ours] = [&panels, &stored].map(|matrix| {
                let mut out = vec![0.0; m * 13];
                matmul(a, &matrix.depth_part(range.clone()), &mut out, 13, Then::Nothing);
                out
            });
            assert_eq!(ours, theirs, "{range:?}");
        }
    }
}
