//! A backend for plotters that draws marks into a scene.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::ops::Range;
use std::rc::Rc;

use plotters::coord::types::RangedCoordf32;
use plotters::prelude::{Cartesian2d, ChartBuilder, DrawingArea, IntoDrawingArea, PathElement, RGBAColor, ShapeStyle};
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::LABEL_SIZE;
use crate::scene::colour::{Theme, rgb};
use crate::scene::width::estimated_width;
use crate::scene::{Anchor, Ink, Mark, Point, Role, Shape, area, point};

/// The pixels of plotters in one pixel of the scene. Plotters has integer coordinates, which would be too coarse.
const FINE: f32 = 10.0;

/// The inks that plotters uses here. It has colours instead of inks, and each ink is found by its colour in the light
/// theme.
const INKS: [Ink; 4] = [Ink::Text, Ink::Faint, Ink::Edge, Ink::Query];

/// A chart's frame.
pub struct Axes<'a> {
    pub width: f32,
    pub height: f32,
    pub x: Range<f32>,
    pub y: Range<f32>,
    pub titles: [&'a str; 2],
    /// The most labels along each axis.
    pub most_labels: [usize; 2],
    /// The format of labels. Empty ones are left out.
    pub written: [&'a dyn Fn(f32) -> String; 2],
    /// Whether there are also vertical grid lines, at the labels of the horizontal axis.
    pub upright_lines: bool,
}

/// A chart with its axes drawn.
pub struct Plot {
    sheet: Rc<Sheet>,
    area: DrawingArea<Pen, Cartesian2d<RangedCoordf32, RangedCoordf32>>,
}

struct Sheet {
    /// The size in plotters' pixels.
    size: (u32, u32),
    /// The role of the next marks.
    role: Cell<Role>,
    marks: RefCell<Vec<Mark>>,
}

struct Pen(Rc<Sheet>);

impl Plot {
    /// Draws the axes. Ranges are finite and not empty.
    pub fn new(axes: &Axes) -> Self {
        let fine = |pixels: f32| (pixels * FINE) as u32;
        let size = (fine(axes.width), fine(axes.height));
        let sheet = Rc::new(Sheet { size, role: Cell::new(Role::Axis), marks: RefCell::default() });
        let root = Pen(sheet.clone()).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin_top(fine(24.0))
            .margin_left(fine(3.0))
            .margin_bottom(fine(6.0))
            .margin_right(fine(10.0))
            .x_label_area_size(fine(42.0))
            .y_label_area_size(fine(58.0))
            .build_cartesian_2d(axes.x.clone(), axes.y.clone())
            .expect(WRITTEN);
        let text = ("sans-serif", LABEL_SIZE * FINE, &colour(Ink::Faint, 1.0));
        let [x_written, y_written] = axes.written;
        let (x_written, y_written) = (|x: &f32| x_written(*x), |y: &f32| y_written(*y));
        let mut mesh = chart.configure_mesh();
        mesh.label_style(text)
            .axis_desc_style(text)
            .axis_style(stroke(Ink::Faint, 1.0, 1.0))
            .bold_line_style(stroke(Ink::Faint, 1.0, 0.22))
            .light_line_style(stroke(Ink::Faint, 1.0, 0.0))
            .max_light_lines(1)
            .set_all_tick_mark_size(fine(3.0))
            .x_labels(axes.most_labels[0])
            .y_labels(axes.most_labels[1])
            .x_label_formatter(&x_written)
            .y_label_formatter(&y_written)
            .x_desc(axes.titles[0])
            .y_desc(axes.titles[1]);
        if !axes.upright_lines {
            mesh.disable_x_mesh();
        }
        mesh.draw().expect(WRITTEN);
        Self { sheet, area: chart.plotting_area().clone() }
    }

    /// The point of the scene for a point of the chart.
    pub fn at(&self, x: f32, y: f32) -> Point {
        ours(self.area.map_coordinate(&(x, y)))
    }

    /// Draws a line through these points, `wide` pixels wide. If it is dashed, every second piece is left out.
    pub fn line(&self, points: &[(f32, f32)], ink: Ink, wide: f32, dashed: bool) {
        self.sheet.role.set(Role::Line);
        let pieces = points.windows(2).step_by(if dashed { 2 } else { 1 });
        for piece in pieces {
            let path = PathElement::new(piece.to_vec(), stroke(ink, wide, 1.0));
            self.area.draw(&path).expect(WRITTEN);
        }
    }

    pub fn into_marks(self) -> Vec<Mark> {
        self.sheet.marks.take()
    }
}

/// The reason why drawing does not fail.
const WRITTEN: &str = "a mark can always be added";

fn colour(ink: Ink, alpha: f64) -> RGBAColor {
    let [r, g, b] = rgb(Theme::Light, ink);
    RGBAColor(r, g, b, alpha)
}

fn stroke(ink: Ink, wide: f32, alpha: f64) -> ShapeStyle {
    ShapeStyle { color: colour(ink, alpha), filled: false, stroke_width: (wide * FINE) as u32 }
}

fn ink(colour: BackendColor) -> Ink {
    let (r, g, b) = colour.rgb;
    INKS.into_iter().find(|&ink| rgb(Theme::Light, ink) == [r, g, b]).unwrap_or(Ink::Text)
}

fn ours((x, y): BackendCoord) -> Point {
    point(x as f32 / FINE, y as f32 / FINE)
}

impl Pen {
    fn push(&self, color: BackendColor, shape: Shape) -> Drawn {
        if color.alpha > 0.0 {
            let mark = Mark::new(self.0.role.get(), ink(color), shape).alpha(color.alpha as f32);
            self.0.marks.borrow_mut().push(mark);
        }
        Ok(())
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Pen {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.0.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        let Point { x, y } = ours(at);
        self.push(color, Shape::Rect { at: area(x, y, 1.0 / FINE, 1.0 / FINE), r: 0.0 })
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        let (from, to) = (ours(from), ours(to));
        let line = style.stroke_width() as f32 / FINE;
        self.push(style.color(), Shape::Curve { from, bend: [from, to], to, line, dashed: false })
    }

    /// Draws straight pieces. The default would fill the outline of each line, pixel by pixel.
    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        points.windows(2).try_for_each(|piece| self.draw_line(piece[0], piece[1], style))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        let size = style.size() as f32 / FINE;
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        // From the edge or middle of the box to the baseline, perpendicular to the text.
        let down = size
            * match style.anchor().v_pos {
                VPos::Top => 0.8,
                VPos::Center => 0.35,
                VPos::Bottom => -0.2,
            };
        let Point { x, y } = ours(at);
        let (at, turn) = match style.transform() {
            FontTransform::None => (point(x, y + down), 0.0),
            FontTransform::Rotate90 => (point(x - down, y), 90.0),
            FontTransform::Rotate180 => (point(x, y - down), 180.0),
            FontTransform::Rotate270 => (point(x + down, y), -90.0),
        };
        self.push(style.color(), Shape::Text { at, size, anchor, bold: false, turn, text: text.to_owned() })
    }

    /// Estimates the size of a text, which plotters cannot measure without a page.
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = style.size() as f32;
        Ok((estimated_width(text, size) as u32, size as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        Plot::new(&Axes {
            width: 400.0,
            height: 240.0,
            x: 0.0..10.0,
            y: 0.0..4.0,
            titles: ["across", "up"],
            most_labels: [6, 5],
            written: [&|x| format!("x{x}"), &|y| format!("y{y}")],
            upright_lines: false,
        })
    }

    #[test]
    fn axes_carry_their_numbers_at_their_places_and_their_titles() {
        let plot = plot();
        let places = [plot.at(0.0, 0.0), plot.at(10.0, 4.0)];
        let marks = plot.into_marks();
        let text = |wanted: &str| {
            marks.iter().find_map(|m| match &m.shape {
                Shape::Text { at, turn, text, .. } if text == wanted => Some((*at, *turn)),
                _ => None,
            })
        };
        assert_eq!(text("up").unwrap().1, -90.0);
        assert_eq!(text("across").unwrap().1, 0.0);
        assert!((text("x10").unwrap().0.x - places[1].x).abs() < 0.2, "{:?}", text("x10"));
        // A baseline lies 0.35 of the size below the middle of its line.
        assert!((text("y4").unwrap().0.y - places[1].y - 4.2).abs() < 0.2, "{:?}", text("y4"));
        assert!((text("y0").unwrap().0.y - places[0].y - 4.2).abs() < 0.2, "{:?}", text("y0"));
        assert!(marks.iter().all(|m| m.role == Role::Axis && m.ink == Ink::Faint && m.alpha > 0.0));
        assert!(places[0].x < places[1].x && places[0].y > places[1].y, "up is up");
    }

    #[test]
    fn a_line_goes_through_its_points_and_a_dashed_one_through_half() {
        for (dashed, pieces) in [(false, 4), (true, 2)] {
            let plot = plot();
            plot.line(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0), (10.0, 4.0)], Ink::Query, 2.0, dashed);
            let (start, end) = (plot.at(0.0, 0.0), plot.at(1.0, 1.0));
            let marks = plot.into_marks();
            let lines: Vec<_> = marks.iter().filter(|m| m.role == Role::Line).collect();
            assert_eq!(lines.len(), pieces);
            assert_eq!(
                lines[0].shape,
                Shape::Curve { from: start, bend: [start, end], to: end, line: 2.0, dashed: false }
            );
            assert_eq!(lines[0].ink, Ink::Query);
        }
    }
}
