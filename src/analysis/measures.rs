//! Four measures of a head.

use ndarray::{ArrayView1, ArrayView2, ArrayView4};
use serde::{Deserialize, Serialize};

use super::heads;
use crate::engine::Shown;

/// The measures of a head's pattern on this text. Cells that are not available (NaN) are ignored, and each row is
/// scaled to a sum of 1. All measures are NaN if and only if no cell of the head is available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadMeasures {
    /// The entropy of a row in bits, as mean over rows: 0 if each attends to one token, log2(n) for uniform attention
    /// (Ghader & Monz 2017; Clark et al. 2019, section 3.3).
    pub entropy: f32,
    /// The distance in tokens between query and key, weighted by attention, as mean over rows: 0 to n - 1 (Vig &
    /// Belinkov 2019).
    pub distance: f32,
    /// The weight on sinks, as mean over the rows of tokens that are not sinks: 0 to 1.
    pub sink_share: f32,
    /// The largest weight of any row: 0 to 1.
    pub strongest: f32,
}

/// A measure by which heads are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    Entropy,
    Distance,
    SinkShare,
}

impl Measure {
    pub fn of(self, head: &HeadMeasures) -> f32 {
        match self {
            Self::Entropy => head.entropy,
            Self::Distance => head.distance,
            Self::SinkShare => head.sink_share,
        }
    }
}

/// The head with the next higher number in one layer, or with the next lower one. Heads with equal numbers keep their
/// order. For the last head, it is the head itself.
pub fn next_by_value(values: &[f32], from: usize, up: bool) -> usize {
    let beyond =
        |a: usize, b: usize| if up { (values[a], a) > (values[b], b) } else { (values[a], a) < (values[b], b) };
    (0..values.len()).fold(from, |next, head| {
        let nearer = next == from || beyond(next, head);
        if beyond(head, from) && nearer { head } else { next }
    })
}

/// The tokens that are sinks: the special tokens (Clark et al. 2019, section 3.2) or, if there are none, the first
/// token (Xiao et al. 2023).
pub fn sinks(shown: &[Shown]) -> Vec<bool> {
    let mut sinks: Vec<bool> = shown.iter().map(|token| token.special).collect();
    if !sinks.contains(&true)
        && let Some(first) = sinks.first_mut()
    {
        *first = true;
    }
    sinks
}

/// The measures of every head of `pattern` [layer, head, query, key], in the order L0 H0, L0 H1, ... `sinks` has an
/// entry for each token.
pub fn head_measures(pattern: ArrayView4<'_, f32>, sinks: &[bool]) -> Vec<HeadMeasures> {
    const NONE: HeadMeasures =
        HeadMeasures { entropy: f32::NAN, distance: f32::NAN, sink_share: f32::NAN, strongest: f32::NAN };
    let measured = |map: ArrayView2<'_, f32>| HeadMeasures {
        entropy: mean(map.outer_iter().filter_map(entropy)),
        distance: mean(map.outer_iter().enumerate().filter_map(|(query, row)| distance(query, row))),
        sink_share: share_on(map, sinks, sinks),
        strongest: present(map.iter()).fold(0.0, f32::max),
    };
    let is_there = |map: &ArrayView2<'_, f32>| present(map.iter()).next().is_some();
    heads(&pattern).map(|(_, map)| if is_there(&map) { measured(map) } else { NONE }).collect()
}

/// The share of weight on `columns`, as mean over the rows of tokens that are not sinks. 0 without such a row.
pub(super) fn share_on(map: ArrayView2<'_, f32>, columns: &[bool], sinks: &[bool]) -> f32 {
    let on: Vec<f32> = columns.iter().map(|&on| f32::from(u8::from(on))).collect();
    let rows = map.outer_iter().zip(sinks).filter(|&(_, &sink)| !sink);
    mean(rows.filter_map(|(row, _)| of_total(sum(row, |key, weight| weight * on[key]), row)))
}

/// The entropy of a row in bits. None if the row has no weight.
pub fn entropy(row: ArrayView1<'_, f32>) -> Option<f32> {
    let total = sum(row, |_, weight| weight);
    // H = -sum p log p with p = weight / total.
    let bits = total.log2() - sum(row, |_, weight| weight * log2(weight.max(f32::MIN_POSITIVE))) / total;
    (total > 0.0).then_some(bits.max(0.0))
}

fn distance(query: usize, row: ArrayView1<'_, f32>) -> Option<f32> {
    of_total(sum(row, |key, weight| weight * query.abs_diff(key) as f32), row)
}

/// The sum of `term(key, weight)` over a row, where cells that are not available count as 0. It is computed as eight
/// sums, which the compiler vectorizes, because all heads of 512 tokens have 19 million cells.
#[inline(always)]
pub(super) fn sum(row: ArrayView1<'_, f32>, term: impl Fn(usize, f32) -> f32) -> f32 {
    let Some(cells) = row.as_slice() else {
        return row.iter().enumerate().map(|(key, weight)| term(key, weight.max(0.0))).sum();
    };
    let mut sums = [0.0f32; 8];
    let (chunks, rest) = cells.as_chunks::<8>();
    for (at, chunk) in chunks.iter().enumerate() {
        for (i, (sum, weight)) in sums.iter_mut().zip(chunk).enumerate() {
            *sum += term(8 * at + i, weight.max(0.0));
        }
    }
    let behind = 8 * chunks.len();
    let rest = rest.iter().enumerate().map(|(i, weight)| term(behind + i, weight.max(0.0)));
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}

/// The base-2 logarithm of a normal number above 0, with an error of at most 3e-7. It has no call and no branch, so
/// that it can be vectorized.
#[inline(always)]
fn log2(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // x = 2^exponent m with m from sqrt(1/2) to sqrt(2).
    let bits = x.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (bits as i32 >> 23) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff) + 0x3f35_04f3);
    // ln m = 2 artanh f, f at most 0.172.
    let f = (m - 1.0) / (m + 1.0);
    let square = f * f;
    let series = 1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square / 9.0)));
    exponent + 2.0 * LOG2_E * f * series
}

fn of_total(part: f32, row: ArrayView1<'_, f32>) -> Option<f32> {
    let total = sum(row, |_, weight| weight);
    (total > 0.0).then(|| part / total)
}

fn present<'a>(weights: impl Iterator<Item = &'a f32>) -> impl Iterator<Item = f32> {
    weights.copied().filter(|w| !w.is_nan())
}

/// 0 of nothing.
fn mean(numbers: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = numbers.fold((0.0, 0), |(sum, count), x| (sum + x, count + 1));
    sum / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, layer, shown};
    use super::*;
    use ndarray::array;

    #[test]
    fn sinks_are_the_special_tokens_or_else_the_first() {
        assert_eq!(sinks(&shown("[CLS] a b [SEP]")), [true, false, false, true]);
        assert_eq!(sinks(&shown("a b c")), [true, false, false]);
        assert_eq!(sinks(&[]), [] as [bool; 0]);
    }

    #[test]
    fn four_numbers_of_a_head() {
        // Entropies: 1/2 1/4 1/4 -> 0.5 * 1 + 2 * 0.25 * 2 = 1.5 bits; one key -> 0; halves -> 1. Mean 2.5 / 3.
        // Distances: 0.25 * 1 + 0.25 * 2 = 0.75; from 1 to 0 -> 1; from 2: 0.5 * 2 = 1. Mean 2.75 / 3.
        // Token 0 is the sink; rows 1 and 2 put 1 and 0.5 on it. Mean 0.75.
        let pattern = layer(&[array![[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.5, 0.0, 0.5]]]);
        let measures = head_measures(pattern.view(), &[true, false, false]);
        assert_eq!(measures.len(), 1);
        close(measures[0].entropy, 2.5 / 3.0);
        close(measures[0].distance, 2.75 / 3.0);
        close(measures[0].sink_share, 0.75);
        close(measures[0].strongest, 1.0);
    }

    #[test]
    fn cells_that_are_not_available_are_passed_over() {
        // Row 0 is 0.2 and 0.6 of 0.8: shares 1/4, 3/4; entropy 0.25 * 2 + 0.75 * log2(4/3) = 0.811278 bits,
        // distance 0.75 * 2 = 1.5. Row 1 is not available at all. Row 2 has one cell, itself: 0 and 0.
        let gap = f32::NAN;
        let pattern = layer(&[array![[0.2, gap, 0.6], [gap, gap, gap], [gap, gap, 0.3]]]);
        let measures = head_measures(pattern.view(), &[false, false, true])[0];
        close(measures.entropy, 0.811278 / 2.0);
        close(measures.distance, 0.75);
        close(measures.sink_share, 0.75); // Row 0 alone speaks: 0.6 of 0.8.
        close(measures.strongest, 0.6);
    }

    #[test]
    fn a_head_that_is_not_there_has_no_measures_and_is_never_zero() {
        let pattern = layer(&[ndarray::Array2::from_elem((2, 2), f32::NAN), array![[1.0, 0.0], [0.5, 0.5]]]);
        let measures = head_measures(pattern.view(), &[true, false]);
        let HeadMeasures { entropy, distance, sink_share, strongest } = measures[0];
        assert!([entropy, distance, sink_share, strongest].iter().all(|number| number.is_nan()), "{measures:?}");
        close(measures[1].entropy, 0.5);
    }

    #[test]
    fn the_next_head_by_value_goes_through_all_and_stops() {
        let values = [0.5, 0.1, 0.5, 0.9];
        let walk = |mut at: usize, up| {
            std::iter::from_fn(|| {
                let next = next_by_value(&values, at, up);
                (next != at).then(|| at = next).map(|()| next)
            })
            .collect::<Vec<_>>()
        };
        assert_eq!(walk(1, true), [0, 2, 3]);
        assert_eq!(walk(3, false), [2, 0, 1]);
        assert_eq!(next_by_value(&[0.0], 0, true), 0);
    }

    #[test]
    fn heads_come_in_order_and_rows_without_weight_are_no_nan() {
        let even = ndarray::Array2::from_elem((2, 2), 0.5);
        let pattern = layer(&[even.clone(), array![[0.0, 0.0], [0.0, 0.0]]]);
        let measures = head_measures(pattern.view(), &[true, true]);
        // Evenly over two: 1 bit; distances 0 and 1 at 0.5 each in both rows; no token but sinks.
        assert_eq!(measures[0], HeadMeasures { entropy: 1.0, distance: 0.5, sink_share: 0.0, strongest: 0.5 });
        assert_eq!(measures[1], HeadMeasures::default());
    }

    #[test]
    fn the_logarithm_is_off_by_little() {
        use std::f32::consts::SQRT_2;
        for i in -126..127 {
            for m in [1.0, 1.1, 1.414, SQRT_2, SQRT_2.next_up(), 1.7, 1.999_999] {
                let x = 2f32.powi(i) * m;
                assert!((log2(x) - x.log2()).abs() <= 3e-7 * x.log2().abs().max(1.0), "{x}: {} {}", log2(x), x.log2());
            }
        }
    }

    #[test]
    fn sums_pass_over_what_is_not_there_whatever_the_length() {
        for n in [0, 1, 7, 8, 9, 31] {
            let row: Vec<f32> = (0..n).map(|i| if i % 3 == 1 { f32::NAN } else { i as f32 }).collect();
            let wanted: f32 = (0..n).filter(|i| i % 3 != 1).map(|i| (2 * i) as f32).sum();
            assert_eq!(sum(row.as_slice().into(), |key, weight| weight + key as f32 * f32::from(weight > 0.0)), wanted);
            // A column is no slice.
            let column = ndarray::Array2::from_shape_fn((n, 2), |(i, _)| row[i]);
            assert_eq!(sum(column.column(1), |_, weight| weight), wanted / 2.0);
        }
    }
}
