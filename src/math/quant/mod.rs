//! Stored numbers (floating-point and quantized) and their conversion to f32: one after the other ([`view`], with the
//! block formats in [`scalar`]), or for eight rows at once ([`interleaved`], [`simd`]).

pub mod dtype;
pub mod interleaved;
pub mod scalar;
pub mod simd;
pub mod view;
