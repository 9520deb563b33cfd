//! The root of the module that build.rs makes: [`strip`] with fused multiply-add, for the library's own memory.
#![no_std]

#[path = "../strip.rs"]
mod strip;

#[panic_handler]
fn never(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// # Safety
///
/// As of `strip::compute`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn compute(strip: &strip::Strip) {
    // SAFETY: the caller's word.
    unsafe { strip::compute(strip) }
}
