//! Rotary positions (Su et al. 2021, <https://arxiv.org/abs/2104.09864>), and their parameters in a `config.json`: in
//! its newer form (`rope_parameters`) and its older one (`rope_theta` and `rope_scaling` beside each other).

use crate::engine::config_json::{AS_IT_LIES, ConfigJson};
use crate::error::Result;

/// Pairs of a head's first numbers are rotated by the position times a frequency of the pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Rotary {
    /// Radians for each position `[pairs]`.
    pub inv_freq: Vec<f32>,
    /// Whether pairs are neighbours, (0, 1), (2, 3) and so on, as in the paper. Otherwise number i goes with number i +
    /// pairs.
    pub interleaved: bool,
}

/// The sine and the cosine of a pair's angle.
#[derive(Clone, Copy)]
pub struct Angle {
    sin: f32,
    cos: f32,
}

impl Rotary {
    /// The paper's frequencies for `numbers` numbers of a head: `base^(-2 i / numbers)` for pair i, in interleaved
    /// pairs.
    pub fn of_base(base: f32, numbers: usize) -> Self {
        let frequency = |i: usize| 1.0 / base.powf(2.0 * i as f32 / numbers as f32);
        Self { inv_freq: (0..numbers / 2).map(frequency).collect(), interleaved: true }
    }

    /// The pairs' angles at a position.
    pub fn angles(&self, position: usize) -> Vec<Angle> {
        let angle = |frequency: &f32| {
            let (sin, cos) = (position as f32 * frequency).sin_cos();
            Angle { sin, cos }
        };
        self.inv_freq.iter().map(angle).collect()
    }

    /// Rotates the pairs of one head's numbers `[d_head]` by these angles.
    pub fn rotate(&self, numbers: &mut [f32], angles: &[Angle]) {
        for (i, &Angle { sin, cos }) in angles.iter().enumerate() {
            let (a, b) = if self.interleaved { (2 * i, 2 * i + 1) } else { (i, i + angles.len()) };
            let (x, y) = (numbers[a], numbers[b]);
            numbers[a] = x * cos - y * sin;
            numbers[b] = y * cos + x * sin;
        }
    }
}

/// The parameters of a family where its config does not give them, and their names.
#[derive(Clone, Copy)]
pub struct RotaryDefaults<'a> {
    /// The base of the wavelengths.
    pub theta: f32,
    /// Names of the base outside of `rope_parameters`; the first one that the config has counts.
    pub theta_names: &'a [&'a str],
    /// The share of a head's numbers that is rotated.
    pub share: f32,
    /// Names of the share outside of `rope_parameters`.
    pub share_names: &'a [&'a str],
    /// The entry of `rope_parameters` for this kind of layer, if there is an entry for each kind.
    pub layer_kind: Option<&'a str>,
    /// Whether `rope_scaling` applies to these layers.
    pub scaled: bool,
}

impl Default for RotaryDefaults<'_> {
    fn default() -> Self {
        Self {
            theta: 10_000.0,
            theta_names: &["rope_theta"],
            share: 1.0,
            share_names: &["partial_rotary_factor"],
            layer_kind: None,
            scaled: true,
        }
    }
}

/// Reads the parameters for heads of `d_head` numbers.
///
/// Errors ([`crate::Kind::Config`]): a scaling that this engine does not compute, or a number out of range.
pub fn read_rotary(json: &ConfigJson, d_head: usize, defaults: RotaryDefaults<'_>) -> Result<Rotary> {
    let mut nested = json.object("rope_parameters")?;
    if let (Some(parameters), Some(kind)) = (&nested, defaults.layer_kind)
        && let Some(own) = parameters.object(kind)?
    {
        nested = Some(own);
    }
    let scaling = if nested.is_none() && defaults.scaled { json.object("rope_scaling")? } else { None };
    let found = |own: &str, older: &[&str], otherwise: f32| -> Result<f32> {
        let mut places = nested.iter().map(|place| (place, own)).chain(older.iter().map(|name| (json, *name)));
        let number = places.find_map(|(place, name)| place.positive(name).transpose()).transpose()?;
        Ok(number.unwrap_or(otherwise))
    };
    let theta = found("rope_theta", defaults.theta_names, defaults.theta)?;
    let share = found("partial_rotary_factor", defaults.share_names, defaults.share)?;
    let turned = (d_head as f32 * share.min(1.0)) as usize / 2 * 2;
    if turned == 0 {
        return Err(json.fault("head_dim", "two numbers or more that are turned".to_owned(), "Check the file."));
    }
    let mut inv_freq = Rotary::of_base(theta, turned).inv_freq;
    if let Some(scaling) = nested.as_ref().or(scaling.as_ref()) {
        scale(scaling, &mut inv_freq)?;
    }
    if let Some(factors) = json.list("rope_frequency_factors", turned / 2)? {
        for (frequency, factor) in inv_freq.iter_mut().zip(factors) {
            let factor = factor
                .as_f64()
                .filter(|factor| *factor > 0.0)
                .ok_or_else(|| json.fault("rope_frequency_factors", "numbers above 0".to_owned(), "Check the file."))?;
            *frequency /= factor as f32;
        }
    }
    Ok(Rotary { inv_freq, interleaved: json.is_on("rope_interleaved")? })
}

fn scale(scaling: &ConfigJson, inv_freq: &mut [f32]) -> Result<()> {
    let field = if scaling.is_silent_on("rope_type") { "type" } else { "rope_type" };
    let number = |name: &str| {
        scaling.positive(name)?.ok_or_else(|| scaling.fault(name, "a number above 0".to_owned(), AS_IT_LIES))
    };
    match scaling.text_or(field, "default")? {
        // The dynamic kind changes nothing up to the trained length, and longer inputs are refused.
        "default" | "dynamic" => Ok(()),
        "linear" => {
            let factor = number("factor")?;
            inv_freq.iter_mut().for_each(|frequency| *frequency /= factor);
            Ok(())
        }
        "llama3" => {
            let (factor, low, high) = (number("factor")?, number("low_freq_factor")?, number("high_freq_factor")?);
            let trained = number("original_max_position_embeddings")?;
            if high <= low {
                let expected = format!("more than low_freq_factor, {low}");
                return Err(scaling.fault("high_freq_factor", expected, "Check the file."));
            }
            for frequency in inv_freq {
                let turns = trained * *frequency / std::f32::consts::TAU; // in the trained length
                // 1 for frequencies with many turns in the trained length, 0 for those with few.
                let kept = ((turns - low) / (high - low)).clamp(0.0, 1.0);
                *frequency = kept * *frequency + (1.0 - kept) * *frequency / factor;
            }
            Ok(())
        }
        _ => {
            let known = "default, linear, dynamic or llama3".to_owned();
            Err(scaling.fault(field, known, "Choose a model without this variant."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_by_a_quarter_by_hand() {
        let quarter = std::f32::consts::FRAC_PI_2;
        let rotated = |interleaved, position| {
            let mut numbers = [1.0, 2.0, 3.0, 4.0, 5.0];
            let rotary = Rotary { inv_freq: vec![quarter, 0.0], interleaved };
            rotary.rotate(&mut numbers, &rotary.angles(position));
            numbers.map(|x| (x * 1e3f32).round() / 1e3)
        };
        assert_eq!(rotated(false, 1), [-3.0, 2.0, 1.0, 4.0, 5.0]);
        assert_eq!(rotated(true, 1), [-2.0, 1.0, 3.0, 4.0, 5.0]);
        assert_eq!(rotated(true, 0), [1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    fn inv_freq(json: &str) -> Vec<f32> {
        read_rotary(&ConfigJson::parse(json).unwrap(), 4, RotaryDefaults::default()).unwrap().inv_freq
    }

    #[test]
    fn old_and_new_configs_say_the_same() {
        for json in
            [r#"{"rope_theta": 100.0}"#, r#"{"rope_parameters": {"rope_theta": 100.0, "rope_type": "default"}}"#]
        {
            assert_eq!(inv_freq(json), [1.0, 0.1]);
        }
        assert_eq!(
            inv_freq(r#"{"rope_theta": 100.0, "rope_scaling": {"type": "linear", "factor": 2.0}}"#),
            [0.5, 0.05]
        );
        assert_eq!(inv_freq(r#"{"rope_theta": 100, "partial_rotary_factor": 0.5}"#), [1.0]);
    }

    #[test]
    fn an_unknown_scaling_is_named() {
        let json = ConfigJson::parse(r#"{"rope_parameters": {"rope_type": "yarn", "factor": 4.0}}"#).unwrap();
        let fault = read_rotary(&json, 4, RotaryDefaults::default()).unwrap_err();
        assert!(
            fault.to_string().contains("rope_parameters.rope_type") && fault.to_string().contains("yarn"),
            "{fault}"
        );
    }
}
