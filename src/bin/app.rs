//! The page's side of the browser build.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        attnscope::ui::start();
    }
}
