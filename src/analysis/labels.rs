//! Labels for the behaviour of a head *on this text*. A label is a statement about these weights, not about the head.
//!
//! All labels except [`Label::Sink`] and [`Label::Separator`] depend on the weights outside sinks, scaled so that each
//! row sums to 1. The rows of sinks, and rows with hardly any weight outside sinks, are ignored. A score is a mean over
//! rows. It must reach a threshold *and* be well above the score of uniform attention, so that a short or monotonous
//! text alone does not lead to labels.

use ndarray::{Array2, ArrayView2, ArrayView3, ArrayView4, Axis};
use serde::{Deserialize, Serialize};

use super::measures::{entropy, share_on, sinks, sum};
use super::reading::largest_first;
use super::targets::{self, Text, is_separator};
use crate::engine::Shown;
use crate::text;

/// The least mean share of the weight outside sinks for a label about keys. Clark et al. 2019, section 3.1, require
/// half of the whole weight, including sinks.
pub const SHARE: f32 = 0.4;
/// The least mean share of the whole weight for [`Label::Sink`] and [`Label::Separator`] (Clark et al. 2019, section
/// 3.2).
pub const SINK_SHARE: f32 = 0.5;
/// A share must exceed the share under uniform attention by at least this much.
pub const MARGIN: f32 = 0.25;
/// For [`Label::Broad`], rows must be as broad as uniform attention over this part of the keys that are not masked.
pub const SPREAD: f32 = 0.8;
/// Rows with less than this share of their weight outside sinks are ignored.
pub const MIN_REST: f32 = 0.1;
/// The least number of rows that are not ignored. They must also be half of the rows for which the label is defined.
pub const MIN_ROWS: usize = 4;

/// The behaviour of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Attends to the previous token (Clark et al. 2019; positional heads of Voita et al. 2019).
    PreviousToken,
    /// Attends to the next token.
    NextToken,
    /// Each token attends to itself.
    Itself,
    /// Attends to special tokens or the first token, as a sink (Clark et al. 2019; Xiao et al. 2023).
    Sink,
    /// Attends to `[SEP]` or another separator (Clark et al. 2019).
    Separator,
    /// Attends to punctuation: full stops, commas and the like (Clark et al. 2019).
    Punctuation,
    /// A repeated token attends to its other occurrences (Wang et al. 2022: duplicate token heads).
    SameToken,
    /// Attends to the token after an earlier occurrence of the query's token (Olsson et al. 2022).
    Induction,
    /// Attends to nearly all tokens about uniformly (Clark et al. 2019, section 3.3).
    Broad,
}

impl Label {
    /// All labels in the order of lists.
    pub const ALL: [Label; 9] = [
        Label::PreviousToken,
        Label::NextToken,
        Label::Itself,
        Label::SameToken,
        Label::Induction,
        Label::Punctuation,
        Label::Separator,
        Label::Sink,
        Label::Broad,
    ];

    /// The name for scripts and links.
    pub fn name(self) -> &'static str {
        match self {
            Label::PreviousToken => "previous token",
            Label::NextToken => "next token",
            Label::Itself => "self",
            Label::Sink => "sink",
            Label::Separator => "separator",
            Label::Punctuation => "punctuation",
            Label::SameToken => "same token",
            Label::Induction => "induction",
            Label::Broad => "broad",
        }
    }

    /// The name for readers.
    pub fn called(self) -> &'static str {
        match self {
            Label::PreviousToken => text::label_previous(),
            Label::NextToken => text::label_next(),
            Label::Itself => text::label_self(),
            Label::Sink => text::label_sink(),
            Label::Separator => text::label_separator(),
            Label::Punctuation => text::label_punctuation(),
            Label::SameToken => text::label_same(),
            Label::Induction => text::label_induction(),
            Label::Broad => text::label_broad(),
        }
    }
}

/// A label of a head, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadLabel {
    pub label: Label,
    /// A share of weight, 0 to 1, or for [`Label::Broad`] the part of the keys.
    pub score: f32,
    /// A sentence with the score.
    pub evidence: String,
}

/// A label about keys, with the keys of each query and their name after "goes to".
struct Reading {
    label: Label,
    keys: fn(&Text<'_>, usize) -> Vec<usize>,
    called: fn() -> &'static str,
}

const READINGS: [Reading; 6] = [
    Reading { label: Label::PreviousToken, keys: targets::previous, called: text::keys_previous },
    Reading { label: Label::NextToken, keys: targets::next, called: text::keys_next },
    Reading { label: Label::Itself, keys: targets::itself, called: text::keys_self },
    Reading { label: Label::Punctuation, keys: targets::punctuation, called: text::keys_punctuation },
    Reading { label: Label::SameToken, keys: targets::same, called: text::keys_same },
    Reading { label: Label::Induction, keys: targets::induction, called: text::keys_induction },
];

/// The labels of every head of `pattern` [layer, head, query, key], in the order L0 H0, L0 H1, ... The labels of a head
/// are in descending order of their scores; often there are none. Cells that are not available (NaN) are ignored.
pub fn head_labels(pattern: ArrayView4<'_, f32>, shown: &[Shown]) -> Vec<Vec<HeadLabel>> {
    let sinks = sinks(shown);
    let separators: Vec<bool> = shown.iter().map(is_separator).collect();
    let words = Text::new(shown);
    let keys = READINGS.map(|reading| (0..shown.len()).map(|query| (reading.keys)(&words, query)).collect::<Vec<_>>());
    let mut all = Vec::new();
    for layer in pattern.outer_iter() {
        let readable = readable(layer);
        let evenly = readable.map(|&can| f32::from(u8::from(can)));
        let [even_sinks, even_separators] =
            [&sinks, &separators].map(|columns| share_on(evenly.view(), columns, &sinks));
        for map in layer.outer_iter() {
            let rows = rests(map, &readable, &sinks);
            let mut labels: Vec<HeadLabel> =
                READINGS.iter().zip(&keys).filter_map(|(reading, keys)| read(reading, keys, &rows)).collect();
            labels.extend(parked(Label::Sink, share_on(map, &sinks, &sinks), even_sinks, &sinks));
            let on_separators = share_on(map, &separators, &sinks);
            labels.extend(parked(Label::Separator, on_separators, even_separators, &sinks));
            labels.extend(broad(&rows));
            all.push(largest_first(labels, |label| label.score));
        }
    }
    all
}

/// The keys that are not masked for each query of this layer [head, query, key]. A mask is the same for all heads of a
/// layer, so a key without weight in all heads is masked.
fn readable(layer: ArrayView3<'_, f32>) -> Array2<bool> {
    layer.fold_axis(Axis(0), false, |&can, &weight| can || weight > 0.0)
}

/// The weights of one query outside sinks.
struct Rest {
    query: usize,
    /// The weight on each key, with a sum of 1, and NaN for sinks and masked keys.
    weights: Vec<f32>,
    /// The number of these keys.
    keys: usize,
    /// Whether there was enough weight outside sinks.
    speaks: bool,
}

/// The rows of tokens that are not sinks, without the sinks' columns.
fn rests(map: ArrayView2<'_, f32>, readable: &Array2<bool>, sinks: &[bool]) -> Vec<Rest> {
    let rest = |query: usize| {
        let row = map.index_axis(Axis(0), query);
        let readable = readable.index_axis(Axis(0), query);
        let there = row.iter().zip(readable).zip(sinks);
        let there = there.map(|((&weight, &can), &sink)| if can && !sink { weight } else { f32::NAN });
        let mut weights: Vec<f32> = there.collect();
        let (total, kept) = (sum(row, |_, weight| weight), sum(weights.as_slice().into(), |_, weight| weight));
        let speaks = kept > 0.0 && kept >= MIN_REST * total;
        if speaks {
            let share = 1.0 / kept;
            weights.iter_mut().for_each(|w| *w *= share);
        }
        let keys = weights.iter().filter(|w| !w.is_nan()).count();
        Rest { query, weights, keys, speaks }
    };
    (0..map.nrows()).filter(|&query| !sinks[query]).map(rest).collect()
}

/// The label, if these rows attend to its keys. Rows without such keys are ignored.
fn read(reading: &Reading, keys: &[Vec<usize>], rows: &[Rest]) -> Option<HeadLabel> {
    let (mut asked, mut spoke, mut share, mut even) = (0, 0, 0.0, 0.0);
    for row in rows {
        let there = || keys[row.query].iter().map(|&key| row.weights[key]).filter(|w| !w.is_nan());
        let count = there().count();
        asked += usize::from(count > 0);
        if count > 0 && row.speaks {
            spoke += 1;
            share += there().sum::<f32>();
            even += count as f32 / row.keys as f32;
        }
    }
    if !enough(spoke, asked) {
        return None;
    }
    // By rounding, a sum of weights can be slightly above 1.
    let (score, even) = ((share / spoke as f32).min(1.0), even / spoke as f32);
    let evidence = text::evidence_read(&percent(score), (reading.called)(), &percent(even));
    (score >= SHARE && score - even >= MARGIN).then_some(HeadLabel { label: reading.label, score, evidence })
}

/// A label about sinks, if the share of weight on them is large enough. `even` is the share of uniform attention.
fn parked(label: Label, score: f32, even: f32, sinks: &[bool]) -> Option<HeadLabel> {
    let rows = sinks.iter().filter(|&&sink| !sink).count();
    if !enough(rows, rows) {
        return None;
    }
    let evidence = match label {
        Label::Sink => text::evidence_sinks(&percent(score), &percent(even)),
        _ => text::evidence_separators(&percent(score), &percent(even)),
    };
    (score >= SINK_SHARE && score - even >= MARGIN).then_some(HeadLabel { label, score, evidence })
}

/// [`Label::Broad`], if these rows are spread over nearly all keys. A row with an entropy of H bits is as broad as
/// uniform attention over 2^H keys. With very few tokens, every row is broad.
fn broad(rows: &[Rest]) -> Option<HeadLabel> {
    let asked: Vec<&Rest> = rows.iter().filter(|row| row.keys >= MIN_ROWS).collect();
    let spread = |row: &&&Rest| Some(entropy(row.weights.as_slice().into())?.exp2() / row.keys as f32);
    let spreads: Vec<f32> = asked.iter().filter(|row| row.speaks).filter_map(|row| spread(&row)).collect();
    if !enough(spreads.len(), asked.len()) {
        return None;
    }
    let score = (spreads.iter().sum::<f32>() / spreads.len() as f32).min(1.0);
    let evidence = text::evidence_broad(&percent(score));
    (score >= SPREAD).then_some(HeadLabel { label: Label::Broad, score, evidence })
}

fn enough(spoke: usize, asked: usize) -> bool {
    spoke >= MIN_ROWS && 2 * spoke >= asked
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests;
