//! A soft dictionary in the plane: a query among keys, the weights, and the values with their weighted mean.

use super::{SIZE, arrow_head, disc, line, ring, text};
use crate::lesson::dictionary::{Lookup, Vector};
use crate::scene::{Anchor, Area, Ink, Mark, Point, Role, Scene, Shape, area, point, two};

/// The greatest coordinate of the planes; the least is its negative.
pub const REACH: f32 = 2.0;
const MARGIN: f32 = 8.0;
const LARGEST: f32 = 300.0;
const LINE: f32 = 30.0;
const BETWEEN: f32 = 28.0;

pub struct Plane<'a> {
    pub title: &'a str,
    /// The names of the query, the answer and the columns: query, soft answer, key, score, weight, value.
    pub words: [&'a str; 6],
    pub query: Vector,
    pub names: &'a [&'a str],
    pub keys: &'a [Vector],
    pub values: &'a [Vector],
    pub found: &'a Lookup,
    pub room: f32,
}

/// The place of a square plane on the screen.
#[derive(Clone, Copy)]
struct Sheet(Area);

impl Sheet {
    fn at(self, [x, y]: Vector) -> Point {
        let Area { x: left, y: top, w, h } = self.0;
        point(left + (x / REACH + 1.0) / 2.0 * w, top + (1.0 - y / REACH) / 2.0 * h)
    }

    fn axes(self, name: &str, marks: &mut Vec<Mark>) {
        let Area { x, y, w, .. } = self.0;
        marks.push(Mark::new(Role::Axis, Ink::Faint, Shape::Frame { at: self.0, r: 4.0, line: 1.0 }).alpha(0.5));
        for (from, to) in [([-REACH, 0.0], [REACH, 0.0]), ([0.0, -REACH], [0.0, REACH])] {
            marks.push(line(Role::Axis, Ink::Faint, self.at(from), self.at(to), 1.0).alpha(0.4));
        }
        marks.push(text(point(x + w / 2.0, y - 8.0), Anchor::Middle, Ink::Faint, false, name));
    }
}

impl Plane<'_> {
    fn side(&self) -> f32 {
        let side_by_side = (self.room - 2.0 * MARGIN - BETWEEN) / 2.0;
        (if self.is_narrow() { self.room - 2.0 * MARGIN } else { side_by_side }).min(LARGEST)
    }

    fn is_narrow(&self) -> bool {
        self.room < 480.0
    }

    fn sheet(&self) -> Sheet {
        Sheet(area(MARGIN, 24.0, self.side(), self.side()))
    }

    /// The vector at a point of the scene, clamped to the plane.
    pub fn vector_at(room: f32, x: f32, y: f32) -> Vector {
        let found = Lookup { scores: vec![], weights: vec![], output: [0.0; 2], hard: 0, entropy: 0.0, sharpness: 0.0 };
        let empty = Plane {
            title: "",
            words: [""; 6],
            query: [0.0; 2],
            names: &[],
            keys: &[],
            values: &[],
            found: &found,
            room,
        };
        let Area { x: left, y: top, w, h } = empty.sheet().0;
        let within = |share: f32| (share.clamp(0.0, 1.0) * 2.0 - 1.0) * REACH;
        [within((x - left) / w), -within((y - top) / h)]
    }

    pub fn scene(&self) -> Scene {
        let mut marks = Vec::new();
        let [query, answer, key, score, weight, value] = self.words;
        let keys = self.sheet();
        let Area { x, y, w, h } = keys.0;
        let values = Sheet(match self.is_narrow() {
            true => area(x, y + h + BETWEEN + 14.0, w, h),
            false => area(x + w + BETWEEN, y, w, h),
        });
        keys.axes(&format!("{query}, {key}"), &mut marks);
        values.axes(&format!("{value}, {answer}"), &mut marks);
        self.arrows(keys, query, &mut marks);
        self.answers(values, answer, &mut marks);
        let top = values.0.y + values.0.h + 30.0;
        let width = values.0.x + values.0.w + MARGIN;
        self.rows(area(x, top, width - 2.0 * MARGIN, 0.0), [key, score, weight], &mut marks);
        let height = top + LINE * self.keys.len() as f32 + 10.0;
        Scene { width, height, title: self.title.to_owned(), marks }
    }

    fn arrows(&self, sheet: Sheet, query: &str, marks: &mut Vec<Mark>) {
        let origin = sheet.at([0.0; 2]);
        for ((name, &key), &weight) in self.names.iter().zip(self.keys).zip(&self.found.weights) {
            let to = sheet.at(key);
            marks.push(line(Role::Edge, Ink::Edge, origin, to, 1.5 + 3.0 * weight).value(weight));
            marks.extend(arrow_head(Ink::Edge, origin, to, 1.5 + 2.0 * weight));
            marks.push(text(beyond(origin, to), Anchor::Middle, Ink::Text, true, *name));
        }
        let to = sheet.at(self.query);
        marks.push(line(Role::Query, Ink::Query, origin, to, 2.5));
        marks.push(disc(Role::Query, Ink::Query, to, 15.0));
        marks.push(text(point(to.x, to.y - 13.0), Anchor::Middle, Ink::Query, true, query));
    }

    /// Draws each value as a disc whose size is its weight, and the weighted mean.
    fn answers(&self, sheet: Sheet, answer: &str, marks: &mut Vec<Mark>) {
        let mean = sheet.at(self.found.output);
        for ((name, &value), &weight) in self.names.iter().zip(self.values).zip(&self.found.weights) {
            let at = sheet.at(value);
            marks.push(line(Role::Line, Ink::Edge, at, mean, 1.0 + 3.0 * weight).alpha(0.25 + 0.5 * weight));
            marks.push(disc(Role::Dot, Ink::Edge, at, 6.0 + 22.0 * weight.sqrt()).value(weight));
            marks.push(text(beyond(sheet.at([0.0; 2]), at), Anchor::Middle, Ink::Text, true, *name));
        }
        marks.push(disc(Role::Cursor, Ink::Query, mean, 11.0));
        marks.push(ring(Role::Cursor, Ink::Paper, mean, 12.0, 1.5));
        marks.push(text(point(mean.x, mean.y - 12.0), Anchor::Middle, Ink::Query, true, answer));
    }

    /// Draws a row for each key, with its score as a number and its weight as a bar.
    fn rows(&self, at: Area, [key, score, weight]: [&str; 3], marks: &mut Vec<Mark>) {
        let (numbers, bars) = (at.x + 92.0, at.x + 112.0);
        let longest = at.w - 112.0 - 44.0;
        for (place, anchor, name) in
            [(at.x, Anchor::Start, key), (numbers, Anchor::End, score), (bars, Anchor::Start, weight)]
        {
            marks.push(text(point(place, at.y), anchor, Ink::Faint, false, name));
        }
        for (i, name) in self.names.iter().enumerate() {
            let y = at.y + LINE * i as f32 + 22.0;
            let share = self.found.weights[i];
            let bar = area(bars, y - SIZE, (longest * share).max(1.0), SIZE + 3.0);
            marks.push(text(point(at.x, y), Anchor::Start, Ink::Text, true, *name));
            marks.push(text(point(numbers, y), Anchor::End, Ink::Text, false, two(self.found.scores[i])));
            marks.push(Mark::new(Role::Bar, Ink::Edge, Shape::Rect { at: bar, r: 2.0 }).value(share));
            marks.push(text(point(bars + bar.w + 6.0, y), Anchor::Start, Ink::Text, false, two(share)));
        }
    }
}

/// The point for a name, slightly farther from the origin than `to`.
fn beyond(origin: Point, to: Point) -> Point {
    let (dx, dy) = (to.x - origin.x, to.y - origin.y);
    let length = (dx * dx + dy * dy).sqrt().max(1e-3);
    point(to.x + 18.0 * dx / length, to.y + 18.0 * dy / length + SIZE * 0.35)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::dictionary::look_up;

    #[test]
    fn a_point_of_the_picture_is_the_query_there() {
        for room in [320.0, 700.0] {
            let (keys, values) = ([[1.0, 0.0], [0.0, 1.5]], [[1.0, 1.0], [-1.0, -1.0]]);
            let query = [0.5, -1.25];
            let found = look_up(query, &keys, &values, 1.0);
            let plane = Plane {
                title: "t",
                words: ["q", "a", "k", "s", "w", "v"],
                query,
                names: &["A", "B"],
                keys: &keys,
                values: &values,
                found: &found,
                room,
            };
            let scene = plane.scene();
            assert!(scene.width <= room);
            let dot = scene.marks.iter().find(|m| m.role == Role::Query && matches!(m.shape, Shape::Rect { .. }));
            let Some(Shape::Rect { at, .. }) = dot.map(|m| &m.shape) else { panic!("the query is drawn") };
            let back = Plane::vector_at(room, at.x + at.w / 2.0, at.y + at.h / 2.0);
            assert!(back.iter().zip(query).all(|(got, want)| (got - want).abs() < 1e-4), "{back:?}");
            let bars: Vec<f32> = scene.marks.iter().filter(|m| m.role == Role::Bar).filter_map(|m| m.value).collect();
            assert_eq!(bars, found.weights);
        }
        assert_eq!(Plane::vector_at(400.0, -50.0, 9999.0), [-REACH, -REACH], "outside is the edge");
    }
}
