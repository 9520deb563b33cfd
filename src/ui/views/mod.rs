//! The pictures of a run. Each makes one scene of what is read, and says what its hands do.

mod charts;
mod grid;
mod heatmap;
mod inside;
mod reading;
mod sentence;

pub use charts::{ChartsView, CostView};
pub use grid::GridView;
pub use heatmap::HeatmapView;
pub use inside::InsideView;
pub use reading::choose_unit;
pub use reading::{Chosen, Reading, Readings, Shot};
use reading::{held, token_of};
pub use sentence::SentenceView;
