//! Thin components: signals in, `draw(scene)` out.

mod address;
mod alter;
mod api;
mod app;
mod caption;
mod compare;
mod controls;
mod downstream;
mod draw;
mod input;
mod keys;
mod later;
mod measure;
mod offline;
mod parts;
mod picture;
mod session;
mod status;
mod survey;
mod theme;
mod views;

pub use app::start;
pub use later::{Fetched, Make, Page, Part, workbench};
