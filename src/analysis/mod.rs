//! Measures and readings of a Trace; knows nothing of pictures.

mod reading;
mod table;
mod thumbnail;

pub use reading::{Edge, HeadMap, Row, Special, by_mass, strongest};
pub use table::{find_token, row_table};
pub use thumbnail::{THUMB_SIDE, thumbnails};
