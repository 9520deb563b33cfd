//! A question whose answer can be checked on screen.

use leptos::prelude::*;

use crate::text::lesson as text;
use crate::ui::widgets::{flag, piece, plain, typed};

/// A choice of `answers`. The one at index `right` is right; every choice shows the reason `why`.
pub fn question(asked: &'static str, answers: &'static [crate::text::Name], right: usize, why: String) -> AnyView {
    let chosen = RwSignal::new(None::<usize>);
    let options = answers.iter().enumerate().map(|(i, answer)| {
        let choose = typed(move |_| chosen.set(Some(i)));
        view! {
            <label class="answer">
                <input
                    type="radio"
                    name="answer"
                    prop:checked=flag(move || chosen.get() == Some(i))
                    on:change=choose
                />
                <span>{answer()}</span>
            </label>
        }
    });
    let options = options.collect_view();
    let verdict = move || match chosen.get() {
        None => ().into_any(),
        Some(answer) => {
            let verdict = if answer == right { ["✓ ", text::right()] } else { ["✗ ", text::not_this()] };
            view! { <p class="verdict"><b>{verdict.concat()}</b> " " {why.clone()}</p> }.into_any()
        }
    };
    view! {
        <fieldset class="question">
            {plain("legend", "", text::question())}
            {plain("p", "", asked)}
            {options}
            <div role="status" id="verdict">{piece(verdict)}</div>
        </fieldset>
    }
    .into_any()
}
