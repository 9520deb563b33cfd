//! The few shapes in which the page changes: words, flags, pieces, and what a press does.
//!
//! Each is boxed, so that the reactive code behind it is compiled once and not once a closure: that
//! halves the page.

pub mod choice;
pub mod field;
pub mod linked;
pub mod popover;
pub mod progress;
pub mod slider;
pub mod term;

use std::sync::Arc;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos::tachys::html::property::IntoProperty;
use web_sys::Element;

pub type Words = Box<dyn FnMut() -> String + Send>;
pub type Flag = Box<dyn FnMut() -> bool + Send>;
pub type Piece = Box<dyn FnMut() -> AnyView + Send>;
pub type Press = Box<dyn FnMut(MouseEvent)>;
pub type Typed = Box<dyn FnMut(web_sys::Event)>;

/// Text that follows the signals it reads.
pub fn words(text: impl FnMut() -> String + Send + 'static) -> Words {
    Box::new(text)
}

/// All text of an element, for its `prop:textContent`. A browser's translator puts elements of its own in the place of text
/// nodes, so text that changes is written to its element as a whole. It is written only where it is another than
/// before: a screen reader reads out each change of a live region.
#[derive(Clone)]
pub struct Content(String);

pub type Contents = Box<dyn FnMut() -> Content + Send>;

/// All text of an element, as it follows the signals it reads.
pub fn content(mut text: impl FnMut() -> String + Send + 'static) -> Contents {
    Box::new(move || Content(text()))
}

impl<T: Into<String>> From<T> for Content {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl IntoProperty for Content {
    type State = (Element, String);
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element, key: &str) -> Self::State {
        self.build(element, key)
    }

    fn build(self, element: &Element, _: &str) -> Self::State {
        element.set_text_content(Some(&self.0));
        (element.clone(), self.0)
    }

    fn rebuild(self, (element, before): &mut Self::State, _: &str) {
        if *before != self.0 {
            element.set_text_content(Some(&self.0));
            *before = self.0;
        }
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }
}

/// An attribute that is there or not.
pub fn flag(is: impl FnMut() -> bool + Send + 'static) -> Flag {
    Box::new(is)
}

/// A piece of the page that is made anew when the signals it reads change.
pub fn piece(view: impl FnMut() -> AnyView + Send + 'static) -> Piece {
    Box::new(view)
}

/// What a click does.
pub fn press(mut action: impl FnMut() + 'static) -> Press {
    Box::new(move |_| action())
}

/// What typing or choosing does, with the field's new value.
pub fn typed(mut action: impl FnMut(String) + 'static) -> Typed {
    Box::new(move |event| action(event_target_value(&event)))
}

/// An element that holds a text and never changes, with such attributes. As markup it costs the page no code of its own.
pub fn plain(tag: &str, attributes: &str, text: &str) -> InertElement {
    InertElement::new(markup(tag, attributes, &escaped(text)))
}

/// An element's markup; what is in it is markup too.
pub fn markup(tag: &str, attributes: &str, inner: &str) -> String {
    ["<", tag, " ", attributes, ">", inner, "</", tag, ">"].concat()
}

/// A text as it is written in markup.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
    out
}

/// A button.
pub fn button(name: &'static str, press: Press) -> impl IntoView {
    view! { <button on:click=press>{name}</button> }
}

/// A box to check.
pub fn check(name: &'static str, is: Flag, change: Typed) -> impl IntoView {
    view! { <label class="check"><input type="checkbox" prop:checked=is on:change=change/>{name}</label> }
}

/// A line that says what a picture shows; `live` as in `aria-live`: `polite` where a change is to be heard.
pub fn readout(id: &'static str, live: &'static str, text: Words) -> impl IntoView {
    let text = content(text);
    view! { <p class="readout" id=id aria-live=live prop:textContent=text></p> }
}

/// Something that is opened and closed by the button before it, which says whether it is open.
pub fn disclosure(
    name: &'static str,
    open: Arc<dyn Fn() -> bool + Send + Sync>,
    press: Press,
    inner: AnyView,
) -> impl IntoView {
    let (expanded, closed) = (open.clone(), open);
    view! {
        <button class="quiet" aria-expanded=words(move || expanded().to_string()) on:click=press>{name}</button>
        <div hidden=flag(move || !closed())>{inner}</div>
    }
}

/// Lists whose options a browser's translator must leave as they are.
const OF_TOKENS_OR_NUMBERS: [&str; 4] = ["layer", "head", "from", "to"];

/// A list to choose from: the names of its options, and which of them is chosen. The options are made anew only
/// when their names change, so that an open list stays as it is.
pub fn select(
    id: String,
    names: impl Fn() -> Vec<String> + Send + Sync + 'static,
    chosen: impl Fn() -> usize + Send + 'static,
    choose: impl Fn(usize) + 'static,
) -> AnyView {
    let names = Memo::new(move |_| names());
    let options = move || {
        let options = names.get().into_iter().enumerate();
        options
            .map(|(i, name)| view! { <option value=i.to_string() prop:textContent=Content::from(name)></option> })
            .collect_view()
            .into_any()
    };
    // Read with the options, so that a value set before they were there is shown once they are.
    let value = move || {
        names.track();
        chosen().to_string()
    };
    let translate = if OF_TOKENS_OR_NUMBERS.contains(&id.as_str()) { "no" } else { "yes" };
    let choose = typed(move |text| choose(text.parse().unwrap_or_default()));
    view! { <select id=id translate=translate prop:value=words(value) on:change=choose>{piece(options)}</select> }
        .into_any()
}
