//! Colour vision for tests: contrast by WCAG, lightness and distance by CIE, and vision without one kind of cones.

use super::colour::Rgb;

/// Vision without the long, the middle or the short cones (Machado, Oliveira and Fernandes 2009, severity 1), on linear
/// RGB.
pub const BLINDNESS: [(&str, [[f32; 3]; 3]); 3] = [
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

type Matrix = [[f32; 3]; 3];

/// Full colour vision.
pub const FULL: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// From linear RGB to CIE XYZ with the white point D65, each divided by that of white.
const XYZ: Matrix = [
    [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339 / 1.08883, 0.119_192 / 1.08883, 0.9503041 / 1.08883],
];

fn times(m: &Matrix, v: [f32; 3]) -> [f32; 3] {
    m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
}

fn linear(colour: Rgb) -> [f32; 3] {
    colour.map(|v| {
        let v = v as f32 / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    })
}

/// The relative luminance (WCAG 2.2).
pub fn luminance(colour: Rgb) -> f32 {
    linear(colour).iter().zip([0.2126, 0.7152, 0.0722]).map(|(v, part)| v * part).sum()
}

/// The contrast ratio, 1 to 21 (WCAG 2.2).
pub fn contrast(a: Rgb, b: Rgb) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colour of `top` with this opacity over `under`.
pub fn over(top: Rgb, alpha: f32, under: Rgb) -> Rgb {
    std::array::from_fn(|c| (top[c] as f32 * alpha + under[c] as f32 * (1.0 - alpha)).round() as u8)
}

/// The CIE L*, a*, b* of a colour for eyes with this matrix.
pub fn seen(eyes: &Matrix, colour: Rgb) -> [f32; 3] {
    let rgb = times(eyes, linear(colour)).map(|v| v.clamp(0.0, 1.0));
    let [x, y, z] = times(&XYZ, rgb).map(|v| if v > 0.008856 { v.cbrt() } else { 7.787 * v + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The CIE 1976 Delta E. A difference of about 2.3 is just noticeable side by side.
pub fn distance(eyes: &Matrix, a: Rgb, b: Rgb) -> f32 {
    let (a, b) = (seen(eyes, a), seen(eyes, b));
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
}

#[test]
fn what_is_known_of_these_colours() {
    let [l, a, b] = seen(&FULL, [255, 0, 0]);
    assert!((l - 53.24).abs() < 0.1 && (a - 80.09).abs() < 0.1 && (b - 67.20).abs() < 0.1, "{l} {a} {b}");
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-3);
    // Grey is grey in all. Red and green are similar without middle or long cones.
    for (name, eyes) in &BLINDNESS {
        let [_, a, b] = seen(eyes, [128, 128, 128]);
        assert!(a.abs() < 0.5 && b.abs() < 0.5, "{name}: {a} {b}");
        let apart = distance(eyes, [200, 60, 60], [110, 110, 40]);
        assert_eq!(apart < 25.0, *name != "tritanopia", "{name}: {apart}");
    }
    assert!(distance(&FULL, [200, 60, 60], [110, 110, 40]) > 60.0);
}
