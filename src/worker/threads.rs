//! More threads for products of weights, where the host has the page isolated: see [`crate::math::gemm::threads`].
//!
//! Only an isolated page may share memory between threads (<https://web.dev/articles/coop-coep>). The helpers are
//! workers of this one (assets/worker_thread.js). Whatever is missing or fails, from the headers to a helper's script,
//! leaves all work to this thread. So does a helper that does not come back from a product: from then on the shared
//! memory is only read.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use js_sys::{Float32Array, Function, Object, Reflect, Uint8Array, Uint32Array, WebAssembly};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker};

use super::relaxed_simd::in_table;
use super::space::Space;
use crate::math::gemm::threads::{Block, HelperLost, MAX_ROWS, MAX_TILES, MODULE, SharedB, install};
use crate::math::relaxed_simd::layout::{JOB, JOB_AT, Job, RESERVED};
use crate::math::{NR, PackedB};

/// More were not measured, and each takes a core from the reader's other work.
const MAX_THREADS: u32 = 4;
const PAGE: usize = 1 << 16;
/// A gigabyte at most; models that do not fit are this thread's alone.
const MAX_PAGES: u32 = 1 << 14;
const FLOAT: usize = size_of::<f32>();
/// Where the loader has the address of worker_thread.js (xtask/src/hook.rs).
const SCRIPT: &str = "attnscopeThread";
/// Where this thread says how many threads compute, as of when weights were last kept for them or they were abandoned.
const TOLD_AS: &str = "attnscopeThreads";

thread_local! {
    static POOL: RefCell<Option<Pool>> = const { RefCell::new(None) };
}

/// The threads' memory and the way to them.
struct Pool {
    memory: WebAssembly::Memory,
    grow: Function,
    lead: Lead,
    /// With the helpers that have said they are ready.
    threads: Cell<u32>,
    /// A helper has not come back. It may go on at any time and write to its strip, to the words that threads share and
    /// to the sums, so that nothing of this memory is written or given out any more.
    abandoned: Cell<bool>,
    helpers: RefCell<Vec<Worker>>,
    space: RefCell<Space>,
    /// All of the memory.
    floats: RefCell<Float32Array>,
    job: Uint32Array,
    /// For what products read and write, enough for every matrix that is kept.
    scratch: RefCell<Range<usize>>,
}

/// Returns 1 when the job is done, and 0 when a helper has not come back.
type Lead = unsafe extern "C" fn() -> u32;

/// Starts as many helpers as there are cores for. Models that are opened once the first is ready are computed with
/// them. To be called where [`super::relaxed_simd::start`] is in use.
///
/// Errors: whatever was missing. Nothing has changed then.
pub fn start() -> Result<(), JsValue> {
    let global = js_sys::global();
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let cores = field(&field(&global, "navigator")?, "hardwareConcurrency")?.as_f64().unwrap_or(1.0) as u32;
    if !field(&global, "crossOriginIsolated")?.is_truthy() || cores < 2 {
        return Err("no threads here".into());
    }
    let script = field(&global, SCRIPT)?.as_string().ok_or("no script")?;
    let module = WebAssembly::Module::new(&Uint8Array::new_from_slice(MODULE))?;
    POOL.set(Some(Pool::new(&module)?));
    for helper in 1..cores.min(MAX_THREADS) {
        let worker = Worker::new(&script)?;
        let ready = Closure::<dyn Fn(MessageEvent)>::new(|_| with_pool(Pool::joined));
        // Else a helper that fails would be told as a failure of this worker.
        let failed = Closure::<dyn Fn(Event)>::new(|event: Event| event.prevent_default());
        // They listen for as long as this thread lives, and keep the helper.
        worker.set_onmessage(Some(ready.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        let memory = with_pool(|pool| pool.memory.clone());
        let told = object(&[("module", &module), ("memory", &memory), ("helper", &helper.into())])?;
        worker.post_message(&told)?;
        with_pool(|pool| pool.helpers.borrow_mut().push(worker));
    }
    Ok(())
}

fn object(fields: &[(&str, &JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

impl Pool {
    #[allow(unsafe_code, reason = "makes a function of a place in the table")]
    fn new(module: &WebAssembly::Module) -> Result<Self, JsValue> {
        let shape = object(&[("shared", &true.into()), ("initial", &1.into()), ("maximum", &MAX_PAGES.into())])?;
        let memory = WebAssembly::Memory::new(&shape)?;
        let env = object(&[("memory", &memory)])?;
        let imports = object(&[("env", &env)])?;
        let exports = WebAssembly::Instance::new(module, &imports)?.exports();
        let function = |name: &str| Reflect::get(&exports, &name.into())?.dyn_into::<Function>();
        let lead = in_table(&function("lead")?)?;
        let mut space = Space::default();
        space.give(RESERVED..PAGE);
        Ok(Self {
            grow: function("grow")?,
            // SAFETY: a pointer to a function is its place in the table. This one takes nothing and returns an i32, as
            // `Lead` does, and it stays: nothing else writes to that place.
            lead: unsafe { std::mem::transmute::<usize, Lead>(lead) },
            threads: Cell::new(1),
            abandoned: Cell::new(false),
            helpers: RefCell::default(),
            space: RefCell::new(space),
            floats: RefCell::new(Float32Array::new(&memory.buffer())),
            job: Uint32Array::new_with_byte_offset_and_length(&memory.buffer(), JOB_AT as u32, JOB.len() as u32),
            scratch: RefCell::new(0..0),
            memory,
        })
    }

    /// A helper is ready.
    fn joined(&self) {
        if self.abandoned.get() {
            return;
        }
        self.threads.set(self.threads.get() + 1);
        install(share);
    }

    /// A helper has not come back: from now on this thread computes alone.
    fn abandon(&self) {
        self.abandoned.set(true);
        self.threads.set(1);
        self.tell();
        // Terminating them takes effect at some later time, or never where a browser does not have it.
        self.helpers.take().iter().for_each(Worker::terminate);
    }

    fn tell(&self) {
        let _ = Reflect::set(&js_sys::global(), &TOLD_AS.into(), &self.threads.get().into());
    }

    fn take(&self, bytes: usize) -> Option<Range<usize>> {
        let mut space = self.space.borrow_mut();
        if let Some(taken) = space.take(bytes) {
            return Some(taken);
        }
        // Piece by piece, so that not every matrix makes new views of all.
        let pages = bytes.div_ceil(PAGE).max(64);
        let before = self.grow.call1(&JsValue::UNDEFINED, &(pages as u32).into()).ok()?.as_f64()?;
        if before < 0.0 {
            return None;
        }
        let end = before as usize * PAGE;
        space.give(end..end + pages * PAGE);
        self.floats.replace(Float32Array::new(&self.memory.buffer()));
        space.take(bytes)
    }

    /// Makes room for a product of so many columns; whether there is.
    fn reserve(&self, width: usize) -> bool {
        let bytes = FLOAT * (width + MAX_TILES + MAX_ROWS * width);
        let before = self.scratch.borrow().clone();
        if before.len() >= bytes {
            return true;
        }
        let Some(taken) = self.take(bytes) else { return false };
        if !before.is_empty() {
            self.space.borrow_mut().give(before);
        }
        self.scratch.replace(taken);
        true
    }

    #[allow(unsafe_code, reason = "views the library's memory from JavaScript")]
    fn put(&self, numbers: &[f32], at: usize) {
        // SAFETY: the view is used before any memory is allocated, which could move or replace the buffer that it
        // points into.
        let view = unsafe { Float32Array::view(numbers) };
        self.floats.borrow().set(&view, (at / FLOAT) as u32);
    }

    fn get(&self, at: usize, numbers: &mut [f32]) {
        let first = (at / FLOAT) as u32;
        self.floats.borrow().subarray(first, first + numbers.len() as u32).copy_to(numbers);
    }
}

fn share(panels: &PackedB) -> Option<Box<dyn SharedB>> {
    let numbers = panels.numbers();
    let width = panels.columns().next_multiple_of(NR);
    let place = with_pool(|pool| {
        if pool.abandoned.get() || numbers.is_empty() || !pool.reserve(width) {
            return None;
        }
        let place = pool.take(size_of_val(numbers))?;
        pool.put(numbers, place.start);
        pool.tell();
        Some(place)
    })?;
    Some(Box::new(SharedMatrix { place, len: numbers.len(), depth: panels.depth() }))
}

fn with_pool<T>(act: impl FnOnce(&Pool) -> T) -> T {
    POOL.with_borrow(|pool| act(pool.as_ref().expect("only the thread that has helpers keeps weights for them")))
}

/// One matrix in the pool's memory.
struct SharedMatrix {
    place: Range<usize>,
    /// In numbers.
    len: usize,
    depth: usize,
}

impl SharedMatrix {
    /// The last sums, behind what they were made of.
    fn sums_at(&self, pool: &Pool) -> usize {
        pool.scratch.borrow().start + FLOAT * (self.len / self.depth + MAX_TILES)
    }
}

impl SharedB for SharedMatrix {
    #[allow(unsafe_code, reason = "calls a function of the threads' module")]
    fn multiply(&self, Block { tiles, rows, depth, start }: Block<'_>) -> Result<(), HelperLost> {
        let width = self.len / self.depth;
        assert_eq!(start.len(), width, "a start for every column");
        assert!(tiles.len() <= MAX_TILES && rows <= MAX_ROWS, "a block of a matrix");
        assert!(rows * depth.len() <= tiles.len() && depth.end <= self.depth, "tiles of all rows");
        with_pool(|pool| {
            if pool.abandoned.get() {
                return Err(HelperLost);
            }
            let start_at = pool.scratch.borrow().start;
            let tiles_at = start_at + FLOAT * width;
            pool.put(start, start_at);
            pool.put(tiles, tiles_at);
            let job = Job {
                panels: width / NR,
                tiles: tiles_at,
                rows,
                panel: self.place.start + FLOAT * NR * depth.start,
                panel_bytes: FLOAT * NR * self.depth,
                depth: depth.len(),
                out: self.sums_at(pool),
                out_stride: width,
                start: start_at,
                adds: usize::from(depth.start > 0),
                threads: pool.threads.get() as usize,
            };
            pool.job.copy_from(&job.words());
            // SAFETY: `lead` has these conditions:
            // - Everything that the job names lies in the pool's memory. The panels are this matrix's place; tiles,
            //   start and sums are the scratch, which `share` made large enough for this width and `MAX_TILES` and
            //   `MAX_ROWS` numbers, the limits asserted above.
            // - The sums overlap nothing else: `Space` gives every byte out once, and within the scratch they come
            //   last.
            // - No other thread uses the job's words or the scratch while they are written. Every `lead` before this
            //   one has returned 1, as the pool would be abandoned otherwise, and by then no helper reads or writes any
            //   of them (relaxed_simd/wat/threads.rs gives the reasons).
            if unsafe { (pool.lead)() } == 1 {
                return Ok(());
            }
            pool.abandon();
            Err(HelperLost)
        })
    }

    fn sums(&self, out: &mut [f32]) {
        with_pool(|pool| pool.get(self.sums_at(pool), out));
    }

    fn numbers(&self) -> Vec<f32> {
        let mut numbers = vec![0.0; self.len];
        with_pool(|pool| pool.get(self.place.start, &mut numbers));
        numbers
    }
}

impl Drop for SharedMatrix {
    fn drop(&mut self) {
        with_pool(|pool| pool.space.borrow_mut().give(self.place.clone()));
    }
}
