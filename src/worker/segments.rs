//! Grapheme clusters by the browser's `Intl.Segmenter`. Tables of our own would cost page and worker 6 KB each.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::text::segment_by;

#[wasm_bindgen]
extern "C" {
    /// Its default granularity is the grapheme cluster.
    #[wasm_bindgen(js_namespace = Intl)]
    type Segmenter;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new() -> Result<Segmenter, JsValue>;

    #[wasm_bindgen(method)]
    fn segment(this: &Segmenter, text: &str) -> Object;
}

/// Makes this thread divide texts into clusters by the browser.
pub fn install() {
    segment_by(begins);
}

/// The byte at which each cluster begins. Without a segmenter (Firefox before 125), each character is a cluster.
fn begins(text: &str) -> Vec<usize> {
    let Ok(segmenter) = Segmenter::new() else { return text.char_indices().map(|(at, _)| at).collect() };
    let (mut at, mut rest) = (0, text.chars());
    let mut begins = Vec::new();
    for cluster in Array::from(&segmenter.segment(text)) {
        begins.push(at);
        let cluster = Reflect::get(&cluster, &"segment".into()).map(JsString::unchecked_from_js);
        // JavaScript counts UTF-16 code units, of which larger characters have two.
        let mut halves = cluster.map_or(0, |cluster| cluster.length() as usize);
        while let Some(c) = (halves > 0).then(|| rest.next()).flatten() {
            halves = halves.saturating_sub(c.len_utf16());
            at += c.len_utf8();
        }
    }
    begins
}
