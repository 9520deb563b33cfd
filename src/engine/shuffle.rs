//! The words of a text in a random order, which depends on the seed only.

use std::ops::Range;

use super::tokenizer::tokens::{Token, Tokens};
use crate::math::Random;

/// The tokens with their words moved, and the index that each token had before. Every word moves to another place of
/// its own text, with all its tokens, if there are two words or more. Special tokens stay.
pub fn shuffled(tokens: Tokens, seed: u32) -> (Tokens, Vec<usize>) {
    let Tokens { items, cuts } = tokens;
    let words = words(&items);
    let mut order: Vec<usize> = (0..words.len()).collect();
    let mut random = Random::new(u64::from(seed));
    for text in [0, 1] {
        let moves = |word: &Range<usize>| items[word.start].sequence == Some(text) && !items[word.start].special;
        let own: Vec<usize> = (0..words.len()).filter(|&w| moves(&words[w])).collect();
        let mut moved = own.clone();
        cycle(&mut moved, &mut random);
        for (place, word) in own.into_iter().zip(moved) {
            order[place] = word;
        }
    }
    let places: Vec<usize> = order.iter().flat_map(|&word| words[word].clone()).collect();
    let items = places.iter().map(|&place| items[place].clone()).collect();
    (Tokens { items, cuts }, places)
}

/// The range of tokens of each word, and of each token that is not in a word.
fn words(items: &[Token]) -> Vec<Range<usize>> {
    let same = |a: &Token, b: &Token| {
        a.word.is_some() && a.word == b.word && a.sequence == b.sequence && !a.special && !b.special
    };
    let mut end = 0;
    let ranges = items.chunk_by(same).map(|word| {
        let start = end;
        end += word.len();
        start..end
    });
    ranges.collect()
}

/// A random order in which no item keeps its place (Sattolo 1986), because a shuffled sentence that equals the original
/// would look like a fault.
fn cycle(order: &mut [usize], random: &mut Random) {
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// `[CLS] w0 w1a w1b [MASK] w3 [SEP] v0 v1 [SEP]`, a token of two pieces in the middle.
    fn tokens() -> Tokens {
        let token = |id: u32, sequence, word, special| Token {
            id,
            token: id.to_string(),
            chars: (0, 0),
            bytes: (0, 0),
            segment: 0,
            sequence,
            word,
            special,
        };
        let first = |id, word| token(id, Some(0), Some(word), false);
        let second = |id, word| token(id, Some(1), Some(word), false);
        let items = vec![
            token(100, None, None, true),
            first(0, 0),
            first(1, 1),
            first(2, 1),
            token(101, Some(0), Some(2), true),
            first(3, 3),
            token(102, None, None, true),
            second(4, 0),
            second(5, 1),
            token(102, None, None, true),
        ];
        Tokens { items, cuts: Vec::new() }
    }

    #[test]
    fn words_move_whole_within_their_text_and_special_tokens_stay() {
        let mut seen = BTreeSet::new();
        for seed in 0..50 {
            let before = tokens();
            let (after, places) = shuffled(before.clone(), seed);
            for (token, &place) in after.items.iter().zip(&places) {
                assert_eq!(*token, before.items[place]);
            }
            let mut all = places.clone();
            all.sort_unstable();
            assert_eq!(all, (0..10).collect::<Vec<_>>());
            assert_eq!((after.items[0].id, after.items[6].id, after.items[9].id), (100, 102, 102));
            assert_eq!(after.ids()[7..9], [5, 4], "two words change places");
            let pieces = after.items.iter().position(|token| token.id == 1).unwrap();
            assert_eq!(after.items[pieces + 1].id, 2, "a word's pieces stay together");
            let words: Vec<u32> = after.ids()[1..6].iter().copied().filter(|&id| id != 2).collect();
            assert_eq!(words[2], 101, "the mask is still the third word");
            assert!(words[0] != 0 && words[1] != 1 && words[3] != 3, "{words:?}");
            assert_eq!(shuffled(before, seed), (after, places), "the same seed, the same order");
            seen.insert(words);
        }
        assert_eq!(seen.len(), 2, "three words have two orders in which none stays");
    }

    #[test]
    fn the_order_of_a_seed_is_the_same_on_every_machine() {
        let mut order: Vec<usize> = (0..8).collect();
        cycle(&mut order, &mut Random::new(7));
        assert_eq!(order, [7, 6, 4, 5, 3, 1, 0, 2]);
    }

    #[test]
    fn one_word_or_none_has_no_other_order() {
        let one = Tokens { items: tokens().items[..2].to_vec(), cuts: Vec::new() };
        assert_eq!(shuffled(one.clone(), 3), (one, vec![0, 1]));
        assert_eq!(shuffled(Tokens::default(), 3), (Tokens::default(), Vec::new()));
    }
}
