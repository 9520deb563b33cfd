//! The module of the thread pool by itself, as build.rs assembles it: for a test that drives it without a page
//! (tests/e2e/pool.test.mjs).

#[allow(dead_code, reason = "only the constants that the pool's module needs are used")]
#[path = "../../src/math/relaxed_simd/layout.rs"]
mod layout;
#[allow(dead_code, reason = "only the function that the pool's module contains is used")]
#[path = "../../src/math/relaxed_simd/wat/micro_kernel.rs"]
mod micro_kernel;
#[path = "../../src/math/relaxed_simd/wat/threads.rs"]
mod threads;

use std::io::Write;

use crate::run::Outcome;

/// Writes its bytes to the standard output. With `pauses` it calls the imported function `env.pause` after each atomic access
/// that gives a number, so that a test can hold a thread up there, where the system does it once in a million times.
pub fn write(pauses: bool) -> Outcome {
    let text = threads::module(&threads::USUAL);
    let text = if pauses { with_pauses(&text) } else { text };
    let module = wat::parse_str(text).map_err(|e| format!("src/math/relaxed_simd/wat/threads.rs: {e}"))?;
    std::io::stdout().write_all(&module).map_err(|e| format!("the standard output: {e}"))
}

fn with_pauses(text: &str) -> String {
    let paused = "(func $paused (param $read i32) (result i32) (call $pause) (local.get $read))";
    let text = text.replacen("(module\n", "(module\n(import \"env\" \"pause\" (func $pause))\n", 1);
    let text = text.replacen("(func $work", &format!("{paused}\n(func $work"), 1);
    ["(i32.atomic.rmw.", "(i32.atomic.load "].iter().fold(text, |text, access| {
        let mut parts = text.split(access);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = end_of_list(part);
            out += &format!("(call $paused {access}{}){}", &part[..end], &part[end..]);
        }
        out
    })
}

/// Where a list ends, behind its closing bracket; `rest` is what follows its first word.
fn end_of_list(rest: &str) -> usize {
    let mut open = 1;
    let end = rest.find(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open == 0
    });
    end.map_or(rest.len(), |end| end + 1)
}
