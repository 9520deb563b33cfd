//! The keys that a query attends to if its head has the behaviour of a label. Sinks are removed later.

use crate::engine::Shown;

/// The tokens of a text for the labels.
pub struct Text<'a> {
    shown: &'a [Shown],
    /// The tokens in lower case, because "The" counts as the same token as "the".
    lower: Vec<String>,
}

impl<'a> Text<'a> {
    pub fn new(shown: &'a [Shown]) -> Self {
        Self { shown, lower: shown.iter().map(|token| token.text.to_lowercase()).collect() }
    }

    pub fn len(&self) -> usize {
        self.shown.len()
    }

    fn repeats(&self, a: usize, b: usize) -> bool {
        a != b && self.lower[a] == self.lower[b]
    }
}

pub fn previous(_: &Text<'_>, query: usize) -> Vec<usize> {
    query.checked_sub(1).into_iter().collect()
}

pub fn next(text: &Text<'_>, query: usize) -> Vec<usize> {
    Some(query + 1).filter(|&key| key < text.len()).into_iter().collect()
}

pub fn itself(_: &Text<'_>, query: usize) -> Vec<usize> {
    vec![query]
}

pub fn punctuation(text: &Text<'_>, _: usize) -> Vec<usize> {
    (0..text.len()).filter(|&key| text.shown[key].text.chars().all(is_punctuation)).collect()
}

/// The other occurrences of the query's token, except its neighbours, which heads that attend to a neighbour attend to,
/// too.
pub fn same(text: &Text<'_>, query: usize) -> Vec<usize> {
    (0..text.len()).filter(|&key| text.repeats(query, key) && key.abs_diff(query) > 1).collect()
}

/// The tokens after earlier occurrences of the query's token (Olsson et al. 2022), except the query itself and the
/// token before it, for the reason given at [`same`].
pub fn induction(text: &Text<'_>, query: usize) -> Vec<usize> {
    (1..query.saturating_sub(1)).filter(|&key| text.repeats(query, key - 1)).collect()
}

/// Whether a token is a separator, which ends a text, by the names that tokenizers have for it.
pub fn is_separator(token: &Shown) -> bool {
    token.special && ["[SEP]", "</s>", "<sep>", "<eos>", "<|endoftext|>"].contains(&token.text.as_str())
}

/// Whether a character is ASCII punctuation as in BERT's tokenizer, or punctuation of another script.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c,
            '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' // Latin-1
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' // dashes, quotes, ellipsis
            | '،' | '؛' | '؟' | '٪' | '۔' // Arabic
            | '।' | '॥' // Devanagari
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' // Chinese, Japanese
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::*;

    #[test]
    fn keys_of_a_repeating_text() {
        let shown = shown("[CLS] The cat , the cat . [SEP]");
        let text = Text::new(&shown);
        assert_eq!(previous(&text, 0), [] as [usize; 0]);
        assert_eq!(previous(&text, 4), [3]);
        assert_eq!(next(&text, 4), [5]);
        assert_eq!(next(&text, 7), [] as [usize; 0]);
        assert_eq!(itself(&text, 4), [4]);
        assert_eq!(punctuation(&text, 4), [3, 6]);
        assert_eq!(same(&text, 4), [1], "whatever its case");
        assert_eq!(same(&text, 3), [] as [usize; 0]);
        assert_eq!(induction(&text, 4), [2], "'cat' came after 'The'");
        assert_eq!(induction(&text, 5), [3]);
        assert_eq!(induction(&text, 1), [] as [usize; 0], "nothing came earlier");
    }

    #[test]
    fn neighbours_do_not_pass_for_repetition() {
        let shown = shown("a a a b a b");
        let text = Text::new(&shown);
        assert_eq!(same(&text, 1), [4]);
        assert_eq!(same(&text, 2), [0, 4]);
        // a at 4: after a at 0, 1, 2 come 1, 2, 3; 3 is the token before.
        assert_eq!(induction(&text, 4), [1, 2]);
        // b at 5: after b at 3 comes 4, the token before.
        assert_eq!(induction(&text, 5), [] as [usize; 0]);
    }

    #[test]
    fn punctuation_of_several_scripts() {
        for token in [".", "...", "…", "“", "—", "、", "。", "？", "؟", "<"] {
            assert_eq!(punctuation(&Text::new(&shown(token)), 0), [0], "{token}");
        }
        for token in ["a", "'s", "é", "8", "🍕", "注", "+1"] {
            assert_eq!(punctuation(&Text::new(&shown(token)), 0), [] as [usize; 0], "{token}");
        }
    }

    #[test]
    fn a_separator_is_a_special_token() {
        let tokens = shown("[CLS] [SEP] [MASK] sep");
        assert_eq!(tokens.iter().map(is_separator).collect::<Vec<_>>(), [false, true, false, false]);
        assert!(!is_separator(&Shown { special: false, ..tokens[1].clone() }));
    }
}
