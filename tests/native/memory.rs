//! How much a piece of work allocates: a measure of its steps that is the same on every machine and under every load.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Bytes that this thread has asked for since it began; what is given back is not taken off.
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which counts for each thread.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(bytes: usize) {
    // No destructor is registered for a `Cell` that is initialised by a constant, so it can always be reached.
    ALLOCATED.with(|allocated| allocated.set(allocated.get().saturating_add(bytes)));
}

// SAFETY: every method hands its arguments to `System` unchanged and returns its result, so the conditions that
// `GlobalAlloc` sets for callers and implementors hold as they hold for `System`. `count` does not allocate and does not
// panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's conditions are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's conditions are those of `System`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller's conditions are those of `System`, from which the block comes.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's conditions are those of `System`, from which the block comes.
        unsafe { System.dealloc(block, layout) }
    }
}

/// The bytes that this thread asks for while it does this.
pub fn allocated(work: impl FnOnce()) -> usize {
    let before = ALLOCATED.get();
    work();
    ALLOCATED.get() - before
}

#[test]
fn what_a_thread_allocates_is_counted() {
    let bytes = allocated(|| drop(std::hint::black_box(vec![0u8; 1 << 20])));
    assert!((1 << 20..(1 << 20) + 4096).contains(&bytes), "{bytes}");
    assert_eq!(allocated(|| ()), 0);
}
