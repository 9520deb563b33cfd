//! The comparison of two runs of a model: their common tokens, and the differences over these.

use ndarray::{Array2, ArrayView2, ArrayView4};
use serde::{Deserialize, Serialize};

use super::heads;
use super::reading::largest_first;
use crate::engine::{HeadId, Shown};

/// A token that both runs have: its index in a and its index in b.
pub type Place = (usize, usize);

/// The common tokens of two runs in ascending order: a longest common subsequence of the shown tokens, where case and
/// being special count.
pub fn align(a: &[Shown], b: &[Shown]) -> Vec<Place> {
    longest_common((a.len(), b.len()), |i, j| a[i].text == b[j].text && a[i].special == b[j].special)
}

/// A longest common subsequence of two sequences of these lengths. `same` compares the elements at an index of each.
/// Time and memory are proportional to the product of the lengths.
fn longest_common((in_a, in_b): (usize, usize), same: impl Fn(usize, usize) -> bool) -> Vec<Place> {
    // The length of the longest common subsequence of a[i..] and b[j..].
    let mut longest = Array2::<u32>::zeros((in_a + 1, in_b + 1));
    for i in (0..in_a).rev() {
        for j in (0..in_b).rev() {
            longest[[i, j]] =
                if same(i, j) { longest[[i + 1, j + 1]] + 1 } else { longest[[i + 1, j]].max(longest[[i, j + 1]]) };
        }
    }
    let mut shared = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < in_a && j < in_b {
        if same(i, j) {
            shared.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[[i + 1, j]] >= longest[[i, j + 1]] {
            i += 1;
        } else {
            j += 1;
        }
    }
    shared
}

/// `b - a` of one head [query, key] over b's tokens, -1 to 1, with NaN for tokens of b that are not `aligned`.
pub fn difference(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>, aligned: &[Place]) -> Array2<f32> {
    let mut map = Array2::from_elem(b.dim(), f32::NAN);
    for &(query_a, query_b) in aligned {
        for &(key_a, key_b) in aligned {
            map[[query_b, key_b]] = b[[query_b, key_b]] - a[[query_a, key_a]];
        }
    }
    map
}

/// The mean absolute difference of each head over the aligned cells, 0 to 1, in the order L0 H0, L0 H1, ... Cells that
/// are not available (NaN) in both runs are ignored; without other cells the difference is 0. `a` and `b` are [layer,
/// head, query, key].
pub fn change(a: ArrayView4<'_, f32>, b: ArrayView4<'_, f32>, aligned: &[Place]) -> Vec<f32> {
    let changed = |((_, a), (_, b)): ((HeadId, ArrayView2<'_, f32>), (HeadId, ArrayView2<'_, f32>))| {
        let (mut sum, mut count) = (0.0, 0);
        for &(query_a, query_b) in aligned {
            for &(key_a, key_b) in aligned {
                let difference = (b[[query_b, key_b]] - a[[query_a, key_a]]).abs();
                if !difference.is_nan() {
                    sum += difference;
                    count += 1;
                }
            }
        }
        sum / count.max(1) as f32
    };
    heads(&a).zip(heads(&b)).map(changed).collect()
}

/// The shift of a head's attention between two keys, from run a to run b.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    pub head: HeadId,
    /// `to - from`, -2 to 2. Above 0 the attention shifted from the first key to the second.
    pub moved: f32,
    /// The change of the weight on the first key, b - a.
    pub from: f32,
    /// The change of the weight on the second key, b - a.
    pub to: f32,
}

/// The heads of `a` and `b` [layer, head, query, key] in descending order of the shift of the attention of `query` from
/// the key `from` to the key `to`. Heads with equal shifts keep their order. Heads for which one of the weights is not
/// available (NaN) are left out.
pub fn moved(a: ArrayView4<'_, f32>, b: ArrayView4<'_, f32>, query: Place, from: Place, to: Place) -> Vec<Moved> {
    let all = heads(&a)
        .zip(heads(&b))
        .map(|((head, a), (_, b))| {
            let change = |key: Place| b[[query.1, key.1]] - a[[query.0, key.0]];
            let (from, to) = (change(from), change(to));
            Moved { head, moved: to - from, from, to }
        })
        .filter(|m| !m.moved.is_nan());
    largest_first(all.collect(), |moved| moved.moved)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{all_close, close, layer, shown};
    use super::*;
    use ndarray::array;

    fn aligned(a: &str, b: &str) -> Vec<Place> {
        align(&shown(a), &shown(b))
    }

    #[test]
    fn tokens_align_around_what_changed() {
        assert_eq!(aligned("[CLS] too big . [SEP]", "[CLS] too small . [SEP]"), [(0, 0), (1, 1), (3, 3), (4, 4)]);
        assert_eq!(aligned("the dog sat", "the big dog sat"), [(0, 0), (1, 2), (2, 3)]);
        // One of the two can keep its place; case counts.
        assert_eq!(aligned("dog bit man", "man bit dog").len(), 1);
        assert_eq!(aligned("Dog bit", "dog bit"), [(1, 1)]);
        assert_eq!(aligned("", "a b"), []);
        assert_eq!(aligned("a b", "c d"), []);
        assert_eq!(aligned("a b a b c", "b a c"), [(1, 0), (2, 1), (4, 2)]);
    }

    #[test]
    fn a_written_special_token_is_not_its_letters() {
        let mut letters = shown("[SEP]");
        letters[0].special = false;
        assert_eq!(align(&shown("[SEP]"), &letters), []);
    }

    #[test]
    fn every_pair_of_tokens_is_compared_once_to_align_the_longest_texts() {
        let compared = std::cell::Cell::new(0);
        let shared = longest_common((512, 512), |i, j| {
            compared.set(compared.get() + 1);
            i % 7 == j % 5
        });
        assert!(shared.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        assert!(shared.len() > 200, "{}", shared.len());
        // Once for the table, and once more on the way through it.
        assert!(compared.get() <= 512 * 512 + 2 * 512, "{}", compared.get());
    }

    #[test]
    fn the_difference_is_signed_and_over_bs_tokens() {
        // a: x y; b: x new y. y -> x: 0.25 - 0.75 = -0.5.
        let a = array![[0.5, 0.5], [0.75, 0.25]];
        let b = array![[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.25, 0.5, 0.25]];
        let gap = f32::NAN;
        let map = difference(a.view(), b.view(), &aligned("x y", "x new y"));
        all_close(&map, &array![[0.0, gap, -0.25], [gap, gap, gap], [-0.5, gap, 0.0]]);
        // Mean of 0, 0.25, 0.5, 0.
        let whole = array![[0.5, 0.5, 9.0], [0.75, 0.25, 9.0], [9.0, 9.0, 9.0]];
        let places = aligned("x y", "x new y");
        let (whole, b) = (layer(&[whole]), layer(&[b]));
        let changes = change(whole.view(), b.view(), &places);
        assert_eq!(changes.len(), 1);
        close(changes[0], 0.1875);
        assert_eq!(change(whole.view(), b.view(), &[]), [0.0]);
    }

    #[test]
    fn heads_are_ranked_by_what_they_moved() {
        // Query 2 reads from 0 and 1; head 0 keeps, head 1 turns 0.3 from 0 to 1, head 2 the other way by 0.1.
        let map = |zero: f32, one: f32| array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [zero, one, 1.0 - zero - one]];
        let a = layer(&[map(0.5, 0.5), map(0.6, 0.2), map(0.4, 0.4)]);
        let b = layer(&[map(0.5, 0.5), map(0.3, 0.5), map(0.5, 0.3)]);
        let all = moved(a.view(), b.view(), (2, 2), (0, 0), (1, 1));
        assert_eq!(all.iter().map(|m| m.head.head).collect::<Vec<_>>(), [1, 0, 2]);
        close(all[0].moved, 0.6);
        close(all[0].from, -0.3);
        close(all[0].to, 0.3);
        close(all[2].moved, -0.2);
    }
}
