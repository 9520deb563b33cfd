//! Extended grapheme clusters (Unicode UAX 29), which readers see as one character: an emoji of several characters, a
//! letter with its marks.

use std::cell::Cell;
use std::ops::Range;

/// Returns the byte at which each cluster of a text begins, in ascending order from 0.
pub type Segment = fn(&str) -> Vec<usize>;

thread_local! {
    static BY: Cell<Segment> = const { Cell::new(known) };
}

/// Sets the function that finds clusters. A browser has the tables for it, so the page does not need its own.
pub fn segment_by(segment: Segment) {
    BY.set(segment);
}

#[cfg(not(target_arch = "wasm32"))]
fn known(text: &str) -> Vec<usize> {
    use unicode_segmentation::UnicodeSegmentation;
    text.grapheme_indices(true).map(|(at, _)| at).collect()
}

#[cfg(target_arch = "wasm32")]
fn known(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).collect()
}

/// The first combining mark. Every character before it is a cluster.
const COMBINING: char = '\u{300}';

/// The byte at which each cluster begins, and the length of the text.
pub fn boundaries(text: &str) -> Vec<usize> {
    let plain = text.chars().all(|c| c < COMBINING);
    let mut all = if plain { text.char_indices().map(|(at, _)| at).collect() } else { BY.get()(text) };
    all.push(text.len());
    all
}

/// Finds clusters of a text near given bytes. Only the neighbourhood of such a byte is segmented, so that a token of
/// many thousand characters takes no more time than a short one.
pub struct Clusters<'a> {
    text: &'a str,
    /// The range of bytes that is segmented.
    known: Range<usize>,
    /// The boundaries of clusters within `known`, including both its ends.
    begins: Vec<usize>,
}

/// The bytes before and after a byte within which its cluster is searched. A longer cluster is cut.
const AROUND: usize = 256;
/// The bytes that are segmented ahead, because the next byte is usually near.
const AHEAD: usize = 2048;

impl<'a> Clusters<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, known: 0..0, begins: Vec::new() }
    }

    /// A range of bytes, extended so that it cuts no cluster.
    pub fn whole(&mut self, (from, to): (usize, usize)) -> (usize, usize) {
        (self.around(from).0, self.around(to).1)
    }

    /// The last boundary up to this byte, and the first one from it on.
    fn around(&mut self, at: usize) -> (usize, usize) {
        let (before, behind) = (self.text.get(..at), self.text.get(at..));
        let neighbours = before.and_then(|b| b.chars().next_back()).zip(behind.and_then(|b| b.chars().next()));
        // A byte within a character is not a boundary. Both ends of the text are.
        let stands_alone = neighbours.map_or(before.is_some(), |(a, b)| a < COMBINING && b < COMBINING);
        if stands_alone || at > self.text.len() {
            return (at, at);
        }
        let Range { start, end } = self.known;
        let begins_before = start + AROUND <= at || start == 0 && end > 0;
        if !(begins_before && (at + AROUND <= end || end == self.text.len())) {
            let start = self.text.floor_char_boundary(at.saturating_sub(AROUND));
            let end = self.text.ceil_char_boundary((at + AHEAD).min(self.text.len()));
            self.begins = boundaries(self.text.get(start..end).unwrap_or_default());
            self.begins.iter_mut().for_each(|begin| *begin += start);
            self.known = start..end;
        }
        let last = self.begins.partition_point(|&begin| begin <= at).checked_sub(1);
        let next = self.begins.partition_point(|&begin| begin < at);
        let place = |i: usize| self.begins.get(i).copied().unwrap_or(at);
        (last.map_or(at, place), place(next))
    }
}
