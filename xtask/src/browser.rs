//! The browsers that tests run in.

use std::path::PathBuf;

use crate::run::{Outcome, command, on_path, output, run, say};

/// The fonts are for texts of the tests: without them Chinese and emoji are drawn as boxes.
const PACKAGES: [&str; 5] =
    ["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"];

/// What tests run in where it is there.
struct Other {
    name: &'static str,
    programs: &'static [&'static str],
    packages: &'static [&'static str],
}

const OTHERS: [Other; 2] = [
    Other { name: "Firefox", programs: &["firefox-esr"], packages: &["firefox-esr"] },
    Other {
        name: "WebKit",
        programs: &["WebKitWebDriver", "xvfb-run", "xauth"],
        packages: &["webkit2gtk-driver", "xvfb", "xauth"],
    },
];

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

/// Installs the other browsers likewise; tests in one that is not there are skipped.
pub fn install_others() {
    for Other { name, programs, packages } in OTHERS {
        let is_given = name == "Firefox" && std::env::var_os("FIREFOX").is_some();
        if is_given || programs.iter().all(|p| on_path(p).is_some()) {
            continue;
        }
        if may_install() {
            say(&format!("Installing {name} with apt (about a minute)"));
            match apt_install(packages) {
                Ok(()) => continue,
                Err(message) => println!("{message}"),
            }
        }
        println!("No {name}: the tests in it are SKIPPED. On Debian: sudo apt-get install {}", packages.join(" "));
    }
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
