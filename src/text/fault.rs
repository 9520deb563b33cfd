//! Faults in the reader's language. They come from all layers, the engine's included, and are English there: for scripts,
//! the command line and logs. On screen each part is looked up by its English text (`fault-…` in `lang/*.ftl`); what is
//! not there, such as a field's name or a number, stays as it is.

use super::{Arg, SPOKEN, fill};

/// The most places in a fault's text.
const MOST: usize = 8;

/// A part of a fault as this language says it.
pub fn translated(english: &str) -> String {
    let Some(texts) = SPOKEN.get() else { return english.to_owned() };
    for (pattern, meaning) in &texts.faults {
        let mut values = [""; MOST];
        if matches(pattern, english, &mut values) {
            // What is in the places may be such a part itself.
            let values = values.map(|value| if value.is_empty() { String::new() } else { translated(value) });
            let mut out = String::new();
            fill(SPOKEN.get(), meaning, &values.each_ref().map(|value| Arg::Text(value)), &mut out);
            return out;
        }
    }
    english.to_owned()
}

/// Whether the text is the pattern with something in its places, and what.
fn matches<'a>(pattern: &str, text: &'a str, values: &mut [&'a str; MOST]) -> bool {
    let Some(place) = pattern.find(|c| matches!(c, '\u{1}'..='\u{8}')) else { return pattern == text };
    let (before, rest) = pattern.split_at_checked(place).unwrap_or_default();
    let Some(text) = text.strip_prefix(before) else { return false };
    let mut rest = rest.chars();
    let mark = rest.next().map_or(0, |mark| mark as usize - 1);
    let after = rest.as_str();
    // The shortest value with which the rest fits.
    let next = after.split(|c| matches!(c, '\u{1}'..='\u{8}')).next().unwrap_or_default();
    if next.is_empty() {
        values[mark] = text;
        return after.is_empty() && !text.is_empty();
    }
    // By hand: the library's search for a text and its checked slices are 4 KB of the page.
    text.char_indices().any(|(at, _)| {
        let (value, rest) = text.split_at_checked(at).unwrap_or_default();
        values[mark] = value;
        at > 0 && rest.starts_with(next) && matches(after, rest, values)
    })
}
