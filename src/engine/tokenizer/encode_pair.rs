//! The tokens of a reader's one or two texts, for models of one stack or two.

use crate::engine::model_config::Architecture;
use crate::engine::tokenizer::TextTokenizer;
use crate::engine::tokenizer::tokens::{Cut, Token, Tokens};
use crate::error::Result;

/// The tokens of one text or two, and how many of them are the decoder's. In an encoder-decoder model the second text
/// is what the decoder has written so far, after its start token. In other models the model's separators stand between
/// the two texts.
///
/// Errors: those of [`TextTokenizer::encode`].
pub fn read_text(
    tokenizer: &TextTokenizer,
    form: Architecture,
    text: &str,
    pair: Option<&str>,
) -> Result<(Tokens, usize)> {
    let Architecture::EncoderDecoder { start, .. } = form else {
        return Ok((tokenizer.encode(text, pair)?, 0));
    };
    let mut tokens = tokenizer.encode(text, None)?;
    let target = pair.unwrap_or("");
    let written = tokenizer.encode(target, None)?;
    let mut own: Vec<Token> = written.items.into_iter().filter(|token| token.sequence.is_some()).collect();
    // The start token takes one of the decoder's positions.
    let room = tokenizer.positions() - 1;
    let cut = own.get(room).map(|token| token.chars.0);
    let cut = cut.or(written.cuts.first().map(|cut| cut.from_char));
    own.truncate(room);
    own.iter_mut().for_each(|token| token.sequence = Some(1));
    tokens.cuts.extend(cut.map(|from_char| Cut { sequence: 1, from_char, of_chars: target.chars().count() }));
    let decoder = 1 + own.len();
    tokens.items.push(Token {
        id: start,
        token: tokenizer.token(start).unwrap_or_default(),
        chars: (0, 0),
        bytes: (0, 0),
        segment: 0,
        sequence: None,
        word: None,
        special: true,
    });
    tokens.items.extend(own);
    Ok((tokens, decoder))
}
