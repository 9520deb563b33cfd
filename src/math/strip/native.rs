use wide::f32x8;

/// Eight numbers, in as many registers as this processor takes for them.
#[derive(Clone, Copy)]
pub struct Eight(f32x8);

impl Eight {
    #[inline(always)]
    pub fn zero() -> Self {
        Self(f32x8::ZERO)
    }

    /// # Safety
    ///
    /// Eight numbers are there.
    #[inline(always)]
    pub unsafe fn load(at: *const f32) -> Self {
        // SAFETY: the caller's word; arrays of f32 are aligned as f32 is.
        Self(f32x8::new(unsafe { at.cast::<[f32; 8]>().read() }))
    }

    /// # Safety
    ///
    /// One number is there.
    #[inline(always)]
    pub unsafe fn splat(at: *const f32) -> Self {
        // SAFETY: the caller's word.
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
    /// There is room for eight numbers.
    #[inline(always)]
    pub unsafe fn store(self, at: *mut f32) {
        // SAFETY: the caller's word.
        unsafe { at.cast::<[f32; 8]>().write(self.0.to_array()) }
    }
}
