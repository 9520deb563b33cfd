//! Where characters end as a reader counts them: an emoji of several, a letter with its marks (Unicode UAX 29, extended
//! grapheme clusters).

use std::cell::Cell;

/// The bytes where clusters begin, in order, the first 0.
pub type Segment = fn(&str) -> Vec<usize>;

thread_local! {
    static BY: Cell<Segment> = const { Cell::new(known) };
}

/// Every browser knows: its tables are not in the page, which sets what asks for them.
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

/// The bytes where clusters begin, and the end of the text.
pub fn boundaries(text: &str) -> Vec<usize> {
    // Up to the combining marks every character stands for itself.
    let plain = text.chars().all(|c| c < '\u{300}');
    let mut all = if plain { text.char_indices().map(|(at, _)| at).collect() } else { BY.get()(text) };
    all.push(text.len());
    all
}

/// A range of bytes made so wide that it cuts no cluster; `boundaries` are those of the text.
pub fn whole((from, to): (usize, usize), boundaries: &[usize]) -> (usize, usize) {
    let begin = boundaries.partition_point(|&at| at <= from).checked_sub(1);
    let end = boundaries.get(boundaries.partition_point(|&at| at < to));
    begin.zip(end).map_or((from, to), |(begin, &end)| (boundaries[begin], end))
}
