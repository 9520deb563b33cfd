//! Where the reader types, and sentences to start from.

use leptos::prelude::*;

use super::parts::{flag, piece, press, typed, words};
use super::session::Session;

/// Name, text, second text, and the token to look at first.
const EXAMPLES: [(&str, &str, Option<&str>, &str); 5] = [
    ("trophy, big", "The trophy did not fit in the bag because it was too big.", None, "it"),
    ("trophy, small", "The trophy did not fit in the bag because it was too small.", None, "it"),
    ("the animal", "The animal didn't cross the street because it was too tired.", None, "it"),
    ("two banks", "She sat on the river bank, then walked to the central bank.", None, "bank"),
    ("a pair", "Who was too big?", Some("The trophy did not fit in the bag."), "Who"),
];

#[component]
pub fn TextInput(session: Session) -> impl IntoView {
    let alone = move || session.view.with(|v| v.pair.is_none());
    let second = move || session.view.update(|v| v.pair = if v.pair.is_none() { Some(String::new()) } else { None });
    let examples = EXAMPLES.map(|(name, text, pair, token)| {
        let take = press(move || session.take_example(text, pair, token));
        view! { <button class="chip" on:click=take>{name}</button> }
    });
    view! {
        <div class="input">
            <label for="text">"Type a sentence"</label>
            <textarea
                id="text"
                rows="1"
                dir="auto"
                spellcheck="false"
                prop:value=words(move || session.view.with(|v| v.text.clone()))
                on:input=typed(move |text| session.view.update(|v| v.text = text))
            ></textarea>
            <div hidden=flag(alone)>
                <label for="pair">"Second text, read together with the first"</label>
                <textarea
                    id="pair"
                    rows="1"
                    dir="auto"
                    spellcheck="false"
                    prop:value=words(move || session.view.with(|v| v.pair.clone().unwrap_or_default()))
                    on:input=typed(move |text| session.view.update(|v| v.pair = Some(text)))
                ></textarea>
            </div>
            <div class="chips" role="group" aria-label="Examples">
                <span class="hint" aria-hidden="true">"or try"</span>
                {examples.into_iter().collect_view()}
                <button class="chip" on:click=press(second)>
                    {words(move || if alone() { "+ second text".into() } else { "− second text".into() })}
                </button>
            </div>
        </div>
    }
}

/// What of the text the model could not read.
#[component]
pub fn CutNote(session: Session) -> impl IntoView {
    let note = move || {
        let run = session.run.get()?;
        let limit = run.tokens.len();
        let notes = run.tokens.cuts.iter().map(|cut| {
            let text =
                if cut.sequence == 0 { run.asked.text.as_str() } else { run.asked.pair.as_deref().unwrap_or("") };
            let rest: String = text.chars().skip(cut.from_char).take(40).collect();
            let left = cut.of_chars - cut.from_char.min(cut.of_chars);
            format!("The last {left} characters are not read, from “{}…” on.", rest.trim())
        });
        let notes: Vec<_> = notes.collect();
        (!notes.is_empty()).then(|| format!("The model reads {limit} tokens at most. {}", notes.join(" ")))
    };
    let shown = move || note().map_or_else(|| ().into_any(), |note| view! { <p class="note">{note}</p> }.into_any());
    view! { <div role="status" id="cut">{piece(shown)}</div> }
}
