//! The boundary between the page's thread and the engine's worker: `client` is the page's end, `host` the worker's.

#[cfg(target_arch = "wasm32")]
mod alive;
#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(target_arch = "wasm32")]
pub mod fetch;
#[cfg(target_arch = "wasm32")]
pub mod hash;
#[cfg(target_arch = "wasm32")]
pub mod host;
pub mod lesson;
#[cfg(target_arch = "wasm32")]
mod link;
pub mod manifest;
mod maps;
#[cfg(target_arch = "wasm32")]
pub mod models;
pub mod own;
pub mod plan;
pub mod protocol;
pub mod pulse;
#[cfg(target_arch = "wasm32")]
pub mod relaxed_simd;
pub mod resume;
#[cfg(target_arch = "wasm32")]
pub mod segments;
pub mod session;
#[cfg(any(test, target_arch = "wasm32"))]
mod space;
#[cfg(target_arch = "wasm32")]
pub mod store;
#[cfg(target_arch = "wasm32")]
pub mod threads;
#[cfg(target_arch = "wasm32")]
mod transfer;
#[cfg(target_arch = "wasm32")]
mod turn;
#[cfg(target_arch = "wasm32")]
mod wire;
