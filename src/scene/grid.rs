//! All heads at once: layers by heads, thumbnails of one run on a common scale.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Anchor, Area, Cells, Ink, Mark, Role, Scene, Shape, Target, area, point};
use crate::engine::HeadId;

const LEFT: f32 = 30.0;
const TOP: f32 = 20.0;
const LARGEST: f32 = 66.0;

pub struct Grid {
    pub layers: usize,
    pub heads: usize,
    /// [layers, heads, side, side], row-major.
    pub thumbs: Arc<Vec<f32>>,
    pub side: usize,
    pub max: f32,
    pub chosen: HeadId,
    /// Heads that are switched off: crossed out.
    pub off: BTreeSet<HeadId>,
    pub pointed: Option<HeadId>,
    pub room: f32,
}

pub fn grid(g: &Grid) -> Scene {
    let pitch = ((g.room - LEFT) / g.heads.max(1) as f32).min(LARGEST);
    let gap = (pitch * 0.08).clamp(1.5, 5.0);
    let place =
        |id: HeadId| area(LEFT + id.head as f32 * pitch, TOP + id.layer as f32 * pitch, pitch - gap, pitch - gap);
    let mut marks = Vec::with_capacity(g.layers * g.heads + g.layers + g.heads + 2);
    let label = |x, y, anchor, text| {
        Mark::new(
            Role::Label,
            Ink::Faint,
            Shape::Text { at: point(x, y), size: 11.0, anchor, bold: false, turn: 0.0, text },
        )
    };
    for head in 0..g.heads {
        let at = place(HeadId::new(0, head));
        marks.push(label(at.x + at.w / 2.0, TOP - 6.0, Anchor::Middle, format!("H{head}")));
    }
    for layer in 0..g.layers {
        let at = place(HeadId::new(layer, 0));
        marks.push(label(LEFT - 8.0, at.y + at.h / 2.0 + 4.0, Anchor::End, format!("L{layer}")));
        for head in 0..g.heads {
            let id = HeadId::new(layer, head);
            let start = (layer * g.heads + head) * g.side * g.side;
            let cells = Cells { columns: g.side, rows: g.side, values: g.thumbs.clone(), start, max: g.max };
            marks.push(
                Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at: place(id), cells }).target(Target::Head(id)),
            );
        }
    }
    for &head in &g.off {
        let Area { x, y, w, h } = place(head);
        for (from, to) in [(point(x, y), point(x + w, y + h)), (point(x + w, y), point(x, y + h))] {
            let line = Shape::Curve { from, bend: [from, to], to, line: 2.0 };
            marks.push(Mark::new(Role::Off, Ink::Query, line));
        }
    }
    // Outlines of different width: the two are told apart without their colours.
    let frame = |id, role, ink, line: f32| {
        let Area { x, y, w, h } = place(id);
        let at = area(x - line / 2.0, y - line / 2.0, w + line, h + line);
        Mark::new(role, ink, Shape::Frame { at, r: 2.0, line })
    };
    marks.push(frame(g.chosen, Role::Query, Ink::Query, 3.0));
    marks.extend(g.pointed.filter(|&id| id != g.chosen).map(|id| frame(id, Role::Cursor, Ink::Text, 1.5)));
    Scene {
        width: LEFT + g.heads as f32 * pitch,
        height: TOP + g.layers as f32 * pitch,
        title: format!(
            "All {} heads: {} layers down, {} heads across; {} chosen",
            g.layers * g.heads,
            g.layers,
            g.heads,
            g.chosen
        ),
        marks,
    }
}
