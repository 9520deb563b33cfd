//! Measures and readings of a Trace; knows nothing of pictures.

mod row;
mod thumbnail;

pub use row::{find_token, row_table};
pub use thumbnail::{THUMB_SIDE, thumbnails};
