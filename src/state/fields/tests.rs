//! Every option survives the ways out and in, and the documentation and the embed script have the table's options.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::state::dice::Dice;
use crate::state::{link, read_link};

/// The view that a patch makes of another one, by chance too: an option that does not come over shows.
fn over(dice: &mut Dice, patch: &Patch) -> ViewState {
    let mut view = dice.view();
    view.apply(patch);
    view.foreseen(&patch.wanted)
}

#[test]
fn every_option_comes_back_from_a_link_and_from_a_script() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut seen = vec![BTreeSet::new(); FIELDS.len()];
    for _ in 0..2000 {
        let view = dice.view();
        let written = link(&view);
        let (patch, faults) = read_link(&written);
        assert_eq!(faults, [] as [String; 0], "{written}");
        assert_eq!(over(&mut dice, &patch), view, "{written}");
        assert_eq!(link(&over(&mut dice, &patch)), written);
        let patch = Patch::read(&view.to_value()).unwrap();
        let back = over(&mut dice, &patch);
        assert_eq!(back, view, "{written}");
        assert_eq!(back.to_value(), view.to_value());
        for (field, seen) in FIELDS.iter().zip(&mut seen) {
            seen.insert(format!("{:?}", (field.get)(&view)));
        }
    }
    for (field, seen) in FIELDS.iter().zip(&seen) {
        assert!(seen.len() > 1, "{} has one value in all views", field.name);
    }
}

#[test]
fn an_option_changes_by_itself_and_no_other_with_it() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for field in FIELDS {
        for _ in 0..50 {
            let (from, before) = (dice.view(), dice.view());
            let mut patch = Patch::default();
            (field.read)(&mut patch, &(field.get)(&from)).unwrap();
            let mut after = before.clone();
            after.apply(&patch);
            let after = after.foreseen(&patch.wanted);
            for other in FIELDS {
                let expected = if other.name == field.name { &from } else { &before };
                // No order of the heads asks for a comparison that has ended.
                let is_reset = (field.name, other.name) == ("compare", "sort") && from.compare.is_none();
                if !is_reset {
                    assert_eq!((other.get)(&after), (other.get)(expected), "{} by {}", other.name, field.name);
                }
            }
        }
    }
}

#[test]
fn names_and_parts_of_links_are_of_one_option() {
    let names: BTreeSet<_> = FIELDS.iter().map(|field| field.name).collect();
    let parts: Vec<_> = FIELDS.iter().flat_map(|field| field.parts).collect();
    assert_eq!(names.len(), FIELDS.len());
    assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), parts.len());
    assert!(FIELDS.iter().all(|field| field.parts.contains(&field.name) || field.name == "altered"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a file equal to what the table makes of it; with `ATTNSCOPE_UPDATE` set, writes it instead.
fn assert_file(path: &Path, expected: &str) {
    if std::env::var_os("ATTNSCOPE_UPDATE").is_some() {
        fs::write(path, expected).unwrap();
    }
    let is = fs::read_to_string(path).unwrap_or_default();
    assert!(is == expected, "{} is not as the table: set ATTNSCOPE_UPDATE and test again", path.display());
}

fn json(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        other => other.told(),
    }
}

/// What an option accepts, in the words of the fault that refuses all else.
fn accepted(field: &Field) -> String {
    let refused = (field.read)(&mut Patch::default(), &Value::Number(f64::NAN)).unwrap_err().expected;
    let takes_null = (field.read)(&mut Patch::default(), &Value::Null).is_ok();
    if takes_null && !refused.contains("null") { format!("{refused}, or null") } else { refused }
}

#[test]
fn the_documentation_lists_the_options_of_the_table() {
    let mut out = String::from(
        "# Options of the view\n\n\
        `attnscope.state()` has these options, and `attnscope.set` takes any of them (README, *From a script*). Links and the\n\
        attributes of `<attn-scope>` have them under the names of the second column, where lists have commas between their\n\
        items, and true and false are `1` and `0`. This page is made of the table in `src/state/fields.rs`:\n\
        `ATTNSCOPE_UPDATE=1 cargo test --lib state::fields` writes it.\n\n\
        | option | in links | accepts | at the start | what it is |\n|---|---|---|---|---|\n",
    );
    let start = ViewState::default();
    for field in FIELDS {
        let parts: Vec<_> = field.parts.iter().map(|part| format!("`{part}`")).collect();
        let (accepts, value) = (accepted(field), json(&(field.get)(&start)));
        out += &format!("| `{}` | {} | {accepts} | `{value}` |{} |\n", field.name, parts.join(", "), field.doc);
    }
    assert_file(&root().join("docs/options.md"), &out);
}

#[test]
fn the_readme_names_the_options_of_the_table() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let state = readme.split_once("attnscope.state()").unwrap().1.split_once('}').unwrap().0;
    let listed: Vec<_> =
        state.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty()).collect();
    assert_eq!(listed, FIELDS.iter().map(|field| field.name).collect::<Vec<_>>(), "what state() returns");
    let attributes = readme.split_once("| attribute | value |").unwrap().1.split_once("\n\n").unwrap().0;
    for part in FIELDS.iter().flat_map(|field| field.parts) {
        let names = [format!("`{part}`"), format!("`{}`", part.replace('_', "-")), format!("`{part}=")];
        assert!(names.iter().any(|name| attributes.contains(name)), "the attribute {part}");
    }
}

#[test]
fn the_embed_script_knows_the_attributes_of_the_table() {
    let path = root().join("assets/embed.js");
    let script = fs::read_to_string(&path).unwrap();
    let (before, rest) = script.split_once("const LINK = [\n").unwrap();
    let (_, after) = rest.split_once("  ];\n").unwrap();
    let mut list = String::new();
    let mut line = String::from("   ");
    // It puts layer and head together itself.
    let written = FIELDS.iter().filter(|field| !matches!(field.in_link, InLink::Head | InLink::Never));
    for part in written.flat_map(|field| field.parts) {
        if line.len() + part.len() > 110 {
            list += &format!("{line}\n");
            line = "   ".into();
        }
        line += &format!(" '{part}',");
    }
    assert_file(&path, &format!("{before}const LINK = [\n{list}{line}\n  ];\n{after}"));
}
