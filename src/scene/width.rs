//! The width of text without a browser.

use crate::text::column_count;

/// The estimated width in pixels of `text` at this font size.
pub fn estimated_width(text: &str, size: f32) -> f32 {
    text.chars().map(column_count).sum::<usize>() as f32 * size * 0.58
}
