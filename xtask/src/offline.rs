//! The service worker, as this build has it: what it keeps for visits without a network, and by which hashes.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::run::Outcome;

/// Where assets/service_worker.js has room for the two.
const VERSION: &str = "const VERSION = \"\";";
const FILES: &str = "const FILES = [];";

/// Writes the service worker of the files in `stage`, which are all there. `worker` is the stamp in the addresses of the
/// page's worker.
pub fn write_service_worker(stage: &Path, worker: &str) -> Outcome {
    let mut kept = Vec::new();
    for name in names(stage, "")? {
        if let Some(address) = kept_as(&name, worker) {
            let bytes = fs::read(stage.join(&name)).map_err(|e| format!("{name}: {e}"))?;
            kept.push((address, sha256(&bytes)));
        }
    }
    let script = stamped(include_str!("../../assets/service_worker.js"), &kept)?;
    fs::write(stage.join("service_worker.js"), script).map_err(|e| format!("service_worker.js: {e}"))
}

/// All files of a folder, as paths from it with `/`, in order.
fn names(stage: &Path, folder: &str) -> Outcome<Vec<String>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(stage.join(folder)).map_err(|e| format!("{folder}: {e}"))?.flatten() {
        let name = format!("{folder}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => all.extend(names(stage, &format!("{name}/"))?),
            false => all.push(name),
        }
    }
    all.sort();
    Ok(all)
}

/// The address under which the page asks for a file; none for files that it does not need to run: icons, which belong to
/// the system once the page is installed, and what the page keeps by itself, a model's weights.
fn kept_as(name: &str, worker: &str) -> Option<String> {
    match name.split_once('/') {
        None if name.starts_with("worker") && !name.contains(worker) => Some(format!("{name}?{worker}")),
        Some(("icons", _)) => None,
        Some(("models", file)) if !file.ends_with("/manifest.json") => None,
        _ => Some(name.to_owned()),
    }
}

/// The script with its list of files, and with a version that is another when anything of it is.
fn stamped(script: &str, files: &[(String, String)]) -> Outcome<String> {
    for line in [VERSION, FILES] {
        if !script.contains(line) {
            return Err(format!("assets/service_worker.js: expected the line {line}"));
        }
    }
    let lines: Vec<String> = files.iter().map(|(address, hash)| format!("  [{address:?}, {hash:?}],\n")).collect();
    let script = script.replace(FILES, &format!("const FILES = [\n{}];", lines.concat()));
    let version = &sha256(script.as_bytes())[..16];
    Ok(script.replace(VERSION, &format!("const VERSION = {version:?};")))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_needs_is_kept_under_the_address_it_asks_for() {
        let kept = |name| kept_as(name, "12");
        assert_eq!(kept("index.html").as_deref(), Some("index.html"));
        assert_eq!(kept("worker_bg.wasm").as_deref(), Some("worker_bg.wasm?12"));
        assert_eq!(kept("worker_others-12.wasm").as_deref(), Some("worker_others-12.wasm"));
        assert_eq!(kept("snapshots/trophy.safetensors").as_deref(), Some("snapshots/trophy.safetensors"));
        assert_eq!(kept("models/mini/manifest.json").as_deref(), Some("models/mini/manifest.json"));
        assert_eq!(kept("models/mini/model.safetensors"), None);
        assert_eq!(kept("icons/192.png"), None);
    }

    #[test]
    fn the_service_worker_has_room_for_its_list() {
        let files = [("index.html".to_owned(), "ab".to_owned()), ("worker.js?12".to_owned(), "cd".to_owned())];
        let script = stamped(include_str!("../../assets/service_worker.js"), &files).unwrap();
        assert!(script.contains("const FILES = [\n  [\"index.html\", \"ab\"],\n  [\"worker.js?12\", \"cd\"],\n];"));
        assert!(!script.contains(VERSION));
    }

    #[test]
    fn a_version_is_another_when_a_file_or_the_script_is() {
        let version = |script: &str, hash: &str| {
            let script = stamped(script, &[("a.js".into(), hash.into())]).unwrap();
            script.split_once("VERSION = \"").unwrap().1[..16].to_owned()
        };
        let script = format!("{VERSION}\n{FILES}\n");
        assert_eq!(version(&script, "1"), version(&script, "1"));
        assert_ne!(version(&script, "1"), version(&script, "2"));
        assert_ne!(version(&script, "1"), version(&format!("{script}// changed"), "1"));
    }

    #[test]
    fn a_service_worker_without_room_is_an_error() {
        assert!(stamped(VERSION, &[]).unwrap_err().contains("const FILES = [];"));
        assert!(stamped(FILES, &[]).unwrap_err().contains("const VERSION"));
    }

    #[test]
    fn a_hash_is_that_of_every_other_tool() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
