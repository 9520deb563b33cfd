//! Products of weights by several threads, on hosts that have them (`worker::threads`). Elsewhere nothing here is used.
//!
//! The threads have a memory of their own. It holds packed weights and what a product reads and writes, and only one
//! small module works in it (relaxed_simd/wat/threads.rs, assembled by build.rs), so that the library stays a program
//! of one thread. Every panel is computed by the instructions of relaxed_simd/wat/micro_kernel.rs, whichever thread
//! takes it, so that all bits are those of one thread with that kernel.

use std::cell::RefCell;
use std::ops::Range;
use std::panic::RefUnwindSafe;
use std::sync::OnceLock;

use super::NR;
use super::blocking::{DEPTH_BLOCK, Epilogue, ROW_BLOCK, Rows, depth_blocks, matmul, pack_a, row_blocks};
use super::packed::PackedB;
use crate::math::activation::{Activation, activate};
use crate::math::relaxed_simd::layout::MR_6;

/// The bytes of the threads' module. It imports the shared memory `env.memory`; relaxed_simd/wat/threads.rs describes
/// its exports.
#[cfg(target_arch = "wasm32")]
pub const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/threads.wasm"));

/// The most numbers that [`Block::tiles`] has.
pub const MAX_TILES: usize = ROW_BLOCK.next_multiple_of(MR_6) * DEPTH_BLOCK;
/// The most that [`Block::rows`] is.
pub const MAX_ROWS: usize = ROW_BLOCK;

/// A packed matrix B in the threads' memory, and products with it. `Send`, `Sync` and
/// `RefUnwindSafe` are required so that a model with such matrices has these traits as well.
pub trait SharedB: Send + Sync + RefUnwindSafe {
    /// Multiplies a block of A with all panels. The sums [rows, panels, NR] stay in the threads' memory; if the block's
    /// range of the depth is not the first, they are added to the sums that are there.
    ///
    /// Errors: [`HelperLost`], for this product and all later ones.
    fn multiply(&self, block: Block<'_>) -> Result<(), HelperLost>;
    /// Copies the first numbers of the last sums to `out`.
    fn sums(&self, out: &mut [f32]);
    /// The numbers of [`PackedB::numbers`] as they were given; also valid after [`HelperLost`].
    fn numbers(&self) -> Vec<f32>;
}

/// A thread has taken a part of a product and did not finish it in time. The sums are not valid, and because that
/// thread may still write some of them, the threads get no more work.
#[derive(Debug)]
pub struct HelperLost;

/// One block of A.
pub struct Block<'a> {
    /// A in tiles, as in [`KernelArgs::tiles`](crate::math::relaxed_simd::KernelArgs::tiles) for the kernel with fused
    /// multiply-add.
    pub tiles: &'a [f32],
    pub rows: usize,
    pub depth: Range<usize>,
    /// Added to every row: [panels, NR].
    pub start: &'a [f32],
}

/// Copies a packed matrix to the threads' memory. None if there is no room.
pub type Share = fn(&PackedB) -> Option<Box<dyn SharedB>>;

static SHARE: OnceLock<Share> = OnceLock::new();

/// From now on weights are copied to the threads' memory by `share`. The first function installed stays. To be called
/// only after [`crate::math::relaxed_simd::install`], whose kernel the threads use.
pub fn install(share: Share) {
    // A second one would be the same function.
    let _ = SHARE.set(share);
}

/// A packed matrix B [depth, columns] in the threads' memory.
pub struct ThreadedB {
    threads: Box<dyn SharedB>,
    depth: usize,
    columns: usize,
    /// A copy for this thread alone, made after a helper was lost.
    alone: OnceLock<PackedB>,
}

impl ThreadedB {
    /// Copies a matrix to the threads' memory. None if there are no threads, or no room.
    pub fn share(panels: &PackedB) -> Option<Self> {
        SHARE.get()?(panels).map(|threads| Self::new(threads, panels))
    }

    fn new(threads: Box<dyn SharedB>, panels: &PackedB) -> Self {
        Self { threads, depth: panels.depth(), columns: panels.columns(), alone: OnceLock::new() }
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The rows `range` of B as a matrix of their own, as [`PackedB::depth_part`].
    pub fn depth_part(&self, range: Range<usize>) -> PackedB {
        match self.alone.get() {
            Some(alone) => alone.depth_part(range),
            None => self.copied().depth_part(range),
        }
    }

    /// As [`matmul()`], with the sums in the same order. If a helper is lost, this thread computes the whole product
    /// again by itself, and all later ones.
    pub fn matmul(&self, a: Rows<'_>, out: &mut [f32], out_stride: usize, epilogue: Epilogue<'_>) {
        if self.alone.get().is_none() && self.matmul_by_threads(a, out, out_stride, epilogue).is_ok() {
            return;
        }
        matmul(a, self.alone.get_or_init(|| self.copied()), out, out_stride, epilogue);
    }

    fn copied(&self) -> PackedB {
        PackedB::from_numbers(self.threads.numbers(), self.depth, self.columns)
    }

    fn matmul_by_threads(
        &self,
        a: Rows<'_>,
        out: &mut [f32],
        out_stride: usize,
        epilogue: Epilogue<'_>,
    ) -> Result<(), HelperLost> {
        thread_local! {
            static SCRATCH: RefCell<[Vec<f32>; 3]> = const { RefCell::new([Vec::new(), Vec::new(), Vec::new()]) };
        }
        let (bias, activation) = epilogue.parts();
        let width = self.columns.next_multiple_of(NR);
        SCRATCH.with_borrow_mut(|[tiles, start, sums]| {
            for rows in row_blocks(a.rows) {
                for depth in depth_blocks(self.depth) {
                    tiles.clear();
                    pack_a(a, rows.clone(), depth.clone(), tiles);
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
                    activate_panels(activation, place, rows.len());
                } else {
                    sums.resize(rows.len() * width, 0.0);
                    self.threads.sums(sums);
                    activate_panels(activation, sums, rows.len());
                    for (place, sums) in place.chunks_mut(out_stride).zip(sums.chunks_exact(width)) {
                        place[..columns].copy_from_slice(&sums[..columns]);
                    }
                }
            }
            Ok(())
        })
    }
}

/// Applies the activation to the sums [rows, panels, NR].
fn activate_panels(activation: Option<Activation>, sums: &mut [f32], rows: usize) {
    if let Some(activation) = activation {
        let width = sums.len() / rows;
        (0..width).step_by(NR).for_each(|column| activate(activation, &mut sums[column..], rows, width));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::math::gemm::micro_kernel::portable;
    use crate::math::relaxed_simd::KernelArgs;
    use crate::math::relaxed_simd::layout::MR_4;
    use crate::math::{DType, TensorView, noise};

    /// One thread, with the library's own loop and memory.
    struct Alone {
        panels: Vec<f32>,
        depth: usize,
        sums: Mutex<Vec<f32>>,
        /// Products before a thread is lost.
        products: AtomicUsize,
    }

    impl SharedB for Alone {
        #[allow(unsafe_code, reason = "calls the micro-kernel")]
        fn multiply(&self, Block { tiles, rows, depth, start }: Block<'_>) -> Result<(), HelperLost> {
            let left = self.products.load(Ordering::Relaxed);
            self.products.store(left.checked_sub(1).ok_or(HelperLost)?, Ordering::Relaxed);
            let mut sums = self.sums.lock().unwrap();
            sums.resize(rows * start.len(), 0.0);
            assert_eq!(tiles.len(), rows.next_multiple_of(MR_4) * depth.len());
            for p in 0..start.len() / NR {
                let panel = &self.panels[(p * self.depth + depth.start) * NR..][..depth.len() * NR];
                let args = KernelArgs {
                    tiles: tiles.as_ptr(),
                    rows,
                    panel: panel.as_ptr(),
                    depth: depth.len(),
                    out: sums[p * NR..].as_mut_ptr(),
                    out_stride: start.len(),
                    start: start[p * NR..].as_ptr(),
                    adds: depth.start > 0,
                    ahead: panel.as_ptr().cast(),
                    ahead_bytes: size_of_val(panel),
                };
                // SAFETY: the panel is as deep as the tiles, and there are as many as the rows need for MR_4, which was
                // asserted. The sums have a row for each row of A, with as many panels as the start has, and are
                // borrowed mutably.
                unsafe { portable(&args) };
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
    fn products_are_those_of_one_thread_to_the_bit_also_when_a_helper_is_lost() {
        for (m, k, n, gap) in [(1, 1, 1, 0), (5, 33, 17, 4), (161, 16, 24, 0), (3, 1030, 16, 0), (330, 600, 11, 1)] {
            let (a, w, bias) = (noise(m * (k + 3), 1.0, 1), noise(n * k, 1.0, 2), noise(n, 1.0, 3));
            let bytes: Vec<u8> = w.iter().flat_map(|x| x.to_le_bytes()).collect();
            let panels = PackedB::from_weights(&[TensorView { dtype: DType::F32, bytes: &bytes }], k);
            // All products; none; the first blocks of one alone.
            for products in [usize::MAX, 0, 1, 2] {
                let sums = Mutex::default();
                let alone = Alone { panels: panels.numbers().to_vec(), depth: k, sums, products: products.into() };
                let parallel = ThreadedB::new(Box::new(alone), &panels);
                let a = Rows { data: &a, rows: m, stride: k + 3 };
                for epilogue in
                    [Epilogue::None, Epilogue::Bias(&bias), Epilogue::BiasActivation(&bias, Activation::Gelu)]
                {
                    let [mut ours, mut theirs] = [vec![7.0; m * (n + gap)], vec![7.0; m * (n + gap)]];
                    parallel.matmul(a, &mut ours, n + gap, epilogue);
                    matmul(a, &panels, &mut theirs, n + gap, epilogue);
                    assert_eq!(ours, theirs, "[{m}, {k}, {n}], {products} products by threads");
                }
                let part = k / 3..k;
                assert_eq!(parallel.depth_part(part.clone()).numbers(), panels.depth_part(part).numbers());
                assert_eq!(parallel.alone.get().is_some(), products < 3, "once lost, all is done alone");
            }
        }
    }
}
