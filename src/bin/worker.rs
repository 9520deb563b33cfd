//! The worker's script: everything is in [`attnscope::worker::host`].

fn main() {
    #[cfg(target_arch = "wasm32")]
    attnscope::worker::host::start();
}
