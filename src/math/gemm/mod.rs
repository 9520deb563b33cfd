//! General matrix products `A B`, in the usual scheme of packed panels (Goto and van de Geijn 2008,
//! <https://doi.org/10.1145/1356052.1356053>).
//!
//! B is packed once, in panels of [`NR`] columns ([`packed`]), or left as it is stored and decoded one panel at a time
//! ([`stored`]). A product goes over blocks of A's rows and of the depth ([`blocking`]), packs a block of A into tiles,
//! and calls the [`micro_kernel`] for each panel. [`threads`] gives the panels to several threads; [`weights`] is a
//! model's matrix in any of these three forms.

pub mod blocking;
pub mod micro_kernel;
pub mod packed;
pub mod stored;
pub mod threads;
pub mod weights;

pub use super::relaxed_simd::layout::NR;
