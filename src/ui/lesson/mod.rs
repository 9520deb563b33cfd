//! The lesson: steps with a live piece of the page each. Its code and its texts are fetched by who opens it.
//!
//! The later part of the page has the [`Door`]; behind it is [`make`], which src/bin/app.rs puts into a part of its own,
//! so that nothing else may call what is made there.

mod article;
mod chart;
mod chip;
mod cross;
mod desk;
mod dictionary;
mod family;
mod heads;
mod layers;
mod order;
mod page;
mod price;
mod puzzle;
mod question;
mod rnn;
mod softmax;
mod stage;
mod teachers;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::lesson_place::Place;
use crate::text;
use crate::ui::browser::files::{address, fetched};
use crate::ui::doors::url::written;
use crate::ui::page::{FetchedLesson, MakeLesson, Page};
use crate::ui::widgets::{piece, press};

/// What src/bin/app.rs puts into a part of its own.
pub fn make() -> MakeLesson {
    page::lesson
}

/// Opens the lesson where the address asks for it, and closes it where it does no more.
#[component]
pub fn Door(page: Page, fetch: fn() -> FetchedLesson) -> impl IntoView {
    let place = RwSignal::new(None::<Place>);
    let made = RwSignal::new(None::<MakeLesson>);
    let lost = RwSignal::new(false);
    let bring = move || {
        lost.set(false);
        style();
        spawn_local(async move {
            let texts = if text::lesson::is_open() { None } else { texts().await };
            let make = fetch().await.filter(|_| texts.is_some() || text::lesson::is_open());
            if let Some(texts) = texts {
                text::lesson::open(texts);
            }
            match make {
                Some(_) => made.set(make),
                None => lost.set(true),
            }
        });
    };
    let read = move || {
        let address = written();
        // What a browser writes in signs of its own is read as it was meant.
        let meant = js_sys::decode_uri_component(&address).map(String::from);
        let now = Place::read(meant.as_deref().unwrap_or(&address));
        if let Some(root) = document().document_element() {
            // Setting an attribute of the document's own element does not fail.
            let _ = match &now {
                Some(_) => root.set_attribute("data-lesson", ""),
                None => root.remove_attribute("data-lesson"),
            };
        }
        if now.is_some() && made.get_untracked().is_none() {
            bring();
        }
        place.set(now);
    };
    read();
    let handle = window_event_listener(leptos::ev::hashchange, move |_| read());
    on_cleanup(move || handle.remove());
    let open = Memo::new(move |_| place.with(Option::is_some));
    let inner = move || match (open.get(), made.get(), lost.get()) {
        (false, ..) => ().into_any(),
        (true, Some(make), _) => make(page, place),
        (true, None, false) => view! { <p class="lesson readout" role="status">{text::lesson_coming()}</p> }.into_any(),
        (true, None, true) => view! {
            <p class="lesson fault" role="alert">
                {text::lesson_lost()}
                <button on:click=press(bring)>{text::try_again()}</button>
            </p>
        }
        .into_any(),
    };
    view! { {piece(inner)} }
}

/// Asks for the lesson's style sheet, once.
fn style() {
    let (Ok(None), Some(head)) = (document().query_selector("#lesson-style"), document().head()) else { return };
    if let Ok(link) = document().create_element("link") {
        // Setting attributes and adding an element do not fail.
        for (name, value) in [("id", "lesson-style"), ("rel", "stylesheet"), ("href", &address("lesson.css"))] {
            let _ = link.set_attribute(name, value);
        }
        let _ = head.append_child(&link);
    }
}

async fn texts() -> Option<String> {
    let file = fetched(&address(&format!("lang/lesson/{}", text::lesson::file()))).await?;
    String::from_utf8(file).ok()
}
