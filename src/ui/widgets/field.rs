//! A field for a text: what the reader types goes out, and what comes from elsewhere goes in.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::html::Textarea;
use leptos::prelude::*;
use web_sys::{HtmlTextAreaElement, InputEvent};

use crate::text::{self, beginning};
use crate::ui::widgets::{Words, flag};

/// What a field holds. A browser lays out all of it before it does anything else, which takes seconds for a megabyte
/// or for twenty thousand lines; no model here reads as much.
const MAX_CHARS: usize = 20_000;
const MAX_LINES: usize = 1_000;
/// Bytes of a text that is longer than most lines of a field.
const LINE: usize = 80;
/// A browser inserts more lines than this one by one.
const FEW_LINES: usize = 50;

fn held(text: &str) -> &str {
    beginning(text, MAX_CHARS, MAX_LINES)
}

/// A field that shows `text` and passes on what the reader makes of it. While an input method composes (Japanese,
/// Chinese, Korean), the field is the input method's: nothing is passed on, and nothing is put into it.
pub fn text_field(id: &'static str, mut text: Words, set: Rc<dyn Fn(String)>) -> AnyView {
    let field = NodeRef::<Textarea>::new();
    // Longer than a line: for browsers that cannot make a field as high as its text.
    let long = RwSignal::new(false);
    let is_long = |text: &str| text.len() > LINE || text.contains('\n');
    let cut = RwSignal::new(false);
    let composing = Rc::new(Cell::new(false));
    // What the field and `text` agree on: what has been typed is not put into the field again.
    let agreed = Rc::new(RefCell::new(String::new()));
    let take: Rc<dyn Fn(String)> = {
        let agreed = agreed.clone();
        Rc::new(move |typed: String| {
            agreed.borrow_mut().clone_from(&typed);
            long.set(is_long(&typed));
            set(typed);
        })
    };
    let is_composing = composing.clone();
    Effect::new(move |_| {
        let now = text();
        let Some(field) = field.get().filter(|_| !is_composing.get() && *agreed.borrow() != now) else { return };
        field.set_value(held(&now));
        cut.set(held(&now).len() < now.len());
        long.set(is_long(&now));
        agreed.replace(now);
    });
    let is_composing = composing.clone();
    let (type_in, insert) = (take.clone(), take.clone());
    let on_input = move |event| {
        if !is_composing.get() {
            cut.set(false);
            type_in(event_target_value(&event));
        }
    };
    let begin = composing.clone();
    let on_end = move |event: web_sys::CompositionEvent| {
        composing.set(false);
        take(event_target_value(&event));
    };
    let on_insert = move |event: InputEvent| {
        let Some((field, kept_all)) = field.get_untracked().and_then(|field| insert_beginning(&field, &event)) else {
            return;
        };
        cut.set(!kept_all);
        insert(field);
    };
    view! {
        <textarea
            id=id
            rows="1"
            dir="auto"
            spellcheck="false"
            class:long=flag(move || long.get())
            node_ref=field
            on:input=on_input
            on:beforeinput=on_insert
            on:compositionstart=move |_| begin.set(true)
            on:compositionend=on_end
        ></textarea>
        <p class="note" role="status" hidden=flag(move || !cut.get())>
            {text::field_cut(&MAX_CHARS.to_string(), &MAX_LINES.to_string())}
        </p>
    }
    .into_any()
}

/// Inserts as much as there is room for of a text that the browser is about to insert, where that is long: the field's
/// new value, and whether it is all of it. None where the browser may do it.
fn insert_beginning(field: &HtmlTextAreaElement, event: &InputEvent) -> Option<(String, bool)> {
    let pasted = || event.data_transfer()?.get_data("text/plain").ok();
    let data = event.data().or_else(pasted)?;
    let lines = |text: &str| text.matches('\n').count();
    if field.text_length() as usize + data.len() <= MAX_CHARS && lines(&data) <= FEW_LINES || event.is_composing() {
        return None;
    }
    let data = text::line_feeds(&data);
    let value: Vec<u16> = field.value().encode_utf16().collect();
    let [start, end] = [field.selection_start(), field.selection_end()].map(|at| at.ok().flatten());
    let (start, end) = start.zip(end)?;
    let part = |range: &[u16]| String::from_utf16_lossy(range);
    let [before, after] = [part(value.get(..start as usize)?), part(value.get(end as usize..)?)];
    let chars = MAX_CHARS.saturating_sub(before.chars().count() + after.chars().count());
    let room = MAX_LINES.saturating_sub(lines(&before) + lines(&after));
    let kept = beginning(&data, chars, room);
    event.prevent_default();
    // Fails only for a range that is not in the field.
    field.set_range_text_with_start_and_end_and_mode(kept, start, end, "end").ok()?;
    Some((field.value(), kept.len() == data.len()))
}
