//! The browsers that tests run in.

use std::path::PathBuf;

use crate::run::{Outcome, command, on_path, output, run, say};

/// The fonts are for texts of the tests: without them Chinese and emoji are drawn as boxes.
const PACKAGES: [&str; 5] =
    ["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"];

/// Installs Chromium and chromedriver where they are missing and it may.
pub fn install() -> Outcome {
    let missing: Vec<&str> = ["chromium", "chromedriver"].into_iter().filter(|p| on_path(p).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !may_install() {
        return Err(format!(
            "The browser tests need {}. On Debian or Ubuntu: sudo apt-get install {}",
            missing.join(" and "),
            PACKAGES.join(" ")
        ));
    }
    say("Installing Chromium and fonts with apt (1 to 2 minutes)");
    apt_install(&PACKAGES)
}

/// Installs Firefox likewise; without it the tests in it are skipped.
pub fn install_firefox() {
    if std::env::var_os("FIREFOX").is_none() {
        install_other("Firefox", &["firefox-esr"], &["firefox-esr"]);
    }
}

/// Installs WebKit likewise, with the screen that its browser cannot do without.
pub fn install_webkit() {
    let programs = ["WebKitWebDriver", "xvfb-run", "xauth"];
    install_other("WebKit", &programs, &["webkit2gtk-driver", "xvfb", "xauth"]);
}

fn install_other(name: &str, programs: &[&str], packages: &[&str]) {
    if programs.iter().all(|p| on_path(p).is_some()) {
        return;
    }
    if may_install() {
        say(&format!("Installing {name} with apt (about a minute)"));
        match apt_install(packages) {
            Ok(()) => return,
            Err(message) => println!("{message}"),
        }
    }
    println!("No {name}: the tests in it are SKIPPED. On Debian: sudo apt-get install {}", packages.join(" "));
}

fn may_install() -> bool {
    let is_root = output(&mut command("id", &["-u"])).as_deref() == Some("0");
    is_root && on_path("apt-get").is_some()
}

fn apt_install(packages: &[&str]) -> Outcome {
    let apt = |args: &[&str]| run(command("apt-get", args).args(["-y", "-q"]).env("DEBIAN_FRONTEND", "noninteractive"));
    apt(&["update"])?;
    apt(&[&["install", "--no-install-recommends"], packages].concat())
}

pub fn chromedriver() -> Outcome<PathBuf> {
    on_path("chromedriver").ok_or_else(|| "chromedriver is not on PATH".into())
}
