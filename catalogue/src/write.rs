//! What the page uses: functions in Rust with the English texts in them, and the other languages as files.
//!
//! Written, a text is a line. The characters 1 to 8 stand for the values of its variables; 14 and one of these begin a
//! choice by that number's plural, 15 stands between its forms and 16 ends it. `src/text/mod.rs` reads it.

use super::{Catalogue, FAULT, Language, Message, Part};

/// The most variables of a message.
const MOST: usize = 8;
const CHOICE: char = '\u{e}';
const NEXT: char = '\u{f}';
const END: char = '\u{10}';
/// Between an English text and its translation.
const MEANS: char = '\u{11}';

/// A language as a file.
pub struct Written {
    pub code: String,
    /// Its name holds its hash: no page reads the file of another version.
    pub name: String,
    pub text: String,
}

impl Catalogue {
    /// `LANGUAGES`, and a function for each message: those without variables give a text, the others take their values in
    /// the order of the English text.
    ///
    /// # Errors
    /// A message that cannot be written, in a sentence.
    pub fn rust(&self) -> Result<String, String> {
        let files = self.files()?;
        let mut out = format!("pub const LANGUAGES: [Language; {}] = [\n", self.languages.len());
        for language in &self.languages {
            let file = files.iter().find(|file| file.code == language.code).map_or("", |file| &file.name);
            let name = language.text("language")?;
            out += &format!("Language {{ code: {:?}, name: {name:?}, file: {file:?} }},\n", language.code);
        }
        out += "];\n";
        Ok(out + &self.functions(true)?)
    }

    /// `FILES`, their names in the order of the languages, and a function for each message, whose texts are all in the
    /// files, English ones too: for what few readers open.
    ///
    /// # Errors
    /// A message that cannot be written, in a sentence.
    pub fn rust_apart(&self) -> Result<String, String> {
        let names: Vec<String> = self.files_apart()?.into_iter().map(|file| file.name).collect();
        let files = format!("pub const FILES: [&str; {}] = {names:?};\n", names.len());
        Ok(files + &self.functions(false)?)
    }

    /// With the English texts in them, or with none.
    fn functions(&self, with_english: bool) -> Result<String, String> {
        let first = &self.languages[0];
        let mut out = String::new();
        for (place, message) in said(first).enumerate() {
            let (name, variables, line) =
                (message.name.replace('-', "_"), message.variables(), line(message, message)?);
            let line = if with_english { line } else { String::new() };
            let told = format!("`{}`", literal(&message.parts).replace('`', "'"));
            if variables.is_empty() {
                out += &format!("/// {told}\npub fn {name}() -> &'static str {{ plain({place}, {line:?}) }}\n");
                continue;
            }
            let counts = |variable: &str| {
                self.languages
                    .iter()
                    .flat_map(|l| &l.messages)
                    .any(|m| m.name == message.name && m.counts().contains(&variable))
            };
            let takes =
                variables.iter().map(|v| format!("{v}: {}", if counts(v) { "usize" } else { "impl Into<Arg<'a>>" }));
            let lives = if variables.iter().all(|v| counts(v)) { "" } else { "<'a>" };
            let (takes, gives) =
                (takes.collect::<Vec<_>>().join(", "), variables.iter().map(|v| format!("{v}.into()")));
            let gives = gives.collect::<Vec<_>>().join(", ");
            out += &format!(
                "/// {told}\npub fn {name}{lives}({takes}) -> String {{ filled({place}, {line:?}, &[{gives}]) }}\n"
            );
        }
        Ok(out)
    }

    /// All languages but English.
    ///
    /// # Errors
    /// A message that cannot be written, in a sentence.
    pub fn files(&self) -> Result<Vec<Written>, String> {
        self.written(&self.languages[1..])
    }

    /// All languages, as [`Self::rust_apart`] wants them.
    ///
    /// # Errors
    /// A message that cannot be written, in a sentence.
    pub fn files_apart(&self) -> Result<Vec<Written>, String> {
        self.written(&self.languages)
    }

    fn written(&self, languages: &[Language]) -> Result<Vec<Written>, String> {
        let first = &self.languages[0];
        let mut files = Vec::new();
        for language in languages {
            let own = |wanted: &Message| {
                let own = language.messages.iter().find(|own| own.name == wanted.name);
                line(own.unwrap_or(wanted), wanted)
            };
            let plurals: String = language.plurals.iter().map(usize::to_string).collect();
            let mut lines = vec![plurals];
            for wanted in said(first) {
                lines.push(own(wanted)?);
            }
            for fault in first.messages.iter().filter(|m| m.name.starts_with(FAULT)) {
                lines.push(format!("{}{MEANS}{}", line(fault, fault)?, own(fault)?));
            }
            // The order is that of the English messages: with one more, every file is another.
            let names: String = first.messages.iter().map(|message| message.name.as_str()).collect();
            let text = lines.join("\n") + "\n";
            let name = format!("{}-{:016x}.txt", language.code, hash(&[names.as_bytes(), text.as_bytes()]));
            files.push(Written { code: language.code.clone(), name, text });
        }
        Ok(files)
    }
}

fn said(language: &Language) -> impl Iterator<Item = &Message> {
    language.messages.iter().filter(|message| !message.name.starts_with(FAULT))
}

/// A message as a line, its variables counted as in the English one.
fn line(message: &Message, english: &Message) -> Result<String, String> {
    let variables = english.variables();
    if variables.len() > MOST {
        return Err(format!("`{}`: expected {MOST} variables at most", message.name));
    }
    let mark = |name: &str| {
        let place = variables.iter().position(|v| *v == name).unwrap_or(0);
        char::from(place as u8 + 1)
    };
    let mut out = String::new();
    write(&message.parts, &mark, &mut out);
    Ok(out)
}

fn write(parts: &[Part], mark: &dyn Fn(&str) -> char, out: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Value(name) => out.push(mark(name)),
            Part::Plural(name, forms) => {
                out.extend([CHOICE, mark(name)]);
                for (i, form) in forms.iter().enumerate() {
                    if i > 0 {
                        out.push(NEXT);
                    }
                    write(form, mark, out);
                }
                out.push(END);
            }
        }
    }
}

/// A text for whoever reads the code.
fn literal(parts: &[Part]) -> String {
    let written = parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Value(name) => format!("{{{name}}}"),
        Part::Plural(_, forms) => forms.iter().map(|form| literal(form)).collect::<Vec<_>>().join("|"),
    });
    written.collect()
}

/// FNV-1a: the same in every build.
fn hash(all: &[&[u8]]) -> u64 {
    let bytes = all.iter().flat_map(|bytes| bytes.iter());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
