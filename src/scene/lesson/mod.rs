//! The pictures of the lesson. Their numbers are computed before, by `crate::lesson` or from a run.

mod bars;
mod maps;
mod plane;
mod strips;

pub use bars::{Bar, Bars};
pub use maps::Maps;
pub use plane::Plane;
pub use strips::{Strip, Strips};

use super::{Anchor, Ink, Mark, Point, Role, Shape, area, point};

const SIZE: f32 = 12.0;

fn text(at: Point, anchor: Anchor, ink: Ink, bold: bool, text: impl Into<String>) -> Mark {
    Mark::new(Role::Label, ink, Shape::Text { at, size: SIZE, anchor, bold, turn: 0.0, text: text.into() })
}

fn line(role: Role, ink: Ink, from: Point, to: Point, wide: f32) -> Mark {
    Mark::new(role, ink, Shape::Curve { from, bend: [from, to], to, line: wide, dashed: false })
}

fn disc(role: Role, ink: Ink, at: Point, across: f32) -> Mark {
    let half = across / 2.0;
    Mark::new(role, ink, Shape::Rect { at: area(at.x - half, at.y - half, across, across), r: half })
}

fn ring(role: Role, ink: Ink, at: Point, across: f32, wide: f32) -> Mark {
    let half = across / 2.0;
    let at = area(at.x - half, at.y - half, across, across);
    Mark::new(role, ink, Shape::Frame { at, r: half, line: wide })
}

/// The head of an arrow that ends at `to`.
fn arrow_head(ink: Ink, from: Point, to: Point, wide: f32) -> [Mark; 2] {
    let (dx, dy) = (from.x - to.x, from.y - to.y);
    let length = (dx * dx + dy * dy).sqrt().max(1e-3);
    let (dx, dy) = (8.0 * dx / length, 8.0 * dy / length);
    // Rotated by 25 degrees to either side.
    let (sin, cos) = (0.423f32, 0.906f32);
    [1.0, -1.0].map(|side| {
        let end = point(to.x + dx * cos - side * dy * sin, to.y + side * dx * sin + dy * cos);
        line(Role::Edge, ink, to, end, wide)
    })
}
