//! The sentence as the interface: the chosen queries and the edges to their keys.

mod arcs;
mod columns;
mod wrapped;

pub use arcs::{arcs, arcs_fit};
pub use columns::columns;
pub use wrapped::{LINE, MOST_WRAPPED, TOUCH_LINE, token_beside, wrapped};

use super::width::estimated_width;
use super::{Anchor, Area, Ink, Mark, Point, Role, Shape, Target, area, brief, colour, noun, point, told};
use crate::analysis::{Edge, Quantity, Row};
use crate::engine::Shown;
use crate::text;

/// The most edges of a head over `tokens` tokens that are drawn while no query is chosen.
pub fn most_edges(tokens: usize) -> usize {
    (2 * tokens).min(120)
}

/// The font sizes of tokens, and of the numbers beside edges.
pub const TOKEN_SIZE: f32 = 16.0;
pub const NUMBER_SIZE: f32 = 12.0;

/// The input for a picture of one head over a text.
pub struct Sentence<'a> {
    /// The name of the map: `L3 H1`, or that of a layer's mean.
    pub name: &'a str,
    pub quantity: Quantity,
    /// The strongest cell of all heads of this run, or 1 for weights.
    pub max: f32,
    pub tokens: &'a [Shown],
    /// The width in pixels of each token's text at [`TOKEN_SIZE`], including the subword mark.
    pub widths: &'a [f32],
    /// The chosen queries. If there are none, the strongest edges of the whole head are drawn.
    pub queries: &'a [usize],
    /// The mean row of `queries`.
    pub row: Option<&'a Row>,
    /// The edges to draw, in descending order.
    pub edges: &'a [Edge],
    /// The key under the pointer, whose number is always shown.
    pub pointed: Option<usize>,
    /// Whether the head is switched off. Its weights are computed, but have no effect.
    pub is_off: bool,
    /// Whether the text, and with it the picture, is from right to left.
    pub right_to_left: bool,
    /// The width of the picture's box in pixels.
    pub room: f32,
    /// The height of that box, which arcs must fit into. Infinite if the page grows with the picture.
    pub height: f32,
}

/// A token as every form of the picture shows it: `·ing` continues the word before it.
pub fn written(token: &Shown) -> String {
    if token.continues { format!("·{}", token.name()) } else { token.name() }
}

impl Sentence<'_> {
    fn title(&self, form: &str) -> String {
        match self.queries {
            [] => text::scene_strongest(self.name, &self.edges.len().to_string(), noun(self.quantity), form),
            queries => {
                let names = text::list(queries.iter().map(|&q| self.tokens[q].isolated()));
                text::scene_reads(self.name, &names, form)
            }
        }
    }

    fn weight(&self, key: usize) -> Option<f32> {
        self.row.map(|row| row.weights[key]).filter(|w| !w.is_nan())
    }

    /// The number beside a key, for every edge that is drawn and for the key under the pointer.
    fn number(&self, key: usize) -> Option<String> {
        let weight = self.weight(key)?;
        if weight.abs() < 0.005 {
            return (self.pointed == Some(key)).then(|| told(self.quantity, weight));
        }
        let drawn = self.edges.iter().any(|e| e.key == key);
        (self.pointed == Some(key) || drawn).then(|| brief(self.quantity, weight))
    }

    /// A cell divided by the strongest possible one, -1 to 1.
    fn share(&self, cell: f32) -> f32 {
        if self.quantity.is_shares() { cell.clamp(0.0, 1.0) } else { (cell / self.max.max(1e-9)).clamp(-1.0, 1.0) }
    }

    fn ground(&self, key: usize) -> Ground {
        Ground::Key(self.weight(key).map(|cell| (cell, self.share(cell))))
    }

    /// Whether the second text begins with this token.
    fn begins_text(&self, token: usize) -> bool {
        begins_text(self.tokens, token)
    }

    fn is_query(&self, token: usize) -> bool {
        self.queries.contains(&token)
    }
}

fn begins_text(tokens: &[Shown], token: usize) -> bool {
    token > 1 && tokens[token - 1].special && !tokens[token].special
}

/// The background of a token's box.
enum Ground {
    /// A chosen query.
    Query,
    /// A key, shaded by its cell and by its share of the strongest one.
    Key(Option<(f32, f32)>),
    /// A query that is not chosen.
    Plain,
}

/// The opacity of the strongest shade, on which text is still readable.
const SHADE: f32 = 0.5;
/// The opacity of shades below which faint text is readable.
const FAINT_UP_TO: f32 = 0.15;

/// Draws a box with the token's text in it.
fn token_marks(shown: &Shown, at: Area, ground: Ground, target: Target, marks: &mut Vec<Mark>) {
    let (role, ink, alpha, value) = match ground {
        Ground::Query => (Role::Query, Ink::Query, 1.0, None),
        Ground::Key(Some((cell, share))) => {
            let ink = if share < 0.0 { Ink::Less } else { Ink::Edge };
            (Role::Shade, ink, SHADE * colour::position(share, 1.0), Some(cell))
        }
        Ground::Key(None) => (Role::Shade, Ink::Edge, 0.0, None),
        Ground::Plain => (Role::Shade, Ink::Edge, 0.0, None),
    };
    let ground = Mark::new(role, ink, Shape::Rect { at, r: 5.0 }).alpha(alpha).target(target);
    marks.push(Mark { value, title: shown.title(), ..ground });
    let ink = match (role, shown.special) {
        (Role::Query, _) => Ink::OnQuery,
        (_, true) if alpha < FAINT_UP_TO => Ink::Faint,
        _ => Ink::Text,
    };
    let middle = point(at.x + at.w / 2.0, at.y + at.h / 2.0 + TOKEN_SIZE * 0.35);
    marks.push(text_mark(Role::Token, ink, middle, TOKEN_SIZE, Anchor::Middle, written(shown)));
    if shown.unknown {
        let line = area(at.x + 5.0, at.y + at.h - 5.0, at.w - 10.0, 1.5);
        marks.push(Mark::new(Role::Label, ink, Shape::Rect { at: line, r: 0.0 }));
    }
}

fn text_mark(role: Role, ink: Ink, at: Point, size: f32, anchor: Anchor, text: String) -> Mark {
    Mark::new(role, ink, Shape::Text { at, size, anchor, bold: false, turn: 0.0, text })
}

fn edge_mark(s: &Sentence, edge: &Edge, from: Point, bend: [Point; 2], to: Point) -> Mark {
    edge_mark_of(s, edge, |line, dashed| Shape::Curve { from, bend, to, line, dashed })
}

/// An edge, whose thickness and opacity increase with its share of the strongest one. Negative ones are dashed. `shape`
/// makes the shape from the thickness and whether it is dashed.
fn edge_mark_of(s: &Sentence, edge: &Edge, shape: impl FnOnce(f32, bool) -> Shape) -> Mark {
    let share = s.share(edge.weight);
    let (ink, dashed) = match share {
        _ if s.is_off => (Ink::Faint, true),
        _ if share < 0.0 => (Ink::Less, true),
        _ => (Ink::Edge, false),
    };
    let line = 1.0 + 7.0 * share.abs();
    Mark::new(Role::Edge, ink, shape(line, dashed))
        .alpha(0.25 + 0.7 * share.abs().sqrt())
        .target(Target::Cell { query: edge.query, key: edge.key })
        .value(edge.weight)
}

#[cfg(test)]
mod tests {
    use super::super::colour::{Theme, rgb};
    use super::super::svg::svg;
    use super::super::vision::{contrast, over};
    use super::super::width::estimated_width;
    use super::*;

    #[test]
    fn a_run_of_letters_makes_no_wide_picture_and_nothing_turns_the_text_around_it() {
        let long = "x".repeat(300);
        let token = |text: &str| Shown { text: text.into(), continues: false, special: false, unknown: false };
        let tokens = [token("it"), token(&long), token("\u{202e}")];
        let widths: Vec<f32> = tokens.iter().map(|token| estimated_width(&written(token), TOKEN_SIZE)).collect();
        let sentence = Sentence {
            name: "L0 H0",
            quantity: Quantity::Weight,
            max: 1.0,
            tokens: &tokens,
            widths: &widths,
            queries: &[],
            row: None,
            edges: &[],
            pointed: None,
            is_off: false,
            right_to_left: false,
            room: 600.0,
            height: f32::INFINITY,
        };
        for scene in [arcs(&sentence), columns(&sentence)] {
            assert!(scene.width <= 700.0, "{} pixels", scene.width);
            assert!(scene.marks.iter().any(|mark| mark.title.as_ref() == Some(&long)));
            let file = svg(&scene, Theme::Light);
            assert!(file.contains(&format!("<title>{long}</title>")) && file.contains("‹U+202E›"));
            assert!(!file.contains('\u{202e}'), "the override itself is not in the file");
        }
    }

    #[test]
    fn tokens_are_readable_on_every_shade() {
        for theme in [Theme::Light, Theme::Dark] {
            for (text, shade) in [(Ink::Text, SHADE), (Ink::Faint, FAINT_UP_TO)] {
                for ink in [Ink::Edge, Ink::Less] {
                    let ground = over(rgb(theme, ink), shade, rgb(theme, Ink::Paper));
                    let contrast = contrast(rgb(theme, text), ground);
                    assert!(contrast >= 4.5, "{theme:?}: {text:?} on {ink:?}: {contrast}");
                }
            }
        }
    }
}
