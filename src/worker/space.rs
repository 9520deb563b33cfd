//! An allocator of ranges of bytes in a memory: first fit, for few and large ranges.

use std::ops::Range;

/// Ranges begin at multiples of this many bytes, the size of a cache line.
const ALIGN: usize = 64;

/// The free ranges of a memory.
#[derive(Default)]
pub struct Space {
    /// In ascending order; no two of them touch.
    free: Vec<Range<usize>>,
}

impl Space {
    /// Allocates a range of at least `bytes` bytes. None if no free range is long enough.
    pub fn take(&mut self, bytes: usize) -> Option<Range<usize>> {
        let bytes = bytes.next_multiple_of(ALIGN);
        let place = self.free.iter_mut().find(|free| free.len() >= bytes)?;
        let taken = place.start..place.start + bytes;
        place.start = taken.end;
        self.free.retain(|free| !free.is_empty());
        Some(taken)
    }

    /// Frees a range, or adds a new one. Its ends must be multiples of [`ALIGN`].
    pub fn give(&mut self, bytes: Range<usize>) {
        let at = self.free.partition_point(|free| free.start < bytes.start);
        self.free.insert(at, bytes);
        self.free.dedup_by(|behind, before| {
            let touch = before.end == behind.start;
            if touch {
                before.end = behind.end;
            }
            touch
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_is_one_piece_again() {
        let mut space = Space::default();
        assert_eq!(space.take(1), None);
        space.give(1024..2048);
        let [a, b, c] = [100, 256, 512].map(|bytes| space.take(bytes).unwrap());
        assert_eq!([&a, &b, &c], [&(1024..1152), &(1152..1408), &(1408..1920)]);
        assert_eq!(space.take(256), None, "128 are left");
        space.give(2048..4096);
        assert_eq!(space.take(256), Some(1920..2176), "old and new bytes in a row");
        for piece in [b, a, c] {
            space.give(piece);
        }
        assert_eq!(space.take(896), Some(1024..1920));
    }
}
