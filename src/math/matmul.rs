//! Matrix products: the time of a forward pass is spent here.

use std::cell::RefCell;
use std::ops::Range;

use wide::f32x4;

use super::activation::{Activation, activate};
use super::matrix::{Expansion, Stored};
use super::panels::{PANEL, Panels};
use super::relaxed::{compute, height};
use super::strip::{LOW, Strip, TALL};

/// Depth of a block: one panel's part, 16 KiB, stays in the first-level cache. Whole blocks of every stored kind.
pub(super) const DEPTH_BLOCK: usize = 512;
/// Rows of a block: its part of A, at most 320 KiB, stays in the second-level cache while all panels pass by.
pub(super) const ROW_BLOCK: usize = 160;

/// The left side A: `rows` rows of the panels' depth, `stride` numbers apart.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub data: &'a [f32],
    pub rows: usize,
    pub stride: usize,
}

impl<'a> Rows<'a> {
    /// Rows that follow each other without a gap.
    pub fn dense(data: &'a [f32], width: usize) -> Self {
        Self { data, rows: data.len() / width, stride: width }
    }
}

/// What is done to each sum before it is stored.
#[derive(Clone, Copy)]
pub enum Then<'a> {
    Nothing,
    /// One number for each column is added.
    Bias(&'a [f32]),
    BiasActivate(&'a [f32], Activation),
    Activate(Activation),
}

impl<'a> Then<'a> {
    pub fn activate(bias: Option<&'a [f32]>, activation: Activation) -> Self {
        bias.map_or(Self::Activate(activation), |bias| Self::BiasActivate(bias, activation))
    }

    pub(super) fn parts(self) -> (Option<&'a [f32]>, Option<Activation>) {
        match self {
            Self::Nothing => (None, None),
            Self::Bias(bias) => (Some(bias), None),
            Self::BiasActivate(bias, activation) => (Some(bias), Some(activation)),
            Self::Activate(activation) => (None, Some(activation)),
        }
    }
}

thread_local! {
    /// Some rows of A in tiles, for all products of a thread.
    static TILES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// `out = then(A B)`: A [rows, depth], B [depth, columns] in panels, out [rows, columns] with its rows
/// `out_stride` numbers apart; numbers between the rows are left alone.
///
/// One block of the depth after the other, so that its part of A stays near while all panels pass by.
pub fn matmul(a: Rows<'_>, b: &Panels, out: &mut [f32], out_stride: usize, then: Then<'_>) {
    TILES.with_borrow_mut(|tiles| {
        for rows in row_blocks(a.rows) {
            for depth in depth_blocks(b.depth) {
                tiles.clear();
                interleave(a, rows.clone(), depth.clone(), tiles);
                for p in 0..b.columns.div_ceil(PANEL) {
                    let part = |p: usize| b.data.get((p * b.depth + depth.start) * PANEL..)?.get(..depth.len() * PANEL);
                    let panel = part(p).expect("a panel for every eight columns");
                    let column = Column::new(rows.clone(), &depth, p * PANEL, (b.depth, b.columns), then);
                    // A strip of one tile is over too soon: the processor's own reading ahead does better alone.
                    let ahead = part(p + 1).filter(|_| rows.len() > TALL).unwrap_or_default();
                    column.product(tiles, panel.as_chunks().0, bytemuck::cast_slice(ahead), out, out_stride);
                }
            }
        }
    });
}

/// As [`matmul`], with B as it is stored: each panel's part is expanded once for a block of rows.
///
/// One panel after the other, so that B is read from its beginning to its end.
pub(super) fn matmul_stored(a: Rows<'_>, b: &Stored, out: &mut [f32], out_stride: usize, then: Then<'_>) {
    let mut expansion = Expansion::new(b);
    TILES.with_borrow_mut(|tiles| {
        for rows in row_blocks(a.rows) {
            tiles.clear();
            depth_blocks(b.depth()).for_each(|depth| interleave(a, rows.clone(), depth, tiles));
            let height = in_tiles(rows.len(), height());
            for p in 0..b.columns().div_ceil(PANEL) {
                let mut ahead = b.bytes(p + 1);
                for depth in depth_blocks(b.depth()) {
                    let panel = expansion.panel(p, depth.start, depth.len());
                    let column = Column::new(rows.clone(), &depth, p * PANEL, (b.depth(), b.columns()), then);
                    let tiles = &tiles[height * depth.start..][..height * depth.len()];
                    let (now, later) = ahead.split_at(ahead.len() * depth.len() / (b.depth() - depth.start));
                    column.product(tiles, panel, now, out, out_stride);
                    ahead = later;
                }
            }
        }
    });
}

pub(super) fn row_blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(ROW_BLOCK).map(move |first| first..(first + ROW_BLOCK).min(rows))
}

pub(super) fn depth_blocks(depth: usize) -> impl Iterator<Item = Range<usize>> {
    (0..depth).step_by(DEPTH_BLOCK).map(move |from| from..(from + DEPTH_BLOCK).min(depth))
}

/// Rows that the tiles of so many rows have, the last one's unused ones included.
fn in_tiles(rows: usize, height: usize) -> usize {
    let left = rows % height;
    rows - left + if left == 0 { 0 } else { tile_rows(left, height) }
}

/// Of a tile where so many rows are left.
fn tile_rows(left: usize, height: usize) -> usize {
    if left > LOW { height } else { LOW }
}

/// Puts some rows of A, of each a part of its depth, behind what is there, as the tiles of [`Strip`]; the last row fills up the
/// last tile.
pub(super) fn interleave(a: Rows<'_>, rows: Range<usize>, depth: Range<usize>, tiles: &mut Vec<f32>) {
    let height = height();
    let there = tiles.len();
    tiles.resize(there + in_tiles(rows.len(), height) * depth.len(), 0.0);
    let row = |row: usize| &a.data[row.min(rows.end - 1) * a.stride + depth.start..][..depth.len()];
    let (mut first, mut rest) = (rows.start, &mut tiles[there..]);
    while first < rows.end {
        let (tile, behind) = rest.split_at_mut(tile_rows(rows.end - first, height) * depth.len());
        let four = std::array::from_fn(|r| row(first + r));
        match tile.len() == TALL * depth.len() {
            true => put_six(four, [row(first + 4), row(first + 5)], tile.as_chunks_mut().0),
            false => put_four(four, tile.as_chunks_mut().0),
        }
        (first, rest) = (first + height, behind);
    }
}

/// Four rows as the columns of a tile.
fn put_four(rows: [&[f32]; LOW], tile: &mut [[f32; LOW]]) {
    let whole = rows.map(|row| row.as_chunks::<4>().0);
    let (squares, rest) = tile.as_chunks_mut::<4>();
    for (i, square) in squares.iter_mut().enumerate() {
        *square = f32x4::transpose(whole.map(|row| f32x4::new(row[i]))).map(f32x4::to_array);
    }
    let done = squares.len() * 4;
    for (i, place) in rest.iter_mut().enumerate() {
        *place = rows.map(|row| row[done + i]);
    }
}

/// Six rows as the columns of a tile, four columns at a time: six vectors, in which columns follow each other.
fn put_six(four: [&[f32]; LOW], two: [&[f32]; TALL - LOW], tile: &mut [[f32; TALL]]) {
    let upper = four.map(|row| row.as_chunks::<4>().0);
    let lower = two.map(|row| row.as_chunks::<4>().0);
    let (squares, rest) = tile.as_chunks_mut::<4>();
    for (i, square) in squares.iter_mut().enumerate() {
        let [a, b, c, d] = f32x4::transpose(upper.map(|row| f32x4::new(row[i]))).map(f32x4::to_array);
        let [five, six] = lower.map(|row| row[i]);
        *square = bytemuck::cast([
            f32x4::new(a),
            f32x4::new([five[0], six[0], b[0], b[1]]),
            f32x4::new([b[2], b[3], five[1], six[1]]),
            f32x4::new(c),
            f32x4::new([five[2], six[2], d[0], d[1]]),
            f32x4::new([d[2], d[3], five[3], six[3]]),
        ]);
    }
    let done = squares.len() * 4;
    for (i, place) in rest.iter_mut().enumerate() {
        *place = std::array::from_fn(|r| if r < LOW { four[r][done + i] } else { two[r - LOW][done + i] });
    }
}

/// Up to eight columns of a block of rows of the result, from one panel's part of a block of depth.
struct Column {
    rows: Range<usize>,
    /// The sums of the depth before are already in place.
    adds: bool,
    /// The panel's first column, and how many there are: fewer than eight in the last panel.
    first: usize,
    columns: usize,
    bias: [f32; PANEL],
    activation: Option<Activation>,
}

impl Column {
    /// Of a part of the depth, from the column `first` on, of a B of so many [depth, columns].
    fn new(
        rows: Range<usize>,
        part: &Range<usize>,
        first: usize,
        (depth, all_columns): (usize, usize),
        then: Then<'_>,
    ) -> Self {
        let (adds, columns) = (part.start > 0, PANEL.min(all_columns - first));
        let (all, activation) = if part.end == depth { then.parts() } else { (None, None) };
        let mut bias = [0.0; PANEL];
        if let Some(all) = all {
            bias[..columns].copy_from_slice(&all[first..][..columns]);
        }
        Self { rows, adds, first, columns, bias, activation }
    }

    fn product(&self, tiles: &[f32], panel: &[[f32; PANEL]], ahead: &[u8], out: &mut [f32], stride: usize) {
        let place = &mut out[self.rows.start * stride + self.first..];
        if self.columns == PANEL {
            self.strip(tiles, panel, ahead, place, stride);
            self.activate(place, stride);
            return;
        }
        // Beside the last panel's columns there is no room for eight.
        let mut wide = [[0.0; PANEL]; ROW_BLOCK];
        let wide = &mut wide[..self.rows.len()];
        if self.adds {
            for (wide, row) in wide.iter_mut().zip(place.chunks(stride)) {
                wide[..self.columns].copy_from_slice(&row[..self.columns]);
            }
        }
        self.strip(tiles, panel, ahead, wide.as_flattened_mut(), PANEL);
        self.activate(wide.as_flattened_mut(), PANEL);
        for (wide, row) in wide.iter().zip(place.chunks_mut(stride)) {
            row[..self.columns].copy_from_slice(&wide[..self.columns]);
        }
    }

    /// The sums alone; `ahead` is needed next. Panics where tiles or out are not all there.
    fn strip(&self, tiles: &[f32], panel: &[[f32; PANEL]], ahead: &[u8], out: &mut [f32], stride: usize) {
        let (rows, depth) = (self.rows.len(), panel.len());
        assert_eq!(tiles.len(), in_tiles(rows, height()) * depth, "tiles of all rows");
        let end = (rows - 1).checked_mul(stride).and_then(|last| last.checked_add(PANEL));
        assert!(end.is_some_and(|end| end <= out.len()), "room for all rows");
        let strip = Strip {
            tiles: tiles.as_ptr(),
            rows,
            panel: panel.as_flattened().as_ptr(),
            depth,
            out: out.as_mut_ptr(),
            out_stride: stride,
            start: self.bias.as_ptr(),
            adds: self.adds,
            ahead: ahead.as_ptr(),
            ahead_bytes: ahead.len(),
        };
        // SAFETY: the tiles are as many as the rows need, and the last row of out ends within it, as was just seen; the panel,
        // what is ahead and start are as large as their types say. Out is borrowed alone, so it is none
        // of the others.
        unsafe { compute()(&strip) }
    }

    /// What follows the sums, while they are in the first-level cache.
    fn activate(&self, place: &mut [f32], stride: usize) {
        if let Some(activation) = self.activation {
            activate(activation, place, self.rows.len(), stride);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::noise;
    use crate::math::{FloatKind, Floats};

    /// The scalar twin: A [m, k] times W^T, W [n, k], in f64.
    fn naive(a: &[f32], a_stride: usize, w: &[f32], m: usize, k: usize, n: usize) -> Vec<f64> {
        let mut out = vec![0.0; m * n];
        for i in 0..m {
            for j in 0..n {
                out[i * n + j] = (0..k).map(|x| f64::from(a[i * a_stride + x]) * f64::from(w[j * k + x])).sum();
            }
        }
        out
    }

    fn close(ours: &[f32], ours_stride: usize, twin: &[f64], n: usize, k: usize) {
        for (i, row) in twin.chunks(n).enumerate() {
            for (j, &want) in row.iter().enumerate() {
                let got = f64::from(ours[i * ours_stride + j]);
                assert!((got - want).abs() <= 1e-6 * k as f64, "[{i}, {j}]: {got} is not {want}");
            }
        }
    }

    fn bytes(numbers: &[f32]) -> Vec<u8> {
        numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
    }

    #[test]
    fn agrees_with_its_twin_at_every_tail() {
        for (m, k, n) in [(1, 1, 1), (3, 7, 9), (4, 8, 8), (5, 33, 17), (161, 16, 24), (7, 513, 3), (6, 1537, 20)] {
            let (a_stride, out_stride) = (k + 3, n + 5);
            let a = noise(m * a_stride, 1.0, 1);
            let w = bytes(&noise(n * k, 1.0, 2));
            let panels = Panels::from_weights(&[Floats { kind: FloatKind::F32, bytes: &w }], k);
            let mut out = vec![7.0; m * out_stride];
            matmul(Rows { data: &a, rows: m, stride: a_stride }, &panels, &mut out, out_stride, Then::Nothing);
            close(&out, out_stride, &naive(&a, a_stride, &noise(n * k, 1.0, 2), m, k, n), n, k);
            assert!(out.chunks(out_stride).all(|row| row[n..].iter().all(|&gap| gap == 7.0)), "a gap was written");
        }
    }

    #[test]
    fn bias_and_activation_are_applied_once() {
        let (m, k, n) = (5, 1030, 11); // three blocks of depth
        let (a, w, bias) = (noise(m * k, 0.2, 3), noise(n * k, 0.2, 4), noise(n, 1.0, 5));
        let w_bytes = bytes(&w);
        let panels = Panels::from_weights(&[Floats { kind: FloatKind::F32, bytes: &w_bytes }], k);
        let mut twin = naive(&a, k, &w, m, k, n);
        for row in twin.chunks_mut(n) {
            row.iter_mut().zip(&bias).for_each(|(sum, &b)| *sum += f64::from(b));
        }
        let mut out = vec![0.0; m * n];
        matmul(Rows::dense(&a, k), &panels, &mut out, n, Then::Bias(&bias));
        close(&out, n, &twin, n, k);
        twin.iter_mut().for_each(|sum| *sum = sum.max(0.0));
        matmul(Rows::dense(&a, k), &panels, &mut out, n, Then::BiasActivate(&bias, Activation::Relu));
        close(&out, n, &twin, n, k);
    }

    #[test]
    fn parts_in_half_precision_become_columns_side_by_side() {
        let (k, n) = (5, 3);
        let w: Vec<f32> = (0..2 * n * k).map(|i| i as f32 / 4.0).collect();
        let halves: Vec<u8> = w.iter().flat_map(|&x| half::f16::from_f32(x).to_le_bytes()).collect();
        let all = Floats { kind: FloatKind::F16, bytes: &halves };
        let panels = Panels::from_weights(&[all.part(0, n * k), all.part(n * k, n * k)], k);
        let a = noise(2 * k, 1.0, 6);
        let mut out = vec![0.0; 2 * 2 * n];
        matmul(Rows::dense(&a, k), &panels, &mut out, 2 * n, Then::Nothing);
        close(&out, 2 * n, &naive(&a, k, &w, 2, k, 2 * n), 2 * n, k);
    }

    #[test]
    fn a_part_of_the_depth_is_a_matrix_of_its_own() {
        let (m, k, n, part) = (3, 20, 11, 6..13);
        let (a, w) = (noise(m * k, 1.0, 10), noise(n * k, 1.0, 11));
        let w_bytes = bytes(&w);
        let panels = Panels::from_weights(&[Floats { kind: FloatKind::F32, bytes: &w_bytes }], k);
        let own: Vec<f32> = w.chunks(k).flat_map(|row| row[part.clone()].to_vec()).collect();
        let mut out = vec![0.0; m * n];
        let rows = Rows { data: &a[part.start..], rows: m, stride: k };
        matmul(rows, &panels.depth_part(part.clone()), &mut out, n, Then::Nothing);
        close(&out, n, &naive(&a[part.start..], k, &own, m, part.len(), n), n, k);
    }

    #[test]
    fn attention_packs_keys_and_values_from_strided_slices() {
        let (n, width, d) = (13, 12, 4); // one head of three, in the middle
        let (q, keys, values) = (noise(n * width, 1.0, 7), noise(n * width, 1.0, 8), noise(n * width, 1.0, 9));
        let mut panels = Panels::default();
        panels.pack_transposed(&keys[d..], width, n, d, 0.5);
        let mut scores = vec![0.0; n * n];
        matmul(Rows { data: &q[d..], rows: n, stride: width }, &panels, &mut scores, n, Then::Nothing);
        panels.pack(&values[d..], width, n, d);
        let mut z = vec![0.0; n * width];
        matmul(Rows::dense(&scores, n), &panels, &mut z[d..], width, Then::Nothing);
        for i in 0..n {
            for j in 0..n {
                let want: f32 = (0..d).map(|x| q[i * width + d + x] * keys[j * width + d + x] * 0.5).sum();
                assert!((scores[i * n + j] - want).abs() < 1e-5);
            }
            for x in 0..d {
                let want: f32 = (0..n).map(|j| scores[i * n + j] * values[j * width + d + x]).sum();
                assert!((z[i * width + d + x] - want).abs() < 1e-4);
            }
            assert_eq!(z[i * width], 0.0, "another head's columns were written");
        }
    }
}
