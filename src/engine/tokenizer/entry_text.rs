//! The text of an entry of the vocabulary, as it is shown to readers instead of the vocabulary's own spelling.

use crate::engine::tokenizer::TextTokenizer;
use crate::engine::tokenizer::tokens::sign_of_space;

/// The most entries that are tried as the first of two, when the decoder is asked for the text that the second one
/// adds.
const MAX_TRIED: u32 = 4096;

impl TextTokenizer {
    /// The text that an entry adds after others: ` Tokyo` and `ing`, for the entries `▁Tokyo` and `##ing`. The text of
    /// a special token is its name. None for an id that the tokenizer does not have.
    fn added_text(&self, id: u32) -> Option<String> {
        let name = self.token(id)?;
        if self.is_special(id) {
            return Some(name);
        }
        // Decoders drop the space before the first token, so the entry is decoded after another one.
        let before = || {
            let is_word = |id: &u32| {
                !self.is_special(*id)
                    && self
                        .decode(&[*id])
                        .is_ok_and(|text| !text.is_empty() && text.bytes().all(|c| c.is_ascii_lowercase()))
            };
            (0..MAX_TRIED).find(is_word)
        };
        let behind = before().and_then(|before| {
            let (alone, both) = (self.decode(&[before]).ok()?, self.decode(&[before, id]).ok()?);
            both.strip_prefix(&alone).map(str::to_owned)
        });
        Some(behind.unwrap_or_else(|| spelled_out(&name)))
    }

    /// An entry as it is shown: its text without the space around it, with `·` before a piece that continues a word,
    /// and with signs for white space. Bytes that are not whole characters are shown as such. None for an id that the
    /// tokenizer does not have.
    pub fn written(&self, id: u32) -> Option<String> {
        let text = self.added_text(id)?;
        let shown = text.trim();
        Some(match shown {
            "" if text.is_empty() => self.token(id)?,
            "" => text.chars().map(sign_of_space).collect(),
            _ if text.contains(char::REPLACEMENT_CHARACTER) => bytes(&self.token(id)?),
            _ if self.is_special(id) => shown.to_owned(),
            _ if text.starts_with(char::is_alphanumeric) => format!("·{shown}"),
            _ => shown.to_owned(),
        })
    }
}

/// The text of an entry without a decoder: the usual signs for a space become spaces, and `##` marks a piece that
/// continues a word.
fn spelled_out(name: &str) -> String {
    match name.strip_prefix("##") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => format!(" {}", name.replace(['▁', 'Ġ'], " ")),
    }
}

/// The bytes that the characters of a byte-level vocabulary stand for, or the name itself if they stand for none.
fn bytes(name: &str) -> String {
    // Other vocabularies have a token of this name for each byte.
    if name.starts_with("<0x") {
        return name.to_owned();
    }
    let byte = |c: char| Some(format!("<0x{:02X}>", byte_of(c)?));
    name.chars().map(byte).collect::<Option<String>>().unwrap_or_else(|| name.to_owned())
}

/// The byte that a character stands for in GPT-2's vocabulary: a printable byte is written as itself, and the others as
/// the characters from 256 on, in order.
fn byte_of(c: char) -> Option<u8> {
    let is_seen = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte).filter(|&byte| is_seen(byte)),
        Err(_) => (0..=255).filter(|&byte| !is_seen(byte)).nth(u32::from(c) as usize - 256),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_of_gpt_2() {
        assert_eq!(bytes("ãģ"), "<0xE3><0x81>", "the first two bytes of a Japanese letter");
        assert_eq!(bytes("Ġ"), "<0x20>");
        assert_eq!(bytes("Ċ!"), "<0x0A><0x21>");
        assert_eq!(bytes("<0xE3>"), "<0xE3>");
        assert_eq!(bytes("東"), "東", "no byte");
    }
}
