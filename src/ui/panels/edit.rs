//! What a reader changes in the model, and how it is put back.

use leptos::prelude::*;

use crate::engine::Intervention;
use crate::scene::two;
use crate::state::{Action, ViewState};
use crate::text;
use crate::ui::session::Session;
use crate::ui::widgets::slider::slider;
use crate::ui::widgets::{Content, button, check, content, flag, piece, press, typed};

/// What is changed, in words; empty for the model as it is.
fn changes(altered: &Intervention) -> String {
    let mut all = Vec::new();
    match altered.heads_off.iter().collect::<Vec<_>>()[..] {
        [] => {}
        [a] => all.push(text::one_off(&a.to_string())),
        [a, b] => all.push(text::two_off(&a.to_string(), &b.to_string())),
        ref many => all.push(text::heads_off(many.len())),
    }
    if altered.positions_off {
        all.push(text::has_no_positions().into());
    }
    if altered.shuffle.is_some() {
        all.push(text::has_another_order().into());
    }
    if altered.temperature != 1.0 {
        all.push(text::has_temperature(&two(altered.temperature)));
    }
    if altered.causal {
        all.push(text::is_causal().into());
    }
    text::list(all)
}

/// Names what is edited in the model, with a button that takes it back.
#[component]
pub fn AlteredChip(session: Session) -> impl IntoView {
    let note = move || {
        let changes = session.view.with(|v| changes(&v.altered));
        if changes.is_empty() {
            return ().into_any();
        }
        let told = text::altered_list(&changes);
        view! {
            <span class="edited">
                <b title=told.clone() prop:textContent=Content::from(told)></b>
                <button aria-label=text::restore() title=text::restore() on:click=press(move || session.act(Action::Restore))>"×"</button>
            </span>
        }
        .into_any()
    };
    view! { <div role="status" id="altered">{piece(note)}</div> }
}

#[component]
pub fn Alter(session: Session) -> impl IntoView {
    let alter = move |name: &'static str, action: fn(&ViewState) -> Action| {
        button(name, press(move || session.act(session.view.with_untracked(action))))
    };
    let off = move || session.view.with(|v| v.altered.heads_off.contains(&v.head_id()));
    let this_head = move || {
        let head = session.view.with(ViewState::head_id).to_string();
        if off() { text::switch_on(&head) } else { text::switch_off(&head) }
    };
    let check = move |name: &'static str, is: fn(&Intervention) -> bool, set: fn(bool) -> Action| {
        let on = flag(move || session.view.with(|v| is(&v.altered)));
        check(name, on, typed(move |_| session.act(set(!session.view.with_untracked(|v| is(&v.altered))))))
    };
    let temperature = slider(
        "temperature",
        text::softmax_temperature(),
        move || session.view.with(|v| v.altered.temperature),
        move |temperature| session.act(Action::SetTemperature(temperature)),
    );
    view! {
        <div class="edits">
                <div class="control" role="group" aria-label=text::heads()>
                    <button
                        on:click=press(move || session.act(Action::SwitchHead(session.view.with_untracked(ViewState::head_id))))
                        prop:textContent=content(this_head)
                    ></button>
                    {alter(text::layer_off(), |v| Action::SwitchLayerOff(v.layer))}
                    {alter(text::others_off(), |v| Action::KeepHead(v.head_id()))}
                </div>
                <div class="control" role="group" aria-label=text::positions_and_order()>
                    {check(text::take_positions(), |a| a.positions_off, Action::TakePositions)}
                    {check(text::shuffle(), |a| a.shuffle.is_some(), |on| Action::Shuffle(on.then_some(1)))}
                    {alter(text::shuffle_again(), |v| Action::Shuffle(Some(v.altered.shuffle.unwrap_or(0) + 1)))}
                    {check(text::causal(), |a| a.causal, Action::SetCausal)}
                </div>
            {temperature}
            <button on:click=press(move || session.act(Action::Restore))>{text::restore()}</button>
        </div>
    }
}
