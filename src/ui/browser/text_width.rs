//! How wide text is on this screen.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::analysis::fixed;
use crate::engine::Shown;
use crate::scene::width::estimated_width;

/// The font of every picture; `.picture text` in the style sheet has the same.
pub const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

thread_local! {
    static PEN: Option<CanvasRenderingContext2d> = {
        let canvas = document().create_element("canvas").ok().and_then(|c| c.dyn_into::<HtmlCanvasElement>().ok());
        canvas.and_then(|c| c.get_context("2d").ok().flatten()).and_then(|c| c.dyn_into().ok())
    };
}

/// Widths of a run's tokens in CSS pixels, measured once a run.
pub struct Widths {
    written: fn(&Shown) -> String,
    size: f32,
    last: RefCell<Measured>,
}

type Measured = (Arc<Vec<Shown>>, Arc<Vec<f32>>);

impl Widths {
    /// For tokens written like this, at this font size.
    pub fn new(written: fn(&Shown) -> String, size: f32) -> Self {
        Self { written, size, last: RefCell::default() }
    }

    pub fn of(&self, tokens: &Arc<Vec<Shown>>) -> Arc<Vec<f32>> {
        let mut last = self.last.borrow_mut();
        if !Arc::ptr_eq(&last.0, tokens) {
            let written = tokens.iter().map(self.written);
            *last = (tokens.clone(), Arc::new(widths(written, self.size)));
        }
        last.1.clone()
    }
}

/// Widths of these texts in CSS pixels, at this font size.
pub fn widths(texts: impl Iterator<Item = String>, size: f32) -> Vec<f32> {
    PEN.with(|pen| {
        if let Some(pen) = pen {
            pen.set_font(&format!("{}px {FONT}", fixed(size, 0)));
        }
        let measured = |text: &str| Some(pen.as_ref()?.measure_text(text).ok()?.width() as f32);
        texts.map(|text| measured(&text).unwrap_or_else(|| estimated_width(&text, size))).collect()
    })
}
