//! The inner loop for several threads, as WebAssembly text: for build.rs, which assembles it (`math::parallel`).
//!
//! All threads have one memory. The leader writes a job and calls `lead`; helpers are in `serve` for ever. Each takes the next
//! panel until there is none. Only numbers of 32 bits are shared, and by atomic steps: `next`, the panel to take; `finished`,
//! how many are done; `generation`, on which helpers sleep. The rest of a job is written before `next` is 0, and read after a
//! panel was taken, so it is always the job of that panel. Between jobs `next` is beyond all panels: a helper that comes late
//! finds nothing to do, or takes a panel of the job after.

use super::fused;

/// Where the words are, in bytes, each in a line of the cache of its own.
const NEXT: usize = 0;
const FINISHED: usize = 64;
const GENERATION: usize = 128;
/// The job's words, as `worker::threads` writes them.
const JOB: [&str; 11] =
    ["panels", "tiles", "rows", "panel", "panel_bytes", "depth", "out", "out_stride", "start", "adds", "threads"];
const JOB_AT: usize = 192;
/// The leader's strip, and behind it the helpers'.
const STRIPS: usize = 256;
const STRIP_BYTES: usize = 64;

/// Looks at a word before a thread sleeps: tens of microseconds, the time between two products of a short text.
const SPINS: usize = 20_000;
/// Nanoseconds of the leader's sleep, if nobody wakes it.
const MOST_SLEEP: usize = 1_000_000;

/// A module that imports the shared memory `env.memory` and exports `grow(pages) -> pages before, or -1`, `lead()`, which
/// returns when the job is done, and `serve(helper)`, which does not; helpers count from 1.
pub fn module() -> String {
    let compute = fused::function("$compute");
    let job = |name: &str| {
        let word = JOB.iter().position(|&word| word == name).expect("a word of the job");
        format!("(i32.load (i32.const {}))", JOB_AT + 4 * word)
    };
    let panel = |p: &str| format!("(i32.add {} (i32.mul (local.get {p}) {}))", job("panel"), job("panel_bytes"));
    let eight = |name: &str| format!("(i32.add {} (i32.shl (local.get $p) (i32.const 5)))", job(name));
    // As fused.rs reads a Strip.
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
        // Bytes of a panel's part.
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
(local.set $p (i32.atomic.rmw.add (i32.const {NEXT}) (i32.const 1)))
(br_if $none (i32.ge_u (local.get $p) {panels}))
(local.set $ahead (i32.add (local.get $p) {threads}))
(if (i32.ge_u (local.get $ahead) {panels}) (then (local.set $ahead (local.get $p))))
{strip}(call $compute (local.get $strip))
(if (i32.eq {panels} (i32.add (i32.atomic.rmw.add (i32.const {FINISHED}) (i32.const 1)) (i32.const 1))) (then
(drop (memory.atomic.notify (i32.const {FINISHED}) (i32.const 1)))))
(br $again))))
(func (export \"lead\") (local $spins i32) (local $done i32)
(i32.atomic.store (i32.const {FINISHED}) (i32.const 0))
(i32.atomic.store (i32.const {NEXT}) (i32.const 0))
(drop (i32.atomic.rmw.add (i32.const {GENERATION}) (i32.const 1)))
(drop (memory.atomic.notify (i32.const {GENERATION}) (i32.const -1)))
(call $work (i32.const {STRIPS}))
(local.set $spins (i32.const {SPINS}))
(block $all (loop $wait
(local.set $done (i32.atomic.load (i32.const {FINISHED})))
(br_if $all (i32.eq (local.get $done) {panels}))
(if (local.get $spins)
(then (local.set $spins (i32.sub (local.get $spins) (i32.const 1))))
(else (drop (memory.atomic.wait32 (i32.const {FINISHED}) (local.get $done) (i64.const {MOST_SLEEP})))))
(br $wait)))
(i32.atomic.store (i32.const {NEXT}) (i32.const 0x40000000)))
(func (export \"serve\") (param $helper i32) (local $seen i32) (local $spins i32)
(local.set $seen (i32.atomic.load (i32.const {GENERATION})))
(loop $ever
(local.set $spins (i32.const {SPINS}))
(block $woken (loop $spin
(br_if $woken (i32.ne (local.get $seen) (i32.atomic.load (i32.const {GENERATION}))))
(br_if $spin (local.tee $spins (i32.sub (local.get $spins) (i32.const 1)))))
(drop (memory.atomic.wait32 (i32.const {GENERATION}) (local.get $seen) (i64.const -1))))
(local.set $seen (i32.atomic.load (i32.const {GENERATION})))
(call $work (i32.add (i32.const {STRIPS}) (i32.mul (local.get $helper) (i32.const {STRIP_BYTES}))))
(br $ever))))"
    )
}
