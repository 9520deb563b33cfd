//! Terms in prose that a reader can ask for their meaning: each is underlined with dots, and a bubble says in one
//! sentence what it means while it is pointed at or has the focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use crate::text;
use crate::ui::widgets::Content;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    Query,
    Key,
    Value,
    Score,
    Softmax,
    Output,
    Sink,
    Entropy,
    /// The number of a layer and of a head.
    Number,
}

impl Term {
    pub const ALL: [Self; 9] = [
        Self::Query,
        Self::Key,
        Self::Value,
        Self::Score,
        Self::Softmax,
        Self::Output,
        Self::Sink,
        Self::Entropy,
        Self::Number,
    ];

    /// Its name in the page, which no reader sees.
    fn id(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Key => "key",
            Self::Value => "value",
            Self::Score => "score",
            Self::Softmax => "softmax",
            Self::Output => "output",
            Self::Sink => "sink",
            Self::Entropy => "entropy",
            Self::Number => "number",
        }
    }

    /// What it means, in one sentence.
    fn meaning(self) -> &'static str {
        match self {
            Self::Query => text::means_query(),
            Self::Key => text::means_key(),
            Self::Value => text::means_value(),
            Self::Score => text::means_score(),
            Self::Softmax => text::means_softmax(),
            Self::Output => text::means_output(),
            Self::Sink => text::means_sink(),
            Self::Entropy => text::means_entropy(),
            Self::Number => text::means_number(),
        }
    }
}

/// One term, as `name`.
pub fn term(term: Term, name: String) -> AnyView {
    view! {
        <span
            class="term"
            role="button"
            tabindex="0"
            data-term=term.id()
            aria-description=term.meaning()
            prop:textContent=Content::from(name)
        ></span>
    }
    .into_any()
}

/// A sentence in which the first occurrence of each of these words is a term.
pub fn with_terms(sentence: &str, words: &[(Term, &str)]) -> AnyView {
    let pieces = pieces(sentence, words).into_iter().map(|(text, of)| match of {
        Some(of) => term(of, text.to_owned()),
        None => view! { <span prop:textContent=Content::from(text)></span> }.into_any(),
    });
    pieces.collect::<Vec<_>>().into_any()
}

fn pieces<'a>(sentence: &'a str, words: &[(Term, &str)]) -> Vec<(&'a str, Option<Term>)> {
    let mut places: Vec<(usize, usize, Term)> =
        words.iter().filter_map(|(term, word)| sentence.find(word).map(|at| (at, at + word.len(), *term))).collect();
    places.sort_by_key(|(at, ..)| *at);
    let (mut from, mut pieces) = (0, Vec::new());
    for (begin, end, term) in places {
        if begin >= from && end > begin {
            pieces.push((&sentence[from..begin], None));
            pieces.push((&sentence[begin..end], Some(term)));
            from = end;
        }
    }
    pieces.push((&sentence[from..], None));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

/// The bubble. One stands for all terms of the page.
#[component]
pub fn Meaning() -> impl IntoView {
    let show = |event: &Event| match term_at(event) {
        Some((term, element)) => show(term, &element),
        None => {
            dismiss();
        }
    };
    let hide = |_| {
        dismiss();
    };
    let handles = [
        window_event_listener_untyped("pointerover", move |event| show(&event)),
        window_event_listener_untyped("click", move |event| show(&event)),
        window_event_listener_untyped("focusin", move |event| show(&event)),
        window_event_listener_untyped("focusout", hide),
        window_event_listener_untyped("resize", hide),
    ];
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    view! { <div id="meaning" role="tooltip" class="out"></div> }
}

/// The term that an event is about, and its element.
fn term_at(event: &Event) -> Option<(Term, Element)> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest("[data-term]").ok()??;
    let name = element.get_attribute("data-term")?;
    Term::ALL.into_iter().find(|term| term.id() == name).map(|term| (term, element))
}

fn bubble() -> Option<HtmlElement> {
    document().get_element_by_id("meaning")?.dyn_into().ok()
}

fn show(term: Term, of: &Element) {
    let Some(bubble) = bubble() else { return };
    // Its place follows from its size, and that from its text.
    bubble.set_text_content(Some(term.meaning()));
    bubble.set_class_name("");
    place(&bubble, of);
}

/// Hides the bubble; false where none is shown.
pub fn dismiss() -> bool {
    let shown = bubble().filter(|bubble| bubble.class_name().is_empty());
    shown.is_some_and(|bubble| {
        bubble.set_class_name("out");
        true
    })
}

/// Puts the bubble under the term, or over it where the window ends.
fn place(bubble: &HtmlElement, term: &Element) {
    const GAP: f64 = 6.0;
    let root = document().document_element();
    let (width, height) = root.map_or((0.0, 0.0), |root| (root.client_width().into(), root.client_height().into()));
    let (own_width, own_height) = (f64::from(bubble.offset_width()), f64::from(bubble.offset_height()));
    let at = term.get_bounding_client_rect();
    let x = at.left().min(width - own_width - GAP).max(GAP);
    let y = if at.bottom() + GAP + own_height <= height { at.bottom() + GAP } else { at.top() - GAP - own_height };
    let style = bubble.style();
    // Setting a length does not fail.
    let _ = style.set_property("left", &format!("{x}px"));
    let _ = style.set_property("top", &format!("{y}px"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_occurrence_of_each_word_is_a_term() {
        let words = [(Term::Sink, "sinks"), (Term::Entropy, "entropy")];
        let sentence = "L0 H0: entropy 2 bits, half on sinks; sinks";
        let found = pieces(sentence, &words);
        assert_eq!(
            found,
            [
                ("L0 H0: ", None),
                ("entropy", Some(Term::Entropy)),
                (" 2 bits, half on ", None),
                ("sinks", Some(Term::Sink)),
                ("; sinks", None),
            ]
        );
        assert_eq!(pieces("nothing of it", &words), [("nothing of it", None)]);
        assert_eq!(pieces("", &words), []);
        assert_eq!(pieces("q", &[(Term::Query, "q"), (Term::Key, "q"), (Term::Value, "")]), [("q", Some(Term::Query))]);
    }
}
