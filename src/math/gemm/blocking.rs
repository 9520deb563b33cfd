//! Products of matrices, block by block: the time of a forward pass is spent here.

use std::cell::RefCell;
use std::ops::Range;

use wide::f32x4;

use super::NR;
use super::micro_kernel::{self, mr};
use super::packed::PackedB;
use crate::math::activation::{Activation, activate};
use crate::math::relaxed_simd::KernelArgs;
use crate::math::relaxed_simd::layout::{MR_4, MR_6};

/// Depth of a block. A panel's part of this depth has 16 KiB and stays in the first-level cache. It is a multiple of
/// the block size of every stored format.
pub(super) const DEPTH_BLOCK: usize = 512;
/// Rows of a block. Its part of A, at most 320 KiB, stays in the second-level cache while all panels pass by.
pub(super) const ROW_BLOCK: usize = 160;

/// The left side A of a product: `rows` rows, each as long as B is deep, which begin `stride` numbers apart.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub data: &'a [f32],
    pub rows: usize,
    pub stride: usize,
}

impl<'a> Rows<'a> {
    /// Rows of `width` numbers that follow each other without a gap.
    pub fn dense(data: &'a [f32], width: usize) -> Self {
        Self { data, rows: data.len() / width, stride: width }
    }
}

/// The shape of the right side B.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub depth: usize,
    pub columns: usize,
}

/// What is done to each sum of a product before it is stored.
#[derive(Clone, Copy)]
pub enum Epilogue<'a> {
    None,
    /// A bias `[columns]` is added.
    Bias(&'a [f32]),
    BiasActivation(&'a [f32], Activation),
    Activation(Activation),
}

impl<'a> Epilogue<'a> {
    /// Adds the bias if there is one, then applies the activation.
    pub fn activate(bias: Option<&'a [f32]>, activation: Activation) -> Self {
        bias.map_or(Self::Activation(activation), |bias| Self::BiasActivation(bias, activation))
    }

    /// The bias and the activation, where there are such.
    pub(super) fn parts(self) -> (Option<&'a [f32]>, Option<Activation>) {
        match self {
            Self::None => (None, None),
            Self::Bias(bias) => (Some(bias), None),
            Self::BiasActivation(bias, activation) => (Some(bias), Some(activation)),
            Self::Activation(activation) => (None, Some(activation)),
        }
    }
}

thread_local! {
    /// A block of A in tiles. All products of a thread use the same memory.
    pub(super) static TILES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// `out = epilogue(A B)` for A [rows, depth], B [depth, columns] and out [rows, columns], whose rows begin `out_stride`
/// numbers apart. Numbers between the rows of `out` are not written.
///
/// The blocks of the depth follow each other, so that a block of A stays in the cache while all panels pass by.
///
/// Panics when A or `out` has fewer numbers than its shape says.
pub fn matmul(a: Rows<'_>, b: &PackedB, out: &mut [f32], out_stride: usize, epilogue: Epilogue<'_>) {
    let shape = Shape { depth: b.depth(), columns: b.columns() };
    TILES.with_borrow_mut(|tiles| {
        for rows in row_blocks(a.rows) {
            for depth in depth_blocks(shape.depth) {
                tiles.clear();
                pack_a(a, rows.clone(), depth.clone(), tiles);
                for p in 0..shape.columns.div_ceil(NR) {
                    let part =
                        |p: usize| b.numbers().get((p * shape.depth + depth.start) * NR..)?.get(..depth.len() * NR);
                    let panel = part(p).expect("a panel for every eight columns");
                    let column = Column::new(rows.clone(), &depth, p * NR, shape, epilogue);
                    // For a single tile, the processor's own prefetching does better alone.
                    let ahead = part(p + 1).filter(|_| rows.len() > MR_6).unwrap_or_default();
                    column.product(tiles, panel.as_chunks().0, bytemuck::cast_slice(ahead), out, out_stride);
                }
            }
        }
    });
}

/// The ranges of rows of A that are multiplied at once.
pub(super) fn row_blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(ROW_BLOCK).map(move |first| first..(first + ROW_BLOCK).min(rows))
}

/// The ranges of the depth that are multiplied at once.
pub(super) fn depth_blocks(depth: usize) -> impl Iterator<Item = Range<usize>> {
    (0..depth).step_by(DEPTH_BLOCK).map(move |from| from..(from + DEPTH_BLOCK).min(depth))
}

/// How many rows the tiles of `rows` rows have, with the unused rows of the last tile.
pub(super) fn tiled_rows(rows: usize, mr: usize) -> usize {
    let left = rows % mr;
    rows - left + if left == 0 { 0 } else { tile_rows(left, mr) }
}

/// Rows of the next tile when `left` rows are left.
fn tile_rows(left: usize, mr: usize) -> usize {
    if left > MR_4 { mr } else { MR_4 }
}

/// Appends the rows `rows` of A, limited to the range `depth`, to `tiles` in the layout of [`KernelArgs::tiles`].
/// Copies of the last row fill up the last tile.
pub(super) fn pack_a(a: Rows<'_>, rows: Range<usize>, depth: Range<usize>, tiles: &mut Vec<f32>) {
    let mr = mr();
    let there = tiles.len();
    tiles.resize(there + tiled_rows(rows.len(), mr) * depth.len(), 0.0);
    let row = |row: usize| &a.data[row.min(rows.end - 1) * a.stride + depth.start..][..depth.len()];
    let (mut first, mut rest) = (rows.start, &mut tiles[there..]);
    while first < rows.end {
        let (tile, behind) = rest.split_at_mut(tile_rows(rows.end - first, mr) * depth.len());
        let four = std::array::from_fn(|r| row(first + r));
        match tile.len() == MR_6 * depth.len() {
            true => pack_tile_6(four, [row(first + 4), row(first + 5)], tile.as_chunks_mut().0),
            false => pack_tile_4(four, tile.as_chunks_mut().0),
        }
        (first, rest) = (first + mr, behind);
    }
}

/// Writes four rows as the columns of a tile [depth, MR_4].
fn pack_tile_4(rows: [&[f32]; MR_4], tile: &mut [[f32; MR_4]]) {
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

/// Writes six rows as the columns of a tile [depth, MR_6], four rows of the tile at a time: six vectors of four
/// numbers.
fn pack_tile_6(four: [&[f32]; MR_4], two: [&[f32]; MR_6 - MR_4], tile: &mut [[f32; MR_6]]) {
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
        *place = std::array::from_fn(|r| if r < MR_4 { four[r][done + i] } else { two[r - MR_4][done + i] });
    }
}

/// The part of the result that one panel gives for one block: some rows of up to eight columns.
pub(super) struct Column {
    rows: Range<usize>,
    /// Whether the sums of the blocks of the depth before this one are already in place.
    adds: bool,
    /// The panel's first column, and how many columns it has: fewer than eight in the last panel.
    first: usize,
    columns: usize,
    bias: [f32; NR],
    activation: Option<Activation>,
}

impl Column {
    /// The columns from `first` on, of a product with a B of shape `b`, for the rows `rows` of A and the range `part`
    /// of the depth.
    pub fn new(rows: Range<usize>, part: &Range<usize>, first: usize, b: Shape, epilogue: Epilogue<'_>) -> Self {
        let (adds, columns) = (part.start > 0, NR.min(b.columns - first));
        let (all, activation) = if part.end == b.depth { epilogue.parts() } else { (None, None) };
        let mut bias = [0.0; NR];
        if let Some(all) = all {
            bias[..columns].copy_from_slice(&all[first..][..columns]);
        }
        Self { rows, adds, first, columns, bias, activation }
    }

    /// Multiplies the packed rows of A with the panel and writes this part of `out`, which is the whole result. `ahead`
    /// are bytes that the next call needs.
    pub fn product(&self, tiles: &[f32], panel: &[[f32; NR]], ahead: &[u8], out: &mut [f32], stride: usize) {
        let place = &mut out[self.rows.start * stride + self.first..];
        if self.columns == NR {
            self.sums(tiles, panel, ahead, place, stride);
            self.activate(place, stride);
            return;
        }
        // Behind the last panel's columns there is no room for eight.
        let mut wide = [[0.0; NR]; ROW_BLOCK];
        let wide = &mut wide[..self.rows.len()];
        if self.adds {
            for (wide, row) in wide.iter_mut().zip(place.chunks(stride)) {
                wide[..self.columns].copy_from_slice(&row[..self.columns]);
            }
        }
        self.sums(tiles, panel, ahead, wide.as_flattened_mut(), NR);
        self.activate(wide.as_flattened_mut(), NR);
        for (wide, row) in wide.iter().zip(place.chunks_mut(stride)) {
            row[..self.columns].copy_from_slice(&wide[..self.columns]);
        }
    }

    /// Computes the sums without the epilogue's activation.
    ///
    /// Panics when `tiles` or `out` are shorter than the rows need.
    #[allow(unsafe_code, reason = "calls the micro-kernel")]
    fn sums(&self, tiles: &[f32], panel: &[[f32; NR]], ahead: &[u8], out: &mut [f32], stride: usize) {
        let (rows, depth) = (self.rows.len(), panel.len());
        assert_eq!(tiles.len(), tiled_rows(rows, mr()) * depth, "tiles of all rows");
        let end = (rows - 1).checked_mul(stride).and_then(|last| last.checked_add(NR));
        assert!(end.is_some_and(|end| end <= out.len()), "room for all rows");
        let args = KernelArgs {
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
        // SAFETY: these are the conditions of `MicroKernel`:
        // - `tiles` has the numbers of all tiles of `rows` rows for the kernel in use, by the first assertion. `mr()`
        //   and `selected()` are of the same kernel, because only WebAssembly's one thread installs another one, and
        //   not within a product. `depth` is at least 1, because ranges of the depth are never empty.
        // - `panel` has `NR * depth` numbers, `start` NR and `ahead` `ahead_bytes`, as their types and lengths say.
        // - The last row of `out` ends within it: the second assertion.
        // - `out` is borrowed mutably, so it overlaps none of the others.
        unsafe { micro_kernel::selected()(&args) }
    }

    /// Applies the activation, while the sums are in the first-level cache.
    fn activate(&self, place: &mut [f32], stride: usize) {
        if let Some(activation) = self.activation {
            activate(activation, place, self.rows.len(), stride);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{DType, TensorView, noise};

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
            let panels = PackedB::from_weights(&[TensorView { dtype: DType::F32, bytes: &w }], k);
            let mut out = vec![7.0; m * out_stride];
            matmul(Rows { data: &a, rows: m, stride: a_stride }, &panels, &mut out, out_stride, Epilogue::None);
            close(&out, out_stride, &naive(&a, a_stride, &noise(n * k, 1.0, 2), m, k, n), n, k);
            assert!(out.chunks(out_stride).all(|row| row[n..].iter().all(|&gap| gap == 7.0)), "a gap was written");
        }
    }

    #[test]
    fn bias_and_activation_are_applied_once() {
        let (m, k, n) = (5, 1030, 11); // three blocks of depth
        let (a, w, bias) = (noise(m * k, 0.2, 3), noise(n * k, 0.2, 4), noise(n, 1.0, 5));
        let w_bytes = bytes(&w);
        let panels = PackedB::from_weights(&[TensorView { dtype: DType::F32, bytes: &w_bytes }], k);
        let mut twin = naive(&a, k, &w, m, k, n);
        for row in twin.chunks_mut(n) {
            row.iter_mut().zip(&bias).for_each(|(sum, &b)| *sum += f64::from(b));
        }
        let mut out = vec![0.0; m * n];
        matmul(Rows::dense(&a, k), &panels, &mut out, n, Epilogue::Bias(&bias));
        close(&out, n, &twin, n, k);
        twin.iter_mut().for_each(|sum| *sum = sum.max(0.0));
        matmul(Rows::dense(&a, k), &panels, &mut out, n, Epilogue::BiasActivation(&bias, Activation::Relu));
        close(&out, n, &twin, n, k);
    }

    #[test]
    fn parts_in_half_precision_become_columns_side_by_side() {
        let (k, n) = (5, 3);
        let w: Vec<f32> = (0..2 * n * k).map(|i| i as f32 / 4.0).collect();
        let halves: Vec<u8> = w.iter().flat_map(|&x| half::f16::from_f32(x).to_le_bytes()).collect();
        let all = TensorView { dtype: DType::F16, bytes: &halves };
        let panels = PackedB::from_weights(&[all.part(0, n * k), all.part(n * k, n * k)], k);
        let a = noise(2 * k, 1.0, 6);
        let mut out = vec![0.0; 2 * 2 * n];
        matmul(Rows::dense(&a, k), &panels, &mut out, 2 * n, Epilogue::None);
        close(&out, 2 * n, &naive(&a, k, &w, 2, k, 2 * n), 2 * n, k);
    }

    #[test]
    fn a_part_of_the_depth_is_a_matrix_of_its_own() {
        let (m, k, n, part) = (3, 20, 11, 6..13);
        let (a, w) = (noise(m * k, 1.0, 10), noise(n * k, 1.0, 11));
        let w_bytes = bytes(&w);
        let panels = PackedB::from_weights(&[TensorView { dtype: DType::F32, bytes: &w_bytes }], k);
        let own: Vec<f32> = w.chunks(k).flat_map(|row| row[part.clone()].to_vec()).collect();
        let mut out = vec![0.0; m * n];
        let rows = Rows { data: &a[part.start..], rows: m, stride: k };
        matmul(rows, &panels.depth_part(part.clone()), &mut out, n, Epilogue::None);
        close(&out, n, &naive(&a[part.start..], k, &own, m, part.len(), n), n, k);
    }

    #[test]
    fn attention_packs_keys_and_values_from_strided_slices() {
        let (n, width, d) = (13, 12, 4); // one head of three, in the middle
        let (q, keys, values) = (noise(n * width, 1.0, 7), noise(n * width, 1.0, 8), noise(n * width, 1.0, 9));
        let mut panels = PackedB::default();
        panels.pack_transposed(&keys[d..], width, n, d, 0.5);
        let mut scores = vec![0.0; n * n];
        matmul(Rows { data: &q[d..], rows: n, stride: width }, &panels, &mut scores, n, Epilogue::None);
        panels.pack(&values[d..], width, n, d);
        let mut z = vec![0.0; n * width];
        matmul(Rows::dense(&scores, n), &panels, &mut z[d..], width, Epilogue::None);
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
