//! Where the reader types, and sentences to start from.

use std::rc::Rc;

use leptos::prelude::*;

use crate::engine::{Architecture, HeadId, Note, Start};
use crate::state::{Action, Source};
use crate::text;
use crate::ui::session::{Model, Session};
use crate::ui::widgets::field::text_field;
use crate::ui::widgets::popover::{self, popover};
use crate::ui::widgets::{Content, content, flag, piece, plain, press, words};

/// The sentence to explain first, and the same with one word changed.
pub const BIG: &str = "The trophy did not fit in the bag because it was too big.";
pub const SMALL: &str = "The trophy did not fit in the bag because it was too small.";

/// A text to start from, with the token and the head of the built-in model to look at first.
struct Example {
    name: text::Name,
    text: &'static str,
    pair: Option<&'static str>,
    token: &'static str,
    head: HeadId,
}

const fn example(name: text::Name, text: &'static str, token: &'static str, head: HeadId) -> Example {
    Example { name, text, pair: None, token, head }
}

/// The heads are those that read most from what the example is about: trophy 0.62 and 0.62, animal 0.68, river 0.54 and
/// 0.57, trophy 0.43.
const EXAMPLES: [Example; 5] = [
    example(text::example_big, BIG, "it", HeadId::new(3, 1)),
    example(text::example_small, SMALL, "it", HeadId::new(3, 1)),
    example(
        text::example_animal,
        "The animal didn't cross the street because it was too tired.",
        "it",
        HeadId::new(3, 1),
    ),
    example(
        text::example_banks,
        "She sat on the river bank, then walked to the central bank.",
        "bank",
        HeadId::new(0, 10),
    ),
    Example {
        pair: Some("The trophy did not fit in the bag."),
        ..example(text::example_pair, "Who was too big?", "Who", HeadId::new(5, 10))
    },
];

#[component]
pub fn TextInput(session: Session) -> impl IntoView {
    let alone = move || session.view.with(|v| v.pair.is_none());
    let set_text = move |text| session.act(Action::SetText(text));
    let pair = move || session.view.with(|v| v.pair.clone().unwrap_or_default());
    let set_pair = move |text| session.act(Action::SetPair(Some(text)));
    view! {
        <section class="text" aria-label=text::region_text()>
            <div class="field">
                {plain("label", "for=text class=unseen", text::type_a_sentence())}
                {text_field("text", words(move || session.view.with(|v| v.text.clone())), Rc::new(set_text))}
            </div>
            <div class="field" hidden=flag(alone)>
                {plain("label", "for=pair class=unseen", text::second_text())}
                {text_field("pair", words(pair), Rc::new(set_pair))}
            </div>
        </section>
    }
}

/// What can be done with the text: one word of it changed, another in its place, a second one beside it.
#[component]
pub fn TextChoice(session: Session) -> impl IntoView {
    let alone = move || session.view.with(|v| v.pair.is_none());
    let second = move || session.act(Action::SetPair(untrack(alone).then(String::new)));
    let examples = EXAMPLES.map(|Example { name, text, pair, token, head }| {
        let take = press(move || {
            popover::close_all();
            session.take_example(text, pair, token, Some(head));
        });
        view! { <li><button on:click=take>{name()}</button></li> }
    });
    let is_small = move || session.view.with(|v| v.text == SMALL);
    let has_word = move || session.view.with(|v| v.pair.is_none() && (v.text == BIG || v.text == SMALL));
    let change = press(move || session.take_example(if untrack(is_small) { BIG } else { SMALL }, None, "it", None));
    let inner = view! {
        <ul class="list">{examples.into_iter().collect_view()}</ul>
        <button
            class="quiet"
            on:click=press(second)
            prop:textContent=content(move || {
                if alone() { text::add_second().into() } else { text::drop_second().into() }
            })
        ></button>
    };
    view! {
        <button
            id="change-word"
            disabled=flag(move || !has_word())
            on:click=change
            prop:textContent=content(move || {
                if is_small() { text::small_to_big().into() } else { text::big_to_small().into() }
            })
        ></button>
        {popover("examples", text::examples(), inner.into_any())}
    }
}

/// What of the text the model could not read.
#[component]
pub fn CutNote(session: Session) -> impl IntoView {
    let note = move || {
        let run = session.run.get()?;
        let positions = session.model.with(|m| if let Model::Ready(card) = m { Some(card.positions) } else { None });
        // Which of the two limits it was can be seen only where the model is here.
        let positions = positions.filter(|_| matches!(run.source, Source::Model { .. }));
        let notes = run.tokens.cuts.iter().map(|cut| {
            let read =
                if cut.sequence == 0 { run.asked.text.as_str() } else { run.asked.pair.as_deref().unwrap_or("") };
            let rest: String = read.chars().skip(cut.from_char).take(40).collect();
            let left = cut.of_chars - cut.from_char.min(cut.of_chars);
            let limit = positions.map(|positions| match run.tokens.len() < positions {
                true => text::cut_characters(cut.from_char),
                false => text::cut_limit(positions),
            });
            let rest = text::cut_rest(left, &text::isolated(&text::visible(rest.trim())));
            text::sentences([limit.unwrap_or_default(), rest])
        });
        let notes: Vec<_> = notes.collect();
        (!notes.is_empty()).then(|| text::sentences(notes))
    };
    let shown = move || {
        note().map_or_else(
            || ().into_any(),
            |note| view! { <p class="note" prop:textContent=Content::from(note)></p> }.into_any(),
        )
    };
    view! { <div role="status" id="cut">{piece(shown)}</div> }
}

/// What a reader should know about the tokens of the model on screen: a start token that is missing or there twice, and a
/// tokenizer that had to be guessed.
#[component]
pub fn TokenizerNotes(session: Session) -> impl IntoView {
    let note = move || {
        let Model::Ready(card) = session.model.get() else { return String::new() };
        let guessed = match card.note {
            Some(Note::GuessedSplit) => text::note_guessed_split(),
            None => "",
        };
        let run =
            session.run.get().filter(|run| matches!(run.source, Source::Model { .. }) && !session.is_anothers(run));
        let start = run.as_ref().map(|run| (run.tokens.start(), run));
        let start = match start {
            Some((Start::None, _)) if card.architecture == Architecture::Decoder => text::note_no_start().to_owned(),
            Some((Start::Two, run)) => text::note_two_starts(&run.shown[0].isolated()),
            _ => String::new(),
        };
        text::sentences([start.as_str(), guessed])
    };
    let shown = move || match note() {
        note if note.is_empty() => ().into_any(),
        note => view! { <p class="note" prop:textContent=Content::from(note)></p> }.into_any(),
    };
    view! { <div role="status" id="tokenizer-notes">{piece(shown)}</div> }
}
