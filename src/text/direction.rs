//! The direction of texts (Unicode UAX 9).

/// First strong isolate: the text up to [`CLOSE`] keeps its own direction (Unicode UAX 9).
pub(super) const OPEN: char = '\u{2068}';
pub(super) const CLOSE: char = '\u{2069}';

/// Whether a character is of a script that is written from right to left (Hebrew, Arabic, Syriac, Thaana, NKo and
/// others), including its digits, which change the order of their neighbours.
pub fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{200f}' | '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a character is a digit, punctuation, a mark or a symbol, which take the direction of their neighbours. Whole
/// blocks are enough here; the exact tables would add 2 KB to the page.
fn is_neutral(c: char) -> bool {
    match c {
        '\0'..='\u{bf}' => !c.is_ascii_alphabetic() && !matches!(c, 'ª' | 'µ' | 'º'),
        '×' | '÷' | '\u{2c2}'..='\u{36f}' | '\u{600}'..='\u{607}' | '\u{609}'..='\u{60c}' => true,
        '\u{660}'..='\u{66c}' | '\u{6f0}'..='\u{6f9}' | '\u{2010}'..='\u{2070}' | '\u{2074}'..='\u{207e}' => true,
        '\u{2080}'..='\u{208e}' | '\u{20a0}'..='\u{20ff}' | '\u{2190}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}' => true,
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{fe00}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff20}' => true,
        '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

/// Whether a text is written from right to left, which its first character with a direction of its own decides (Unicode
/// UAX 9, P2 and P3).
pub fn runs_right_to_left(text: &str) -> bool {
    text.chars().find(|&c| !is_neutral(c)).is_some_and(is_right_to_left)
}

/// A name with marks that isolate its direction, if that can differ from the text around it: because the name has
/// letters that are written from right to left, or because the page's language is. Numbers of a sentence then stay
/// beside the name that they belong to.
pub fn isolated(text: &str) -> String {
    let own = super::mirrored() || text.contains(is_right_to_left);
    if own && !text.starts_with(OPEN) { format!("{OPEN}{text}{CLOSE}") } else { text.to_owned() }
}
