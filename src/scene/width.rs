//! How wide text is, where no browser can be asked, and how it is shortened.

use crate::text::boundaries;

/// Columns that a character takes: two from Hangul on, where nearly all wide scripts and emoji are, none for marks
/// that join the character before them and for those that turn the direction. An estimate is enough here; the exact tables
/// would cost the page 10 KB.
fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' => 0,
        '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' => 0,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// Estimated width in pixels of `text` at this font size, for drawing without a screen.
pub fn estimated_width(text: &str, size: f32) -> f32 {
    text.chars().map(columns).sum::<usize>() as f32 * size * 0.58
}

/// At most `most` columns of text (a CJK character takes two), with an ellipsis where some is cut; never within what a
/// reader takes for one character.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().map(columns).sum::<usize>() <= most {
        return text.to_owned();
    }
    let upto = |at: usize| text.get(..at).unwrap_or_default();
    let fits = |&at: &usize| upto(at).chars().map(columns).sum::<usize>() < most;
    let kept = boundaries(text).into_iter().take_while(fits).last().unwrap_or(0);
    upto(kept).to_owned() + "…"
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
        assert_eq!(shortened("كتاب جديد", 6), "كتاب …");
    }

    #[test]
    fn no_cut_parts_what_is_one_character_to_a_reader() {
        // A family, a flag, a waving hand of some colour, a Devanagari syllable, Hangul of three letters, Zalgo.
        for one in ["👩‍👩‍👧‍👦", "🇯🇵", "👋🏽", "क्षि", "\u{1112}\u{1161}\u{11ab}", "e\u{301}\u{323}"]
        {
            let text = one.repeat(9);
            for most in 1..12 {
                let short = shortened(&text, most);
                let kept = short.strip_suffix('…').unwrap_or(&short);
                assert_eq!(kept, one.repeat(kept.len() / one.len()), "{one} {most}");
            }
        }
    }
}
