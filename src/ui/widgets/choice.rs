//! A choice between a few options that are all in sight.

use leptos::prelude::*;

use crate::state::{Action, ViewState};
use crate::ui::session::Session;
use crate::ui::widgets::{flag, typed};

/// An option's name, whether it is chosen, and what chooses it.
type Choice = (&'static str, fn(&ViewState) -> bool, Action);

/// One of a few, all in sight.
pub fn choice(session: Session, name: &'static str, options: &[Choice]) -> AnyView {
    let buttons = options.iter().map(|(label, is, action)| {
        let (label, is, action) = (*label, *is, action.clone());
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=name
                    prop:checked=flag(move || session.view.with(is))
                    on:change=typed(move |_| session.act(action.clone()))
                />
                <span>{label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="control">
            <legend>{name}</legend>
            <div class="options">{buttons.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
