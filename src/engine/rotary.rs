//! Rotary frequencies from a config, in its newer form (`rope_parameters`) and its older ones (`rope_theta` and
//! `rope_scaling` beside each other).

use super::attention::Rotary;
use super::config::{AS_IT_LIES, Config};
use crate::error::Result;

/// What is turned where the config is silent.
#[derive(Clone, Copy)]
pub struct Usual<'a> {
    /// The base of the wavelengths.
    pub theta: f32,
    /// Names of the base beside `rope_parameters`, the first that is there.
    pub theta_names: &'a [&'a str],
    /// Share of a head's numbers that is turned.
    pub share: f32,
    /// Names of the share there.
    pub share_names: &'a [&'a str],
    /// The entry of `rope_parameters` for this kind of layer, where there is one for each.
    pub layer_kind: Option<&'a str>,
    /// `rope_scaling` is of these layers.
    pub scaled: bool,
}

impl Default for Usual<'_> {
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

/// The frequencies for heads of `d` numbers.
///
/// Errors ([`crate::Kind::Config`]): a scaling that is not computed here, or a number out of range.
pub fn rotary(config: &Config, d: usize, usual: Usual<'_>) -> Result<Rotary> {
    let mut nested = config.object("rope_parameters")?;
    if let (Some(parameters), Some(kind)) = (&nested, usual.layer_kind)
        && let Some(own) = parameters.object(kind)?
    {
        nested = Some(own);
    }
    let scaling = if nested.is_none() && usual.scaled { config.object("rope_scaling")? } else { None };
    let found = |own: &str, older: &[&str], otherwise: f32| -> Result<f32> {
        let mut places = nested.iter().map(|place| (place, own)).chain(older.iter().map(|name| (config, *name)));
        let number = places.find_map(|(place, name)| place.positive(name).transpose()).transpose()?;
        Ok(number.unwrap_or(otherwise))
    };
    let theta = found("rope_theta", usual.theta_names, usual.theta)?;
    let share = found("partial_rotary_factor", usual.share_names, usual.share)?;
    let turned = (d as f32 * share.min(1.0)) as usize / 2 * 2;
    if turned == 0 {
        return Err(config.fault("head_dim", "two numbers or more that are turned".to_owned(), "Check the file."));
    }
    let mut frequencies = Rotary::of_base(theta, turned).frequencies;
    if let Some(scaling) = nested.as_ref().or(scaling.as_ref()) {
        scale(scaling, &mut frequencies)?;
    }
    if let Some(factors) = config.list("rope_frequency_factors", turned / 2)? {
        for (frequency, factor) in frequencies.iter_mut().zip(factors) {
            let factor = factor.as_f64().filter(|factor| *factor > 0.0).ok_or_else(|| {
                config.fault("rope_frequency_factors", "numbers above 0".to_owned(), "Check the file.")
            })?;
            *frequency /= factor as f32;
        }
    }
    Ok(Rotary { frequencies, neighbours: config.is_on("rope_interleaved")? })
}

fn scale(scaling: &Config, frequencies: &mut [f32]) -> Result<()> {
    let field = if scaling.is_silent_on("rope_type") { "type" } else { "rope_type" };
    let number = |name: &str| {
        scaling.positive(name)?.ok_or_else(|| scaling.fault(name, "a number above 0".to_owned(), AS_IT_LIES))
    };
    match scaling.text_or(field, "default")? {
        // Up to the trained length, which is all that is run here, the dynamic kind changes nothing.
        "default" | "dynamic" => Ok(()),
        "linear" => {
            let factor = number("factor")?;
            frequencies.iter_mut().for_each(|frequency| *frequency /= factor);
            Ok(())
        }
        "llama3" => {
            let (factor, low, high) = (number("factor")?, number("low_freq_factor")?, number("high_freq_factor")?);
            let trained = number("original_max_position_embeddings")?;
            if high <= low {
                let expected = format!("more than low_freq_factor, {low}");
                return Err(scaling.fault("high_freq_factor", expected, "Check the file."));
            }
            for frequency in frequencies {
                let turns = trained * *frequency / std::f32::consts::TAU; // in the trained length
                // 1 for what turns often, 0 for what turns seldom.
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

    fn frequencies(json: &str) -> Vec<f32> {
        rotary(&Config::parse(json).unwrap(), 4, Usual::default()).unwrap().frequencies
    }

    #[test]
    fn old_and_new_configs_say_the_same() {
        for json in
            [r#"{"rope_theta": 100.0}"#, r#"{"rope_parameters": {"rope_theta": 100.0, "rope_type": "default"}}"#]
        {
            assert_eq!(frequencies(json), [1.0, 0.1]);
        }
        assert_eq!(
            frequencies(r#"{"rope_theta": 100.0, "rope_scaling": {"type": "linear", "factor": 2.0}}"#),
            [0.5, 0.05]
        );
        assert_eq!(frequencies(r#"{"rope_theta": 100, "partial_rotary_factor": 0.5}"#), [1.0]);
    }

    #[test]
    fn an_unknown_scaling_is_named() {
        let config = Config::parse(r#"{"rope_parameters": {"rope_type": "yarn", "factor": 4.0}}"#).unwrap();
        let fault = rotary(&config, 4, Usual::default()).unwrap_err();
        assert!(
            fault.to_string().contains("rope_parameters.rope_type") && fault.to_string().contains("yarn"),
            "{fault}"
        );
    }
}
