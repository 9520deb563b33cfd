//! The chart of a measure of every head, by layer.

use super::plot::{Axes, Plot};
use super::{DOT, HIT, LABEL_SIZE, WIDEST, dot, ground, label, ring};
use crate::analysis::Measure;
use crate::engine::HeadId;
use crate::scene::width::estimated_width;
use crate::scene::{Anchor, Ink, Mark, Point, Role, Scene, Shape, Target, area, digits, point, two};
use crate::text;

const HEIGHT: f32 = 330.0;

pub struct HeadChart<'a> {
    pub measure: Measure,
    /// The number of every head, in the order L0 H0, L0 H1, ... A head with NaN, which is not available, has no dot.
    pub values: &'a [f32],
    /// The number of heads in each layer.
    pub heads: usize,
    pub chosen: HeadId,
    pub pointed: Option<HeadId>,
    pub room: f32,
}

/// The name of a measure, and its unit.
fn names(measure: Measure) -> [&'static str; 2] {
    match measure {
        Measure::Entropy => [text::entropy(), text::unit_bits()],
        Measure::Distance => [text::distance(), text::unit_tokens()],
        Measure::SinkShare => [text::sink_share(), text::unit_share()],
    }
}

/// The mean of the numbers that are available. NaN if there are none.
fn mean(values: &[f32]) -> f32 {
    let there = || values.iter().filter(|value| !value.is_nan());
    there().sum::<f32>() / there().count() as f32
}

impl HeadChart<'_> {
    fn value(&self, id: HeadId) -> f32 {
        self.values[id.layer * self.heads + id.head]
    }

    /// The heads whose number is available.
    fn ids(&self) -> impl Iterator<Item = HeadId> {
        HeadId::all(self.layers(), self.heads).filter(|&id| self.is_there(id))
    }

    fn is_there(&self, id: HeadId) -> bool {
        !self.value(id).is_nan()
    }

    fn layers(&self) -> usize {
        self.values.len() / self.heads
    }

    fn means(&self) -> Vec<f32> {
        self.values.chunks_exact(self.heads).map(mean).collect()
    }

    /// A sentence about the head under the pointer, or else the chosen one, compared with the others.
    pub fn told(&self) -> String {
        let id = self.pointed.unwrap_or(self.chosen);
        if !self.is_there(id) {
            return text::head_unavailable(&id.to_string());
        }
        let [name, unit] = names(self.measure);
        let by_value = |a: &HeadId, b: &HeadId| self.value(*a).total_cmp(&self.value(*b));
        let of = |id: Option<HeadId>| id.map_or_else(String::new, |id| format!("{id} {}", two(self.value(id))));
        text::chart_told(
            &id.to_string(),
            name,
            &two(self.value(id)),
            unit,
            &two(self.means()[id.layer]),
            &two(mean(self.values)),
            &of(self.ids().min_by(by_value)),
            &of(self.ids().max_by(by_value)),
        )
    }

    pub fn scene(&self) -> Scene {
        let [name, unit] = names(self.measure);
        let (layers, width) = (self.layers(), self.room.min(WIDEST));
        let highest = self.values.iter().copied().fold(0.0f32, f32::max);
        // The axis of a share ends at 1.
        let top = if self.measure == Measure::SinkShare { 1.0 } else { highest.max(0.1) * 1.06 };
        let decimals = |y: f32| digits(y, if top < 1.5 { 2 } else { 1 });
        // Ticks between two layers have no label.
        let layer = |x: f32| if x.fract() == 0.0 { format!("L{x}") } else { String::new() };
        let plot = Plot::new(&Axes {
            width,
            height: HEIGHT,
            x: -0.5..layers as f32 - 0.5,
            y: 0.0..top,
            titles: [text::axis_layer(), &text::axis_measure(name, unit)],
            most_labels: [layers.min((width / 34.0) as usize) + 1, 8],
            written: [&layer, &decimals],
            upright_lines: false,
        });
        let means: Vec<(f32, f32)> = self.means().into_iter().enumerate().map(|(l, m)| (l as f32, m)).collect();
        let unbroken = means.split(|(_, mean)| mean.is_nan()).filter(|part| !part.is_empty());
        unbroken.for_each(|part| plot.line(part, Ink::Faint, 1.5, false));

        let pitch = plot.at(1.0, 0.0).x - plot.at(0.0, 0.0).x;
        let places: Vec<Point> = (0..layers)
            .flat_map(|layer| {
                let of_layer = &self.values[layer * self.heads..][..self.heads];
                let straight: Vec<Point> = of_layer.iter().map(|&value| plot.at(layer as f32, value)).collect();
                spread(&straight, pitch / 2.0 - DOT / 2.0)
            })
            .collect();
        let place = |id: HeadId| places[id.layer * self.heads + id.head];
        let ids = || self.ids().map(|id| (id, place(id)));
        let mut marks = plot.into_marks();
        marks.push(label(point(width - 12.0, 12.0), Anchor::End, Ink::Faint, false, text::chart_line()));
        marks.extend(ids().map(|(id, at)| ground(at, Target::Head(id))));
        let dots = ids().map(|(id, at)| dot(at, Ink::Edge, self.value(id)).alpha(0.75).target(Target::Head(id)));
        marks.extend(dots);
        // The rings have different widths, so that they differ without their colours.
        if let Some(id) = self.pointed.filter(|&id| id != self.chosen && self.is_there(id)) {
            marks.push(ring(place(id), Role::Cursor, Ink::Text, 1.5));
            name_dot(id, place(id), width, Ink::Text, &mut marks);
        }
        if self.is_there(self.chosen) {
            marks.push(ring(place(self.chosen), Role::Query, Ink::Query, 2.5));
            name_dot(self.chosen, place(self.chosen), width, Ink::Query, &mut marks);
        }
        let title = text::chart_title(name, self.values.len(), unit, &self.chosen.to_string());
        Scene { width, height: HEIGHT, title, marks }
    }
}

/// Draws a head's name beside its dot, on the side with enough room.
fn name_dot(id: HeadId, at: Point, width: f32, ink: Ink, marks: &mut Vec<Mark>) {
    let name = id.to_string();
    let wide = estimated_width(&name, LABEL_SIZE);
    let left = at.x + 14.0 + wide > width;
    let (x, anchor) = if left { (at.x - 12.0, Anchor::End) } else { (at.x + 12.0, Anchor::Start) };
    let ground = area(if left { x - wide } else { x } - 2.0, at.y - 9.0, wide + 4.0, 18.0);
    marks.push(Mark::new(Role::Label, Ink::Paper, Shape::Rect { at: ground, r: 3.0 }).alpha(0.85));
    marks.push(label(point(x, at.y + 4.0), anchor, ink, true, name));
}

/// Moves the dots of a layer horizontally, by at most `most`, so that they do not overlap, each as near to its place as
/// possible. If there is not enough room, they overlap as little as possible.
fn spread(dots: &[Point], most: f32) -> Vec<Point> {
    const STEP: f32 = 1.0;
    let mut placed: Vec<Point> = Vec::with_capacity(dots.len());
    for dot in dots {
        let apart = |x: f32| {
            let distance = |other: &Point| (other.x - x).hypot(other.y - dot.y);
            placed.iter().map(distance).fold(HIT, f32::min)
        };
        let steps = (most / STEP) as i32;
        // Tries the steps 0, 1, -1, 2, -2 ...: takes the first place that is far enough from all others, or else the
        // farthest.
        let places = (0..=2 * steps).map(|i| dot.x + STEP * ((i + 1) / 2) as f32 * if i % 2 == 1 { 1.0 } else { -1.0 });
        let mut best = (dot.x, apart(dot.x));
        for x in places {
            if best.1 >= HIT {
                break;
            }
            if apart(x) > best.1 {
                best = (x, apart(x));
            }
        }
        placed.push(point(best.0, dot.y));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[f32], heads: usize) -> HeadChart<'_> {
        HeadChart { measure: Measure::Entropy, values, heads, chosen: HeadId::new(1, 0), pointed: None, room: 500.0 }
    }

    #[test]
    fn dots_of_one_number_stand_side_by_side_and_near_their_place() {
        let spread_out = spread(&[point(50.0, 7.0); 5], 40.0);
        let xs: Vec<f32> = spread_out.iter().map(|p| p.x).collect();
        assert_eq!(xs, [50.0, 64.0, 36.0, 78.0, 22.0]);
        assert!(spread_out.iter().all(|p| p.y == 7.0));
        let apart = [point(50.0, 0.0), point(50.0, HIT), point(50.0, 2.0 * HIT)];
        assert_eq!(spread(&apart, 40.0), apart);
    }

    #[test]
    fn a_layer_that_is_full_keeps_its_dots_within_it() {
        for most in [-1.0, 0.0, 3.0, 20.0] {
            let full = spread(&[point(50.0, 7.0); 40], most);
            assert!(full.iter().all(|p| (p.x - 50.0).abs() <= most.max(0.0)), "{most}: {full:?}");
        }
    }

    #[test]
    fn every_dot_is_where_its_number_is_and_can_be_hit() {
        let values = [1.0, 2.0, 3.0, 1.0, 1.0, 1.0];
        let scene = chart(&values, 3).scene();
        let dots: Vec<_> = scene.marks.iter().filter(|m| m.role == Role::Dot).collect();
        assert_eq!(dots.iter().map(|m| m.value.unwrap()).collect::<Vec<_>>(), values);
        let middle = |mark: &Mark| match mark.shape {
            Shape::Rect { at, .. } => point(at.x + at.w / 2.0, at.y + at.h / 2.0),
            _ => panic!("{mark:?}"),
        };
        for (i, mark) in dots.iter().enumerate() {
            let (at, head) = (middle(mark), Target::Head(HeadId::new(i / 3, i % 3)));
            assert_eq!(mark.target, Some(head));
            for (x, y) in [(0.0, 0.0), (6.0, 0.0), (-6.0, 0.0), (0.0, 6.0), (0.0, -6.0)] {
                assert_eq!(scene.hit(at.x + x, at.y + y), Some(head), "{i}: 12 pixels across");
            }
        }
        let y = |i: usize| middle(dots[i]).y;
        assert!((y(0) - y(1) - (y(1) - y(2))).abs() < 0.25, "a bit is a bit");
        assert_eq!((y(3), y(4)), (y(0), y(0)));
        let lines = scene.marks.iter().filter(|m| m.role == Role::Line).count();
        assert_eq!(lines, 1, "from the first layer's mean to the second's");
    }

    #[test]
    fn the_chosen_and_the_pointed_head_are_ringed_and_named() {
        let names = |chart: &HeadChart| -> Vec<(Role, String)> {
            let scene = chart.scene();
            let ring = scene.marks.iter().filter(|m| matches!(m.shape, Shape::Frame { .. }));
            let bold = scene.marks.iter().filter_map(|m| match &m.shape {
                Shape::Text { bold: true, text, .. } => Some(text.clone()),
                _ => None,
            });
            ring.map(|m| m.role).zip(bold).collect()
        };
        let values = [1.0, 2.0, 3.0, 1.0];
        let mut chart = chart(&values, 2);
        assert_eq!(names(&chart), [(Role::Query, "L1 H0".to_owned())]);
        assert!(
            chart.told().starts_with("L1 H0: entropy 3.00 (bits). Its layer's mean is 2.00, that of all heads 1.75;")
        );
        chart.pointed = Some(HeadId::new(0, 1));
        assert_eq!(names(&chart), [(Role::Cursor, "L0 H1".to_owned()), (Role::Query, "L1 H0".to_owned())]);
        assert!(chart.told().ends_with("lowest L0 H0 1.00, highest L1 H0 3.00."), "{}", chart.told());
        chart.pointed = Some(chart.chosen);
        assert_eq!(names(&chart).len(), 1);
    }

    #[test]
    fn any_room_and_any_model_have_a_chart() {
        for (layers, heads) in [(1, 1), (2, 1), (6, 12), (48, 64)] {
            let values: Vec<f32> = (0..layers * heads).map(|i| (i % 7) as f32).collect();
            for measure in [Measure::Entropy, Measure::Distance, Measure::SinkShare] {
                for room in [240.0, 360.0, 1100.0, 2400.0] {
                    let chosen = HeadId::new(layers - 1, heads - 1);
                    let scene = HeadChart { measure, values: &values, heads, chosen, pointed: None, room }.scene();
                    assert!(scene.width <= room);
                    let dots = scene.marks.iter().filter(|m| m.role == Role::Dot);
                    let inside = dots
                        .filter(|m| matches!(m.shape, Shape::Rect { at, .. } if at.x > 50.0 && at.x + at.w <= room));
                    assert_eq!(inside.count(), layers * heads, "{layers} {heads} {room}");
                }
            }
        }
        let gap = f32::NAN;
        let gaps = [1.0, 2.0, gap, gap, 3.0, 1.0];
        let scene = chart(&gaps, 2).scene();
        assert_eq!(scene.marks.iter().filter(|m| m.role == Role::Dot).count(), 4, "none for the layer that is missing");
        assert!(scene.marks.iter().all(|m| m.value.is_none_or(f32::is_finite)));
        assert_eq!(chart(&gaps, 2).told(), "L1 H0: its weights are not available.");
        let told = HeadChart { chosen: HeadId::new(0, 0), ..chart(&gaps, 2) }.told();
        assert!(told.contains("that of all heads 1.75; lowest L0 H0 1.00, highest L2 H0 3.00"), "{told}");
        let zero = chart(&[0.0, 0.0], 1).scene();
        assert!(zero.marks.iter().all(|m| m.value.is_none_or(f32::is_finite)));
    }
}
