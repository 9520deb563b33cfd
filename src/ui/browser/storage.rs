//! What this browser remembers for the page.

use leptos::prelude::*;

/// None where the reader forbids it.
pub fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
