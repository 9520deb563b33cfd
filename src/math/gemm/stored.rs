//! Weights as the right side of a product that stay as they are stored, and are decoded in every product.

use std::ops::Range;

use wide::f32x4;

use super::NR;
use super::blocking::{
    Column, DEPTH_BLOCK, Epilogue, Rows, Shape, TILES, depth_blocks, pack_a, row_blocks, tiled_rows,
};
use super::micro_kernel::mr;
use super::packed::PackedB;
use crate::math::alive;
use crate::math::quant::interleaved::TensorData;
use crate::math::quant::simd::dequantize_x8;

/// A matrix B [depth, columns] in the bytes of a file, as checkpoints store weights: [outputs, depth], so that each
/// output is a column. Eight rows of a part are interleaved ([`crate::math::quant::interleaved`]) or, which takes
/// longer, in row-major order. The parts may be of different formats.
pub struct StoredB {
    parts: Vec<TensorData>,
    depth: usize,
    columns: usize,
}

impl StoredB {
    /// The parts are [outputs, depth] each, and their outputs follow each other as columns of B.
    ///
    /// Panics when a row is not a whole number of blocks, or a part not a whole number of rows; shapes are checked when
    /// tensors are read.
    pub fn new(parts: Vec<TensorData>, depth: usize) -> Self {
        alive::give();
        let rows = |part: &TensorData| {
            assert!(depth.is_multiple_of(part.dtype().block().0), "rows of {depth} are no whole blocks");
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

    /// The part that contains a column, and the column's index within that part. None behind the last column.
    fn part_of(&self, mut column: usize) -> Option<(&TensorData, usize)> {
        for part in &self.parts {
            let columns = part.len() / self.depth;
            if column < columns {
                return Some((part, column));
            }
            column -= columns;
        }
        None
    }

    /// Writes the numbers of a column from row `first` of the depth on into `out`, in whole blocks.
    fn column_to_f32(&self, column: usize, first: usize, out: &mut [f32]) {
        let (part, column) = self.part_of(column).expect("a column of the matrix");
        part.to_f32_into(column * self.depth + first, out);
    }

    /// The bytes of the columns of panel `p`, as far as the part that contains its first column has them. None behind
    /// the last panel.
    fn bytes(&self, p: usize) -> &[u8] {
        let part = self.part_of(p * NR);
        part.map_or(&[], |(part, column)| part.rows(column, part.dtype().bytes_of(self.depth)))
    }

    /// The rows `range` of B as a matrix of their own, as [`PackedB::depth_part`]. Only the blocks that the range
    /// touches are decoded.
    pub fn depth_part(&self, range: Range<usize>) -> PackedB {
        let mut rows = Vec::with_capacity(self.columns * range.len());
        let mut blocks = Vec::new();
        for column in 0..self.columns {
            let block = self.part_of(column).expect("a column of the matrix").0.dtype().block().0;
            let first = range.start / block * block;
            blocks.resize(range.end.next_multiple_of(block) - first, 0.0);
            self.column_to_f32(column, first, &mut blocks);
            rows.extend_from_slice(&blocks[range.start - first..range.end - first]);
        }
        let mut panels = PackedB::default();
        panels.pack_transposed(&rows, range.len(), self.columns, range.len(), 1.0);
        panels
    }
}

/// As [`super::blocking::matmul`], with B as it is stored: each part of a panel is decoded once for a block of rows.
///
/// The panels follow each other, so that B is read from its beginning to its end.
pub fn matmul_stored(a: Rows<'_>, b: &StoredB, out: &mut [f32], out_stride: usize, epilogue: Epilogue<'_>) {
    let shape = Shape { depth: b.depth(), columns: b.columns() };
    let mut decoded = DecodedPanel::new(b);
    TILES.with_borrow_mut(|tiles| {
        for rows in row_blocks(a.rows) {
            tiles.clear();
            depth_blocks(shape.depth).for_each(|depth| pack_a(a, rows.clone(), depth, tiles));
            let height = tiled_rows(rows.len(), mr());
            for p in 0..shape.columns.div_ceil(NR) {
                let mut ahead = b.bytes(p + 1);
                for depth in depth_blocks(shape.depth) {
                    let panel = decoded.panel(p, depth.start, depth.len());
                    let column = Column::new(rows.clone(), &depth, p * NR, shape, epilogue);
                    let tiles = &tiles[height * depth.start..][..height * depth.len()];
                    let (now, later) = ahead.split_at(ahead.len() * depth.len() / (shape.depth - depth.start));
                    column.product(tiles, panel, now, out, out_stride);
                    ahead = later;
                }
            }
        }
    });
}

/// A panel's part for one block of the depth, which is decoded when it is needed. All parts use the same 32 KiB.
struct DecodedPanel<'a> {
    stored: &'a StoredB,
    numbers: Box<[[f32; DEPTH_BLOCK]; NR]>,
    panel: Box<[[f32; NR]; DEPTH_BLOCK]>,
}

impl<'a> DecodedPanel<'a> {
    fn new(stored: &'a StoredB) -> Self {
        Self { stored, numbers: Box::new([[0.0; _]; _]), panel: Box::new([[0.0; _]; _]) }
    }

    /// The `len` rows from `from` on of panel `p`. Columns behind the last column of B have unspecified numbers.
    fn panel(&mut self, p: usize, from: usize, len: usize) -> &[[f32; NR]] {
        if let Some((part, column)) = self.stored.part_of(p * NR)
            && let Some(eight) = part.interleaved_rows(column)
        {
            let bytes = |numbers| part.dtype().bytes_of(numbers);
            dequantize_x8(part.dtype(), &eight[bytes(from)..][..bytes(len)], &mut self.panel[..len]);
            return &self.panel[..len];
        }
        for (lane, numbers) in self.numbers.iter_mut().enumerate() {
            let column = (p * NR + lane).min(self.stored.columns - 1);
            self.stored.column_to_f32(column, from, &mut numbers[..len]);
        }
        let fours = self.numbers.each_ref().map(|numbers| numbers.as_chunks::<4>().0);
        // The last four rows may reach behind `len`; what is written there is not used.
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
