//! Every text that a reader sees, in the reader's language: one function for each message of `lang/*.ftl`.
//!
//! The English texts are in these functions. Another language is a file, written by the build (`catalogue`), which the
//! page fetches and gives to its worker; [`speak`] makes all functions of this thread speak it.

mod clusters;
mod direction;
mod display;
mod fault;
pub mod lesson;
mod messages;

use std::cell::{Cell, RefCell};

pub use clusters::{Clusters, Segment, boundaries, segment_by};
pub use direction::{is_right_to_left, isolated, runs_right_to_left};
pub use display::{TOKEN_COLUMNS, beginning, column_count, line, line_feeds, shortened, visible};
pub use fault::translated;
pub use messages::*;

/// A language that the page speaks.
pub struct Language {
    /// As in a `lang` attribute.
    pub code: &'static str,
    /// Its own name for itself.
    pub name: &'static str,
    /// Its file in the folder `lang/`; empty for English, which needs none.
    pub file: &'static str,
}

/// A language's file, read.
struct Texts {
    file: &'static str,
    /// The plural form of 0 to 199, as digits.
    plurals: &'static [u8],
    /// In the order of the English messages.
    messages: Vec<&'static str>,
    /// English texts of faults, and what they are here.
    faults: Vec<(&'static str, &'static str)>,
}

thread_local! {
    /// None: English.
    static SPOKEN: Cell<Option<&'static Texts>> = const { Cell::new(None) };
    /// All that have been spoken: a worker that pages of several languages share speaks them in turn.
    static KNOWN: RefCell<Vec<&'static Texts>> = const { RefCell::new(Vec::new()) };
}

/// Makes this thread speak the language of this file; English for an empty one. Texts are kept for good: there
/// are few of them.
pub fn speak(file: String) {
    if file == spoken() {
        return;
    }
    if file.is_empty() {
        return SPOKEN.set(None);
    }
    if let Some(texts) = KNOWN.with_borrow(|known| known.iter().copied().find(|texts| texts.file == file)) {
        return SPOKEN.set(Some(texts));
    }
    let texts = Texts::read(file);
    KNOWN.with_borrow_mut(|known| known.push(texts));
    SPOKEN.set(Some(texts));
}

impl Texts {
    fn read(file: String) -> &'static Self {
        let file: &'static str = Box::leak(file.into_boxed_str());
        let (plurals, rest) = file.split_once('\n').unwrap_or((file, ""));
        let (plurals, mut messages, mut faults) = (plurals.as_bytes(), Vec::new(), Vec::new());
        for line in rest.split('\n') {
            match line.split_once(MEANS) {
                Some(fault) => faults.push(fault),
                None => messages.push(line),
            }
        }
        Box::leak(Box::new(Self { file, plurals, messages, faults }))
    }
}

/// The file of the language that this thread speaks; empty for English.
pub fn spoken() -> &'static str {
    SPOKEN.get().map_or("", |texts| texts.file)
}

/// The page is laid out from right to left.
pub fn mirrored() -> bool {
    direction() == "rtl"
}

// How a message is written: see catalogue/src/write.rs.
const CHOICE: char = '\u{e}';
const NEXT: char = '\u{f}';
const END: char = '\u{10}';
const MEANS: char = '\u{11}';

/// A message without places, for lists of what can be chosen.
pub type Name = fn() -> &'static str;

/// What stands in a message's places.
pub enum Arg<'a> {
    Text(&'a str),
    Count(usize),
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

/// A message without places.
fn plain(place: usize, english: &'static str) -> &'static str {
    said(SPOKEN.get(), place, english)
}

/// A message of these texts, or else that one.
fn said(texts: Option<&Texts>, place: usize, otherwise: &'static str) -> &'static str {
    texts.and_then(|texts| texts.messages.get(place).copied()).unwrap_or(otherwise)
}

fn filled(place: usize, english: &'static str, args: &[Arg]) -> String {
    let mut out = String::new();
    fill(SPOKEN.get(), plain(place, english), args, &mut out);
    out
}

fn fill(texts: Option<&Texts>, pattern: &str, args: &[Arg], out: &mut String) {
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        match c {
            '\u{1}'..='\u{8}' => put(args.get(c as usize - 1), out),
            CHOICE => {
                let (choice, after) = rest.split_once(END).unwrap_or((rest, ""));
                let mut choice = choice.chars();
                choice.next();
                let arg = choice.next().and_then(|c| args.get((c as usize).wrapping_sub(1)));
                let forms = choice.as_str();
                let form = forms.split(NEXT).nth(form_of(texts, arg)).or_else(|| forms.split(NEXT).next_back());
                fill(texts, form.unwrap_or_default(), args, out);
                rest = after;
                continue;
            }
            c => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

/// Which plural form goes with a number.
fn form_of(texts: Option<&Texts>, arg: Option<&Arg>) -> usize {
    let Some(&Arg::Count(n)) = arg else { return usize::MAX };
    let Some(texts) = texts else { return usize::from(n != 1) };
    let place = if n < texts.plurals.len() { n } else { 100 + n % 100 };
    texts.plurals.get(place).map_or(0, |digit| usize::from(digit.wrapping_sub(b'0')))
}

/// In a text from right to left every value keeps its own direction (Unicode UAX 9: FSI ... PDI), so that names and
/// numbers are not turned around.
fn put(arg: Option<&Arg>, out: &mut String) {
    match arg {
        Some(Arg::Text(text)) if mirrored() && !text.starts_with(direction::OPEN) => {
            out.extend([direction::OPEN]);
            out.push_str(text);
            out.push(direction::CLOSE);
        }
        Some(Arg::Text(text)) => out.push_str(text),
        Some(Arg::Count(count)) => out.push_str(&count.to_string()),
        None => {}
    }
}

/// Items one after the other.
pub fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut out = String::new();
    items.into_iter().for_each(|item| add(item.as_ref(), &mut out));
    out
}

fn add(item: &str, out: &mut String) {
    if !out.is_empty() {
        out.push_str(list_comma());
    }
    put(Some(&Arg::Text(item)), out);
}

/// Sentences one after the other: empty ones are none.
pub fn sentences<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut out = String::new();
    items.into_iter().for_each(|item| add_sentence(item.as_ref(), &mut out));
    out
}

fn add_sentence(sentence: &str, out: &mut String) {
    if !out.is_empty() && !sentence.is_empty() {
        out.push_str(between_sentences());
    }
    out.push_str(sentence);
}

/// A number written with a point, as this language writes it.
pub fn decimal(number: String) -> String {
    match decimal_mark() {
        "." => number,
        mark => number.split('.').collect::<Vec<_>>().join(mark),
    }
}

#[cfg(test)]
mod tests;
