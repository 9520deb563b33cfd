//! Texts as they are drawn: invisible characters become signs, and long texts end with an ellipsis.

use std::borrow::Cow;

use super::boundaries;

/// The most columns of a token's name in pictures and sentences.
pub const TOKEN_COLUMNS: usize = 24;

/// The most UTF-8 bytes per column of a shortened text that are examined, which is more than any script needs. The rest
/// is cut off, so that a token of a megabyte takes no more time than a short one.
const BYTES_PER_COLUMN: usize = 64;

/// The number of columns that a character takes: two from Hangul on, where nearly all wide scripts and emoji are, and
/// none for marks that join the character before them and for those that set a direction. An estimate is enough
/// here; the exact tables would cost the page 10 KB.
pub fn column_count(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' => 0,
        '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' => 0,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// At most `most` columns of a text (a CJK character takes two), with an ellipsis if it is cut, and never cut within a
/// grapheme cluster.
pub fn shortened(text: &str, most: usize) -> String {
    let looked_at = text.get(..text.floor_char_boundary(most * BYTES_PER_COLUMN)).unwrap_or_default();
    if looked_at.len() == text.len() && text.chars().map(column_count).sum::<usize>() <= most {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (0, 0);
    for pair in boundaries(looked_at).windows(2) {
        taken += looked_at.get(pair[0]..pair[1]).unwrap_or_default().chars().map(column_count).sum::<usize>();
        if taken >= most {
            break;
        }
        kept = pair[1];
    }
    looked_at.get(..kept).unwrap_or_default().to_owned() + "…"
}

/// Whether a character is invisible: controls, soft hyphens, zero-width spaces, byte-order marks, and all characters
/// that set a direction (UAX 9), which would also change the direction of neighbouring text.
fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' => true,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    }
}

/// Whether an invisible character changes the form of its neighbours, as in emoji, Persian and Hangul. It is not
/// replaced by a sign, unless the text has nothing else.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The text with a sign such as `‹U+200B›` for each invisible character.
pub fn visible(text: &str) -> Cow<'_, str> {
    let alone = text.chars().all(|c| is_invisible(c) || is_joiner(c));
    let hidden = |c: char| is_invisible(c) || alone && is_joiner(c);
    if !text.contains(hidden) {
        return text.into();
    }
    let mut out = String::new();
    for c in text.chars() {
        match hidden(c) {
            true => out.push_str(&format!("‹U+{:04X}›", c as u32)),
            false => out.push(c),
        }
    }
    out.into()
}

/// The text as it is drawn on one line of at most `most` columns.
pub fn line(text: &str, most: usize) -> String {
    let looked_at = text.floor_char_boundary(most.saturating_add(1) * BYTES_PER_COLUMN);
    shortened(&visible(text.get(..looked_at).unwrap_or_default()), most)
}

/// The beginning of a text, of at most this many characters and lines.
pub fn beginning(text: &str, chars: usize, lines: usize) -> &str {
    let line = lines.checked_sub(1).map_or(Some(0), |last| text.match_indices('\n').nth(last).map(|(at, _)| at));
    let char = text.char_indices().nth(chars).map(|(at, _)| at);
    let end = line.unwrap_or(text.len()).min(char.unwrap_or(text.len()));
    text.get(..end).unwrap_or_default()
}

/// The text with `\n` for every `\r\n` and `\r`, as in a field of the page, so that the model's input does not depend
/// on where a text comes from.
pub fn line_feeds(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment_by;
    use std::cell::Cell;

    #[test]
    fn text_is_shortened_by_the_room_it_takes() {
        assert_eq!(shortened("trophy", 6), "trophy");
        assert_eq!(shortened("trophies", 6), "troph…");
        assert_eq!(shortened("注意力机制", 6), "注意…");
        assert_eq!(shortened("👩‍👩‍👧‍👦", 11), "👩‍👩‍👧‍👦");
        assert_eq!(shortened("naı̈vete\u{301}e", 8), "naı̈vete\u{301}e");
        assert_eq!(shortened("كتاب جديد", 6), "كتاب …");
        assert_eq!(line(&"x".repeat(300), TOKEN_COLUMNS), "x".repeat(23) + "…");
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

    #[test]
    fn shortening_a_megabyte_looks_at_no_more_than_a_few_kilobytes() {
        thread_local!(static SEEN: Cell<usize> = const { Cell::new(0) });
        segment_by(|text| {
            SEEN.set(SEEN.get() + text.len());
            vec![0]
        });
        for text in ["注".repeat(1 << 18), "e\u{301}".repeat(1 << 18), format!("e{}", "\u{301}".repeat(1 << 19))] {
            SEEN.set(0);
            let short = line(&text, TOKEN_COLUMNS);
            assert!(short.ends_with('…') && short.len() < 4096 && SEEN.get() <= 4096, "{} bytes seen", SEEN.get());
        }
    }

    #[test]
    fn a_beginning_has_at_most_so_many_characters_and_lines() {
        assert_eq!(beginning("注意力", 2, 9), "注意");
        assert_eq!(beginning("注意力", 3, 9), "注意力");
        assert_eq!(beginning("a\nb\nc", 99, 2), "a\nb");
        assert_eq!(beginning("a\nb\nc", 99, 3), "a\nb\nc");
        assert_eq!([beginning("abc", 0, 9), beginning("abc", 9, 0)], ["", ""]);
        assert_eq!(beginning(&"\n".repeat(20_000), 20_000, 1000).len(), 999);
    }

    #[test]
    fn lines_end_with_a_line_feed_wherever_they_come_from() {
        assert_eq!(line_feeds("a\r\nb\rc\n\r\n\rd"), "a\nb\nc\n\n\nd");
        assert_eq!(line_feeds("a\nb"), "a\nb");
    }

    #[test]
    fn what_cannot_be_seen_gets_a_sign_and_what_joins_others_stays() {
        assert_eq!(visible("trophy"), "trophy");
        for (text, seen) in [
            ("a\u{200b}b", "a‹U+200B›b"),
            ("co\u{ad}op", "co‹U+00AD›op"),
            ("\u{feff}", "‹U+FEFF›"),
            ("\u{2060}x", "‹U+2060›x"),
            ("\u{202e}abc", "‹U+202E›abc"),
            ("\u{200f}", "‹U+200F›"),
            ("\u{2066}a", "‹U+2066›a"),
            ("a\u{0}", "a‹U+0000›"),
            ("\u{200d}", "‹U+200D›"),
            ("\u{fe0f}", "‹U+FE0F›"),
            ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("❤\u{fe0f}", "❤\u{fe0f}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("New\u{a0}York\n", "New\u{a0}York\n"),
        ] {
            assert_eq!(visible(text), seen);
        }
    }
}
