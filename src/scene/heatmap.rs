//! The heatmap of one head: rows are queries, and columns are keys. Rows go down and columns to the right in the order
//! of the tokens, whatever the direction of the text, as in the files of a run and in the thumbnails.

use std::sync::Arc;

use super::sentence::written;
use super::width::estimated_width;
use super::{Anchor, Area, Cells, Ink, Mark, Role, Scene, Shape, Target, area, colour, point, three, told};
use crate::analysis::HeadMap;
use crate::engine::Shown;
use crate::text::{axis_key, axis_query, legend_range, scene_heatmap, shortened};

pub const LABEL_SIZE: f32 = 11.0;
const LABEL_COLUMNS: usize = 11;
const LARGEST_CELL: f32 = 40.0;
/// The margin above a map that is too small for labels of all columns.
const UNLABELLED: f32 = 30.0;
/// The room for the legend under the map: with the map's range under the scale, and in a box of a given height, where
/// the range is beside the picture.
const LEGEND: f32 = 66.0;
const FITTED_LEGEND: f32 = 36.0;
/// The least distance of labelled rows. Labels of columns, which are rotated by 50 degrees, need more.
const ROW_PITCH: f32 = LABEL_SIZE * 1.05;
const COLUMN_PITCH: f32 = LABEL_SIZE * 1.15;
const FITTED_COLUMN_PITCH: f32 = LABEL_SIZE * 1.06;
/// The least width of a legend whose numbers do not overlap.
const NARROWEST_LEGEND: f32 = 200.0;
const WIDEST_LEGEND: f32 = 260.0;
/// The margin for half of the first and of the last number.
const LEGEND_MARGIN: f32 = 20.0;

pub struct Heatmap<'a> {
    pub tokens: &'a [Shown],
    /// The width in pixels of each token's label at [`LABEL_SIZE`].
    pub label_widths: &'a [f32],
    pub map: &'a HeadMap,
    /// The name of the map: `L3 H1`, or that of a layer's mean.
    pub name: &'a str,
    /// The cells of the map, row-major. They are shared with the screen, so that moving the cursor copies nothing.
    pub values: Arc<Vec<f32>>,
    /// The end of the colour scale, which is the strongest cell of all heads of this run.
    pub max: f32,
    pub queries: &'a [usize],
    pub pointed: Option<(usize, usize)>,
    /// The width of the picture's box in pixels.
    pub room: f32,
    /// The height of that box, which the map must fit into. Infinite if the page grows with the picture.
    pub height: f32,
}

/// A token's label on the axes.
pub fn label(token: &Shown) -> String {
    shortened(&written(token), LABEL_COLUMNS)
}

pub fn heatmap(h: &Heatmap) -> Scene {
    let n = h.tokens.len();
    let widest = h.label_widths.iter().fold(0.0f32, |a, &b| a.max(b));
    let is_fitted = h.height.is_finite();
    // The title of the keys stands beside the first label in a box of a given height.
    let title = if is_fitted { estimated_width(axis_key(), LABEL_SIZE) - 12.0 } else { 0.0 };
    let left = (widest + 30.0).max(title);
    // Labels over the columns are turned by 50 degrees; the last one leans out to the right.
    let lean = widest * 0.64 + 4.0;
    let under = if is_fitted { FITTED_LEGEND } else { LEGEND };
    let side = |top: f32| (h.room - left - lean).min(h.height - top - under).min(n as f32 * LARGEST_CELL).max(60.0);
    let labelled = widest * 0.77 + if is_fitted { 14.0 } else { 34.0 };
    // Without the labels of all columns there is one at most, of the cell pointed at.
    let is_labelled = side(labelled) >= n as f32 * column_pitch(h);
    let top = if is_fitted && !is_labelled { UNLABELLED } else { labelled };
    let side = side(top);
    let cell = side / n as f32;
    let map = area(left, top, side, side);

    let cells = Cells { columns: n, rows: n, values: h.values.clone(), start: 0, max: h.max };
    let mut marks = vec![
        Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at: map, cells }).target(Target::Cell { query: 0, key: 0 }),
        Mark::new(Role::Label, Ink::Faint, Shape::Frame { at: map, r: 0.0, line: 0.5 }),
    ];
    axis_titles(map, is_fitted, &mut marks);
    axis_labels(h, map, cell, is_labelled, &mut marks);
    cursors(h, map, cell, &mut marks);
    let wide = side.clamp(NARROWEST_LEGEND, WIDEST_LEGEND);
    // Under the map or, where that is too narrow, from further left.
    let legend_at = left.min((h.room - wide - LEGEND_MARGIN).max(LEGEND_MARGIN));
    let gap = if is_fitted { 8.0 } else { 16.0 };
    let mut legend_end = legend(h, area(legend_at, top + side + gap, wide, 10.0), &mut marks);
    if !is_fitted {
        let range = range(h.map);
        legend_end = legend_end.max(legend_at + estimated_width(&range, LABEL_SIZE));
        let at = point(legend_at, top + side + gap + 42.0);
        marks.push(text(at, Anchor::Start, 0.0, Ink::Text, range));
    }
    Scene {
        width: (left + side + lean).max(legend_end),
        height: top + side + under,
        title: scene_heatmap(h.name),
        marks,
    }
}

fn text(at: super::Point, anchor: Anchor, turn: f32, ink: Ink, text: impl Into<String>) -> Mark {
    Mark::new(Role::Label, ink, Shape::Text { at, size: LABEL_SIZE, anchor, bold: false, turn, text: text.into() })
}

fn axis_titles(map: Area, is_fitted: bool, marks: &mut Vec<Mark>) {
    marks.push(text(point(12.0, map.y + map.h / 2.0), Anchor::Middle, -90.0, Ink::Faint, axis_query()));
    // Beside the labels in a box of a given height, over them where there is room.
    let (at, anchor) = match is_fitted {
        true => (point(2.0, 12.0), Anchor::Start),
        false => (point(map.x + map.w / 2.0, 12.0), Anchor::Middle),
    };
    marks.push(text(at, anchor, 0.0, Ink::Faint, axis_key()));
}

/// All labels where they fit; else those of the cell pointed at and of the chosen rows.
fn axis_labels(h: &Heatmap, map: Area, cell: f32, is_labelled: bool, marks: &mut Vec<Mark>) {
    let along = |i: usize| (i as f32 + 0.5) * cell;
    let row = |i: usize, ink: Ink| {
        let at = point(map.x - 6.0, map.y + along(i) + LABEL_SIZE * 0.35);
        text(at, Anchor::End, 0.0, ink, label(&h.tokens[i])).target(Target::Query(i))
    };
    let is_level = h.height.is_finite() && !is_labelled;
    let column = |i: usize, ink: Ink| {
        let at = point(map.x + along(i) + 3.0, map.y - 6.0);
        let (anchor, turn) = if is_level { (Anchor::Middle, 0.0) } else { (Anchor::Start, -50.0) };
        text(at, anchor, turn, ink, label(&h.tokens[i]))
    };
    // The row pointed at comes first, then the chosen ones; none of them over another.
    let mut rows: Vec<usize> = Vec::new();
    for i in h.pointed.map(|(query, _)| query).into_iter().chain(h.queries.iter().copied()) {
        if rows.iter().all(|&j| i.abs_diff(j) as f32 * cell >= ROW_PITCH) {
            rows.push(i);
        }
    }
    let pointed = h.pointed.map(|(_, key)| key);
    for i in 0..h.tokens.len() {
        if rows.contains(&i) {
            marks.push(row(i, Ink::Query));
        } else if cell >= ROW_PITCH {
            marks.push(row(i, Ink::Text));
        }
        if pointed == Some(i) {
            marks.push(column(i, Ink::Query));
        } else if is_labelled {
            marks.push(column(i, Ink::Text));
        }
    }
}

/// The chosen rows and the cell pointed at, outlined so that the colours under them stay as they are.
fn cursors(h: &Heatmap, map: Area, cell: f32, marks: &mut Vec<Mark>) {
    let at_least = cell.max(3.0);
    for &query in h.queries {
        let at = area(map.x, map.y + query as f32 * cell, map.w, at_least);
        marks.push(Mark::new(Role::Query, Ink::Query, Shape::Frame { at, r: 1.0, line: 1.5 }));
    }
    if let Some((query, key)) = h.pointed {
        let at = area(map.x + key as f32 * cell, map.y + query as f32 * cell, at_least, at_least);
        let mark = Mark::new(Role::Cursor, Ink::Cursor, Shape::Frame { at, r: 1.0, line: 2.5 });
        marks.push(Mark { value: Some(h.map.weights[[query, key]]).filter(|w| !w.is_nan()), ..mark });
    }
}

/// From one column to the next, where all columns have labels.
fn column_pitch(h: &Heatmap) -> f32 {
    if h.height.is_finite() { FITTED_COLUMN_PITCH } else { COLUMN_PITCH }
}

/// The lowest and the highest cell of a map, as text; empty where no cell is available.
pub fn range(map: &HeadMap) -> String {
    map.range().map_or_else(String::new, |(low, high)| legend_range(&three(low), &three(high)))
}

/// The scale itself, drawn through the same function as the cells. Returns where the rightmost of it ends.
fn legend(h: &Heatmap, at: Area, marks: &mut Vec<Mark>) -> f32 {
    const STEPS: usize = 128;
    let quantity = h.map.quantity;
    // From 0, or from as far below it.
    let low = if quantity.is_signed() { -1.0 } else { 0.0 };
    let along = |i: usize| low + (1.0 - low) * i as f32 / (STEPS - 1) as f32;
    let value = |along: f32| colour::weight_at(along.abs(), h.max).copysign(along);
    let values = (0..STEPS).map(|i| value(along(i))).collect();
    let cells = Cells { columns: STEPS, rows: 1, values: Arc::new(values), start: 0, max: h.max };
    marks.push(Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at, cells }));
    marks.push(Mark::new(Role::Label, Ink::Faint, Shape::Frame { at, r: 0.0, line: 0.5 }));
    let parts: &[f32] = if quantity.is_signed() { &[-1.0, -0.3, 0.0, 0.3, 1.0] } else { &[0.0, 0.1, 0.3, 0.6, 1.0] };
    let mut end = at.x + at.w;
    for part in parts {
        let cell = part * h.max;
        let x = at.x + at.w * (colour::position(cell, h.max).copysign(*part) - low) / (1.0 - low);
        let written = told(quantity, cell);
        end = end.max(x + estimated_width(&written, LABEL_SIZE) / 2.0);
        marks.push(text(point(x, at.y + at.h + 14.0), Anchor::Middle, 0.0, Ink::Faint, written).value(cell));
    }
    end
}
