//! The view, which is all that the reader has chosen, as one plain value, and the run that it shows.

mod action;
mod answers;
mod asked;
#[cfg(test)]
mod dice;
mod export;
mod fields;
mod form;
mod history;
pub mod lesson_place;
mod maps;
mod patch;
mod permalink;
mod ranking;
mod run;
mod snapshot;
mod snippet;
mod tab;
mod value;
mod view_state;
mod wanted;

pub use action::Action;
pub use answers::{Answer, Compared, Predictions, Turned};
pub use asked::Asked;
pub use export::{Table, caption, head_table, row_table, run_json, run_safetensors};
pub use fields::Patch;
pub use history::History;
pub use maps::{Maps, Of};
pub use permalink::{link, link_texts, link_to, read_change, read_link};
pub use run::{Run, Source};
pub use snapshot::Snapshot;
pub use snippet::{Frame, snippet};
pub use tab::Tab;
pub use value::Value;
pub use view_state::{Alike, Baseline, MASS, Sort, View, ViewState};
pub use wanted::{TokenRef, Wanted};
