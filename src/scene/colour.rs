//! Colours by meaning, and the one scale from weight to colour.

use super::Ink;

/// One of the two looks of the page. `assets/style.css` holds the same values for the screen
/// and a test keeps the two equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

pub type Rgb = [u8; 3];

/// Name of the ink's variable in the style sheet.
pub fn variable(ink: Ink) -> &'static str {
    match ink {
        Ink::Text => "--ink-text",
        Ink::Faint => "--ink-faint",
        Ink::Edge => "--ink-edge",
        Ink::Less => "--ink-less",
        Ink::Query => "--ink-query",
        Ink::Value => "--ink-value",
        Ink::OnQuery => "--ink-on-query",
        Ink::Cursor => "--ink-cursor",
        Ink::Paper => "--ink-paper",
    }
}

pub fn rgb(theme: Theme, ink: Ink) -> Rgb {
    match (theme, ink) {
        (Theme::Light, Ink::Text) => [0x1d, 0x23, 0x2b],
        (Theme::Light, Ink::Faint) => [0x5c, 0x66, 0x73],
        (Theme::Light, Ink::Edge) => [0x1f, 0x5f, 0xbf],
        (Theme::Light, Ink::Less) => [0x8f, 0x55, 0x00],
        (Theme::Light, Ink::Query) => [0x9a, 0x3d, 0x0c],
        (Theme::Light, Ink::Value) => [0x74, 0x2a, 0x5c],
        (Theme::Light, Ink::OnQuery) => [0xff, 0xff, 0xff],
        (Theme::Light, Ink::Cursor) => [0x9a, 0x3d, 0x0c],
        (Theme::Light, Ink::Paper) => [0xfd, 0xfd, 0xfb],
        (Theme::Dark, Ink::Paper) => [0x12, 0x15, 0x1a],
        (Theme::Dark, Ink::Text) => [0xe8, 0xea, 0xed],
        (Theme::Dark, Ink::Faint) => [0x9a, 0xa5, 0xb4],
        (Theme::Dark, Ink::Edge) => [0x7f, 0xb4, 0xff],
        (Theme::Dark, Ink::Less) => [0xe8, 0xb0, 0x4a],
        (Theme::Dark, Ink::Query) => [0xff, 0xb3, 0x7a],
        (Theme::Dark, Ink::Value) => [0xe0, 0x60, 0xa8],
        (Theme::Dark, Ink::OnQuery) => [0x20, 0x14, 0x0a],
        (Theme::Dark, Ink::Cursor) => [0xff, 0xb3, 0x7a],
    }
}

/// From nothing to the full weight: one hue, lightness falling (rising on dark) all the way,
/// so that it reads the same without colour vision. What is below 0 has the other hue (and is striped, so that
/// the hue is not all that tells it).
fn stops(theme: Theme, below: bool) -> [Rgb; 5] {
    match (theme, below) {
        (Theme::Light, false) => {
            [[0xf4, 0xf6, 0xfa], [0xc3, 0xd7, 0xf1], [0x7f, 0xac, 0xe4], [0x2f, 0x72, 0xc8], [0x0c, 0x2f, 0x6e]]
        }
        (Theme::Dark, false) => {
            [[0x1c, 0x22, 0x2c], [0x25, 0x42, 0x6e], [0x37, 0x70, 0xb8], [0x7f, 0xb4, 0xff], [0xd9, 0xea, 0xff]]
        }
        (Theme::Light, true) => {
            [[0xf4, 0xf6, 0xfa], [0xf3, 0xdc, 0xb4], [0xe0, 0xa9, 0x5a], [0xb0, 0x6c, 0x0e], [0x5c, 0x33, 0x00]]
        }
        (Theme::Dark, true) => {
            [[0x1c, 0x22, 0x2c], [0x57, 0x3f, 0x17], [0x94, 0x69, 0x1b], [0xe0, 0xa9, 0x43], [0xff, 0xe6, 0xb0]]
        }
    }
}

/// Position on the colour scale, 0 to 1, of a cell where `max` is the strongest shown, whatever its sign.
pub fn position(cell: f32, max: f32) -> f32 {
    if max > 0.0 { (cell.abs() / max).min(1.0).sqrt() } else { 0.0 }
}

/// The weight at a position of the scale: the inverse of [`position`], for legends.
pub fn weight_at(position: f32, max: f32) -> f32 {
    position * position * max
}

/// 256 colours along the scale; of cells below 0, or of all others.
pub fn ramp(theme: Theme, below: bool) -> [Rgb; 256] {
    let stops = stops(theme, below);
    std::array::from_fn(|i| {
        let along = i as f32 / 255.0 * (stops.len() - 1) as f32;
        let low = (along as usize).min(stops.len() - 2);
        let part = along - low as f32;
        std::array::from_fn(|c| {
            let (a, b) = (stops[low][c] as f32, stops[low + 1][c] as f32);
            (a + (b - a) * part).round() as u8
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::vision::{BLINDNESS, FULL, contrast, distance, luminance, seen};
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    #[test]
    fn the_ramp_is_monotonous_in_lightness() {
        for (theme, sign) in [(Theme::Light, -1.0), (Theme::Dark, 1.0)] {
            for below in [false, true] {
                let steps: Vec<f32> = ramp(theme, below).iter().map(|&c| luminance(c) * sign).collect();
                assert!(steps.windows(2).all(|w| w[1] >= w[0] - 1e-3), "{theme:?}");
                assert!(steps[255] - steps[0] > 0.6, "{theme:?}");
            }
        }
    }

    /// Every step of a scale is as dark as the one before or darker (lighter on dark), to all eyes, and the whole
    /// goes a long way of the 100 of L*.
    #[test]
    fn the_ramp_is_read_by_lightness_without_colour_vision() {
        for (theme, sign) in [(Theme::Light, -1.0), (Theme::Dark, 1.0)] {
            for below in [false, true] {
                for (name, eyes) in BLINDNESS.iter().chain([&("full", FULL)]) {
                    let steps: Vec<f32> = ramp(theme, below).iter().map(|&c| seen(eyes, c)[0] * sign).collect();
                    // Channels are whole numbers: their rounding may take a tenth back.
                    assert!(steps.windows(2).all(|w| w[1] >= w[0] - 0.1), "{theme:?}, below 0: {below}, {name}");
                    let quarters: Vec<f32> = [0, 64, 128, 191, 255].map(|i| steps[i]).into();
                    assert!(quarters.windows(2).all(|w| w[1] - w[0] > 5.0), "{theme:?}, {name}: {quarters:?}");
                    assert!(steps[255] - steps[0] > 65.0, "{theme:?}, {name}");
                }
            }
        }
    }

    /// More and less of the same strength are told apart by all eyes: Delta E of 20 from a fifth of the scale on (a 25th
    /// of the strongest cell), where both begin in the same near nothing. Stripes say it once more.
    #[test]
    fn the_two_hues_stay_apart_without_colour_vision() {
        for theme in THEMES {
            let (more, less) = (ramp(theme, false), ramp(theme, true));
            for (name, eyes) in BLINDNESS.iter().chain([&("full", FULL)]) {
                for i in 51..256 {
                    let apart = distance(eyes, more[i], less[i]);
                    assert!(apart >= 20.0, "{theme:?}, {name}, step {i}: {apart}");
                }
                let apart = distance(eyes, rgb(theme, Ink::Edge), rgb(theme, Ink::Less));
                assert!(apart >= 40.0, "{theme:?}, {name}, inks: {apart}");
            }
        }
    }

    /// Queries, keys and values have a colour each, told apart by all eyes, and dark enough for text on the paper.
    #[test]
    fn queries_keys_and_values_have_colours_of_their_own() {
        for theme in THEMES {
            let [query, key, value] = [Ink::Query, Ink::Edge, Ink::Value].map(|ink| rgb(theme, ink));
            for (name, eyes) in BLINDNESS.iter().chain([&("full", FULL)]) {
                for (a, b) in [(query, key), (key, value), (query, value)] {
                    let apart = distance(eyes, a, b);
                    assert!(apart >= 20.0, "{theme:?}, {name}: {a:?} {b:?} {apart}");
                }
            }
            for ink in [query, key, value] {
                assert!(contrast(ink, rgb(theme, Ink::Paper)) >= 4.5, "{theme:?}: {ink:?}");
            }
        }
    }

    #[test]
    fn legend_and_cells_use_one_scale() {
        for weight in [0.0, 0.1, 0.25, 0.9] {
            assert!((weight_at(position(weight, 0.9), 0.9) - weight).abs() < 1e-6);
        }
        assert_eq!(position(0.5, 0.0), 0.0);
        assert_eq!(position(-0.25, 1.0), 0.5);
    }

    #[test]
    fn text_on_the_query_is_readable() {
        for theme in THEMES {
            let contrast = contrast(rgb(theme, Ink::Query), rgb(theme, Ink::OnQuery));
            assert!(contrast >= 4.5, "{theme:?}: {contrast}");
        }
    }
}
