//! The state of the page, and everything that changes it.

pub mod apply;
mod changes;
mod conversation;
pub mod draft;
mod models;
mod moves;
pub mod open;
pub mod save;
mod state;
mod timing;
mod types;
mod watch;

pub use state::Session;
pub use types::{Cause, Choice, Model, Planned, Told};
