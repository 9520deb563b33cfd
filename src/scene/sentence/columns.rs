//! Two columns, all queries left and all keys right: for longer texts and narrow screens.

use super::*;
use crate::scene::Scene;

const LINE: f32 = 30.0;
const BOX: f32 = 26.0;
const PAD: f32 = 10.0;
const MARGIN: f32 = 6.0;
const TOP: f32 = 30.0;
/// The room for a number right of the keys.
const NUMBER: f32 = 46.0;
const WIDEST: f32 = 560.0;

/// Queries right-aligned on the left, keys left-aligned on the right, edges between them, and the numbers beside the
/// keys. In texts from right to left all sides are reversed.
pub fn columns(s: &Sentence) -> Scene {
    let widest = s.widths.iter().fold(60.0f32, |a, &b| a.max(b)) + 2.0 * PAD;
    // Two columns, room for edges of at least 90 pixels, and the numbers.
    let across = (2.0 * (widest + MARGIN) + NUMBER + 90.0).max(s.room.min(WIDEST));
    let left = (s.room - across).max(0.0) / 2.0;
    let query_edge = left + MARGIN + widest;
    let key_edge = left + across - NUMBER - MARGIN - widest;
    let line = |i: usize| TOP + i as f32 * LINE;
    let middle = |i: usize| line(i) + BOX / 2.0;

    let mut marks = Vec::with_capacity(5 * s.tokens.len() + s.edges.len());
    for (x, anchor, name) in
        [(query_edge - PAD, Anchor::End, text::column_query()), (key_edge + PAD, Anchor::Start, text::column_key())]
    {
        marks.push(text_mark(Role::Label, Ink::Faint, point(x, 18.0), NUMBER_SIZE + 1.0, anchor, name.into()));
    }
    for edge in s.edges.iter().rev() {
        let (from, to) = (point(query_edge, middle(edge.query)), point(key_edge, middle(edge.key)));
        let half = (to.x - from.x) / 2.0;
        marks.push(edge_mark(s, edge, from, [point(from.x + half, from.y), point(to.x - half, to.y)], to));
    }
    for (i, (token, &width)) in s.tokens.iter().zip(s.widths).enumerate() {
        let w = width + 2.0 * PAD;
        let ground = if s.is_query(i) { Ground::Query } else { Ground::Plain };
        token_marks(token, area(query_edge - w, line(i), w, BOX), ground, Target::Query(i), &mut marks);
        token_marks(token, area(key_edge, line(i), w, BOX), s.ground(i), Target::Key(i), &mut marks);
        if let Some(number) = s.number(i) {
            let beside = point(key_edge + w + 8.0, middle(i) + NUMBER_SIZE * 0.36);
            let mark = text_mark(Role::Weight, Ink::Text, beside, NUMBER_SIZE, Anchor::Start, number);
            marks.push(Mark { value: s.weight(i), target: Some(Target::Key(i)), ..mark });
        }
    }
    let height = line(s.tokens.len()) + MARGIN;
    let scene = Scene { width: across.max(s.room), height, title: s.title(text::form_columns()), marks };
    if s.right_to_left { scene.mirrored() } else { scene }
}
