//! What stands over and under the picture of all heads: their order, which of them are paled, and what they do.

use leptos::prelude::*;

use crate::analysis::Label;
use crate::engine::HeadId;
use crate::state::Action;
use crate::text;
use crate::ui::panels::find::{choose_order, found, order_names, order_of, surveyed};
use crate::ui::session::Session;
use crate::ui::widgets::linked::linked;
use crate::ui::widgets::term::{Term, with_terms};
use crate::ui::widgets::{piece, plain, select};

/// In which order heads stand, and which label they must have not to be paled.
#[component]
pub fn HeadsTools(session: Session) -> impl IntoView {
    let order = select("sort".into(), order_names, move || order_of(session), move |i| choose_order(session, i));
    let labels = || [text::any().to_owned()].into_iter().chain(Label::ALL.map(|l| l.called().to_owned())).collect();
    let label = move || {
        session.view.with(|v| v.label.and_then(|l| Label::ALL.iter().position(|a| *a == l)).map_or(0, |i| i + 1))
    };
    let choose = move |i: usize| {
        session.act(Action::SetLabel(i.checked_sub(1).and_then(|i| Label::ALL.get(i).copied())));
    };
    view! {
        <div class="heads-tools">
            {plain("label", "for=sort", text::order())}
            {order}
            {plain("label", "for=label", text::label())}
            {select("label".into(), labels, label, choose)}
        </div>
    }
}

/// What was found, and what the head under the pointer does, in a line or two of fixed height.
#[component]
pub fn HeadsFoot(session: Session) -> impl IntoView {
    // The words stay in their elements while the view changes in what they do not say.
    let survey = Memo::new(move |_| (session.head_shown(), surveyed(session)));
    view! {
        <div class="foot">
            <p class="readout" id="found">{piece(move || linked(session, found(session)))}</p>
            <p class="readout" id="survey">{piece(move || survey.with(|(head, told)| with_terms_of_survey(*head, told)))}</p>
        </div>
    }
}

/// What a head does on this text, with its terms explained.
fn with_terms_of_survey(head: HeadId, told: &str) -> AnyView {
    let head = head.to_string();
    let words =
        [(Term::Number, head.as_str()), (Term::Entropy, text::word_entropy()), (Term::Sink, text::word_sinks())];
    with_terms(told, &words)
}
