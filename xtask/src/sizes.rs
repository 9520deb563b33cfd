//! What a reader downloads before the model, against the limits the project has set itself.

use std::fs;
use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::parts::OTHERS;
use crate::run::{Outcome, dist};

/// Gzipped bytes of everything the page's own thread loads for the first picture.
const APP_LIMIT: usize = 250_000;
/// Gzipped bytes of what it loads then.
const LATER_LIMIT: usize = 190_000;
/// Gzipped bytes of what the lesson adds once it is opened: its binary, its style and its texts in the longest language.
const LESSON_LIMIT: usize = 108_000;
/// Gzipped bytes of the worker's first binary, which the built-in model needs.
const WORKER_WASM_LIMIT: usize = 600_000;
/// Gzipped bytes of what the worker loads for other models.
const OTHERS_LIMIT: usize = 750_000;

/// What a browser fetches once the page stands, or not at all: to keep it, to install it, to embed it in another page.
const KEEPING: [&str; 5] = ["service_worker.js", "manifest.webmanifest", "404.html", ".nojekyll", "embed.js"];

/// Prints every file's size; an error when a limit is passed.
pub fn check() -> Outcome {
    let mut files = Vec::new();
    for entry in fs::read_dir(dist()).map_err(|e| format!("dist: {e}"))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() {
            let bytes = fs::read(entry.path()).map_err(|e| format!("{name}: {e}"))?;
            files.push((name, bytes.len(), gzipped(&bytes)));
        }
    }
    files.sort_by(|a, b| (a.0.starts_with("worker"), &a.0).cmp(&(b.0.starts_with("worker"), &b.0)));

    println!("{:<40} {:>10} {:>10}", "file", "bytes", "gzipped");
    for (name, raw, packed) in &files {
        println!("{name:<40} {raw:>10} {packed:>10}");
    }
    let of = |is: &dyn Fn(&str) -> bool| files.iter().filter(|f| is(&f.0)).map(|f| f.2).sum::<usize>();
    let is_lesson = |name: &str| name.contains("-split_lesson") || name == "lesson.css";
    // What both parts need is a chunk, which comes with the first of them.
    let is_later = |name: &str| name.contains("-split_workbench") || name.contains("-chunk_");
    let is_first = |name: &str| !name.starts_with("worker") && !is_later(name) && !is_lesson(name);
    let app = of(&|name| is_first(name) && !KEEPING.contains(&name));
    let lesson = of(&is_lesson) + longest_text()?;
    let (later, worker, others) =
        (of(&is_later), of(&|name| name == "worker_bg.wasm"), of(&|name| name.starts_with(OTHERS)));
    println!("app without worker: {app} of {APP_LIMIT} bytes gzipped");
    println!("app's later part:   {later} of {LATER_LIMIT} bytes gzipped");
    println!("lesson:             {lesson} of {LESSON_LIMIT} bytes gzipped");
    println!("worker's wasm:      {worker} of {WORKER_WASM_LIMIT} bytes gzipped");
    println!("for other models:   {others} of {OTHERS_LIMIT} bytes gzipped");
    if worker == 0 || later == 0 || others == 0 {
        return Err("dist holds no worker_bg.wasm, or no later part".into());
    }
    let page = [(app, APP_LIMIT), (later, LATER_LIMIT), (lesson, LESSON_LIMIT)];
    if page.into_iter().chain([(worker, WORKER_WASM_LIMIT), (others, OTHERS_LIMIT)]).any(|(size, limit)| size > limit) {
        return Err("the page is over its size limit".into());
    }
    Ok(())
}

/// The lesson's largest file of texts, of which a reader fetches one.
fn longest_text() -> Outcome<usize> {
    let folder = dist().join("lang/lesson");
    let files = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?.flatten();
    let sizes = files.filter_map(|entry| Some(gzipped(&fs::read(entry.path()).ok()?)));
    sizes.max().ok_or_else(|| format!("{} is empty", folder.display()))
}

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory").len()
}
