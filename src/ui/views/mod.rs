//! The pictures of a run. Each view makes one scene of what is selected, and handles the pointer and the keys on it.

pub mod charts;
pub mod draw;
pub mod grid;
pub mod heatmap;
pub mod inside;
pub mod picture;
pub mod selection;
pub mod sentence;
pub mod touch;
pub mod voice;
