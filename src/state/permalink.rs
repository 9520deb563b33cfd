//! A [`ViewState`] as an address: what follows the `#` of a link, short and for people to read.
//!
//! `v=1&text=dog+bit+man&head=L2H4&tokens=1`: options as the table of [`fields`](super::fields) names them, left out
//! where they are as at the start. Layer and head are one part, and each change of the model is a part of its own
//! (`off=L3H1,L2H4`, `positions=0`, `shuffle=7`, `temperature=2`, `causal=1`).

use form_urlencoded::{Serializer, byte_serialize, parse};

use super::fields::{FIELDS, Field, InLink, Patch};
use super::form::head_in_link;
use super::patch::unknown;
use super::value::Value;
use super::view_state::{Baseline, ViewState};
use crate::engine::HeadId;
use crate::error::Result;

/// Goes up when an old link would mean something else.
const VERSION: &str = "1";
/// The longest link that is made or read: a browser's own limit is not far above.
const MAX_BYTES: usize = 64 << 10;

/// The state as a link; none where that would be longer than any that [`read_link`] reads.
pub fn link_to(view: &ViewState) -> Option<String> {
    let other = match &view.compare {
        Some(Baseline::Text(text)) => text.len(),
        _ => 0,
    };
    // In a link, a byte of a text takes one byte at least: most that are too long need not be written.
    let texts = view.text.len() + view.pair.as_ref().map_or(0, String::len) + other;
    (texts <= MAX_BYTES).then(|| link(view)).filter(|link| link.len() <= MAX_BYTES)
}

/// The state as a link, however long.
pub fn link(view: &ViewState) -> String {
    let start = ViewState::default();
    let mut out = Serializer::new(String::new());
    out.append_pair("v", VERSION);
    for field in FIELDS {
        match field.in_link {
            InLink::Head => {
                out.append_pair("head", &head_in_link(view.head_id()));
            }
            InLink::Always => {
                out.extend_pairs((field.to_link)(view));
            }
            InLink::Changed if (field.get)(view) != (field.get)(&start) => {
                out.extend_pairs((field.to_link)(view));
            }
            InLink::Address if (field.get)(view) != (field.get)(&start) => {
                for (part, address) in (field.to_link)(view) {
                    out = with_address(out, part, &address);
                }
            }
            InLink::Never | InLink::Changed | InLink::Address => {}
        }
    }
    out.finish()
}

/// Adds a part with the signs of names and addresses as they are: nothing reads them for others behind a `#`.
fn with_address<'a>(mut out: Serializer<'a, String>, part: &str, address: &str) -> Serializer<'a, String> {
    let text: String = byte_serialize(address.as_bytes()).collect();
    let text = text.replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
    let whole = out.finish() + "&" + part + "=" + &text;
    Serializer::new(whole)
}

/// The texts that a link names: what the page must read before anything else of the link can be put in place. None where
/// the link leaves the text as it is at the start.
pub fn link_texts(link: &str) -> Option<(String, Option<String>)> {
    if link.len() > MAX_BYTES {
        return None;
    }
    let (mut text, mut pair) = (None, None);
    for (name, value) in parse(link.as_bytes()) {
        match name.as_ref() {
            "text" => text = Some(value.into_owned()),
            "pair" => pair = Some(value.into_owned()),
            _ => {}
        }
    }
    let is_named = text.is_some() || pair.is_some();
    is_named.then(|| (text.unwrap_or_else(|| ViewState::default().text), pair))
}

/// What a link asks for, and what of it could not be read, each in a sentence. The rest holds all the same.
pub fn read_link(link: &str) -> (Patch, Vec<String>) {
    let names = |part: &str| parse(link.as_bytes()).any(|(name, _)| name == part);
    // A link is the whole state: what it does not name is as at the start.
    let mut patch = Patch::default();
    // The head and the tokens of the start are of its own model and text.
    let of_model = names("model");
    FIELDS
        .iter()
        .filter(|field| !(of_model && ["layer", "head"].contains(&field.name)))
        .for_each(|f| reset(f, &mut patch));
    if names("text") {
        patch.wanted.tokens = Some(Vec::new());
    }
    read_parts(patch, link)
}

/// As [`read_link`], of attributes that have changed: what `link` does not name stays as it is, and what is `gone` (names
/// with commas between) becomes as at the start.
pub fn read_change(link: &str, gone: &str) -> (Patch, Vec<String>) {
    let mut patch = Patch::default();
    for part in gone.split(',') {
        match part {
            "token" | "tokens" => patch.wanted.tokens = Some(Vec::new()),
            // There is always a text, and always a head.
            "text" | "layer" | "head" => {}
            part => FIELDS.iter().filter(|field| field.parts.contains(&part)).for_each(|f| reset(f, &mut patch)),
        }
    }
    read_parts(patch, link)
}

/// Asks for an option as it is at the start.
fn reset(field: &Field, patch: &mut Patch) {
    // The option reads what it has written.
    let _ = (field.read)(patch, &(field.get)(&ViewState::default()));
}

/// Puts what the parts of a link ask for in the place of what is in the patch already.
fn read_parts(mut patch: Patch, link: &str) -> (Patch, Vec<String>) {
    if link.len() > MAX_BYTES {
        return (Patch::default(), vec!["The link is longer than any that this page makes.".into()]);
    }
    let mut faults = Vec::new();
    // What the parts so far have made of each option.
    let mut values: Vec<(&str, Value)> = Vec::new();
    let model = patch.model.clone();
    let parts = || parse(link.as_bytes());
    // The mirror last: it belongs to a name that may stand behind it.
    for (part, text) in parts().filter(|(part, _)| part != "hub").chain(parts().filter(|(part, _)| part == "hub")) {
        let read = match part.as_ref() {
            "v" if text == VERSION => Ok(()),
            "v" => Err(format!("The link is of version {}, which this page does not know.", short(&text))),
            "head" => match text.parse::<HeadId>() {
                Ok(id) => {
                    (patch.layer, patch.head) = (Some(id.layer), Some(id.head));
                    Ok(())
                }
                Err(error) => Err(error.to_string()),
            },
            part => read_part(&mut patch, &mut values, part, &text).map_err(|error| error.to_string()),
        };
        if part == "hub" && read.is_err() {
            // Where the mirror cannot be read, the model is of nowhere.
            patch.model.clone_from(&model);
        }
        faults.extend(read.err());
    }
    (patch, faults)
}

/// Reads one part of a link into the patch. A part that cannot be read leaves its option as it is.
fn read_part(patch: &mut Patch, values: &mut Vec<(&'static str, Value)>, part: &str, text: &str) -> Result<()> {
    let field = FIELDS.iter().find(|field| field.parts.contains(&part)).ok_or_else(|| unknown(&part.into()))?;
    let before = values.iter().position(|(name, _)| *name == field.name);
    let value = (field.from_link)(part, text, before.map(|at| &values[at].1))?;
    (field.read)(patch, &value)?;
    match before {
        Some(at) => values[at].1 = value,
        None => values.push((field.name, value)),
    }
    Ok(())
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests;
