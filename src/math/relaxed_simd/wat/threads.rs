//! The micro-kernel for several threads, as WebAssembly text for build.rs (`math::gemm::threads` is its user).
//!
//! All threads work in one memory. The leader writes a job and calls `lead`; each helper stays in `serve`. A job
//! consists of panels, and every thread takes panels until none is left. Three words are shared by atomic operations:
//!
//! - `next`: how many panels of the job nobody has taken. A thread takes one by subtracting 1; the value before the
//!   subtraction says which panel it has, and 0 or less means that there was none.
//! - `unfinished`: how many panels of the job have not been computed. The thread that computed a panel subtracts 1.
//! - `generation`: how many jobs there have been; helpers sleep on it.
//!
//! The other words of a job (`JOB`) and the numbers it reads and writes are plain memory. They are safe for these
//! reasons:
//!
//! - A thread reads them only while it holds a panel: after it took a number above 0 from `next`, and before it
//!   subtracts from `unfinished`. A thread that took 0 or less reads nothing of the job, however late it goes on.
//! - The leader writes a job only where no thread holds a panel: before the first job, and after `lead` has returned 1,
//!   which it does only when `unfinished` is 0. `next` is 0 or less then, so that nobody can take a panel until the
//!   leader sets `next` again, after the whole job is written.
//! - `next` cannot wrap around: each job sets it anew, and until the next job does a helper subtracts at most three
//!   times without getting a panel: at the end of the call of `$work` that it is in, and once for each generation that
//!   it can notice in that time, the one before the job's and the job's own.
//! - `generation` may wrap around: a helper that does not notice a job only leaves its panels to the others.
//!
//! A helper may stop for good while it holds a panel. `lead` therefore returns 0 after [`Patience`] has run out. That
//! helper can still go on later: it reads the job and writes the sums of its panel. So after a 0 nothing of the memory
//! may be written again, and the sums in it mean nothing; what no job writes, such as the weights, can still be read.
//!
//! tests/native/thread_pool.rs runs this text in every order in which its threads can take turns.

use super::layout::{
    ARGS_AT, ARGS_BYTES, GENERATION_AT as GENERATION, JOB, JOB_AT, NEXT_AT as NEXT, UNFINISHED_AT as UNFINISHED,
};
use super::micro_kernel;

/// How long threads wait for each other.
pub struct Patience {
    /// How often a thread looks at a word before it sleeps.
    pub spins: usize,
    /// Nanoseconds after which a leader that nobody has woken looks again.
    pub sleep: usize,
    /// How many of these sleeps may run out in one job before the leader stops waiting.
    pub sleeps: usize,
}

/// It spins for tens of microseconds, the time between two products of a short text. The leader sleeps for two seconds
/// in all; a panel takes less than a millisecond. Sleeps are counted instead of reading a clock, so that a computer
/// that was suspended uses up one of them at most.
pub const USUAL: Patience = Patience { spins: 20_000, sleep: 10_000_000, sleeps: 200 };

/// A module that imports the shared memory `env.memory` and exports `grow(pages) -> pages before, or -1`; `lead() -> 1`
/// when the job is done, or 0 when a helper has not come back; and `serve(helper)`, which does not return. Helpers
/// count from 1.
pub fn module(Patience { spins, sleep, sleeps }: &Patience) -> String {
    let compute = micro_kernel::function("$compute");
    let job = |name: &str| {
        let word = JOB.iter().position(|&word| word == name).expect("a word of the job");
        format!("(i32.load (i32.const {}))", JOB_AT + 4 * word)
    };
    let panel = |p: &str| format!("(i32.add {} (i32.mul (local.get {p}) {}))", job("panel"), job("panel_bytes"));
    let eight = |name: &str| format!("(i32.add {} (i32.shl (local.get $p) (i32.const 5)))", job(name));
    // The fields of `KernelArgs`, in the order in which micro_kernel.rs reads them.
    let strip: String = [
        job("tiles"),
        job("rows"),
        panel("$p"),
        job("depth"),
        eight("out"),
        job("out_stride"),
        eight("start"),
        job("adds"),
        panel("$ahead"),
        // The bytes of a panel's part.
        format!("(i32.shl {} (i32.const 5))", job("depth")),
    ]
    .iter()
    .enumerate()
    .map(|(i, value)| format!("(i32.store offset={} (local.get $strip) {value})\n", 4 * i))
    .collect();
    let panels = job("panels");
    let threads = job("threads");
    format!(
        "(module
(import \"env\" \"memory\" (memory 1 65536 shared))
{compute}
(func (export \"grow\") (param $pages i32) (result i32) (memory.grow (local.get $pages)))
(func $work (param $strip i32) (local $p i32) (local $ahead i32)
(block $none (loop $again
(local.set $p (i32.atomic.rmw.sub (i32.const {NEXT}) (i32.const 1)))
(br_if $none (i32.le_s (local.get $p) (i32.const 0)))
(local.set $p (i32.sub {panels} (local.get $p)))
(local.set $ahead (i32.add (local.get $p) {threads}))
(if (i32.ge_u (local.get $ahead) {panels}) (then (local.set $ahead (local.get $p))))
{strip}(call $compute (local.get $strip))
(if (i32.eq (i32.atomic.rmw.sub (i32.const {UNFINISHED}) (i32.const 1)) (i32.const 1)) (then
(drop (memory.atomic.notify (i32.const {UNFINISHED}) (i32.const 1)))))
(br $again))))
(func (export \"lead\") (result i32) (local $spins i32) (local $sleeps i32) (local $left i32)
(i32.atomic.store (i32.const {UNFINISHED}) {panels})
(i32.atomic.store (i32.const {NEXT}) {panels})
(drop (i32.atomic.rmw.add (i32.const {GENERATION}) (i32.const 1)))
(drop (memory.atomic.notify (i32.const {GENERATION}) (i32.const -1)))
(call $work (i32.const {ARGS_AT}))
(local.set $spins (i32.const {spins}))
(local.set $sleeps (i32.const {sleeps}))
(block $done (loop $wait
(local.set $left (i32.atomic.load (i32.const {UNFINISHED})))
(br_if $done (i32.eqz (local.get $left)))
(if (local.get $spins)
(then (local.set $spins (i32.sub (local.get $spins) (i32.const 1))))
(else
(br_if $done (i32.eqz (local.get $sleeps)))
(if (i32.eq (memory.atomic.wait32 (i32.const {UNFINISHED}) (local.get $left) (i64.const {sleep})) (i32.const 2))
(then (local.set $sleeps (i32.sub (local.get $sleeps) (i32.const 1)))))))
(br $wait)))
(i32.eqz (local.get $left)))
(func (export \"serve\") (param $helper i32) (local $seen i32) (local $spins i32)
(local.set $seen (i32.atomic.load (i32.const {GENERATION})))
(loop $ever
(local.set $spins (i32.const {spins}))
(block $woken (loop $spin
(br_if $woken (i32.ne (local.get $seen) (i32.atomic.load (i32.const {GENERATION}))))
(br_if $spin (local.tee $spins (i32.sub (local.get $spins) (i32.const 1)))))
(drop (memory.atomic.wait32 (i32.const {GENERATION}) (local.get $seen) (i64.const -1)))
(br $ever))
(local.set $seen (i32.atomic.load (i32.const {GENERATION})))
(call $work (i32.add (i32.const {ARGS_AT}) (i32.mul (local.get $helper) (i32.const {ARGS_BYTES}))))
(br $ever))))"
    )
}
