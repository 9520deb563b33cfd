//! Terms in prose that a reader can ask for their meaning: each is underlined with dots, and a bubble says in one
//! sentence what it means while it is pointed at or has the focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

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
    // The term that it is about, and where that is in the window: left, top, bottom.
    let shown = RwSignal::new(None::<(Term, [f64; 3])>);
    let of = |event: &Event| -> Option<(Term, [f64; 3])> {
        let element = event.target()?.dyn_into::<Element>().ok()?.closest("[data-term]").ok()??;
        let name = element.get_attribute("data-term")?;
        let term = Term::ALL.into_iter().find(|term| term.id() == name)?;
        let at = element.get_bounding_client_rect();
        Some((term, [at.left(), at.top(), at.bottom()]))
    };
    let show = move |event: &Event| {
        let now = of(event);
        if now.is_some() || shown.with_untracked(Option::is_some) {
            shown.set(now);
        }
    };
    let hide = move || {
        if shown.with_untracked(Option::is_some) {
            shown.set(None);
        }
    };
    let handles = [
        window_event_listener_untyped("pointerover", move |event| show(&event)),
        window_event_listener_untyped("click", move |event| show(&event)),
        window_event_listener_untyped("focusin", move |event| show(&event)),
        window_event_listener_untyped("focusout", move |_| hide()),
        window_event_listener_untyped("resize", move |_| hide()),
        window_event_listener_untyped("keydown", move |event| {
            if event.unchecked_into::<KeyboardEvent>().key() == "Escape" {
                hide();
            }
        }),
    ];
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    let bubble = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if let (Some((term, at)), Some(bubble)) = (shown.get(), bubble.get()) {
            // Its place follows from its size, and that from its text.
            bubble.set_text_content(Some(term.meaning()));
            place(&bubble, at);
        }
    });
    view! {
        <div
            id="meaning"
            role="tooltip"
            node_ref=bubble
            class:out=move || shown.with(Option::is_none)
        ></div>
    }
}

/// Puts the bubble under what it is about, or over it where the window ends.
fn place(bubble: &HtmlElement, [left, top, bottom]: [f64; 3]) {
    const GAP: f64 = 6.0;
    let root = document().document_element();
    let (width, height) = root.map_or((0.0, 0.0), |root| (root.client_width().into(), root.client_height().into()));
    let (own_width, own_height) = (f64::from(bubble.offset_width()), f64::from(bubble.offset_height()));
    let x = left.min(width - own_width - GAP).max(GAP);
    let y = if bottom + GAP + own_height <= height { bottom + GAP } else { top - GAP - own_height };
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
