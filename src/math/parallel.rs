//! Products of weights by several threads, where a host has them (`worker::threads`); elsewhere nothing here is used.
//!
//! The threads have a memory of their own, which holds panels and what a product reads and writes, and in which nothing but
//! one small module works (strip/shared.rs, assembled by build.rs). So the library stays a program of one thread. Every strip
//! is computed by the instructions of strip/fused.rs, whoever takes it: all bits are those of one thread with that.

use std::cell::RefCell;
use std::ops::Range;
use std::panic::RefUnwindSafe;
use std::sync::OnceLock;

use super::activation::{Activation, activate};
use super::matmul::{DEPTH_BLOCK, ROW_BLOCK, Rows, Then, depth_blocks, interleave, matmul, row_blocks};
use super::panels::{PANEL, Panels};
use super::strip::TALL;

/// The module's bytes. It imports the shared memory `env.memory`; strip/shared.rs says what it exports.
#[cfg(target_arch = "wasm32")]
pub const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shared.wasm"));

/// Most numbers of [`Block::tiles`].
pub const MOST_TILES: usize = ROW_BLOCK.next_multiple_of(TALL) * DEPTH_BLOCK;
/// Most [`Block::rows`].
pub const MOST_ROWS: usize = ROW_BLOCK;

/// Panels of one matrix in the threads' memory, and their work. A model with them is as free to go about as any other.
pub trait Parallel: Send + Sync + RefUnwindSafe {
    /// The sums of some rows with a part of the depth, for all panels: [rows, panels, PANEL], kept in the threads' memory;
    /// those there are are added, unless the part is the first.
    ///
    /// Errors: [`Lost`], for this product and all later ones.
    fn multiply(&self, block: Block<'_>) -> Result<(), Lost>;
    /// The first numbers of the last sums.
    fn sums(&self, out: &mut [f32]);
    /// [`Panels::numbers`] as they were given, also after [`Lost`].
    fn numbers(&self) -> Vec<f32>;
}

/// A thread has taken a part of a product and has not come back. The sums mean nothing, and as that thread may still write some
/// of them, no thread gets work any more.
#[derive(Debug)]
pub struct Lost;

/// What is multiplied at once.
pub struct Block<'a> {
    /// As in [`super::strip::Strip`], for fused multiply-add.
    pub tiles: &'a [f32],
    pub rows: usize,
    pub depth: Range<usize>,
    /// Added to every row: [panels, PANEL].
    pub start: &'a [f32],
}

/// Copies panels to the threads' memory, where there is room.
pub type Keep = fn(&Panels) -> Option<Box<dyn Parallel>>;

static KEEP: OnceLock<Keep> = OnceLock::new();

/// From now on weights are kept by `keep` where it can; the first one given stays. For where [`super::relaxed`] is in use.
pub fn install(keep: Keep) {
    // A second one would be the same.
    let _ = KEEP.set(keep);
}

/// A matrix B [depth, columns] in the threads' memory.
pub struct ParallelPanels {
    threads: Box<dyn Parallel>,
    depth: usize,
    columns: usize,
    /// The same matrix for this thread alone, after a thread was lost.
    alone: OnceLock<Panels>,
}

impl ParallelPanels {
    /// None where there are no threads, or no room.
    pub fn keep(panels: &Panels) -> Option<Self> {
        KEEP.get()?(panels).map(|threads| Self::new(threads, panels))
    }

    fn new(threads: Box<dyn Parallel>, panels: &Panels) -> Self {
        Self { threads, depth: panels.depth(), columns: panels.columns(), alone: OnceLock::new() }
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// As [`Panels::depth_part`].
    pub fn depth_part(&self, range: Range<usize>) -> Panels {
        match self.alone.get() {
            Some(alone) => alone.depth_part(range),
            None => self.copied().depth_part(range),
        }
    }

    /// As [`super::matmul()`], and in its order. Where a thread is lost, this one does the whole product again, and all later
    /// ones.
    pub fn matmul(&self, a: Rows<'_>, out: &mut [f32], out_stride: usize, then: Then<'_>) {
        if self.alone.get().is_none() && self.by_threads(a, out, out_stride, then).is_ok() {
            return;
        }
        matmul(a, self.alone.get_or_init(|| self.copied()), out, out_stride, then);
    }

    fn copied(&self) -> Panels {
        Panels::from_numbers(self.threads.numbers(), self.depth, self.columns)
    }

    fn by_threads(&self, a: Rows<'_>, out: &mut [f32], out_stride: usize, then: Then<'_>) -> Result<(), Lost> {
        thread_local! {
            static SCRATCH: RefCell<[Vec<f32>; 3]> = const { RefCell::new([Vec::new(), Vec::new(), Vec::new()]) };
        }
        let (bias, activation) = then.parts();
        let width = self.columns.next_multiple_of(PANEL);
        SCRATCH.with_borrow_mut(|[tiles, start, sums]| {
            for rows in row_blocks(a.rows) {
                for depth in depth_blocks(self.depth) {
                    tiles.clear();
                    interleave(a, rows.clone(), depth.clone(), tiles);
                    start.clear();
                    start.extend(bias.filter(|_| depth.end == self.depth).unwrap_or_default());
                    start.resize(width, 0.0);
                    self.threads.multiply(Block { tiles, rows: rows.len(), depth, start })?;
                }
                let place = &mut out[rows.start * out_stride..];
                let columns = self.columns;
                if width == out_stride && width == columns {
                    let place = &mut place[..rows.len() * width];
                    self.threads.sums(place);
                    panels(activation, place, rows.len());
                } else {
                    sums.resize(rows.len() * width, 0.0);
                    self.threads.sums(sums);
                    panels(activation, sums, rows.len());
                    for (place, sums) in place.chunks_mut(out_stride).zip(sums.chunks_exact(width)) {
                        place[..columns].copy_from_slice(&sums[..columns]);
                    }
                }
            }
            Ok(())
        })
    }
}

/// What follows the sums [rows, panels, PANEL].
fn panels(activation: Option<Activation>, sums: &mut [f32], rows: usize) {
    if let Some(activation) = activation {
        let width = sums.len() / rows;
        (0..width).step_by(PANEL).for_each(|column| activate(activation, &mut sums[column..], rows, width));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::math::strip::{LOW, Strip, compute};
    use crate::math::{FloatKind, Floats, noise};

    /// One thread, with the library's own loop and memory.
    struct Alone {
        panels: Vec<f32>,
        depth: usize,
        sums: Mutex<Vec<f32>>,
        /// Products before a thread is lost.
        products: AtomicUsize,
    }

    impl Parallel for Alone {
        fn multiply(&self, Block { tiles, rows, depth, start }: Block<'_>) -> Result<(), Lost> {
            let left = self.products.load(Ordering::Relaxed);
            self.products.store(left.checked_sub(1).ok_or(Lost)?, Ordering::Relaxed);
            let mut sums = self.sums.lock().unwrap();
            sums.resize(rows * start.len(), 0.0);
            assert_eq!(tiles.len(), rows.next_multiple_of(LOW) * depth.len());
            for p in 0..start.len() / PANEL {
                let panel = &self.panels[(p * self.depth + depth.start) * PANEL..][..depth.len() * PANEL];
                let strip = Strip {
                    tiles: tiles.as_ptr(),
                    rows,
                    panel: panel.as_ptr(),
                    depth: depth.len(),
                    out: sums[p * PANEL..].as_mut_ptr(),
                    out_stride: start.len(),
                    start: start[p * PANEL..].as_ptr(),
                    adds: depth.start > 0,
                    ahead: panel.as_ptr().cast(),
                    ahead_bytes: size_of_val(panel),
                };
                // SAFETY: the panel is as deep as the tiles, and all rows have as many panels as the start.
                unsafe { compute(&strip) };
            }
            Ok(())
        }

        fn sums(&self, out: &mut [f32]) {
            out.copy_from_slice(&self.sums.lock().unwrap()[..out.len()]);
        }

        fn numbers(&self) -> Vec<f32> {
            self.panels.clone()
        }
    }

    #[test]
    fn products_are_those_of_panels_to_the_bit_also_where_a_thread_is_lost() {
        for (m, k, n, gap) in [(1, 1, 1, 0), (5, 33, 17, 4), (161, 16, 24, 0), (3, 1030, 16, 0), (330, 600, 11, 1)] {
            let (a, w, bias) = (noise(m * (k + 3), 1.0, 1), noise(n * k, 1.0, 2), noise(n, 1.0, 3));
            let bytes: Vec<u8> = w.iter().flat_map(|x| x.to_le_bytes()).collect();
            let panels = Panels::from_weights(&[Floats { kind: FloatKind::F32, bytes: &bytes }], k);
            // All products; none; the first blocks of one alone.
            for products in [usize::MAX, 0, 1, 2] {
                let sums = Mutex::default();
                let alone = Alone { panels: panels.numbers().to_vec(), depth: k, sums, products: products.into() };
                let parallel = ParallelPanels::new(Box::new(alone), &panels);
                let a = Rows { data: &a, rows: m, stride: k + 3 };
                for then in [Then::Nothing, Then::Bias(&bias), Then::BiasActivate(&bias, Activation::Gelu)] {
                    let [mut ours, mut theirs] = [vec![7.0; m * (n + gap)], vec![7.0; m * (n + gap)]];
                    parallel.matmul(a, &mut ours, n + gap, then);
                    matmul(a, &panels, &mut theirs, n + gap, then);
                    assert_eq!(ours, theirs, "[{m}, {k}, {n}], {products} products by threads");
                }
                let part = k / 3..k;
                assert_eq!(parallel.depth_part(part.clone()).numbers(), panels.depth_part(part).numbers());
                assert_eq!(parallel.alone.get().is_some(), products < 3, "once lost, all is done alone");
            }
        }
    }
}
