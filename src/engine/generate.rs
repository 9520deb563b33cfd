//! Greedy generation of text.

use super::downstream::predictions;
use super::folder::Opened;
use super::input::Input;
use super::model::Earlier;
use super::model_config::Architecture;
use super::pass::intervention::Intervention;
use super::pass::trace::Trace;
use crate::error::{Error, Kind, Result};

/// The text that the model appends to an input, with the changes of `intervention`: each time the most likely token,
/// until a special token ends the text, `most` tokens are appended, or the model has no more positions.
///
/// Errors: [`Kind::Input`] for a model that does not generate text, and those of [`super::Model::run`].
pub fn continued(opened: &Opened, input: &Input, intervention: &Intervention, most: usize) -> Result<String> {
    let Opened { model, tokenizer, .. } = opened;
    if model.config.architecture == Architecture::Encoder || !model.predicts() {
        let (expected, got) = ("a model that writes text from left to right", model.config.family);
        let advice = "Choose a model such as GPT-2, SmolLM2 or T5.";
        return Err(Error::new(Kind::Input, "the model", expected, got, advice));
    }
    let mut input = input.clone();
    let first = if input.decoder > 0 { input.encoder_len() } else { 0 };
    let before = tokenizer.decode(&input.ids[first..])?;
    let mut room = model.longest().saturating_sub(input.ids.len() - first).min(most);
    let mut made: Option<(Input, Trace)> = None;
    while room > 0 {
        let earlier = made.as_ref().map(|(input, trace)| Earlier { input, intervention, trace });
        let trace = model.begin_after(&input, intervention, earlier)?.finish()?;
        let last = trace.outputs.len() - 1;
        let logits = model.logits(&trace, last..last + 1).expect("it predicts");
        let next = predictions(logits.as_slice().expect("one row"), 1)[0].id;
        if tokenizer.is_special(next) || tokenizer.token(next).is_none() {
            break;
        }
        made = Some((input.clone(), trace));
        input.ids.push(next);
        input.segments.push(0);
        input.decoder += usize::from(input.decoder > 0);
        room -= 1;
    }
    let after = tokenizer.decode(&input.ids[first..])?;
    Ok(behind(&before, &after).to_owned())
}

/// The part of `after` behind the beginning that it has in common with `before`. A character whose bytes were
/// incomplete in `before` is another character in `after`.
fn behind<'a>(before: &str, after: &'a str) -> &'a str {
    let same = after.char_indices().zip(before.chars()).take_while(|((_, a), b)| a == b);
    let end = same.last().map_or(0, |((at, c), _)| at + c.len_utf8());
    &after[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_becomes_whole_does_not_repeat_the_text() {
        assert_eq!(behind("The bag", "The bag is big"), " is big");
        assert_eq!(behind("Tokyo \u{fffd}", "Tokyo 東京"), "東京");
        assert_eq!(behind("", "a"), "a");
        assert_eq!(behind("a", "a"), "");
    }
}
