//! A measure of every head, with a line for each layer, a dot for each head, and a stroke for their mean.

use super::{disc, line, text};
use crate::scene::{Anchor, Ink, Mark, Role, Scene, Shape, area, digits, point};

const LINE: f32 = 34.0;
const TOP: f32 = 30.0;
const LEFT: f32 = 76.0;
const WIDEST: f32 = 380.0;
const GAP: f32 = 24.0;

/// One measure.
pub struct Strip<'a> {
    pub name: &'a str,
    /// The numbers by layer and head.
    pub layers: Vec<Vec<f32>>,
}

pub struct Strips<'a> {
    pub title: &'a str,
    /// The name of each line.
    pub lines: &'a [String],
    pub strips: &'a [Strip<'a>],
    pub room: f32,
}

impl Strip<'_> {
    /// The mean of a layer. 0 if it is empty.
    pub fn mean(&self, layer: usize) -> f32 {
        let heads = &self.layers[layer];
        heads.iter().sum::<f32>() / heads.len().max(1) as f32
    }

    fn most(&self) -> f32 {
        self.layers.iter().flatten().fold(1e-3, |most, &x| most.max(x))
    }
}

impl Strips<'_> {
    pub fn scene(&self) -> Scene {
        let across = self.strips.len() as f32;
        let beside = (self.room - GAP * (across - 1.0)) / across;
        // On a phone, they are below each other.
        let (wide, is_beside) =
            if beside < 250.0 { (self.room.min(WIDEST), false) } else { (beside.min(WIDEST), true) };
        let high = TOP + LINE * self.lines.len() as f32 + 26.0;
        let mut marks = Vec::new();
        for (i, strip) in self.strips.iter().enumerate() {
            let i = i as f32;
            let (x, y) = if is_beside { (i * (wide + GAP), 0.0) } else { (0.0, i * high) };
            self.strip(strip, (x, y, wide), &mut marks);
        }
        let (width, height) =
            if is_beside { (across * wide + GAP * (across - 1.0), high) } else { (wide, across * high) };
        Scene { width, height, title: self.title.to_owned(), marks }
    }

    fn strip(&self, strip: &Strip, (x, y, wide): (f32, f32, f32), marks: &mut Vec<Mark>) {
        let (from, length, most) = (x + LEFT, wide - LEFT - 14.0, strip.most());
        let place = |value: f32| from + length * value / most;
        marks.push(text(point(from, y + 14.0), Anchor::Start, Ink::Text, true, strip.name));
        for (layer, (name, heads)) in self.lines.iter().zip(&strip.layers).enumerate() {
            let middle = y + TOP + LINE * (layer as f32 + 0.5);
            marks.push(text(point(from - 10.0, middle + 4.0), Anchor::End, Ink::Text, false, name));
            marks.push(line(Role::Axis, Ink::Faint, point(from, middle), point(from + length, middle), 1.0).alpha(0.3));
            for &value in heads {
                marks.push(disc(Role::Dot, Ink::Edge, point(place(value), middle), 8.0).alpha(0.55).value(value));
            }
            let mean = strip.mean(layer);
            let at = area(place(mean) - 1.5, middle - 11.0, 3.0, 22.0);
            marks.push(Mark::new(Role::Line, Ink::Query, Shape::Rect { at, r: 1.0 }).value(mean));
        }
        let below = y + TOP + LINE * self.lines.len() as f32 + 14.0;
        for value in [0.0, most / 2.0, most] {
            marks.push(text(point(place(value), below), Anchor::Middle, Ink::Faint, false, digits(value, 1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_for_each_head_and_a_stroke_for_their_mean() {
        let strip = Strip { name: "entropy", layers: vec![vec![1.0, 3.0], vec![0.0, 4.0]] };
        assert_eq!(strip.mean(0), 2.0);
        let lines = ["layer 0".to_owned(), "layer 1".to_owned()];
        let strips = [strip, Strip { name: "distance", layers: vec![vec![0.5, 0.5], vec![2.0, 1.0]] }];
        for room in [320.0, 900.0] {
            let scene = Strips { title: "t", lines: &lines, strips: &strips, room }.scene();
            let values = |role| scene.marks.iter().filter(move |m| m.role == role).filter_map(|m| m.value);
            assert_eq!(values(Role::Dot).collect::<Vec<_>>(), [1.0, 3.0, 0.0, 4.0, 0.5, 0.5, 2.0, 1.0]);
            assert_eq!(values(Role::Line).collect::<Vec<_>>(), [2.0, 2.0, 0.5, 1.5]);
            assert!(scene.width <= room);
        }
    }
}
