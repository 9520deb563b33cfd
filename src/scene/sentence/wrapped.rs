//! Tokens wrapped in lines, for long texts and narrow screens.

use std::ops::Range;

use super::*;
use crate::scene::Scene;

/// The heights of a line for a mouse, and for fingers.
pub const LINE: f32 = 52.0;
pub const TOUCH_LINE: f32 = 44.0;
/// The least height of a line with room for an edge, a number, and tokens that a finger meets (24 px).
const CLOSEST_LINE: f32 = 38.0;
/// The edges that are drawn by default.
pub const MOST_WRAPPED: usize = 8;

const MARGIN: f32 = 4.0;
const GAP: f32 = 3.0;
const PAD: f32 = 7.0;
const JOINED_PAD: f32 = 4.0;
const NARROWEST: f32 = 28.0;
/// The room for the numbers under the last line.
const BOTTOM: f32 = 16.0;
/// The length of a corner of an edge.
const CORNER: f32 = 14.0;

/// Every token once, in lines, shaded by its weight. Lines begin at the left, or at the right in texts from right to
/// left. Edges are between lines, between tokens where they cross a line, and above a line if both ends are on it. The
/// numbers are above or below their keys, away from the edges. `line` is the height of a line.
pub fn wrapped(s: &Sentence, line: f32) -> Scene {
    let lines = Lines::new(s, line);
    // Lines are closer if all of them then fit into the box. Otherwise the box scrolls.
    let count = lines.lines.len() as f32;
    let fitting = (s.height - BOTTOM) / count;
    let (line, lines) = match fitting < line && fitting >= CLOSEST_LINE {
        true => (fitting, Lines::new(s, fitting)),
        false => (line, lines),
    };
    let mut marks = Vec::with_capacity(3 * s.tokens.len() + s.edges.len());
    // In ascending order, so that strong edges are drawn over weak ones.
    for edge in s.edges.iter().rev() {
        let points = lines.route(edge);
        marks.push(edge_mark_of(s, edge, |line, dashed| Shape::Route { points, line, dashed }));
    }
    for (i, &(at, _)) in lines.boxes.iter().enumerate() {
        let ground = if s.is_query(i) { Ground::Query } else { s.ground(i) };
        token_marks(&s.tokens[i], at, ground, Target::Query(i), &mut marks);
    }
    // After all tokens, because the number of them changes with the query.
    for (i, number) in (0..s.tokens.len()).filter_map(|i| Some((i, s.number(i)?))) {
        let at = lines.boxes[i].0;
        let y = if lines.is_numbered_above(s, i) { at.y - 3.0 } else { at.y + at.h + 12.0 };
        let (middle, width) = (at.x + at.w / 2.0, estimated_width(&number, NUMBER_SIZE) + 2.0);
        let paper = Shape::Rect { at: area(middle - width / 2.0, y - 10.0, width, 12.0), r: 3.0 };
        marks.push(Mark::new(Role::Ground, Ink::Paper, paper).alpha(0.8));
        let mark = text_mark(Role::Weight, Ink::Text, point(middle, y), NUMBER_SIZE, Anchor::Middle, number);
        marks.push(Mark { value: s.weight(i), target: Some(Target::Key(i)), ..mark });
    }
    let height = lines.lines.len() as f32 * line + BOTTOM;
    let scene = Scene { width: s.room, height, title: s.title(text::form_text()), marks };
    if s.right_to_left { scene.mirrored() } else { scene }
}

/// The token in the line above or below that is nearest to this one.
pub fn token_beside(scene: &Scene, token: usize, below: bool) -> Option<usize> {
    let place = |mark: &Mark| match (&mark.shape, mark.target) {
        (Shape::Rect { at, .. }, Some(Target::Query(token))) => Some((token, at.x + at.w / 2.0, at.y)),
        _ => None,
    };
    let (_, x, y) = scene.marks.iter().filter_map(place).find(|(other, ..)| *other == token)?;
    let away = |other: &(usize, f32, f32)| ((other.2 - y).abs(), (other.1 - x).abs());
    let others = scene.marks.iter().filter_map(place).filter(|other| if below { other.2 > y } else { other.2 < y });
    others.min_by(|a, b| away(a).0.total_cmp(&away(b).0).then(away(a).1.total_cmp(&away(b).1))).map(|found| found.0)
}

/// The layout of the tokens.
struct Lines {
    /// The box and the line of each token.
    boxes: Vec<(Area, usize)>,
    /// The tokens of each line.
    lines: Vec<Range<usize>>,
    /// The middles of the gaps between the tokens of each line, where an edge does not cross their text.
    gaps: Vec<Vec<f32>>,
    /// The room between two lines.
    gutter: f32,
}

impl Lines {
    fn new(s: &Sentence, line: f32) -> Self {
        let high = (line * 0.56).clamp(22.0, 30.0).min(line);
        let (gutter, right) = (line - high, s.room - MARGIN);
        let pad = |i: usize| if s.tokens[i].continues { JOINED_PAD } else { PAD };
        let wide = |i: usize| (s.widths[i] + 2.0 * pad(i)).max(NARROWEST).min((right - MARGIN).max(NARROWEST));
        let (mut boxes, mut lines) = (Vec::with_capacity(s.tokens.len()), Vec::new());
        let (mut x, mut first, mut i) = (MARGIN, 0, 0);
        while i < s.tokens.len() {
            // The tokens of a word stay together if a line has room for them.
            let end = (i + 1..s.tokens.len()).find(|&j| !s.tokens[j].continues).unwrap_or(s.tokens.len());
            let word: f32 = (i..end).map(wide).sum();
            let is_full = x + word > right;
            for token in i..end {
                let begins = token == i && (s.begins_text(i) || is_full);
                if x > MARGIN && (begins || x + wide(token) > right) {
                    lines.push(first..token);
                    (x, first) = (MARGIN, token);
                }
                boxes.push((area(x, gutter + lines.len() as f32 * line, wide(token), high), lines.len()));
                x += wide(token);
            }
            (x, i) = (x + GAP, end);
        }
        lines.push(first..s.tokens.len());
        let gaps = lines.iter().map(|tokens| gaps(s, &boxes, tokens)).collect();
        Self { boxes, lines, gaps, gutter }
    }

    /// Whether the number of a key is above it, because its edges come from below.
    fn is_numbered_above(&self, s: &Sentence, key: usize) -> bool {
        let query = s.edges.iter().find(|edge| edge.key == key).map(|edge| edge.query);
        query.or(s.queries.last().copied()).is_some_and(|query| self.boxes[query].1 > self.boxes[key].1)
    }

    /// The path of an edge, as the points of a [`Shape::Route`].
    fn route(&self, edge: &Edge) -> Vec<Point> {
        let ((query, from), (key, to)) = (self.boxes[edge.query], self.boxes[edge.key]);
        let (x, end) = (query.x + query.w / 2.0, key.x + key.w / 2.0);
        if edge.query == edge.key {
            // A small loop for a token that attends to itself.
            let rise = query.y - self.gutter * 1.1;
            return vec![
                point(x - 5.0, query.y),
                point(x - 14.0, rise),
                point(x + 14.0, rise),
                point(x + 5.0, query.y),
            ];
        }
        if from == to {
            let far = (end - x).abs();
            let rise = (self.gutter - 4.0) * (0.35 + 0.65 * far / (far + 160.0));
            let mut points = vec![point(x, query.y)];
            turn(&mut points, point(end, key.y), query.y - rise);
            return points;
        }
        let up = to < from;
        let [leave, arrive] = [query, key].map(|at| [at.y, at.y + at.h]);
        let mut points = vec![point(x, leave[usize::from(!up)])];
        let between: Vec<usize> = if up { (to + 1..from).rev().collect() } else { (from + 1..to).collect() };
        for (i, &line) in between.iter().enumerate() {
            // The gap that makes the path straightest.
            let here = points.last().map_or(x, |at| at.x);
            let wanted = here + (end - here) / (between.len() - i + 1) as f32;
            let gap = self.gaps[line].iter().copied().min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
            let (gap, at) = (gap.unwrap_or(wanted), self.boxes[self.lines[line].start].0);
            let [near, far] = if up { [at.y + at.h, at.y] } else { [at.y, at.y + at.h] };
            self.go(&mut points, point(gap, near));
            straight(&mut points, point(gap, far));
        }
        self.go(&mut points, point(end, arrive[usize::from(up)]));
        points
    }

    /// Continues a path through the room between two lines. Longer paths are nearer to the line that they come from, so
    /// that they do not cross shorter ones of the same query.
    fn go(&self, points: &mut Vec<Point>, to: Point) {
        let Some(from) = points.last().copied() else { return };
        let level = from.y + (to.y - from.y) * (0.3 + 60.0 / ((to.x - from.x).abs() + 150.0));
        turn(points, to, level);
    }
}

/// The middles of the gaps between the tokens of a line, and its two ends. There is no gap within a word.
fn gaps(s: &Sentence, boxes: &[(Area, usize)], tokens: &Range<usize>) -> Vec<f32> {
    let begins = tokens.clone().filter(|&i| i == tokens.start || !s.tokens[i].continues);
    let mut gaps: Vec<f32> = begins.map(|i| boxes[i].0.x - GAP / 2.0).collect();
    gaps.extend(boxes[tokens.clone()].last().map(|(at, _)| at.x + at.w + GAP / 2.0));
    gaps
}

fn straight(points: &mut Vec<Point>, to: Point) {
    if let Some(&from) = points.last() {
        points.extend([from, to, to]);
    }
}

/// Adds a vertical, a horizontal and a vertical piece to a path.
fn turn(points: &mut Vec<Point>, to: Point, level: f32) {
    let Some(&from) = points.last() else { return };
    let corner = ((to.x - from.x) / 2.0).clamp(-CORNER, CORNER);
    if corner.abs() < 0.5 && (level - from.y) * (to.y - level) >= 0.0 {
        return straight(points, to);
    }
    let (first, last) = (point(from.x + corner, level), point(to.x - corner, level));
    points.extend([point(from.x, level), point(from.x + corner * 0.3, level), first]);
    if (last.x - first.x).abs() > 0.5 {
        straight(points, last);
    }
    let begin = points.last().copied().unwrap_or(last);
    points.extend([point(begin.x + corner * 0.7, level), point(to.x, level), to]);
}
