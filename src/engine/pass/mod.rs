//! The forward pass, what a reader can change in it, and its record.

pub mod attention;
pub(crate) mod forward;
pub(super) mod head_set;
pub(super) mod inside;
pub(super) mod intervention;
mod prefix_cache;
mod record;
pub(crate) mod rotary;
pub(super) mod trace;
