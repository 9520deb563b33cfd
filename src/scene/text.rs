//! How wide text is, where no browser can be asked, and how it is shortened.

/// Columns that a character takes: two from Hangul on, where nearly all wide scripts and emoji are, none for marks
/// that join the character before them (so that no cut parts them). An estimate is enough here; the exact tables
/// would cost the page 10 KB.
fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' => 0,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// Estimated width in pixels of `text` at this font size, for drawing without a screen.
pub fn estimated_width(text: &str, size: f32) -> f32 {
    text.chars().map(columns).sum::<usize>() as f32 * size * 0.58
}

/// At most `most` columns of text (a CJK character takes two), with an ellipsis where some is cut.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().map(columns).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += columns(*c);
        used <= most
    };
    let kept: String = text.chars().take_while(fits).collect();
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
        assert_eq!(shortened("👩‍👩‍👧‍👦", 11), "👩‍👩‍👧‍👦");
        assert_eq!(shortened("naı̈vete\u{301}e", 8), "naı̈vete\u{301}e");
    }
}
