//! The row of controls over the pictures: which head, what of it is drawn, and the panels for comparing, editing, finding.

use leptos::prelude::*;

use crate::analysis::{Quantity, Special, fixed};
use crate::engine::HeadId;
use crate::state::{Action, View, ViewState};
use crate::text;
use crate::ui::panels::compare::{Compare, CompareRow};
use crate::ui::panels::edit::{Alter, AlteredChip};
use crate::ui::panels::find::FindHeads;
use crate::ui::session::Session;
use crate::ui::widgets::choice::choice;
use crate::ui::widgets::popover::popover;
use crate::ui::widgets::{content, flag, press, select, typed, words};

/// Layer and head, and whether the head is on.
#[component]
pub fn HeadChoice(session: Session) -> impl IntoView {
    let layer =
        stepper(session, [text::layer(), "layer"], |v| v.layer, |id, layer| HeadId { layer, ..id }, |size| size.0);
    let head = stepper(session, [text::head(), "head"], |v| v.head, |id, head| HeadId { head, ..id }, |size| size.1);
    let off = move || session.view.with(|v| v.altered.heads_off.contains(&v.head_id()));
    view! {
        <div class="head-choice" role="group" aria-label=text::region_view()>
            {layer} {head}
            <button
                id="head-off"
                class="toggle"
                aria-pressed=words(move || off().to_string())
                title=text::head_off_means()
                on:click=press(move || session.act(Action::SwitchHead(session.view.with_untracked(ViewState::head_id))))
            >
                {text::head_off()}
            </button>
        </div>
    }
}

/// What a cell can say, and its name.
const QUANTITIES: [(text::Name, Quantity); 5] = [
    (text::show_weight, Quantity::Weight),
    (text::show_score, Quantity::Score),
    (text::show_norm, Quantity::Norm),
    (text::show_mean, Quantity::LayerMean),
    (text::show_rollout, Quantity::Rollout),
];

/// The forms of the sentence, and their names.
const FORMS: [(text::Name, Option<View>); 4] = [
    (text::by_itself, None),
    (text::arcs, Some(View::Arcs)),
    (text::columns, Some(View::Columns)),
    (text::as_text, Some(View::Text)),
];

/// What of the head is drawn, and how, while nothing is compared.
#[component]
pub fn ViewChoice(session: Session) -> impl IntoView {
    let comparing = move || session.view.with(|v| v.compare.is_some());
    view! { <div class="view-choice" hidden=flag(comparing)>{view_choice(session, ["show", "form"])}</div> }
}

/// Two lists, with these ids.
fn view_choice(session: Session, [show_id, form_id]: [&'static str; 2]) -> AnyView {
    let quantities = || QUANTITIES.map(|(name, _)| name().to_owned()).to_vec();
    let quantity = move || session.view.with(|v| QUANTITIES.iter().position(|(_, q)| *q == v.show).unwrap_or(0));
    let show = move |i: usize| {
        if let Some((_, quantity)) = QUANTITIES.get(i) {
            session.act(Action::Show(*quantity));
        }
    };
    let forms = || FORMS.map(|(name, _)| name().to_owned()).to_vec();
    let form = move || session.view.with(|v| FORMS.iter().position(|(_, form)| *form == v.view).unwrap_or(0));
    let draw = move |i: usize| session.act(Action::SetForm(FORMS.get(i).and_then(|form| form.1)));
    view! {
        <label for=show_id>{text::show()}</label>
        {select(show_id.into(), quantities, quantity, show)}
        <label for=form_id>{text::draw_as()}</label>
        {select(form_id.into(), forms, form, draw)}
    }
    .into_any()
}

/// Tokens or words, what is hidden, how much is drawn.
#[component]
pub fn Display(session: Session) -> impl IntoView {
    let special = choice(
        session,
        text::special_tokens(),
        &[
            (text::special_show(), |v| v.special == Special::Show, Action::SetSpecial(Special::Show)),
            (text::special_mask(), |v| v.special == Special::Mask, Action::SetSpecial(Special::Mask)),
            (
                text::special_renormalise(),
                |v| v.special == Special::Renormalise,
                Action::SetSpecial(Special::Renormalise),
            ),
        ],
    );
    let units = choice(
        session,
        text::units(),
        &[
            (text::tokens(), |v| !v.words, Action::SetWords(false)),
            (text::words(), |v| v.words, Action::SetWords(true)),
        ],
    );
    let heads = choice(
        session,
        text::heads_as(),
        &[
            (text::heads_as_maps(), |v| !v.numbers, Action::SetNumbers(false)),
            (text::heads_as_numbers(), |v| v.numbers, Action::SetNumbers(true)),
        ],
    );
    let scale = move || {
        let ranked = session.run.with(|r| r.as_ref().is_some_and(|r| session.view.with(|v| r.ranked(v).is_some())));
        let scale = match session.of().map(|of| of.quantity) {
            Some(Quantity::LayerMean) => text::scale_mean(),
            Some(Quantity::Rollout) => text::scale_rollout(),
            _ => text::scale_all(),
        };
        if ranked { text::grid_by_rank(scale) } else { text::grid_by_place(scale) }
    };
    let inner = view! {
        // Where the row has no room for these.
        <div class="view-choice" class:comparing=flag(move || session.view.with(|v| v.compare.is_some()))>
            {view_choice(session, ["show-narrow", "form-narrow"])}
        </div>
        {units}
        {special}
        {mass(session)}
        {heads}
        <p class="readout" id="scale" prop:textContent=content(scale)></p>
    };
    popover("display", text::display(), inner.into_any())
}

/// The panels at the end of the row.
#[component]
pub fn Tools(session: Session) -> impl IntoView {
    view! {
        <CompareRow session/>
        <AlteredChip session/>
        <div class="ends">
            <Display session/>
            <Compare session/>
            {popover("edit", text::alter(), view! { <Alter session/> }.into_any())}
            {popover("find", text::find(), view! { <FindHeads session/> }.into_any())}
        </div>
    }
}

/// A number chosen from a list or by one step; its name as it is written, and in the page. A button at its end keeps the
/// focus, which an attribute `disabled` would take from it.
fn stepper(
    session: Session,
    [name, id]: [&'static str; 2],
    get: fn(&ViewState) -> usize,
    set: fn(HeadId, usize) -> HeadId,
    count: fn((usize, usize)) -> usize,
) -> AnyView {
    let value = move || session.view.with(get);
    let choose = move |to: usize| {
        let last = untrack(|| count(session.size())).saturating_sub(1);
        session.act(Action::SetHead(set(session.view.with_untracked(ViewState::head_id), to.min(last))));
    };
    let numbers = move || (0..count(session.size())).map(|i| i.to_string()).collect();
    view! {
        <div class="stepper">
            <label for=id>{name}</label>
            <button
                aria-label=text::one_less(name)
                aria-disabled=words(move || (value() == 0).to_string())
                on:click=press(move || choose(untrack(value).saturating_sub(1)))
            >
                "‹"
            </button>
            {select(id.into(), numbers, value, choose)}
            <button
                aria-label=text::one_more(name)
                aria-disabled=words(move || (value() + 1 == count(session.size())).to_string())
                on:click=press(move || choose(untrack(value) + 1))
            >
                "›"
            </button>
        </div>
    }
    .into_any()
}

/// How much of the row is drawn as edges.
fn mass(session: Session) -> AnyView {
    let percent = move || session.view.with(|v| fixed(v.mass * 100.0, 0));
    let choose = move |text: String| {
        if let Ok(percent) = text.parse::<u8>() {
            session.act(Action::SetShare(f32::from(percent) / 100.0));
        }
    };
    view! {
        <div class="control">
            <label for="mass">{text::mass_before()} <output translate="no" prop:textContent=content(percent)></output> {text::mass_after()}</label>
            <input id="mass" type="range" min="10" max="100" step="1" prop:value=words(percent) on:input=typed(choose)/>
        </div>
    }
    .into_any()
}
