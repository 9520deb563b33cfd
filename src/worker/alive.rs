//! The worker's signs of life: answers to [`PING`](super::pulse::PING) when it lets messages in, and others during work
//! that keeps it busy for longer.

use std::cell::Cell;

use js_sys::{Reflect, Set};
use wasm_bindgen::JsCast;
use web_sys::{DedicatedWorkerGlobalScope, MessagePort};

use super::pulse::BEAT;
use super::wire::now;
use crate::math::alive;

/// Milliseconds between two signs of life during work.
const EVERY: f64 = 1000.0;

/// Makes long computations give signs of life. To be called once, at the worker's start.
pub fn install() {
    alive::install(give);
}

fn give() {
    thread_local! {
        static LAST: Cell<f64> = const { Cell::new(0.0) };
    }
    let now = now();
    if now - LAST.get() < EVERY {
        return;
    }
    LAST.set(now);
    let beat = BEAT.into();
    match js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        Ok(page) => page.post_message(&beat).expect("a text can be posted"),
        Err(global) => ports(&global).for_each(&mut |port, _, _| {
            port.unchecked_into::<MessagePort>().post_message(&beat).expect("a text can be posted")
        }),
    }
}

/// The ports of the pages that share this worker and have not left, which worker_boot.js collects.
pub fn ports(global: &js_sys::Object) -> Set {
    Reflect::get(global, &"attnscopePorts".into()).expect("the boot script runs first").unchecked_into()
}
