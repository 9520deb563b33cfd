//! A chart of a few lines, each with its name at its end.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::plot::{Axes, Plot};
use super::{LABEL_SIZE, WIDEST, dot, label};
use crate::analysis::fixed;
use crate::scene::width::estimated_width;
use crate::scene::{Anchor, Ink, Mark, Point, Role, Scene, Shape, point};
use crate::text;

const HEIGHT: f32 = 300.0;
/// The most lines, which inks and dashes can distinguish.
const MOST_LINES: usize = 6;
/// The most points of a line, which are more than a chart has pixels.
const MOST_POINTS: usize = 10_000;
/// The smallest number of a logarithmic axis. A line ends where it falls below this number, and its points below are
/// drawn as arrows at the axis.
const FLOOR: f32 = 1e-12;
const BELOW: &str = "↓";

/// Lines to draw. The points of a line are in ascending order of x. On a logarithmic axis (of base 2 for x, of base 10
/// for y) numbers are above 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    pub title: String,
    pub axes: [String; 2],
    pub lines: Vec<Named>,
    pub x_log: bool,
    pub y_log: bool,
    /// The end of the vertical axis. Larger numbers are drawn there.
    pub y_most: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    /// The index of its style in [`STYLES`]. A model has the same style in every chart.
    pub style: usize,
    pub points: Vec<(f32, f32)>,
}

/// The styles that distinguish lines, beside their names: ink, and whether the line is dashed.
pub const STYLES: [(Ink, bool); 6] = [
    (Ink::Faint, false),
    (Ink::Text, false),
    (Ink::Text, true),
    (Ink::Edge, false),
    (Ink::Query, false),
    (Ink::Query, true),
];

impl Curves {
    /// Whether axes can be drawn for these numbers.
    pub fn can_be_drawn(&self) -> bool {
        let is_point = |&(x, y): &(f32, f32)| {
            x.abs() < 1e7 && y.is_finite() && (!self.x_log || x > 0.0) && (!self.y_log || y >= 0.0)
        };
        let points = || self.lines.iter().flat_map(|line| &line.points);
        (1..=MOST_LINES).contains(&self.lines.len())
            && (1..=MOST_POINTS).contains(&points().count())
            && points().all(is_point)
            && self.lines.iter().all(|line| line.style < STYLES.len())
            && self.y_most > 0.0
            && self.y_most < 1e7
    }

    /// A point in the coordinates of the axes, which are logarithms on logarithmic axes.
    fn placed(&self, (x, y): (f32, f32), y_range: &Range<f32>) -> (f32, f32) {
        let x = if self.x_log { x.log2() } else { x };
        let y = if self.y_log { y.max(FLOOR).log10() } else { y };
        (x, y.clamp(y_range.start, y_range.end))
    }

    fn is_below(&self, y: f32) -> bool {
        self.y_log && y < FLOOR
    }

    /// The part of a line from its beginning to where it falls below [`FLOOR`].
    fn above_floor(&self, points: &[(f32, f32)], placed: &[(f32, f32)]) -> Vec<(f32, f32)> {
        let Some(first_below) = points.iter().position(|p| self.is_below(p.1)) else { return placed.to_vec() };
        let mut above = placed[..first_below].to_vec();
        if let Some(&(x, y)) = above.last() {
            let floor = FLOOR.log10();
            // The logarithm of 0 is not finite, and the line falls vertically.
            let drop = points[first_below].1.log10() - y;
            let share = if drop.is_finite() { (floor - y) / drop } else { 0.0 };
            above.push((x + share * (placed[first_below].0 - x), floor));
        }
        above
    }

    pub fn scene(&self, room: f32) -> Scene {
        let width = room.min(WIDEST);
        let y = self.y_range();
        let lines: Vec<Vec<(f32, f32)>> =
            self.lines.iter().map(|line| line.points.iter().map(|&p| self.placed(p, &y)).collect()).collect();
        let xs = || lines.iter().flatten().map(|p| p.0);
        let (first, last) = (xs().fold(f32::INFINITY, f32::min), xs().fold(f32::NEG_INFINITY, f32::max));
        // Names are after the last points.
        let widest = self.lines.iter().map(|line| estimated_width(&line.name, LABEL_SIZE)).fold(0.0, f32::max);
        let share = ((widest + 14.0) / (width - 75.0)).min(0.5);
        let span = (last - first).max(1e-3);
        let end = first + span / (1.0 - share);
        let across = |x: f32| match (x <= last + span * 1e-3, self.x_log) {
            (false, _) => String::new(),
            (true, true) if x.fract().abs() > 1e-3 => String::new(),
            (true, true) => fixed(x.exp2(), 0),
            (true, false) => text::decimal(trimmed(fixed(x, 2))),
        };
        let upward = |y: f32| match self.y_log {
            true if y.fract().abs() > 1e-3 => String::new(),
            true => power_of_ten(y.round() as i32),
            false => text::decimal(trimmed(fixed(y, 2))),
        };
        let plot = Plot::new(&Axes {
            width,
            height: HEIGHT,
            x: first..end,
            y: y.clone(),
            titles: [&self.axes[0], &self.axes[1]],
            most_labels: [(width / 45.0) as usize, 8],
            written: [&across, &upward],
            upright_lines: false,
        });
        let mut names = Vec::new();
        let mut dots = Vec::new();
        for (line, named) in lines.iter().zip(&self.lines) {
            let (ink, dashed) = STYLES[named.style];
            let above = self.above_floor(&named.points, line);
            match dashed {
                true => plot.line(&parted(&above), ink, 2.0, true),
                false => plot.line(&above, ink, 2.0, false),
            }
            if line.len() <= 16 {
                dots.extend(line.iter().zip(&named.points).map(|(&(x, y), own)| match self.is_below(own.1) {
                    true => arrow_down(plot.at(x, y), ink, own.1),
                    false => dot(plot.at(x, y), ink, own.1),
                }));
            }
            if let Some(&(x, y)) = line.last() {
                names.push((plot.at(x, y), ink, named.name.clone()));
            }
        }
        let mut marks = plot.into_marks();
        marks.extend(dots);
        // The names of lines that end near each other are moved apart, those at the floor upward.
        names.sort_by(|a, b| b.0.y.total_cmp(&a.0.y));
        let mut lowest = HEIGHT - 52.0;
        for (at, ink, name) in names {
            let y = (at.y + LABEL_SIZE * 0.35).min(lowest);
            lowest = y - LABEL_SIZE * 1.2;
            marks.push(label(point(at.x + 9.0, y), Anchor::Start, ink, true, name));
        }
        Scene { width, height: HEIGHT, title: self.title.clone(), marks }
    }

    fn y_range(&self) -> Range<f32> {
        if !self.y_log {
            return 0.0..self.y_most;
        }
        let least = self.lines.iter().flat_map(|line| &line.points).map(|p| p.1.max(FLOOR)).fold(self.y_most, f32::min);
        least.log10().floor().min(self.y_most.log10() - 1.0)..self.y_most.log10()
    }
}

/// The arrow for a point below the axis.
fn arrow_down(at: Point, ink: Ink, value: f32) -> Mark {
    let shape = Shape::Text {
        at: point(at.x, at.y - 2.0),
        size: 1.4 * LABEL_SIZE,
        anchor: Anchor::Middle,
        bold: true,
        turn: 0.0,
        text: BELOW.into(),
    };
    Mark::new(Role::Dot, ink, shape).value(value)
}

/// A line in short pieces, of which every second one is drawn.
fn parted(line: &[(f32, f32)]) -> Vec<(f32, f32)> {
    const PIECES: usize = 9;
    let between = |two: &[(f32, f32)]| {
        let (a, b) = (two[0], two[1]);
        let along = (0..PIECES).map(|i| i as f32 / PIECES as f32);
        along.map(|t| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)).collect::<Vec<_>>()
    };
    line.windows(2).flat_map(between).chain(line.last().copied()).collect()
}

fn trimmed(number: String) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number,
    }
}

/// `1`, `0.1`, `0.001`, `10⁻⁸`.
fn power_of_ten(power: i32) -> String {
    if (-3..=3).contains(&power) {
        return text::decimal(trimmed(fixed(10f64.powi(power), 3)));
    }
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let raised = power.unsigned_abs().to_string();
    let raised = raised.bytes().filter_map(|b| digits.chars().nth(usize::from(b - b'0')));
    ["10", if power < 0 { "⁻" } else { "" }].into_iter().flat_map(str::chars).chain(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    fn curves(points: Vec<Vec<(f32, f32)>>) -> Curves {
        let named = |(i, points)| Named { name: format!("line {i}"), style: i % STYLES.len(), points };
        let lines = points.into_iter().enumerate().map(named);
        Curves {
            title: "t".into(),
            axes: ["x".into(), "y".into()],
            lines: lines.collect(),
            x_log: true,
            y_log: true,
            y_most: 1.0,
        }
    }

    fn texts(scene: &Scene, role: Role) -> Vec<(String, f32)> {
        let text = |m: &crate::scene::Mark| match &m.shape {
            Shape::Text { text, at, .. } if m.role == role => Some((text.clone(), at.y)),
            _ => None,
        };
        scene.marks.iter().filter_map(text).collect()
    }

    #[test]
    fn powers_are_written_as_people_do() {
        assert_eq!([0, -1, -3, 2].map(power_of_ten), ["1", "0.1", "0.001", "100"]);
        assert_eq!([-8, -12, 5].map(power_of_ten), ["10⁻⁸", "10⁻¹²", "10⁵"]);
    }

    #[test]
    fn what_falls_by_ten_each_doubling_is_a_straight_line() {
        let falling: Vec<(f32, f32)> = (1..8).map(|i| (2f32.powi(i), 10f32.powi(-i))).collect();
        let scene = curves(vec![falling]).scene(600.0);
        let dots: Vec<(f32, f32)> = scene
            .marks
            .iter()
            .filter(|m| m.role == Role::Dot)
            .filter_map(|m| match m.shape {
                Shape::Rect { at, .. } => Some((at.x, at.y)),
                _ => None,
            })
            .collect();
        assert_eq!(dots.len(), 7);
        for three in dots.windows(3) {
            assert!((three[0].0 - 2.0 * three[1].0 + three[2].0).abs() < 0.3, "{three:?}");
            assert!((three[0].1 - 2.0 * three[1].1 + three[2].1).abs() < 0.3, "{three:?}");
        }
        let numbers: Vec<String> = texts(&scene, Role::Axis).into_iter().map(|(text, _)| text).collect();
        for number in ["2", "128", "1", "10⁻⁶"] {
            assert!(numbers.iter().any(|n| n == number), "{number} in {numbers:?}");
        }
    }

    #[test]
    fn a_line_that_falls_below_the_axis_ends_there_in_arrows() {
        // From 1e-6 at 4 to 1e-18 at 16: half-way, at 8, it meets the floor.
        let scene = curves(vec![vec![(4.0, 1e-6), (16.0, 1e-18), (32.0, 0.0)]]).scene(600.0);
        let dots: Vec<&Mark> = scene.marks.iter().filter(|m| m.role == Role::Dot).collect();
        let middle = |mark: &Mark| match &mark.shape {
            Shape::Rect { at, .. } => (at.x + at.w / 2.0, false),
            Shape::Text { at, text, .. } => (at.x, text == BELOW),
            _ => panic!("{mark:?}"),
        };
        let [(at_4, below_4), (at_16, below_16), (_, below_32)] = [0, 1, 2].map(|i| middle(dots[i]));
        assert_eq!([below_4, below_16, below_32], [false, true, true]);
        assert_eq!(dots.iter().map(|dot| dot.value.unwrap()).collect::<Vec<_>>(), [1e-6, 1e-18, 0.0]);
        let ends = scene.marks.iter().filter(|m| m.role == Role::Line).map(|m| match m.shape {
            Shape::Curve { to, .. } => to.x,
            _ => panic!("{m:?}"),
        });
        let end = ends.fold(f32::MIN, f32::max);
        assert!((end - (at_4 + at_16) / 2.0).abs() < 0.5, "{end} is half-way from {at_4} to {at_16}");
    }

    #[test]
    fn names_of_lines_that_end_together_do_not_cover_each_other() {
        let scene =
            curves(vec![vec![(2.0, 1e-20), (512.0, 1e-30)], vec![(2.0, 1.0), (512.0, 1e-13)], vec![(512.0, 0.9)]]);
        assert!(scene.can_be_drawn());
        let mut names = texts(&scene.scene(400.0), Role::Label);
        names.sort_by(|a, b| a.1.total_cmp(&b.1));
        assert_eq!(names.len(), 3);
        assert!(names.windows(2).all(|two| two[1].1 - two[0].1 >= LABEL_SIZE), "{names:?}");
        assert_eq!(names[0].0, "line 2", "the highest");
    }

    #[test]
    fn what_has_no_place_cannot_be_drawn() {
        assert!(!curves(vec![]).can_be_drawn());
        assert!(!curves(vec![vec![]]).can_be_drawn());
        assert!(!curves(vec![vec![(0.0, 1.0)]]).can_be_drawn(), "no logarithm");
        assert!(!curves(vec![vec![(1.0, -1.0)]]).can_be_drawn());
        assert!(!curves(vec![vec![(1.0, f32::NAN)]]).can_be_drawn());
        assert!(!curves(vec![vec![(1.0, 1.0)]; 7]).can_be_drawn());
        let mut unknown_style = curves(vec![vec![(1.0, 1.0)]]);
        unknown_style.lines[0].style = STYLES.len();
        assert!(!unknown_style.can_be_drawn());
        assert!(!Curves { y_most: 0.0, ..curves(vec![vec![(1.0, 1.0)]]) }.can_be_drawn());
    }
}
