//! The chart of the times of runs of different lengths, and of how they grow.

use super::plot::{Axes, Plot};
use super::{WIDEST, dot, label, ring};
use crate::analysis::{Cost, fit_cost, fixed, is_too_noisy};
use crate::scene::{Anchor, Ink, Point, Role, Scene, point};
use crate::text;

const HEIGHT: f32 = 330.0;
/// The straight pieces of a curve.
const PIECES: usize = 60;
/// The least number of points for a fit of three coefficients.
const ENOUGH: usize = 4;

/// The chart of times. Both axes are linear, so that growth faster than linear is visible as a curve that bends upward.
/// On logarithmic axes powers would be straight lines of different slopes, which need an explanation.
pub struct CostChart<'a> {
    /// Tokens and milliseconds in ascending order of length; not empty.
    pub times: &'a [(usize, f32)],
    /// The tokens of the text on screen, and the milliseconds of its own run.
    pub own: (usize, f32),
    pub room: f32,
}

impl CostChart<'_> {
    /// The fit to the times. None if there are too few times, or if they are too noisy.
    fn fit(&self) -> Option<Cost> {
        fit_cost(self.times).filter(|cost| self.times.len() >= ENOUGH && !is_too_noisy(self.times, cost))
    }

    fn longest(&self) -> (usize, f32) {
        self.times[self.times.len() - 1]
    }

    pub fn told(&self) -> String {
        let ((longest, _), (own, took)) = (self.longest(), self.own);
        let times = self.times.iter().map(|&(n, ms)| text::cost_time(n, &digits(f64::from(ms))));
        let measured = text::cost_told(&text::list(times));
        let curve = self.fit().map(|cost| {
            let [square, linear, constant] = [cost.quadratic, cost.linear, cost.constant].map(digits);
            let (curve, share) =
                (format!("{square} n² + {linear} n + {constant}"), cost.quadratic_share(longest as f64));
            text::cost_curve(&curve, &longest.to_string(), &fixed(100.0 * share, 0))
        });
        let growth = match curve {
            Some(curve) => curve,
            None if self.times.len() >= ENOUGH => text::cost_noisy().into(),
            None => String::new(),
        };
        text::sentences([measured, growth, text::cost_own(own, &digits(f64::from(took)))])
    }

    pub fn scene(&self) -> Scene {
        let width = self.room.min(WIDEST);
        let (longest, last) = self.longest();
        let most_tokens = self.times.iter().map(|t| t.0).fold(self.own.0, usize::max) as f32;
        let slowest = self.times.iter().map(|t| t.1).fold(self.own.1, f32::max);
        let number = |x: f32| fixed(x, 0);
        let short = |y: f32| digits(f64::from(y));
        let plot = Plot::new(&Axes {
            width,
            height: HEIGHT,
            x: 0.0..most_tokens * 1.04,
            y: 0.0..slowest.max(0.01) * 1.06,
            titles: [text::axis_tokens(), text::axis_time()],
            most_labels: [(width / 60.0) as usize, 8],
            written: [&number, &short],
            upright_lines: true,
        });
        let curve = |of: &dyn Fn(f32) -> f32| -> Vec<(f32, f32)> {
            let along = (0..=PIECES).map(|i| longest as f32 * i as f32 / PIECES as f32);
            along.map(|n| (n, of(n).max(0.0))).collect()
        };
        let square = |n: f32| last * (n / longest as f32).powi(2);
        let fit = self.fit();
        if let Some(cost) = fit {
            plot.line(&curve(&square), Ink::Faint, 1.5, true);
            plot.line(&curve(&|n| cost.at(f64::from(n)) as f32), Ink::Edge, 2.0, false);
        }
        let place = |(n, ms): (usize, f32)| plot.at(n as f32, ms);
        let (dots, own) =
            (self.times.iter().map(|&t| dot(place(t), Ink::Text, t.1)).collect::<Vec<_>>(), place(self.own));
        // The names are beside the curves, where these are farthest from their neighbours.
        let (above, below) = (
            plot.at(longest as f32 * 0.55, square(longest as f32 * 0.55)),
            plot.at(longest as f32 * 0.72, square(longest as f32 * 0.72)),
        );
        let fitted = fit.map(|cost| plot.at(longest as f32 * 0.55, cost.at(longest as f64 * 0.55) as f32));
        let mut marks = plot.into_marks();
        if let Some(fitted) = fitted {
            let Point { x, y } = point(above.x, fitted.y.min(above.y));
            marks.push(label(point(x - 8.0, y - 6.0), Anchor::End, Ink::Edge, true, "a n² + b n + c"));
            marks.push(label(
                point(below.x + 10.0, below.y + 14.0),
                Anchor::Start,
                Ink::Faint,
                false,
                text::square_alone(),
            ));
        }
        marks.extend(dots);
        marks.push(ring(own, Role::Cursor, Ink::Query, 2.0).value(self.own.1));
        let title = text::cost_title(&longest.to_string(), &short(last));
        Scene { width, height: HEIGHT, title, marks }
    }
}

/// A number with about three significant digits: `0.000713`, `4.31`, `512`.
fn digits(number: f64) -> String {
    let before = number.abs().log10().floor();
    // The logarithm of 0 is not finite.
    let behind = if before.is_finite() { (2.0 - before).clamp(0.0, 9.0) } else { 0.0 };
    let written = fixed(number, behind as usize);
    text::decimal(match written.contains('.') {
        true => written.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => written,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Mark, Shape};

    fn times(of: impl Fn(f32) -> f32) -> Vec<(usize, f32)> {
        [16, 32, 64, 128, 256, 512].map(|n| (n, of(n as f32))).to_vec()
    }

    fn middle(mark: &Mark) -> (f32, f32) {
        match mark.shape {
            Shape::Rect { at, .. } | Shape::Frame { at, .. } => (at.x + at.w / 2.0, at.y + at.h / 2.0),
            _ => panic!("{mark:?}"),
        }
    }

    #[test]
    fn numbers_have_three_digits() {
        let written = [(0.000_713_4, "0.000713"), (4.312, "4.31"), (512.6, "513"), (1234.0, "1234"), (0.0, "0")];
        for (number, text) in written {
            assert_eq!(digits(number), text);
        }
        assert_eq!((digits(100.0), digits(-2.5), digits(1e-12)), ("100".into(), "-2.5".into(), "0".into()));
    }

    #[test]
    fn points_lie_on_the_curve_that_made_them_and_the_square_is_below() {
        let times = times(|n| 0.001 * n * n + 0.5 * n + 4.0);
        let chart = CostChart { times: &times, own: (16, 12.0), room: 600.0 };
        let scene = chart.scene();
        let dots: Vec<_> = scene.marks.iter().filter(|m| m.role == Role::Dot).collect();
        assert_eq!(
            dots.iter().map(|m| m.value.unwrap()).collect::<Vec<_>>(),
            times.iter().map(|t| t.1).collect::<Vec<_>>()
        );
        let ends = |ink| -> Vec<(f32, f32)> {
            let lines = scene.marks.iter().filter(|m| m.role == Role::Line && m.ink == ink);
            lines.map(|m| if let Shape::Curve { to, .. } = m.shape { (to.x, to.y) } else { panic!() }).collect()
        };
        let (fitted, square) = (ends(Ink::Edge), ends(Ink::Faint));
        assert_eq!((fitted.len(), square.len()), (PIECES, PIECES / 2));
        for dot in &dots {
            let (x, y) = middle(dot);
            let nearest = fitted.iter().map(|at| (at.0 - x).hypot(at.1 - y)).fold(f32::MAX, f32::min);
            assert!(nearest < 6.0, "{nearest} pixels");
        }
        // Screen coordinates: lower is more.
        for at in &square {
            let above = fitted.iter().find(|f| f.0 == at.0).unwrap();
            assert!(above.1 <= at.1 + 0.2, "{at:?} {above:?}");
        }
        let told = chart.told();
        assert!(told.contains("16 tokens 12.3 ms"), "{told}");
        assert!(told.contains("0.001 n² + 0.5 n + 4 ms; at 512 tokens the n² part is 50 % of the time."), "{told}");
        assert!(told.ends_with("The ring is the text on screen: 16 tokens in 12 ms."), "{told}");
    }

    #[test]
    fn times_that_are_too_noisy_have_no_curve_and_the_text_says_so() {
        let times: Vec<_> = [16, 32, 64, 128, 256, 512].into_iter().zip([90.0, 5.0, 200.0, 8.0, 400.0, 20.0]).collect();
        let chart = CostChart { times: &times, own: (16, 12.0), room: 600.0 };
        assert_eq!(chart.scene().marks.iter().filter(|m| m.role == Role::Line).count(), 0);
        let told = chart.told();
        assert!(told.contains("too noisy") && !told.contains("Nearest curve"), "{told}");
    }

    #[test]
    fn there_is_no_curve_before_there_are_enough_points() {
        let all = times(|n| n);
        for count in 1..=all.len() {
            let chart = CostChart { times: &all[..count], own: (20, 3.0), room: 360.0 };
            let lines = chart.scene().marks.iter().filter(|m| m.role == Role::Line).count();
            assert_eq!(lines > 0, count >= ENOUGH);
            assert_eq!(chart.told().contains("Nearest curve"), count >= ENOUGH);
        }
    }
}
