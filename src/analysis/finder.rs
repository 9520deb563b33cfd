//! The search for heads that attend from given queries to given keys.

use ndarray::{ArrayView2, ArrayView4};
use serde::{Deserialize, Serialize};

use super::heads;
use super::reading::largest_first;
use crate::engine::HeadId;

/// A head of the search's result, which is a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub head: HeadId,
    /// The weight from the queries to the keys, 0 to 1.
    pub weight: f32,
}

/// The heads of `pattern` [layer, head, query, key] in descending order of the weight from `queries` to `keys`. Heads
/// with equal weights keep their order. The weight is the sum over keys and the mean over queries, as for words in
/// [`super::Words::merge`].
///
/// Cells that are not available (NaN) are ignored. A head with no other cell is left out.
pub fn find_heads(pattern: ArrayView4<'_, f32>, queries: &[usize], keys: &[usize]) -> Vec<Found> {
    let found = heads(&pattern).filter_map(|(head, map)| Some(Found { head, weight: reads(map, queries, keys)? }));
    largest_first(found.collect(), |found| found.weight)
}

fn reads(map: ArrayView2<'_, f32>, queries: &[usize], keys: &[usize]) -> Option<f32> {
    let from_keys = |&query: &usize| {
        let weights = keys.iter().map(|&key| map[[query, key]]).filter(|w| !w.is_nan());
        weights.reduce(|a, b| a + b)
    };
    let rows: Vec<f32> = queries.iter().filter_map(from_keys).collect();
    (!rows.is_empty()).then(|| rows.iter().sum::<f32>() / rows.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, layer};
    use super::*;
    use ndarray::array;

    fn ranked(found: &[Found]) -> Vec<usize> {
        found.iter().map(|f| f.head.head).collect()
    }

    #[test]
    fn heads_are_ranked_and_ties_keep_their_order() {
        let reads = |w: f32| array![[1.0, 0.0], [w, 1.0 - w]];
        let pattern = layer(&[reads(0.2), reads(0.7), reads(0.2), reads(0.9)]);
        let found = find_heads(pattern.view(), &[1], &[0]);
        assert_eq!(ranked(&found), [3, 1, 0, 2]);
        assert_eq!(found[0], Found { head: HeadId::new(0, 3), weight: 0.9 });
    }

    #[test]
    fn a_word_of_several_tokens_is_summed_over_keys_and_averaged_over_queries() {
        // Query tokens 1 and 2 read from key tokens 0 and 1: 0.5 + 0.25 = 0.75 and 0.125 + 0.125 = 0.25; mean 0.5.
        let pattern = layer(&[array![[1.0, 0.0, 0.0], [0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]]);
        close(find_heads(pattern.view(), &[1, 2], &[0, 1])[0].weight, 0.5);
    }

    #[test]
    fn what_is_not_available_is_not_ranked() {
        let gap = f32::NAN;
        let pattern = layer(&[array![[gap, gap], [gap, 1.0]], array![[gap, 0.5], [0.25, 0.75]]]);
        assert_eq!(ranked(&find_heads(pattern.view(), &[0, 1], &[0])), [1]);
        close(find_heads(pattern.view(), &[0, 1], &[0])[0].weight, 0.25);
        assert_eq!(find_heads(pattern.view(), &[], &[0]), []);
    }
}
