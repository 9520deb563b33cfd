//! The page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::analysis::Quantity;
use crate::engine::HeadId;
use crate::state::View;
use crate::text;
use crate::ui::browser::files::{address, fetched, model_folder};
use crate::ui::browser::frame::{self, parameter};
use crate::ui::browser::language;
use crate::ui::browser::theme::Look;
use crate::ui::deferred::Later;
use crate::ui::doors::url;
use crate::ui::page::{Fetched, FetchedLesson, Page, Part};
use crate::ui::panels::caption::Caption;
use crate::ui::panels::compare::apart;
use crate::ui::panels::inspector::{Pane, restore_tab};
use crate::ui::panels::notices::Faults;
use crate::ui::panels::status::Status;
use crate::ui::panels::text::TextInput;
use crate::ui::panels::toolbar::{HeadChoice, ViewChoice};
use crate::ui::session::{Session, draft};
use crate::ui::views::grid::GridView;
use crate::ui::views::heatmap::HeatmapView;
use crate::ui::views::picture::follow_print;
use crate::ui::views::selection::{Readings, Shot};
use crate::ui::views::sentence::SentenceView;
use crate::ui::widgets::{content, flag, press, words};

const SNAPSHOT: &str = "snapshots/trophy.safetensors";

/// Puts the page on the screen in the reader's language, starts the worker, and fetches what the first picture does
/// without.
pub fn start(fetch: fn(Page) -> Fetched, fetch_lesson: fn() -> FetchedLesson) {
    spawn_local(async move {
        language::settle().await;
        mount_to_body(move || app(fetch, fetch_lesson));
        // The page itself takes the place of the picture that was there before it.
        if let Some(first) = document().get_element_by_id("first") {
            first.remove();
        }
    });
}

fn app(fetch: fn(Page) -> Fetched, fetch_lesson: fn() -> FetchedLesson) -> impl IntoView {
    frame::fit();
    let session = Session::new();
    // The page around sends the run that it has saved.
    let saved = parameter("saved").is_some();
    url::begin(session, saved);
    let look = Look::new();
    follow_print(look);
    let readings = Readings::new(session);
    let reading = readings.now;
    let beside = Readings::beside(session, readings);
    if url::is_bare() {
        restore_tab(session);
    }
    draft::install(session);
    let pane = RwSignal::new(Pane::Heads);
    let later = Later::new(Page { session, look, readings, beside, pane, fetch_lesson }, fetch);
    if !saved {
        spawn_local(async move {
            if let Some(bytes) = fetched(&address(SNAPSHOT)).await {
                session.show_snapshot(&bytes);
            }
        });
    }
    session.start(&address(&worker_script()), &model_folder(), saved);

    let title = move || reading.with(|r| r.as_ref().map(|r| title(&r.shot))).unwrap_or_default();
    let map_title = move || match session.view.with(|v| v.quantity().is_of_heads()) {
        true => text::map_of_head(&session.head_shown().to_string()),
        false => text::map_of_layer(&session.head_shown().layer.to_string()),
    };
    let all_heads = move || {
        let (layers, heads) = session.size();
        text::all_heads_of(layers * heads)
    };
    let off = move || {
        let is_off = session.view.with(|v| v.altered.heads_off.contains(&session.head_shown()));
        if is_off { text::head_is_off().into() } else { String::new() }
    };
    let map_of_other = RwSignal::new(false);
    let which_map = move |name: &'static str, other: bool| {
        let pressed = words(move || (map_of_other.get() == other).to_string());
        view! { <button aria-pressed=pressed on:click=press(move || map_of_other.set(other))>{name}</button> }
    };
    view! {
        <button class="skip" on:click=press(to_picture)>{text::skip_to_picture()}</button>
        <header class="bars">
            <div class="head" role="toolbar" aria-label=text::region_page() data-rove="">
                <div class="brand">
                    <h1 translate="no">"Attnscope"</h1>
                    {later.part(Part::Ways)}
                </div>
                <div class="tools">{later.part(Part::Head)}</div>
            </div>
            <TextInput session/>
            <div class="rows" role="toolbar" aria-label=text::region_view() data-rove="">
                <div class="chips">{later.part(Part::Text)}</div>
                <div class="row">
                    <HeadChoice session/>
                    <ViewChoice session/>
                    <div class="slot">
                        <Status session/>
                        {later.part(Part::Notes)}
                    </div>
                    {later.part(Part::Tools)}
                </div>
            </div>
        </header>
        <main>
            {later.part(Part::Lesson)}
            <div
                class="pictures"
                data-show=move || pane.get().name()
                class:stale=flag(move || session.stale())
                class:apart=flag(move || apart(session))
                class:other-map=flag(move || apart(session) && map_of_other.get())
                class:empty=flag(move || session.empty())
                class:titled=flag(move || reading.with(|r| r.as_ref().is_some_and(|r| r.form != View::Arcs)))
            >
                <section class="sentence" data-pane="sentence" aria-label=text::region_sentence()>
                    <div class="title">
                        <h2 id="head-title" prop:textContent=content(title)></h2>
                        <span id="head-off-note" prop:textContent=content(off)></span>
                        {later.part(Part::Title)}
                    </div>
                    <SentenceView session readings look id="sentence" bounded=true/>
                    {later.part(Part::Beside)}
                    <p class="invitation" hidden=flag(move || !session.empty())>{text::invitation()}</p>
                </section>
                <section data-pane="caption" aria-label=text::region_caption() data-rove="">
                    <Caption session readings/>
                    {later.part(Part::Guide)}
                </section>
                <section class="map" id="pane-heatmap" data-pane="heatmap" aria-label=text::region_heatmap()>
                    <div class="map-title">
                        <h2 prop:textContent=content(map_title)></h2>
                        <span class="options" hidden=flag(move || !apart(session))>
                            {which_map("A", false)}
                            {which_map("B", true)}
                        </span>
                    </div>
                    <HeatmapView session readings look id="heatmap" bounded=true/>
                    <div class="other" hidden=flag(move || !apart(session))>{later.part(Part::OtherMap)}</div>
                </section>
                <section class="heads" id="pane-heads" data-pane="heads" aria-label=text::all_heads()>
                    <h2 prop:textContent=content(all_heads)></h2>
                    <GridView session look id="grid" bounded=true/>
                    {later.part(Part::HeadsFoot)}
                    {later.part(Part::HeadsTools)}
                </section>
                {later.part(Part::Inspector)}
            </div>
            {later.part(Part::Foot)}
        </main>
        <div class="notices">
            <Faults session/>
            {later.note()}
            {later.part(Part::Notices)}
        </div>
    }
}

/// Moves the focus past the bars.
fn to_picture() {
    let picture = document().get_element_by_id("sentence").and_then(|e| e.dyn_into::<HtmlElement>().ok());
    let _ = picture.map(|picture| picture.focus());
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

/// The build writes the worker's address, with its hash, into the page's head.
fn worker_script() -> String {
    let meta = document().query_selector("meta[name=attnscope-worker]").ok().flatten();
    meta.and_then(|m| m.get_attribute("content")).unwrap_or_else(|| "worker_loader.js".into())
}
