//! Finds the target under a pointer.

use super::{Mark, Point, Scene, Shape, Target, area, curve, point};

/// The pixels on either side of an edge within which it is hit, however thin it is: 12 pixels in all.
const EDGE_REACH: f32 = 6.0;
/// The same above and below a token, for fingers.
const TOKEN_REACH: f32 = 9.0;

impl Scene {
    /// The target at this point: the topmost area, else the nearest edge, else the token just above or below.
    pub fn hit(&self, x: f32, y: f32) -> Option<Target> {
        let area = self.marks.iter().rev().find_map(|mark| mark.target_at(x, y));
        let token = || self.marks.iter().rev().find_map(|mark| mark.token_beside(x, y));
        area.or_else(|| self.nearest_edge(point(x, y))).or_else(token)
    }

    /// The edge nearest to this point; of edges at the same distance, the topmost.
    fn nearest_edge(&self, at: Point) -> Option<Target> {
        let reached = self.marks.iter().rev().filter_map(|mark| Some((mark.reached_from(at)?, mark.target)));
        reached.min_by(|a, b| a.0.total_cmp(&b.0))?.1
    }
}

impl Mark {
    /// The target of a filled or framed area that contains this point.
    fn target_at(&self, x: f32, y: f32) -> Option<Target> {
        match (&self.shape, self.target?) {
            (Shape::Raster { at, cells }, Target::Cell { .. }) if at.contains(x, y) => {
                let key = ((x - at.x) / at.w * cells.columns as f32) as usize;
                let query = ((y - at.y) / at.h * cells.rows as f32) as usize;
                Some(Target::Cell { query: query.min(cells.rows - 1), key: key.min(cells.columns - 1) })
            }
            (Shape::Raster { at, .. } | Shape::Rect { at, .. } | Shape::Frame { at, .. }, target) => {
                at.contains(x, y).then_some(target)
            }
            _ => None,
        }
    }

    /// The distance of this point from the line of a curve with a target, which is 0 on the line itself, so that a thin
    /// line in the middle of a thick one does not hide it. None beyond the reach.
    fn reached_from(&self, at: Point) -> Option<f32> {
        let (Shape::Curve { line, .. } | Shape::Route { line, .. }) = self.shape else { return None };
        self.target?;
        let far = curve::distance(&self.shape, at);
        (far <= EDGE_REACH.max(line / 2.0)).then_some((far - line / 2.0).max(0.0))
    }

    /// The token slightly above or below this point.
    fn token_beside(&self, x: f32, y: f32) -> Option<Target> {
        match (&self.shape, self.target) {
            (Shape::Rect { at, .. }, Some(Target::Query(_) | Target::Key(_))) => {
                let reach = area(at.x, at.y - TOKEN_REACH, at.w, at.h + 2.0 * TOKEN_REACH);
                self.target.filter(|_| reach.contains(x, y))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Cells, Ink, Role};
    use super::*;

    #[test]
    fn a_pointer_finds_the_cell_of_a_raster_and_the_topmost_mark() {
        let cells = Cells { columns: 4, rows: 2, values: Arc::new(vec![0.0; 8]), start: 0, max: 1.0 };
        let raster = Shape::Raster { at: area(10.0, 10.0, 40.0, 20.0), cells };
        let under = Shape::Rect { at: area(0.0, 0.0, 100.0, 100.0), r: 0.0 };
        let scene = Scene {
            marks: vec![
                Mark::new(Role::Token, Ink::Text, under).target(Target::Query(7)),
                Mark::new(Role::Cells, Ink::Edge, raster).target(Target::Cell { query: 0, key: 0 }),
            ],
            ..Scene::default()
        };
        assert_eq!(scene.hit(10.0, 10.0), Some(Target::Cell { query: 0, key: 0 }));
        assert_eq!(scene.hit(49.9, 29.9), Some(Target::Cell { query: 1, key: 3 }));
        assert_eq!(scene.hit(50.1, 29.9), Some(Target::Query(7)));
        assert_eq!(scene.hit(100.1, 5.0), None);
    }

    #[test]
    fn a_pointer_finds_an_edge_within_six_pixels_of_it_and_the_nearest_of_two() {
        let line = |y: f32, key: usize, line: f32| {
            let (from, to) = (point(0.0, y), point(100.0, y));
            let shape = Shape::Curve { from, bend: [from, to], to, line, dashed: false };
            Mark::new(Role::Edge, Ink::Edge, shape).target(Target::Cell { query: 1, key })
        };
        let token = Shape::Rect { at: area(90.0, 0.0, 20.0, 40.0), r: 0.0 };
        let token = Mark::new(Role::Shade, Ink::Edge, token).target(Target::Query(4));
        let scene = Scene { marks: vec![line(20.0, 2, 1.0), line(26.0, 3, 1.0), token], ..Scene::default() };
        let edge = |key| Some(Target::Cell { query: 1, key });
        assert_eq!([scene.hit(50.0, 14.1), scene.hit(50.0, 13.9)], [edge(2), None]);
        assert_eq!([scene.hit(50.0, 22.0), scene.hit(50.0, 24.0)], [edge(2), edge(3)]);
        assert_eq!(scene.hit(50.0, 23.0), edge(3), "the topmost of two that are as near");
        let thick = Scene { marks: vec![line(20.0, 2, 1.0), line(22.0, 3, 8.0)], ..Scene::default() };
        assert_eq!([thick.hit(50.0, 20.0), thick.hit(50.0, 15.0)], [edge(3), edge(2)], "a thin line under a thick one");
        assert_eq!(scene.hit(95.0, 20.0), Some(Target::Query(4)), "a token lies over its edges");
        assert_eq!(
            [scene.hit(105.0, 48.0), scene.hit(105.0, 50.0)],
            [Some(Target::Query(4)), None],
            "a finger's reach"
        );
    }
}
