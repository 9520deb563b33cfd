//! Errors in the reader's language. Errors come from all modules, where they are English, for scripts, the command line
//! and logs. For the screen each part of an error is found by its English text (`fault-…` in `lang/*.ftl`). Parts that
//! are not found, such as the name of a field or a number, stay as they are.

use super::{Arg, SPOKEN, fill};

/// The most placeholders in a part of an error.
const MOST: usize = 8;

/// The translation of a part of an error.
pub fn translated(english: &str) -> String {
    let Some(texts) = SPOKEN.get() else { return english.to_owned() };
    for (pattern, meaning) in &texts.faults {
        let mut values = [""; MOST];
        if matches(pattern, english, &mut values) {
            // The value of a placeholder can be such a part itself.
            let values = values.map(|value| if value.is_empty() { String::new() } else { translated(value) });
            let mut out = String::new();
            fill(SPOKEN.get(), meaning, &values.each_ref().map(|value| Arg::Text(value)), &mut out);
            return out;
        }
    }
    english.to_owned()
}

/// Whether a text matches a pattern, with the values of its placeholders.
fn matches<'a>(pattern: &str, text: &'a str, values: &mut [&'a str; MOST]) -> bool {
    let Some(place) = pattern.find(|c| matches!(c, '\u{1}'..='\u{8}')) else { return pattern == text };
    let (before, rest) = pattern.split_at_checked(place).unwrap_or_default();
    let Some(text) = text.strip_prefix(before) else { return false };
    let mut rest = rest.chars();
    let mark = rest.next().map_or(0, |mark| mark as usize - 1);
    let after = rest.as_str();
    // The shortest value with which the rest matches.
    let next = after.split(|c| matches!(c, '\u{1}'..='\u{8}')).next().unwrap_or_default();
    if next.is_empty() {
        values[mark] = text;
        return after.is_empty() && !text.is_empty();
    }
    // Written out, because the standard library's search would add 4 KB to the page.
    text.char_indices().any(|(at, _)| {
        let (value, rest) = text.split_at_checked(at).unwrap_or_default();
        values[mark] = value;
        at > 0 && rest.starts_with(next) && matches(after, rest, values)
    })
}
