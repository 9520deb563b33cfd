//! The hottest loops with fused multiply-add, which a host may install in place of the library's own.
//!
//! Fused multiply-add is part of WebAssembly's relaxed SIMD, and a browser that does not know it refuses a whole module
//! for one such instruction. So the product's micro-kernel, the exponentials of softmax, GELU and the decoders of some
//! weight formats are in a module of their own: WebAssembly text in `wat/`, assembled by build.rs, twenty kilobytes and
//! three when compressed. The worker carries it as bytes and starts it where the browser and the processor can
//! (`worker::relaxed_simd`), on the worker's own memory and through its table of functions, so that a call goes from
//! WebAssembly to WebAssembly. Elsewhere the library's own loops work.

pub mod layout;

use std::sync::OnceLock;

use crate::math::quant::dtype::DType;

/// The module's bytes. It imports the memory `env.memory` and exports the functions of [`Functions`] by their names.
#[cfg(target_arch = "wasm32")]
pub const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/relaxed_simd.wasm"));

/// Eight columns of a product: `out = A B + start`, or `out += A B + start`, for A [rows, depth], B [depth, NR],
/// out [rows, NR] and start `[NR]`.
///
/// `wat/micro_kernel.rs` reads the fields in this order.
#[repr(C)]
pub struct KernelArgs {
    /// A in tiles, one behind the other. For the library's kernel a tile is [depth, MR_4]. For the kernel with fused
    /// multiply-add it is [depth, MR_6], or [depth, MR_4] if it is the last one and at most MR_4 rows are left. The
    /// last tile may have columns behind the last row; they are read, but their sums are not stored.
    pub tiles: *const f32,
    pub rows: usize,
    /// B [depth, NR].
    pub panel: *const f32,
    /// 1 or more.
    pub depth: usize,
    pub out: *mut f32,
    /// Numbers from one row of `out` to the next.
    pub out_stride: usize,
    /// `[NR]`, added to each row.
    pub start: *const f32,
    /// Whether the sums so far are in `out` and are added to.
    pub adds: bool,
    /// Bytes that the next call needs, and how many they are. The kernel may read some of them, so that they are in the
    /// cache then.
    pub ahead: *const u8,
    pub ahead_bytes: usize,
}

/// A micro-kernel.
///
/// # Safety
///
/// - `tiles` points to as many numbers as [`KernelArgs::tiles`] describes for this kernel, `panel` to `NR * depth`
///   numbers, `start` to NR numbers, and `ahead` to `ahead_bytes` bytes. All of them can be read during the call.
/// - `depth` is at least 1.
/// - For each row r below `rows`, the NR numbers from `out + r * out_stride` on can be read and written during the
///   call, and they overlap none of the numbers above.
pub type MicroKernel = unsafe extern "C" fn(&KernelArgs);

/// Replaces each of `8 * eights` numbers x from `row` on by `e^(x - max)` and returns their sum. No number should be
/// greater than `max`; otherwise the results are clamped.
///
/// # Safety
///
/// The numbers can be read and written during the call, and nothing else reads or writes them meanwhile.
pub type Powers = unsafe extern "C" fn(row: *mut f32, eights: usize, max: f32) -> f32;

/// Applies GELU to the first eight numbers of each of `rows` rows, which begin `stride` numbers apart.
///
/// # Safety
///
/// For each row r below `rows`, the eight numbers from `place + r * stride` on can be read and written during the call,
/// and nothing else reads or writes them meanwhile.
pub type Gelu = unsafe extern "C" fn(place: *mut f32, rows: usize, stride: usize);

/// Decodes `blocks` blocks of each of eight interleaved rows ([`crate::math::quant::interleaved`]) to rows of eight
/// numbers. Returns false if a half-precision number of a block is infinite or NaN; then the numbers written are not
/// valid.
///
/// # Safety
///
/// `bytes` points to all bytes of `blocks` blocks of each of eight rows and `rows` to room for all their numbers. The
/// two do not overlap, and during the call nothing else writes either of them.
pub type Dequantize = unsafe extern "C" fn(bytes: *const u8, rows: *mut f32, blocks: usize) -> bool;

/// The module's functions.
pub struct Functions {
    pub micro_kernel: MicroKernel,
    pub powers: Powers,
    pub gelu: Gelu,
    /// In the order of [`DEQUANTIZED`].
    pub dequantize: [Dequantize; DEQUANTIZED.len()],
}

/// The formats that the module decodes, with the names of its functions for them.
pub const DEQUANTIZED: [(DType, &str); 6] = [
    (DType::F16, "F16"),
    (DType::Q4_0, "Q4_0"),
    (DType::Q4_1, "Q4_1"),
    (DType::Q8_0, "Q8_0"),
    (DType::Q4_K, "Q4_K"),
    (DType::Q6_K, "Q6_K"),
];

static FUNCTIONS: OnceLock<Functions> = OnceLock::new();

/// From now on `functions` are used instead of the library's own loops. The first ones installed stay; a second call
/// has no effect.
///
/// # Safety
///
/// Until the program ends, each function can be called on this program's memory, and does what its type describes under
/// the conditions that the type names.
#[allow(unsafe_code, reason = "the caller must guarantee what the functions do")]
pub unsafe fn install(functions: Functions) {
    // A second set would be the same functions.
    let _ = FUNCTIONS.set(functions);
}

/// The module's functions, if they are installed.
#[inline(always)]
pub fn functions() -> Option<&'static Functions> {
    FUNCTIONS.get()
}

/// The module's decoder of a format, if it is installed and has one.
pub fn dequantize(dtype: DType) -> Option<Dequantize> {
    let index = DEQUANTIZED.iter().position(|&(dequantized, _)| dequantized == dtype)?;
    Some(functions()?.dequantize[index])
}
