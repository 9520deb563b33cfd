//! The native integration tests, in one binary: it is linked once, and one process reads the built-in model once.
//!
//! `cargo test --test native scenes` runs the tests of one module. Tests of different modules run side by side in one
//! process, so none may change what belongs to the process: its folder, its environment.
#![cfg(not(target_arch = "wasm32"))]

mod common;

mod cli;
mod families;
mod formats;
mod fuzzed;
mod gguf;
mod growing;
mod import_circles;
mod imported;
mod interventions;
mod languages;
mod layers;
mod lesson;
mod measures;
mod memory;
mod numbers;
mod scenes;
mod scenes_compare;
mod scenes_maps;
mod scenes_wrapped;
mod smollm2;
mod texts;
mod thread_pool;
mod tokenizer;
mod tokenizers;
mod worker_session;
