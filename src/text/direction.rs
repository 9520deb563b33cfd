//! Which way a text runs.

/// First strong isolate, and its end: what is between keeps its own direction (Unicode UAX 9).
pub(super) const OPEN: char = '\u{2068}';
pub(super) const CLOSE: char = '\u{2069}';

/// A character of a script that is written from right to left: Hebrew, Arabic, Syriac, Thaana, NKo and their like;
/// their digits too, which turn around what stands beside them.
pub fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The text runs from right to left: its first letter does (Unicode UAX 9, P2 and P3, where letters stand for all
/// characters of strong direction: the exact classes would cost the page 6 KB).
pub fn runs_right_to_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left)
}

/// A name kept in a direction of its own where that can differ from what is around it: in it are letters that run from
/// right to left, or all around it runs so. In a sentence numbers then stay beside the name they belong to.
pub fn isolated(text: &str) -> String {
    let own = super::mirrored() || text.contains(is_right_to_left);
    if own && !text.starts_with(OPEN) { format!("{OPEN}{text}{CLOSE}") } else { text.to_owned() }
}
