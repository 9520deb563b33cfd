//! The micro-kernel with fused multiply-add, and the whole module of `relaxed_simd`, as WebAssembly text for build.rs.
//! The functions on rows are in rows.rs, the decoders of stored weights in dequantize.rs.
//!
//! It computes what `gemm/micro_kernel.rs` does, in tiles of six rows. It is written by hand because of the order of
//! its instructions: each number of A is used for both halves of a row of B before the next one is loaded, so that
//! twelve sums, two vectors of B and one number of A have a register each. The compiler orders all first halves before
//! all second halves, which keeps six numbers of A, and V8 then moves sums to memory: a third slower than four rows,
//! while this order is up to a sixth faster.
//!
//! Each round of a few steps also reads a little of the weights that are needed next, so that all of them have been
//! read when a call ends. Without this, a pass over few rows waits for its weights. In V8 16 rows of 384 numbers by 42
//! MB of panels went from 32 to 38 GFLOP/s, 60 rows from 43 to 46 (AMD EPYC, 48 in the cache).

#[path = "dequantize.rs"]
mod dequantize;
#[path = "rows.rs"]
mod rows;

use super::layout::{MR_4, MR_6};

/// Steps of the depth in one round of the loop, over which the other costs of a round are spread.
const STEPS: usize = 4;

/// The module: it imports `env.memory` and exports `compute`, which takes the address of a `KernelArgs`, the functions
/// on rows, and the decoders of weights.
pub fn module() -> String {
    let compute = function("(export \"compute\")");
    let (rows, blocks) = (rows::functions(), dequantize::functions());
    format!("(module\n(import \"env\" \"memory\" (memory 1))\n{compute}{FUSES}{rows}{blocks})")
}

/// `fuses(x)`: whether x squared, minus its rounded value, is not 0. It is not 0 only where the processor multiplies
/// and adds without rounding in between.
const FUSES: &str = "(func (export \"fuses\") (param $x f32) (result i32)
(f32.ne (f32.const 0) (f32x4.extract_lane 0 (f32x4.relaxed_madd (f32x4.splat (local.get $x)) (f32x4.splat (local.get $x))
(f32x4.splat (f32.neg (f32.mul (local.get $x) (local.get $x))))))))
";

/// The micro-kernel alone, under the given name.
pub fn function(name: &str) -> String {
    let sums: String = (0..MR_6).map(|r| format!("(local $s{r} v128) (local $t{r} v128)\n")).collect();
    // The fields of `KernelArgs` in their order; each takes four bytes.
    let fields = ["tiles", "left", "panel", "depth", "out", "stride", "start", "adds", "ahead", "last"]
        .iter()
        .enumerate()
        .map(|(i, field)| {
            let load = if *field == "adds" { "i32.load8_u" } else { "i32.load" };
            format!("(local.set ${field} ({load} offset={} (local.get $strip)))\n", 4 * i)
        });
    let fields: String = fields.collect();
    format!(
        "(func {name} (param $strip i32)
(local $tiles i32) (local $left i32) (local $panel i32) (local $depth i32) (local $out i32) (local $stride i32)
(local $start i32) (local $adds i32) (local $at i32) (local $end i32)
(local $ahead i32) (local $last i32) (local $steps i32) (local $share i32) (local $on i32) (local $by i32) (local $whole i32)
(local $a v128) (local $b v128) (local $c v128)
{sums}{fields}(local.set $stride (i32.shl (local.get $stride) (i32.const 2)))
(local.set $end (i32.add (local.get $panel) (i32.shl (local.get $depth) (i32.const 5))))
(local.set $whole (i32.sub (local.get $end) (i32.shl (i32.rem_u (local.get $depth) (i32.const {STEPS})) (i32.const 5))))
(block $done
(br_if $done (i32.eqz (local.get $left)))
(local.set $steps (i32.mul (local.get $depth)
(i32.div_u (i32.add (local.get $left) (i32.const {})) (i32.const {MR_6}))))
(local.set $share (i32.div_u (i32.add (local.get $last) (i32.sub (local.get $steps) (i32.const 1))) (local.get $steps)))
(local.set $last (i32.add (local.get $ahead) (i32.sub (local.get $last) (i32.ne (local.get $last) (i32.const 0)))))
(loop $next
(local.set $on (i32.div_u (i32.sub (local.get $last) (local.get $ahead)) (local.get $depth)))
(local.set $on (select (local.get $share) (local.get $on) (i32.lt_u (local.get $share) (local.get $on))))
(if (i32.gt_u (local.get $left) (i32.const {MR_4})) (then
{}) (else
{}))
(local.set $left (i32.sub (local.get $left) (i32.const {MR_6})))
(br_if $next (i32.gt_s (local.get $left) (i32.const 0))))))",
        MR_6 - 1,
        tile(MR_6),
        tile(MR_4)
    )
}

/// One tile of `rows` rows. Sums behind the last row are not stored.
fn tile(rows: usize) -> String {
    let zeros: String = (0..rows).flat_map(|r| [format!("$s{r}"), format!("$t{r}")]).map(|sum| zero(&sum)).collect();
    let stores: String = (0..rows).map(|r| stored(r, rows)).collect();
    format!(
        "{zeros}(local.set $at (local.get $panel))
{}{}(local.set $b (v128.load (local.get $start)))
(local.set $c (v128.load offset=16 (local.get $start)))
(block $stored{rows}
{stores})
",
        steps(rows, STEPS, "$whole"),
        steps(rows, 1, "$end"),
    )
}

/// Steps of the depth, `at_once` in each round of the loop, while `$at` is before `end`.
fn steps(rows: usize, at_once: usize, end: &str) -> String {
    let step = |step: usize| {
        let sums = (0..rows).map(|r| {
            format!(
                "(local.set $a (v128.load32_splat offset={} (local.get $tiles)))
(local.set $s{r} (f32x4.relaxed_madd (local.get $a) (local.get $b) (local.get $s{r})))
(local.set $t{r} (f32x4.relaxed_madd (local.get $a) (local.get $c) (local.get $t{r})))
",
                4 * (step * rows + r)
            )
        });
        format!(
            "(local.set $b (v128.load offset={} (local.get $at)))
(local.set $c (v128.load offset={} (local.get $at)))
{}",
            32 * step,
            32 * step + 16,
            sums.collect::<String>()
        )
    };
    let all: String = (0..at_once).map(step).collect();
    format!(
        "(if (i32.lt_u (local.get $at) (local.get {end})) (then
(local.set $by (i32.mul (local.get $on) (i32.const {at_once})))
(loop $round
{all}(drop (i32.load8_u (local.get $ahead)))
(local.set $ahead (i32.add (local.get $ahead) (local.get $by)))
(local.set $tiles (i32.add (local.get $tiles) (i32.const {})))
(br_if $round (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const {}))) (local.get {end}))))))
",
        4 * rows * at_once,
        32 * at_once
    )
}

fn zero(sum: &str) -> String {
    format!("(local.set {sum} (v128.const f32x4 0 0 0 0))\n")
}

/// Stores the sums of a row, with `start` and, if `adds`, the sums so far added. Nothing for a row behind the last one.
fn stored(row: usize, rows: usize) -> String {
    let ends = match row {
        0 => String::new(),
        _ => format!("(br_if $stored{rows} (i32.le_u (local.get $left) (i32.const {row})))\n"),
    };
    format!(
        "{ends}(local.set $s{row} (f32x4.add (local.get $s{row}) (local.get $b)))
(local.set $t{row} (f32x4.add (local.get $t{row}) (local.get $c)))
(if (local.get $adds) (then
(local.set $s{row} (f32x4.add (local.get $s{row}) (v128.load (local.get $out))))
(local.set $t{row} (f32x4.add (local.get $t{row}) (v128.load offset=16 (local.get $out))))))
(v128.store (local.get $out) (local.get $s{row}))
(v128.store offset=16 (local.get $out) (local.get $t{row}))
(local.set $out (i32.add (local.get $out) (local.get $stride)))
"
    )
}

/// Constants as vectors in locals that are set once: V8 builds a constant within a loop anew in each round, which takes
/// longer than the sums.
#[derive(Default)]
struct Numbers(Vec<u32>);

impl Numbers {
    fn declared(&self) -> String {
        (0..self.0.len()).map(|i| format!("(local $n{i} v128)")).collect()
    }

    fn set(&self) -> String {
        let vector = |n: &u32| format!("(v128.const i32x4 {n} {n} {n} {n})");
        self.0.iter().enumerate().map(|(i, n)| format!("(local.set $n{i} {})\n", vector(n))).collect()
    }

    fn get(&mut self, number: f32) -> String {
        self.bits(number.to_bits())
    }

    /// A vector of four times the same 32 bits.
    fn bits(&mut self, bits: u32) -> String {
        let at = self.0.iter().position(|&known| known == bits).unwrap_or_else(|| {
            self.0.push(bits);
            self.0.len() - 1
        });
        format!("(local.get $n{at})")
    }
}
