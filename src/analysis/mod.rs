//! Measures and readings of a Trace; knows nothing of pictures.

mod reading;
mod thumbnail;

pub use reading::{Edge, HeadMap, Row, Special, by_mass, strongest};
pub use thumbnail::{THUMB_SIDE, thumbnails};
