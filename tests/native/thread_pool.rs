//! The protocol of the thread pool (src/math/relaxed_simd/wat/threads.rs): its text is executed in every order in which a leader and two
//! helpers can take turns, over jobs of different sizes.

#[allow(dead_code, reason = "the test needs the addresses")]
#[path = "../../src/math/relaxed_simd/layout.rs"]
mod layout;
mod machine;
#[allow(dead_code, reason = "the test needs the text of one function")]
#[path = "../../src/math/relaxed_simd/wat/micro_kernel.rs"]
mod micro_kernel;
#[allow(dead_code, reason = "the test has a patience of its own")]
#[path = "../../src/math/relaxed_simd/wat/threads.rs"]
mod threads;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use layout::{ARGS_AT, ARGS_BYTES, JOB_AT, NEXT_AT};
use machine::{Effect, Program, Thread};
use threads::Patience;

const HELPERS: usize = 2;
/// Where the sums are; further on, the panels of each job. Nothing but the address counts.
const SUMS: i32 = 4096;
const PANELS: i32 = 8192;
const PANEL_BYTES: i32 = 32;

/// What may not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// The leader writes the job while another thread is about to read it.
    Race,
    /// A panel that the job does not have is computed.
    Outside,
    /// A panel is computed twice.
    Twice,
    /// `lead` returns 1, and a panel is not computed or is one of another job.
    WrongSums,
    /// The leader cannot come to an end any more.
    Hang,
}

/// What the threads may do.
#[derive(Clone, Copy)]
struct Rules {
    /// The leader's sleep may run out at any moment, also while a helper is alive: it may come back at any time, or never.
    sleeps_end: bool,
    /// The leader gives the pool its next job though a helper has not come back.
    goes_on: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    /// In words.
    memory: Vec<i32>,
    /// The panel by which each part of the sums was computed, by its address; 0: none yet.
    sums: Vec<i32>,
    /// The job that the leader has given, if it has; behind the last, it is done.
    job: Option<usize>,
    leader: Thread,
    helpers: Vec<Thread>,
}

struct Found {
    faults: BTreeSet<Fault>,
    states: usize,
    lowest_next: i32,
    /// From every state the leader comes to an end even if no helper takes another turn.
    ends_alone: bool,
    /// A job was abandoned, and a helper computed its panel after that.
    late: bool,
}

struct Explorer<'a> {
    program: Program,
    /// Panels of each.
    jobs: &'a [i32],
    rules: Rules,
    faults: BTreeSet<Fault>,
    late: bool,
}

/// What comes of a turn.
enum Turned {
    To(State),
    /// A fault, behind which nothing is looked at.
    Faulty,
    /// The thread has no turn.
    Nowhere,
}

impl Explorer<'_> {
    fn panel(&self, job: usize, panel: usize) -> i32 {
        PANELS * (job as i32 + 1) + PANEL_BYTES * panel as i32
    }

    fn is_done(&self, state: &State) -> bool {
        state.job == Some(self.jobs.len())
    }

    fn begin(&self) -> State {
        let mut memory = vec![0; (ARGS_AT + ARGS_BYTES * (HELPERS + 1)) / 4];
        let helpers = (1..=HELPERS as i32).map(|helper| self.program.call("serve", &[helper], &mut memory)).collect();
        State { memory, sums: Vec::new(), job: None, leader: Thread::default(), helpers }
    }

    /// The leader writes the first job or the next, and calls `lead`.
    fn give(&mut self, state: &mut State, job: usize) {
        if state.helpers.iter().any(|helper| helper.is_at_plain(&self.program)) {
            self.faults.insert(Fault::Race);
        }
        let panels = self.jobs[job];
        // In the order of the text: panels, tiles, rows, panel, panel_bytes, depth, out, out_stride, start, adds, threads.
        let words = [panels, 0, 1, self.panel(job, 0), PANEL_BYTES, 1, SUMS, 0, 0, 0, HELPERS as i32 + 1];
        state.memory[JOB_AT / 4..][..words.len()].copy_from_slice(&words);
        state.sums = vec![0; panels as usize];
        state.job = Some(job);
        state.leader = self.program.call("lead", &[], &mut state.memory);
    }

    /// A turn of a thread, the leader being thread 0.
    fn turn(&mut self, state: &State, thread: usize) -> Turned {
        let mut state = state.clone();
        if thread == 0 && state.job.is_none() {
            self.give(&mut state, 0);
            return Turned::To(state);
        }
        if thread == 0 && self.is_done(&state) {
            return Turned::Nowhere;
        }
        let is_done = self.is_done(&state);
        let State { memory, sums, leader, helpers, .. } = &mut state;
        let acting = if thread == 0 { &mut *leader } else { &mut helpers[thread - 1] };
        if let Some((_, forever)) = acting.asleep() {
            if forever || !self.rules.sleeps_end {
                return Turned::Nowhere;
            }
            self.program.wake(acting, memory, 2);
        } else {
            let (mut outside, mut twice, mut woken) = (false, false, None);
            self.program.turn(acting, memory, |memory, effect| match effect {
                Effect::None => (),
                Effect::Notify(address) => woken = Some(address),
                Effect::Compute(strip) => {
                    let strip = &mut memory[strip as usize / 4..][..ARGS_BYTES / 4];
                    // As fused.rs reads a Strip.
                    let (panel, out) = (strip[2], strip[4]);
                    // It is written anew for the next panel.
                    strip.fill(0);
                    match sums.get_mut(((out - SUMS) / PANEL_BYTES) as usize) {
                        None => outside = true,
                        Some(place) => twice |= std::mem::replace(place, panel) == panel,
                    }
                    self.late |= is_done;
                }
            });
            if outside {
                return self.faulty(Fault::Outside);
            }
            self.faults.extend(twice.then_some(Fault::Twice));
            for sleeper in std::iter::once(leader).chain(helpers) {
                if woken.is_some() && sleeper.asleep().map(|(address, _)| address) == woken {
                    self.program.wake(sleeper, memory, 0);
                }
            }
        }
        if thread == 0 { self.after_leader(state) } else { Turned::To(state) }
    }

    fn faulty(&mut self, fault: Fault) -> Turned {
        self.faults.insert(fault);
        Turned::Faulty
    }

    /// Goes on with the next job where `lead` has returned.
    fn after_leader(&mut self, mut state: State) -> Turned {
        let (Some(returned), Some(job)) = (state.leader.returned(), state.job) else { return Turned::To(state) };
        let is_right = state.sums.iter().enumerate().all(|(p, &sum)| sum == self.panel(job, p));
        if returned == 1 && !is_right {
            return self.faulty(Fault::WrongSums);
        }
        let next = if returned == 1 || self.rules.goes_on { job + 1 } else { self.jobs.len() };
        if next < self.jobs.len() {
            self.give(&mut state, next);
        } else {
            state.job = Some(next);
            state.leader = Thread::default();
        }
        Turned::To(state)
    }
}

/// All that can happen with this text.
fn explore(text: &str, jobs: &[i32], rules: Rules) -> Found {
    let mut explorer = Explorer { program: Program::of(text), jobs, rules, faults: BTreeSet::new(), late: false };
    let first = Rc::new(explorer.begin());
    let mut known = HashMap::from([(first.clone(), 0)]);
    let mut states = vec![first];
    // From where each state is reached, and whether by a turn of the leader.
    let mut before: Vec<Vec<(usize, bool)>> = vec![Vec::new()];
    let mut ends = Vec::new();
    let (mut lowest_next, mut at) = (0, 0);
    while at < states.len() {
        let state = states[at].clone();
        lowest_next = lowest_next.min(state.memory[NEXT_AT / 4]);
        if explorer.is_done(&state) {
            ends.push(at);
        }
        for thread in 0..=HELPERS {
            let next = match explorer.turn(&state, thread) {
                Turned::To(next) => Rc::new(next),
                Turned::Faulty => {
                    ends.push(at);
                    continue;
                }
                Turned::Nowhere => continue,
            };
            let place = *known.entry(next.clone()).or_insert_with(|| {
                states.push(next);
                before.push(Vec::new());
                states.len() - 1
            });
            before[place].push((at, thread == 0));
        }
        at += 1;
    }
    let reach_the_end = |by_leader_alone: bool| {
        let (mut reached, mut left) = (vec![false; states.len()], ends.clone());
        while let Some(at) = left.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                let earlier = before[at].iter().filter(|(_, by_leader)| *by_leader || !by_leader_alone);
                left.extend(earlier.map(|(at, _)| at));
            }
        }
        reached.into_iter().all(|reached| reached)
    };
    let mut faults = explorer.faults.clone();
    if !reach_the_end(false) {
        faults.insert(Fault::Hang);
    }
    Found { faults, states: states.len(), lowest_next, ends_alone: reach_the_end(true), late: explorer.late }
}

/// One look at a word before a sleep, and one sleep: more are the same.
fn text() -> String {
    threads::module(&Patience { spins: 1, sleep: 1, sleeps: 1 })
}

const JOBS: [i32; 3] = [1, 3, 2];

#[test]
fn every_job_is_done_right_in_every_order() {
    let found = explore(&text(), &JOBS, Rules { sleeps_end: false, goes_on: false });
    assert_eq!(found.faults, BTreeSet::new());
    assert!(found.states > 10_000, "{} states are not all", found.states);
    assert!(found.lowest_next >= -(3 * HELPERS as i32 + 1), "{} is what shared.rs excludes", found.lowest_next);
}

#[test]
fn a_helper_that_comes_back_late_or_never_does_no_harm() {
    let found = explore(&text(), &JOBS, Rules { sleeps_end: true, goes_on: false });
    assert_eq!(found.faults, BTreeSet::new());
    assert!(found.ends_alone, "the leader never depends on a helper's turn");
    assert!(found.late, "a helper that comes back after its job was abandoned is among all orders");
}

#[test]
fn a_pool_that_a_helper_has_not_come_back_to_cannot_be_used_again() {
    let found = explore(&text(), &JOBS[..2], Rules { sleeps_end: true, goes_on: true });
    assert!(found.faults.contains(&Fault::Race), "{:?}", found.faults);
    assert!(found.faults.contains(&Fault::WrongSums), "{:?}", found.faults);
}

/// The protocol before this one, in which `next` counted up and was compared with the job's panels after it was taken.
#[test]
fn counting_up_is_found_to_be_wrong() {
    let panels = "(i32.load (i32.const 192))";
    let changes = [
        (
            format!(
                "(local.set $p (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)))
(br_if $none (i32.le_s (local.get $p) (i32.const 0)))
(local.set $p (i32.sub {panels} (local.get $p)))"
            ),
            format!(
                "(local.set $p (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
(br_if $none (i32.ge_u (local.get $p) {panels}))"
            ),
        ),
        (
            "(i32.eq (i32.atomic.rmw.sub (i32.const 64) (i32.const 1)) (i32.const 1))".to_owned(),
            format!("(i32.eq {panels} (i32.add (i32.atomic.rmw.add (i32.const 64) (i32.const 1)) (i32.const 1)))"),
        ),
        (
            format!("(i32.atomic.store (i32.const 64) {panels})\n(i32.atomic.store (i32.const 0) {panels})"),
            "(i32.atomic.store (i32.const 64) (i32.const 0))\n(i32.atomic.store (i32.const 0) (i32.const 0))"
                .to_owned(),
        ),
        (
            "(i32.const 64)))\n(br_if $done (i32.eqz (local.get $left)))".to_owned(),
            format!("(i32.const 64)))\n(br_if $done (i32.eq (local.get $left) {panels}))"),
        ),
        ("(br_if $done (i32.eqz (local.get $sleeps)))".to_owned(), String::new()),
        ("(local.set $sleeps (i32.sub (local.get $sleeps) (i32.const 1)))".to_owned(), String::new()),
        (
            "(br $wait)))\n(i32.eqz (local.get $left)))".to_owned(),
            "(br $wait)))\n(i32.atomic.store (i32.const 0) (i32.const 1073741824))\n(i32.const 1))".to_owned(),
        ),
    ];
    let before = changes.iter().fold(text(), |text, (from, to)| {
        assert_eq!(text.matches(from.as_str()).count(), 1, "{from}");
        text.replace(from, to)
    });
    let found = explore(&before, &JOBS[..2], Rules { sleeps_end: true, goes_on: false });
    assert_eq!(found.faults, BTreeSet::from([Fault::Race, Fault::Twice, Fault::WrongSums, Fault::Hang]));
}
