//! All heads at once: layers by heads, thumbnails of one run on a common scale.

use std::sync::Arc;

use super::{Anchor, Area, Cells, Ink, Mark, Role, Scene, Shape, Target, area, digits, point};
use crate::engine::{HeadId, HeadSet};
use crate::text;

const LEFT: f32 = 30.0;
const TOP: f32 = 20.0;
const LARGEST: f32 = 66.0;
/// Height of each line under a thumbnail, where heads are ranked: which head it is, and its number.
const LINE: f32 = 12.0;

pub struct Grid<'a> {
    pub layers: usize,
    pub heads: usize,
    /// [layers, heads, side, side], row-major.
    pub thumbs: Arc<Vec<f32>>,
    pub side: usize,
    pub max: f32,
    pub chosen: HeadId,
    /// Heads that are switched off: crossed out.
    pub off: HeadSet,
    /// Heads in another order than by layer, with the number that they are ranked by.
    pub ranked: Option<&'a [(HeadId, f32)]>,
    /// Heads that a filter leaves out: paled. By layer and head; empty for none.
    pub pale: &'a [bool],
    pub pointed: Option<HeadId>,
    pub room: f32,
}

/// Where each head stands, counted along rows of `heads`.
pub fn slot(ranked: Option<&[(HeadId, f32)]>, heads: usize, head: HeadId) -> Option<usize> {
    match ranked {
        None => Some(head.layer * heads + head.head),
        Some(ranked) => ranked.iter().position(|(id, _)| *id == head),
    }
}

/// The head that stands there.
pub fn head_at(ranked: Option<&[(HeadId, f32)]>, layers: usize, heads: usize, slot: usize) -> Option<HeadId> {
    match ranked {
        None => (slot < layers * heads).then(|| HeadId::new(slot / heads, slot % heads)),
        Some(ranked) => ranked.get(slot).map(|(id, _)| *id),
    }
}

pub fn grid(g: &Grid) -> Scene {
    let pitch = ((g.room - LEFT) / g.heads.max(1) as f32).min(LARGEST);
    let gap = (pitch * 0.08).clamp(1.5, 5.0);
    let row = pitch + if g.ranked.is_some() { 2.0 * LINE + 3.0 } else { 0.0 };
    let place = |id: HeadId| {
        let slot = slot(g.ranked, g.heads, id)?;
        let (line, column) = (slot / g.heads, slot % g.heads);
        Some(area(LEFT + column as f32 * pitch, TOP + line as f32 * row, pitch - gap, pitch - gap))
    };
    let mut marks = Vec::with_capacity(3 * g.layers * g.heads + 2);
    for id in HeadId::all(g.layers, g.heads) {
        let Some(at) = place(id) else { continue };
        let start = (id.layer * g.heads + id.head) * g.side * g.side;
        let cells = Cells { columns: g.side, rows: g.side, values: g.thumbs.clone(), start, max: g.max };
        marks.push(Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at, cells }).target(Target::Head(id)));
        if g.pale.get(id.layer * g.heads + id.head) == Some(&true) {
            marks.push(Mark::new(Role::Pale, Ink::Paper, Shape::Rect { at, r: 0.0 }).alpha(0.82));
        }
        if g.off.contains(&id) {
            let Area { x, y, w, h } = at;
            for (from, to) in [(point(x, y), point(x + w, y + h)), (point(x + w, y), point(x, y + h))] {
                let line = Shape::Curve { from, bend: [from, to], to, line: 2.0, dashed: false };
                marks.push(Mark::new(Role::Off, Ink::Query, line));
            }
        }
    }
    name_heads(g, &place, &mut marks);
    // Outlines of different width: the two are told apart without their colours.
    let frame = |id, role, ink, line: f32| {
        let Area { x, y, w, h } = place(id)?;
        let at = area(x - line / 2.0, y - line / 2.0, w + line, h + line);
        Some(Mark::new(role, ink, Shape::Frame { at, r: 2.0, line }))
    };
    marks.extend(frame(g.chosen, Role::Query, Ink::Query, 3.0));
    marks.extend(g.pointed.filter(|&id| id != g.chosen).and_then(|id| frame(id, Role::Cursor, Ink::Text, 1.5)));
    Scene {
        width: LEFT + g.heads as f32 * pitch,
        height: TOP + g.layers as f32 * row,
        title: text::scene_grid(g.layers * g.heads, g.layers, g.heads, &g.chosen.to_string()),
        marks,
    }
}

/// Layers and heads along the edges or, where heads are ranked, each head's name and number under it.
fn name_heads(g: &Grid, place: &dyn Fn(HeadId) -> Option<Area>, marks: &mut Vec<Mark>) {
    let label = |x, y, anchor, size, text| {
        Mark::new(Role::Label, Ink::Faint, Shape::Text { at: point(x, y), size, anchor, bold: false, turn: 0.0, text })
    };
    if let Some(ranked) = g.ranked {
        for &(id, number) in ranked {
            let Some(at) = place(id) else { continue };
            // Beside each other they would not fit.
            let (x, y, name) = (at.x + at.w / 2.0, at.y + at.h + LINE - 1.0, format!("{}·{}", id.layer, id.head));
            marks.push(label(x, y, Anchor::Middle, 10.0, name).value(number));
            let size = if at.w >= 32.0 { 10.0 } else { 8.0 };
            marks.push(label(x, y + LINE, Anchor::Middle, size, short(number)));
        }
        return;
    }
    for at in (0..g.heads).filter_map(|head| Some((head, place(HeadId::new(0, head))?))) {
        marks.push(label(at.1.x + at.1.w / 2.0, TOP - 6.0, Anchor::Middle, 11.0, format!("H{}", at.0)));
    }
    for at in (0..g.layers).filter_map(|layer| Some((layer, place(HeadId::new(layer, 0))?))) {
        marks.push(label(LEFT - 8.0, at.1.y + at.1.h / 2.0 + 4.0, Anchor::End, 11.0, format!("L{}", at.0)));
    }
}

/// Three digits.
fn short(number: f32) -> String {
    digits(number, if number.abs() < 10.0 { 2 } else { 1 })
}
