//! Eight numbers at once on processors other than WebAssembly.

use wide::f32x8;

/// Eight numbers, in as many registers as the processor needs for them.
#[derive(Clone, Copy)]
pub struct F32x8(f32x8);

impl F32x8 {
    #[inline(always)]
    pub fn zero() -> Self {
        Self(f32x8::ZERO)
    }

    /// # Safety
    ///
    /// `at` points to eight consecutive numbers that can be read.
    #[inline(always)]
    pub unsafe fn load(at: *const f32) -> Self {
        // SAFETY: the caller guarantees eight numbers, and an array of f32 has the alignment of f32.
        Self(f32x8::new(unsafe { at.cast::<[f32; 8]>().read() }))
    }

    /// # Safety
    ///
    /// `at` points to a number that can be read.
    #[inline(always)]
    pub unsafe fn splat(at: *const f32) -> Self {
        // SAFETY: the caller guarantees a number that can be read.
        Self(f32x8::splat(unsafe { at.read() }))
    }

    /// `self * factor + addend`.
    #[inline(always)]
    pub fn times_plus(self, factor: Self, addend: Self) -> Self {
        Self(self.0 * factor.0 + addend.0)
    }

    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// # Safety
    ///
    /// `at` points to room for eight consecutive numbers that can be written and that nothing else uses meanwhile.
    #[inline(always)]
    pub unsafe fn store(self, at: *mut f32) {
        // SAFETY: the caller guarantees room for eight numbers; an array of f32 has the alignment of f32.
        unsafe { at.cast::<[f32; 8]>().write(self.0.to_array()) }
    }
}
