//! Kernels, each with a scalar twin that it is tested against.
