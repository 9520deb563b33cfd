//! The page: components that turn signals into pictures and controls, and the reader's hands into actions.
//!
//! Each room builds on the rooms before it: `browser` (the platform), `session` (the state of the page and all that
//! changes it), `widgets` (controls), `views` (pictures), `panels` (what stands around the pictures), `doors` (what comes
//! from outside: address, scripts, pages around, keys, dropped files), `lesson`, and the page itself in `app` and
//! `deferred`.

mod app;
mod browser;
mod deferred;
mod doors;
pub mod lesson;
mod page;
mod panels;
mod session;
mod views;
mod widgets;

pub use app::start;
pub use deferred::workbench;
pub use page::{Fetched, FetchedLesson, Make, MakeLesson, Page, Part};
