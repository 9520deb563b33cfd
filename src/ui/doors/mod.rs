//! What comes to the page from outside: its address, scripts, the page around, keys, dropped files.

pub mod drop;
pub mod embed;
pub mod keys;
pub mod panes;
pub mod script;
pub mod url;
