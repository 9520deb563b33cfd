//! SentencePiece's character map, `precompiled_charsmap`: the length of a trie, the trie as a double array of 32-bit
//! units (<https://github.com/s-yata/darts-clone>), and the texts that its leaves point to.
//!
//! The crate follows the trie by the bytes of a text without checking bounds. Here all paths that bytes can take are
//! followed once.

use crate::error::Result;

use super::refused;

/// The longest replacement of a character, in bytes. Unicode's own table has at most 18 characters; without a limit a
/// text could grow without bound.
const LONGEST_REPLACEMENT: usize = 128;

/// Checks a map.
///
/// Errors: it is not base 64, it is truncated, a branch leads out of the trie, or a leaf points to no text.
pub fn check(base64: &str) -> Result<()> {
    find_fault(base64).map_or(Ok(()), |(expected, got)| Err(refused("precompiled_charsmap", expected, got.to_owned())))
}

fn find_fault(base64: &str) -> Option<(&'static str, &'static str)> {
    let Some(map) = decode(base64) else { return Some(("base 64", "other characters, or a text that is cut")) };
    let Some((length, rest)) = map.split_first_chunk::<4>() else { return Some(("a map", "fewer than four bytes")) };
    let units = u32::from_le_bytes(*length) as usize / 4;
    let Some((trie, texts)) = rest.split_at_checked(units * 4) else {
        return Some(("a whole trie", "a map that is cut"));
    };
    let trie: Vec<u32> = trie.as_chunks::<4>().0.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
    let Ok(texts) = std::str::from_utf8(texts) else { return Some(("texts in UTF-8", "other bytes")) };
    let outside = Some(("a trie whose branches lie in it", "one that leads out of it"));
    let Some(&root) = trie.first() else { return Some(("a trie", "an empty one")) };

    let mut seen = vec![false; trie.len()];
    let mut open = vec![offset(root)];
    while let Some(node) = open.pop() {
        if node >= trie.len() {
            return outside;
        }
        if std::mem::replace(&mut seen[node], true) {
            continue;
        }
        for byte in 1..=255usize {
            let Some(&unit) = trie.get(node ^ byte) else { return outside };
            if unit & (1 << 31 | 0xff) != byte as u32 {
                continue;
            }
            let next = node ^ byte ^ offset(unit);
            if unit >> 8 & 1 == 1 {
                let Some(&leaf) = trie.get(next) else { return outside };
                let text = texts.get((leaf & (u32::MAX >> 1)) as usize..);
                let Some(text) = text else { return Some(("leaves that point to texts", "one that does not")) };
                if text.find('\0').unwrap_or(text.len()) > LONGEST_REPLACEMENT {
                    return Some(("replacements of at most 128 bytes", "a longer one"));
                }
            }
            open.push(next);
        }
    }
    None
}

/// The offset of a unit's children.
fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 1 << 9) >> 6)) as usize
}

/// Decodes standard base 64 with padding (RFC 4648).
fn decode(text: &str) -> Option<Vec<u8>> {
    let (quads, rest) = text.as_bytes().as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(quads.len() * 3);
    for (i, quad) in quads.iter().enumerate() {
        let padding = if i + 1 == quads.len() { quad.iter().rev().take_while(|&&c| c == b'=').count() } else { 0 };
        if padding > 2 {
            return None;
        }
        let mut bits = 0u32;
        for &c in &quad[..4 - padding] {
            bits = bits << 6 | u32::from(digit(c)?);
        }
        bits <<= 6 * padding;
        // Unused bits must be zero.
        if bits & ((1 << (8 * padding)) - 1) != 0 {
            return None;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(bytes)
}

fn digit(c: u8) -> Option<u8> {
    match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Encodes bytes for [`decode`]: how a map from a file other than JSON gets into a `tokenizer.json`.
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_goes_there_and_back() {
        assert_eq!(decode("").unwrap(), b"");
        assert_eq!(decode("Zm9vYmE=").unwrap(), b"fooba");
        assert_eq!(decode("Zm9vYg==").unwrap(), b"foob");
        for bytes in [&b""[..], b"f", b"fo", b"foo", &[0xff, 0xfe, 0xfb, 0]] {
            assert_eq!(decode(&encode(bytes)).unwrap(), bytes);
        }
        for bad in ["A", "AAA", "A===", "====", "AA=A", "Zm9=", "Zm9vYh==", "AA==AAAA", "AA\nA"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    /// A map of `units` and `texts`.
    fn map(units: &[u32], texts: &[u8]) -> String {
        let units: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        encode(&[&(units.len() as u32).to_le_bytes()[..], &units, texts].concat())
    }

    /// A trie of 512 units whose root's children begin at 256; `a` is a leaf at `leaf`.
    fn with_a(leaf: u32) -> Vec<u32> {
        let mut units = vec![0; 512];
        units[0] = 256 << 10;
        // The node of `a` is at 256 ^ a; its own children are where an offset of 1 leads.
        let a = 256 ^ usize::from(b'a');
        units[a] = u32::from(b'a') | 1 << 8 | 1 << 10;
        units[a ^ 1] = 1 << 31 | leaf;
        units
    }

    #[test]
    fn only_whole_maps_are_let_in() {
        assert!(check(&map(&with_a(0), b"b\0")).is_ok());
        assert!(check(&map(&with_a(2), b"b\0")).is_ok(), "an empty replacement");
        let fault = |map: String| check(&map).unwrap_err().got;
        assert_eq!(fault(map(&with_a(3), b"b\0")), "one that does not");
        assert_eq!(fault(map(&with_a(1), "é\0".as_bytes())), "one that does not");
        assert_eq!(fault(map(&with_a(0), &[0xff])), "other bytes");
        assert_eq!(fault(map(&with_a(0), &[b'x'; 200])), "a longer one");
        assert_eq!(fault(map(&[], b"")), "an empty one");
        assert_eq!(fault(map(&[0; 255], b"")), "one that leads out of it");
        assert_eq!(fault(map(&[u32::MAX; 512], b"")), "one that leads out of it");
        assert_eq!(fault(encode(&u32::MAX.to_le_bytes())), "a map that is cut");
        assert_eq!(fault(encode(b"ab")), "fewer than four bytes");
        assert!(check("no base 64").is_err());
    }
}
