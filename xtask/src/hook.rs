//! What happens to Trunk's output before it becomes `dist/`: two parts each, wasm-opt, no inline script, no stale worker,
//! and the service worker that knows all of it.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::languages;
use crate::offline::write_service_worker;
use crate::parts::{OTHERS, part_page, part_worker, worker_parts};
use crate::run::{Outcome, command, output, run, target_dir};
use crate::tools::{esbuild, wasm_opt};

/// Trunk's `post_build` hook.
pub fn post_build() -> Outcome {
    let stage = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let stage = stage.ok_or("hook-post-build is called by Trunk, with TRUNK_STAGING_DIR set")?;
    let worker_wasm = read(&stage.join("worker_bg.wasm"))?;
    // Trunk's word for both of its modes; only what readers get is worth the minute.
    let release = std::env::var("TRUNK_PROFILE").is_ok_and(|mode| mode == "release");
    part_page(&stage, release)?;
    let stamp = fingerprint(&worker_wasm);
    part_worker(&stage, release, &stamp)?;
    fs::write(stage.join(STARTUP), languages::startup()?).map_err(|e| format!("{STARTUP}: {e}"))?;
    if release {
        optimise_all(&stage)?;
        shorten(&stage)?;
    }
    fs::write(stage.join("worker_loader.js"), worker_loader(&stamp)).map_err(|e| format!("worker_loader.js: {e}"))?;
    let thread = include_str!("../../assets/worker_thread.js");
    fs::write(stage.join(THREAD), thread).map_err(|e| format!("{THREAD}: {e}"))?;
    let index = stage.join("index.html");
    let html = fs::read_to_string(&index).map_err(|e| format!("index.html: {e}"))?;
    let (html, scripts) = without_inline_scripts(&stamp_worker(&html, &stamp)?)?;
    for (name, body) in scripts {
        fs::write(stage.join(&name), body).map_err(|e| format!("{name}: {e}"))?;
    }
    let html = with_first_picture(&languages::told_without_script(&html)?)?;
    fs::write(&index, html).map_err(|e| format!("index.html: {e}"))?;
    languages::write(&stage)?;
    // The last: it knows the hashes of all the others.
    write_service_worker(&stage, &stamp)
}

/// Where index.html has room for the picture that is seen before any of the page's binaries is here.
const FIRST: &str = "<!-- first picture -->";

/// The page with its bars and the picture of the first sentence as markup, in both of its forms.
fn with_first_picture(html: &str) -> Outcome<String> {
    if !html.contains(FIRST) {
        return Err(format!("index.html: expected {FIRST}"));
    }
    let picture = include_str!("../../assets/first.html")
        .replace("<!-- arcs -->", include_str!("../../assets/first/arcs.svg").trim_end())
        .replace("<!-- lines -->", include_str!("../../assets/first/lines.svg").trim_end());
    Ok(html.replace(FIRST, picture.trim_end()))
}

/// The script that says why the page does not start.
const STARTUP: &str = "startup.js";
/// The script of the worker's helpers (src/worker/threads.rs).
const THREAD: &str = "worker_thread.js";

/// Trunk leaves the worker's names without a hash. The address carries it instead, so that after
/// an update no browser pairs an old worker with a new page, or old glue with a new binary.
/// The boot script goes first: it tells the page when the binary is missing or cannot be compiled.
fn worker_loader(stamp: &str) -> String {
    let (boot, parts) = (include_str!("../../assets/worker_boot.js"), worker_parts(stamp));
    format!(
        "{boot}{parts}self.attnscopeThread = \"./{THREAD}?{stamp}\";\nimportScripts(\"./worker.js?{stamp}\");\nwasm_bindgen({{ module_or_path: \"./worker_bg.wasm?{stamp}\" }});\n"
    )
}

fn stamp_worker(html: &str, stamp: &str) -> Outcome<String> {
    let plain = "content=\"worker_loader.js\"";
    if !html.contains(plain) {
        return Err("index.html: expected <meta name=\"attnscope-worker\" content=\"worker_loader.js\">".into());
    }
    Ok(html.replace(plain, &format!("content=\"worker_loader.js?{stamp}\"")))
}

/// The page's Content-Security-Policy runs no inline script: each one becomes a file beside the page.
fn without_inline_scripts(html: &str) -> Outcome<(String, Vec<(String, String)>)> {
    let mut out = String::new();
    let mut files = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        let tag_end = start + rest[start..].find('>').ok_or("index.html: a script tag does not end")?;
        let close = tag_end + rest[tag_end..].find("</script>").ok_or("index.html: a script does not end")?;
        let (attributes, body) = (&rest[start + "<script".len()..tag_end], rest[tag_end + 1..close].trim());
        out.push_str(&rest[..start]);
        if attributes.contains("src=") {
            out.push_str(&rest[start..close]);
        } else {
            let name = format!("start-{}.js", fingerprint(body.as_bytes()));
            out.push_str(&format!("<script{attributes} src=\"./{name}\">"));
            files.push((name, format!("{body}\n")));
        }
        rest = &rest[close..];
        out.push_str("</script>");
        rest = &rest["</script>".len()..];
    }
    out.push_str(rest);
    Ok((out, files))
}

const FAST: &[&str] = &["-O3"];
const SMALL: &[&str] = &["-Oz"];
/// Half a percent smaller, and half a minute longer.
const SMALLEST: &[&str] = &["--flatten", "--rereloop", "-Oz", "-Oz"];

fn optimise_all(stage: &Path) -> Outcome {
    let Some(tool) = wasm_opt() else {
        println!("No wasm-opt: the page stays as the compiler made it.");
        return Ok(());
    };
    let version = output(&mut command(&tool, &["--version"])).unwrap_or_default();
    let cache = target_dir().join("wasm-opt");
    fs::create_dir_all(&cache).map_err(|e| format!("{}: {e}", cache.display()))?;
    let entries = fs::read_dir(stage).map_err(|e| format!("{}: {e}", stage.display()))?.flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ext| ext == "wasm"));
    // Two at a time, as each run uses one core; the largest, which take longest, first.
    files.sort_by_key(|file| fs::metadata(file).map_or(0, |about| about.len()));
    let files = Mutex::new(files);
    let lane = || -> Outcome {
        loop {
            let file = files.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(file) = file else { return Ok(()) };
            optimise(&tool, &version, &cache, &file)?;
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(lane);
        lane().and(other.join().expect("no lane panics"))
    })
}

fn optimise(tool: &Path, version: &str, cache: &Path, file: &Path) -> Outcome {
    // The worker computes, so it is made fast; the page is downloaded first, so it is made small.
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (binary, level) = match name.as_str() {
        "worker_bg.wasm" => ("worker", FAST),
        name if name.starts_with(OTHERS) => ("others", FAST),
        name if name.ends_with("_bg.wasm") => ("app", SMALLEST),
        // `app-`, a hash, and the part's own name.
        name => (name.rsplit('-').next().unwrap_or(name).trim_end_matches(".wasm"), SMALL),
    };
    let before = read(file)?;
    let how = level.join(" ");
    let key = fingerprint(&[before.as_slice(), version.as_bytes(), how.as_bytes()].concat());
    let kept = cache.join(format!("{binary}-{key}.wasm"));
    if !kept.is_file() {
        println!("wasm-opt {how} on the {binary} (up to 2 minutes)");
        let began = Instant::now();
        forget(cache, binary);
        let fresh = cache.join(format!("{binary}.part"));
        // Which features the module may use stands in the module itself.
        run(command(tool, level).arg("-o").arg(&fresh).arg(file))?;
        fs::rename(&fresh, &kept).map_err(|e| format!("{}: {e}", kept.display()))?;
        let after = read(&kept)?.len();
        println!("{binary}: {} -> {after} bytes in {:.0} s", before.len(), began.elapsed().as_secs_f32());
    }
    fs::copy(&kept, file).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(())
}

/// Names and white space of the scripts that wasm-bindgen and wasm-split wrote, and white space of the style sheet.
fn shorten(stage: &Path) -> Outcome {
    let Some(tool) = esbuild() else {
        println!("No esbuild: scripts and the style sheet stay as they were made.");
        return Ok(());
    };
    for entry in fs::read_dir(stage).map_err(|e| format!("{}: {e}", stage.display()))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = match name.rsplit_once('.') {
            Some((_, "js")) if ["worker.js", STARTUP].contains(&&*name) || name.starts_with("app-") => Some("js"),
            Some((_, "css")) => Some("css"),
            _ => None,
        };
        if let Some(kind) = kind {
            // Nothing is resolved or joined: each file stays one.
            let short = entry.path().with_extension(format!("short.{kind}"));
            run(command(&tool, &["--minify", "--log-level=warning"])
                .arg(format!("--outfile={}", short.display()))
                .arg(entry.path()))?;
            fs::rename(&short, entry.path()).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    Ok(())
}

/// Only the newest result of a binary is kept.
fn forget(cache: &Path, binary: &str) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&format!("{binary}-")) {
            // A leftover costs room, nothing else.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn fingerprint(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_become_files_and_others_stay() {
        let html = "<head><script src=\"a.js\"></script></head><script type=\"module\">\nlet a = 1 < 2;\n</script><p>";
        let (out, files) = without_inline_scripts(html).unwrap();
        let name = &files[0].0;
        assert_eq!(
            out,
            format!("<head><script src=\"a.js\"></script></head><script type=\"module\" src=\"./{name}\"></script><p>")
        );
        assert_eq!(files, [(name.clone(), "let a = 1 < 2;\n".to_owned())]);
    }

    #[test]
    fn a_page_that_lost_its_worker_address_is_an_error() {
        assert!(stamp_worker("<head></head>", "1").is_err());
        assert_eq!(stamp_worker("content=\"worker_loader.js\"", "1").unwrap(), "content=\"worker_loader.js?1\"");
    }
}
