//! Text files as editors save them.

use crate::error::{Error, Kind, Result};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a file without the byte-order mark that some editors put before UTF-8. Whether the rest is UTF-8 is not
/// checked here.
///
/// Errors (of this `kind`): the file is in UTF-16, which a byte-order mark or a zero beside the first character shows.
pub fn without_mark<'a>(kind: Kind, what: &str, bytes: &'a [u8]) -> Result<&'a [u8]> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, ..] | [1..=255, 0, ..] => {
            let advice = "Save the file as UTF-8, or download it again.";
            Err(Error::new(kind, what, "text in UTF-8", "text in UTF-16", advice))
        }
        _ => Ok(bytes.strip_prefix(MARK).unwrap_or(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_skipped_and_utf_16_is_named() {
        let read = |bytes: &[u8]| without_mark(Kind::Config, "x", bytes).map(<[u8]>::to_vec).map_err(|fault| fault.got);
        assert_eq!(read(b"\xef\xbb\xbf{}"), Ok(b"{}".to_vec()));
        assert_eq!(read(b"{}"), Ok(b"{}".to_vec()));
        assert_eq!(read(b""), Ok(Vec::new()));
        assert_eq!(read(b"\0"), Ok(b"\0".to_vec()), "too short to be UTF-16");
        for file in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0}\0", b"\0{\0}"] {
            assert_eq!(read(file), Err("text in UTF-16".to_owned()), "{file:?}");
        }
    }
}
