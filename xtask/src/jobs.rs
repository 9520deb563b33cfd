//! Jobs that run beside each other: while one waits for a browser, or for the linker, another compiles.
//!
//! Each job is this program again, in a process of its own, so that its output can be kept together: it is printed when
//! the job has ended.

use std::fs::{self, File};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::run::{Outcome, command, target_dir};

pub struct Job {
    pub name: String,
    /// How long it is likely to take.
    pub time: &'static str,
    /// Jobs that have ended before this one begins, whether they passed or not.
    pub after: Vec<&'static str>,
    /// Jobs without which it cannot run: they have passed.
    pub needs: Vec<&'static str>,
    /// The arguments of this program that do it.
    pub arguments: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Waiting,
    Running,
    Passed,
    Failed,
    /// A job that it needs has failed.
    Skipped,
}

/// Runs all of them, `lanes` at a time, in their order as far as each may begin; a failure does not keep the others from
/// running. Tells the time of each at the end.
pub fn run(jobs: &[Job], lanes: usize) -> Outcome {
    let began = Instant::now();
    let board = Mutex::new(vec![(State::Waiting, Duration::ZERO); jobs.len()]);
    let changed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| lane(jobs, lanes == 1, &board, &changed));
        }
    });
    let board = board.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("\n==> Summary");
    for (job, (state, time)) in jobs.iter().zip(&board) {
        let told = match state {
            State::Passed => "ok",
            State::Skipped => "SKIPPED: what it needs failed",
            _ => "FAILED",
        };
        println!("{:<24} {:>7.1} s  {told}", job.name, time.as_secs_f32());
    }
    println!("{:<24} {:>7.1} s", "all, by the clock", began.elapsed().as_secs_f32());
    let passed = |state: &State| *state == State::Passed;
    let failed = jobs.iter().zip(&board).filter(|(_, (state, _))| !passed(state)).map(|(job, _)| job.name.as_str());
    let failed: Vec<&str> = failed.collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("Failed: {}", failed.join(", "))) }
}

type Board = Mutex<Vec<(State, Duration)>>;

/// Takes one job after the other until none is left.
fn lane(jobs: &[Job], alone: bool, board: &Board, changed: &Condvar) {
    let mut states = board.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let now: Vec<State> = states.iter().map(|(state, _)| *state).collect();
        match next(jobs, &now) {
            Next::Begin(at) => {
                states[at].0 = State::Running;
                drop(states);
                let began = Instant::now();
                let passed = perform(&jobs[at], alone);
                states = board.lock().unwrap_or_else(PoisonError::into_inner);
                states[at] = (if passed { State::Passed } else { State::Failed }, began.elapsed());
            }
            Next::Skip(at) => states[at].0 = State::Skipped,
            Next::Wait => {
                states = changed.wait(states).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            Next::End => return,
        }
        changed.notify_all();
    }
}

#[derive(PartialEq, Eq, Debug)]
enum Next {
    Begin(usize),
    Skip(usize),
    /// Until a job that runs has ended.
    Wait,
    End,
}

/// What a lane does next. A name that is not among the jobs holds nothing up: that part was not asked for.
fn next(jobs: &[Job], states: &[State]) -> Next {
    let state = |name: &str| jobs.iter().position(|job| job.name == name).map(|at| states[at]);
    let ended = |state| matches!(state, State::Passed | State::Failed | State::Skipped);
    for (at, job) in jobs.iter().enumerate().filter(|&(at, _)| states[at] == State::Waiting) {
        let mut needed = job.needs.iter().filter_map(|name| state(name));
        if needed.clone().any(|state| matches!(state, State::Failed | State::Skipped)) {
            return Next::Skip(at);
        }
        if needed.all(|state| state == State::Passed) && job.after.iter().filter_map(|name| state(name)).all(ended) {
            return Next::Begin(at);
        }
    }
    if states.contains(&State::Waiting) && states.contains(&State::Running) { Next::Wait } else { Next::End }
}

/// Whether the job passed.
fn perform(job: &Job, alone: bool) -> bool {
    let outcome = if alone {
        println!("\n==> {} ({})", job.name, job.time);
        start(job, None).map(|passed| (passed, String::new()))
    } else {
        println!("begun: {} ({})", job.name, job.time);
        kept(job)
    };
    let (passed, output) = outcome.unwrap_or_else(|message| (false, message));
    if !alone {
        // One call, so that no other lane's output comes in between.
        println!("\n==> {}: {}\n{output}", job.name, if passed { "ok" } else { "FAILED" });
    }
    passed
}

/// Runs a job with its output in a file.
fn kept(job: &Job) -> Outcome<(bool, String)> {
    let folder = target_dir().join("test-output");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let path = folder.join(format!("{}.log", job.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
    let file = File::create(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let passed = start(job, Some(file))?;
    let output = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok((passed, String::from_utf8_lossy(&output).into_owned()))
}

fn start(job: &Job, output: Option<File>) -> Outcome<bool> {
    let this = std::env::current_exe().map_err(|e| format!("this program has no path: {e}"))?;
    let mut command = command(this, &[]);
    command.args(&job.arguments);
    if let Some(file) = output {
        let other = file.try_clone().map_err(|e| e.to_string())?;
        command.stdout(file).stderr(other);
    }
    let status = command.status().map_err(|e| format!("could not start {}: {e}", job.name))?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::State::{Failed, Passed, Running, Skipped, Waiting};
    use super::*;

    fn job(name: &str, after: &[&'static str], needs: &[&'static str]) -> Job {
        Job { name: name.to_owned(), time: "", after: after.to_vec(), needs: needs.to_vec(), arguments: Vec::new() }
    }

    #[test]
    fn a_job_begins_when_those_before_it_have_ended_and_those_it_needs_have_passed() {
        let jobs = [
            job("lints", &[], &[]),
            job("tests", &["lints"], &[]),
            job("build", &[], &[]),
            job("page", &[], &["build"]),
        ];
        assert_eq!(next(&jobs, &[Waiting, Waiting, Waiting, Waiting]), Next::Begin(0));
        assert_eq!(next(&jobs, &[Running, Waiting, Waiting, Waiting]), Next::Begin(2));
        assert_eq!(next(&jobs, &[Running, Waiting, Running, Waiting]), Next::Wait);
        assert_eq!(next(&jobs, &[Failed, Waiting, Running, Waiting]), Next::Begin(1));
        assert_eq!(next(&jobs, &[Passed, Passed, Passed, Waiting]), Next::Begin(3));
        assert_eq!(next(&jobs, &[Passed, Passed, Failed, Waiting]), Next::Skip(3));
        assert_eq!(next(&jobs, &[Passed, Passed, Failed, Skipped]), Next::End);
        assert_eq!(next(&jobs, &[Passed, Running, Passed, Passed]), Next::End);
    }

    #[test]
    fn a_part_that_was_not_asked_for_holds_nothing_up() {
        assert_eq!(next(&[job("page", &["lints"], &["build"])], &[Waiting]), Next::Begin(0));
    }

    /// The program that does these jobs is the one that runs this test: it lists its tests, or does not know the argument.
    #[test]
    fn a_failure_is_told_by_its_name_and_only_what_needs_it_is_left_out() {
        let does = |argument: &str, job| Job { arguments: vec![argument.to_owned()], ..job };
        let jobs = [
            does("--list", job("good", &[], &[])),
            does("--nonsense", job("bad", &["good"], &[])),
            does("--list", job("after it", &["bad"], &[])),
            does("--list", job("with it", &[], &["bad"])),
        ];
        assert_eq!(run(&jobs, 2), Err("Failed: bad, with it".to_owned()));
        assert_eq!(run(&jobs[..1], 2), Ok(()));
        let (passed, output) = kept(&jobs[0]).unwrap();
        assert!(passed && output.contains("a_failure_is_told_by_its_name"), "{output}");
    }
}
