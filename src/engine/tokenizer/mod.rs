//! From the reader's text to [`Tokens`].

pub mod encode_pair;
mod entry_text;
mod ggml;
pub(in crate::engine) mod json;
mod legacy;
pub(in crate::engine) mod settings;
pub mod tokens;

use self::ggml::tokenizer_fields;
use self::json::{Reader, WordPieces, build, json, refused};
use self::legacy::{Settings as OlderSettings, byte_pairs, word_pieces};
use self::settings::Settings;
use self::tokens::{Cut, Note, Token, Tokens};
use crate::engine::formats::gguf::Gguf;
use crate::error::Result;

/// Characters that are tokenized for each position of the model. English has four or five to a token, so this limit
/// cuts only texts that are far too long anyway, and a text of megabytes does not hold up typing.
const CHARS_PER_POSITION: usize = 64;
/// The most characters that are tokenized. No run of as many tokens could be recorded.
const MAX_CHARS: usize = 1 << 18;

/// A tokenizer. Truncation and padding of its file are off; the limit is the model's.
pub struct TextTokenizer {
    reader: Box<dyn Reader>,
    positions: usize,
    note: Option<Note>,
}

impl TextTokenizer {
    /// Builds a tokenizer from a `tokenizer.json`. `positions` is the longest input of the model in tokens, including
    /// those that the tokenizer adds.
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): the file is not a tokenizer, has a part that is not supported, or adds as
    /// many tokens as the model has positions.
    pub fn load(tokenizer_json: &[u8], positions: usize) -> Result<Self> {
        Self::new(build(json(tokenizer_json)?)?, positions)
    }

    /// As [`Self::load`], with the `tokenizer_config.json` beside the file and the model's type. As in Transformers,
    /// they override parts of the file.
    ///
    /// Errors: those of [`Self::load`], and settings of the wrong type.
    pub fn load_with(tokenizer_json: &[u8], config: &[u8], model_type: &str, positions: usize) -> Result<Self> {
        let (mut file, settings) = (json(tokenizer_json)?, Settings::read(config, model_type)?);
        settings.set_normalizer(&mut file)?;
        settings.set_prefix_space(&mut file)?;
        Self::new(build(file)?, positions)
    }

    /// Builds a tokenizer from BERT's `vocab.txt`, and `tokenizer_config.json` if there is one; errors as for
    /// [`Self::load`].
    pub fn load_word_pieces(vocab_txt: &[u8], config: Option<&[u8]>, positions: usize) -> Result<Self> {
        let settings = OlderSettings::read(config, None)?;
        Self::new(build(word_pieces(vocab_txt, &settings)?)?, positions)
    }

    /// Builds a tokenizer from GPT-2's or RoBERTa's `vocab.json` and `merges.txt`, and `tokenizer_config.json` and
    /// `special_tokens_map.json` if there are such; errors as for [`Self::load`].
    pub fn load_byte_pairs(
        vocab_json: &[u8],
        merges_txt: &[u8],
        config: Option<&[u8]>,
        special_tokens_map: Option<&[u8]>,
        positions: usize,
    ) -> Result<Self> {
        let settings = OlderSettings::read(config, special_tokens_map)?;
        Self::new(build(byte_pairs(vocab_json, merges_txt, &settings)?)?, positions)
    }

    /// Builds the tokenizer of a GGUF file; errors as for [`Self::load`].
    pub fn load_gguf(file: &Gguf, positions: usize) -> Result<Self> {
        let (fields, note) = tokenizer_fields(file)?;
        Ok(Self { note, ..Self::new(build(fields)?, positions)? })
    }

    /// Uses a BERT tokenizer that is already built; errors as for [`Self::load`].
    pub(in crate::engine) fn of_word_pieces(reader: WordPieces, positions: usize) -> Result<Self> {
        Self::new(Box::new(reader), positions)
    }

    fn new(reader: Box<dyn Reader>, positions: usize) -> Result<Self> {
        let added = reader.added_count(false).max(reader.added_count(true));
        if added >= positions {
            let expected = format!("fewer added tokens than the model's {positions} positions");
            return Err(refused("post_processor", &expected, added.to_string()));
        }
        Ok(Self { reader, positions, note: None })
    }

    /// Tokenizes one text, or two with the model's separators. A text may be empty. What does not fit is left out and
    /// listed in [`Tokens::cuts`].
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): the tokenizer cannot process the text.
    pub fn encode(&self, text: &str, pair: Option<&str>) -> Result<Tokens> {
        let texts: Vec<&str> = [text].into_iter().chain(pair).collect();
        let readable: Vec<&str> = texts.iter().map(|text| self.readable(text)).collect();
        let encoding = self.reader.encode(readable[0], readable.get(1).copied());
        let encoding = encoding.map_err(|fault| refused("the text", "a text it can read", fault.to_string()))?;

        let sequences = encoding.get_sequence_ids();
        let starts: Vec<Vec<usize>> =
            readable.iter().map(|text| text.char_indices().map(|(byte, _)| byte).collect()).collect();
        let items = (0..encoding.len()).map(|i| {
            let id = encoding.get_ids()[i];
            // Some tokenizers assign added tokens to the first text; they belong to none.
            let sequence = sequences[i].filter(|_| encoding.get_special_tokens_mask()[i] == 0);
            let bytes = encoding.get_offsets()[i];
            // For an unknown piece the encoding has the text's own characters, and for an added token the spaces around
            // it.
            let added = self.reader.added(id);
            let own = added.map(|token| token.content.clone()).or_else(|| self.reader.token(id));
            let token = own.unwrap_or_else(|| encoding.get_tokens()[i].clone());
            // The unknown token is special in the vocabulary, but here it stands for characters of the text.
            let written = |s: usize| texts[s].get(bytes.0..bytes.1).is_some_and(|own| own.trim() == token);
            let special = sequence.is_none_or(|s| added.is_some_and(|t| t.special) && written(s));
            Token {
                id,
                chars: sequence.map_or((0, 0), |s| chars(&starts[s], bytes)),
                bytes,
                segment: encoding.get_type_ids()[i],
                sequence,
                word: encoding.get_word_ids()[i],
                special,
                token,
            }
        });
        let mut items: Vec<Token> = items.collect();
        part_words(&mut items, &texts);
        Ok(self.fit(items, &texts, &readable))
    }

    /// What a reader should know about this tokenizer.
    pub fn note(&self) -> Option<Note> {
        self.note
    }

    /// The longest input, in tokens.
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// The text of a sequence of ids, without special tokens.
    ///
    /// Errors ([`crate::Kind::Tokenizer`]): the tokenizer has no supported decoder, or the decoder fails.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        let text = self.reader.decode(ids).ok_or_else(|| {
            refused("decoder", "one of ByteLevel, Metaspace, WordPiece or what Llama has", "none".to_owned())
        })?;
        text.map_err(|fault| refused("decoder", "a decoder for its tokens", fault.to_string()))
    }

    /// Whether an id is a special token, which belongs to the model and not to a text.
    pub fn is_special(&self, id: u32) -> bool {
        self.reader.added(id).is_some_and(|token| token.special)
    }

    /// The vocabulary's own string for a token id.
    pub fn token(&self, id: u32) -> Option<String> {
        self.reader.token(id)
    }

    /// The beginning of a text that is worth tokenizing.
    fn readable<'a>(&self, text: &'a str) -> &'a str {
        let most = self.positions.saturating_mul(CHARS_PER_POSITION).min(MAX_CHARS);
        let end = text.char_indices().nth(most);
        end.map_or(text, |(byte, _)| &text[..byte])
    }

    /// Removes the last tokens of the longer text, then of both in turn, until the rest fits (`longest_first` in
    /// Hugging Face's libraries).
    fn fit(&self, items: Vec<Token>, texts: &[&str], readable: &[&str]) -> Tokens {
        let count = |sequence| items.iter().filter(|token| token.sequence == Some(sequence)).count();
        let counts = [count(0), count(1)];
        let room = self.positions.saturating_sub(items.len() - counts[0] - counts[1]);
        let keep = longest_first(counts, room);

        let mut tokens = Tokens::default();
        let mut kept = [0, 0];
        let mut from = [None, None];
        for token in items {
            match token.sequence {
                Some(s) if kept[s] == keep[s] => from[s] = from[s].or(Some(token.chars.0)),
                Some(s) => {
                    kept[s] += 1;
                    tokens.items.push(token);
                }
                None => tokens.items.push(token),
            }
        }
        for (sequence, (text, readable)) in texts.iter().zip(readable).enumerate() {
            let capped = (readable.len() < text.len()).then(|| readable.chars().count());
            if let Some(from_char) = from[sequence].or(capped) {
                tokens.cuts.push(Cut { sequence, from_char, of_chars: text.chars().count() });
            }
        }
        tokens
    }
}

/// Shows the limit only, not the vocabulary.
impl std::fmt::Debug for TextTokenizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextTokenizer").field("positions", &self.positions).finish_non_exhaustive()
    }
}

/// Divides words that the tokenizer did not divide at white space: a word begins where a token's characters begin with
/// white space, and after the end of a line.
fn part_words(items: &mut [Token], texts: &[&str]) {
    for (sequence, text) in texts.iter().enumerate() {
        let mut before: Option<(Option<u32>, &str)> = None;
        let mut parted = 0;
        for token in items.iter_mut().filter(|token| token.sequence == Some(sequence)) {
            let own = text.get(token.bytes.0..token.bytes.1).unwrap_or("");
            let is_new = before.is_some_and(|(word, characters)| {
                word == token.word && (own.starts_with(char::is_whitespace) || characters.ends_with('\n'))
            });
            parted += u32::from(is_new);
            before = Some((token.word, own));
            token.word = token.word.map(|word| word + parted);
        }
    }
}

/// How many tokens of each text are kept, of `counts`, so that at most `room` are.
fn longest_first(counts: [usize; 2], room: usize) -> [usize; 2] {
    if counts[0] + counts[1] <= room {
        return counts;
    }
    let (short, long) = if counts[0] <= counts[1] { (0, 1) } else { (1, 0) };
    let mut keep = [0, 0];
    keep[short] = counts[short].min(room / 2);
    keep[long] = room - keep[short];
    keep
}

/// The range of characters that a range of bytes touches; empty for an empty range. `starts` has the first byte of each
/// character.
fn chars(starts: &[usize], bytes: (usize, usize)) -> (usize, usize) {
    if bytes.0 >= bytes.1 {
        let at = starts.partition_point(|&start| start < bytes.0);
        return (at, at);
    }
    let first = starts.partition_point(|&start| start <= bytes.0).saturating_sub(1);
    let end = starts.partition_point(|&start| start < bytes.1);
    (first, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_text_gives_way_first() {
        assert_eq!(longest_first([3, 4], 10), [3, 4]);
        assert_eq!(longest_first([9, 2], 8), [6, 2]);
        assert_eq!(longest_first([2, 9], 8), [2, 6]);
        assert_eq!(longest_first([9, 9], 7), [3, 4]);
        assert_eq!(longest_first([10, 9], 7), [4, 3]);
        assert_eq!(longest_first([600, 0], 510), [510, 0]);
    }

    #[test]
    fn a_range_of_bytes_is_the_characters_it_touches() {
        let starts: Vec<usize> = "aé🍕b".char_indices().map(|(byte, _)| byte).collect();
        assert_eq!(chars(&starts, (0, 1)), (0, 1));
        assert_eq!(chars(&starts, (1, 7)), (1, 3));
        assert_eq!(chars(&starts, (4, 5)), (2, 3), "two bytes in the middle of the pizza");
        assert_eq!(chars(&starts, (7, 8)), (3, 4));
        assert_eq!(chars(&starts, (8, 8)), (4, 4));
        assert_eq!(chars(&starts, (3, 3)), (2, 2));
    }
}
