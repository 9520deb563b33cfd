//! The page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::address;
use super::caption::Caption;
use super::compare::apart;
use super::controls::Controls;
use super::draft;
use super::frame::{self, parameter};
use super::input::TextInput;
use super::language;
use super::later::{Fetched, Later, Page, Part};
use super::lesson;
use super::parts::{content, flag, plain};
use super::picture::follow_print;
use super::session::Session;
use super::status::Status;
use super::theme::Look;
use super::views::{GridView, HeatmapView, Readings, SentenceView, Shot};
use crate::analysis::Quantity;
use crate::engine::HeadId;
use crate::text;

const MODEL: &str = "models/all-minilm-l6-v2/";

/// The folder of the model that the page comes with.
pub fn model_folder() -> String {
    address(MODEL)
}
const SNAPSHOT: &str = "snapshots/trophy.safetensors";

/// Puts the page on the screen in the reader's language, starts the worker, and fetches what the first picture does
/// without.
pub fn start(fetch: fn(Page) -> Fetched, fetch_lesson: fn() -> lesson::Fetched) {
    spawn_local(async move {
        language::settle().await;
        mount_to_body(move || app(fetch, fetch_lesson));
    });
}

fn app(fetch: fn(Page) -> Fetched, fetch_lesson: fn() -> lesson::Fetched) -> impl IntoView {
    frame::fit();
    let session = Session::new();
    // The page around sends the run that it has saved.
    let saved = parameter("saved").is_some();
    address::begin(session, saved);
    let look = Look::new();
    follow_print(look);
    let readings = Readings::new(session);
    let reading = readings.now;
    let beside = Readings::beside(session, readings);
    draft::install(session);
    let later = Later::new(Page { session, look, readings, beside, fetch_lesson }, fetch);
    if !saved {
        spawn_local(async move {
            if let Some(bytes) = fetched(&address(SNAPSHOT)).await {
                session.show_snapshot(&bytes);
            }
        });
    }
    session.start(&address(&worker_script()), &model_folder(), saved);

    let title = move || reading.with(|r| r.as_ref().map(|r| title(&r.shot))).unwrap_or_default();
    let order = move || {
        let ranked = session.run.with(|r| r.as_ref().is_some_and(|r| session.view.with(|v| r.ranked(v).is_some())));
        let scale = match session.of().map(|of| of.quantity) {
            Some(Quantity::LayerMean) => text::scale_mean(),
            Some(Quantity::Rollout) => text::scale_rollout(),
            _ => text::scale_all(),
        };
        if ranked { text::grid_by_rank(scale) } else { text::grid_by_place(scale) }
    };
    let map_title = move || match session.view.with(|v| v.quantity().is_of_heads()) {
        true => text::map_of_head().into(),
        false => text::map_of_layer().into(),
    };
    view! {
        <header>
            <h1 translate="no">"Attnscope"</h1>
            {plain("p", "class=tagline", text::tagline())}
            <div class="tools">{later.part(Part::Header)}</div>
        </header>
        <main>
            <section class="text" aria-label=text::region_text()>
                <TextInput session/>
                <Status session/>
                {later.part(Part::Notes)}
            </section>
            {later.part(Part::Lesson)}
            <p class="invitation" hidden=flag(move || !session.empty())>
                {text::invitation()}
            </p>
            <div class="pictures" class:stale=flag(move || session.stale()) hidden=flag(move || session.empty())>
                <Controls session/>
                {later.note()}
                {later.part(Part::Tools)}
                <section aria-label=text::region_sentence() class="sentence">
                    <h2 id="head-title" prop:textContent=content(title)></h2>
                    <SentenceView session readings look id="sentence"/>
                    <Caption readings/>
                    {later.part(Part::Beside)}
                    {later.part(Part::Below)}
                </section>
                <div class="two" class:three=flag(move || apart(session))>
                    <section aria-label=text::region_heatmap()>
                        <h2 prop:textContent=content(map_title)></h2>
                        <HeatmapView session readings look id="heatmap"/>
                    </section>
                    <section aria-label=text::region_heatmap_other() hidden=flag(move || !apart(session))>
                        {plain("h2", "", text::map_of_other())}
                        {later.part(Part::OtherMap)}
                    </section>
                    <section aria-label=text::all_heads()>
                        {plain("h2", "", text::all_heads())}
                        {later.part(Part::Find)}
                        <GridView session look id="grid"/>
                        <p class="readout" prop:textContent=content(order)></p>
                        {later.part(Part::Told)}
                    </section>
                </div>
                {later.part(Part::Charts)}
            </div>
        </main>
        <footer>
            {plain("p", "", &[text::explains_nothing(), text::between_sentences(), text::stays_here()].concat())}
        </footer>
    }
}

/// What the pictures show, in words.
fn title(shot: &Shot) -> String {
    let HeadId { layer, head } = shot.head;
    match shot.quantity() {
        Quantity::Weight => text::title_weight(layer, head),
        Quantity::Score => text::title_score(layer, head),
        Quantity::Norm => text::title_norm(layer, head),
        Quantity::LayerMean => text::title_mean(layer),
        Quantity::Rollout => text::title_rollout(layer),
        Quantity::Difference => text::title_difference(layer, head),
    }
}

/// The absolute address of a file of this page, under whatever path it is served.
pub fn address(file: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(file, &base).map(|url| url.href()).unwrap_or_else(|_| file.to_owned())
}

/// The build writes the worker's address, with its hash, into the page's head.
fn worker_script() -> String {
    let meta = document().query_selector("meta[name=attnscope-worker]").ok().flatten();
    meta.and_then(|m| m.get_attribute("content")).unwrap_or_else(|| "worker_loader.js".into())
}

/// A file's bytes; none where it could not be fetched.
pub async fn fetched(url: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(window().fetch_with_str(url)).await.ok()?.dyn_into::<web_sys::Response>().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok().filter(|_| response.ok())?).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
