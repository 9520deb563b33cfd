//! Which of the two builds of the hottest loops is used.
//!
//! Fused multiply-add is part of "relaxed SIMD", and a browser that does not know it refuses a whole module for one such
//! instruction. So [`super::strip`], the exponentials of softmax, GELU and what expands stored weights are in a module of their
//! own (strip/fused.rs, assembled by build.rs), twenty kilobytes, three when compressed, that the worker carries as bytes and
//! starts where it can (`worker::faster`): on the worker's memory and through its table of functions, so that a call goes from wasm to wasm. Elsewhere the library's own loops work.

use std::sync::OnceLock;

use super::floats::FloatKind;
use super::strip;

/// The module's bytes. It imports the memory `env.memory` and exports the functions of [`Fused`], by their names.
#[cfg(target_arch = "wasm32")]
pub const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/strip.wasm"));

/// A build of [`strip::compute`], whose contract it has.
pub type Compute = unsafe extern "C" fn(&strip::Strip);

/// Each of eight times so many numbers becomes e^(number - max), for a max that none exceeds; returns their sum.
pub type Powers = unsafe extern "C" fn(row: *mut f32, eights: usize, max: f32) -> f32;

/// GELU of eight numbers of each of so many rows, `stride` numbers apart.
pub type Gelu = unsafe extern "C" fn(place: *mut f32, rows: usize, stride: usize);

/// Expands so many blocks of each of eight columns, whose bytes lie abreast ([`super::abreast`]), into rows of eight; false
/// where a half-precision number is infinite or none, and then what it has written means nothing.
pub type Expand = unsafe extern "C" fn(bytes: *const u8, rows: *mut f32, blocks: usize) -> bool;

/// The module's functions.
pub struct Fused {
    pub compute: Compute,
    pub powers: Powers,
    pub gelu: Gelu,
    /// For each of [`EXPANDED`].
    pub expand: [Expand; EXPANDED.len()],
}

/// Kinds of numbers that the module expands, and the names of its functions for them.
pub const EXPANDED: [(FloatKind, &str); 6] = [
    (FloatKind::F16, "F16"),
    (FloatKind::Q4_0, "Q4_0"),
    (FloatKind::Q4_1, "Q4_1"),
    (FloatKind::Q8_0, "Q8_0"),
    (FloatKind::Q4_K, "Q4_K"),
    (FloatKind::Q6_K, "Q6_K"),
];

static FUSED: OnceLock<Fused> = OnceLock::new();

/// From now on `fused` is used; the first one given stays.
///
/// # Safety
///
/// It does what its functions say, of numbers that are there, for as long as the program runs.
pub unsafe fn install(fused: Fused) {
    // A second one would be the same.
    let _ = FUSED.set(fused);
}

/// The module's function for numbers of a kind, where it is in use and has one.
pub fn expand(kind: FloatKind) -> Option<Expand> {
    let of_kind = EXPANDED.iter().position(|&(expanded, _)| expanded == kind)?;
    Some(fused()?.expand[of_kind])
}

/// The module's functions, where it is in use.
#[inline(always)]
pub fn fused() -> Option<&'static Fused> {
    FUSED.get()
}

/// Rows of a tile of the build that is in use.
pub fn height() -> usize {
    if fused().is_some() { strip::TALL } else { strip::LOW }
}

/// The build that is in use.
#[inline(always)]
pub fn compute() -> Compute {
    fused().map_or(strip::compute, |fused| fused.compute)
}
