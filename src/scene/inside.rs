//! Inside a head: one query and one key, from the two vectors to the weight, and all keys' shares of the output.

use super::{Anchor, Ink, Mark, Role, Scene, Shape, Target, area, point, three, two};
use crate::analysis::sort_strongest_first;
use crate::engine::{HeadId, Shown};
use crate::text::{self, shortened};

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
    /// Softmax of the scores at `temperature` [n]; NaN where the mask keeps the query from reading the key.
    pub weights: &'a [f32],
    /// Length of each key's value vector [n].
    pub lengths: &'a [f32],
    pub temperature: f32,
    /// The temperature of the run itself.
    pub run_temperature: f32,
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

    /// `temperature 2.00 instead of 1`, where these weights are not the model's or not this run's.
    fn softened(&self) -> Option<String> {
        let (now, run) = (self.temperature, self.run_temperature);
        match (now == 1.0, run == 1.0) {
            (true, true) => None,
            (false, _) => Some(text::heat_model(&two(now))),
            (true, false) => Some(text::heat_run(&two(run))),
        }
    }

    /// The whole way in one sentence.
    pub fn told(&self) -> String {
        let (d, product) = (self.q.len(), self.products().iter().sum::<f32>());
        let (query, key) = (self.tokens[self.query].isolated(), self.tokens[self.key].isolated());
        let (score, weight) = (self.scores[self.key], self.weights[self.key]);
        let (dot, product) = (format!("q({query}) · k({key})"), two(product));
        if weight.is_nan() {
            return text::inside_masked(&dot, &product, &query, &key);
        }
        let (score, weight, length) = (two(score), three(weight), two(self.lengths[self.key]));
        let (d, share) = (d.to_string(), two(self.shares()[self.key]));
        match self.softened() {
            None => text::inside_told(&dot, &product, &d, &score, &weight, &length, &share),
            Some(softened) => {
                let whose = if self.temperature == 1.0 { text::run_is_other() } else { text::model_is_other() };
                let told = text::inside_told_at(&dot, &product, &d, &score, &softened, &weight, &length, &share);
                text::sentences([told.as_str(), whose])
            }
        }
    }
}

pub fn inside(s: &Inside) -> Scene {
    let products = s.products();
    let mut order: Vec<(usize, f32)> = products.iter().copied().enumerate().collect();
    if s.sorted {
        sort_strongest_first(&mut order);
    }
    let order: Vec<usize> = order.into_iter().map(|(dimension, _)| dimension).collect();
    let (query, key) = (&s.tokens[s.query].name(), &s.tokens[s.key].name());
    let mut marks = Vec::with_capacity(4 * order.len() + 10 * s.tokens.len().min(MOST_KEYS));
    let largest = |values: &[f32]| values.iter().fold(1e-6f32, |most, v| most.max(v.abs()));
    // q and k on one scale, so that they can be compared.
    let both = largest(s.q).max(largest(s.key_vector()));
    let strips: [(Ink, Strip); 3] = [
        (Ink::Query, (text::vector_q(&shortened(query, 12)), s.q, both, String::new())),
        (Ink::Edge, (text::vector_k(&shortened(key, 12)), s.key_vector(), both, String::new())),
        (Ink::Text, ("q × k".to_owned(), &products, largest(&products), text::vector_sum(&two(products.iter().sum())))),
    ];
    let mut y = 8.0;
    for (ink, vector) in strips {
        strip(s, &order, vector, ink, y, &mut marks);
        y += STRIP + BETWEEN;
    }
    let numbered = if s.sorted { text::dimensions_sorted() } else { text::dimensions_plain() };
    marks.push(label(LEFT + (s.room - LEFT - RIGHT) / 2.0, y + 2.0, Anchor::Middle, Ink::Faint, numbered.into()));
    y += 34.0;
    if let Some(softened) = s.softened() {
        let whose = match s.temperature == 1.0 {
            true => text::not_the_runs(&softened),
            false => text::not_the_models(&softened),
        };
        // From the left edge: on a phone it needs all the room.
        marks.push(label(0.0, y, Anchor::Start, Ink::Query, whose));
        y += 26.0;
    }
    let height = keys(s, y, &mut marks);
    Scene {
        width: s.room,
        height,
        title: text::inside_title(&s.head.to_string(), &text::isolated(query), &text::isolated(key), &s.told()),
        marks,
    }
}

fn label(x: f32, y: f32, anchor: Anchor, ink: Ink, text: String) -> Mark {
    Mark::new(Role::Label, ink, Shape::Text { at: point(x, y), size: LABEL_SIZE, anchor, bold: false, turn: 0.0, text })
}

/// A vector's name, its numbers, the largest of the scale, and its sum where that is told.
type Strip<'a> = (String, &'a [f32], f32, String);

/// One vector as bars up and down from a line: the sign is a direction, not a colour.
fn strip(s: &Inside, order: &[usize], (name, values, most, sum): Strip, ink: Ink, y: f32, marks: &mut Vec<Mark>) {
    let middle = y + STRIP / 2.0;
    let pitch = (s.room - LEFT - RIGHT) / order.len() as f32;
    marks.push(label(LEFT - 10.0, middle + 4.0, Anchor::End, Ink::Text, name));
    let line = area(LEFT, middle - 0.5, pitch * order.len() as f32, 1.0);
    marks.push(Mark::new(Role::Label, Ink::Faint, Shape::Rect { at: line, r: 0.0 }).alpha(0.5));
    for (place, &dimension) in order.iter().enumerate() {
        let value = values[dimension];
        let high = value.abs() / most * STRIP / 2.0;
        let top = if value > 0.0 { middle - high } else { middle };
        let at = area(LEFT + place as f32 * pitch + pitch * 0.12, top, pitch * 0.76, high);
        marks.push(Mark::new(Role::Bar, ink, Shape::Rect { at, r: 0.0 }).alpha(0.85).value(value));
    }
    marks.push(label(s.room - RIGHT + 8.0, middle + 4.0, Anchor::Start, Ink::Text, sum));
}

/// The keys that are told one by one: those read most, then those behind the mask, and always the chosen one.
fn told_keys(s: &Inside) -> Vec<usize> {
    let mut ranked: Vec<(usize, f32)> = s.weights.iter().copied().enumerate().filter(|(_, w)| !w.is_nan()).collect();
    sort_strongest_first(&mut ranked);
    let masked = (0..s.weights.len()).filter(|&key| s.weights[key].is_nan());
    let mut keys: Vec<usize> = ranked.into_iter().map(|(key, _)| key).chain(masked).collect();
    let chosen = keys.iter().position(|&key| key == s.key).unwrap_or(0);
    if chosen >= MOST_KEYS {
        keys.swap(chosen, MOST_KEYS - 1);
    }
    keys.truncate(MOST_KEYS);
    keys
}

/// Every key: score, weight, and share of the output; returns where it ends.
fn keys(s: &Inside, top: f32, marks: &mut Vec<Mark>) -> f32 {
    let told = told_keys(s);
    let column = (s.room - LEFT) / 3.0;
    let shares = s.shares();
    let readable = |key: &&usize| !s.weights[**key].is_nan();
    let most = |values: &[f32]| told.iter().filter(readable).fold(1e-6f32, |most, &key| most.max(values[key].abs()));
    let columns = [
        (text::inside_score(), s.scores, most(s.scores), Ink::Edge),
        (text::inside_weight(), s.weights, 1.0, Ink::Edge),
        (text::inside_share(), &shares, most(&shares), Ink::Value),
    ];
    for (i, (name, ..)) in columns.iter().enumerate() {
        marks.push(label(LEFT + i as f32 * column, top - 8.0, Anchor::Start, Ink::Faint, (*name).into()));
    }
    for (line, &key) in told.iter().enumerate() {
        let y = top + line as f32 * LINE;
        let chosen = key == s.key;
        let ground = area(0.0, y, s.room, LINE - 1.0);
        let ground = Mark::new(Role::Shade, Ink::Edge, Shape::Rect { at: ground, r: 3.0 });
        marks.push(ground.alpha(if chosen { 0.16 } else { 0.0 }).target(Target::Key(key)));
        let ink = if chosen { Ink::Edge } else { Ink::Text };
        marks.push(label(LEFT - 10.0, y + 14.0, Anchor::End, ink, shortened(&s.tokens[key].name(), 14)));
        if s.weights[key].is_nan() {
            marks.push(label(LEFT, y + 14.0, Anchor::Start, Ink::Faint, text::masked().into()));
            continue;
        }
        for (i, (_, values, most, ink)) in columns.iter().enumerate() {
            let x = LEFT + i as f32 * column;
            let long = (column - 62.0).max(10.0) * values[key].abs() / most;
            let at = area(x, y + 4.0, long, LINE - 9.0);
            // A negative score is an outline: it takes away, and is no darker for it.
            let shape =
                if values[key] < 0.0 { Shape::Frame { at, r: 0.0, line: 1.0 } } else { Shape::Rect { at, r: 0.0 } };
            marks.push(Mark::new(Role::Bar, *ink, shape).alpha(0.85).value(values[key]));
            marks.push(label(x + long + 6.0, y + 14.0, Anchor::Start, Ink::Text, two(values[key])));
        }
    }
    let end = top + told.len() as f32 * LINE;
    let left_out = s.weights.len() - told.len();
    if left_out > 0 {
        let present = |weights: &mut dyn Iterator<Item = f32>| weights.filter(|w| !w.is_nan()).sum::<f32>();
        let rest = present(&mut s.weights.iter().copied()) - present(&mut told.iter().map(|&key| s.weights[key]));
        let others = text::other_keys(left_out, &two(rest.max(0.0)));
        marks.push(label(LEFT, end + 14.0, Anchor::Start, Ink::Faint, others));
    }
    end + if left_out > 0 { 26.0 } else { 8.0 }
}
