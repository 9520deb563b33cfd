use core::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

/// Eight numbers, in two registers.
#[derive(Clone, Copy)]
pub struct Eight(v128, v128);

impl Eight {
    #[inline(always)]
    pub fn zero() -> Self {
        Self(f32x4_splat(0.0), f32x4_splat(0.0))
    }

    /// # Safety
    ///
    /// Eight numbers are there.
    #[inline(always)]
    pub unsafe fn load(at: *const f32) -> Self {
        // SAFETY: the caller's word; loads need no alignment.
        unsafe { Self(v128_load(at.cast()), v128_load(at.add(4).cast())) }
    }

    /// # Safety
    ///
    /// One number is there.
    #[inline(always)]
    pub unsafe fn splat(at: *const f32) -> Self {
        // SAFETY: the caller's word.
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
    /// There is room for eight numbers.
    #[inline(always)]
    pub unsafe fn store(self, at: *mut f32) {
        // SAFETY: the caller's word.
        unsafe {
            v128_store(at.cast(), self.0);
            v128_store(at.add(4).cast(), self.1);
        }
    }
}
