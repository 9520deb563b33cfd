//! Eight numbers at once on WebAssembly.

use core::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

/// Eight numbers, in two registers of four.
#[derive(Clone, Copy)]
pub struct F32x8(v128, v128);

impl F32x8 {
    #[inline(always)]
    pub fn zero() -> Self {
        Self(f32x4_splat(0.0), f32x4_splat(0.0))
    }

    /// # Safety
    ///
    /// `at` points to eight consecutive numbers that can be read.
    #[inline(always)]
    pub unsafe fn load(at: *const f32) -> Self {
        // SAFETY: the caller guarantees eight numbers that can be read, four for each load; WebAssembly's loads need no
        // alignment.
        unsafe { Self(v128_load(at.cast()), v128_load(at.add(4).cast())) }
    }

    /// # Safety
    ///
    /// `at` points to a number that can be read.
    #[inline(always)]
    pub unsafe fn splat(at: *const f32) -> Self {
        // SAFETY: the caller guarantees a number that can be read.
        let number = unsafe { v128_load32_splat(at.cast()) };
        Self(number, number)
    }

    /// `self * factor + addend`.
    #[inline(always)]
    pub fn times_plus(self, factor: Self, addend: Self) -> Self {
        let times_plus = |a, b, c| f32x4_add(f32x4_mul(a, b), c);
        Self(times_plus(self.0, factor.0, addend.0), times_plus(self.1, factor.1, addend.1))
    }

    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0), f32x4_add(self.1, other.1))
    }

    /// # Safety
    ///
    /// `at` points to room for eight consecutive numbers that can be written and that nothing else uses meanwhile.
    #[inline(always)]
    pub unsafe fn store(self, at: *mut f32) {
        // SAFETY: the caller guarantees room for eight numbers, four for each store; WebAssembly's stores need no
        // alignment.
        unsafe {
            v128_store(at.cast(), self.0);
            v128_store(at.add(4).cast(), self.1);
        }
    }
}
