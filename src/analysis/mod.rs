//! Measures, labels and comparisons of the patterns of a `Trace`. Nothing here draws.

mod cost;
mod diff;
mod finder;
mod fixed;
pub mod labels;
mod measures;
mod quantity;
mod reading;
mod summary;
mod survey;
mod table;
mod targets;
#[cfg(test)]
mod testing;
mod thumbnail;
mod words;

pub use cost::{Cost, fit_cost, is_too_noisy, median_times, next_length, passes_in_all};
pub use diff::{Moved, Place, align, change, difference, moved};
pub use finder::{Found, find_heads};
pub use fixed::{fixed, significant};
pub use labels::{HeadLabel, Label, head_labels};
pub use measures::{HeadMeasures, Measure, entropy, head_measures, next_by_value, sinks};
pub use quantity::Quantity;
pub use reading::{Edge, HeadMap, Row, Special, by_mass, by_mass_at_most, sort_strongest_first, strongest};
pub use summary::{layer_mean, rollout};
pub use survey::{HeadSurvey, survey};
pub use table::{find_token, row_table};
pub use thumbnail::{THUMB_SIDE, Thumbnails, thumbnails};
pub use words::Words;

use ndarray::{ArrayView2, ArrayView4, s};

use crate::engine::HeadId;

/// All heads of `pattern` [layer, head, query, key], L0 H0 first.
fn heads<'a>(pattern: &'a ArrayView4<'_, f32>) -> impl Iterator<Item = (HeadId, ArrayView2<'a, f32>)> {
    let (layers, heads, ..) = pattern.dim();
    HeadId::all(layers, heads).map(|id| (id, pattern.slice(s![id.layer, id.head, .., ..])))
}
