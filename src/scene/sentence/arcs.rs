//! Arcs over one line of tokens: for a sentence.

use super::*;
use crate::scene::Scene;

const BOX: f32 = 32.0;
const GAP: f32 = 4.0;
const PAD: f32 = 10.0;
/// A number of two decimals fits under the narrowest token.
const NARROWEST: f32 = 32.0;
const MARGIN: f32 = 8.0;
/// Extra room between the two texts of a pair.
const BETWEEN_TEXTS: f32 = 26.0;
const HIGHEST: f32 = 260.0;

/// Every token once, in reading order (from the right where the sentence runs so); arcs run above the line from the query to its keys,
/// the numbers stand under the keys.
pub fn arcs(s: &Sentence) -> Scene {
    let boxes = boxes(s);
    let right = boxes.last().map_or(0.0, |b| b.x + b.w) + MARGIN;
    // The longest arc that *could* be drawn sets the height: choosing another token moves nothing.
    let top = height(right) + 12.0;
    let boxes: Vec<Area> = boxes.iter().map(|b| area(b.x + ((s.room - right) / 2.0).max(0.0), top, b.w, b.h)).collect();

    let mut marks = Vec::with_capacity(3 * boxes.len() + s.edges.len());
    // Weakest first: the strong ones are drawn over them.
    for edge in s.edges.iter().rev() {
        marks.push(arc(s, edge, boxes[edge.query], boxes[edge.key]));
    }
    for (i, &at) in boxes.iter().enumerate() {
        let ground = if s.is_query(i) { Ground::Query } else { s.ground(i) };
        token_marks(&s.tokens[i], at, ground, Target::Query(i), &mut marks);
        if let Some(number) = s.number(i) {
            let under = point(at.x + at.w / 2.0, at.y + at.h + 16.0);
            let mark = text_mark(Role::Weight, Ink::Text, under, NUMBER_SIZE, Anchor::Middle, number);
            marks.push(Mark { value: s.weight(i), target: Some(Target::Key(i)), ..mark });
        }
    }
    let scene = Scene { width: right.max(s.room), height: top + BOX + 26.0, title: s.title(text::form_arcs()), marks };
    if s.right_to_left { scene.mirrored() } else { scene }
}

/// One box a token, side by side from the left margin.
fn boxes(s: &Sentence) -> Vec<Area> {
    let mut x = MARGIN;
    let mut boxes = Vec::with_capacity(s.tokens.len());
    for (i, &width) in s.widths.iter().enumerate() {
        let joined = s.tokens[i].continues;
        let new_text = i > 1 && s.tokens[i - 1].special && !s.tokens[i].special;
        x += if new_text {
            BETWEEN_TEXTS
        } else if i > 0 && !joined {
            GAP
        } else {
            0.0
        };
        let w = (width + 2.0 * if joined { PAD * 0.5 } else { PAD }).max(NARROWEST);
        boxes.push(area(x, 0.0, w, BOX));
        x += w;
    }
    boxes
}

/// Rises with the distance and never quite flattens out, so that long arcs lie above each other and not in one band.
fn height(distance: f32) -> f32 {
    HIGHEST * distance / (distance + 300.0)
}

fn arc(s: &Sentence, edge: &Edge, query: Area, key: Area) -> Mark {
    let (x1, x2, y) = (query.x + query.w / 2.0, key.x + key.w / 2.0, query.y);
    if edge.query == edge.key {
        // A token that reads itself: a small loop.
        let (rise, half) = (34.0, 16.0);
        return edge_mark(
            s,
            edge,
            point(x1 - 5.0, y),
            [point(x1 - half, y - rise), point(x1 + half, y - rise)],
            point(x1 + 5.0, y),
        );
    }
    // A cubic reaches three quarters of the way to its control points.
    let rise = height((x2 - x1).abs()) / 0.75;
    let lean = (x2 - x1) * 0.12;
    edge_mark(s, edge, point(x1, y), [point(x1 + lean, y - rise), point(x2 - lean, y - rise)], point(x2, y))
}
