//! Arcs over one line of tokens: for a sentence.

use super::*;
use crate::scene::Scene;

const BOX: f32 = 32.0;
/// The text of the narrowest token has this much room: a number of two decimals fits under its box.
const NARROWEST: f32 = 12.0;
/// More tokens are read in lines.
const MOST_TOKENS: usize = 40;
/// In less room there are lines whatever the text, so that it does not jump from one form to the other while it is typed.
const LEAST_ROOM: f32 = 480.0;
/// Extra room between the two texts of a pair.
const BETWEEN_TEXTS: f32 = 26.0;
/// How high the longest possible arc rises where the height of the box is not given.
const HIGHEST: f32 = 260.0;
/// A high box makes arcs higher by this factor at most.
const MOST_STRETCHED: f32 = 1.3;
/// Room above the highest arc.
const ABOVE: f32 = 12.0;
/// Room for the numbers under the tokens.
const UNDER: f32 = 26.0;

/// Room around the text of a token, between the tokens, and at both ends.
#[derive(Clone, Copy)]
struct Spacing {
    pad: f32,
    gap: f32,
    margin: f32,
}

/// From the widest to the narrowest.
const SPACINGS: [Spacing; 4] = [
    Spacing { pad: 10.0, gap: 4.0, margin: 8.0 },
    Spacing { pad: 8.5, gap: 3.0, margin: 6.0 },
    Spacing { pad: 7.0, gap: 2.5, margin: 4.0 },
    Spacing { pad: 6.0, gap: 2.0, margin: 2.0 },
];

/// Can this text be read as arcs, without scrolling? `widths` are those of its tokens at [`TOKEN_SIZE`].
pub fn arcs_fit(tokens: &[Shown], widths: &[f32], room: f32) -> bool {
    tokens.len() <= MOST_TOKENS && room >= LEAST_ROOM && fitting(tokens, widths, room).is_some()
}

/// The boxes at the widest spacing that has them all in this room, with their right end.
fn fitting(tokens: &[Shown], widths: &[f32], room: f32) -> Option<(Vec<Area>, f32)> {
    SPACINGS.iter().map(|&spacing| boxes(tokens, widths, spacing)).find(|(_, right)| *right <= room)
}

/// Every token once, in reading order (from the right where the sentence runs so); arcs run above the line from the query to its keys,
/// the numbers stand under the keys.
pub fn arcs(s: &Sentence) -> Scene {
    let (boxes, right) = fitting(s.tokens, s.widths, s.room).unwrap_or_else(|| boxes(s.tokens, s.widths, SPACINGS[0]));
    // The longest arc that *could* be drawn sets the scale: choosing another token moves nothing.
    let longest = rise(right, HIGHEST);
    let (highest, top) = if s.height.is_finite() {
        let above = (s.height - ABOVE - BOX - UNDER).max(0.0);
        (HIGHEST * (above / longest.max(1.0)).min(MOST_STRETCHED), above + ABOVE)
    } else {
        (HIGHEST, longest + ABOVE)
    };
    let boxes: Vec<Area> = boxes.iter().map(|b| area(b.x + ((s.room - right) / 2.0).max(0.0), top, b.w, b.h)).collect();

    let mut marks = Vec::with_capacity(3 * boxes.len() + s.edges.len());
    // Weakest first: the strong ones are drawn over them.
    for edge in s.edges.iter().rev() {
        marks.push(arc(s, edge, [boxes[edge.query], boxes[edge.key]], highest));
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
    let scene = Scene { width: right.max(s.room), height: top + BOX + UNDER, title: s.title(text::form_arcs()), marks };
    if s.right_to_left { scene.mirrored() } else { scene }
}

/// One box a token, side by side from the left margin, and where the right one ends.
fn boxes(tokens: &[Shown], widths: &[f32], spacing: Spacing) -> (Vec<Area>, f32) {
    let mut x = spacing.margin;
    let mut boxes = Vec::with_capacity(tokens.len());
    for (i, &width) in widths.iter().enumerate() {
        let joined = tokens[i].continues;
        x += if begins_text(tokens, i) {
            BETWEEN_TEXTS
        } else if i > 0 && !joined {
            spacing.gap
        } else {
            0.0
        };
        let w = (width + 2.0 * if joined { spacing.pad * 0.5 } else { spacing.pad }).max(NARROWEST + 2.0 * spacing.pad);
        boxes.push(area(x, 0.0, w, BOX));
        x += w;
    }
    (boxes, x + spacing.margin)
}

/// How high an arc of this width rises, at most `highest`. It grows with the distance and never quite flattens out, so that
/// long arcs lie above each other and not in one band.
fn rise(distance: f32, highest: f32) -> f32 {
    highest * distance / (distance + 300.0)
}

fn arc(s: &Sentence, edge: &Edge, [query, key]: [Area; 2], highest: f32) -> Mark {
    let (x1, x2, y) = (query.x + query.w / 2.0, key.x + key.w / 2.0, query.y);
    if edge.query == edge.key {
        // A token that reads itself: a small loop.
        let (rise, half) = (34.0f32.min(highest * 0.4), 16.0);
        return edge_mark(
            s,
            edge,
            point(x1 - 5.0, y),
            [point(x1 - half, y - rise), point(x1 + half, y - rise)],
            point(x1 + 5.0, y),
        );
    }
    // A cubic reaches three quarters of the way to its control points.
    let rise = rise((x2 - x1).abs(), highest) / 0.75;
    let lean = (x2 - x1) * 0.12;
    edge_mark(s, edge, point(x1, y), [point(x1 + lean, y - rise), point(x2 - lean, y - rise)], point(x2, y))
}
