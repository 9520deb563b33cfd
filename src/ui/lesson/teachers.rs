//! For teachers: a link to a step, the steps in another order, and the lines that put them into another page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::lesson_place::{Place, Step, names, steps};
use crate::text::lesson as text;
use crate::ui::browser::clipboard::copy;
use crate::ui::browser::files::address;
use crate::ui::widgets::{button, content, flag, plain, press, typed, words};

pub fn teachers(of: Memo<Place>, step: Memo<Step>) -> AnyView {
    // As typed; empty for the whole lesson.
    let order = RwSignal::new(String::new());
    let chosen = move || steps(&order.get());
    let link = move || {
        let (own, _) = chosen();
        let place = match own.is_empty() {
            true => of.get(),
            false => Place { step: None, steps: own, unknown: Vec::new() },
        };
        let now = step.get();
        let first = if place.steps.contains(&now) { now } else { place.steps[0] };
        format!("{}#{}", address("./"), place.address(first))
    };
    let lines = move || {
        let (own, _) = chosen();
        let named = if own.is_empty() { step.get().name().to_owned() } else { names(&own) };
        let script = address("embed.js");
        format!("<script src=\"{script}\" defer></script>\n<attn-scope lesson=\"{named}\"></attn-scope>")
    };
    let unknown = move || chosen().1.first().map(text::teach_unknown).unwrap_or_default();
    let said = RwSignal::new(String::new());
    let copied = move |what: String| {
        spawn_local(async move {
            let done = copy(&what).await;
            said.set(if done { text::teach_copied() } else { text::teach_by_hand() }.into());
        });
    };
    view! {
        <details class="teachers">
            {plain("summary", "", text::teachers())}
            {plain("p", "", text::teach_about())}
            {plain("label", "for=teach-order", text::teach_order())}
            <input
                id="teach-order"
                type="text"
                dir="ltr"
                spellcheck="false"
                autocomplete="off"
                placeholder="puzzle,heads,price"
                prop:value=words(move || order.get())
                on:input=typed(move |text| order.set(text))
            />
            <p class="hint">{text::teach_all(&names(&Step::ALL))}</p>
            <p class="fault" role="alert" hidden=flag(move || unknown().is_empty()) prop:textContent=content(unknown)></p>
            {plain("label", "for=teach-link", text::teach_link())}
            <div class="look">
                <input id="teach-link" type="text" dir="ltr" readonly prop:value=words(link)/>
                {button(text::copy(), press(move || copied(untrack(link))))}
            </div>
            {plain("label", "for=teach-lines", text::teach_lines())}
            <textarea id="teach-lines" dir="ltr" readonly rows="3" spellcheck="false" prop:value=words(lines)></textarea>
            <p>
                {button(text::copy(), press(move || copied(untrack(lines))))}
                <span class="readout" role="status" prop:textContent=content(move || said.get())></span>
            </p>
        </details>
    }
    .into_any()
}
