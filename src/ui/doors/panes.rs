//! The panes of the page, as the keys go from one to the next.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::ui::browser::frame::embedded;

/// The toolbar, the sentence, the heatmap, the heads, the inspector: what is in each, and what of it takes the focus, the
/// first that is in sight.
const PANES: [(&str, &[&str]); 5] = [
    (".rows", &[".rows .row [tabindex='0']", ".rows [tabindex='0']"]),
    ("[data-pane=sentence]", &["#sentence"]),
    ("[data-pane=heatmap]", &["#heatmap", "#heatmap-other"]),
    ("[data-pane=heads]", &["#grid"]),
    (".tabs, [data-pane=inspector], .drawer-open", &[".tabs [aria-selected=true]", "#open-inspector"]),
];

/// Moves the focus to the next or the previous pane; false where there is none to go to. After the last comes the first, but
/// in a frame the browser goes on to what is around it.
pub fn go(on: bool) -> bool {
    let active = document().active_element();
    let is_in =
        |pane: &str| active.as_ref().is_some_and(|active| active.closest(pane).is_ok_and(|found| found.is_some()));
    let at = PANES.iter().position(|(pane, _)| is_in(pane));
    way(at, on, embedded()).any(|pane| PANES[pane].1.iter().any(|taker| focus(taker)))
}

/// The panes in the order in which they are tried; from none, all of them.
fn way(from: Option<usize>, on: bool, ends: bool) -> impl Iterator<Item = usize> {
    let count = PANES.len();
    let others = match (from, on) {
        (None, true) => (0..count).collect::<Vec<_>>(),
        (None, false) => (0..count).rev().collect(),
        (Some(at), true) => (at + 1..count).chain((0..at).filter(|_| !ends)).collect(),
        (Some(at), false) => (0..at).rev().chain((at + 1..count).rev().filter(|_| !ends)).collect(),
    };
    others.into_iter()
}

/// Keeps the focus in the pane of this element, where what has it is made anew by what a key does: the names in a sentence.
pub fn stay(at: &Element) {
    let Some(pane) = at.closest("[data-pane]").ok().flatten().and_then(|pane| pane.get_attribute("data-pane")) else {
        return;
    };
    request_animation_frame(move || {
        let is_lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
        if is_lost {
            focus(&format!("[data-pane={pane}] :is(button, [tabindex='0'])"));
        }
    });
}

/// Gives the focus to the first element of this selector that takes it: what is out of sight does not.
pub fn focus(selector: &str) -> bool {
    let found = document().query_selector_all(selector).ok();
    let found = found.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| list.get(i)));
    found.filter_map(|node| node.dyn_into::<HtmlElement>().ok()).any(|element| {
        // What refuses the focus has not got it.
        let _ = element.focus();
        document().active_element().as_ref() == Some(element.unchecked_ref::<Element>())
    })
}

/// Opens a popover and goes into it; false where its button is out of sight.
pub fn open(id: &str) -> bool {
    let Some(popover) = document().get_element_by_id(id).filter(|_| focus(&format!("#{id} > summary"))) else {
        return false;
    };
    let _ = popover.set_attribute("open", "");
    focus(&format!("#{id} > .panel :is(button, select, input)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_follow_each_other_both_ways_and_round_the_end_but_in_a_frame() {
        let way = |from, on, ends| way(from, on, ends).collect::<Vec<_>>();
        assert_eq!(way(None, true, false), [0, 1, 2, 3, 4]);
        assert_eq!(way(None, false, true), [4, 3, 2, 1, 0]);
        assert_eq!(way(Some(3), true, false), [4, 0, 1, 2]);
        assert_eq!(way(Some(1), false, false), [0, 4, 3, 2]);
        assert_eq!([way(Some(4), true, true), way(Some(0), false, true)], [[0; 0], [0; 0]]);
    }
}
