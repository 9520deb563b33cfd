//! The inner loop with fused multiply-add, as WebAssembly text: for build.rs, which assembles it ([`super::relaxed`]). What
//! goes over rows is in fused_rows.rs.
//!
//! It is what `strip.rs` says, with tiles of six rows. Written by hand because of its order: each number of A is used
//! for both halves of B before the next is loaded, so that twelve sums, B and one number of A have a register each. The
//! compiler does all first halves and then all second ones, for which six numbers of A stay, and V8 puts sums into memory:
//! a third slower than four rows, where this is up to a sixth faster.
//!
//! Each step also reads a little of the weights that come next, so much that all steps of a strip together have read them:
//! without, a pass over few rows waits for its weights. In V8 16 rows of 384 numbers by 42 MB of panels went from 32 to 38
//! GFLOP/s, 60 rows from 43 to 46 (AMD EPYC, 48 in the cache).

#[path = "fused_rows.rs"]
mod rows;

/// Rows of a tile, and of a last one for which fewer are enough: `TALL` and `LOW` of strip.rs.
const TALL: usize = 6;
const LOW: usize = 4;

/// A module that imports `env.memory` and exports `compute`, which takes the place of a `Strip`, and what is done to rows.
pub fn module() -> String {
    let compute = function("(export \"compute\")");
    format!("(module\n(import \"env\" \"memory\" (memory 1))\n{compute}{})", rows::functions())
}

/// The function alone, of this name.
pub fn function(name: &str) -> String {
    let sums: String = (0..TALL).map(|r| format!("(local $s{r} v128) (local $t{r} v128)\n")).collect();
    // As #[repr(C)] lays a Strip out where pointers have four bytes.
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
(local $ahead i32) (local $last i32) (local $steps i32) (local $share i32) (local $on i32)
(local $a v128) (local $b v128) (local $c v128)
{sums}{fields}(local.set $stride (i32.shl (local.get $stride) (i32.const 2)))
(local.set $end (i32.add (local.get $panel) (i32.shl (local.get $depth) (i32.const 5))))
(block $done
(br_if $done (i32.eqz (local.get $left)))
(local.set $steps (i32.mul (local.get $depth)
(i32.div_u (i32.add (local.get $left) (i32.const {})) (i32.const {TALL}))))
(local.set $share (i32.div_u (i32.add (local.get $last) (i32.sub (local.get $steps) (i32.const 1))) (local.get $steps)))
(local.set $last (i32.add (local.get $ahead) (i32.sub (local.get $last) (i32.ne (local.get $last) (i32.const 0)))))
(loop $next
(local.set $on (i32.div_u (i32.sub (local.get $last) (local.get $ahead)) (local.get $depth)))
(local.set $on (select (local.get $share) (local.get $on) (i32.lt_u (local.get $share) (local.get $on))))
(if (i32.gt_u (local.get $left) (i32.const {LOW})) (then
{}) (else
{}))
(local.set $left (i32.sub (local.get $left) (i32.const {TALL})))
(br_if $next (i32.gt_s (local.get $left) (i32.const 0))))))",
        TALL - 1,
        tile(TALL),
        tile(LOW)
    )
}

/// One tile of so many rows; what of it lies behind the last row is not stored.
fn tile(rows: usize) -> String {
    let zeros: String = (0..rows).flat_map(|r| [format!("$s{r}"), format!("$t{r}")]).map(|sum| zero(&sum)).collect();
    let steps: String = (0..rows)
        .map(|r| {
            format!(
                "(local.set $a (v128.load32_splat offset={} (local.get $tiles)))
(local.set $s{r} (f32x4.relaxed_madd (local.get $a) (local.get $b) (local.get $s{r})))
(local.set $t{r} (f32x4.relaxed_madd (local.get $a) (local.get $c) (local.get $t{r})))
",
                4 * r
            )
        })
        .collect();
    let stores: String = (0..rows).map(|r| stored(r, rows)).collect();
    format!(
        "{zeros}(local.set $at (local.get $panel))
(loop $step{rows}
(local.set $b (v128.load (local.get $at)))
(local.set $c (v128.load offset=16 (local.get $at)))
{steps}(drop (i32.load8_u (local.get $ahead)))
(local.set $ahead (i32.add (local.get $ahead) (local.get $on)))
(local.set $tiles (i32.add (local.get $tiles) (i32.const {})))
(br_if $step{rows} (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (local.get $end))))
(local.set $b (v128.load (local.get $start)))
(local.set $c (v128.load offset=16 (local.get $start)))
(block $stored{rows}
{stores})
",
        4 * rows
    )
}

fn zero(sum: &str) -> String {
    format!("(local.set {sum} (v128.const f32x4 0 0 0 0))\n")
}

/// The sums of a row with what they start from, and what is there already; nothing for a row behind the last.
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
