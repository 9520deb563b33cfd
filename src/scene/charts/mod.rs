//! Charts. Scales, axes and curves are drawn by plotters; the targets for the pointer and the sentences about them are
//! made here.

mod cost;
mod curves;
mod heads;
mod plot;

pub use cost::CostChart;
pub use curves::{Curves, Named, STYLES};
pub use heads::HeadChart;

use super::{Anchor, Ink, Mark, Point, Role, Shape, Target, area};

const LABEL_SIZE: f32 = 12.0;
/// The greatest width of a chart.
const WIDEST: f32 = 900.0;
/// The diameters of a dot and of its target for the pointer.
const DOT: f32 = 8.0;
const HIT: f32 = 14.0;

fn dot(at: Point, ink: Ink, value: f32) -> Mark {
    Mark::new(Role::Dot, ink, round(at, DOT)).value(value)
}

fn round(at: Point, across: f32) -> Shape {
    let half = across / 2.0;
    Shape::Rect { at: area(at.x - half, at.y - half, across, across), r: half }
}

/// The invisible target of a dot.
fn ground(at: Point, target: Target) -> Mark {
    Mark::new(Role::Shade, Ink::Paper, round(at, HIT)).alpha(0.0).target(target)
}

fn ring(at: Point, role: Role, ink: Ink, line: f32) -> Mark {
    let (across, half) = (DOT + 7.0, (DOT + 7.0) / 2.0);
    let at = area(at.x - half, at.y - half, across, across);
    Mark::new(role, ink, Shape::Frame { at, r: half, line })
}

fn label(at: Point, anchor: Anchor, ink: Ink, bold: bool, text: impl Into<String>) -> Mark {
    Mark::new(Role::Label, ink, Shape::Text { at, size: LABEL_SIZE, anchor, bold, turn: 0.0, text: text.into() })
}
