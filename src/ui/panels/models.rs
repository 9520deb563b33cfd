//! Other models: of a hub, at an address, of the reader's own; how large they are before they are fetched, and which
//! are kept in this browser.

use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::engine::{Architecture, StackKind};
use crate::error::Result;
use crate::scene::digits;
use crate::source::{HUB, Source};
use crate::text;
use crate::ui::browser::files::{model_folder, taken};
use crate::ui::panels::help::plain_form;
use crate::ui::session::open::open_files;
use crate::ui::session::{Choice, Model, Planned, Session, Told};
use crate::ui::widgets::progress::fault;
use crate::ui::widgets::{Content, button, content, flag, piece, plain, press, typed, words};

/// Models that run well in a browser and show what attention does: id, megabytes of their weights, licence.
const GOOD: [(&str, usize, &str); 7] = [
    ("EleutherAI/pythia-70m", 166, "Apache-2.0"),
    ("google-t5/t5-small", 242, "Apache-2.0"),
    ("distilbert/distilbert-base-uncased", 268, "Apache-2.0"),
    ("HuggingFaceTB/SmolLM2-135M", 269, "Apache-2.0"),
    ("distilbert/distilgpt2", 353, "Apache-2.0"),
    ("google-bert/bert-base-uncased", 440, "Apache-2.0"),
    ("openai-community/gpt2", 548, "MIT"),
];

fn megabytes(bytes: u64) -> String {
    digits(bytes as f64 / 1e6, if bytes < 10_000_000 { 1 } else { 0 })
}

#[component]
pub fn Models(session: Session) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let (name, hub) = (RwSignal::new(String::new()), RwSignal::new(HUB.to_owned()));
    // The model that was looked up here, or what is wrong with its name.
    let written = RwSignal::new(None::<Result<Source>>);
    let look_at = move |source: Result<Source>| {
        written.set(Some(source.clone()));
        if let Ok(source) = source {
            session.look(source);
        }
    };
    let look = move || look_at(untrack(|| name.with(|name| hub.with(|hub| Source::parse(name, hub)))));
    let choose = move |source: Source| {
        name.set(source.written());
        look_at(Ok(source));
        // The button goes with the list, and the focus is not to go with it.
        focus("models-name");
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let show = press(move || {
        if let Some(dialog) = dialog.get_untracked() {
            session.ask_stored();
            // Fails only while it is open already.
            let _ = dialog.show_modal();
        }
    });
    let load = move |source: Source| {
        close();
        session.load_from(source, Vec::new());
    };
    let plan = move || {
        let looked = session.looked.get();
        let source = match written.get() {
            Some(Err(error)) => return fault(error),
            written => written.and_then(Result::ok),
        };
        match looked.told.filter(|_| looked.at.is_some() && looked.at == source) {
            Some(Err(error)) => fault(error),
            Some(Ok(Told::Plan(plan))) => planned(plan, load),
            Some(Ok(Told::Choices(list))) => choices(list, choose),
            None if looked.at.is_some() && looked.at == source => {
                view! { <p class="readout" prop:textContent=Content::from(text::models_looking())></p> }.into_any()
            }
            None => ().into_any(),
        }
    };
    let good = GOOD.map(|(id, megabytes, licence)| {
        let take = press(move || {
            hub.set(HUB.to_owned());
            name.set(id.to_owned());
            look();
        });
        view! { <li><button class="chip" on:click=take>{text::models_entry(id, &megabytes.to_string(), licence)}</button></li> }
    });
    let chosen = move |event: web_sys::Event| {
        let chosen = taken(&event);
        if !chosen.is_empty() {
            close();
            open_files(session, chosen);
        }
    };
    let folder = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(folder) = folder.get() {
            // Leptos has no such attribute.
            let _ = folder.set_attribute("webkitdirectory", "");
        }
    });
    let other = move || session.source().is_some_and(|source| source != session.own_model());
    let stored =
        move || session.stored.with(|models| models.iter().map(|kept| kept_line(session, kept)).collect_view());
    view! {
        <button
            id="model"
            title=text::models_open()
            on:click=show
            prop:textContent=content(move || {
                session.model.with(|m| match m {
                    Model::Ready(card) => card.name.clone(),
                    _ => text::models_open().into(),
                })
            })
        ></button>
        <dialog id="models" class="wide" aria-labelledby="models-title" node_ref=dialog>
            {plain("h2", "id=models-title", text::models_title())}
            {plain("label", "for=models-name", text::models_name())}
            <div class="look">
                <input
                    id="models-name"
                    type="text"
                    dir="ltr"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="owner/name"
                    prop:value=words(move || name.get())
                    on:input=typed(move |text| name.set(text))
                />
                {button(text::models_look(), press(look))}
            </div>
            <div id="models-plan" role="status">{piece(plan)}</div>
            {plain("h3", "", text::models_list())}
            <ul class="chips">{good.into_iter().collect_view()}</ul>
            <div class="control">
                {plain("label", "for=models-files", text::models_files())}
                <input id="models-files" type="file" multiple accept=".gguf,.safetensors,.json,.txt" on:change=chosen/>
            </div>
            <div class="control">
                {plain("label", "for=models-folder", text::models_folder())}
                <input id="models-folder" type="file" node_ref=folder on:change=chosen/>
            </div>
            <div class="control">
                {plain("label", "for=models-hub", text::models_hub())}
                <input
                    id="models-hub"
                    type="url"
                    dir="ltr"
                    prop:value=words(move || hub.get())
                    on:input=typed(move |text| hub.set(text))
                />
            </div>
            {plain("p", "class=hint", text::models_hosts())}
            {plain("h3", "id=models-kept tabindex=-1", text::models_stored())}
            <ul id="models-stored">{piece(move || stored().into_any())}</ul>
            <p hidden=flag(move || session.stored.with(|models| !models.is_empty()))>{text::models_none_kept()}</p>
            <p hidden=flag(move || !other())>
                {button(text::models_back(), press(move || load(Source::Folder(model_folder()))))}
            </p>
            {plain_form()}
        </dialog>
    }
}

/// What loading it would take, and the button that does.
fn planned(plan: Planned, load: impl Fn(Source) + 'static) -> AnyView {
    view! {
        <p class="readout" prop:textContent=Content::from(told(&plan))></p>
        <p>{button(text::models_load(), press(move || load(plan.source.clone())))}</p>
    }
    .into_any()
}

/// The files that the reader can choose from, with their sizes.
pub fn choices(list: Vec<Choice>, choose: impl Fn(Source) + Copy + 'static) -> AnyView {
    let choice = |Choice { path, bytes, source }: Choice| {
        let choose = press(move || choose(source.clone()));
        let told = text::models_choice(&path, &megabytes(bytes));
        view! { <li><button class="chip" on:click=choose prop:textContent=Content::from(told)></button></li> }
    };
    let list: Vec<_> = list.into_iter().map(choice).collect();
    view! {
        <p class="readout">{text::models_several()}</p>
        <ul class="chips">{list}</ul>
    }
    .into_any()
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let _ = element.map(|element| element.focus());
}

/// What loading a model would take.
pub fn told(plan: &Planned) -> String {
    let Planned { name, licence, files, bytes, memory, .. } = plan;
    let told = text::models_planned(name, &megabytes(*bytes), *files, &megabytes(*memory));
    if licence.is_empty() { told } else { text::sentences([told, text::models_licence(licence)]) }
}

fn kept_line(session: Session, kept: &crate::worker::protocol::Kept) -> AnyView {
    let address = kept.address.clone();
    let forget = press(move || {
        session.forget(address.clone());
        // The button goes with its line, and the focus is not to go with it.
        focus("models-kept");
    });
    let told = text::models_kept(&kept.address, &megabytes(kept.bytes));
    view! { <li><span prop:textContent=Content::from(told)></span> {button(text::models_forget(), forget)}</li> }
        .into_any()
}

/// What the chosen layer of an encoder-decoder is.
#[component]
pub fn StackNote(session: Session) -> impl IntoView {
    let part = move || {
        let architecture =
            session.model.with(|m| if let Model::Ready(card) = m { Some(card.architecture) } else { None });
        let layer = session.view.with(|view| view.layer);
        match architecture.and_then(|architecture: Architecture| architecture.stack(layer)) {
            None => String::new(),
            Some((StackKind::Encoder, l)) => text::part_encoder(&layer.to_string(), &l.to_string()),
            Some((StackKind::Decoder, l)) => text::part_decoder(&layer.to_string(), &l.to_string()),
            Some((StackKind::Cross, l)) => text::part_cross(&layer.to_string(), &l.to_string()),
        }
    };
    view! { <p class="readout" id="part" hidden=flag(move || part().is_empty()) prop:textContent=content(part)></p> }
}

/// The button with which a model writes on.
#[component]
pub fn Writing(session: Session) -> impl IntoView {
    let name = move || if session.writing.get() { text::writing_on() } else { text::write_on() };
    view! {
        <button
            id="write-on"
            hidden=flag(move || !session.writes())
            disabled=flag(move || session.writing.get())
            on:click=press(move || session.write_on())
            prop:textContent=content(move || name().into())
        ></button>
    }
}
