//! The table of a wasm binary, where functions lie that are called by their place.

use crate::run::Outcome;

/// A section's number in the binary format, and what stands in it.
const TABLES: u8 = 4;
const OF_FUNCTIONS: u8 = 0x70;
const HAS_MAXIMUM: u8 = 1;

/// The binary with its one table as large at the start, and free to grow.
pub fn without_maximum(binary: &[u8]) -> Outcome<Vec<u8>> {
    let fault = || "a wasm binary with one table that has a maximum was expected".to_owned();
    // Behind the magic number and the version.
    let mut at = 8;
    while let Some(&section) = binary.get(at) {
        let (length, start) = number(binary, at + 1).ok_or_else(fault)?;
        let end = start.checked_add(length as usize).filter(|end| *end <= binary.len()).ok_or_else(fault)?;
        if section != TABLES {
            at = end;
            continue;
        }
        let Some([1, OF_FUNCTIONS, HAS_MAXIMUM, ..]) = binary.get(start..end) else { return Err(fault()) };
        let (_, behind) = number(binary, start + 3).ok_or_else(fault)?;
        let minimum = &binary[start + 3..behind];
        // At most five bytes for the minimum, so one for the length.
        let open = [&[TABLES, 3 + minimum.len() as u8, 1, OF_FUNCTIONS, 0][..], minimum].concat();
        return Ok([&binary[..at], &open, &binary[end..]].concat());
    }
    Err(fault())
}

/// A number of up to 32 bits, seven to a byte (LEB128), and where it ends.
fn number(binary: &[u8], from: usize) -> Option<(u32, usize)> {
    let mut value = 0u32;
    for (at, byte) in binary.iter().enumerate().skip(from).take(5) {
        value |= u32::from(byte & 0x7f).checked_shl(7 * (at - from) as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: [u8; 8] = *b"\0asm\x01\0\0\0";

    #[test]
    fn a_table_loses_its_maximum_and_nothing_else_changes() {
        // A section of types, the table of 300 functions at most and at least, a section behind it.
        let closed = [&HEAD[..], &[1, 1, 0], &[4, 7, 1, 0x70, 1, 0xac, 2, 0xac, 2], &[5, 3, 1, 0, 1]].concat();
        let open = [&HEAD[..], &[1, 1, 0], &[4, 5, 1, 0x70, 0, 0xac, 2], &[5, 3, 1, 0, 1]].concat();
        assert_eq!(without_maximum(&closed).unwrap(), open);
    }

    #[test]
    fn what_has_no_such_table_is_an_error() {
        for rest in [&[][..], &[1, 1, 0], &[4, 5, 1, 0x70, 0, 0xac, 2], &[4, 9, 1], &[4, 0x80]] {
            assert!(without_maximum(&[&HEAD[..], rest].concat()).is_err(), "{rest:?}");
        }
    }
}
