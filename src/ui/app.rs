//! The page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::alter::{Alter, AlteredNote};
use super::caption::{Caption, RowTable};
use super::controls::Controls;
use super::input::{CutNote, TextInput};
use super::parts::{flag, press, words};
use super::session::Session;
use super::status::Status;
use super::survey::{FindHeads, Told};
use super::theme::{Look, ThemeSwitch};
use super::views::{ChartsView, GridView, HeatmapView, InsideView, Readings, SentenceView};
use super::{api, keys};
use crate::state::{History, View};

const MODEL: &str = "models/all-minilm-l6-v2/";
const SNAPSHOT: &str = "snapshots/trophy.safetensors";
/// Below this width two columns read better than arcs that must be scrolled.
const NARROW: f64 = 700.0;

/// Puts the page on the screen and starts the worker.
pub fn start() {
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let session = Session::new();
    let look = Look::new();
    let readings = Readings::new(session);
    let reading = readings.now;
    if window().inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|w| w < NARROW) {
        session.view.update(|v| v.view = View::Columns);
    }
    api::install(session);
    keys::install(session);
    spawn_local(async move {
        if let Some(bytes) = fetched(&address(SNAPSHOT)).await {
            session.show_snapshot(&bytes);
        }
    });
    session.start(&address(&worker_script()), &address(MODEL));

    let stale = move || session.run.with(|r| r.as_ref().is_some_and(|r| session.view.with(|v| !r.is_of(v))));
    let title = move || {
        let head = reading.with(|r| r.as_ref().map(|r| r.shot.head));
        head.map_or_else(String::new, |head| format!("Layer {}, head {}", head.layer, head.head))
    };
    view! {
        <header>
            <h1>"Attnscope"</h1>
            <p class="tagline">"What every head of a real transformer attends to, for any sentence."</p>
            <div class="tools">
                <button class="quiet" on:click=press(move || session.travel(History::undo))>"↶ Undo"</button>
                <button class="quiet" on:click=press(move || session.travel(History::redo))>"↷ Redo"</button>
                <button class="quiet" on:click=press(keys::show_help)>"? Keys"</button>
                <ThemeSwitch look/>
            </div>
        </header>
        <main>
            <section aria-label="Text">
                <TextInput session/>
                <Status session/>
                <CutNote session/>
                <AlteredNote session/>
            </section>
            <p class="invitation" hidden=flag(move || !session.empty())>
                "Type a sentence above, or take one of the examples, to see what its words read from each other."
            </p>
            <div class="pictures" class:stale=flag(stale) hidden=flag(move || session.empty())>
                <Controls session/>
                <Alter session/>
                <section aria-label="Sentence" class="sentence">
                    <h2 id="head-title">{words(title)}</h2>
                    <SentenceView session readings look/>
                    <Caption readings/>
                    <RowTable pinned=readings.pinned/>
                    <InsideView session look/>
                </section>
                <div class="two">
                    <section aria-label="Heatmap">
                        <h2>"This head, every query"</h2>
                        <HeatmapView session reading look/>
                    </section>
                    <section aria-label="All heads">
                        <h2>"All heads"</h2>
                        <FindHeads session/>
                        <GridView session look/>
                        <p class="readout">
                            "Rows are layers, columns are heads; colours as in the heatmap: a square-root scale, the same for every head. "
                            "Point to preview, click to choose."
                        </p>
                        <Told session/>
                    </section>
                </div>
                <ChartsView session look/>
            </div>
        </main>
        <footer>
            <p>
                "Attention shows where a head reads, not why the model decides: it is not an explanation of a decision. "
                "Everything here is computed in your browser; no text leaves it."
            </p>
        </footer>
    }
}

/// The absolute address of a file of this page, under whatever path it is served.
fn address(file: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(file, &base).map(|url| url.href()).unwrap_or_else(|_| file.to_owned())
}

/// The build writes the worker's address, with its hash, into the page's head.
fn worker_script() -> String {
    let meta = document().query_selector("meta[name=attnscope-worker]").ok().flatten();
    meta.and_then(|m| m.get_attribute("content")).unwrap_or_else(|| "worker_loader.js".into())
}

async fn fetched(url: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(window().fetch_with_str(url)).await.ok()?.dyn_into::<web_sys::Response>().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok().filter(|_| response.ok())?).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
