//! The exponentials of softmax and GELU with fused multiply-add, as WebAssembly text. They compute what math/exp.rs,
//! math/softmax.rs and math/activation.rs do, within the same bounds of error.

#[path = "../../coefficients.rs"]
mod coefficients;

use std::f32::consts::LOG2_E;

use super::Numbers;
use coefficients::{HALF_LOG2_E, POWER_OF_TWO, ROUNDER, TAIL, TAIL_SCALE};

/// The functions `powers` and `gelu` of the module.
pub fn functions() -> String {
    format!("{}{}", powers(), gelu())
}

/// `powers(row, eights, max) -> sum`: replaces each of `8 * eights` numbers x by e^(x - max).
fn powers() -> String {
    let mut numbers = Numbers::default();
    let each: String = [(0, "$sum"), (16, "$other")]
        .map(|(offset, sum)| {
            format!(
                "(local.set $x (f32x4.mul
(f32x4.sub (v128.load offset={offset} (local.get $row)) (local.get $max))
{log2_e}))
{}(local.set {sum} (f32x4.add (local.get {sum}) (local.get $x)))
(v128.store offset={offset} (local.get $row) (local.get $x))
",
                power(&mut numbers),
                log2_e = numbers.get(LOG2_E),
            )
        })
        .concat();
    format!(
        "(func (export \"powers\") (param $row i32) (param $eights i32) (param $largest f32) (result f32)
(local $max v128) (local $sum v128) (local $other v128) (local $x v128) (local $shifted v128) (local $f v128)
{}
{}(local.set $max (f32x4.splat (local.get $largest)))
(block $done
(br_if $done (i32.eqz (local.get $eights)))
(loop $next
{each}(local.set $row (i32.add (local.get $row) (i32.const 32)))
(br_if $next (local.tee $eights (i32.sub (local.get $eights) (i32.const 1))))))
(local.set $sum (f32x4.add (local.get $sum) (local.get $other)))
(f32.add
(f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
(f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
",
        numbers.declared(),
        numbers.set()
    )
}

/// `gelu(place, rows, stride)`: GELU of the first eight numbers of each row, which begin `stride` numbers apart.
fn gelu() -> String {
    let mut numbers = Numbers::default();
    let each: String = [0, 16]
        .map(|offset| {
            let sum: String = TAIL[1..].iter().map(|a| step(&mut numbers, "$sum", "$t", *a)).collect();
            format!(
                "(local.set $number (v128.load offset={offset} (local.get $place)))
(local.set $size (f32x4.abs (local.get $number)))
(local.set $t (f32x4.div {one} (f32x4.relaxed_madd (local.get $size) {p} {one})))
(local.set $sum {first})
{sum}(local.set $x (f32x4.mul (f32x4.mul (local.get $number) (local.get $number)) {half}))
{}(v128.store offset={offset} (local.get $place) (f32x4.relaxed_nmadd
(f32x4.mul (f32x4.mul (local.get $sum) (local.get $t)) (local.get $x))
(local.get $size)
(f32x4.pmax (local.get $number) {zero})))
",
                power(&mut numbers),
                one = numbers.get(1.0),
                zero = numbers.get(0.0),
                p = numbers.get(TAIL_SCALE),
                first = numbers.get(TAIL[0]),
                half = numbers.get(-HALF_LOG2_E),
            )
        })
        .concat();
    format!(
        "(func (export \"gelu\") (param $place i32) (param $rows i32) (param $stride i32)
(local $number v128) (local $size v128) (local $t v128) (local $sum v128)
(local $x v128) (local $shifted v128) (local $f v128)
{}
{}(local.set $stride (i32.shl (local.get $stride) (i32.const 2)))
(block $done
(br_if $done (i32.eqz (local.get $rows)))
(loop $next
{each}(local.set $place (i32.add (local.get $place) (local.get $stride)))
(br_if $next (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))))
",
        numbers.declared(),
        numbers.set()
    )
}

/// Replaces `$x` by 2^x, for x up to 127. Changes `$shifted` and `$f`.
fn power(numbers: &mut Numbers) -> String {
    let sum: String = POWER_OF_TWO[1..].iter().map(|c| step(numbers, "$x", "$f", *c)).collect();
    format!(
        "(local.set $x (f32x4.pmax (local.get $x) {least}))
(local.set $shifted (f32x4.add (local.get $x) {rounder}))
(local.set $f (f32x4.sub (local.get $x) (f32x4.sub (local.get $shifted) {rounder})))
(local.set $x {first})
{sum}(local.set $x (i32x4.add (local.get $x) (i32x4.shl (local.get $shifted) (i32.const 23))))
",
        least = numbers.get(-126.0),
        rounder = numbers.get(ROUNDER),
        first = numbers.get(POWER_OF_TWO[0]),
    )
}

/// `sum = sum factor + addend`.
fn step(numbers: &mut Numbers, sum: &str, factor: &str, addend: f32) -> String {
    format!("(local.set {sum} (f32x4.relaxed_madd (local.get {sum}) (local.get {factor}) {}))\n", numbers.get(addend))
}
