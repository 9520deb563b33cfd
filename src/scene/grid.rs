//! The grid of all heads: thumbnails of a run by layer and head, on a common scale.

use std::sync::Arc;

use super::width::estimated_width;
use super::{Anchor, Area, Cells, Ink, Mark, Point, Role, Scene, Shape, Target, area, digits, point};
use crate::engine::{HeadId, HeadSet};
use crate::text;

/// The margin left of ranked heads, and above all heads.
const LEFT: f32 = 30.0;
const TOP: f32 = 20.0;
const LARGEST: f32 = 66.0;
const SMALLEST: f32 = 2.0;
/// The least width of a cell for layers across a page that scrolls.
const ROOMY: f32 = 16.0;
/// The least size of a cell of ranked heads that has the head's name and number under it.
const NAMED: f32 = 26.0;
/// The height of each line under the thumbnail of a ranked head: its name and its number.
const LINE: f32 = 12.0;
const LABEL_SIZE: f32 = 11.0;

pub struct Grid<'a> {
    pub layers: usize,
    pub heads: usize,
    /// [layers, heads, side, side], row-major.
    pub thumbs: Arc<Vec<f32>>,
    pub side: usize,
    pub max: f32,
    /// The number that is shown for each head instead of its map, if the map would be too small.
    pub numbers: Option<Numbers>,
    pub chosen: HeadId,
    /// Heads that are switched off, which are crossed out.
    pub off: HeadSet,
    /// The ranking, if heads are not in the order of layers: each head with the number that it is ranked by.
    pub ranked: Option<&'a [(HeadId, f32)]>,
    /// Whether each head, by layer and head, is paled because a filter leaves it out. Empty if there is no filter.
    pub pale: &'a [bool],
    pub pointed: Option<HeadId>,
    /// The width and height of the box that the grid must fit into. The height is infinite on a page that scrolls.
    pub room: (f32, f32),
}

/// A number for each head, drawn as a cell of its colour.
pub struct Numbers {
    /// [layers, heads], row-major.
    pub values: Arc<Vec<f32>>,
    /// The end of their colour scale.
    pub max: f32,
    /// The cell size in pixels below which they replace the maps. Infinite for always.
    pub below: f32,
}

/// The least size of a cell with a readable map.
pub const READABLE: f32 = 12.0;

/// The order of the heads in rows and columns.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub layers: usize,
    pub heads: usize,
    /// Whether layers are columns and heads are rows. Otherwise heads are columns.
    pub layers_across: bool,
    /// The ranking, if heads are not in the order of layers. It is filled row by row.
    pub ranked: Option<&'a [(HeadId, f32)]>,
}

impl Order<'_> {
    pub fn columns(&self) -> usize {
        if self.layers_across { self.layers } else { self.heads }
    }

    pub fn rows(&self) -> usize {
        if self.layers_across { self.heads } else { self.layers }
    }

    /// The slot of a head, counted along the rows.
    pub fn slot(&self, head: HeadId) -> Option<usize> {
        match (self.ranked, self.layers_across) {
            (Some(ranked), _) => ranked.iter().position(|(id, _)| *id == head),
            (None, true) => Some(head.head * self.layers + head.layer),
            (None, false) => Some(head.layer * self.heads + head.head),
        }
    }

    /// The head in a slot.
    pub fn head_at(&self, slot: usize) -> Option<HeadId> {
        let is_there = slot < self.layers * self.heads;
        match (self.ranked, self.layers_across) {
            (Some(ranked), _) => ranked.get(slot).map(|(id, _)| *id),
            (None, true) => is_there.then(|| HeadId::new(slot % self.layers, slot / self.layers)),
            (None, false) => is_there.then(|| HeadId::new(slot / self.heads, slot % self.heads)),
        }
    }
}

/// Whether layers are columns: the larger number of layers and heads is along the longer side of the box. On a page
/// that scrolls, heads are columns, unless there are more layers than heads and enough room for them.
fn layers_across(layers: usize, heads: usize, (width, height): (f32, f32)) -> bool {
    match (height.is_finite(), width >= height) {
        (true, true) => layers > heads,
        (true, false) => layers < heads,
        (false, _) => layers > heads && (width - LEFT) / layers as f32 >= ROOMY,
    }
}

/// The layout of all heads.
struct Plan<'a> {
    order: Order<'a>,
    left: f32,
    /// The distance from one column to the next, and from one row to the next.
    pitch: f32,
    row: f32,
    /// The gap between cells.
    gap: f32,
    /// Whether heads have their names and numbers under them, as ranked heads do.
    named: bool,
}

impl<'a> Plan<'a> {
    fn new(g: &Grid<'a>) -> Self {
        let Grid { layers, heads, ranked, room, .. } = *g;
        let order = Order { layers, heads, layers_across: layers_across(layers, heads, room), ranked };
        // The title of the rows' axis is vertical, that of the columns' axis is before their labels.
        let titles = estimated_width(axes(&order)[1], LABEL_SIZE) + 10.0;
        let labels = LABEL_SIZE + 4.0 + estimated_width(&axis_label('L', order.rows().saturating_sub(1)), LABEL_SIZE);
        let left = if ranked.is_some() { LEFT } else { LEFT.max(titles).max(labels + 8.0) };
        let across = (room.0 - left) / order.columns().max(1) as f32;
        let fitted = |under: f32| {
            let down = (room.1 - TOP) / order.rows().max(1) as f32 - under;
            across.min(down).clamp(SMALLEST, LARGEST)
        };
        let under = 2.0 * LINE + 3.0;
        let named = ranked.is_some() && fitted(under) >= NAMED;
        let under = if named { under } else { 0.0 };
        let pitch = fitted(under);
        Self { order, left, pitch, row: pitch + under, gap: (pitch * 0.08).clamp(1.0, 5.0), named }
    }

    fn place(&self, head: HeadId) -> Option<Area> {
        let slot = self.order.slot(head)?;
        let (line, column) = (slot / self.order.columns(), slot % self.order.columns());
        let side = self.pitch - self.gap;
        Some(area(self.left + column as f32 * self.pitch, TOP + line as f32 * self.row, side, side))
    }
}

impl Grid<'_> {
    /// The order of the heads in this room.
    pub fn order(&self) -> Order<'_> {
        Plan::new(self).order
    }
}

pub fn grid(g: &Grid) -> Scene {
    let plan = Plan::new(g);
    let place = |id| plan.place(id);
    let numbers = g.numbers.as_ref().filter(|numbers| plan.pitch < numbers.below);
    let mut marks = Vec::with_capacity(3 * g.layers * g.heads + 2);
    for id in HeadId::all(g.layers, g.heads) {
        let Some(at) = place(id) else { continue };
        let index = id.layer * g.heads + id.head;
        let cells = match numbers {
            Some(of) => Cells { columns: 1, rows: 1, values: of.values.clone(), start: index, max: of.max },
            None => {
                let start = index * g.side * g.side;
                Cells { columns: g.side, rows: g.side, values: g.thumbs.clone(), start, max: g.max }
            }
        };
        let value = numbers.and_then(|of| of.values.get(index).copied());
        let mark = Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at, cells }).target(Target::Head(id));
        marks.push(Mark { value, ..mark });
        if g.pale.get(index) == Some(&true) {
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
    match g.ranked {
        Some(ranked) if plan.named => name_heads(&plan, ranked, &mut marks),
        Some(_) => {}
        None => name_axes(&plan, &mut marks),
    }
    // The outlines have different widths, so that they differ without their colours.
    let frame = |id, role, ink, line: f32| {
        let Area { x, y, w, h } = place(id)?;
        let at = area(x - line / 2.0, y - line / 2.0, w + line, h + line);
        Some(Mark::new(role, ink, Shape::Frame { at, r: 2.0, line }))
    };
    marks.extend(frame(g.chosen, Role::Query, Ink::Query, 3.0));
    marks.extend(g.pointed.filter(|&id| id != g.chosen).and_then(|id| frame(id, Role::Cursor, Ink::Text, 1.5)));
    let (all, chosen) = (g.layers * g.heads, g.chosen.to_string());
    let title = match plan.order.layers_across {
        true => text::scene_grid_lying(all, g.layers, g.heads, &chosen),
        false => text::scene_grid(all, g.layers, g.heads, &chosen),
    };
    Scene {
        width: plan.left + plan.order.columns() as f32 * plan.pitch,
        height: TOP + plan.order.rows() as f32 * plan.row,
        title,
        marks,
    }
}

fn label(at: Point, anchor: Anchor, turn: f32, text: String) -> Mark {
    Mark::new(Role::Label, Ink::Faint, Shape::Text { at, size: LABEL_SIZE, anchor, bold: false, turn, text })
}

/// Draws the name and number of each ranked head under it, in two lines because one is too short.
fn name_heads(plan: &Plan, ranked: &[(HeadId, f32)], marks: &mut Vec<Mark>) {
    for &(id, number) in ranked {
        let Some(at) = plan.place(id) else { continue };
        let under = |line: f32| point(at.x + at.w / 2.0, at.y + at.h + line * LINE + 1.0);
        marks.push(label(under(1.0), Anchor::Middle, 0.0, format!("{}·{}", id.layer, id.head)).value(number));
        marks.push(label(under(2.0), Anchor::Middle, 0.0, short(number)));
    }
}

/// The titles of the rows' and of the columns' axis.
fn axes(order: &Order) -> [&'static str; 2] {
    let [rows, columns] = [text::axis_layer(), text::axis_head()];
    if order.layers_across { [columns, rows] } else { [rows, columns] }
}

fn axis_label(letter: char, index: usize) -> String {
    format!("{letter}{index}")
}

/// Draws the titles of the axes and as many labels of layers and heads as there is room for.
fn name_axes(plan: &Plan, marks: &mut Vec<Mark>) {
    let (rows, columns) = (plan.order.rows(), plan.order.columns());
    let [row_letter, column_letter] = if plan.order.layers_across { ['H', 'L'] } else { ['L', 'H'] };
    let middle = |i: usize, pitch: f32| i as f32 * pitch + (plan.pitch - plan.gap) / 2.0;
    let step = |size: f32, pitch: f32| (size / pitch).ceil().max(1.0) as usize;
    let widest = estimated_width(&axis_label(column_letter, columns.saturating_sub(1)), LABEL_SIZE);
    for column in (0..columns).step_by(step(widest, plan.pitch)) {
        let at = point(plan.left + middle(column, plan.pitch), TOP - 6.0);
        marks.push(label(at, Anchor::Middle, 0.0, axis_label(column_letter, column)));
    }
    for row in (0..rows).step_by(step(LABEL_SIZE, plan.row)) {
        let at = point(plan.left - 8.0, TOP + middle(row, plan.row) + 4.0);
        marks.push(label(at, Anchor::End, 0.0, axis_label(row_letter, row)));
    }
    let [row_title, column_title] = axes(&plan.order);
    let middle = TOP + rows as f32 * plan.row / 2.0;
    marks.push(label(point(LABEL_SIZE - 1.0, middle), Anchor::Middle, -90.0, row_title.into()));
    marks.push(label(point(plan.left - 8.0, TOP - 6.0), Anchor::End, 0.0, column_title.into()));
}

/// A number with three digits.
fn short(number: f32) -> String {
    digits(number, if number.abs() < 10.0 { 2 } else { 1 })
}
