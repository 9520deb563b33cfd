//! Running other programs, and where things lie.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A failure is one message for the reader, with what to do about it.
pub type Outcome<T = ()> = Result<T, String>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    // `cargo run` sets it; a path fixed at compile time would be wrong after the folder has moved.
    let xtask = env::var_os("CARGO_MANIFEST_DIR").expect("xtask is started as `cargo xtask`");
    Path::new(&xtask).parent().expect("xtask lies inside the workspace").to_owned()
}

pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's folder for what is built.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where tools are kept for every clone of this user.
pub fn cache_dir() -> Outcome<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .ok_or("no home folder: set XDG_CACHE_HOME to a folder that may keep the build tools")?;
    Ok(base.join("attnscope").join("tools"))
}

/// The first program of this name on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&file)).find(|path| path.is_file())
}

/// PATH with these folders first.
pub fn path_with(first: &[PathBuf]) -> std::ffi::OsString {
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths(first.iter().cloned().chain(env::split_paths(&rest))).expect("no tool folder holds a colon")
}

/// A command that starts in the workspace's folder.
pub fn command(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// Runs to the end with the output on screen.
pub fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    let status = command.status().map_err(|e| format!("could not start `{shown}`: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})")) }
}

/// Runs quietly and returns what was printed; none when it could not run or failed.
pub fn output(command: &mut Command) -> Option<String> {
    let out = command.output().ok().filter(|out| out.status.success())?;
    Some(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Says what happens next and how long it is likely to take.
pub fn say(text: &str) {
    println!("\n==> {text}");
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name).chain(command.get_args()).map(|a| a.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
