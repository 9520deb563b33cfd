//! The page's binary and the worker's, in two each: what is needed at once, and what src/bin/app.rs and src/bin/worker.rs
//! say may come later.
//!
//! Trunk knows whole binaries. It has built them and made the glue for them; here the compiler's own output is parted by
//! wasm-split, and the glue is made anew for the first part, under the names that index.html and the hook have.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, transform};

use crate::run::{Outcome, command, run, target_dir};
use crate::table::without_maximum;

/// What the name of the worker's later part begins with. The build's stamp follows: the part is fetched when it is needed,
/// and by then the server may have another version.
pub const OTHERS: &str = "worker_others-";

fn others(stamp: &str) -> String {
    format!("{OTHERS}{stamp}.wasm")
}

/// Parts the page's binary in Trunk's staging folder.
pub fn part_page(stage: &Path, release: bool) -> Outcome {
    let stem = stem(stage)?;
    let built = if release { "page" } else { "quick" };
    let (first, _) = split(stage, &format!("{built}/app.wasm"), &stem)?;
    bind(stage, &first, &stem, "web")?;
    name_parts(stage, &stem)
}

/// Parts the worker's.
pub fn part_worker(stage: &Path, release: bool, stamp: &str) -> Outcome {
    let built = if release { "release" } else { "quick" };
    let (first, parts) = split(stage, &format!("{built}/worker.wasm"), "worker")?;
    let [part] = &parts[..] else {
        return Err(format!("src/bin/worker.rs: expected one part, got {}", parts.len()));
    };
    fs::rename(part, stage.join(others(stamp))).map_err(|e| format!("{}: {e}", part.display()))?;
    // wasm-split closes the table, and src/worker/relaxed_simd.rs puts one more function there.
    let binary = fs::read(&first).map_err(|e| format!("{}: {e}", first.display()))?;
    fs::write(&first, without_maximum(&binary)?).map_err(|e| format!("{}: {e}", first.display()))?;
    bind(stage, &first, "worker", "no-modules")?;
    // It is for modules: assets/worker_parts.js does the same in a worker that is none.
    let link = stage.join(link("worker"));
    fs::remove_file(&link).map_err(|e| format!("{}: {e}", link.display()))?;
    take_parts_from_loader(&stage.join("worker.js"))
}

fn link(stem: &str) -> String {
    format!("{stem}-parts.js")
}

/// Parts what the compiler made: the first part, and the others.
fn split(stage: &Path, built: &str, stem: &str) -> Outcome<(PathBuf, Vec<PathBuf>)> {
    let built = target_dir().join("wasm32-unknown-unknown").join(built);
    let whole = fs::read(&built).map_err(|e| format!("{}: {e}", built.display()))?;
    let (first, link) = (stage.join(format!("{stem}-first.wasm")), format!("./{}", link(stem)));
    let main_module = format!("./{stem}.js");
    let mut options = Options::new(&whole);
    options.output_dir = stage;
    options.main_out_path = &first;
    options.main_module = &main_module;
    options.link_name = &link;
    let parted = transform(options).map_err(|e| format!("wasm-split: {e:#}"))?;
    if parted.split_modules.is_empty() {
        return Err(format!("wasm-split found nothing to part in {}: see src/bin", built.display()));
    }
    Ok((first, parted.split_modules))
}

/// Makes a first part's glue.
fn bind(stage: &Path, first: &Path, stem: &str, target: &str) -> Outcome {
    run(command("wasm-bindgen", &["--target", target, "--no-typescript", "--keep-lld-exports", "--out-name", stem])
        .arg("--out-dir")
        .arg(stage)
        .arg(first))?;
    fs::remove_file(first).map_err(|e| format!("{}: {e}", first.display()))
}

/// What Trunk calls the page: `app-` and a hash.
fn stem(stage: &Path) -> Outcome<String> {
    let names = fs::read_dir(stage).map_err(|e| format!("{}: {e}", stage.display()))?.flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let glue = names.find(|name| name.starts_with("app-") && name.ends_with(".js"));
    glue.map(|name| name.trim_end_matches(".js").to_owned()).ok_or_else(|| "Trunk made no app-*.js".into())
}

/// What wasm-bindgen writes for an import where there are no modules; the loader has an object of this name.
const REQUIRED: &str = "require(\"./worker-parts.js\")";
const LOADER_HAS: &str = "attnscopeParts";

fn take_parts_from_loader(glue: &Path) -> Outcome {
    let script = fs::read_to_string(glue).map_err(|e| format!("{}: {e}", glue.display()))?;
    if !script.contains(REQUIRED) {
        return Err(format!("{}: expected {REQUIRED}", glue.display()));
    }
    fs::write(glue, script.replace(REQUIRED, LOADER_HAS)).map_err(|e| format!("{}: {e}", glue.display()))
}

/// The lines of the worker's loader that start its later part, once it is asked for.
pub fn worker_parts(stamp: &str) -> String {
    let start = include_str!("../../assets/worker_parts.js");
    let part = others(stamp);
    format!("{start}const {LOADER_HAS} = {{ __wasm_split_load_others: attnscopePart(\"./{part}\") }};\n")
}

/// What wasm-split writes to start a part: it wants a host that knows wasm's media type, which not all do.
const STREAMED: &str = "WebAssembly.instantiateStreaming(src, imports)";
const WHOLE: &str =
    "src.then((answer) => answer.arrayBuffer()).then((bytes) => WebAssembly.instantiate(bytes, imports))";

/// Every part of the page carries its hash, so that no browser pairs parts of two versions.
fn name_parts(stage: &Path, stem: &str) -> Outcome {
    let link = stage.join(link(stem));
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
