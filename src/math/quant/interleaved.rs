//! Weights in the bytes of a file, and the order in which eight of their rows are interleaved.
//!
//! A product of matrices works on eight columns of the result at once, which are eight rows of the weights. So that it
//! finds their numbers side by side, each group of eight rows is rewritten when a model is opened, in the file's own
//! bytes, so that nothing is held twice: unit 0 of all eight rows, then unit 1 of all eight rows, and so on. A unit is
//! one number of a floating-point format, or one byte of a quantized format. If fewer than eight rows are left at the
//! end of a matrix, they keep their order.

use std::ops::Range;
use std::sync::Arc;

use wide::u8x16;

use super::dtype::DType;
use super::view::TensorView;
use crate::math::relaxed_simd::layout::NR;

/// One byte of each of eight rows.
pub type ByteX8 = [u8; NR];

/// Interleaves rows of `row_bytes` bytes each, in place.
///
/// Panics when a row is not a whole number of units.
pub fn interleave_rows(dtype: DType, rows: &mut [u8], row_bytes: usize) {
    match dtype {
        DType::F32 => interleave_units::<4>(rows, row_bytes),
        DType::F16 | DType::BF16 => interleave_units::<2>(rows, row_bytes),
        _ => interleave_units::<1>(rows, row_bytes),
    }
}

fn interleave_units<const UNIT: usize>(rows: &mut [u8], row_bytes: usize) {
    assert!(row_bytes.is_multiple_of(UNIT), "a row of whole units");
    // Fewer than eight rows do not move, and eight times the length of a row could be more than there is memory.
    if rows.len() / NR < row_bytes {
        return;
    }
    let mut before = vec![0; NR * row_bytes];
    for eight in rows.chunks_exact_mut(NR * row_bytes) {
        before.copy_from_slice(eight);
        interleave_eight::<UNIT>(&before, eight.as_chunks_mut().0);
    }
}

/// Interleaves one group of eight rows. This is a function of its own because browsers optimize a function between its
/// calls, but not the rest of a call that is already running.
#[inline(never)]
fn interleave_eight<const UNIT: usize>(before: &[u8], interleaved: &mut [[u8; UNIT]]) {
    let row_bytes = before.len() / NR;
    let rows: [&[[u8; UNIT]]; NR] = std::array::from_fn(|r| before[r * row_bytes..][..row_bytes].as_chunks().0);
    let done = if UNIT == 1 { interleave_vectors(rows.map(|row| row.as_flattened()), interleaved) } else { 0 };
    for (j, units) in interleaved.as_chunks_mut::<NR>().0.iter_mut().enumerate().skip(done) {
        *units = rows.map(|row| row[j]);
    }
}

/// Interleaves as many bytes of each row as fill whole vectors, several times as fast as one by one. Returns how many
/// that are.
#[inline(always)]
fn interleave_vectors<const UNIT: usize>(rows: [&[u8]; NR], interleaved: &mut [[u8; UNIT]]) -> usize {
    let rows = rows.map(|row| row.as_chunks::<16>().0);
    for (j, places) in interleaved.as_flattened_mut().as_chunks_mut::<{ 16 * NR }>().0.iter_mut().enumerate() {
        // A byte's position among these 128 has seven bits, of which the first three are its row. Each call of
        // `zip_vectors` moves the first bit to the end.
        *places = bytemuck::cast(zip_vectors(zip_vectors(zip_vectors(rows.map(|row| u8x16::new(row[j]))))));
    }
    rows[0].len() * 16
}

/// Vectors 2 i and 2 i + 1 of the result are the bytes of vectors i and i + 4, one of each in turn.
#[inline(always)]
fn zip_vectors([b0, b1, b2, b3, b4, b5, b6, b7]: [u8x16; NR]) -> [u8x16; NR] {
    let zip = |a, b| (u8x16::unpack_low(a, b), u8x16::unpack_high(a, b));
    let ((a, b), (c, d), (e, f), (g, h)) = (zip(b0, b4), zip(b1, b5), zip(b2, b6), zip(b3, b7));
    [a, b, c, d, e, f, g, h]
}

/// The numbers of a tensor in the bytes of a file, which stays in memory.
#[derive(Clone)]
pub struct TensorData {
    file: Arc<Vec<u8>>,
    dtype: DType,
    /// The range of the tensor's bytes in the file.
    span: Range<usize>,
    /// The bytes of one row, if [`interleave_rows`] has reordered the rows.
    row_bytes: Option<usize>,
}

impl TensorData {
    /// The bytes `span` of `file`. Numbers are in row-major order, or, with `row_bytes`, in rows of that many bytes
    /// that [`interleave_rows`] has reordered.
    pub fn new(file: Arc<Vec<u8>>, dtype: DType, span: Range<usize>, row_bytes: Option<usize>) -> Self {
        Self { file, dtype, span, row_bytes }
    }

    /// Takes rows of `width` numbers and interleaves them.
    pub fn interleaved(dtype: DType, mut rows: Vec<u8>, width: usize) -> Self {
        let (span, row_bytes) = (0..rows.len(), dtype.bytes_of(width));
        interleave_rows(dtype, &mut rows, row_bytes);
        Self::new(Arc::new(rows), dtype, span, Some(row_bytes))
    }

    pub fn dtype(&self) -> DType {
        self.dtype
    }

    fn bytes(&self) -> &[u8] {
        &self.file[self.span.clone()]
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        TensorView { dtype: self.dtype, bytes: self.bytes() }.len()
    }

    pub fn is_empty(&self) -> bool {
        self.span.is_empty()
    }

    /// The numbers themselves, if they are in row-major order.
    pub fn as_row_major(&self) -> Option<TensorView<'_>> {
        self.row_bytes.is_none().then(|| TensorView { dtype: self.dtype, bytes: self.bytes() })
    }

    /// All numbers as f32, in row-major order.
    pub fn to_f32(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.len()];
        self.to_f32_into(0, &mut out);
        out
    }

    /// Writes the numbers from `first` on into `out`, as f32 in row-major order. `first` and the length of `out` must
    /// be multiples of the block size.
    pub fn to_f32_into(&self, first: usize, out: &mut [f32]) {
        self.visit_row_major(first, out.len(), |floats, at| floats.to_f32_into(&mut out[at..at + floats.len()]));
    }

    /// The `count` numbers from number `first` on, in whole blocks. Of interleaved rows, a part must be whole rows; if
    /// it begins or ends within a group of eight rows, its bytes are copied.
    pub fn part(&self, first: usize, count: usize) -> Self {
        let start = self.span.start + self.dtype.bytes_of(first);
        let span = start..start + self.dtype.bytes_of(count);
        let between = |end: usize| {
            let eight = NR * self.row_bytes.unwrap_or_default();
            eight > 0 && end < self.span.end && !(end - self.span.start).is_multiple_of(eight)
        };
        if !between(span.start) && !between(span.end) {
            return Self { span, ..self.clone() };
        }
        let mut bytes = Vec::with_capacity(span.len());
        self.visit_row_major(first, count, |floats, _| bytes.extend_from_slice(floats.bytes));
        Self::new(Arc::new(bytes), self.dtype, 0..span.len(), None)
    }

    /// Calls `take(numbers, count of numbers before them)` for `count` numbers from number `first` on, with at most one
    /// row at a time.
    fn visit_row_major(&self, first: usize, count: usize, mut take: impl FnMut(TensorView<'_>, usize)) {
        let bytes = self.bytes();
        let wanted = self.dtype.bytes_of(first)..self.dtype.bytes_of(first + count);
        let Some(row_bytes) = self.row_bytes else {
            return take(TensorView { dtype: self.dtype, bytes: &bytes[wanted] }, 0);
        };
        let interleaved = bytes.len() / row_bytes / NR * NR * row_bytes;
        let mut row = Vec::with_capacity(row_bytes);
        let (mut at, mut taken) = (wanted.start, 0);
        while at < wanted.end {
            let end = wanted.end.min((at / row_bytes + 1) * row_bytes);
            row.clear();
            if at < interleaved {
                self.gather(at, end - at, row_bytes, &mut row);
            } else {
                row.extend_from_slice(&bytes[at..end]);
            }
            let floats = TensorView { dtype: self.dtype, bytes: &row };
            take(floats, taken);
            taken += floats.len();
            at = end;
        }
    }

    /// Appends `count` bytes of an interleaved row to `row`. `at` is the position of the first one as if rows were in
    /// row-major order.
    fn gather(&self, at: usize, count: usize, row_bytes: usize, row: &mut Vec<u8>) {
        let unit = if self.dtype.block().0 == 1 { self.dtype.block().1 } else { 1 };
        let (which, within) = (at / row_bytes, at % row_bytes);
        let eight = &self.bytes()[which / NR * NR * row_bytes..][..NR * row_bytes];
        let units = eight.chunks_exact(unit).skip(within / unit * NR + which % NR);
        units.step_by(NR).take(count / unit).for_each(|unit| row.extend_from_slice(unit));
    }

    /// The bytes of the eight rows from `row` on, or of those that are left; a row has `row_bytes` bytes.
    pub(in crate::math) fn rows(&self, row: usize, row_bytes: usize) -> &[u8] {
        let bytes = self.bytes();
        &bytes[row * row_bytes..bytes.len().min((row + NR).saturating_mul(row_bytes))]
    }

    /// The eight rows from `row` on, if they are interleaved.
    pub(in crate::math) fn interleaved_rows(&self, row: usize) -> Option<&[ByteX8]> {
        let eight = self.rows(row, self.row_bytes?);
        let whole = row.is_multiple_of(NR) && eight.len() == NR * self.row_bytes?;
        whole.then_some(eight.as_chunks().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows [rows, depth] in a file with something before and behind, and the same interleaved.
    fn both(dtype: DType, rows: usize, depth: usize) -> [TensorData; 2] {
        let row_bytes = dtype.bytes_of(depth);
        let mut file: Vec<u8> = (0..rows * row_bytes + 7).map(|i| (i * 37 % 101) as u8).collect();
        let span = 3..3 + rows * row_bytes;
        let alone = TensorData::new(Arc::new(file.clone()), dtype, span.clone(), None);
        interleave_rows(dtype, &mut file[span.clone()], row_bytes);
        [alone, TensorData::new(Arc::new(file), dtype, span, Some(row_bytes))]
    }

    #[test]
    fn interleaved_rows_are_the_same_rows() {
        for dtype in [DType::F32, DType::F16, DType::Q8_0, DType::Q6_K] {
            let depth = dtype.block().0.max(3) * 2;
            for rows in [1, 7, 8, 19] {
                let [alone, interleaved] = both(dtype, rows, depth);
                let all = alone.to_f32();
                assert_eq!(interleaved.len(), all.len());
                assert_eq!(interleaved.to_f32(), all, "{dtype:?} {rows}");
                for (from, to) in [(0, rows), (0, rows.min(8)), (rows / 2, rows), (rows - 1, rows)] {
                    let (first, count) = (from * depth, (to - from) * depth);
                    let part = interleaved.part(first, count);
                    assert_eq!(part.to_f32(), all[first..first + count], "{dtype:?} rows {from} to {to} of {rows}");
                    let mut half = vec![0.0; depth / 2];
                    part.to_f32_into(count - depth / 2, &mut half);
                    assert_eq!(half, all[first + count - depth / 2..first + count]);
                }
            }
        }
    }

    #[test]
    fn eight_rows_are_side_by_side() {
        let [alone, interleaved] = both(DType::Q8_0, 20, 32);
        assert!(alone.interleaved_rows(0).is_none());
        for row in [1, 4, 16] {
            assert!(interleaved.interleaved_rows(row).is_none(), "row {row} of 20");
        }
        let eight = interleaved.interleaved_rows(8).unwrap();
        let rows: Vec<&[u8]> = alone.bytes().chunks(34).collect();
        assert_eq!(eight.len(), 34);
        for (j, bytes) in eight.iter().enumerate() {
            assert_eq!(*bytes, std::array::from_fn::<u8, 8, _>(|r| rows[8 + r][j]), "byte {j}");
        }
    }
}
