//! The build tools: which versions, where they are looked for, how they are installed.
//!
//! A tool of the right version on PATH is used as it is. Otherwise it lives in a per-user cache,
//! so that a user's own version is never overwritten and the next clone finds it again.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Outcome, cache_dir, command, on_path, output, path_with, root, run, say};

/// The newest Trunk that builds on this project's Rust version.
const TRUNK: &str = "0.21.14";
/// npm's package of wasm-opt.
const BINARYEN: &str = "binaryen@132.0.0";
/// npm's package of esbuild.
const ESBUILD: &str = "esbuild@0.28.2";
/// Older ones leave a page that dies at start, in the table of references it shares with JavaScript.
const OLDEST_WASM_OPT: u32 = 116;

/// The folders to put first on PATH so that Trunk and cargo find the right tools.
pub struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Everything that a build of the page needs.
    pub fn for_build() -> Outcome<Self> {
        add_target()?;
        let folders = [trunk()?, wasm_bindgen()?].into_iter().flatten().collect();
        install_wasm_opt();
        install_esbuild();
        Ok(Self { folders })
    }

    /// Everything that wasm tests need.
    pub fn for_tests() -> Outcome<Self> {
        add_target()?;
        Ok(Self { folders: wasm_bindgen()?.into_iter().collect() })
    }

    pub fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = command(program, args);
        command.env("PATH", path_with(&self.folders));
        command
    }
}

/// Adds rustup's components that checks use, where an installation left them out.
pub fn add_components() -> Outcome {
    for (probe, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output(&mut command("cargo", &[probe, "--version"])).is_none() {
            say(&format!("Adding {component} (a few seconds)"));
            run(&mut command("rustup", &["component", "add", component]))?;
        }
    }
    Ok(())
}

pub fn add_target() -> Outcome {
    let target = "wasm32-unknown-unknown";
    let sysroot = output(&mut command("rustc", &["--print", "sysroot"])).ok_or("rustc does not run")?;
    if Path::new(&sysroot).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    say(&format!("Adding the target {target} (about 10 seconds)"));
    run(&mut command("rustup", &["target", "add", target])).map_err(|e| {
        format!("{e}\nThis Rust needs its {target} target: https://rustup.rs installs a Rust that can add it.")
    })
}

/// Trunk as its build from source is quickest. It fetches nothing here, so it does without TLS and without looking for
/// newer versions of itself; and what it does takes seconds however it is compiled.
const QUICK_TRUNK: Source = Source {
    arguments: &["--no-default-features"],
    profile: &[("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "0")],
};
/// wasm-bindgen as it is published: it works on binaries of many megabytes.
const WHOLE: Source = Source { arguments: &[], profile: &[] };

/// How cargo builds a tool: arguments of `cargo install`, and settings of its release profile.
struct Source {
    arguments: &'static [&'static str],
    profile: &'static [(&'static str, &'static str)],
}

fn trunk() -> Outcome<Option<PathBuf>> {
    cargo_tool("trunk", "trunk", TRUNK, &QUICK_TRUNK, "3 to 5 minutes on 2 cores, once")
}

fn wasm_bindgen() -> Outcome<Option<PathBuf>> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).map_err(|e| format!("Cargo.lock: {e}"))?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock names no wasm-bindgen")?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", version, &WHOLE, "1 to 3 minutes on 2 cores, once")
}

/// The version of a package in a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?.1;
    Some(after.split_once('"')?.0)
}

/// Finds or installs a tool that cargo builds; returns its folder unless PATH has the right one already.
fn cargo_tool(package: &str, program: &str, version: &str, source: &Source, time: &str) -> Outcome<Option<PathBuf>> {
    let is_right = |path: &Path| {
        let printed = output(&mut command(path, &["--version"])).unwrap_or_default();
        printed.split_whitespace().nth(1) == Some(version)
    };
    if on_path(program).is_some_and(|path| is_right(&path)) {
        return Ok(None);
    }
    let home = cache_dir()?.join(format!("{package}-{version}"));
    let folder = home.join("bin");
    if is_right(&folder.join(program)) {
        return Ok(Some(folder));
    }
    if on_path("cargo-binstall").is_some() {
        say(&format!("Fetching {package} {version} with cargo-binstall into {} (seconds)", home.display()));
        let named = format!("{package}@{version}");
        let fetch = ["binstall", "--no-confirm", "--disable-strategies", "compile", &named, "--root"];
        match run(command("cargo", &fetch).arg(&home)) {
            Ok(()) if is_right(&folder.join(program)) => return Ok(Some(folder)),
            Ok(()) => println!("cargo-binstall fetched no {package} {version} that runs here."),
            Err(message) => println!("{message}"),
        }
    }
    say(&format!("Installing {package} {version} into {} ({time})", home.display()));
    let install = || {
        let mut install = command("cargo", &["install", package, "--version", version, "--root"]);
        install.arg(&home).args(source.arguments);
        install.envs(source.profile.iter().map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value)));
        install
    };
    if let Err(message) = run(install().arg("--locked")) {
        // A registry mirror may lack one of the versions the tool's own lock file names.
        say(&format!("{message}; trying again with the newest dependencies that fit"));
        run(&mut install())?;
    }
    Ok(Some(folder))
}

/// wasm-opt from npm, pinned, where npm is there; the page also builds without it.
fn install_wasm_opt() {
    if npm_wasm_opt().is_some() {
        return;
    }
    if on_path("npm").is_some() {
        match npm_install(BINARYEN) {
            Ok(()) => return,
            Err(message) => println!("{message}"),
        }
    }
    match (wasm_opt(), on_path("wasm-opt")) {
        (Some(path), _) => println!("Using {}", path.display()),
        (None, Some(old)) => println!(
            "{} is older than version {OLDEST_WASM_OPT} and would make a page that dies at start: building without it. \
             Install Node.js with npm for a page about 13 % smaller.",
            old.display()
        ),
        (None, None) => {
            println!("No wasm-opt: building without it. Install Node.js with npm for a page about 13 % smaller.")
        }
    }
}

/// esbuild from npm, pinned, where npm is there; without it scripts stay as they were made.
fn install_esbuild() {
    if esbuild().is_some() {
        return;
    }
    let installed = if on_path("npm").is_some() { npm_install(ESBUILD) } else { Err("No npm".to_owned()) };
    if let Err(message) = installed {
        println!("{message}: building without esbuild, for a page some kilobytes larger.");
    }
}

/// The wasm-opt to use, if there is one that can be trusted.
pub fn wasm_opt() -> Option<PathBuf> {
    npm_wasm_opt().or_else(|| {
        on_path("wasm-opt").filter(|path| {
            let printed = output(&mut command(path, &["--version"])).unwrap_or_default();
            wasm_opt_version(&printed).is_some_and(|version| version >= OLDEST_WASM_OPT)
        })
    })
}

fn npm_wasm_opt() -> Option<PathBuf> {
    npm_tool(BINARYEN, "wasm-opt")
}

/// esbuild, which makes scripts smaller; the page also builds without it.
pub fn esbuild() -> Option<PathBuf> {
    npm_tool(ESBUILD, "esbuild")
}

/// A program of an npm package, `name@version`, where it is installed.
fn npm_tool(package: &str, program: &str) -> Option<PathBuf> {
    let path = npm_home(package).ok()?.join("node_modules/.bin").join(program);
    output(&mut command(&path, &["--version"])).map(|_| path)
}

fn npm_home(package: &str) -> Outcome<PathBuf> {
    Ok(cache_dir()?.join(package.replace('@', "-")))
}

fn npm_install(package: &str) -> Outcome {
    say(&format!("Installing the npm package {package} (about 20 seconds, once)"));
    let home = npm_home(package)?;
    std::fs::create_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))?;
    run(command("npm", &["install", "--no-save", "--no-audit", "--no-fund", package]).current_dir(&home))
}

/// What the lock file of a folder of the project names; no script of a package is run.
pub fn npm_install_locked(folder: &Path) -> Outcome {
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    run(command("npm", &install).current_dir(folder))
}

/// `wasm-opt version 116 (version_116)` -> 116
fn wasm_opt_version(printed: &str) -> Option<u32> {
    printed.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version_of_exactly_this_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn wasm_opt_says_its_version_in_two_ways() {
        assert_eq!(wasm_opt_version("wasm-opt version 108"), Some(108));
        assert_eq!(wasm_opt_version("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(wasm_opt_version("command not found"), None);
    }
}
