//! Panels that open below their button and lie over the page, so that opening one moves nothing; and groups of controls
//! that are one stop of the Tab key.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use crate::text;
use crate::ui::widgets::plain;

/// A button with the panel that it opens.
pub fn popover(id: &'static str, name: &str, inner: AnyView) -> AnyView {
    view! {
        <details class="popover" id=id>
            {plain("summary", "", name)}
            <div class="panel">{inner}</div>
        </details>
    }
    .into_any()
}

/// Closes popovers when the reader presses or goes elsewhere, and on Escape; moves the focus inside groups of controls
/// with the arrow keys.
pub fn install() {
    let press = window_event_listener(leptos::ev::pointerdown, |event| close_others(target(&event).as_ref()));
    let focus = window_event_listener(leptos::ev::focusin, |event| {
        close_others(target(&event).as_ref());
        rove();
    });
    let key = window_event_listener(leptos::ev::keydown, |event| {
        let Some(at) = target(&event) else { return };
        let meant = match event.key().as_str() {
            "Escape" => close_around(&at),
            "ArrowRight" => move_focus(&at, !text::mirrored()),
            "ArrowLeft" => move_focus(&at, text::mirrored()),
            _ => false,
        };
        if meant {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    on_cleanup(move || {
        press.remove();
        focus.remove();
        key.remove();
    });
    request_animation_frame(rove);
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn all(of: &Element, selector: &str) -> Vec<HtmlElement> {
    let found = of.query_selector_all(selector).ok();
    let found = found.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| list.get(i)));
    found.filter_map(|node: Node| node.dyn_into().ok()).collect()
}

fn root() -> Option<Element> {
    document().document_element()
}

/// Closes every popover: what was pressed in one has been done. The focus goes back to the button of the one that it is in.
pub fn close_all() {
    if let Some(active) = document().active_element() {
        close_around(&active);
    }
    close_others(None);
}

/// Closes each open popover that this element is not in. A dialog that a popover has opened keeps it open.
fn close_others(now: Option<&Element>) {
    if now.is_some_and(|now| now.closest("dialog").ok().flatten().is_some()) {
        return;
    }
    for open in root().map(|root| all(&root, "details.popover[open]")).unwrap_or_default() {
        if !open.contains(now.map(|now| now.unchecked_ref())) {
            let _ = open.remove_attribute("open");
        }
    }
}

/// Closes the popover around this element, whose button gets the focus; false where there is none.
fn close_around(at: &Element) -> bool {
    let Some(open) = at.closest("details.popover[open]").ok().flatten() else { return false };
    if at.closest("dialog").ok().flatten().is_some() {
        return false;
    }
    let _ = open.remove_attribute("open");
    let button = open.query_selector("summary").ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let _ = button.map(|button| button.focus());
    true
}

/// Elements with this attribute hold a group of controls that Tab stops at once.
const GROUP: &str = "[data-rove]";

/// The controls of a group that can have the focus now.
fn controls(group: &Element) -> Vec<HtmlElement> {
    let found = all(group, "button:not(:disabled), summary, select, a[href]");
    found
        .into_iter()
        .filter(|control| {
            let inside = control.closest(".panel").ok().flatten().is_some();
            !inside && control.get_client_rects().length() > 0
        })
        .collect()
}

/// Leaves one control of each group in the order of Tab: the one that had the focus last, else the first.
pub fn rove() {
    for group in root().map(|root| all(&root, GROUP)).unwrap_or_default() {
        let controls = controls(&group);
        let active = document().active_element();
        let is = |control: &HtmlElement| active.as_ref() == Some(control.unchecked_ref());
        let focused = controls.iter().position(is);
        let stop =
            focused.or_else(|| controls.iter().position(|c| c.get_attribute("tabindex").as_deref() == Some("0")));
        for (i, control) in controls.iter().enumerate() {
            let index = if i == stop.unwrap_or(0) { "0" } else { "-1" };
            if control.get_attribute("tabindex").as_deref() != Some(index) {
                let _ = control.set_attribute("tabindex", index);
            }
        }
    }
}

/// Moves the focus to the next or previous control of its group; false where it is in none.
fn move_focus(from: &Element, on: bool) -> bool {
    let Some(group) = from.closest(GROUP).ok().flatten() else { return false };
    if from.closest(".panel").ok().flatten().is_some() {
        return false;
    }
    let controls = controls(&group);
    let Some(at) = controls.iter().position(|control| from == control.unchecked_ref::<Element>()) else { return false };
    let next = if on { at + 1 } else { at + controls.len() - 1 } % controls.len();
    let _ = controls[next].focus();
    true
}
