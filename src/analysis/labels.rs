//! What a head does *on this sentence*. A label is a statement about these weights, not about the head.
//!
//! All but [`Label::Sink`] and [`Label::Separator`] are told from what is left of each row when sinks are
//! taken out and the rest is scaled up to sum to 1. Rows of sinks, and rows with hardly anything left, say
//! nothing. A score is a mean over rows; it must pass a threshold *and* be well above what reading evenly
//! would give, so that a short or monotonous text makes no labels by itself.

use ndarray::{Array2, ArrayView2, ArrayView3, ArrayView4, Axis};
use serde::{Deserialize, Serialize};

use super::measures::{entropy, share_on, sinks, sum};
use super::reading::largest_first;
use super::targets::{self, Text, is_separator};
use crate::engine::Shown;
use crate::text;

/// A label that names keys needs this mean share of the weight outside sinks. Clark et al. 2019, section 3.1,
/// call a head by the half of all its weight, sinks included.
pub const SHARE: f32 = 0.4;
/// [`Label::Sink`] and [`Label::Separator`] need this mean share of all weight (Clark et al. 2019, section 3.2).
pub const SINK_SHARE: f32 = 0.5;
/// A share must be this much above what reading evenly would give.
pub const MARGIN: f32 = 0.25;
/// [`Label::Broad`] needs rows spread as if evenly over this part of the tokens they can read.
pub const SPREAD: f32 = 0.8;
/// A row with less than this share of its weight outside sinks says nothing.
pub const MIN_REST: f32 = 0.1;
/// A label needs this many rows that say something, and half of those it is defined on.
pub const MIN_ROWS: usize = 4;

/// What a head can be seen to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Reads the token before (Clark et al. 2019; positional heads of Voita et al. 2019).
    PreviousToken,
    /// Reads the token after.
    NextToken,
    /// Each token reads itself.
    Itself,
    /// Parks its weight on special tokens or the first token (Clark et al. 2019; Xiao et al. 2023).
    Sink,
    /// Parks its weight on `[SEP]` or its like (Clark et al. 2019).
    Separator,
    /// Reads full stops, commas and other tokens that are all punctuation (Clark et al. 2019).
    Punctuation,
    /// A token that stands in the text again reads its other places (Wang et al. 2022: duplicate token heads).
    SameToken,
    /// Reads the token that came after an earlier occurrence of the query's token (Olsson et al. 2022).
    Induction,
    /// Reads nearly all tokens about evenly (Clark et al. 2019, section 3.3).
    Broad,
}

impl Label {
    /// In the order in which they are listed.
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

    /// Its name for scripts and links.
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

    /// Its name for readers.
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

/// A label with what speaks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadLabel {
    pub label: Label,
    /// 0 to 1: a share of weight, or the part of the tokens for [`Label::Broad`].
    pub score: f32,
    /// The score in a plain sentence.
    pub evidence: String,
}

/// The labels that name keys: each with the keys of a query and how they are called after "goes to".
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

/// The labels of every head of `pattern` [layer, head, query, key], L0 H0 first; of each head the highest
/// score first, and often none. Cells that are not available (NaN) are passed over.
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

/// Which keys a query of this layer [head, query, key] can read: a mask is the layer's, so a key that no head
/// puts weight on is one that the mask hides.
fn readable(layer: ArrayView3<'_, f32>) -> Array2<bool> {
    layer.fold_axis(Axis(0), false, |&can, &weight| can || weight > 0.0)
}

/// What one query reads outside sinks.
struct Rest {
    query: usize,
    /// By key, summing to 1; NaN for sinks and for what cannot be read.
    weights: Vec<f32>,
    /// Keys there are.
    keys: usize,
    /// Had enough weight outside sinks to say something.
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

/// Do these rows read the keys of this label? Rows that have none of them are not asked.
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
    // Rounding can take a sum of weights a hair above 1.
    let (score, even) = ((share / spoke as f32).min(1.0), even / spoke as f32);
    let evidence = text::evidence_read(&percent(score), (reading.called)(), &percent(even));
    (score >= SHARE && score - even >= MARGIN).then_some(HeadLabel { label: reading.label, score, evidence })
}

/// Is so much of the weight of tokens that are not sinks parked, where reading evenly would put `even`?
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

/// Are these rows spread over nearly all tokens? A row of entropy H bits is as broad as 2^H tokens read evenly;
/// on very few tokens every row is broad.
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
