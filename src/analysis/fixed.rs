//! The formatting of numbers for readers.

/// `value` with `digits` digits (at most 9) after the point, rounded half away from zero.
///
/// The page formats all numbers with this function. The standard library's formatting is exact to the last digit of a
/// float, which is not needed here, and would add 12 KB to the page.
pub fn fixed(value: impl Into<f64>, digits: usize) -> String {
    let value: f64 = value.into();
    let scale = 10u64.pow(digits as u32);
    let scaled = (value.abs() * scale as f64).round();
    if scaled.is_nan() {
        return "not a number".into();
    }
    // Above this, floats do not distinguish neighbouring integers.
    if scaled >= 9e15 {
        return if value < 0.0 { "less than −10¹⁵".into() } else { "more than 10¹⁵".into() };
    }
    let scaled = scaled as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    if digits == 0 {
        return format!("{sign}{scaled}");
    }
    format!("{sign}{}.{:0digits$}", scaled / scale, scaled % scale)
}

/// The powers of ten down to the smallest that is written without an exponent, because more than two zeros after the
/// point are hard to count.
const PLAIN: [f64; 4] = [1.0, 0.1, 0.01, 0.001];

/// `value` with at least `decimals` digits after the point, and more if it would otherwise have fewer than `digits`
/// significant digits. With 2 and 2: `0.62`, `0.031`, `0.0034`, `4.2e-4`. Exactly 0 has `decimals` digits.
pub fn significant(value: impl Into<f64>, decimals: usize, digits: usize) -> String {
    let value: f64 = value.into();
    let size = value.abs();
    if size == 0.0 || size.is_nan() {
        return fixed(value, decimals);
    }
    // A number that rounds up to a power of ten is written as that power.
    let rounded_up = 1.0 - 0.5 / 10f64.powi(digits as i32);
    if let Some(zeros) = PLAIN.iter().position(|power| size >= power * rounded_up) {
        return fixed(value, decimals.max(zeros + digits - 1));
    }
    let (mut mantissa, mut exponent) = (value, 0);
    while mantissa.abs() < rounded_up {
        mantissa *= 10.0;
        exponent += 1;
    }
    format!("{}e-{exponent}", fixed(mantissa, digits - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_number_has_as_many_significant_digits_as_are_asked_for() {
        let two = |value: f64| significant(value, 2, 2);
        for (value, written) in [
            (0.0, "0.00"),
            (-0.0, "0.00"),
            (0.624_1, "0.62"),
            (1.0, "1.00"),
            (12.345, "12.35"),
            (0.1, "0.10"),
            (0.099_6, "0.10"),
            (0.052_5, "0.053"),
            (0.03, "0.030"),
            (-0.009_64, "-0.0096"),
            (0.001, "0.0010"),
            (0.000_999, "0.0010"),
            (0.000_424, "4.2e-4"),
            (-3.21e-8, "-3.2e-8"),
            (9.96e-5, "1.0e-4"),
            (f32::MIN_POSITIVE.into(), "1.2e-38"),
        ] {
            assert_eq!(two(value), written, "{value:e}");
        }
        let three = |value: f64| significant(value, 4, 3);
        for (value, written) in [
            (0.0, "0.0000"),
            (0.624_14, "0.6241"),
            (0.012_34, "0.0123"),
            (0.003_244, "0.00324"),
            (-0.000_324_4, "-3.24e-4"),
            (9.999e-7, "1.00e-6"),
        ] {
            assert_eq!(three(value), written, "{value:e}");
        }
        assert_eq!(two(f64::NAN), "not a number");
    }

    #[test]
    fn no_number_is_written_as_another_by_more_than_half_of_its_last_digit() {
        let mut value = 3.7e-12;
        while value < 2e3 {
            let read: f64 = significant(value, 2, 2).parse().unwrap();
            assert!((read - value).abs() <= value * 0.0501 || (read - value).abs() <= 0.005_001, "{value:e}: {read:e}");
            assert!(read > 0.0, "{value:e}");
            value *= 1.37;
        }
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_does_but_for_ties() {
        for value in [0.0, 0.624_1, 1.0, 0.005, 0.004_9, 12.5, 99.999, 1_234.567_8, -2.75, 1e-9, 0.1 + 0.2] {
            for digits in 1..8 {
                assert_eq!(
                    fixed(value, digits),
                    format!("{value:.digits$}").replace("-0.0000000", "0.0000000"),
                    "{value}"
                );
            }
        }
        assert_eq!(fixed(0.5, 0), "1");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(0.07f32, 2), "0.07");
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        assert_eq!(fixed(f64::NAN, 2), "not a number");
        assert_eq!(fixed(f64::INFINITY, 2), "more than 10¹⁵");
        assert_eq!(fixed(-1e300, 0), "less than −10¹⁵");
    }
}
