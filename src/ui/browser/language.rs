//! Which language the page speaks: that of the frame it stands in, else the reader's choice, else the first of the
//! browser's that it has, else English.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::text::{self, LANGUAGES, Language};
use crate::ui::browser::files::{address, fetched};
use crate::ui::browser::frame::parameter;
use crate::ui::browser::storage::storage;
use crate::worker::segments;

const KEY: &str = "attnscope-language";

/// Makes this thread speak that language, before anything is on screen. English needs no file; where another's cannot be
/// fetched, it is English.
pub async fn settle() {
    segments::install();
    if let Some(language) = wanted().filter(|language| !language.file.is_empty())
        && let Some(file) = fetched(&address(&format!("lang/{}", language.file))).await
    {
        text::speak(String::from_utf8(file).unwrap_or_default());
    }
    // The picture before the page was laid out for the language that was asked for.
    let spoken = LANGUAGES.iter().find(|language| language.name == text::language());
    if let (Some(root), Some(language)) = (document().document_element(), spoken) {
        // Setting an attribute of the document's own element does not fail.
        let _ = root.set_attribute("lang", language.code);
        let _ = root.set_attribute("dir", text::direction());
    }
}

/// None: English, because nothing else was asked for.
fn wanted() -> Option<&'static Language> {
    let asked = parameter("lang").and_then(|tag| spoken(&tag));
    let chosen = || spoken(&storage()?.get_item(KEY).ok()??);
    let browsers = || window().navigator().languages().iter().find_map(|tag| spoken(&tag.as_string()?));
    asked.or_else(chosen).or_else(browsers)
}

/// The language of a tag such as `ar-EG`.
fn spoken(tag: &str) -> Option<&'static Language> {
    let own = tag.split('-').next().unwrap_or_default();
    LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(own))
}

/// Keeps the reader's choice and shows the page anew in it. What is on screen is in the address.
pub fn choose(language: &Language) {
    // Refused storage only means that the choice is forgotten.
    let _ = storage().map(|s| s.set_item(KEY, language.code));
    // A language in the address comes first: without it the choice holds.
    let location = window().location();
    let kept = location.hash().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    // Refused in some frames: then the reader's own reload does it.
    let _ =
        window().history().and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{kept}"))));
    let _ = location.reload();
}
