//! The texts of the lesson: one function for each message of `lang/lesson/*.ftl`. All of them, including the English
//! ones, are in files that are only fetched when the lesson is opened.

use std::cell::Cell;

use super::{Arg, LANGUAGES, Texts, fill, language, said};

thread_local! {
    static OPEN: Cell<Option<&'static Texts>> = const { Cell::new(None) };
}

include!(concat!(env!("OUT_DIR"), "/lesson_messages.rs"));

/// The file of this thread's language in the folder `lang/lesson/`.
pub fn file() -> &'static str {
    let spoken = LANGUAGES.iter().position(|known| known.name == language());
    FILES[spoken.unwrap_or_default()]
}

/// Sets the texts to those of this file. Until then all are empty. They are never freed.
pub fn open(file: String) {
    OPEN.set(Some(Texts::read(file)));
}

pub fn is_open() -> bool {
    OPEN.get().is_some()
}

fn plain(place: usize, none: &'static str) -> &'static str {
    said(OPEN.get(), place, none)
}

fn filled(place: usize, none: &'static str, args: &[Arg]) -> String {
    let mut out = String::new();
    fill(OPEN.get(), plain(place, none), args, &mut out);
    out
}
