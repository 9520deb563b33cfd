//! Rows of weights in a file, put abreast: a product takes eight columns at once, and so finds their numbers side by side.
//!
//! It is done once, in the file's own bytes, when a model is opened: nothing is held twice. Of each eight rows unit j of the
//! first is followed by unit j of the others, then comes unit j + 1. A unit is a number, or a byte where numbers are stored in
//! blocks. Fewer than eight rows at the end stay as they are.

use std::ops::Range;
use std::sync::Arc;

use wide::u8x16;

use super::floats::{FloatKind, Floats};
use super::panels::PANEL;

/// A byte of each of eight rows.
pub type Bytes = [u8; PANEL];

/// Puts rows abreast, in place. Panics where a row is no whole units.
pub fn put(kind: FloatKind, rows: &mut [u8], row_bytes: usize) {
    match kind {
        FloatKind::F32 => put_units::<4>(rows, row_bytes),
        FloatKind::F16 | FloatKind::BF16 => put_units::<2>(rows, row_bytes),
        _ => put_units::<1>(rows, row_bytes),
    }
}

fn put_units<const UNIT: usize>(rows: &mut [u8], row_bytes: usize) {
    assert!(row_bytes.is_multiple_of(UNIT), "a row of whole units");
    // Of fewer than eight rows nothing moves, and eight times a row could be more than there is memory.
    if rows.len() / PANEL < row_bytes {
        return;
    }
    let mut before = vec![0; PANEL * row_bytes];
    for eight in rows.chunks_exact_mut(PANEL * row_bytes) {
        before.copy_from_slice(eight);
        put_eight::<UNIT>(&before, eight.as_chunks_mut().0);
    }
}

/// One group of eight rows. A call of its own: browsers compile a function well while it is called again and again, but not
/// the rest of a call under way.
#[inline(never)]
fn put_eight<const UNIT: usize>(before: &[u8], abreast: &mut [[u8; UNIT]]) {
    let row_bytes = before.len() / PANEL;
    let rows: [&[[u8; UNIT]]; PANEL] = std::array::from_fn(|r| before[r * row_bytes..][..row_bytes].as_chunks().0);
    let done = if UNIT == 1 { whole_vectors(rows.map(|row| row.as_flattened()), abreast) } else { 0 };
    for (j, units) in abreast.as_chunks_mut::<PANEL>().0.iter_mut().enumerate().skip(done) {
        *units = rows.map(|row| row[j]);
    }
}

/// As many bytes of each row as are whole vectors, several times as fast as one by one; returns how many.
#[inline(always)]
fn whole_vectors<const UNIT: usize>(rows: [&[u8]; PANEL], abreast: &mut [[u8; UNIT]]) -> usize {
    let rows = rows.map(|row| row.as_chunks::<16>().0);
    for (j, places) in abreast.as_flattened_mut().as_chunks_mut::<{ 16 * PANEL }>().0.iter_mut().enumerate() {
        // Of the seven bits of a byte's place among the 128, each round brings the first to the end; the first three are the row.
        *places = bytemuck::cast(round(round(round(rows.map(|row| u8x16::new(row[j]))))));
    }
    rows[0].len() * 16
}

#[inline(always)]
fn round([b0, b1, b2, b3, b4, b5, b6, b7]: [u8x16; PANEL]) -> [u8x16; PANEL] {
    let zip = |a, b| (u8x16::unpack_low(a, b), u8x16::unpack_high(a, b));
    let ((a, b), (c, d), (e, f), (g, h)) = (zip(b0, b4), zip(b1, b5), zip(b2, b6), zip(b3, b7));
    [a, b, c, d, e, f, g, h]
}

/// Numbers in the bytes of a file that stays in memory.
#[derive(Clone)]
pub struct SharedFloats {
    file: Arc<Vec<u8>>,
    kind: FloatKind,
    /// Their bytes in the file.
    span: Range<usize>,
    /// Bytes of a row, where [`put`] has been over them.
    row_bytes: Option<usize>,
}

impl SharedFloats {
    /// One number behind the other; or rows of so many bytes, which [`put`] has been over.
    pub fn new(file: Arc<Vec<u8>>, kind: FloatKind, span: Range<usize>, row_bytes: Option<usize>) -> Self {
        Self { file, kind, span, row_bytes }
    }

    /// Rows of `width` numbers that nothing else needs: puts them abreast.
    pub fn abreast(kind: FloatKind, mut rows: Vec<u8>, width: usize) -> Self {
        let (span, row_bytes) = (0..rows.len(), kind.bytes_of(width));
        put(kind, &mut rows, row_bytes);
        Self::new(Arc::new(rows), kind, span, Some(row_bytes))
    }

    pub fn kind(&self) -> FloatKind {
        self.kind
    }

    fn bytes(&self) -> &[u8] {
        &self.file[self.span.clone()]
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        Floats { kind: self.kind, bytes: self.bytes() }.len()
    }

    pub fn is_empty(&self) -> bool {
        self.span.is_empty()
    }

    /// They themselves, where they lie one behind the other.
    pub fn in_order(&self) -> Option<Floats<'_>> {
        self.row_bytes.is_none().then(|| Floats { kind: self.kind, bytes: self.bytes() })
    }

    /// All of them as f32, in order.
    pub fn widened(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.len()];
        self.widen_into(0, &mut out);
        out
    }

    /// As many as `out` has places, from number `first` on, as f32 in order; both are whole blocks.
    pub fn widen_into(&self, first: usize, out: &mut [f32]) {
        self.in_order_from(first, out.len(), |floats, at| floats.widen_into(&mut out[at..at + floats.len()]));
    }

    /// The `count` numbers from number `first` on: whole blocks. A part of rows abreast is whole rows; where it begins or ends
    /// among eight it is copied.
    pub fn part(&self, first: usize, count: usize) -> Self {
        let start = self.span.start + self.kind.bytes_of(first);
        let span = start..start + self.kind.bytes_of(count);
        let between = |end: usize| {
            let eight = PANEL * self.row_bytes.unwrap_or_default();
            eight > 0 && end < self.span.end && !(end - self.span.start).is_multiple_of(eight)
        };
        if !between(span.start) && !between(span.end) {
            return Self { span, ..self.clone() };
        }
        let mut bytes = Vec::with_capacity(span.len());
        self.in_order_from(first, count, |floats, _| bytes.extend_from_slice(floats.bytes));
        Self::new(Arc::new(bytes), self.kind, 0..span.len(), None)
    }

    /// Some numbers, a row or less at a time: `take(numbers, how many came before)`.
    fn in_order_from(&self, first: usize, count: usize, mut take: impl FnMut(Floats<'_>, usize)) {
        let bytes = self.bytes();
        let wanted = self.kind.bytes_of(first)..self.kind.bytes_of(first + count);
        let Some(row_bytes) = self.row_bytes else {
            return take(Floats { kind: self.kind, bytes: &bytes[wanted] }, 0);
        };
        let abreast = bytes.len() / row_bytes / PANEL * PANEL * row_bytes;
        let mut row = Vec::with_capacity(row_bytes);
        let (mut at, mut taken) = (wanted.start, 0);
        while at < wanted.end {
            let end = wanted.end.min((at / row_bytes + 1) * row_bytes);
            row.clear();
            if at < abreast {
                self.gather(at, end - at, row_bytes, &mut row);
            } else {
                row.extend_from_slice(&bytes[at..end]);
            }
            let floats = Floats { kind: self.kind, bytes: &row };
            take(floats, taken);
            taken += floats.len();
            at = end;
        }
    }

    /// So many bytes of a row that is abreast; `at` counts as if it lay alone.
    fn gather(&self, at: usize, count: usize, row_bytes: usize, row: &mut Vec<u8>) {
        let unit = if self.kind.block().0 == 1 { self.kind.block().1 } else { 1 };
        let (which, within) = (at / row_bytes, at % row_bytes);
        let eight = &self.bytes()[which / PANEL * PANEL * row_bytes..][..PANEL * row_bytes];
        let units = eight.chunks_exact(unit).skip(within / unit * PANEL + which % PANEL);
        units.step_by(PANEL).take(count / unit).for_each(|unit| row.extend_from_slice(unit));
    }

    /// The bytes of eight rows of so many, from row `row` on, or of those that are left.
    pub(super) fn rows(&self, row: usize, row_bytes: usize) -> &[u8] {
        let bytes = self.bytes();
        &bytes[row * row_bytes..bytes.len().min((row + PANEL).saturating_mul(row_bytes))]
    }

    /// Eight rows from row `row` on, where they lie abreast.
    pub(super) fn eight(&self, row: usize) -> Option<&[Bytes]> {
        let eight = self.rows(row, self.row_bytes?);
        let whole = row.is_multiple_of(PANEL) && eight.len() == PANEL * self.row_bytes?;
        whole.then_some(eight.as_chunks().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows [rows, depth] in a file with something before and behind, and the same abreast.
    fn both(kind: FloatKind, rows: usize, depth: usize) -> [SharedFloats; 2] {
        let row_bytes = kind.bytes_of(depth);
        let mut file: Vec<u8> = (0..rows * row_bytes + 7).map(|i| (i * 37 % 101) as u8).collect();
        let span = 3..3 + rows * row_bytes;
        let alone = SharedFloats::new(Arc::new(file.clone()), kind, span.clone(), None);
        put(kind, &mut file[span.clone()], row_bytes);
        [alone, SharedFloats::new(Arc::new(file), kind, span, Some(row_bytes))]
    }

    #[test]
    fn rows_abreast_are_the_same_rows() {
        for kind in [FloatKind::F32, FloatKind::F16, FloatKind::Q8_0, FloatKind::Q6_K] {
            let depth = kind.block().0.max(3) * 2;
            for rows in [1, 7, 8, 19] {
                let [alone, abreast] = both(kind, rows, depth);
                let all = alone.widened();
                assert_eq!(abreast.len(), all.len());
                assert_eq!(abreast.widened(), all, "{kind:?} {rows}");
                for (from, to) in [(0, rows), (0, rows.min(8)), (rows / 2, rows), (rows - 1, rows)] {
                    let (first, count) = (from * depth, (to - from) * depth);
                    let part = abreast.part(first, count);
                    assert_eq!(part.widened(), all[first..first + count], "{kind:?} rows {from} to {to} of {rows}");
                    let mut half = vec![0.0; depth / 2];
                    part.widen_into(count - depth / 2, &mut half);
                    assert_eq!(half, all[first + count - depth / 2..first + count]);
                }
            }
        }
    }

    #[test]
    fn eight_rows_are_side_by_side() {
        let [alone, abreast] = both(FloatKind::Q8_0, 20, 32);
        assert!(alone.eight(0).is_none());
        for row in [1, 4, 16] {
            assert!(abreast.eight(row).is_none(), "row {row} of 20");
        }
        let eight = abreast.eight(8).unwrap();
        let rows: Vec<&[u8]> = alone.bytes().chunks(34).collect();
        assert_eq!(eight.len(), 34);
        for (j, bytes) in eight.iter().enumerate() {
            assert_eq!(*bytes, std::array::from_fn::<u8, 8, _>(|r| rows[8 + r][j]), "byte {j}");
        }
    }
}
