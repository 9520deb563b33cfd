//! The number formats of weight files, and how many bytes they take.

/// Numbers in one block of ggml's older formats.
pub const SMALL_BLOCK: usize = 32;
/// Numbers in one block of ggml's K formats.
pub const LARGE_BLOCK: usize = 256;

/// How the numbers of a tensor are stored, always little-endian. The names are those of the safetensors and ggml
/// formats.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DType {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ4_NL,
}

impl DType {
    /// The numbers of one block, which can only be stored together, and the bytes of that block. A block of the plain
    /// floating-point formats is a single number.
    pub fn block(self) -> (usize, usize) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 | Self::BF16 => (1, 2),
            Self::Q4_0 | Self::IQ4_NL => (SMALL_BLOCK, 18),
            Self::Q4_1 => (SMALL_BLOCK, 20),
            Self::Q5_0 => (SMALL_BLOCK, 22),
            Self::Q5_1 => (SMALL_BLOCK, 24),
            Self::Q8_0 => (SMALL_BLOCK, 34),
            Self::Q2_K => (LARGE_BLOCK, 84),
            Self::Q3_K => (LARGE_BLOCK, 110),
            Self::Q4_K => (LARGE_BLOCK, 144),
            Self::Q5_K => (LARGE_BLOCK, 176),
            Self::Q6_K => (LARGE_BLOCK, 210),
        }
    }

    /// The bytes of `count` numbers. `count` must be a multiple of the block size.
    pub fn bytes_of(self, count: usize) -> usize {
        let (numbers, bytes) = self.block();
        debug_assert!(count.is_multiple_of(numbers), "{count} numbers are no whole blocks of {self:?}");
        count / numbers * bytes
    }
}
