//! Where the reader types, and sentences to start from.

use leptos::prelude::*;

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
    let paired = Memo::new(move |_| session.view.with(|v| v.pair.is_some()));
    let examples = EXAMPLES.map(|(name, text, pair, token)| {
        let choose = move |_| session.take_example(text, pair, token);
        view! { <button class="chip" on:click=choose>{name}</button> }
    });
    view! {
        <div class="input">
            <label for="text">"Type a sentence"</label>
            <textarea
                id="text"
                rows="2"
                dir="auto"
                spellcheck="false"
                prop:value=move || session.view.with(|v| v.text.clone())
                on:input=move |event| session.view.update(|v| v.text = event_target_value(&event))
            ></textarea>
            <Show when=move || paired.get()>
                <label for="pair">"Second text, read together with the first"</label>
                <textarea
                    id="pair"
                    rows="2"
                    dir="auto"
                    spellcheck="false"
                    prop:value=move || session.view.with(|v| v.pair.clone().unwrap_or_default())
                    on:input=move |event| session.view.update(|v| v.pair = Some(event_target_value(&event)))
                ></textarea>
            </Show>
            <div class="chips" role="group" aria-label="Examples">
                <span class="hint" aria-hidden="true">"or try"</span>
                {examples.collect_view()}
                <button
                    class="chip"
                    on:click=move |_| session.view.update(|v| {
                        v.pair = if v.pair.is_some() { None } else { Some(String::new()) };
                    })
                >
                    {move || if paired.get() { "− second text" } else { "+ second text" }}
                </button>
            </div>
        </div>
    }
}

/// What of the text the model could not read.
#[component]
pub fn CutNote(session: Session) -> impl IntoView {
    let notes = move || {
        let run = session.run.get()?;
        let limit = run.tokens.len();
        let notes = run.tokens.cuts.iter().map(|cut| {
            let text = if cut.sequence == 0 { run.text.as_str() } else { run.pair.as_deref().unwrap_or("") };
            let rest: String = text.chars().skip(cut.from_char).take(40).collect();
            let left = cut.of_chars - cut.from_char.min(cut.of_chars);
            format!(
                "The model reads {limit} tokens at most. The last {left} characters are not read, from “{}…” on.",
                rest.trim()
            )
        });
        Some(notes.collect::<Vec<_>>())
    };
    view! {
        <div role="status" id="cut">
            {move || notes().unwrap_or_default().into_iter().map(|note| view! { <p class="note">{note}</p> }).collect_view()}
        </div>
    }
}
