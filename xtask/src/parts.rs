//! The page's binary in two: what the first picture needs, and what src/bin/app.rs says may come later.
//!
//! Trunk knows one binary. It has built that and made the glue for it; here the compiler's own output is parted by
//! wasm-split, and the glue is made anew for the first part, under the names that index.html has.

use std::fs;
use std::path::Path;

use wasm_split_cli_support::{Options, transform};

use crate::run::{Outcome, command, run, target_dir};

/// Parts the binary in Trunk's staging folder.
pub fn part(stage: &Path, release: bool) -> Outcome {
    let stem = stem(stage)?;
    let built =
        target_dir().join("wasm32-unknown-unknown").join(if release { "page" } else { "quick" }).join("app.wasm");
    let whole = fs::read(&built).map_err(|e| format!("{}: {e}", built.display()))?;
    let (first, link) = (stage.join("first.wasm"), format!("./{stem}-parts.js"));
    let main_module = format!("./{stem}.js");
    let mut options = Options::new(&whole);
    options.output_dir = stage;
    options.main_out_path = &first;
    options.main_module = &main_module;
    options.link_name = &link;
    let parted = transform(options).map_err(|e| format!("wasm-split: {e:#}"))?;
    if parted.split_modules.is_empty() {
        return Err("wasm-split found nothing to part: see src/bin/app.rs".into());
    }
    run(command("wasm-bindgen", &["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", &stem])
        .arg("--out-dir")
        .arg(stage)
        .arg(&first))?;
    fs::remove_file(&first).map_err(|e| format!("{}: {e}", first.display()))?;
    name_parts(stage, &stem)
}

/// What Trunk calls the page: `app-` and a hash.
fn stem(stage: &Path) -> Outcome<String> {
    let names = fs::read_dir(stage).map_err(|e| format!("{}: {e}", stage.display()))?.flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let glue = names.find(|name| name.starts_with("app-") && name.ends_with(".js"));
    glue.map(|name| name.trim_end_matches(".js").to_owned()).ok_or_else(|| "Trunk made no app-*.js".into())
}

/// What wasm-split writes to start a part: it wants a host that knows wasm's media type, which not all do.
const STREAMED: &str = "WebAssembly.instantiateStreaming(src, imports)";
const WHOLE: &str =
    "src.then((answer) => answer.arrayBuffer()).then((bytes) => WebAssembly.instantiate(bytes, imports))";

/// Every part carries the page's hash, so that no browser pairs parts of two versions.
fn name_parts(stage: &Path, stem: &str) -> Outcome {
    let link = stage.join(format!("{stem}-parts.js"));
    let script = fs::read_to_string(&link).map_err(|e| format!("{}: {e}", link.display()))?;
    if !script.contains(STREAMED) {
        return Err(format!("{}: expected {STREAMED}", link.display()));
    }
    let mut script = script.replace(STREAMED, WHOLE);
    for entry in fs::read_dir(stage).map_err(|e| format!("{}: {e}", stage.display()))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let quoted = format!("\"./{name}\"");
        if name.ends_with(".wasm") && script.contains(&quoted) {
            let own = format!("{stem}-{name}");
            fs::rename(entry.path(), stage.join(&own)).map_err(|e| format!("{name}: {e}"))?;
            script = script.replace(&quoted, &format!("\"./{own}\""));
        }
    }
    fs::write(&link, script).map_err(|e| format!("{}: {e}", link.display()))
}
