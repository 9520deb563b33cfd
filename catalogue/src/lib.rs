//! The texts of all languages: reads `lang/*.ftl` (Project Fluent), holds them to the same messages, and writes what the
//! page uses: Rust functions that know the English texts, and a file for each other language.
//!
//! Of Fluent is known what the page needs: messages of text, `{ $variables }` and `{ $number -> [one] … *[other] … }` by
//! plural category. What else a file holds is an error, and so is a message that a language lacks, has too many, or
//! with other variables, or without one of its plural forms.

mod plural;
mod read;
mod write;

use std::path::Path;

pub use write::Written;

/// The language that is in the program; the others are held to it.
const FIRST: &str = "en";
/// Messages whose names begin so have no function: they are found by their English text, in errors from all layers.
pub(crate) const FAULT: &str = "fault-";

/// All languages, English first, the others by their codes.
pub struct Catalogue {
    pub(crate) languages: Vec<Language>,
}

pub struct Language {
    /// `ar`, as in a `lang` attribute.
    pub code: String,
    /// As in the file.
    pub(crate) messages: Vec<Message>,
    /// The plural form of the numbers 0 to 199; a greater number has that of 100 and its last two digits.
    pub(crate) plurals: Vec<usize>,
}

/// One text with places for values.
#[derive(Debug, PartialEq)]
pub(crate) struct Message {
    pub name: String,
    pub parts: Vec<Part>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Text(String),
    /// The value of a variable.
    Value(String),
    /// One text for each plural category of the language, by the variable's number.
    Plural(String, Vec<Vec<Part>>),
}

impl Catalogue {
    /// Reads every `.ftl` file of a folder.
    ///
    /// # Errors
    /// The file and what is wrong with it, in a sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut languages = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?.flatten() {
            let path = entry.path();
            let Some(code) = path.file_stem().filter(|_| path.extension().is_some_and(|ext| ext == "ftl")) else {
                continue;
            };
            let source = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            languages.push((code.to_string_lossy().into_owned(), source));
        }
        Self::new(languages)
    }

    /// Of codes and the texts of their files.
    pub fn new(mut sources: Vec<(String, String)>) -> Result<Self, String> {
        sources.sort_by_key(|(code, _)| (code != FIRST, code.clone()));
        let read = |(code, source): &(String, String)| {
            Language::read(code, source).map_err(|e| format!("lang/{code}.ftl: {e}"))
        };
        let languages: Vec<Language> = sources.iter().map(read).collect::<Result<_, _>>()?;
        let first = languages.first().filter(|first| first.code == FIRST).ok_or("lang/en.ftl is missing")?;
        for other in &languages[1..] {
            other.check_against(first).map_err(|e| format!("lang/{}.ftl: {e}", other.code))?;
        }
        Ok(Self { languages })
    }

    pub fn languages(&self) -> &[Language] {
        &self.languages
    }
}

impl Language {
    /// A text without variables, by its name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn text(&self, name: &str) -> Result<String, String> {
        let found = self.messages.iter().find(|message| message.name == name);
        let parts = found.map_or(&[][..], |message| &message.parts);
        match parts {
            [Part::Text(text)] => Ok(text.clone()),
            _ => Err(format!("lang/{}.ftl: expected a plain text `{name}`", self.code)),
        }
    }

    /// A text with one variable, with this in its place.
    ///
    /// # Errors
    /// Where there is none.
    pub fn filled(&self, name: &str, value: &str) -> Result<String, String> {
        let found = self.messages.iter().find(|message| message.name == name && message.counts().is_empty());
        let message = found.ok_or_else(|| format!("lang/{}.ftl: expected a text `{name}`", self.code))?;
        let part = |part: &Part| if let Part::Text(text) = part { text.clone() } else { value.to_owned() };
        Ok(message.parts.iter().map(part).collect())
    }

    fn check_against(&self, first: &Language) -> Result<(), String> {
        for wanted in &first.messages {
            let own = self.messages.iter().find(|own| own.name == wanted.name);
            let own = own.ok_or_else(|| format!("the message `{}` is missing", wanted.name))?;
            let (mut ours, mut theirs) = (own.variables(), wanted.variables());
            ours.sort();
            theirs.sort();
            if ours != theirs {
                return Err(format!("`{}` has the variables {ours:?}, in English {theirs:?}", wanted.name));
            }
        }
        match self.messages.iter().find(|own| first.messages.iter().all(|wanted| wanted.name != own.name)) {
            Some(own) => Err(format!("English has no message `{}`", own.name)),
            None => Ok(()),
        }
    }
}

impl Message {
    /// Each once, in the order of the text.
    pub(crate) fn variables(&self) -> Vec<&str> {
        let mut all = Vec::new();
        collect(&self.parts, &mut |name, _| {
            if !all.contains(&name) {
                all.push(name);
            }
        });
        all
    }

    /// The variables that choose a plural form.
    pub(crate) fn counts(&self) -> Vec<&str> {
        let mut all = Vec::new();
        collect(&self.parts, &mut |name, counts| {
            if counts {
                all.push(name);
            }
        });
        all
    }
}

fn collect<'a>(parts: &'a [Part], take: &mut dyn FnMut(&'a str, bool)) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Value(name) => take(name, false),
            Part::Plural(name, forms) => {
                take(name, true);
                forms.iter().for_each(|form| collect(form, take));
            }
        }
    }
}

#[cfg(test)]
mod tests;
