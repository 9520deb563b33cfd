//! The page within another: what the address says about the frame that it stands in.
//!
//! `?embed&controls=none|simple|full&grid=closed&lock&theme=dark|light&saved&origin=https://...`, as `embed.js` writes it.
//! What is not to be seen there is hidden by the style sheet.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

/// A parameter of the address: empty where it has no value.
pub fn parameter(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// A parameter that is on: its name alone, or anything but what HTML and JSX write for false.
fn is_on(name: &str) -> bool {
    parameter(name).is_some_and(|value| !["0", "false"].contains(&value.trim()))
}

/// The page stands in another.
pub fn embedded() -> bool {
    is_on("embed")
}

/// Frames of one origin share a worker. A page that is a file, or is within one, has no origin to share it with: there
/// browsers give it a worker that ends at once or never answers.
pub fn may_share() -> bool {
    let is_file = window().location().protocol().is_ok_and(|protocol| !protocol.starts_with("http"));
    embedded() && !is_file && parameter("origin").is_none_or(|origin| origin != "null")
}

/// A reader may look and point, and change nothing.
pub fn locked() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-lock"))
}

/// Pixels across that the page has for a picture: what its margins (as in the style sheet) leave.
pub fn room() -> f32 {
    let width = document().body().map_or(0.0, |body| body.client_width() as f32);
    let margins = match embedded() {
        true => 24.0,
        false if width <= 600.0 => 32.0,
        false => 56.0,
    };
    width - margins
}

/// The frame shows the lesson, which is as high as its steps.
pub fn shows_lesson() -> bool {
    parameter("lesson").is_some()
}

/// Tells the style sheet what the frame shows.
pub fn fit() {
    let Some(root) = document().document_element().filter(|_| embedded()) else { return };
    let controls = parameter("controls").filter(|controls| ["none", "simple"].contains(&controls.as_str()));
    // Setting an attribute of the document's own element does not fail.
    let _ = root.set_attribute("data-embed", controls.as_deref().unwrap_or("full"));
    if is_on("lock") {
        let _ = root.set_attribute("data-lock", "");
    }
    if parameter("grid").as_deref() == Some("closed") {
        let _ = root.set_attribute("data-grid", "closed");
    }
}
