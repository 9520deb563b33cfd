//! Inside a head: one query and one key, from the two vectors to the weight, and all keys' shares of the output.

use super::text::shortened;
use super::{Anchor, Ink, Mark, Role, Scene, Shape, Target, area, point, two};
use crate::analysis::{fixed, sort_strongest_first};
use crate::engine::{HeadId, Shown};

const LABEL_SIZE: f32 = 12.0;
/// Room for names on the left, and for a sum on the right.
const LEFT: f32 = 118.0;
const RIGHT: f32 = 78.0;
const STRIP: f32 = 46.0;
const BETWEEN: f32 = 12.0;
const LINE: f32 = 21.0;
/// More keys than this are told in one line.
const MOST_KEYS: usize = 18;

pub struct Inside<'a> {
    pub head: HeadId,
    pub tokens: &'a [Shown],
    pub query: usize,
    pub key: usize,
    /// The query's vector [d].
    pub q: &'a [f32],
    /// Every key's vector [n, d].
    pub k: &'a [f32],
    /// `q k / sqrt(d)` by key [n].
    pub scores: &'a [f32],
    /// Softmax of the scores [n]; NaN where the key cannot be read.
    pub weights: &'a [f32],
    /// Length of each key's value vector [n].
    pub lengths: &'a [f32],
    /// Dimensions by what they add to the product, largest first, and not by number.
    pub sorted: bool,
    pub room: f32,
}

impl Inside<'_> {
    fn key_vector(&self) -> &[f32] {
        &self.k[self.key * self.q.len()..][..self.q.len()]
    }

    /// What each dimension adds to `q k` [d].
    pub fn products(&self) -> Vec<f32> {
        self.q.iter().zip(self.key_vector()).map(|(q, k)| q * k).collect()
    }

    /// Weight times length of the value: how much of each key goes into the output, before directions cancel.
    fn shares(&self) -> Vec<f32> {
        self.weights.iter().zip(self.lengths).map(|(weight, length)| weight * length).collect()
    }

    /// The whole way in one sentence.
    pub fn told(&self) -> String {
        let (d, product) = (self.q.len(), self.products().iter().sum::<f32>());
        let (query, key) = (self.tokens[self.query].isolated(), self.tokens[self.key].isolated());
        let (score, weight) = (self.scores[self.key], self.weights[self.key]);
        if weight.is_nan() {
            return format!("q({query}) · k({key}) = {}; the mask keeps {query} from reading {key}.", two(product));
        }
        let share = self.shares()[self.key];
        format!(
            "q({query}) · k({key}) = {}; divided by √{d} the score is {}; softmax over the row makes it the weight {}; \
             times the value's length {} its share of the output is {}.",
            two(product),
            two(score),
            fixed(weight, 3),
            two(self.lengths[self.key]),
            two(share)
        )
    }
}

pub fn inside(s: &Inside) -> Scene {
    let products = s.products();
    let mut order: Vec<(usize, f32)> = products.iter().copied().enumerate().collect();
    if s.sorted {
        sort_strongest_first(&mut order);
    }
    let order: Vec<usize> = order.into_iter().map(|(dimension, _)| dimension).collect();
    let (query, key) = (&s.tokens[s.query].text, &s.tokens[s.key].text);
    let mut marks = Vec::with_capacity(4 * order.len() + 10 * s.tokens.len().min(MOST_KEYS));
    let largest = |values: &[f32]| values.iter().fold(1e-6f32, |most, v| most.max(v.abs()));
    // q and k on one scale, so that they can be compared.
    let both = largest(s.q).max(largest(s.key_vector()));
    let strips: [Strip; 3] = [
        (format!("q of {}", shortened(query, 12)), s.q, both, String::new()),
        (format!("k of {}", shortened(key, 12)), s.key_vector(), both, String::new()),
        ("q × k".to_owned(), products.as_slice(), largest(&products), format!("sum {}", two(products.iter().sum()))),
    ];
    let mut y = 8.0;
    for vector in strips {
        strip(s, &order, vector, y, &mut marks);
        y += STRIP + BETWEEN;
    }
    let numbered = if s.sorted { "dimensions, by what they add" } else { "dimensions, by number" };
    marks.push(text(LEFT + (s.room - LEFT - RIGHT) / 2.0, y + 2.0, Anchor::Middle, Ink::Faint, numbered.into()));
    let height = keys(s, y + 34.0, &mut marks);
    Scene { width: s.room, height, title: format!("Inside {}: {query} reads {key}. {}", s.head, s.told()), marks }
}

fn text(x: f32, y: f32, anchor: Anchor, ink: Ink, text: String) -> Mark {
    Mark::new(Role::Label, ink, Shape::Text { at: point(x, y), size: LABEL_SIZE, anchor, bold: false, turn: 0.0, text })
}

/// A vector's name, its numbers, the largest of the scale, and its sum where that is told.
type Strip<'a> = (String, &'a [f32], f32, String);

/// One vector as bars up and down from a line: the sign is a direction, not a colour.
fn strip(s: &Inside, order: &[usize], (name, values, most, sum): Strip, y: f32, marks: &mut Vec<Mark>) {
    let middle = y + STRIP / 2.0;
    let pitch = (s.room - LEFT - RIGHT) / order.len() as f32;
    marks.push(text(LEFT - 10.0, middle + 4.0, Anchor::End, Ink::Text, name));
    let line = area(LEFT, middle - 0.5, pitch * order.len() as f32, 1.0);
    marks.push(Mark::new(Role::Label, Ink::Faint, Shape::Rect { at: line, r: 0.0 }).alpha(0.5));
    for (place, &dimension) in order.iter().enumerate() {
        let value = values[dimension];
        let high = value.abs() / most * STRIP / 2.0;
        let top = if value > 0.0 { middle - high } else { middle };
        let at = area(LEFT + place as f32 * pitch + pitch * 0.12, top, pitch * 0.76, high);
        marks.push(Mark::new(Role::Bar, Ink::Edge, Shape::Rect { at, r: 0.0 }).alpha(0.85).value(value));
    }
    marks.push(text(s.room - RIGHT + 8.0, middle + 4.0, Anchor::Start, Ink::Text, sum));
}

/// Every key: score, weight, and share of the output; returns where it ends.
fn keys(s: &Inside, top: f32, marks: &mut Vec<Mark>) -> f32 {
    let mut ranked: Vec<(usize, f32)> = s.weights.iter().copied().enumerate().filter(|(_, w)| !w.is_nan()).collect();
    sort_strongest_first(&mut ranked);
    let rest: f32 = ranked.iter().skip(MOST_KEYS).map(|(_, w)| w).sum();
    let left_out = ranked.len().saturating_sub(MOST_KEYS);
    ranked.truncate(MOST_KEYS);

    let column = (s.room - LEFT) / 3.0;
    let shares = s.shares();
    let most = |values: &[f32]| ranked.iter().fold(1e-6f32, |most, &(key, _)| most.max(values[key].abs()));
    let columns =
        [("score", s.scores, most(s.scores)), ("weight", s.weights, 1.0), ("weight × |v|", &shares, most(&shares))];
    for (i, (name, ..)) in columns.iter().enumerate() {
        marks.push(text(LEFT + i as f32 * column, top - 8.0, Anchor::Start, Ink::Faint, (*name).into()));
    }
    for (line, &(key, _)) in ranked.iter().enumerate() {
        let y = top + line as f32 * LINE;
        let chosen = key == s.key;
        let ground = area(0.0, y, s.room, LINE - 1.0);
        let ground = Mark::new(Role::Shade, Ink::Query, Shape::Rect { at: ground, r: 3.0 });
        marks.push(ground.alpha(if chosen { 0.16 } else { 0.0 }).target(Target::Key(key)));
        let ink = if chosen { Ink::Query } else { Ink::Text };
        marks.push(text(LEFT - 10.0, y + 14.0, Anchor::End, ink, shortened(&s.tokens[key].text, 14)));
        for (i, (_, values, most)) in columns.iter().enumerate() {
            let x = LEFT + i as f32 * column;
            let long = (column - 62.0).max(10.0) * values[key].abs() / most;
            let at = area(x, y + 4.0, long, LINE - 9.0);
            // A negative score is an outline: it takes away, and is no darker for it.
            let shape =
                if values[key] < 0.0 { Shape::Frame { at, r: 0.0, line: 1.0 } } else { Shape::Rect { at, r: 0.0 } };
            marks.push(Mark::new(Role::Bar, Ink::Edge, shape).alpha(0.85).value(values[key]));
            marks.push(text(x + long + 6.0, y + 14.0, Anchor::Start, Ink::Text, two(values[key])));
        }
    }
    let end = top + ranked.len() as f32 * LINE;
    if left_out > 0 {
        let others = format!("and {left_out} other tokens with {} of the weight", two(rest));
        marks.push(text(LEFT, end + 14.0, Anchor::Start, Ink::Faint, others));
    }
    end + if left_out > 0 { 26.0 } else { 8.0 }
}
