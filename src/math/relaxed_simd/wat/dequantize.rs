//! Decoders of eight interleaved rows of weights with fused multiply-add, as WebAssembly text. Their results have the
//! bits of quant/simd.rs: every fused product is either exact in f32, or would be rounded only once there, too.
//!
//! Each function is `(bytes, rows, blocks) -> valid`. It returns 0 if a half-precision number is infinite or NaN; then
//! the numbers written are not valid. A vector holds two bytes of each of eight interleaved rows
//! (quant/interleaved.rs).

use super::Numbers;

/// A shuffle that zips the first eight bytes of two vectors: each byte of the first one with one of the second.
const LOW_BYTES: &str = "0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23";
const HIGH_BYTES: &str = "8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31";
/// The same for pairs of bytes.
const LOW_PAIRS: &str = "0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23";
const HIGH_PAIRS: &str = "8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31";
/// A shuffle from the lower bytes of eight half-precision numbers, followed by their upper bytes, to the numbers.
const HALVES: &str = "0 8 1 9 2 10 3 11 4 12 5 13 6 14 7 15";

/// Bytes of a row of eight numbers.
const ROW: usize = 32;
/// Vectors of bytes that one round of a loop processes.
const ROUND: usize = 4;

/// All functions, exported by the names of their formats.
pub fn functions() -> String {
    [f16(), q4_0(), q4_1(), q8_0(), q4_k(), q6_k()].concat()
}

/// How bytes become numbers. Each byte is first put into the fraction of a float whose exponent makes it an integer.
#[derive(Clone, Copy)]
enum Spread {
    /// `(byte - center) scale`, as one fused step from the float 2^15 + byte: `$o` holds `-(2^15 + center) scale`,
    /// which is exact in f32 for half-precision scales.
    Fused,
    /// The same in two steps, for other scales.
    Centred(f32),
    /// `byte scale + added`, with `added` in `$o`.
    Raised,
}

/// Decodes the two rows of bytes in `$b` to numbers at `$rows`, with the scale `$d{scale}` and the offset `$o{scale}`.
fn spread(numbers: &mut Numbers, how: Spread, scale: usize, offset: usize) -> String {
    let zero = numbers.bits(0);
    let (bytes, exponent) = match how {
        Spread::Fused => ([zero.as_str(), "(local.get $b)"], numbers.bits(0x4700_4700)),
        _ => (["(local.get $b)", zero.as_str()], numbers.bits(0x4b00_4b00)),
    };
    let mut text = String::new();
    for (row, order) in [LOW_BYTES, HIGH_BYTES].into_iter().enumerate() {
        text += &format!("(local.set $h {})\n", zip(order, bytes[0], bytes[1]));
        for (four, order) in [LOW_PAIRS, HIGH_PAIRS].into_iter().enumerate() {
            let raised = zip(order, "(local.get $h)", &exponent);
            let (d, o) = (format!("(local.get $d{scale}{four})"), format!("(local.get $o{scale}{four})"));
            let lowered =
                |numbers: &mut Numbers, by: f32| format!("(f32x4.sub {raised} {})", numbers.get(8_388_608.0 + by));
            let number = match how {
                Spread::Fused => format!("(f32x4.relaxed_madd {raised} {d} {o})"),
                Spread::Centred(centre) => format!("(f32x4.mul {} {d})", lowered(numbers, centre)),
                Spread::Raised => format!("(f32x4.relaxed_madd {} {d} {o})", lowered(numbers, 0.0)),
            };
            text += &format!("(v128.store offset={} (local.get $rows) {number})\n", offset + row * ROW + four * 16);
        }
    }
    text
}

fn zip(order: &str, a: &str, b: &str) -> String {
    format!("(i8x16.shuffle {order} {a} {b})")
}

/// Converts the eight half-precision numbers in `$h` to `${name}0` and `${name}1`. `$odd` collects those that are
/// infinite or NaN. Moved to its place in an f32, the exponent of a half-precision number is too small by the
/// difference of the two formats' biases; one product corrects that.
fn widened(numbers: &mut Numbers, name: &str) -> String {
    let zero = numbers.bits(0);
    let mut text = format!(
        "(local.set $odd (v128.or (local.get $odd)
(i16x8.ge_s (v128.and (local.get $h) {}) {})))\n",
        numbers.bits(0x7fff_7fff),
        numbers.bits(0x7c00_7c00)
    );
    for (four, order) in [LOW_PAIRS, HIGH_PAIRS].into_iter().enumerate() {
        text += &format!(
            "(local.set ${name}{four} (f32x4.mul (v128.and (i32x4.shr_s {} (i32.const 3)) {}) {}))\n",
            zip(order, &zero, "(local.get $h)"),
            numbers.bits(0x8fff_e000),
            numbers.get(f32::from_bits((127 + 112) << 23)),
        );
    }
    text
}

/// Loads the sixteen bytes at `$bytes`, as eight half-precision numbers in `$h`.
fn halves(at: usize) -> String {
    let bytes = format!("(v128.load offset={} (local.get $bytes))", at * 8);
    format!("(local.set $b {bytes})\n(local.set $h {})\n", zip(HALVES, "(local.get $b)", "(local.get $b)"))
}

/// Sets `$o` to `$d` times a number.
fn times(numbers: &mut Numbers, factor: f32) -> String {
    let each = |four| format!("(local.set $o0{four} (f32x4.mul (local.get $d0{four}) {}))\n", numbers.get(factor));
    [0, 1].map(each).concat()
}

/// Processes `vectors` vectors of bytes, [`ROUND`] of them in each round of a loop. Each advances `$bytes` by 16 and
/// `$rows` by two rows.
fn all(vectors: usize, mut each: impl FnMut(usize) -> String) -> String {
    let body: String = (0..ROUND).map(&mut each).collect();
    format!(
        "(local.set $left (i32.const {}))
(loop $round
{body}{}{}(br_if $round (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
",
        vectors / ROUND,
        on("bytes", ROUND * 16),
        on("rows", ROUND * 2 * ROW),
    )
}

fn on(pointer: &str, by: usize) -> String {
    format!("(local.set ${pointer} (i32.add (local.get ${pointer}) (i32.const {by})))\n")
}

fn load(i: usize) -> String {
    format!("(local.set $b (v128.load offset={} (local.get $bytes)))\n", i * 16)
}

/// Decodes the low four bits of `$b` to rows from the first on, and the high four bits to those that are `apart`.
fn nibbles(numbers: &mut Numbers, how: [(Spread, usize); 2], apart: usize, i: usize) -> String {
    let four = numbers.bits(0x0f0f_0f0f);
    let at = i * 2 * ROW;
    format!(
        "(local.set $c (v128.load offset={} (local.get $bytes)))
(local.set $b (v128.and (local.get $c) {four}))
{}(local.set $b (v128.and (i16x8.shr_u (local.get $c) (i32.const 4)) {four}))
{}",
        i * 16,
        spread(numbers, how[0].0, how[0].1, at),
        spread(numbers, how[1].0, how[1].1, at + apart * ROW),
    )
}

/// A function over blocks. `block` must advance the pointers to the next block.
fn function(name: &str, numbers: &Numbers, block: &str) -> String {
    format!(
        "(func (export \"{name}\") (param $bytes i32) (param $rows i32) (param $blocks i32) (result i32)
(local $left i32) (local $odd v128) (local $b v128) (local $c v128) (local $h v128)
(local $d00 v128) (local $d01 v128) (local $o00 v128) (local $o01 v128)
{}
{}(block $done
(br_if $done (i32.eqz (local.get $blocks)))
(loop $next
{block}(br_if $next (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))))))
(i32.eqz (v128.any_true (local.get $odd))))
",
        numbers.declared(),
        numbers.set()
    )
}

/// Here a block is a single number.
fn f16() -> String {
    let mut numbers = Numbers::default();
    let block = format!(
        "(local.set $h (v128.load (local.get $bytes)))
{}(v128.store (local.get $rows) (local.get $d00))
(v128.store offset=16 (local.get $rows) (local.get $d01))
{}{}",
        widened(&mut numbers, "d0"),
        on("bytes", 16),
        on("rows", ROW)
    );
    function("F16", &numbers, &block)
}

fn q4_0() -> String {
    let mut numbers = Numbers::default();
    let scale = widened(&mut numbers, "d0") + &times(&mut numbers, -(32768.0 + 8.0));
    let fours = all(8, |i| nibbles(&mut numbers, [(Spread::Fused, 0); 2], 16, i));
    function(
        "Q4_0",
        &numbers,
        &[&halves(0), &scale, &on("bytes", 16), &fours, &on("rows", 16 * ROW)].map(String::as_str).concat(),
    )
}

fn q4_1() -> String {
    let mut numbers = Numbers::default();
    let scale = halves(0) + &widened(&mut numbers, "d0") + &halves(2) + &widened(&mut numbers, "o0");
    let fours = all(8, |i| nibbles(&mut numbers, [(Spread::Raised, 0); 2], 16, i));
    function("Q4_1", &numbers, &[&scale, &on("bytes", 32), &fours, &on("rows", 16 * ROW)].map(String::as_str).concat())
}

fn q8_0() -> String {
    let mut numbers = Numbers::default();
    let scale = widened(&mut numbers, "d0") + &times(&mut numbers, -(32768.0 + 128.0));
    // With its upper bit flipped, a signed byte is the unsigned byte that is 128 greater.
    let turned = format!("(local.set $b (v128.xor (local.get $b) {}))\n", numbers.bits(0x8080_8080));
    let bytes = all(16, |i| load(i) + &turned + &spread(&mut numbers, Spread::Fused, 0, i * 2 * ROW));
    function("Q8_0", &numbers, &[&halves(0), &scale, &on("bytes", 16), &bytes].map(String::as_str).concat())
}

/// Sets `${name}0` and `${name}1` to the bytes of one of the two rows in `$b`, minus `centre`, times `${times}0` and
/// `${times}1`.
fn scales(numbers: &mut Numbers, row: usize, centre: f32, times: &str, name: &str) -> String {
    let order = [LOW_BYTES, HIGH_BYTES][row];
    let mut text = format!("(local.set $h {})\n", zip(order, "(local.get $b)", &numbers.bits(0)));
    for (four, order) in [LOW_PAIRS, HIGH_PAIRS].into_iter().enumerate() {
        let raised = zip(order, "(local.get $h)", &numbers.bits(0x4b00_4b00));
        text += &format!(
            "(local.set ${name}{four} (f32x4.mul (f32x4.sub {raised} {}) (local.get ${times}{four})))\n",
            numbers.get(8_388_608.0 + centre)
        );
    }
    text
}

/// The four bits are laid out as in quant/scalar.rs: 64 numbers in 32 bytes, each half with a scale and a minimum of
/// its own.
fn q4_k() -> String {
    let mut numbers = Numbers::default();
    // `$s` and `$m` hold the six-bit scales and minima of two runs.
    let runs = [
        "(local.set $b (local.get $s))\n".to_owned(),
        scales(&mut numbers, 0, 0.0, "d", "d0"),
        scales(&mut numbers, 1, 0.0, "d", "d1"),
        "(local.set $b (local.get $m))\n".to_owned(),
        scales(&mut numbers, 0, 0.0, "o", "o0"),
        scales(&mut numbers, 1, 0.0, "o", "o1"),
        all(16, |i| nibbles(&mut numbers, [(Spread::Raised, 0), (Spread::Raised, 1)], 32, i)),
    ];
    let pair = format!(
        "(func $q4_k (param $bytes i32) (param $rows i32) (param $s v128) (param $m v128)
(param $d0 v128) (param $d1 v128) (param $o0 v128) (param $o1 v128)
(local $left i32) (local $b v128) (local $c v128) (local $h v128)
{}{}
{}{})
",
        locals("do", 2),
        numbers.declared(),
        numbers.set(),
        runs.concat()
    );
    let mut numbers = Numbers::default();
    let mut block = halves(0) + &widened(&mut numbers, "d0") + &halves(2) + &widened(&mut numbers, "o0");
    let negative = |four| format!("(local.set $o0{four} (f32x4.neg (local.get $o0{four})))\n");
    block += &[0, 1].map(negative).concat();
    let six = |at: usize, mask: &str| format!("(v128.and {} {mask})", packed(at));
    let (low, high, all_six) = (numbers.bits(0x0f0f_0f0f), numbers.bits(0x3030_3030), numbers.bits(0x3f3f_3f3f));
    let joined = |four: String, two: usize| {
        let two = format!("(v128.and (i16x8.shr_u {} (i32.const 2)) {high})", packed(two));
        format!("(v128.or {four} {two})")
    };
    let upper = |at: usize| format!("(v128.and (i16x8.shr_u {} (i32.const 4)) {low})", packed(at));
    let runs = [
        [six(0, &all_six), six(4, &all_six)],
        [six(2, &all_six), six(6, &all_six)],
        [joined(six(8, &low), 0), joined(upper(8), 4)],
        [joined(six(10, &low), 2), joined(upper(10), 6)],
    ];
    for (i, [scale, minimum]) in runs.into_iter().enumerate() {
        block += &format!(
            "(call $q4_k (i32.add (local.get $bytes) (i32.const {})) (i32.add (local.get $rows) (i32.const {}))
{scale}
{minimum}
(local.get $d00) (local.get $d01) (local.get $o00) (local.get $o01))
",
            (16 + i * 32) * 8,
            i * 64 * ROW
        );
    }
    block += &(on("bytes", 144 * 8) + &on("rows", 256 * ROW));
    pair + &function("Q4_K", &numbers, &block)
}

/// Loads two rows of the twelve bytes with scales and minima.
fn packed(row: usize) -> String {
    format!("(v128.load offset={} (local.get $bytes))", (4 + row) * 8)
}

/// Declares locals `$d00 $d01 $d10 ...` for each letter.
fn locals(letters: &str, scales: usize) -> String {
    let each = |letter: char| (0..2 * scales).map(move |i| format!("(local ${letter}{}{} v128) ", i / 2, i % 2));
    letters.chars().flat_map(each).collect()
}

/// Decodes four runs of 16 numbers, which are 32 apart and each have a scale, from 16 bytes of high bits and twice 16
/// bytes of low bits.
fn q6_k() -> String {
    let mut numbers = Numbers::default();
    let mut text = String::new();
    let turn = numbers.bits(0x8080_8080);
    for run in 0..4 {
        text +=
            &format!("(local.set $b (v128.xor (v128.load64_zero offset={} (local.get $scales)) {turn}))\n", run * 16);
        text += &scales(&mut numbers, 0, 128.0, "d", &format!("d{run}"));
    }
    let (four, two) = (numbers.bits(0x0f0f_0f0f), numbers.bits(0x3030_3030));
    text += &all(8, |i| {
        let mut text = format!("(local.set $c (v128.load offset={} (local.get $high)))\n", i * 16);
        let moved = [
            "(i16x8.shl (local.get $c) (i32.const 4))",
            "(i16x8.shl (local.get $c) (i32.const 2))",
            "(local.get $c)",
            "(i16x8.shr_u (local.get $c) (i32.const 2))",
        ];
        for (run, high) in moved.into_iter().enumerate() {
            let low = format!("(v128.load offset={} (local.get $bytes))", i * 16 + run % 2 * 32 * 8);
            let low = if run < 2 { low } else { format!("(i16x8.shr_u {low} (i32.const 4))") };
            text += &format!("(local.set $b (v128.or (v128.and {low} {four}) (v128.and {high} {two})))\n");
            text += &spread(&mut numbers, Spread::Centred(32.0), run, i * 2 * ROW + run * 32 * ROW);
        }
        text + &if i + 1 == ROUND { on("high", ROUND * 16) } else { String::new() }
    });
    let part = format!(
        "(func $q6_k (param $bytes i32) (param $high i32) (param $scales i32) (param $rows i32)
(param $d0 v128) (param $d1 v128)
(local $left i32) (local $b v128) (local $c v128) (local $h v128)
{}{}
{}{text})
",
        locals("d", 4),
        numbers.declared(),
        numbers.set()
    );
    let mut numbers = Numbers::default();
    let mut block = halves(208) + &widened(&mut numbers, "d0");
    for (half, part) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let at = |pointer: &str, by: usize| format!("(i32.add (local.get ${pointer}) (i32.const {by}))");
        block += &format!(
            "(call $q6_k {} {} {} {} (local.get $d00) (local.get $d01))\n",
            at("bytes", (half * 64 + part * 16) * 8),
            at("bytes", (128 + half * 32 + part * 16) * 8),
            at("bytes", (192 + half * 8 + part) * 8),
            at("rows", (half * 128 + part * 16) * ROW),
        );
    }
    block += &(on("bytes", 210 * 8) + &on("rows", 256 * ROW));
    part + &function("Q6_K", &numbers, &block)
}
