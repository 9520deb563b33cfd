//! The parts of a head's map that are shown: its columns, its rows, and the strongest weights of a row.

use ndarray::{Array2, ArrayView2};

use super::quantity::Quantity;

/// How to treat the weight on special tokens (`[CLS]`, `[SEP]`), which heads often use as sinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Special {
    #[default]
    Show,
    /// Leaves their columns out. The other weights stay as they are, so that they sum to less than 1.
    Mask,
    /// Leaves their columns out, and scales the other weights so that each row sums to 1 again. Quantities whose rows
    /// do not sum to 1 are not scaled.
    Renormalise,
}

/// One head's map as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadMap {
    pub quantity: Quantity,
    /// Its cells [query, key], with NaN in columns that are left out.
    pub weights: Array2<f32>,
    /// For each query, the sum over the columns that are left out.
    pub hidden: Vec<f32>,
}

impl HeadMap {
    /// The map of `cells` [query, key], with the columns of special tokens treated according to `how`. A row whose
    /// whole weight is on special tokens is not scaled, and is 0.
    pub fn new(quantity: Quantity, cells: ArrayView2<'_, f32>, special: &[bool], how: Special) -> Self {
        let mut weights = cells.to_owned();
        let mut hidden = vec![0.0; weights.nrows()];
        if how == Special::Show {
            return Self { quantity, weights, hidden };
        }
        for (mut row, hidden) in weights.outer_iter_mut().zip(&mut hidden) {
            let mut kept = 0.0;
            for (weight, &special) in row.iter_mut().zip(special).filter(|(w, _)| !w.is_nan()) {
                if special {
                    *hidden += *weight;
                    *weight = f32::NAN;
                } else {
                    kept += *weight;
                }
            }
            if how == Special::Renormalise && quantity.is_shares() && kept > 0.0 {
                row.mapv_inplace(|w| w / kept);
            }
        }
        Self { quantity, weights, hidden }
    }

    /// The mean row of these queries. None without a query. A key that is masked for some of them counts as 0 for
    /// these; a key that is masked for all of them is NaN.
    pub fn row(&self, queries: &[usize]) -> Option<Row> {
        let share = 1.0 / queries.len() as f32;
        let (first, rest) = queries.split_first()?;
        let mut weights = self.weights.row(*first).mapv(|w| w * share);
        for &query in rest {
            for (mean, &weight) in weights.iter_mut().zip(self.weights.row(query)) {
                if mean.is_nan() || weight.is_nan() {
                    *mean = mean.max(weight * share);
                } else {
                    *mean += weight * share;
                }
            }
        }
        let hidden = queries.iter().map(|&q| self.hidden[q] * share).sum();
        let sum = weights.iter().filter(|w| !w.is_nan()).sum();
        Some(Row { quantity: self.quantity, weights: weights.to_vec(), hidden, sum })
    }

    /// The smallest and the largest cell that is shown. None if no cell is.
    pub fn range(&self) -> Option<(f32, f32)> {
        let shown = self.weights.iter().copied().filter(|w| !w.is_nan());
        let wider = |(low, high): (f32, f32), w: f32| (low.min(w), high.max(w));
        shown.map(|w| (w, w)).reduce(|range, (w, _)| wider(range, w))
    }
}

/// The row of a query, or the mean row of several queries.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub quantity: Quantity,
    /// The cell of each key, with NaN for keys that are left out.
    pub weights: Vec<f32>,
    /// The sum over the keys that are left out, before any scaling.
    pub hidden: f32,
    /// The sum of the cells that are shown.
    pub sum: f32,
}

impl Row {
    /// The keys with their cells, in descending order of importance, without keys that are left out.
    pub fn ranked(&self) -> Vec<(usize, f32)> {
        self.ranked_counts().into_iter().map(|(key, _)| (key, self.weights[key])).collect()
    }

    /// The keys with their importance, in descending order.
    fn ranked_counts(&self) -> Vec<(usize, f32)> {
        let counts = self.quantity.counts(&self.weights);
        let mut all: Vec<_> = counts.into_iter().enumerate().filter(|(_, count)| !count.is_nan()).collect();
        sort_strongest_first(&mut all);
        all
    }
}

/// A weight that is drawn as an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    pub query: usize,
    pub key: usize,
    pub weight: f32,
}

/// The fewest keys that together have the share `mass` (0 to 1) of the importance of the row's cells
/// ([`Quantity::counts`]), in descending order, with the share that they have.
pub fn by_mass(row: &Row, mass: f32) -> (Vec<(usize, f32)>, f32) {
    by_mass_at_most(row, mass, usize::MAX)
}

/// The same, with at most `most` keys, whatever share they have.
pub fn by_mass_at_most(row: &Row, mass: f32, most: usize) -> (Vec<(usize, f32)>, f32) {
    let mut keys = row.ranked_counts();
    keys.retain(|&(_, count)| count > 0.0);
    let sum: f32 = keys.iter().map(|(_, count)| count).sum();
    let mut carried = 0.0;
    let mut count = 0;
    // The tolerance keeps a mass of 1 from being missed by the rounding of the sum.
    while count < keys.len().min(most) && carried < mass * sum - 1e-6 {
        carried += keys[count].1;
        count += 1;
    }
    keys.truncate(count);
    keys.iter_mut().for_each(|(key, cell)| *cell = row.weights[*key]);
    (keys, if sum > 0.0 { (carried / sum).min(1.0) } else { 0.0 })
}

/// The strongest `limit` cells of a head, in descending order. Rows of `skipped` queries, cells of 0 and negative
/// scores are left out. Differences are compared by their absolute values.
pub fn strongest(map: &HeadMap, skipped: &[bool], limit: usize) -> Vec<Edge> {
    let keys = map.weights.ncols();
    let size = |cell: f32| if map.quantity == Quantity::Difference { cell.abs() } else { cell };
    // A buffer of the strongest cells and as many others, which is sorted and truncated when it is full. Selection in
    // place would be faster, but adds 1 KB to the page.
    let mut found: Vec<(usize, f32)> = Vec::new();
    let mut enough = 0.0;
    for (cell, weight) in map.weights.iter().map(|&cell| size(cell)).enumerate() {
        if weight > enough && !skipped[cell / keys] {
            found.push((cell, weight));
            if found.len() >= 2 * limit.max(1) {
                sort_strongest_first(&mut found);
                found.truncate(limit);
                enough = found.last().map_or(f32::INFINITY, |last| last.1);
            }
        }
    }
    sort_strongest_first(&mut found);
    found.truncate(limit);
    let edge = |(query, key): (usize, usize)| Edge { query, key, weight: map.weights[[query, key]] };
    found.into_iter().map(|(cell, _)| edge((cell / keys, cell % keys))).collect()
}

/// Descending order of weights. Equal weights keep their order.
fn stronger(a: &(usize, f32), b: &(usize, f32)) -> std::cmp::Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// Sorts in descending order, equal numbers by index. This is the only sort of page and worker, because each other one
/// adds 3 KB to them.
#[inline(never)]
pub fn sort_strongest_first(weights: &mut [(usize, f32)]) {
    weights.sort_unstable_by(stronger);
}

/// Items in descending order of `number`, where items with equal numbers keep their order.
pub(super) fn largest_first<T>(items: Vec<T>, number: impl Fn(&T) -> f32) -> Vec<T> {
    let mut order: Vec<(usize, f32)> = items.iter().map(number).enumerate().collect();
    sort_strongest_first(&mut order);
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(at, _)| items[at].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Key 0 is special and takes most of each row.
    fn pattern() -> Array2<f32> {
        array![[0.6, 0.3, 0.1], [0.5, 0.25, 0.25], [1.0, 0.0, 0.0]]
    }
    const SPECIAL: [bool; 3] = [true, false, false];

    fn weights(cells: ArrayView2<'_, f32>, special: &[bool], how: Special) -> HeadMap {
        HeadMap::new(Quantity::Weight, cells, special, how)
    }

    #[test]
    fn masking_keeps_the_other_weights_and_states_what_is_hidden() {
        let map = weights(pattern().view(), &SPECIAL, Special::Mask);
        assert!(map.weights[[0, 0]].is_nan());
        assert_eq!((map.weights[[0, 1]], map.weights[[0, 2]]), (0.3, 0.1));
        assert_eq!(map.hidden, vec![0.6, 0.5, 1.0]);
        let row = map.row(&[0]).unwrap();
        assert!((row.sum - 0.4).abs() < 1e-6);
    }

    #[test]
    fn renormalising_makes_rows_sum_to_one_again() {
        let map = weights(pattern().view(), &SPECIAL, Special::Renormalise);
        assert!((map.weights[[0, 1]] - 0.75).abs() < 1e-6);
        assert!((map.row(&[0]).unwrap().sum - 1.0).abs() < 1e-6);
        assert_eq!(map.row(&[2]).unwrap().sum, 0.0, "nothing to scale up");
    }

    #[test]
    fn several_queries_are_read_as_their_mean() {
        let map = weights(pattern().view(), &SPECIAL, Special::Show);
        let row = map.row(&[0, 1]).unwrap();
        for (got, want) in row.weights.iter().zip([0.55, 0.275, 0.175]) {
            assert!((got - want).abs() < 1e-6);
        }
        assert!((row.sum - 1.0).abs() < 1e-6);
        assert_eq!(map.row(&[]), None);
    }

    #[test]
    fn keys_that_cannot_be_read_are_neither_hidden_nor_counted() {
        let causal = array![[1.0, f32::NAN, f32::NAN], [0.25, 0.75, f32::NAN]];
        let map = weights(causal.view(), &SPECIAL, Special::Renormalise);
        assert_eq!(map.hidden, vec![1.0, 0.25]);
        assert_eq!(map.weights[[1, 1]], 1.0);
        let row = weights(causal.view(), &SPECIAL, Special::Show).row(&[0, 1]).unwrap();
        assert_eq!(row.weights[..2], [0.625, 0.375]);
        assert!(row.weights[2].is_nan());
        assert_eq!(row.sum, 1.0);
    }

    #[test]
    fn mass_takes_the_fewest_keys_that_carry_it() {
        let weights = vec![0.1, 0.5, f32::NAN, 0.3, 0.1];
        let row = Row { quantity: Quantity::Weight, weights, hidden: 0.0, sum: 1.0 };
        assert_eq!(by_mass(&row, 0.8), (vec![(1, 0.5), (3, 0.3)], 0.8));
        let (keys, share) = by_mass(&row, 0.81);
        assert_eq!(keys.iter().map(|k| k.0).collect::<Vec<_>>(), [1, 3, 0]);
        assert!((share - 0.9).abs() < 1e-6);
        assert_eq!(by_mass(&row, 1.0).0.len(), 4);
        assert_eq!(by_mass_at_most(&row, 0.9, 2), (vec![(1, 0.5), (3, 0.3)], 0.8), "and what those few carry");
        assert_eq!(by_mass(&row, 0.0).0.len(), 0);
    }

    #[test]
    fn strongest_of_a_head_are_ranked_and_bounded() {
        let map = weights(pattern().view(), &SPECIAL, Special::Mask);
        let edges = strongest(&map, &SPECIAL, 2);
        assert_eq!(edges.len(), 2);
        assert!(edges.iter().all(|e| e.query == 1 && e.weight == 0.25), "row 0 is skipped, column 0 hidden");
    }

    #[test]
    fn the_strongest_of_many_are_those_that_sorting_all_gives() {
        // Every weight many times over, so that ties are met.
        let map = weights(
            Array2::from_shape_fn((60, 60), |(q, k)| ((q * 7 + k * 13) % 50) as f32).view(),
            &[false; 60],
            Special::Show,
        );
        let mut all: Vec<_> = map.weights.iter().copied().enumerate().filter(|c| c.1 > 0.0).collect();
        sort_strongest_first(&mut all);
        for limit in [0, 1, 2, 32, 3000, 5000] {
            let edges = strongest(&map, &[false; 60], limit);
            let cells: Vec<_> = edges.iter().map(|e| (e.query * 60 + e.key, e.weight)).collect();
            assert_eq!(cells, all[..limit.min(all.len())], "{limit}");
        }
    }

    #[test]
    fn the_range_is_of_what_is_shown() {
        assert_eq!(weights(pattern().view(), &SPECIAL, Special::Show).range(), Some((0.0, 1.0)));
        assert_eq!(weights(pattern().view(), &SPECIAL, Special::Mask).range(), Some((0.0, 0.3)));
        assert_eq!(weights(array![[0.5]].view(), &[true], Special::Mask).range(), None);
    }

    #[test]
    fn differences_are_drawn_by_their_size_and_keep_their_sign() {
        let cells = array![[0.0, -0.5, 0.25], [0.75, 0.0, f32::NAN]];
        let map = HeadMap::new(Quantity::Difference, cells.view(), &[false; 3], Special::Renormalise);
        assert_eq!(map.range(), Some((-0.5, 0.75)));
        let edges: Vec<_> = strongest(&map, &[false; 2], 2).iter().map(|e| (e.query, e.key, e.weight)).collect();
        assert_eq!(edges, [(1, 0, 0.75), (0, 1, -0.5)]);
        let row = map.row(&[0]).unwrap();
        assert_eq!(row.ranked(), [(1, -0.5), (2, 0.25), (0, 0.0)]);
        assert_eq!(by_mass(&row, 0.6), (vec![(1, -0.5)], 2.0 / 3.0));
    }

    #[test]
    fn scores_are_drawn_by_what_softmax_makes_of_them() {
        // Shares 1/2, 1/3, 1/6.
        let cells = array![[6f32.ln() - 40.0, 4f32.ln() - 40.0, 2f32.ln() - 40.0]];
        let map = HeadMap::new(Quantity::Score, cells.view(), &[false; 3], Special::Show);
        let (keys, carried) = by_mass(&map.row(&[0]).unwrap(), 0.8);
        assert_eq!(keys.iter().map(|k| k.0).collect::<Vec<_>>(), [0, 1]);
        assert!((carried - 5.0 / 6.0).abs() < 1e-5 && keys[0].1 == cells[[0, 0]]);
        assert_eq!(strongest(&map, &[false], 9), [], "none is above 0");
    }

    #[test]
    fn what_does_not_sum_to_one_is_not_scaled_up() {
        let map = HeadMap::new(Quantity::Norm, array![[3.0, 1.5]].view(), &[true, false], Special::Renormalise);
        assert_eq!((map.weights[[0, 1]], map.hidden[0]), (1.5, 3.0));
    }
}
