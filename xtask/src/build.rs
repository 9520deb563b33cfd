//! The page, built into `dist/`.

use std::env;

use crate::run::{Outcome, command, dist, run, say};
use crate::tools::Tools;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What readers get.
    Release,
    /// The same page without link-time optimisation and wasm-opt.
    Quick,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Profile::Release => "release",
            Profile::Quick => "quick",
        }
    }

    /// The profile of the Trunk build that called us: it hands down our own environment.
    pub fn of_hook() -> Self {
        if env::var(PROFILE_VARIABLE).is_ok_and(|name| name == Profile::Quick.name()) {
            Profile::Quick
        } else {
            Profile::Release
        }
    }

    fn time(self) -> &'static str {
        match self {
            Profile::Release => "5 to 8 minutes on 2 cores the first time, about 1 minute after a change",
            Profile::Quick => "about 3 minutes on 2 cores the first time, half a minute after a change",
        }
    }
}

/// Trunk's own variable for `--cargo-profile`; the flag would not reach the hook.
const PROFILE_VARIABLE: &str = "TRUNK_BUILD_CARGO_PROFILE";

pub fn build(profile: Profile) -> Outcome {
    let tools = Tools::for_build()?;
    // Trunk runs cargo offline, which needs every dependency here already.
    say("Fetching the dependencies (seconds)");
    run(&mut command("cargo", &["fetch", "--locked"]))?;
    say(&format!("Building the page, profile {} ({})", profile.name(), profile.time()));
    let mut trunk = tools.command("trunk", &["build", "--release", "--skip-version-check"]);
    trunk.env(PROFILE_VARIABLE, profile.name());
    // Some environments set NO_COLOR=1, which Trunk reads as a value it does not know.
    trunk.env_remove("NO_COLOR");
    run(&mut trunk)?;
    println!("Built {}", dist().display());
    Ok(())
}
