//! Attnscope: what every head of a real transformer attends to, for any sentence.
//!
//! A picture is a function: `bytes -> Model -> Trace -> analysis -> Scene -> screen`.
//! Every arrow but the last is pure Rust and knows no browser. Arrows point one way:
//! `ui -> {state, scene, worker}`, `worker -> {engine, analysis}`, `scene -> {analysis, lesson}`,
//! `{analysis, lesson} -> engine -> math`, all may use `text` and `error`, and from `state` on
//! `source`; `tests/native/layers.rs` reads the `use` lines and holds this.

#![deny(unsafe_code)]

pub mod analysis;
pub mod engine;
pub mod error;
pub mod lesson;
pub mod math;
pub mod scene;
pub mod source;
pub mod state;
pub mod text;
#[cfg(target_arch = "wasm32")]
pub mod ui;
pub mod worker;

pub use error::{Error, Kind, Result};
