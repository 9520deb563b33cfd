//! The worker's script: everything is in [`attnscope::worker::host`].

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}

#[cfg(target_arch = "wasm32")]
mod worker {
    use attnscope::engine::{self, Opening};
    use attnscope::worker::host;
    use attnscope::worker::models::{Fetched, Others};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    pub fn start() {
        host::start(fetch);
    }

    fn fetch() -> Fetched {
        Box::pin(async { others().await.ok() })
    }

    /// What only models of other kinds than the built-in one's need.
    #[wasm_split(others, fallible)]
    fn others() -> Result<Others, SplitLoaderError> {
        Ok(Others { open: Opening::any, refusal: engine::refusal })
    }
}
