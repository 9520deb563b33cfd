//! What the library and the WebAssembly text of `wat/` must agree on: the shapes of tiles and panels, and where the
//! words of the thread pool lie in its memory. build.rs, xtask and a native test include this file as well.

/// Rows of a low tile: the library's own, and the last one of the WebAssembly text when at most this many rows are
/// left.
pub const MR_4: usize = 4;
/// Rows of a tile of the WebAssembly text, which has fused multiply-add.
pub const MR_6: usize = 6;
/// Columns of a tile and of a panel of B: one vector of eight lanes.
pub const NR: usize = 8;

/// Byte addresses of the words that the threads share by atomic operations, each in a cache line of its own.
pub const NEXT_AT: usize = 0;
pub const UNFINISHED_AT: usize = 64;
pub const GENERATION_AT: usize = 128;
/// Byte address of the job's first word.
pub const JOB_AT: usize = 192;
/// Byte address of the leader's kernel arguments; those of helper i lie i times [`ARGS_BYTES`] behind them.
pub const ARGS_AT: usize = 256;
pub const ARGS_BYTES: usize = 64;
/// Bytes at the beginning of the threads' memory that are not for matrices.
pub const RESERVED: usize = 1024;

/// The words of a job, in the order in which they lie in memory, 32 bits each. Addresses and sizes are in bytes unless
/// the description says otherwise.
pub const JOB: [&str; 11] =
    ["panels", "tiles", "rows", "panel", "panel_bytes", "depth", "out", "out_stride", "start", "adds", "threads"];

/// A product of one block of A with all panels of B, as the leader gives it to the threads.
pub struct Job {
    /// How many panels there are.
    pub panels: usize,
    /// Address of the tiles of A.
    pub tiles: usize,
    /// Rows of A.
    pub rows: usize,
    /// Address of the first panel's first row of the block.
    pub panel: usize,
    /// From one panel to the next.
    pub panel_bytes: usize,
    /// Rows of each panel that are multiplied.
    pub depth: usize,
    /// Address of the sums of the first panel.
    pub out: usize,
    /// Numbers from one row of the sums to the next.
    pub out_stride: usize,
    /// Address of the numbers that are added to every row.
    pub start: usize,
    /// 1 if the sums so far are added, 0 if they are overwritten.
    pub adds: usize,
    /// How many threads there are.
    pub threads: usize,
}

impl Job {
    /// The words in the order of [`JOB`].
    pub fn words(&self) -> [u32; JOB.len()] {
        let Self { panels, tiles, rows, panel, panel_bytes, depth, out, out_stride, start, adds, threads } = *self;
        [panels, tiles, rows, panel, panel_bytes, depth, out, out_stride, start, adds, threads].map(|word| word as u32)
    }
}
