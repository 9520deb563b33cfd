//! Which head, which form, what is hidden, how much is drawn.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::session::Session;
use crate::analysis::Special;
use crate::state::{View, ViewState};

#[component]
pub fn Controls(session: Session) -> impl IntoView {
    let size = Memo::new(move |_| session.run.with(|r| r.as_ref().map_or((1, 1), |r| (r.layers, r.heads))));
    view! {
        <div class="controls" role="group" aria-label="View">
            <Stepper
                name="Layer"
                value=Signal::derive(move || session.view.with(|v| v.layer))
                count=Signal::derive(move || size.get().0)
                set=move |layer| session.view.update(|v| v.layer = layer)
            />
            <Stepper
                name="Head"
                value=Signal::derive(move || session.view.with(|v| v.head))
                count=Signal::derive(move || size.get().1)
                set=move |head| session.view.update(|v| v.head = head)
            />
            <Choice
                name="Draw as"
                options=vec![("Arcs", View::Arcs), ("Columns", View::Columns)]
                value=Signal::derive(move || session.view.with(|v| v.view))
                set=move |view| session.view.update(|v| v.view = view)
            />
            <Choice
                name="Special tokens"
                options=vec![("Show", Special::Show), ("Mask only", Special::Mask), ("Renormalise", Special::Renormalise)]
                value=Signal::derive(move || session.view.with(|v| v.special))
                set=move |special| session.view.update(|v| v.special = special)
            />
            <Mass session/>
        </div>
    }
}

/// A number chosen from a list or by one step.
#[component]
fn Stepper(
    name: &'static str,
    value: Signal<usize>,
    count: Signal<usize>,
    set: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let id = name.to_lowercase();
    let options = move || {
        (0..count.get())
            .map(|i| view! { <option value=i.to_string() selected=move || value.get() == i>{i}</option> })
            .collect_view()
    };
    let less = move |_: MouseEvent| set(value.get_untracked().saturating_sub(1));
    let more = move |_: MouseEvent| set((value.get_untracked() + 1).min(count.get_untracked().saturating_sub(1)));
    let at_end = move || value.get() + 1 >= count.get();
    let choose = move |event| {
        if let Ok(chosen) = event_target_value(&event).parse() {
            set(chosen);
        }
    };
    view! {
        <div class="control">
            <label for=id.clone()>{name}</label>
            <div class="stepper">
                <button aria-label=format!("{name}, one less") disabled=move || value.get() == 0 on:click=less>"‹"</button>
                <select id=id prop:value=move || value.get().to_string() on:change=choose>{options}</select>
                <button
                    aria-label=format!("{name}, one more")
                    disabled=at_end
                    on:click=more
                >
                    "›"
                </button>
            </div>
        </div>
    }
}

/// One of a few, all in sight.
#[component]
fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    name: &'static str,
    options: Vec<(&'static str, T)>,
    value: Signal<T>,
    set: impl Fn(T) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let buttons = options.into_iter().map(|(label, option)| {
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=name
                    prop:checked=move || value.get() == option
                    on:change=move |_| set(option)
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
}

/// How much of the row is drawn as edges.
#[component]
fn Mass(session: Session) -> impl IntoView {
    let mass = move || session.view.with(|v: &ViewState| (v.mass * 100.0).round());
    let choose = move |event| {
        if let Ok(percent) = event_target_value(&event).parse::<f32>() {
            session.view.update(|v| v.mass = (percent / 100.0).clamp(0.0, 1.0));
        }
    };
    view! {
        <div class="control">
            <label for="mass">"Edges for " <output>{mass} " %"</output> " of the weight"</label>
            <input id="mass" type="range" min="10" max="100" step="1" prop:value=move || mass().to_string() on:input=choose/>
        </div>
    }
}
