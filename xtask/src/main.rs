//! The commands of the README, and the parts they are made of.

mod browser;
mod build;
mod engines;
mod hook;
mod jobs;
mod languages;
mod offline;
mod parts;
mod pool;
mod publish;
mod run;
mod serve;
mod sizes;
mod table;
mod test;
mod tools;

use build::Profile;
use run::Outcome;
use test::{InFirefox, Part};

const USAGE: &str = "\
cargo xtask serve [--port 8080] [--profile release|quick]
    set up what is missing, build, and serve the page on this machine
cargo xtask test  [--only native|web|e2e] [--firefox some|all] [--profile release|quick]
    every check: format, lints, native tests, browser tests, sizes, end-to-end tests in Chromium, WebKit and Firefox
cargo xtask build [--profile release|quick]
    set up what is missing and build the page into dist/
cargo xtask dist  [--base /x/] [--profile release|quick]
    build the page and make dist/ the folder for a static host, which shows it as https://your-host/x/
cargo xtask bench [--only page|engine]
    build the page and measure in a browser how long its reader waits; measure the engine against another

`quick` leaves out link-time optimisation and wasm-opt: the same page, larger and slower, built sooner.";

fn main() {
    if let Err(message) = command(std::env::args().skip(1).collect()) {
        eprintln!("\n{message}");
        std::process::exit(1);
    }
}

fn command(mut args: Vec<String>) -> Outcome {
    let name = if args.is_empty() { String::new() } else { args.remove(0) };
    let profile = match take(&mut args, "--profile")?.as_deref() {
        None | Some("release") => Profile::Release,
        Some("quick") => Profile::Quick,
        Some(other) => return Err(format!("--profile {other}: expected release or quick")),
    };
    match name.as_str() {
        "serve" => {
            let port = match take(&mut args, "--port")? {
                None => 8080,
                Some(text) => text.parse().map_err(|_| format!("--port {text}: expected a number up to 65535"))?,
            };
            nothing_left(&args)?;
            serve::serve(profile, port)
        }
        "build" => {
            nothing_left(&args)?;
            build::build(profile)
        }
        "dist" => {
            let base = take(&mut args, "--base")?.unwrap_or_else(|| "/".into());
            nothing_left(&args)?;
            publish::publish(profile, &base)
        }
        "test" => {
            let only = match take(&mut args, "--only")?.as_deref() {
                None => None,
                Some("native") => Some(Part::Native),
                Some("web") => Some(Part::Web),
                Some("e2e") => Some(Part::EndToEnd),
                Some(other) => return Err(format!("--only {other}: expected native, web or e2e")),
            };
            let in_firefox = match take(&mut args, "--firefox")?.as_deref() {
                None | Some("some") => InFirefox::Some,
                Some("all") => InFirefox::All,
                Some(other) => return Err(format!("--firefox {other}: expected some or all")),
            };
            nothing_left(&args)?;
            test::test(profile, only, in_firefox)
        }
        "bench" => {
            let only = take(&mut args, "--only")?;
            nothing_left(&args)?;
            match only.as_deref() {
                None => test::bench_page(profile).and_then(|()| test::bench_engine()),
                Some("page") => test::bench_page(profile),
                Some("engine") => test::bench_engine(),
                Some(other) => Err(format!("--only {other}: expected page or engine")),
            }
        }
        // tests/e2e/pool.test.mjs calls this one.
        "pool-module" => pool::write(args == ["--pauses"]),
        // `test` calls this one for each of its jobs.
        "test-job" => {
            let job = if args.is_empty() { String::new() } else { args.remove(0) };
            nothing_left(&args)?;
            test::perform(&job, profile)
        }
        // Trunk calls this one: see Trunk.toml.
        "hook-post-build" => hook::post_build(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    }
}

/// Takes `flag VALUE` out of the arguments.
fn take(args: &mut Vec<String>, flag: &str) -> Outcome<Option<String>> {
    let Some(at) = args.iter().position(|a| a == flag) else { return Ok(None) };
    if at + 1 >= args.len() {
        return Err(format!("{flag}: a value is missing\n\n{USAGE}"));
    }
    args.remove(at);
    Ok(Some(args.remove(at)))
}

fn nothing_left(args: &[String]) -> Outcome {
    if args.is_empty() { Ok(()) } else { Err(format!("not understood: {}\n\n{USAGE}", args.join(" "))) }
}
