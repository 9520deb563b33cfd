//! Subword tokens merged into words.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, Axis};

use super::quantity::Quantity;
use crate::engine::{Shown, Tokens};

/// The words of a run, and which tokens each consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// The words. The pieces of a word are joined, so none is marked as a continuation.
    pub shown: Vec<Shown>,
    /// The word of each token.
    pub of_token: Vec<usize>,
    /// The first token of each word. The others follow it.
    pub first: Vec<usize>,
}

impl Words {
    /// Merges tokens into words. `shown` are the same tokens as they are shown.
    pub fn new(tokens: &Tokens, shown: &[Shown]) -> Self {
        let mut words = Self { shown: Vec::new(), of_token: Vec::new(), first: Vec::new() };
        for (i, token) in shown.iter().enumerate() {
            match words.shown.last_mut() {
                Some(word) if token.continues => {
                    // Tokens that are bytes of one character all show that character, which is written once.
                    let [before, own] = [i - 1, i].map(|i| tokens.items[i].chars);
                    word.text.extend(token.text.chars().skip(before.1.saturating_sub(own.0)));
                    word.unknown |= token.unknown;
                }
                _ => {
                    words.shown.push(Shown { continues: false, ..token.clone() });
                    words.first.push(i);
                }
            }
            words.of_token.push(words.shown.len() - 1);
        }
        words
    }

    /// The tokens of a word.
    pub fn tokens(&self, word: usize) -> Range<usize> {
        self.first[word]..self.first.get(word + 1).copied().unwrap_or(self.of_token.len())
    }

    /// Merges `map` [query token, key token] to [query word, key word]: the sum over the key columns of a word and the
    /// mean over its query rows, so that rows still sum to 1 (Clark et al. 2019, section 4.1). Scores are averaged over
    /// keys, too. The sum of norms is an upper bound for the norm of a word's vector.
    ///
    /// Cells that are not available (NaN) are ignored. If all cells of a word are not available, its cell is not.
    pub fn merge(&self, quantity: Quantity, map: ArrayView2<'_, f32>) -> Array2<f32> {
        let count = self.shown.len();
        let mut merged = Array2::from_elem((count, count), f32::NAN);
        for query in 0..count {
            let mut rows_with = vec![0u16; count];
            for row in self.tokens(query).map(|token| map.index_axis(Axis(0), token)) {
                for (key, rows_with) in rows_with.iter_mut().enumerate() {
                    let present = self.tokens(key).map(|token| row[token]).filter(|w| !w.is_nan());
                    let counted = present.map(|cell| (cell, 1.0)).reduce(|a, b| (a.0 + b.0, a.1 + b.1));
                    let Some((sum, count)) = counted else { continue };
                    let sum = if quantity.adds_up() { sum } else { sum / count };
                    let cell = &mut merged[[query, key]];
                    *cell = if *rows_with == 0 { sum } else { *cell + sum };
                    *rows_with += 1;
                }
            }
            for (cell, rows) in merged.row_mut(query).iter_mut().zip(rows_with) {
                *cell /= f32::from(rows);
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{all_close, shown};
    use super::*;
    use crate::engine::Token;
    use ndarray::array;

    /// Tokens that follow each other with nothing between them.
    fn words(line: &str) -> Words {
        let shown = shown(line);
        let mut start = 0;
        let spans = shown.iter().map(|token| {
            let span = (start, start + token.text.chars().count());
            start = span.1;
            span
        });
        let items = spans.map(token).collect();
        Words::new(&Tokens { items, cuts: Vec::new() }, &shown)
    }

    fn token(chars: (usize, usize)) -> Token {
        let token = String::new();
        Token { id: 0, token, chars, bytes: chars, segment: 0, sequence: Some(0), word: Some(0), special: false }
    }

    fn texts(words: &Words) -> Vec<&str> {
        words.shown.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_know_their_tokens_and_tokens_their_word() {
        let words = words("[CLS] token ##iz ##ers work [SEP]");
        assert_eq!(texts(&words), ["[CLS]", "tokenizers", "work", "[SEP]"]);
        assert!(words.shown[0].special && !words.shown[1].special);
        assert!(words.shown.iter().all(|word| !word.continues));
        assert_eq!(words.of_token, [0, 1, 1, 1, 2, 3]);
        assert_eq!(words.first, [0, 1, 4, 5]);
        assert_eq!(words.tokens(1), 1..4);
        assert_eq!(words.tokens(3), 5..6);
    }

    #[test]
    fn a_character_cut_in_bytes_is_written_once() {
        // Three tokens for one é, then "tx" and "xy" that share the x.
        let spans = [(0, 1), (0, 1), (0, 1), (1, 3), (2, 4)];
        let shown = shown("é ##é ##é ##tx ##xy");
        let tokens = Tokens { items: spans.map(token).to_vec(), cuts: Vec::new() };
        assert_eq!(texts(&Words::new(&tokens, &shown)), ["étxy"]);
    }

    #[test]
    fn keys_are_summed_and_queries_averaged() {
        // Tokens 1 and 2 are one word. Row 0: 0.2, 0.3 + 0.5. Word row: means of (0.4, 0.1 + 0.5) and (0, 1 + 0).
        let words = words("a b ##c");
        let map = array![[0.2, 0.3, 0.5], [0.4, 0.1, 0.5], [0.0, 1.0, 0.0]];
        let merged = words.merge(Quantity::Weight, map.view());
        all_close(&merged, &array![[0.2, 0.8], [0.2, 0.8]]);
        all_close(&merged.sum_axis(Axis(1)), &array![1.0, 1.0]);
    }

    #[test]
    fn cells_that_are_not_available_are_passed_over() {
        let gap = f32::NAN;
        let map = array![[gap, 0.25, gap], [gap, 0.5, 0.25], [gap, gap, gap]];
        all_close(&words("a b ##c").merge(Quantity::Weight, map.view()), &array![[gap, 0.25], [gap, 0.75]]);
    }

    #[test]
    fn scores_are_averaged_both_ways() {
        // Word row: means of (4, 1 and 5) and (0, 2 and not there).
        let map = array![[2.0, 3.0, 5.0], [4.0, 1.0, 5.0], [0.0, 2.0, f32::NAN]];
        let merged = words("a b ##c").merge(Quantity::Score, map.view());
        all_close(&merged, &array![[2.0, 4.0], [2.0, 2.5]]);
    }
}
