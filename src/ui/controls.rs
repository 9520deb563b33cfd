//! Which head, which form, what is hidden, how much is drawn.

use leptos::prelude::*;

use super::parts::{content, flag, plain, press, select, typed, words};
use super::session::Session;
use crate::analysis::{Quantity, Special, fixed};
use crate::state::{View, ViewState};
use crate::text;

#[component]
pub fn Controls(session: Session) -> impl IntoView {
    let layer = stepper(session, [text::layer(), "layer"], |v| v.layer, |v, layer| v.layer = layer, |size| size.0);
    let head = stepper(session, [text::head(), "head"], |v| v.head, |v, head| v.head = head, |size| size.1);
    let form = choice(
        session,
        text::draw_as(),
        &[
            (text::by_itself(), |v| v.view.is_none(), |v| v.view = None),
            (text::arcs(), |v| v.view == Some(View::Arcs), |v| v.view = Some(View::Arcs)),
            (text::columns(), |v| v.view == Some(View::Columns), |v| v.view = Some(View::Columns)),
            (text::as_text(), |v| v.view == Some(View::Text), |v| v.view = Some(View::Text)),
        ],
    );
    let special = choice(
        session,
        text::special_tokens(),
        &[
            (text::special_show(), |v| v.special == Special::Show, |v| v.special = Special::Show),
            (text::special_mask(), |v| v.special == Special::Mask, |v| v.special = Special::Mask),
            (text::special_renormalise(), |v| v.special == Special::Renormalise, |v| v.special = Special::Renormalise),
        ],
    );
    let units = choice(
        session,
        text::units(),
        &[(text::tokens(), |v| !v.words, |v| v.words = false), (text::words(), |v| v.words, |v| v.words = true)],
    );
    view! {
        <div class="controls" role="group" aria-label=text::region_view()>
            {layer} {head} {show(session)} {form} {units} {special} {mass(session)}
        </div>
    }
}

/// What a cell can say, and how a reader calls it.
const QUANTITIES: [(text::Name, Quantity); 5] = [
    (text::show_weight, Quantity::Weight),
    (text::show_score, Quantity::Score),
    (text::show_norm, Quantity::Norm),
    (text::show_mean, Quantity::LayerMean),
    (text::show_rollout, Quantity::Rollout),
];

fn show(session: Session) -> AnyView {
    let names = || QUANTITIES.map(|(name, _)| name().to_owned()).to_vec();
    let chosen = move || session.view.with(|v| QUANTITIES.iter().position(|(_, q)| *q == v.show).unwrap_or(0));
    let choose = move |i: usize| session.view.update(|v| v.show = QUANTITIES.get(i).map_or(v.show, |q| q.1));
    view! { <div class="control">{plain("label", "for=show", text::show())}{select("show".into(), names, chosen, choose)}</div> }
        .into_any()
}

/// A number chosen from a list or by one step; its name as it is written, and in the page.
fn stepper(
    session: Session,
    [name, id]: [&'static str; 2],
    get: fn(&ViewState) -> usize,
    set: fn(&mut ViewState, usize),
    count: fn((usize, usize)) -> usize,
) -> AnyView {
    let value = move || session.view.with(get);
    let choose = move |to: usize| {
        let last = untrack(|| count(session.size())).saturating_sub(1);
        session.view.update(|v| set(v, to.min(last)));
    };
    let numbers = move || (0..count(session.size())).map(|i| i.to_string()).collect();
    view! {
        <div class="control">
            <label for=id>{name}</label>
            <div class="stepper">
                <button
                    aria-label=text::one_less(name)
                    disabled=flag(move || value() == 0)
                    on:click=press(move || choose(untrack(value).saturating_sub(1)))
                >
                    "‹"
                </button>
                {select(id.into(), numbers, value, choose)}
                <button
                    aria-label=text::one_more(name)
                    disabled=flag(move || value() + 1 == count(session.size()))
                    on:click=press(move || choose(untrack(value) + 1))
                >
                    "›"
                </button>
            </div>
        </div>
    }
    .into_any()
}

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

/// How much of the row is drawn as edges.
fn mass(session: Session) -> AnyView {
    let percent = move || session.view.with(|v| fixed(v.mass * 100.0, 0));
    let choose = move |text: String| {
        if let Ok(percent) = text.parse::<u8>() {
            session.view.update(|v| v.mass = (percent as f32 / 100.0).min(1.0));
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
