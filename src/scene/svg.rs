//! Writes a scene as a stand-alone SVG file with all colours resolved.

use std::borrow::Cow;
use std::fmt::Write;

use super::colour::{self, Rgb, Theme};
use super::curve::pieces;
use super::{Anchor, Cells, Mark, Scene, Shape};
use crate::analysis::fixed;
use crate::text::{is_right_to_left, isolated};

/// The pixels of a dash and of the gap after it.
pub const DASH: &str = "7 5";

/// The cap of lines. Round caps would close the gaps between dashes.
pub fn cap(dashed: bool) -> &'static str {
    if dashed { "butt" } else { "round" }
}

/// The picture as SVG, which browsers and vector editors can open without a style sheet.
pub fn svg(scene: &Scene, theme: Theme) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
         direction=\"ltr\" font-family=\"system-ui, sans-serif\">\n<title>{}</title>\n",
        escaped(&scene.title),
        w = number(scene.width),
        h = number(scene.height),
    );
    for mark in &scene.marks {
        write_mark(&mut out, mark, theme);
    }
    out.push_str("</svg>\n");
    out
}

/// The same for print, with the theme's background and a caption.
pub fn figure(scene: &Scene, theme: Theme, caption: &str) -> String {
    let (w, h, paper) = (number(scene.width), number(scene.height), hex(colour::rgb(theme, super::Ink::Paper)));
    let ground = format!(
        "</title>\n<desc>{}</desc>\n<rect class=\"paper\" width=\"{w}\" height=\"{h}\" fill=\"{paper}\"/>\n",
        escaped(caption)
    );
    // The text of the title is escaped, so that only its end tag matches.
    svg(scene, theme).replacen("</title>\n", &ground, 1)
}

fn write_mark(out: &mut String, mark: &Mark, theme: Theme) {
    let ink = hex(colour::rgb(theme, mark.ink));
    let alpha = if mark.alpha < 1.0 { format!(" opacity=\"{}\"", number(mark.alpha)) } else { String::new() };
    let role = mark.role.name();
    // Writing to a String cannot fail.
    let _ = match &mark.shape {
        Shape::Rect { .. } if mark.alpha == 0.0 && mark.title.is_none() => Ok(()),
        Shape::Rect { at, r } => {
            let title = mark.title.as_deref().map(|title| format!("<title>{}</title>", escaped(title)));
            let (place, r, title) = (place(at), number(*r), title.unwrap_or_default());
            let end = if title.is_empty() { "/>".into() } else { format!(">{title}</rect>") };
            writeln!(out, "<rect class=\"{role}\" {place} rx=\"{r}\" fill=\"{ink}\"{alpha}{end}")
        }
        Shape::Frame { at, r, line } => writeln!(
            out,
            "<rect class=\"{role}\" {} rx=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{}\"{alpha}/>",
            place(at),
            number(*r),
            number(*line)
        ),
        Shape::Curve { line, dashed, .. } | Shape::Route { line, dashed, .. } => {
            let dash = if *dashed { format!(" stroke-dasharray=\"{DASH}\"") } else { String::new() };
            writeln!(
                out,
                "<path class=\"{role}\" d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{}\" stroke-linecap=\"{}\"{dash}{alpha}/>",
                path(&mark.shape),
                number(*line),
                cap(*dashed)
            )
        }
        Shape::Text { at, size, anchor, bold, turn, text } => {
            let (x, y) = (number(at.x), number(at.y));
            let weight = if *bold { " font-weight=\"600\"" } else { "" };
            let turn =
                if *turn == 0.0 { String::new() } else { format!(" transform=\"rotate({} {x} {y})\"", number(*turn)) };
            let (anchor, size, text) = (anchor_name(*anchor), number(*size), escaped(&lettered(text)));
            writeln!(
                out,
                "<text class=\"{role}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{ink}\"{weight}{turn}{alpha}>{text}</text>"
            )
        }
        Shape::Raster { at, cells } => write_cells(out, at, cells, theme),
    };
}

/// The most cells of a raster of which each is a rectangle.
const SINGLE: usize = 4096;

/// Writes a rectangle for each cell, which is sharp at every size and can be selected in an editor. If there are very
/// many cells, neighbours of the same colour share a rectangle. A cell that is not available is a line, and a negative
/// one has a line through it.
fn write_cells(out: &mut String, at: &super::Area, cells: &Cells, theme: Theme) -> std::fmt::Result {
    let [above, below] = [false, true].map(|below| colour::ramp(theme, below));
    let (faint, paper) = (hex(colour::rgb(theme, super::Ink::Faint)), hex(colour::rgb(theme, super::Ink::Paper)));
    let (w, h) = (at.w / cells.columns as f32, at.h / cells.rows as f32);
    writeln!(out, "<g class=\"cells\" shape-rendering=\"crispEdges\">")?;
    let values = &cells.values[cells.start..][..cells.columns * cells.rows];
    // The appearance of a cell: its sign and its index in the ramp, or none if it is not available.
    let look = |value: f32| {
        (!value.is_nan()).then(|| (value < 0.0, (colour::position(value, cells.max) * 255.0).round() as usize))
    };
    let same = |a: &f32, b: &f32| values.len() > SINGLE && look(*a) == look(*b);
    for (row, line) in values.chunks(cells.columns).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(same) {
            let w = run.len() as f32 * w;
            let cell = super::area(at.x + column as f32 * (at.w / cells.columns as f32), at.y + row as f32 * h, w, h);
            column += run.len();
            let across = |out: &mut String, ink: &str| {
                let (x, y) = (number(cell.x), number(cell.y + h));
                writeln!(out, "<path d=\"M{x} {y} l{} -{}\" stroke=\"{ink}\" opacity=\"0.35\"/>", number(w), number(h))
            };
            let Some((is_below, place_on)) = look(run[0]) else {
                across(out, &faint)?;
                continue;
            };
            let fill = hex(if is_below { &below } else { &above }[place_on]);
            writeln!(out, "<rect {} fill=\"{fill}\"/>", place(&cell))?;
            if is_below {
                across(out, &paper)?;
            }
        }
    }
    writeln!(out, "</g>")
}

/// The `d` attribute of a curve. Empty for other shapes.
pub fn path(shape: &Shape) -> String {
    let mut out = String::new();
    for (i, piece) in pieces(shape).into_iter().enumerate() {
        let [from, a, b, to] = piece.map(|at| format!("{} {}", number(at.x), number(at.y)));
        let start = if i == 0 { format!("M{from} ") } else { " ".into() };
        out += &format!("{start}C{a} {b} {to}");
    }
    out
}

pub fn anchor_name(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    }
}

/// A text for a picture. The direction of pictures is from left to right, so that anchors have the same meaning for all
/// texts, and a text from right to left is isolated.
pub fn lettered(text: &str) -> Cow<'_, str> {
    match text.contains(is_right_to_left) {
        true => isolated(text).into(),
        false => text.into(),
    }
}

/// A number with at most two decimals, without trailing zeros.
pub fn number(value: f32) -> String {
    fixed(value, 2).trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn place(at: &super::Area) -> String {
    let n = number;
    format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", n(at.x), n(at.y), n(at.w), n(at.h))
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Escapes a text for XML, between tags and within quotes. A line break or tab becomes a space, as XML parsers do
/// within quotes. Characters that XML 1.0 forbids or discourages become U+FFFD: control characters and Unicode's
/// noncharacters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || is_noncharacter(c) => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character is one of Unicode's noncharacters: U+FDD0 to U+FDEF, and the last two of each plane.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(0.126), "0.13");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(100.0), "100");
    }

    #[test]
    fn token_text_stays_text() {
        assert_eq!(escaped("<script>\"&'\u{0}a\nb"), "&lt;script&gt;&quot;&amp;'\u{fffd}a b");
        assert_eq!(escaped("\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{7f}\u{85}"), "\u{fffd}".repeat(6));
        assert_eq!(escaped("كتاب 注意 👩‍👩‍👧‍👦 \u{fffd}\u{2028}"), "كتاب 注意 👩‍👩‍👧‍👦 \u{fffd}\u{2028}");
    }

    /// Every character there is, in every place where a figure has text: tokens, title and caption.
    #[test]
    fn a_figure_is_well_formed_xml_for_every_character() {
        let all: Vec<char> = ('\0'..=char::MAX).collect();
        for part in all.chunks(0x4000) {
            let text: String = part.iter().collect();
            let shape = Shape::Text {
                at: crate::scene::point(1.0, 2.0),
                size: 12.0,
                anchor: Anchor::Start,
                bold: true,
                turn: 0.0,
                text: text.clone(),
            };
            let marks = vec![Mark::new(crate::scene::Role::Token, crate::scene::Ink::Text, shape)];
            let drawn = figure(&Scene { width: 9.0, height: 9.0, title: text.clone(), marks }, Theme::Light, &text);
            let read = |text: &str| text.chars().map(readable).collect::<String>();
            let document = roxmltree::Document::parse(&drawn).unwrap_or_else(|e| panic!("{:x?}: {e}", part[0]));
            for (name, lettered) in [("title", false), ("desc", false), ("text", true)] {
                let node = document.descendants().find(|node| node.has_tag_name(name)).unwrap();
                let expected = if lettered { read(&super::lettered(&text)) } else { read(&text) };
                assert!(node.text() == Some(&expected), "{name} of {:x?}", part[0]);
            }
        }
    }

    /// What a reader of the file gets for a character: itself, a space for a line break, or U+FFFD.
    fn readable(c: char) -> char {
        match u32::from(c) {
            0x9 | 0xa | 0xd => ' ',
            0..0x20 | 0x7f..0xa0 | 0xfdd0..=0xfdef => char::REPLACEMENT_CHARACTER,
            code if code & 0xffff >= 0xfffe => char::REPLACEMENT_CHARACTER,
            _ => c,
        }
    }
}
