//! How wide text is on this screen.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::scene::text::estimated_width;

/// The font of every picture; `.picture text` in the style sheet has the same.
pub const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

thread_local! {
    static PEN: Option<CanvasRenderingContext2d> = {
        let canvas = document().create_element("canvas").ok().and_then(|c| c.dyn_into::<HtmlCanvasElement>().ok());
        canvas.and_then(|c| c.get_context("2d").ok().flatten()).and_then(|c| c.dyn_into().ok())
    };
}

/// Widths in CSS pixels of each text at this font size.
pub fn widths(texts: impl Iterator<Item = String>, size: f32) -> Vec<f32> {
    PEN.with(|pen| {
        if let Some(pen) = pen {
            pen.set_font(&format!("{size}px {FONT}"));
        }
        let measured = |text: &str| Some(pen.as_ref()?.measure_text(text).ok()?.width() as f32);
        texts.map(|text| measured(&text).unwrap_or_else(|| estimated_width(&text, size))).collect()
    })
}
