//! Every text that a reader sees, in the reader's language: one function for each message of `lang/*.ftl`.
//!
//! The English texts are in these functions. Every other language is a file, written by the build (`catalogue`), which
//! the page fetches and sends to its worker. [`speak`] makes all functions of this thread use it.

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

/// A language of the page.
pub struct Language {
    /// The value of a `lang` attribute.
    pub code: &'static str,
    /// Its name in the language itself.
    pub name: &'static str,
    /// Its file in the folder `lang/`. Empty for English, which needs none.
    pub file: &'static str,
}

/// The content of a language's file.
struct Texts {
    file: &'static str,
    /// The plural forms of the numbers 0 to 199, as digits.
    plurals: &'static [u8],
    /// In the order of the English messages.
    messages: Vec<&'static str>,
    /// The English texts of errors, and their translations.
    faults: Vec<(&'static str, &'static str)>,
}

thread_local! {
    /// None for English.
    static SPOKEN: Cell<Option<&'static Texts>> = const { Cell::new(None) };
    /// All languages that have been set, because a worker that pages of several languages share alternates between
    /// them.
    static KNOWN: RefCell<Vec<&'static Texts>> = const { RefCell::new(Vec::new()) };
}

/// Sets this thread's language to the one of this file, or to English if the file is empty. Texts are never freed;
/// there are few of them.
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

/// The content of the file of this thread's language. Empty for English.
pub fn spoken() -> &'static str {
    SPOKEN.get().map_or("", |texts| texts.file)
}

/// Whether the page is laid out from right to left.
pub fn mirrored() -> bool {
    direction() == "rtl"
}

// The encoding of messages is described in catalogue/src/write.rs.
const CHOICE: char = '\u{e}';
const NEXT: char = '\u{f}';
const END: char = '\u{10}';
const MEANS: char = '\u{11}';

/// A message without placeholders, for lists of options.
pub type Name = fn() -> &'static str;

/// The value of a placeholder.
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

/// A message without placeholders.
fn plain(place: usize, english: &'static str) -> &'static str {
    said(SPOKEN.get(), place, english)
}

/// The message at `place` of these texts, or `otherwise` if there are none.
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

/// The plural form for a number.
fn form_of(texts: Option<&Texts>, arg: Option<&Arg>) -> usize {
    let Some(&Arg::Count(n)) = arg else { return usize::MAX };
    let Some(texts) = texts else { return usize::from(n != 1) };
    let place = if n < texts.plurals.len() { n } else { 100 + n % 100 };
    texts.plurals.get(place).map_or(0, |digit| usize::from(digit.wrapping_sub(b'0')))
}

/// Writes the value of a placeholder. In a text from right to left its direction is isolated (Unicode UAX 9: FSI ...
/// PDI), so that the order within names and numbers is kept.
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

/// A list of items as text.
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

/// Sentences as one text. Empty ones are left out.
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

/// A number, given with a decimal point, in the notation of this language.
pub fn decimal(number: String) -> String {
    match decimal_mark() {
        "." => number,
        mark => number.split('.').collect::<Vec<_>>().join(mark),
    }
}

#[cfg(test)]
mod tests;
