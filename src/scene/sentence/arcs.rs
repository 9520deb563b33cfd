//! Arcs over one line of tokens, for short texts.

use super::*;
use crate::scene::Scene;

const BOX: f32 = 32.0;
/// The least room for the text of a token, so that a number of two decimals fits under its box.
const NARROWEST: f32 = 12.0;
/// The most tokens. Longer texts are wrapped in lines.
const MOST_TOKENS: usize = 40;
/// The least room. In less, texts are always wrapped, so that the form does not change while a text is typed.
const LEAST_ROOM: f32 = 480.0;
/// Extra room between the two texts of a pair.
const BETWEEN_TEXTS: f32 = 26.0;
/// The height of the longest possible arc, if the height of the box is not given.
const HIGHEST: f32 = 260.0;
/// The greatest factor by which a high box makes arcs higher.
const MOST_STRETCHED: f32 = 1.3;
/// The margin above the highest arc.
const ABOVE: f32 = 12.0;
/// The room for the numbers under the tokens.
const UNDER: f32 = 26.0;

/// The room around the text of a token, between tokens, and at both ends.
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

/// Whether a text fits as arcs without scrolling. `widths` are those of its tokens at [`TOKEN_SIZE`].
pub fn arcs_fit(tokens: &[Shown], widths: &[f32], room: f32) -> bool {
    tokens.len() <= MOST_TOKENS && room >= LEAST_ROOM && fitting(tokens, widths, room).is_some()
}

/// The boxes with the widest spacing that fits into this room, and the right end of the last one.
fn fitting(tokens: &[Shown], widths: &[f32], room: f32) -> Option<(Vec<Area>, f32)> {
    SPACINGS.iter().map(|&spacing| boxes(tokens, widths, spacing)).find(|(_, right)| *right <= room)
}

/// Every token once, in reading order, which is from the right in texts from right to left. Arcs above the line connect
/// the query with its keys, and the numbers are under the keys.
pub fn arcs(s: &Sentence) -> Scene {
    let (boxes, right) = fitting(s.tokens, s.widths, s.room).unwrap_or_else(|| boxes(s.tokens, s.widths, SPACINGS[0]));
    // The scale depends on the longest possible arc, so that nothing moves when another token is chosen.
    let longest = rise(right, HIGHEST);
    let (highest, top) = if s.height.is_finite() {
        let above = (s.height - ABOVE - BOX - UNDER).max(0.0);
        (HIGHEST * (above / longest.max(1.0)).min(MOST_STRETCHED), above + ABOVE)
    } else {
        (HIGHEST, longest + ABOVE)
    };
    let boxes: Vec<Area> = boxes.iter().map(|b| area(b.x + ((s.room - right) / 2.0).max(0.0), top, b.w, b.h)).collect();

    let mut marks = Vec::with_capacity(3 * boxes.len() + s.edges.len());
    // In ascending order, so that strong edges are drawn over weak ones.
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

/// A box for each token, side by side from the left margin, and the right end of the last one.
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

/// The height of an arc of this width, at most `highest`. It increases strictly with the distance, so that long arcs
/// are above each other and not in one band.
fn rise(distance: f32, highest: f32) -> f32 {
    highest * distance / (distance + 300.0)
}

fn arc(s: &Sentence, edge: &Edge, [query, key]: [Area; 2], highest: f32) -> Mark {
    let (x1, x2, y) = (query.x + query.w / 2.0, key.x + key.w / 2.0, query.y);
    if edge.query == edge.key {
        // A small loop for a token that attends to itself.
        let (rise, half) = (34.0f32.min(highest * 0.4), 16.0);
        return edge_mark(
            s,
            edge,
            point(x1 - 5.0, y),
            [point(x1 - half, y - rise), point(x1 + half, y - rise)],
            point(x1 + 5.0, y),
        );
    }
    // A cubic curve reaches three quarters of the height of its control points.
    let rise = rise((x2 - x1).abs(), highest) / 0.75;
    let lean = (x2 - x1) * 0.12;
    edge_mark(s, edge, point(x1, y), [point(x1 + lean, y - rise), point(x2 - lean, y - rise)], point(x2, y))
}
