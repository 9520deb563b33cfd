//! Self and cross: one small translator, and the three ways in which its texts read.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chip::chip;
use super::question::question;
use super::stage::{Stage, numbers, numbers_link};
use crate::engine::HeadId;
use crate::scene::digits;
use crate::state::{Action, read_link};
use crate::text::lesson as text;
use crate::ui::session::Cause;
use crate::ui::session::apply::{self, Lost};
use crate::ui::views::heatmap::HeatmapView;
use crate::ui::views::sentence::SentenceView;
use crate::ui::widgets::progress::fault;
use crate::ui::widgets::{content, flag, piece, plain, press, words};

/// Of all files of the model.
const BYTES: f64 = 256_000.0;

/// Blocks of the model: its encoder's two, its decoder's own, and the one that reads from the encoder; a head of each that
/// shows most of what the block is for.
const PARTS: [(crate::text::Name, HeadId); 3] = [
    (text::cross_encoder, HeadId { layer: 1, head: 0 }),
    (text::cross_decoder, HeadId { layer: 2, head: 2 }),
    (text::cross_cross, HeadId { layer: 3, head: 1 }),
];

pub fn live(stage: Stage) -> AnyView {
    let Stage { session, readings, look, .. } = stage;
    let failed = RwSignal::new(None);
    let here = move || session.view.with(|v| v.model.as_ref() == Some(&numbers()));
    let load = press(move || {
        failed.set(None);
        spawn_local(async move {
            let (patch, _) = read_link(&numbers_link());
            failed.set(apply::change(session, patch, Lost::Part, Cause::Reader).await.err());
        });
    });
    let parts = PARTS.map(|(name, head)| {
        let choose = press(move || session.act(Action::SetHead(head)));
        // The encoder has two layers, and a reader may choose any head.
        let is_it = move || {
            let layer = session.view.with(|v| v.layer);
            layer == head.layer || layer == 0 && head.layer == 1
        };
        chip(name().into(), is_it, choose)
    });
    let name = move || if session.writing.get() { text::cross_writing() } else { text::cross_write() };
    let lost = move || failed.get().map_or_else(|| ().into_any(), fault);
    view! {
        <div class="chips" role="group" aria-label=text::cross_parts()>{parts.into_iter().collect_view()}</div>
        <SentenceView session readings look id="lesson-sentence"/>
        <HeatmapView session readings look id="lesson-map"/>
        {question(
            text::cross_question(),
            &[text::cross_right, text::cross_wrong_place, text::cross_wrong_last],
            0,
            text::cross_why().into(),
        )}
        <p hidden=flag(here)>
            <button id="lesson-fetch" on:click=load>{text::cross_fetch(&digits(BYTES / 1e6, 2))}</button>
        </p>
        <div role="alert">{piece(lost)}</div>
        <div hidden=flag(move || !here())>
            {plain("label", "for=lesson-number", text::cross_number())}
            <input
                id="lesson-number"
                type="text"
                dir="ltr"
                lang="en"
                autocomplete="off"
                prop:value=words(move || session.view.with(|v| v.text.clone()))
                on:input=stage.write_text()
            />
            <p>{text::cross_answer()} ": " <b
                id="lesson-german"
                lang="de"
                dir="ltr"
                translate="no"
                prop:textContent=content(move || session.view.with(|v| v.pair.clone()).unwrap_or_default())
            ></b></p>
            <button
                id="lesson-write"
                disabled=flag(move || session.writing.get() || !session.writes())
                on:click=press(move || session.write_on())
                prop:textContent=content(move || name().into())
            ></button>
        </div>
    }
    .into_any()
}
