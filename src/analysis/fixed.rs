//! Numbers as they are written for people.

/// `value` with so many digits (at most 9) behind the point, halves away from zero.
///
/// The page writes all its numbers through this: the standard library's formatting is exact to the last of a
/// float's digits, which nobody reads, and would cost it 12 KB.
pub fn fixed(value: impl Into<f64>, digits: usize) -> String {
    let value: f64 = value.into();
    let scale = 10u64.pow(digits as u32);
    let scaled = (value.abs() * scale as f64).round();
    if scaled.is_nan() {
        return "not a number".into();
    }
    // Beyond this, neighbouring integers are one float.
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

#[cfg(test)]
mod tests {
    use super::*;

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
