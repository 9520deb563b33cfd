//! The Bézier curves of curved marks, and the distance of a point from them.

use super::{Point, Shape, point};

/// The straight pieces that approximate a curve for distances. The error is at most 1 pixel for a curve as long as a
/// page is wide.
const STEPS: usize = 24;

/// The cubic Bézier curves of a shape in order: start, two control points, end. Empty for shapes that are not curved.
pub fn pieces(shape: &Shape) -> Vec<[Point; 4]> {
    match shape {
        Shape::Curve { from, bend: [a, b], to, .. } => vec![[*from, *a, *b, *to]],
        Shape::Route { points, .. } => {
            points.windows(4).step_by(3).filter_map(|piece| <[Point; 4]>::try_from(piece).ok()).collect()
        }
        _ => Vec::new(),
    }
}

/// The distance of a point from the centre line of a curved shape. Infinite for other shapes.
pub fn distance(shape: &Shape, at: Point) -> f32 {
    let of_piece = |piece: [Point; 4]| {
        let places = (0..=STEPS).map(move |i| along(piece, i as f32 / STEPS as f32));
        let ends = places.clone().skip(1);
        places.zip(ends).map(|(a, b)| to_segment(at, a, b)).fold(f32::INFINITY, f32::min)
    };
    pieces(shape).into_iter().map(of_piece).fold(f32::INFINITY, f32::min)
}

/// The point at `t`, 0 to 1, of a cubic Bézier curve.
fn along(piece: [Point; 4], t: f32) -> Point {
    let u = 1.0 - t;
    let shares = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
    let sum = |of: fn(&Point) -> f32| piece.iter().zip(shares).map(|(p, share)| of(p) * share).sum();
    point(sum(|p| p.x), sum(|p| p.y))
}

fn to_segment(at: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (((at.x - a.x) * dx + (at.y - a.y) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (at.x - a.x - t * dx).hypot(at.y - a.y - t * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_to_a_curve_is_that_to_its_nearest_point() {
        let (a, b) = (point(0.0, 0.0), point(100.0, 0.0));
        let straight = Shape::Curve { from: a, bend: [a, b], to: b, line: 1.0, dashed: false };
        assert!((distance(&straight, point(50.0, 6.0)) - 6.0).abs() < 1e-4);
        assert!((distance(&straight, point(103.0, 4.0)) - 5.0).abs() < 1e-4, "beyond its end");
        // A cubic reaches three quarters of the way to its bends.
        let arc =
            Shape::Curve { from: a, bend: [point(0.0, -80.0), point(100.0, -80.0)], to: b, line: 1.0, dashed: false };
        assert!((distance(&arc, point(50.0, -60.0))).abs() < 0.5);
        assert!((distance(&arc, point(50.0, 0.0)) - 50.0).abs() < 1.0);
        // Right, then down.
        let corner = point(100.0, 0.0);
        let end = point(100.0, 50.0);
        let route = Shape::Route { points: vec![a, a, b, corner, corner, end, end], line: 1.0, dashed: false };
        assert_eq!(pieces(&route).len(), 2);
        assert!((distance(&route, point(90.0, 30.0)) - 10.0).abs() < 1e-4);
        assert_eq!(distance(&Shape::Rect { at: super::super::area(0.0, 0.0, 9.0, 9.0), r: 0.0 }, a), f32::INFINITY);
    }
}
