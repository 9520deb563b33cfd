//! The browser's own knowledge of where characters end that are made of several: the tables would cost page and worker
//! 6 KB each.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::text::segment_by;

#[wasm_bindgen]
extern "C" {
    /// By clusters is what it does unasked.
    #[wasm_bindgen(js_namespace = Intl)]
    type Segmenter;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new() -> Result<Segmenter, JsValue>;

    #[wasm_bindgen(method)]
    fn segment(this: &Segmenter, text: &str) -> Object;
}

/// Makes this thread's texts be cut where the browser says.
pub fn install() {
    segment_by(begins);
}

/// The bytes where clusters begin; of every character where the browser does not know (Firefox before 125).
fn begins(text: &str) -> Vec<usize> {
    let Ok(segmenter) = Segmenter::new() else { return text.char_indices().map(|(at, _)| at).collect() };
    let (mut at, mut rest) = (0, text.chars());
    let mut begins = Vec::new();
    for cluster in Array::from(&segmenter.segment(text)) {
        begins.push(at);
        let cluster = Reflect::get(&cluster, &"segment".into()).map(JsString::unchecked_from_js);
        // Counted as JavaScript does: in halves of the larger characters.
        let mut halves = cluster.map_or(0, |cluster| cluster.length() as usize);
        while let Some(c) = (halves > 0).then(|| rest.next()).flatten() {
            halves = halves.saturating_sub(c.len_utf16());
            at += c.len_utf8();
        }
    }
    begins
}
