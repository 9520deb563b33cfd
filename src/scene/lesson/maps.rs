//! The effects of position signals on scores, as a small map for each.

use std::sync::Arc;

use super::{SIZE, text};
use crate::scene::width::estimated_width;
use crate::scene::{Anchor, Cells, Ink, Mark, Role, Scene, Shape, area, point, two};
use crate::text::{axis_key, axis_query};

/// The size of a map and the gap between two, if there is enough room; and on a phone.
const WIDE: (f32, f32) = (190.0, 56.0);
const NARROW: (f32, f32) = (130.0, 36.0);
const ABOVE: f32 = 36.0;
const BELOW: f32 = 22.0;

pub struct Maps<'a> {
    pub title: &'a str,
    /// The name of each map, and its cells [query, key], with NaN for masked keys.
    pub maps: &'a [(String, Arc<Vec<f32>>)],
    /// The number of queries, and of keys, of each map.
    pub n: usize,
    pub room: f32,
}

impl Maps<'_> {
    /// The picture. Each map has its own scale, which is under it, because one signal can add a hundred times more than
    /// another.
    pub fn scene(&self) -> Scene {
        let (side, gap) = if self.room < 480.0 { NARROW } else { WIDE };
        let columns = (((self.room - 20.0 + gap) / (side + gap)) as usize).clamp(1, 3);
        let mut marks = Vec::new();
        for (i, (name, values)) in self.maps.iter().enumerate() {
            let (column, row) = ((i % columns) as f32, (i / columns) as f32);
            let at = area(20.0 + column * (side + gap), ABOVE + row * (side + ABOVE + BELOW), side, side);
            let present = || values.iter().copied().filter(|cell| !cell.is_nan());
            let (low, high) = (present().fold(0.0, f32::min), present().fold(0.0, f32::max));
            let max = high.max(-low).max(1e-6);
            let cells = Cells { columns: self.n, rows: self.n, values: values.clone(), start: 0, max };
            marks.push(Mark::new(Role::Cells, Ink::Edge, Shape::Raster { at, cells }));
            marks.push(Mark::new(Role::Label, Ink::Faint, Shape::Frame { at, r: 0.0, line: 0.5 }));
            marks.push(text(point(at.x, at.y - 20.0), Anchor::Start, Ink::Text, true, name));
            marks.push(text(point(at.x, at.y - 5.0), Anchor::Start, Ink::Faint, false, axis_key()));
            let range = format!("{} … {}", two(low), two(high));
            marks.push(text(point(at.x, at.y + side + 15.0), Anchor::Start, Ink::Faint, false, range));
            let left = point(at.x - 7.0, at.y + side / 2.0);
            let shape = Shape::Text {
                at: left,
                size: SIZE,
                anchor: Anchor::Middle,
                bold: false,
                turn: -90.0,
                text: axis_query().into(),
            };
            marks.push(Mark::new(Role::Label, Ink::Faint, shape));
        }
        let rows = self.maps.len().div_ceil(columns) as f32;
        let names = self.maps.iter().map(|(name, _)| estimated_width(name, SIZE)).fold(side, f32::max);
        let width = 20.0 + (columns - 1) as f32 * (side + gap) + names;
        Scene { width, height: rows * (side + ABOVE + BELOW), title: self.title.to_owned(), marks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_map_has_its_own_scale_and_says_so() {
        let maps =
            [("a".to_owned(), Arc::new(vec![0.0, -2.5, 1.0, f32::NAN])), ("b".to_owned(), Arc::new(vec![0.0; 4]))];
        let scene = Maps { title: "t", maps: &maps, n: 2, room: 250.0 }.scene();
        let most: Vec<f32> = scene
            .marks
            .iter()
            .filter_map(|m| match &m.shape {
                Shape::Raster { cells, .. } => Some(cells.max),
                _ => None,
            })
            .collect();
        assert_eq!(most, [2.5, 1e-6]);
        assert!(scene.marks.iter().any(|m| matches!(&m.shape, Shape::Text { text, .. } if text == "-2.50 … 1.00")));
        assert!(scene.height > 300.0, "below each other where there is no room beside");
    }
}
