//! Which of the two builds of [`super::strip`] is used.
//!
//! Fused multiply-add is part of "relaxed SIMD", and a browser that does not know it refuses a whole module for one such
//! instruction. So the inner loop alone is in a module of its own (strip/fused.rs, assembled by build.rs), a kilobyte that
//! the worker carries as bytes and starts where it can (`worker::faster`): on the worker's memory and through its table of
//! functions, so that a call goes from wasm to wasm. Elsewhere the library's own loop works.

use std::sync::OnceLock;

use super::strip;

/// The module's bytes. It imports the memory `env.memory` and exports the function `compute`.
#[cfg(target_arch = "wasm32")]
pub const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/strip.wasm"));

/// A build of [`strip::compute`], whose contract it has.
pub type Compute = unsafe extern "C" fn(&strip::Strip);

static FUSED: OnceLock<Compute> = OnceLock::new();

/// From now on all products are computed by `fused`; the first one given stays.
///
/// # Safety
///
/// It does what [`strip::compute`] does, for as long as the program runs.
pub unsafe fn install(fused: Compute) {
    // A second one would be the same.
    let _ = FUSED.set(fused);
}

/// Rows of a tile of the build that is in use.
pub fn height() -> usize {
    if FUSED.get().is_some() { strip::TALL } else { strip::LOW }
}

/// The build that is in use.
#[inline(always)]
pub fn compute() -> Compute {
    FUSED.get().copied().unwrap_or(strip::compute)
}
