//! Files that are dropped on the page.

use leptos::prelude::*;
use web_sys::DragEvent;

use crate::ui::browser::files;
use crate::ui::session::{Session, open};

/// What is dropped anywhere on the page is opened: a saved run, or a model's files.
pub fn install(session: Session) {
    let over = window_event_listener(leptos::ev::dragover, |event| {
        if brings_files(&event) {
            event.prevent_default();
        }
    });
    let drop = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        if !brings_files(&event) {
            return;
        }
        event.prevent_default();
        let mut files = files::files(event.data_transfer().and_then(|data| data.files()));
        if open::are_a_model(&files) {
            open::open_files(session, files);
        } else if let Some(dropped) = files.pop() {
            open::file(session, dropped);
        }
    });
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}

/// Text that is dragged is the field's that it is dropped on.
fn brings_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
