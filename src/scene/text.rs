//! How wide text is, where no browser can be asked, and how it is shortened.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Estimated width in pixels of `text` at this font size, for drawing without a screen.
pub fn estimated_width(text: &str, size: f32) -> f32 {
    text.width() as f32 * size * 0.58
}

/// At most `columns` terminal columns of text (a CJK character takes two), with an ellipsis where some is cut.
pub fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shortened_by_the_room_it_takes() {
        assert_eq!(shortened("trophy", 6), "trophy");
        assert_eq!(shortened("trophies", 6), "troph…");
        assert_eq!(shortened("注意力机制", 6), "注意…");
    }
}
