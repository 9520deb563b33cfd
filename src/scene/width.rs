//! How wide text is, where no browser can be asked.

use crate::text::column_count;

/// Estimated width in pixels of `text` at this font size, for drawing without a screen.
pub fn estimated_width(text: &str, size: f32) -> f32 {
    text.chars().map(column_count).sum::<usize>() as f32 * size * 0.58
}
