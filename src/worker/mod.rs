//! The boundary between the page's thread and the engine's.

pub mod protocol;
