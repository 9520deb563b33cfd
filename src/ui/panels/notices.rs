//! What went wrong, in a card over the page: it moves nothing.

use leptos::prelude::*;

use crate::text;
use crate::ui::session::Session;
use crate::ui::widgets::progress::{Button, fault, line, megabytes};
use crate::ui::widgets::{content, flag, piece};

/// The last fault, a worker that does not answer, and a model that this browser does not keep.
#[component]
pub fn Faults(session: Session) -> impl IntoView {
    let silent = move || match session.silent.get() {
        true => {
            let again: Button = (text::engine_again(), Session::replace_worker);
            view! { <div class="status">{line(text::engine_silent().into(), Some(again), session)}</div> }.into_any()
        }
        false => ().into_any(),
    };
    let last_fault = move || session.fault.get().map_or_else(|| ().into_any(), fault);
    view! {
        <div role="alert" id="silent">{piece(silent)}</div>
        <p
            class="hint"
            id="not-kept"
            role="status"
            hidden=flag(move || session.not_kept.get() == 0)
            prop:textContent=content(move || text::not_kept(&megabytes(session.not_kept.get())))
        ></p>
        <div role="alert" id="fault">{piece(last_fault)}</div>
    }
}
