//! The layer rule of src/lib.rs: which module may name which, and which may name the browser.

use std::fs;
use std::path::Path;

/// Each layer with the layers it may use; `error` and `text` may be used by all.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("error", &[]),
    ("source", &[]),
    ("text", &[]),
    ("math", &[]),
    ("engine", &["math"]),
    ("analysis", &["engine"]),
    ("lesson", &["engine", "math"]),
    ("scene", &["analysis", "engine", "lesson"]),
    ("state", &["analysis", "engine", "source"]),
    ("worker", &["analysis", "engine", "lesson", "math", "scene", "source"]),
    ("ui", &["analysis", "engine", "lesson", "scene", "source", "state", "worker"]),
];

const BROWSER: [&str; 4] = ["web_sys", "js_sys", "leptos", "wasm_bindgen"];

/// What a file breaks of the rule; `path` is relative to src, with `/` between its parts.
fn broken(path: &str, source: &str) -> Vec<String> {
    let parts: Vec<&str> = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect();
    let (layer, is_bin) = (parts[0], parts[0] == "bin");
    let mut found = Vec::new();
    let in_browser = match layer {
        "ui" => true,
        "worker" => path != "worker/protocol.rs",
        "bin" => ["bin/app.rs", "bin/worker.rs"].contains(&path),
        _ => false,
    };
    let may_use = MAY_USE.iter().find(|(name, _)| *name == layer).map(|(_, allowed)| *allowed);
    if may_use.is_none() && !is_bin && path != "lib.rs" {
        found.push(format!("{path}: the layer {layer} is not in the table of tests/native/layers.rs"));
    }
    for (number, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for word in words(code).filter(|word| BROWSER.iter().any(|b| word.starts_with(b))) {
            if !in_browser {
                found.push(format!("{path}:{}: {word} outside worker and ui", number + 1));
            }
        }
    }
    let Some(may_use) = may_use else { return found };
    let code: String = source.lines().map(|line| line.split("//").next().unwrap_or("").to_owned() + "\n").collect();
    // Enough `super`s to leave the layer lead to the crate's root, like `crate` does.
    let roots = ["crate::".to_owned(), "attnscope::".to_owned(), "super::".repeat(parts.len())];
    for root in &roots {
        for (at, _) in code.match_indices(root.as_str()) {
            if code[..at].ends_with("super::") || code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            for name in named(&code[at + root.len()..]) {
                let is_layer = MAY_USE.iter().any(|(layer, _)| *layer == name);
                if is_layer && name != layer && !["error", "text"].contains(&name) && !may_use.contains(&name) {
                    found.push(format!("{path}: {layer} may not use {root}{name}"));
                }
            }
        }
    }
    found
}

/// The first name of a path, or the first names of the paths in a group: `{a::b, c::{d, e}}` -> a, c.
fn named(path: &str) -> Vec<&str> {
    let Some(group) = path.strip_prefix('{') else { return words(path).next().into_iter().collect() };
    let mut depth = 0;
    let end = group.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth < 0
    });
    let group = &group[..end.unwrap_or(group.len())];
    let mut depth = 0;
    group
        .split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        })
        .filter_map(|part| words(part).next())
        .collect()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn check_folder(folder: &Path, src: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check_folder(&path, src, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let name = path.strip_prefix(src).unwrap().to_string_lossy().replace('\\', "/");
            found.extend(broken(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn arrows_between_layers_point_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    check_folder(&src, &src, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn forbidden_lines_are_caught() {
    let forbidden = [
        ("engine/mod.rs", "use crate::scene::arcs;"),
        ("engine/families/bert.rs", "use super::super::super::ui::app;"),
        ("engine/mod.rs", "let x = super::analysis::labels();"),
        ("math/mod.rs", "use crate::{Error, engine::{Trace, tokens}};"),
        ("scene/arcs.rs", "use crate::{\n    analysis::{thumbnails, words},\n    state::ViewState,\n};"),
        ("state/mod.rs", "pub use attnscope::worker::protocol;"),
        ("lesson/price.rs", "use crate::analysis::fit_cost;"),
        ("worker/host.rs", "use crate::ui;"),
        ("scene/mod.rs", "use wasm_bindgen::prelude::*;"),
        ("worker/protocol.rs", "use js_sys::Uint8Array;"),
        ("bin/attn.rs", "use leptos::prelude::*;"),
        ("state/mod.rs", "use wasm_bindgen_futures::spawn_local;"),
        ("helpers/mod.rs", ""),
    ];
    for (path, line) in forbidden {
        assert_eq!(broken(path, line).len(), 1, "{path}: {line}: {:?}", broken(path, line));
    }
}

#[test]
fn allowed_lines_pass() {
    let allowed = [
        ("engine/input.rs", "use super::pass::trace::HeadId; // not crate::ui"),
        ("engine/families/bert.rs", "use super::super::input; use crate::math::dot; use crate::Error;"),
        ("analysis/mod.rs", "use crate::{engine::{HeadId, Trace}, error::Error};"),
        ("ui/app.rs", "use leptos::prelude::*; use crate::{scene::arcs, state::ViewState, worker::client};"),
        ("lesson/positions.rs", "use crate::{engine::ModelConfig, math::Random};"),
        ("worker/host.rs", "use web_sys::MessageEvent; use crate::engine::Trace;"),
        ("bin/attn.rs", "use attnscope::scene;"),
        ("error.rs", "use serde::Serialize;"),
    ];
    for (path, line) in allowed {
        assert_eq!(broken(path, line), Vec::<String>::new(), "{path}: {line}");
    }
}
