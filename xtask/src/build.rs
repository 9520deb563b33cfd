//! The page, built into `dist/`.

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

    /// Trunk's own two modes; index.html names the Cargo profiles that each stands for.
    fn trunk_flag(self) -> Option<&'static str> {
        (self == Profile::Release).then_some("--release")
    }

    fn time(self) -> &'static str {
        match self {
            Profile::Release => "4 to 8 minutes on 2 cores the first time, 1 to 2 after a change",
            Profile::Quick => "about 3 minutes on 2 cores the first time, half a minute after a change",
        }
    }
}

pub fn build(profile: Profile) -> Outcome {
    let tools = Tools::for_build()?;
    // Trunk runs cargo offline, which needs every dependency here already.
    say("Fetching the dependencies (seconds)");
    run(&mut command("cargo", &["fetch", "--locked"]))?;
    say(&format!("Building the page, profile {} ({})", profile.name(), profile.time()));
    let mut trunk = tools.command("trunk", &["build", "--skip-version-check"]);
    trunk.args(profile.trunk_flag());
    // Some environments set NO_COLOR=1, which Trunk reads as a value it does not know.
    trunk.env_remove("NO_COLOR");
    run(&mut trunk)?;
    println!("Built {}", dist().display());
    Ok(())
}
