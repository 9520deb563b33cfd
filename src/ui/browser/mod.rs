//! The browser around the page: windows, files, clipboard, keys, storage, colours and text widths.

pub mod clipboard;
pub mod files;
pub mod frame;
pub mod keys;
pub mod language;
pub mod message;
pub mod storage;
pub mod text_width;
pub mod theme;
