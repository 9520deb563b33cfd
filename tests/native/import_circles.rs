//! Within `src/math`, `src/state` and `src/ui`, files import each other without circles, so that each can be read after those
//! that it builds on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the folder that a file's `use` lines name, unit tests left out. `module` is the file's own path of
/// modules, `modules` are all of the folder's.
fn imports(module: &str, source: &str, modules: &[String]) -> Vec<String> {
    let code: String = source.lines().map(|line| line.split("//").next().unwrap_or("").to_owned() + " ").collect();
    let code = code.split("#[cfg(test)] mod tests").next().unwrap_or("");
    let statements = code.split(';').filter_map(|part| part.rsplit_once("use ").map(|(_, tree)| tree.trim()));
    let mut found: Vec<String> =
        statements.flat_map(expand).filter_map(|path| resolve(module, &path, modules)).collect();
    found.sort();
    found.dedup();
    found.retain(|import| import != module);
    found
}

/// The single paths of a tree: `a::{b, c::{d, e}}` -> `a::b`, `a::c::d`, `a::c::e`.
fn expand(tree: &str) -> Vec<String> {
    let Some((prefix, group)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or("").trim().to_owned()];
    };
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    let (mut depth, mut from, mut paths) = (0, 0, Vec::new());
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            let part = group[from..at].trim();
            if !part.is_empty() {
                paths.extend(expand(part).iter().map(|path| format!("{prefix}{path}")));
            }
            from = at + 1;
        }
    }
    paths
}

/// The module that a path of a file leads to: the longest beginning of it that is one.
fn resolve(module: &str, path: &str, modules: &[String]) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").map(str::trim).collect();
    let mut base: Vec<&str> = module.split("::").collect();
    match parts[0] {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            while parts.first() == Some(&"super") {
                parts.remove(0);
                base.pop();
            }
            base.extend(&parts);
            return longest(&base, modules);
        }
        // A child of this module.
        _ => {
            base.extend(&parts);
            return longest(&base, modules).filter(|found| found.len() > module.len());
        }
    }
    base.extend(&parts[1..]);
    longest(&base, modules)
}

fn longest(parts: &[&str], modules: &[String]) -> Option<String> {
    (1..=parts.len()).rev().map(|count| parts[..count].join("::")).find(|name| modules.contains(name))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// A circle of modules that import each other, if there is one.
fn circle(imports: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
    let mut left = imports.clone();
    // Without a circle there is always a module that imports none of those left.
    while let Some(leaf) = left.iter().find(|(_, all)| !all.iter().any(|one| left.contains_key(one))) {
        let leaf = leaf.0.clone();
        left.remove(&leaf);
    }
    let mut path = vec![left.keys().next()?.clone()];
    loop {
        let next = left[path.last().unwrap()].iter().find(|one| left.contains_key(*one)).unwrap().clone();
        if let Some(first) = path.iter().position(|one| *one == next) {
            return Some(path.split_off(first));
        }
        path.push(next);
    }
}

/// What each file of a folder of `src` imports from that folder.
fn imports_within(folder: &str) -> BTreeMap<String, Vec<String>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&src.join(folder), &mut paths);
    // The text for build.rs is no part of the library, and files of tests may import what they test.
    paths.retain(|path| !path.components().any(|part| part.as_os_str() == "wat"));
    paths.retain(|path| path.file_name().is_some_and(|name| name != "tests.rs"));
    let name = |path: &Path| {
        let name = path.strip_prefix(&src).unwrap().with_extension("").to_string_lossy().replace(['/', '\\'], "::");
        name.strip_suffix("::mod").map(str::to_owned).unwrap_or(name)
    };
    let modules: Vec<String> = paths.iter().map(|path| name(path)).collect();
    let imports = |path: &PathBuf| imports(&name(path), &fs::read_to_string(path).unwrap(), &modules);
    paths.iter().map(|path| (name(path), imports(path))).collect()
}

#[test]
fn files_of_math_import_each_other_without_circles() {
    let found = imports_within("math");
    assert!(found["math::gemm::stored"].contains(&"math::gemm::blocking".to_owned()), "{found:?}");
    assert!(found["math::gemm::blocking"].contains(&"math::relaxed_simd::layout".to_owned()), "{found:?}");
    assert_eq!(circle(&found), None, "{found:#?}");
}

#[test]
fn files_of_state_import_each_other_without_circles() {
    let found = imports_within("state");
    assert!(found["state::run"].contains(&"state::view_state".to_owned()), "{found:?}");
    assert!(found["state::permalink"].contains(&"state::fields".to_owned()), "{found:?}");
    assert_eq!(circle(&found), None, "{found:#?}");
}

#[test]
fn files_of_ui_import_each_other_without_circles() {
    let found = imports_within("ui");
    assert!(found["ui::panels::caption"].contains(&"ui::views::selection".to_owned()), "{found:?}");
    assert!(found["ui::views::picture"].contains(&"ui::browser::keys".to_owned()), "{found:?}");
    assert_eq!(circle(&found), None, "{found:#?}");
}

#[test]
fn a_circle_of_three_is_found() {
    let modules = ["m::a", "m::b", "m::c", "m"].map(str::to_owned).to_vec();
    let sources = [
        ("m", "pub use a::One;"),
        ("m::a", "use super::{b::Two, c::{Three, Four}};"),
        ("m::b", "use crate::m::c; // use super::a;"),
        ("m::c", "use super::a::One as Other;\n#[cfg(test)]\nmod tests { use super::b; }"),
    ];
    let found: BTreeMap<String, Vec<String>> =
        sources.iter().map(|(module, source)| (module.to_string(), imports(module, source, &modules))).collect();
    assert_eq!(found["m"], ["m::a"]);
    assert_eq!(found["m::a"], ["m::b", "m::c"]);
    assert_eq!((&found["m::b"][..], &found["m::c"][..]), (&["m::c".to_owned()][..], &["m::a".to_owned()][..]));
    assert!(circle(&found).is_some());
}
