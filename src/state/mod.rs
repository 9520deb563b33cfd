//! What the reader has chosen, as one plain value, and the run it is about.

mod run;
mod snapshot;
mod value;
mod view_state;

pub use run::{Run, Source};
pub use snapshot::Snapshot;
pub use value::Value;
pub use view_state::{Patch, TokenRef, View, ViewState};
