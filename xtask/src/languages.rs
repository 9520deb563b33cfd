//! The texts of lang/*.ftl in what is not Rust: a file for each language but English, the embed script, and what stands
//! in the page for who has no script.

use std::fs;
use std::path::Path;

use catalogue::{Catalogue, Language};

use crate::run::{Outcome, root};

/// Where assets/embed.js has room for the languages.
const TITLES: &str = "const TITLES = { en: ['Attention in “$”', 'a sentence'] };";

pub fn read() -> Outcome<Catalogue> {
    Catalogue::read(&root().join("lang"))
}

/// Writes the files of all languages into `stage`, and the embed script that is there anew.
pub fn write(stage: &Path) -> Outcome {
    let all = read()?;
    let folder = stage.join("lang");
    let of_lesson = Catalogue::read(&root().join("lang/lesson"))?;
    for (folder, files) in [(folder.join("lesson"), of_lesson.files_apart()?), (folder, all.files()?)] {
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        for file in files {
            fs::write(folder.join(&file.name), file.text).map_err(|e| format!("lang/{}: {e}", file.name))?;
        }
    }
    let path = stage.join("embed.js");
    let script = fs::read_to_string(&path).map_err(|e| format!("embed.js: {e}"))?;
    fs::write(&path, titled(&script, &all)?).map_err(|e| format!("embed.js: {e}"))
}

fn titled(script: &str, all: &Catalogue) -> Outcome<String> {
    if !script.contains(TITLES) {
        return Err(format!("assets/embed.js: expected the line {TITLES}"));
    }
    let mut titles = String::new();
    for language in all.languages() {
        let (title, sentence) = (language.filled("frame-title", "$")?, language.text("a-sentence")?);
        titles += &format!("\n    {}: [{title:?}, {sentence:?}],", language.code);
    }
    Ok(script.replace(TITLES, &format!("const TITLES = {{{titles}\n  }};")))
}

/// Where assets/startup.js has room for its texts.
const TEXTS: &str = "var TEXTS = {};";

/// The script that says why the page does not start, with its texts in all languages.
pub fn startup() -> Outcome<String> {
    let script = include_str!("../../assets/startup.js");
    if !script.contains(TEXTS) {
        return Err(format!("assets/startup.js: expected the line {TEXTS}"));
    }
    let mut texts = String::new();
    for language in read()?.languages() {
        let said = [
            ("direction", language.text("direction")?),
            ("file", language.text("start-file")?),
            ("wasm", language.text("start-wasm")?),
            ("part", language.filled("start-part", "$")?),
            ("failed", language.filled("start-failed", "$")?),
        ];
        let said = said.map(|(name, text)| format!("{name}: {}", literal(&text))).join(", ");
        texts += &format!("\n    {}: {{ {said} }},", language.code);
    }
    let texts = texts.trim_end_matches(',');
    Ok(script.replace(TEXTS, &format!("var TEXTS = {{{texts}\n  }};")))
}

/// A text as JavaScript has it. Rust's own way to write one has escapes that are newer than old browsers.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The page, with what it says to who has no script in all languages.
pub fn told_without_script(html: &str) -> Outcome<String> {
    in_all_languages(html, "<noscript>", "</noscript>", &|language| language.text("needs-script"))
}

/// A paragraph of each language, in its direction, in the place of what stands between two marks.
pub fn in_all_languages(
    html: &str,
    open: &str,
    close: &str,
    say: &dyn Fn(&Language) -> Outcome<String>,
) -> Outcome<String> {
    let parts = html.split_once(open).and_then(|(before, rest)| Some((before, rest.split_once(close)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("index.html: expected {open} and {close}"))?;
    let mut said = String::new();
    for language in read()?.languages() {
        let (code, direction) = (&language.code, language.text("direction")?);
        said += &format!("<p lang=\"{code}\" dir=\"{direction}\">{}</p>", say(language)?);
    }
    Ok(format!("{before}{open}{said}{close}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embed_script_knows_all_languages() {
        let script = titled(include_str!("../../assets/embed.js"), &read().unwrap()).unwrap();
        for line in ["    en: [\"Attention in “$”\", \"a sentence\"],\n", "    ar: [\"", "    ja: [\""] {
            assert!(script.contains(line), "{line}");
        }
        assert!(titled("const TITLES = {};", &read().unwrap()).is_err());
    }

    #[test]
    fn why_the_page_does_not_start_is_said_in_all_languages() {
        let script = startup().unwrap();
        for code in ["en", "ar", "ja"] {
            let line = script.lines().find(|line| line.starts_with(&format!("    {code}: {{ direction: ")));
            let line = line.unwrap_or_else(|| panic!("no line of {code}: {script}"));
            for text in ["file: \"", "wasm: \"", "part: \"", "failed: \""] {
                assert!(line.contains(text), "{code}: {text}");
            }
            assert_eq!(line.matches('$').count(), 2, "{code}: a place for the part and one for the error");
        }
        assert!(!script.contains("\\u{"), "old browsers do not read such escapes");
    }

    #[test]
    fn who_has_no_script_is_told_in_all_languages() {
        let html = told_without_script("<body><noscript>x</noscript><p>").unwrap();
        assert!(html.starts_with("<body><noscript><p lang=\"en\" dir=\"ltr\">Attnscope runs"), "{html}");
        assert!(html.contains("<p lang=\"ar\" dir=\"rtl\">") && html.ends_with("</noscript><p>"), "{html}");
        assert!(told_without_script("<body>").is_err());
    }
}
