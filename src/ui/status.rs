//! How far the model is, in one quiet line with a real bar.

use leptos::prelude::*;

use super::session::{Model, Session};
use crate::error::Error;
use crate::state::Source;

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

fn seconds_left(got: u64, total: u64, seconds: f64) -> Option<f64> {
    // The first moments say nothing about the rate.
    (seconds > 0.5 && got > 0).then(|| seconds * (total.saturating_sub(got)) as f64 / got as f64)
}

#[component]
pub fn Status(session: Session) -> impl IntoView {
    let about_text = move || {
        let saved = session.run.with(|r| r.as_ref().is_some_and(|r| r.source == Source::Snapshot));
        let own = session
            .run
            .with(|r| r.as_ref().is_some_and(|r| session.view.with(|v| r.is_of(&v.text, v.pair.as_deref()))));
        match (saved, own) {
            (true, true) => "You see a saved run of this sentence. ",
            (true, false) => "Your text is read as soon as the model is here. ",
            _ => "",
        }
    };
    let line = move || match session.model.get() {
        Model::Starting => view! { <span>{about_text} "The model is being looked for …"</span> }.into_any(),
        Model::Downloading { got, total, seconds, cached } => {
            let what =
                if cached { "reading the model from this browser's storage" } else { "the model is downloading" };
            let left = seconds_left(got, total, seconds).filter(|_| !cached);
            let left = left.map(|s| format!(", {s:.0} s left")).unwrap_or_default();
            let numbers = format!("{what}: {} of {} MB in {seconds:.0} s{left}", megabytes(got), megabytes(total));
            view! {
                <span>{about_text} {numbers}</span>
                <progress aria-label="Model download" max=total.to_string() value=got.to_string()></progress>
                <button class="quiet" on:click=move |_| session.cancel()>"Cancel"</button>
            }
            .into_any()
        }
        Model::Retrying { seconds, error } => view! {
            <Fault error/>
            <span>{format!("Trying again in {seconds:.0} s, from where it stopped.")}</span>
            <button class="quiet" on:click=move |_| session.cancel()>"Cancel"</button>
        }
        .into_any(),
        Model::Preparing => view! { <span>{about_text} "The model is being laid out …"</span> }.into_any(),
        Model::Stopped => view! {
            <span>{about_text} "The download was stopped; what has arrived is kept."</span>
            <button on:click=move |_| session.load()>"Carry on"</button>
        }
        .into_any(),
        Model::Failed(error) => view! {
            <Fault error/>
            <button on:click=move |_| session.load()>"Try again"</button>
        }
        .into_any(),
        Model::Ready(card) => {
            let millis = session.run.with(|r| match r.as_ref().map(|r| (r.source, r.tokens.len())) {
                Some((Source::Model { millis }, n)) => format!(" · {n} tokens read in {millis:.0} ms on this device"),
                _ => String::new(),
            });
            let reading = if session.reading.get() { " · reading …" } else { "" };
            let millions = card.parameters as f64 / 1e6;
            let text = format!(
                "{}: {} layers, {} heads each, {millions:.1} M parameters{millis}{reading}",
                card.name, card.layers, card.heads
            );
            view! { <span>{text}</span> }.into_any()
        }
    };
    view! {
        <div class="status" id="status" role="status">{line}</div>
        <div role="alert" id="fault">{move || session.fault.get().map(|error| view! { <Fault error/> })}</div>
    }
}

/// What was wrong, where, and what to do.
#[component]
fn Fault(error: Error) -> impl IntoView {
    view! {
        <p class="fault">
            <b>{error.what}</b>
            {format!(": expected {}, got {}. ", error.expected, error.got)}
            {error.advice}
        </p>
    }
}
