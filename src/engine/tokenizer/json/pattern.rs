//! Regular expressions of a tokenizer file.
//!
//! The `regex` crate runs in time proportional to the text. Look-around, back references and possessive repeats are run
//! by backtracking instead, which a malicious expression can make endless. The published tokenizers need only one such
//! construct: the alternative `\s+(?!\S)`, white space except for its last character.

use crate::error::Result;

use super::refused;

const LONGEST: usize = 2000;
/// The one alternative with look-around that is accepted.
const BEFORE_LAST_SPACE: &str = r"\s+(?!\S)";

/// Checks a pattern.
///
/// Errors: it is longer than 2000 bytes, or contains something that needs backtracking.
pub fn check(place: &str, pattern: &str) -> Result<()> {
    if pattern.len() > LONGEST {
        let expected = format!("a pattern of at most {LONGEST} bytes");
        return Err(refused(place, &expected, format!("{} bytes", pattern.len())));
    }
    for alternative in alternatives(pattern) {
        if alternative != BEFORE_LAST_SPACE && !is_plain(alternative) {
            let expected = r"a pattern without look-around, other than `\s+(?!\S)`, or back references";
            return Err(refused(place, expected, alternative.chars().take(60).collect()));
        }
    }
    Ok(())
}

/// The alternatives at the top level, outside of groups and classes.
fn alternatives(pattern: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let (mut groups, mut classes) = (0usize, 0usize);
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => classes += 1,
            ']' => classes = classes.saturating_sub(1),
            _ if classes > 0 => {}
            '(' => groups += 1,
            ')' => groups = groups.saturating_sub(1),
            '|' if groups == 0 => {
                parts.push(&pattern[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[from..]);
    parts
}

/// Whether a pattern can be run without backtracking: groups are plain or case-insensitive, escapes name a class or a
/// character, and repeats are not possessive. Classes are checked in the same way, so a harmless pattern may be
/// refused, but no other is accepted.
fn is_plain(pattern: &str) -> bool {
    let characters: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let rest = &characters[at..];
        at += match rest {
            ['(', '?', ':', ..] => 3,
            ['(', '?', 'i', ':', ..] => 4,
            ['(', '?', ..] => return false,
            // Its braces are not a repeat.
            ['\\', 'p' | 'P' | 'x' | 'u', '{', name @ ..] => match name.iter().position(|&c| c == '}') {
                Some(length) => length + 4,
                None => return false,
            },
            ['\\', 's' | 'S' | 'd' | 'D' | 'w' | 'W' | 'p' | 'P' | 'r' | 'n' | 't' | 'x' | 'u', ..] => 2,
            ['\\', c, ..] if c.is_ascii_punctuation() => 2,
            ['\\', ..] => return false,
            ['+' | '*' | '?' | '}', '+', ..] => return false,
            _ => 1,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_patterns_are_let_in() {
        for pattern in [
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            r" ?[^(\s|[.,!?…。，、।۔،])]+",
            r"[0-9][0-9][0-9]",
            " {2,}",
            "``",
        ] {
            assert!(check("pattern", pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn what_needs_backtracking_is_not() {
        for pattern in [
            r"(a+)+(?!b)",
            r"a(?=b)",
            r"(?<=a)b",
            r"(?<!a)b",
            r"(?>a+)b",
            r"(a)\1",
            r"(?P<x>a)(?P=x)",
            r"(?<x>a)\k<x>",
            r"a++b",
            r"a*+b",
            r"a?+b",
            r"a{1,9}+b",
            r"\p{L}++b",
            r"\p{L",
            r"\Ga",
            r"\Ka",
            r"(?(1)a|b)",
            r"(?s)a",
            r"(\s+(?!\S))+x",
            r"[|]\s+(?!\S)|x",
            "\\",
            &"a".repeat(LONGEST + 1),
        ] {
            assert!(check("pattern", pattern).is_err(), "{pattern}");
        }
    }
}
