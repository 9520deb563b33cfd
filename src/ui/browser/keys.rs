//! The keys of the keyboard by their names.

use web_sys::KeyboardEvent;

use crate::ui::browser::storage::storage;

/// The key by its name, or none where it is not the page's: one that an input method takes, or a letter or sign while
/// those are switched off. A letter is small whatever Caps Lock says; where the layout is not Latin (Arabic, Cyrillic,
/// Greek), a letter or sign is the Latin one at its place.
pub fn meant(event: &KeyboardEvent) -> Option<String> {
    // Browsers that do not say that an input method composes have this number for every key that it takes.
    const TAKEN_BY_INPUT_METHOD: u32 = 229;
    if event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD {
        return None;
    }
    let key = event.key();
    let mut signs = key.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return Some(key) };
    let command = event.ctrl_key() || event.meta_key();
    if sign != ' ' && !command && storage().and_then(|s| s.get_item(LETTERS).ok().flatten()).is_some() {
        return None;
    }
    Some(match sign {
        '؟' | '？' | '\u{37e}' | '՞' => "?".into(),
        '،' | '、' | '，' => ",".into(),
        '。' | '．' => ".".into(),
        '「' | '［' => "[".into(),
        '」' | '］' => "]".into(),
        '／' => "/".into(),
        sign if sign.is_ascii() => key.to_ascii_lowercase(),
        _ => match event.code().as_str() {
            "BracketLeft" => "[".into(),
            "BracketRight" => "]".into(),
            "Comma" => ",".into(),
            "Period" => ".".into(),
            "Slash" => "/".into(),
            code => code.strip_prefix("Key").map_or(key, str::to_ascii_lowercase),
        },
    })
}

/// Where the reader's choice that letters do nothing is kept.
pub const LETTERS: &str = "attnscope-letters";
