//! The tokens of a reader's text, with the way back to its characters.

use serde::{Deserialize, Serialize};

use crate::text::{self, Clusters, TOKEN_COLUMNS};

/// The most columns of a token in a tooltip.
const TITLE_COLUMNS: usize = 1000;

/// One token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// The row of the embedding table.
    pub id: u32,
    /// The vocabulary's own string (`##ing`, `Ġthe`). It is not shown to readers; see [`Tokens::shown`].
    pub token: String,
    /// The half-open range of characters (Unicode scalar values) in its text; `(0, 0)` for tokens that the tokenizer
    /// added.
    pub chars: (usize, usize),
    /// The same range in UTF-8 bytes.
    pub bytes: (usize, usize),
    /// The segment (`token_type_ids`): 0 or 1.
    pub segment: u32,
    /// The text that it is from: 0 for the first, 1 for the second, none for tokens that the tokenizer added.
    pub sequence: Option<usize>,
    /// The tokenizer's number of its word. Neighbours with the same number are one word.
    pub word: Option<u32>,
    /// Whether it is a special token, added by the tokenizer or written in the text: `[CLS]`, `[SEP]`, `[MASK]`.
    pub special: bool,
}

/// A part of a text that was left out because the model has no more positions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// 0 for the first text, 1 for the second.
    pub sequence: usize,
    /// The first character that was left out.
    pub from_char: usize,
    /// The number of characters of the whole text.
    pub of_chars: usize,
}

/// The tokens of one text or of a pair of texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    pub items: Vec<Token>,
    pub cuts: Vec<Cut>,
}

/// What a reader should know about a tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// The GGUF file does not say how its tokenizer splits texts, and its vocabulary is not a known one, so tokens may
    /// differ from the model's own.
    GuessedSplit,
}

/// How many start tokens the input begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// None: the first token is one of the text.
    None,
    /// One, which the tokenizer added or the text contains.
    One,
    /// Two: the tokenizer added one, and the text begins with one.
    Two,
}

/// A token as it is shown on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The reader's own characters, without the white space around them. Signs for a token of white space alone, or the
    /// name of a special token.
    pub text: String,
    /// Whether it continues the word of the token before it.
    pub continues: bool,
    pub special: bool,
    /// Whether these characters are the model's unknown token.
    pub unknown: bool,
}

impl Shown {
    /// The text for pictures, tables and sentences: shortened, and with signs for characters that cannot be seen.
    pub fn name(&self) -> String {
        text::line(&self.text, TOKEN_COLUMNS)
    }

    /// The whole text for a tooltip, if [`Self::name`] has shortened it.
    pub fn title(&self) -> Option<String> {
        let title = text::line(&self.text, TITLE_COLUMNS);
        (title != self.name()).then_some(title)
    }

    /// The name with marks that isolate its direction, so that numbers in a sentence stay beside the token that they
    /// belong to.
    pub fn isolated(&self) -> String {
        text::isolated(&self.name())
    }
}

/// The sign for a character of white space.
pub(super) fn sign_of_space(space: char) -> char {
    match space {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '⏎',
        '\t' => '⇥',
        _ => '␣',
    }
}

impl Tokens {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn ids(&self) -> Vec<u32> {
        self.items.iter().map(|t| t.id).collect()
    }

    pub fn segments(&self) -> Vec<u32> {
        self.items.iter().map(|t| t.segment).collect()
    }

    /// How many start tokens there are.
    pub fn start(&self) -> Start {
        match &self.items[..] {
            [first, second, ..] if first.sequence.is_none() && second.sequence.is_some() && first.id == second.id => {
                Start::Two
            }
            [first, ..] if first.special => Start::One,
            _ => Start::None,
        }
    }

    /// Each token as the characters of the reader's own text, so that lowercasing, removed accents and byte-level
    /// spellings are never shown. A token that is a part of what readers see as one character (an emoji of several, a
    /// letter with its marks) is shown as that whole character.
    pub fn shown(&self, text: &str, pair: Option<&str>) -> Vec<Shown> {
        let following = self.following();
        let mut clusters = [text, pair.unwrap_or("")].map(Clusters::new);
        let mut before: Option<&Token> = None;
        let mut all = Vec::with_capacity(self.items.len());
        for (token, next) in self.items.iter().zip(following) {
            let source = match token.sequence {
                Some(0) => Some((text, 0)),
                Some(_) => pair.map(|pair| (pair, 1)),
                None => None,
            };
            let all_own = source.map_or("", |(source, of)| {
                let (from, to) = clusters[of].whole(self.own_characters(token, next, source));
                source.get(from..to).unwrap_or("")
            });
            let own = all_own.trim();
            let continues = token.word.is_some()
                && before.is_some_and(|b| b.word == token.word && b.sequence == token.sequence && !token.special);
            all.push(Shown {
                text: match own {
                    // A space that the tokenizer has excluded from its offsets.
                    "" if all_own.is_empty() && source.is_some() && !token.special => "␣".to_owned(),
                    "" if all_own.is_empty() => token.token.clone(),
                    "" => all_own.chars().map(sign_of_space).collect(),
                    _ => own.to_owned(),
                },
                continues,
                special: token.special,
                unknown: !own.is_empty()
                    && matches!(token.token.as_str(), "[UNK]" | "<unk>")
                    && !own.as_bytes().windows(token.token.len()).any(|part| part == token.token.as_bytes()),
            });
            before = Some(token);
        }
        all
    }

    /// For each token the next one of its text, which is not its neighbour if words are shuffled.
    fn following(&self) -> Vec<Option<&Token>> {
        // A pass over all tokens for each of them: a sort would cost the page 2 KB, and there are only a few hundred
        // tokens.
        let place = |i: usize| (self.items[i].bytes.0, i);
        let next = |i: usize| {
            let after =
                (0..self.len()).filter(|&j| self.items[j].sequence == self.items[i].sequence && place(j) > place(i));
            after.min_by_key(|&j| place(j)).map(|j| &self.items[j])
        };
        (0..self.len()).map(next).collect()
    }

    /// The range of bytes of a token, with those after it that the tokenizer dropped, such as a combining accent: up to
    /// the next token of its text, the end of what was read, or white space.
    fn own_characters(&self, token: &Token, next: Option<&Token>, source: &str) -> (usize, usize) {
        let limit = next.map_or_else(
            || {
                let cut = self.cuts.iter().find(|cut| Some(cut.sequence) == token.sequence);
                let cut = cut.and_then(|cut| source.char_indices().nth(cut.from_char));
                cut.map_or(source.len(), |(byte, _)| byte)
            },
            |next| next.bytes.0,
        );
        let (start, end) = token.bytes;
        let dropped = source.get(end..limit).unwrap_or("");
        let dropped = dropped.find(char::is_whitespace).unwrap_or(dropped.len());
        (start, end + dropped)
    }
}
