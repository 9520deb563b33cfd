//! The page's side of the browser build.

fn main() {
    #[cfg(target_arch = "wasm32")]
    page::start();
}

#[cfg(target_arch = "wasm32")]
mod page {
    use attnscope::ui::{self, Fetched, FetchedLesson, Make, MakeLesson, Page, lesson};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    pub fn start() {
        console_error_panic_hook::set_once();
        ui::start(fetch, fetch_lesson);
    }

    fn fetch(page: Page) -> Fetched {
        Box::pin(async move { workbench(page).await.ok() })
    }

    /// Here and not in the library, so that the worker knows nothing of it.
    #[wasm_split(workbench, fallible)]
    fn workbench(page: Page) -> Result<Make, SplitLoaderError> {
        Ok(ui::workbench(page))
    }

    fn fetch_lesson() -> FetchedLesson {
        Box::pin(async move { open_lesson().await.ok() })
    }

    #[wasm_split(lesson, fallible)]
    fn open_lesson() -> Result<MakeLesson, SplitLoaderError> {
        Ok(lesson::make())
    }
}
