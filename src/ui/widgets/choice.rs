//! A choice between a few options that are all in sight.

use leptos::prelude::*;

use crate::state::ViewState;
use crate::ui::session::Session;
use crate::ui::widgets::{flag, typed};

/// An option's name, whether it is chosen, and how it is.
type Choice = (&'static str, fn(&ViewState) -> bool, fn(&mut ViewState));

/// One of a few, all in sight.
pub fn choice(session: Session, name: &'static str, options: &[Choice]) -> AnyView {
    let buttons = options.iter().map(|&(label, is, set)| {
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=name
                    prop:checked=flag(move || session.view.with(is))
                    on:change=typed(move |_| session.view.update(set))
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
