//! The pictures of a run. Each asks the session, makes one scene, and says what its hands do.

mod grid;
mod heatmap;
mod reading;
mod sentence;

pub use grid::GridView;
pub use heatmap::HeatmapView;
pub use reading::{Chosen, Reading};
pub use sentence::SentenceView;
