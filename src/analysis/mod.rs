//! Measures and readings of a Trace; knows nothing of pictures.

mod thumbnail;

pub use thumbnail::{THUMB_SIDE, thumbnails};
