//! The browser's own knowledge of where characters end that are made of several: the tables would cost page and worker
//! 6 KB each.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::text::segment_by;

/// Makes this thread's texts be cut where the browser says.
pub fn install() {
    segment_by(begins);
}

/// The bytes where clusters begin; of every character where the browser does not know (Firefox before 125).
fn begins(text: &str) -> Vec<usize> {
    let Some(clusters) = clusters(text) else { return text.char_indices().map(|(at, _)| at).collect() };
    let mut at = 0;
    let mut begins = Vec::with_capacity(clusters.length() as usize);
    for cluster in clusters {
        begins.push(at);
        let cluster = Reflect::get(&cluster, &"segment".into()).ok().and_then(|segment| segment.as_string());
        at += cluster.map_or(0, |cluster| cluster.len());
    }
    begins
}

/// `Array.from(new Intl.Segmenter().segment(text))`: by clusters is what it does unasked.
fn clusters(text: &str) -> Option<Array> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let segmenter: Function = Reflect::get(&intl, &"Segmenter".into()).ok()?.dyn_into().ok()?;
    let segmenter = Reflect::construct(&segmenter, &Array::new()).ok()?;
    let segment: Function = Reflect::get(&segmenter, &"segment".into()).ok()?.dyn_into().ok()?;
    let segments: Object = segment.call1(&segmenter, &JsValue::from(text)).ok()?.dyn_into().ok()?;
    Some(Array::from(&segments))
}
