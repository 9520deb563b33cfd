//! How the time of a run grows with the number of its tokens.

use super::reading::largest_first;

/// The lengths in tokens of the runs that are timed.
const LENGTHS: [usize; 6] = [16, 32, 64, 128, 256, 512];
/// The number of runs of each length. Their median is used, so that two of them can be disturbed.
const PASSES: usize = 5;

/// The length in tokens of the run to time after `done` runs, in ascending order, at most the model's `positions`. None
/// after the last one.
pub fn next_length(done: usize, positions: usize) -> Option<usize> {
    LENGTHS.get(done / PASSES).copied().filter(|&tokens| tokens <= positions)
}

/// The number of runs that are timed for a model with this many positions.
pub fn passes_in_all(positions: usize) -> usize {
    PASSES * LENGTHS.iter().filter(|&&tokens| tokens <= positions).count()
}

/// The median time of each length, in ascending order of length, from runs (tokens, milliseconds) in any order.
pub fn median_times(passes: &[(usize, f32)]) -> Vec<(usize, f32)> {
    // Sorts by time, then by length. The second sort keeps the order of equal lengths.
    let by_time = largest_first(passes.to_vec(), |&(_, millis)| -millis);
    let sorted = largest_first(by_time, |&(tokens, _)| -(tokens as f32));
    let of_length = sorted.chunk_by(|a, b| a.0 == b.0);
    // For an even number of runs, the mean of the two in the middle.
    let median = |all: &[(usize, f32)]| (all[(all.len() - 1) / 2].1 + all[all.len() / 2].1) / 2.0;
    of_length.map(|all| (all[0].0, median(all))).collect()
}

/// Milliseconds of a run over n tokens: `quadratic n^2 + linear n + constant`. Scores, softmax and mixing grow with
/// the square of n, projections and feed-forward layers with n (Vaswani et al. 2017, table 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub quadratic: f64,
    pub linear: f64,
    pub constant: f64,
}

impl Cost {
    pub fn at(&self, tokens: f64) -> f64 {
        (self.quadratic * tokens + self.linear) * tokens + self.constant
    }

    /// The share of the quadratic term in the time of a run over `tokens`, 0 to 1. It is 0 if the time is 0.
    pub fn quadratic_share(&self, tokens: f64) -> f64 {
        let all = self.at(tokens);
        if all > 0.0 { self.quadratic * tokens * tokens / all } else { 0.0 }
    }
}

/// The least-squares fit to these (tokens, milliseconds) without negative coefficients, because every part of a run
/// takes time. None for fewer than three lengths, and for numbers that are negative or not finite.
pub fn fit_cost(times: &[(usize, f32)]) -> Option<Cost> {
    // In units of the longest text, so that the powers are of similar size.
    let unit = times.iter().map(|&(tokens, _)| tokens).max()? as f64;
    let scaled: Vec<(f64, f64)> = times.iter().map(|&(tokens, ms)| (tokens as f64 / unit, f64::from(ms))).collect();
    if scaled.iter().any(|&(_, ms)| ms < 0.0) {
        return None;
    }
    // If the fit of all three terms is not unique, a fit of fewer terms has no meaning.
    least_squares(&scaled, |x| [x * x, x, 1.0])?;
    // The best fit without negative coefficients is the unbounded fit of the terms that it has (Lawson & Hanson 1974,
    // chapter 23). So it is the best among the unbounded fits of all subsets of terms that have no negative
    // coefficient.
    let bounded = (0..8u8).filter_map(|terms| {
        let has = [0, 1, 2].map(|term| f64::from(terms >> term & 1));
        let [quadratic, linear, constant] = least_squares_of(&scaled, has)?;
        let cost = Cost { quadratic, linear, constant };
        let error: f64 = scaled.iter().map(|&(x, ms)| (cost.at(x) - ms).powi(2)).sum();
        ([quadratic, linear, constant].iter().all(|&c| c >= 0.0) && error.is_finite()).then_some((cost, error))
    });
    let (best, _) = bounded.min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Cost { quadratic: best.quadratic / (unit * unit), linear: best.linear / unit, constant: best.constant })
}

/// The least-squares fit with the terms n^2, n and 1 that `has` marks with 1. The coefficients of the others are 0.
fn least_squares_of(points: &[(f64, f64)], has: [f64; 3]) -> Option<[f64; 3]> {
    // The equation of a term that is left out is 1 c = 0.
    let basis = |x: f64| [has[0] * x * x, has[1] * x, has[2]];
    solve(points, basis, has.map(|has| 1.0 - has))
}

/// The root mean square deviation of measured times from their fit, as a share of their mean, above which the fit is
/// not meaningful and the reader is asked to measure again.
const TOO_NOISY: f64 = 0.15;

/// Whether these times deviate too much from their fit for its coefficients to be meaningful.
pub fn is_too_noisy(times: &[(usize, f32)], cost: &Cost) -> bool {
    let count = times.len() as f64;
    let squares: f64 = times.iter().map(|&(tokens, ms)| (cost.at(tokens as f64) - f64::from(ms)).powi(2)).sum();
    let mean = times.iter().map(|&(_, ms)| f64::from(ms)).sum::<f64>() / count;
    (squares / count).sqrt() > TOO_NOISY * mean
}

/// Solves the normal equations `X^T X c = X^T y` of the given basis. None if the solution is not unique.
fn least_squares<const N: usize>(points: &[(f64, f64)], basis: impl Fn(f64) -> [f64; N]) -> Option<[f64; N]> {
    solve(points, basis, [0.0; N])
}

/// The same with `diagonal` added to the diagonal of `X^T X`.
fn solve<const N: usize>(
    points: &[(f64, f64)],
    basis: impl Fn(f64) -> [f64; N],
    diagonal: [f64; N],
) -> Option<[f64; N]> {
    let (mut matrix, mut right) = ([[0.0; N]; N], [0.0; N]);
    (0..N).for_each(|i| matrix[i][i] = diagonal[i]);
    for &(x, y) in points {
        let row = basis(x);
        for i in 0..N {
            right[i] += row[i] * y;
            (0..N).for_each(|j| matrix[i][j] += row[i] * row[j]);
        }
    }
    // Gaussian elimination; the matrix is positive definite, so that its diagonal serves as pivots.
    for i in 0..N {
        if matrix[i][i].is_nan() || matrix[i][i] < 1e-12 {
            return None;
        }
        for below in i + 1..N {
            let factor = matrix[below][i] / matrix[i][i];
            (i..N).for_each(|j| matrix[below][j] -= factor * matrix[i][j]);
            right[below] -= factor * right[i];
        }
    }
    let mut solved = [0.0; N];
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| matrix[i][j] * solved[j]).sum();
        solved[i] = (right[i] - known) / matrix[i][i];
    }
    solved.iter().all(|c| c.is_finite()).then_some(solved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-6 * want.abs().max(1.0), "{got}, not {want}");
    }

    #[test]
    fn a_curve_comes_back_from_its_own_points() {
        // 2 n^2 + 3 n + 5 at 1, 2, 3, 4.
        let cost = fit_cost(&[(1, 10.0), (2, 19.0), (3, 32.0), (4, 49.0)]).unwrap();
        near(cost.quadratic, 2.0);
        near(cost.linear, 3.0);
        near(cost.constant, 5.0);
        near(cost.at(10.0), 235.0);
        near(cost.quadratic_share(4.0), 32.0 / 49.0);
    }

    #[test]
    fn points_beside_a_curve_are_fitted_by_least_squares() {
        // Four points as far above as below y = x^2, in a pattern (+1, -3, +3, -1) to which 1, x and x^2 are all
        // orthogonal: 1-3+3-1 = 0, 0-3+6-3 = 0, 0-3+12-9 = 0. So they change nothing.
        let cost = fit_cost(&[(0, 0.1), (1, 0.7), (2, 4.3), (3, 8.9)]).unwrap();
        near(cost.quadratic, 1.0);
        assert!(cost.linear.abs() < 1e-5 && cost.constant.abs() < 1e-5, "{cost:?}");
    }

    #[test]
    fn what_bends_down_becomes_a_line() {
        // The line through (1, 3), (2, 5), (3, 6): slope 3/2, mean 14/3 at 2.
        let cost = fit_cost(&[(1, 3.0), (2, 5.0), (3, 6.0)]).unwrap();
        assert_eq!(cost.quadratic, 0.0);
        near(cost.linear, 1.5);
        near(cost.constant, 14.0 / 3.0 - 3.0);
        assert_eq!(cost.quadratic_share(3.0), 0.0);
    }

    #[test]
    fn no_term_is_negative_where_the_free_optimum_has_a_negative_one() {
        // Free: -0.5 n^2 + 3.5 n - 2. Without its constant: normal equations 98 a + 36 b = 49, 36 a + 14 b = 19.
        let cost = fit_cost(&[(1, 1.0), (2, 3.0), (3, 4.0)]).unwrap();
        near(cost.quadratic, 2.0 / 76.0);
        near(cost.linear, 98.0 / 76.0);
        assert_eq!(cost.constant, 0.0);
        let still = fit_cost(&[(1, 0.0), (2, 0.0), (3, 0.0)]).unwrap();
        assert_eq!((still.at(3.0), still.quadratic_share(3.0)), (0.0, 0.0));
        assert_eq!(fit_cost(&[(1, 1.0), (2, -1.0), (3, 4.0)]), None, "no time is negative");
    }

    #[test]
    fn times_far_from_their_curve_are_too_noisy() {
        let of = |disturb: &dyn Fn(usize) -> f32| -> Vec<(usize, f32)> {
            let time = |n: usize| 0.001 * (n * n) as f32 + 0.5 * n as f32 + 4.0;
            LENGTHS.iter().enumerate().map(|(i, &n)| (n, time(n) * disturb(i))).collect()
        };
        for (disturb, noisy) in [(0.0, false), (0.05, false), (0.8, true)] {
            let times = of(&|i| if i % 2 == 0 { 1.0 + disturb } else { 1.0 - disturb });
            assert_eq!(is_too_noisy(&times, &fit_cost(&times).unwrap()), noisy, "{disturb}");
        }
    }

    #[test]
    fn too_few_lengths_and_no_numbers_have_no_curve() {
        for times in [&[][..], &[(1, 1.0), (2, 2.0)], &[(1, 1.0), (2, 2.0), (2, 3.0)], &[(0, 1.0), (0, 1.0), (0, 1.0)]]
        {
            assert_eq!(fit_cost(times), None, "{times:?}");
        }
        for ms in [f32::NAN, f32::INFINITY] {
            assert_eq!(fit_cost(&[(1, 1.0), (2, ms), (3, 3.0)]), None);
        }
        let lengths: Vec<_> = LENGTHS.iter().map(|&n| (n, 0.001 * (n * n) as f32 + 0.5 * n as f32 + 4.0)).collect();
        near(fit_cost(&lengths).unwrap().quadratic_share(512.0), 262.144 / 522.144);
    }

    #[test]
    fn the_median_of_each_length_counts() {
        let passes = [(32, 9.0), (16, 3.0), (16, 100.0), (16, 2.0), (32, 7.0)];
        assert_eq!(median_times(&passes), [(16, 3.0), (32, 8.0)]);
        assert_eq!(median_times(&[]), []);
    }

    #[test]
    fn lengths_follow_each_other_up_to_what_the_model_reads() {
        let plan = |positions| (0..).map_while(|done| next_length(done, positions)).collect::<Vec<_>>();
        let all = plan(512);
        assert_eq!((all.len(), passes_in_all(512)), (30, 30));
        assert_eq!((all[0], all[4], all[5], all[29]), (16, 16, 32, 512));
        assert_eq!((plan(100).last(), passes_in_all(100)), (Some(&64), 15));
        assert_eq!((plan(8), passes_in_all(8)), (vec![], 0));
    }
}
