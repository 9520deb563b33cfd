//! A row of weights as bars, one for each token, with the weights of an earlier row.

use super::{SIZE, text};
use crate::scene::width::estimated_width;
use crate::scene::{Anchor, Ink, Mark, Role, Scene, Shape, Target, area, point, three};
use crate::text::shortened;

const LINE: f32 = 22.0;
const TOP: f32 = 26.0;
const LONGEST_LABEL: usize = 16;
const WIDEST: f32 = 640.0;

pub struct Bar {
    pub name: String,
    pub before: f32,
    pub now: f32,
}

pub struct Bars<'a> {
    pub title: &'a str,
    /// The names of the two lengths.
    pub legend: [&'a str; 2],
    /// The weights of a row, 0 to 1.
    pub bars: &'a [Bar],
    pub room: f32,
}

impl Bars<'_> {
    pub fn scene(&self) -> Scene {
        let names: Vec<String> = self.bars.iter().map(|bar| shortened(&bar.name, LONGEST_LABEL)).collect();
        let left = names.iter().map(|name| estimated_width(name, SIZE)).fold(40.0, f32::max) + 12.0;
        let width = self.room.min(WIDEST);
        let longest = width - left - 52.0;
        let [before, now] = self.legend;
        let mut marks = Vec::new();
        let mut x = left;
        for (name, is_now) in [(now, true), (before, false)] {
            let key = area(x, 4.0, 14.0, 10.0);
            marks.push(match is_now {
                true => Mark::new(Role::Label, Ink::Edge, Shape::Rect { at: key, r: 2.0 }),
                false => Mark::new(Role::Label, Ink::Text, Shape::Frame { at: key, r: 2.0, line: 1.0 }),
            });
            marks.push(text(point(x + 20.0, 13.0), Anchor::Start, Ink::Faint, false, name));
            x += 40.0 + estimated_width(name, SIZE);
        }
        for (i, (bar, name)) in self.bars.iter().zip(names).enumerate() {
            let y = TOP + LINE * i as f32;
            let length = |weight: f32| (longest * weight).max(0.5);
            let at = |weight| area(left, y + 2.0, length(weight), LINE - 6.0);
            marks.push(text(point(left - 8.0, y + 14.0), Anchor::End, Ink::Text, false, name).target(Target::Key(i)));
            marks.push(Mark::new(Role::Bar, Ink::Edge, Shape::Rect { at: at(bar.now), r: 2.0 }).value(bar.now));
            marks.push(
                Mark::new(Role::Weight, Ink::Text, Shape::Frame { at: at(bar.before), r: 2.0, line: 1.0 }).alpha(0.6),
            );
            let end = left + length(bar.now.max(bar.before)) + 6.0;
            marks.push(text(point(end, y + 14.0), Anchor::Start, Ink::Text, false, three(bar.now)));
        }
        Scene { width, height: TOP + LINE * self.bars.len() as f32 + 4.0, title: self.title.to_owned(), marks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_weights() {
        let bar = |name: &str, before, now| Bar { name: name.into(), before, now };
        let bars = [bar("it", 0.5, 0.25), bar("a very long token indeed", 0.5, 0.75)];
        let scene = Bars { title: "t", legend: ["before", "now"], bars: &bars, room: 390.0 }.scene();
        let lengths: Vec<f32> = scene
            .marks
            .iter()
            .filter(|m| m.role == Role::Bar)
            .map(|m| match m.shape {
                Shape::Rect { at, .. } => at.w,
                _ => 0.0,
            })
            .collect();
        assert!((lengths[1] / lengths[0] - 3.0).abs() < 1e-3, "{lengths:?}");
        assert!(scene.width <= 390.0);
    }
}
