//! Data and a request in, shapes with a role and a label out.
//!
//! A [`Scene`] is resolved: every position is a number of CSS pixels, nothing is left to the
//! drawing code. The screen, the SVG writer and the tests read the same value, and
//! [`Scene::hit`] answers what lies under a pointer without asking the screen. A picture that needs the whole trace
//! or a large library is drawn in the worker, and its scene travels; one with a [`Shape::Raster`] does not.

pub mod charts;
pub mod colour;
mod curve;
pub mod grid;
pub mod heatmap;
mod hit;
pub mod inside;
pub mod lesson;
pub mod raster;
pub mod sentence;
pub mod svg;
#[cfg(test)]
mod vision;
pub mod width;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::analysis::{Quantity, fixed, significant};
use crate::engine::HeadId;
use crate::text;

/// A finished picture, sizes in CSS pixels, origin at the top left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    pub width: f32,
    pub height: f32,
    /// What the picture shows, in a sentence; its accessible name.
    pub title: String,
    /// Drawn in this order.
    pub marks: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub role: Role,
    pub shape: Shape,
    pub ink: Ink,
    /// Opacity, 0 to 1.
    pub alpha: f32,
    /// What a pointer on it means.
    pub target: Option<Target>,
    /// The number it stands for, as computed.
    pub value: Option<f32>,
    /// What its text says in full, where that is shortened: a tooltip.
    pub title: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// Filled, with rounded corners of radius `r`.
    Rect { at: Area, r: f32 },
    /// Only the outline, `line` pixels wide.
    Frame { at: Area, r: f32, line: f32 },
    /// A cubic Bézier curve, `line` pixels wide.
    Curve { from: Point, bend: [Point; 2], to: Point, line: f32, dashed: bool },
    /// Cubic Bézier curves, each from where the one before ends: a point, then two bends and a point for each curve.
    Route { points: Vec<Point>, line: f32, dashed: bool },
    /// One line of text with its baseline at `y`, turned by `turn` degrees around its anchor.
    Text { at: Point, size: f32, anchor: Anchor, bold: bool, turn: f32, text: String },
    /// Cells of numbers, coloured by [`colour::position`]; NaN cells stay empty. Last, because it does not travel: only the
    /// page draws such pictures, from buffers that it has.
    #[serde(skip)]
    Raster { at: Area, cells: Cells },
}

/// Square-root colour scale from 0 to `max` (and, in the other hue and striped, to `-max`): weights are areas to the
/// eye, and a head that spreads its weight over many tokens is still seen beside one that does not.
#[derive(Clone, Debug)]
pub struct Cells {
    pub columns: usize,
    pub rows: usize,
    /// Many rasters may share one buffer; this one begins at `start`.
    pub values: Arc<Vec<f32>>,
    pub start: usize,
    pub max: f32,
}

impl PartialEq for Cells {
    /// The same buffer (or, for a legend's few cells, equal ones): cheap, and NaN is no obstacle.
    fn eq(&self, other: &Self) -> bool {
        let few = self.columns * self.rows <= 256;
        (self.columns, self.rows, self.start, self.max) == (other.columns, other.rows, other.start, other.max)
            && (Arc::ptr_eq(&self.values, &other.values) || few && self.values == other.values)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Area {
    pub fn contains(&self, x: f32, y: f32) -> bool {
        x >= self.x && x < self.x + self.w && y >= self.y && y < self.y + self.h
    }
}

pub fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

pub fn area(x: f32, y: f32, w: f32, h: f32) -> Area {
    Area { x, y, w, h }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// What a mark is; the screen's style and the tests find marks by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Token,
    Shade,
    Edge,
    Weight,
    Cells,
    Label,
    Query,
    Cursor,
    /// A head switched off.
    Off,
    /// Left out by a filter.
    Pale,
    /// Paper behind what has to be read over other marks.
    Ground,
    /// A number as a length.
    Bar,
    /// The axes of a chart, their numbers and titles.
    Axis,
    /// A curve in a chart.
    Line,
    /// One of the things that a chart compares.
    Dot,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Token => "token",
            Role::Shade => "shade",
            Role::Edge => "edge",
            Role::Weight => "weight",
            Role::Cells => "cells",
            Role::Label => "label",
            Role::Query => "query",
            Role::Cursor => "cursor",
            Role::Off => "off",
            Role::Pale => "pale",
            Role::Ground => "ground",
            Role::Bar => "bar",
            Role::Axis => "axis",
            Role::Line => "line",
            Role::Dot => "dot",
        }
    }
}

/// A colour by its meaning; [`colour::Palette`] gives it a value, the style sheet the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ink {
    Text,
    Faint,
    /// Weight: edges, shades.
    Edge,
    /// What is below 0.
    Less,
    /// The chosen query.
    Query,
    /// Values, and what they add to an output.
    Value,
    /// Text on the chosen query.
    OnQuery,
    Cursor,
    Paper,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    Query(usize),
    Key(usize),
    Cell { query: usize, key: usize },
    Head(HeadId),
}

impl Mark {
    pub fn new(role: Role, ink: Ink, shape: Shape) -> Self {
        Self { role, shape, ink, alpha: 1.0, target: None, value: None, title: None }
    }

    pub fn alpha(self, alpha: f32) -> Self {
        Self { alpha, ..self }
    }

    pub fn target(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    pub fn value(self, value: f32) -> Self {
        Self { value: Some(value), ..self }
    }
}

impl Scene {
    /// The same from right to left, for what is read so. Letters stay as they are, and so would the cells of a raster: this
    /// is for pictures without one.
    pub fn mirrored(mut self) -> Self {
        let width = self.width;
        let turn = |at: &mut Point| at.x = width - at.x;
        for mark in &mut self.marks {
            match &mut mark.shape {
                Shape::Rect { at, .. } | Shape::Frame { at, .. } | Shape::Raster { at, .. } => {
                    at.x = width - at.x - at.w
                }
                Shape::Curve { from, bend: [a, b], to, .. } => [from, a, b, to].into_iter().for_each(turn),
                Shape::Route { points, .. } => points.iter_mut().for_each(turn),
                Shape::Text { at, anchor, turn: by, .. } => {
                    turn(at);
                    *by = -*by;
                    *anchor = match *anchor {
                        Anchor::Start => Anchor::End,
                        Anchor::Middle => Anchor::Middle,
                        Anchor::End => Anchor::Start,
                    };
                }
            }
        }
        self
    }
}

/// A number for readers, with so many decimals.
pub fn digits(number: impl Into<f64>, decimals: usize) -> String {
    text::decimal(fixed(number, decimals))
}

/// A weight as pictures, captions and sentences write it: two decimals, and at least two significant digits.
pub fn two(weight: f32) -> String {
    text::decimal(significant(weight, 2, 2))
}

/// Probabilities, cosines and ranges: three decimals, and at least two significant digits.
pub fn three(number: f32) -> String {
    text::decimal(significant(number, 3, 2))
}

/// A cell as tables and readouts write it: four decimals, and at least three significant digits.
pub fn four(cell: f32) -> String {
    text::decimal(significant(cell, 4, 3))
}

/// A sum of weights as captions write it: two decimals, and a third where two would say 1 of a sum that is not 1.
pub fn row_sum(sum: f32) -> String {
    let [short, long] = [2, 3].map(|decimals| digits(sum, decimals));
    if short == digits(1.0, 2) && long != digits(1.0, 3) { long } else { short }
}

/// Many of what the cells of a picture say.
pub fn noun(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Weight | Quantity::LayerMean => text::weights(),
        Quantity::Score => text::scores(),
        Quantity::Norm => text::norms(),
        Quantity::Rollout => text::shares(),
        Quantity::Difference => text::differences(),
    }
}

/// A cell in the little room under a token: two decimals, and a sign where both occur.
fn brief(quantity: Quantity, cell: f32) -> String {
    let sign = if quantity.is_signed() && cell >= 0.005 { "+" } else { "" };
    format!("{sign}{}", digits(cell, 2))
}

/// A cell as legends and captions write it: as [`two`] does, and with a sign where both occur.
pub fn told(quantity: Quantity, cell: f32) -> String {
    if quantity.is_signed() && cell > 0.0 { format!("+{}", two(cell)) } else { two(cell) }
}

/// A cell in a sentence: as [`told`] writes it, but a difference is so much more or less.
pub fn in_sentence(quantity: Quantity, cell: f32) -> String {
    match quantity {
        Quantity::Difference if cell < 0.0 => text::amount_less(&two(-cell)),
        Quantity::Difference if cell > 0.0 => text::amount_more(&two(cell)),
        _ => told(quantity, cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_in_a_sentence_is_so_much_more_or_less() {
        let difference = |cell| in_sentence(Quantity::Difference, cell);
        assert_eq!([-0.0336, 0.0526, 0.0].map(difference), ["0.034 less", "0.053 more", "0.00"]);
        assert_eq!(in_sentence(Quantity::Weight, 0.624), "0.62");
        assert_eq!(in_sentence(Quantity::Score, -1.5), "-1.50");
    }

    #[test]
    fn a_row_is_said_to_sum_to_1_only_where_it_does() {
        for (sum, written) in
            [(1.0, "1.00"), (0.9999, "1.00"), (0.998, "0.998"), (1.0012, "1.001"), (0.994, "0.99"), (0.376, "0.38")]
        {
            assert_eq!(row_sum(sum), written);
        }
    }

    #[test]
    fn cells_are_written_with_a_sign_where_both_occur() {
        assert_eq!(told(Quantity::Weight, 0.624), "0.62");
        assert_eq!(told(Quantity::Weight, 0.0312), "0.031");
        assert_eq!(told(Quantity::Difference, 0.0526), "+0.053");
        assert_eq!(told(Quantity::Difference, -0.0336), "-0.034");
        assert_eq!([told(Quantity::Score, 0.001), told(Quantity::Score, -0.001)], ["+0.0010", "-0.0010"]);
        assert_eq!(told(Quantity::Difference, 0.0), "0.00");
        let brief = [0.0526, -0.0336].map(|cell| brief(Quantity::Difference, cell));
        assert_eq!(brief, ["+0.05", "-0.03"]);
    }

    #[test]
    fn a_scene_travels_whole_or_not_at_all() {
        let at = area(1.5, 2.0, 3.0, 4.0);
        let (a, b) = (point(0.0, 1.0), point(2.0, 3.0));
        let marks = [
            Shape::Rect { at, r: 1.0 },
            Shape::Frame { at, r: 0.0, line: 0.5 },
            Shape::Curve { from: a, bend: [a, b], to: b, line: 2.0, dashed: true },
            Shape::Route { points: vec![a, a, b, b], line: 2.0, dashed: false },
            Shape::Text { at: a, size: 12.0, anchor: Anchor::End, bold: true, turn: -90.0, text: "é".into() },
        ];
        let mark = |shape| Mark::new(Role::Dot, Ink::Query, shape).alpha(0.5).value(f32::MIN_POSITIVE);
        let head = Target::Head(HeadId::new(3, 1));
        let mut scene = Scene {
            width: 5.0,
            height: 6.0,
            title: "t".into(),
            marks: marks.map(|shape| mark(shape).target(head)).into(),
        };
        let bytes = postcard::to_allocvec(&scene).unwrap();
        assert_eq!(postcard::from_bytes::<Scene>(&bytes).unwrap(), scene);
        let cells = Cells { columns: 1, rows: 1, values: Arc::new(vec![0.0]), start: 0, max: 1.0 };
        scene.marks.push(mark(Shape::Raster { at, cells }));
        assert!(postcard::to_allocvec(&scene).is_err());
    }
}
