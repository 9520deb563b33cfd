//! The page within another: what the address says about the frame that it stands in.
//!
//! `?embed&controls=none|simple|full&lock&theme=dark|light&saved&origin=https://...`, as `embed.js` writes it. What
//! is not to be seen there is hidden by the style sheet.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

/// A parameter of the address: empty where it has no value.
pub fn parameter(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The page stands in another.
pub fn embedded() -> bool {
    parameter("embed").is_some()
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

/// Tells the style sheet what the frame shows.
pub fn fit() {
    let Some(root) = document().document_element().filter(|_| embedded()) else { return };
    let controls = parameter("controls").filter(|controls| ["none", "simple"].contains(&controls.as_str()));
    // Setting an attribute of the document's own element does not fail.
    let _ = root.set_attribute("data-embed", controls.as_deref().unwrap_or("full"));
    if parameter("lock").is_some() {
        let _ = root.set_attribute("data-lock", "");
    }
}
