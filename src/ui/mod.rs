//! Thin components: signals in, `draw(scene)` out.

mod address;
mod alter;
mod api;
mod app;
mod caption;
mod change;
mod compare;
mod consent;
mod controls;
mod downstream;
mod draft;
mod draw;
mod embed;
mod export;
mod field;
mod frame;
mod input;
mod keys;
mod language;
mod later;
pub mod lesson;
mod measure;
mod messages;
mod models;
mod offline;
mod open;
mod parts;
mod picture;
mod session;
mod share;
mod status;
mod survey;
mod theme;
mod views;

pub use app::start;
pub use later::{Fetched, Make, Page, Part, workbench};
