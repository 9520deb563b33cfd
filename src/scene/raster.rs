//! Paints the rasters of a scene into one buffer of pixels, whatever the number of heads.

use super::colour::{self, Theme};
use super::{Area, Cells, Ink, Scene, Shape};

/// The RGBA pixels of all rasters of `scene` with `ratio` device pixels to a CSS pixel, transparent outside of rasters,
/// as `(pixels, width, height)` in device pixels.
///
/// If several cells share a pixel, the strongest is drawn, so that thin lines stay visible. Cells that are not
/// available (NaN) are hatched, because they differ from 0. Negative cells are striped.
pub fn paint(scene: &Scene, ratio: f32, theme: Theme) -> (Vec<u8>, usize, usize) {
    let width = ((scene.width * ratio).round() as usize).max(1);
    let height = ((scene.height * ratio).round() as usize).max(1);
    let mut pixels = vec![0u8; width * height * 4];
    let mut paper = Paper { pixels: &mut pixels, width, height, ratio, theme };
    for mark in &scene.marks {
        if let Shape::Raster { at, cells } = &mark.shape {
            paper.fill(scaled(at, ratio), cells);
        }
    }
    (pixels, width, height)
}

struct Paper<'a> {
    pixels: &'a mut [u8],
    width: usize,
    height: usize,
    ratio: f32,
    theme: Theme,
}

fn scaled(at: &Area, ratio: f32) -> Area {
    Area { x: at.x * ratio, y: at.y * ratio, w: at.w * ratio, h: at.h * ratio }
}

impl Paper<'_> {
    fn fill(&mut self, at: Area, cells: &Cells) {
        let (above, below) = (colour::ramp(self.theme, false), colour::ramp(self.theme, true));
        let [r, g, b] = colour::rgb(self.theme, Ink::Faint);
        let (hatch, pitch, line) = ([r, g, b, 90], (6.0 * self.ratio) as usize, self.ratio.round() as usize);
        let columns = spans(at.x, at.w, cells.columns, self.width);
        let mut strongest = vec![f32::NAN; cells.columns];
        for (y, rows) in spans(at.y, at.h, cells.rows, self.height) {
            // The strongest cell of the rows that share this line of pixels; any number replaces NaN.
            strongest.fill(f32::NAN);
            for row in rows {
                let values = &cells.values[cells.start + row * cells.columns..][..cells.columns];
                for (strongest, &value) in strongest.iter_mut().zip(values) {
                    *strongest = stronger(*strongest, value);
                }
            }
            for (x, keys) in &columns {
                let value = strongest[keys.clone()].iter().copied().fold(f32::NAN, stronger);
                let pixel = &mut self.pixels[(y * self.width + x) * 4..][..4];
                let position = (colour::position(value, cells.max) * 255.0).round() as usize;
                if value >= 0.0 {
                    let [r, g, b] = above[position];
                    pixel.copy_from_slice(&[r, g, b, 255]);
                } else if value < 0.0 {
                    // Every second stripe is slightly paler.
                    let stripe = (x + 3 * self.height - y) % pitch.max(2) < pitch / 3;
                    let [r, g, b] = below[if stripe { position * 2 / 3 } else { position }];
                    pixel.copy_from_slice(&[r, g, b, 255]);
                } else if (x + y) % pitch.max(1) < line.max(1) {
                    pixel.copy_from_slice(&hatch);
                }
            }
        }
    }
}

/// The cell with the larger absolute value, where any number precedes NaN.
fn stronger(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.abs() > a.abs() { b } else { a }
}

/// The cells on each pixel, for `count` cells over `start .. start + length`.
fn spans(start: f32, length: f32, count: usize, limit: usize) -> Vec<(usize, std::ops::Range<usize>)> {
    let first = start.round().max(0.0) as usize;
    let end = ((start + length).round().max(0.0) as usize).min(limit);
    let pixels = end.saturating_sub(first);
    (0..pixels)
        .map(|p| {
            let low = (p * count / pixels).min(count.saturating_sub(1));
            let high = ((p + 1) * count / pixels).clamp(low + 1, count.max(low + 1));
            (first + p, low..high)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Mark, Role, area};
    use super::*;
    use std::sync::Arc;

    fn scene(side: f32, cells: Cells) -> Scene {
        let shape = Shape::Raster { at: area(0.0, 0.0, side, side), cells };
        Scene { width: side, height: side, marks: vec![Mark::new(Role::Cells, Ink::Edge, shape)], ..Scene::default() }
    }

    fn cells(side: usize, values: Vec<f32>) -> Cells {
        Cells { columns: side, rows: side, values: Arc::new(values), start: 0, max: 1.0 }
    }

    #[test]
    fn every_cell_gets_its_colour_and_nan_is_hatched() {
        let (pixels, w, h) = paint(&scene(4.0, cells(2, vec![0.0, 1.0, f32::NAN, 0.25])), 1.0, Theme::Light);
        let ramp = colour::ramp(Theme::Light, false);
        let at = |x: usize, y: usize| &pixels[(y * w + x) * 4..][..4];
        assert_eq!((w, h), (4, 4));
        assert_eq!(at(0, 0)[..3], ramp[0]);
        assert_eq!(at(3, 1)[..3], ramp[255]);
        assert_eq!(at(1, 2), [0, 0, 0, 0], "between the lines");
        let hatched = (0..4).flat_map(|y| (0..4).map(move |x| (x, y))).filter(|&(x, y)| at(x, y)[3] == 90);
        assert_eq!(hatched.count(), 0, "a cell of two pixels has no room for a line");
        assert_eq!(at(2, 3)[..3], ramp[128], "the square root of a quarter is half way");
    }

    #[test]
    fn a_single_strong_cell_survives_shrinking() {
        let mut values = vec![0.0; 512 * 512];
        values[300 * 512 + 77] = 1.0;
        let (pixels, ..) = paint(&scene(100.0, cells(512, values)), 1.0, Theme::Dark);
        let strongest = colour::ramp(Theme::Dark, false)[255];
        let found = pixels.chunks(4).filter(|p| p[..3] == strongest).count();
        assert!((1..=4).contains(&found), "{found}");
    }

    #[test]
    fn cells_below_zero_have_the_other_hue_and_stripes() {
        let (pixels, ..) = paint(&scene(24.0, cells(1, vec![-1.0])), 1.0, Theme::Light);
        let below = colour::ramp(Theme::Light, true);
        let of = |colour: [u8; 3]| pixels.chunks(4).filter(|p| p[..3] == colour).count();
        assert_eq!(of(below[255]) + of(below[170]), 24 * 24);
        assert!(of(below[255]) > of(below[170]) && of(below[170]) > 100);
        // The strongest whatever its sign, where two cells share a pixel.
        let (pixels, ..) = paint(&scene(1.0, cells(2, vec![0.5, -1.0, f32::NAN, 0.0])), 1.0, Theme::Light);
        assert!([below[255], below[170]].contains(&[pixels[0], pixels[1], pixels[2]]));
    }
}
