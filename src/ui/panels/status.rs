//! How far the model is, in one quiet line with a real bar.

use leptos::prelude::*;

use crate::analysis::fixed;
use crate::state::{Run, Source};
use crate::text;
use crate::ui::session::{Model, Session};
use crate::ui::widgets::progress::{Button, bar, fault, line, megabytes};
use crate::ui::widgets::{flag, piece};
use crate::worker::protocol::{Medium, ModelCard};

fn seconds_left(got: u64, total: u64, seconds: f64) -> Option<f64> {
    // The first moments say nothing about the rate.
    (seconds > 0.5 && got > 0).then(|| seconds * (total.saturating_sub(got)) as f64 / got as f64)
}

/// Whether what is on screen is a saved run, and what becomes of the text meanwhile.
fn about_text(session: Session) -> &'static str {
    session.run.with(|run| match run {
        Some(run) if run.source == Source::Snapshot => {
            let own = session.view.with(|v| run.is_of(v));
            if own { text::saved_own() } else { text::saved_other() }
        }
        _ => "",
    })
}

/// By which model a saved run is that no model here takes the place of.
fn saved_by(session: Session) -> String {
    let saved = |run: &Run| match run.source {
        Source::Elsewhere => text::computed_elsewhere(&run.saved_by),
        _ => text::saved_by(&run.saved_by),
    };
    session.run.with(|run| run.as_ref().filter(|r| r.opened).map(|run| saved(run))).unwrap_or_default()
}

fn status(session: Session) -> AnyView {
    let told = |what: &str| text::sentences([about_text(session), what]);
    let cancel: Option<Button> = Some((text::cancel(), Session::cancel));
    match session.model.get() {
        Model::Waiting => {
            let told = text::sentences([saved_by(session).as_str(), text::model_waits()]);
            line(told, Some((text::fetch_now(), Session::load)), session)
        }
        Model::Starting => line(told(text::model_starting()), None, session),
        Model::Preparing { done, total } => {
            // What lays it out may have to be fetched first.
            let bar = (total > 0).then(|| bar(text::model_preparation(), done.to_string(), total.to_string()));
            view! { {bar} {line(told(text::model_preparing()), cancel, session)} }.into_any()
        }
        Model::Downloading { got, total, seconds, from } => {
            let numbers = [megabytes(got), megabytes(total), fixed(seconds, 0)];
            let [here, all, since] = numbers.each_ref();
            let left = seconds_left(got, total, seconds).filter(|_| from == Medium::Network);
            let left = left.map(|s| text::seconds_left(&fixed(s, 0))).unwrap_or_default();
            let what = match from {
                Medium::Network => text::model_downloading(here, all, since) + &left,
                Medium::Storage => text::model_reading(here, all, since),
                Medium::Files => text::model_reading_own(here, all, since),
            };
            let bar = bar(text::model_download(), got.to_string(), total.to_string());
            view! { {bar} {line(told(&what), cancel, session)} }.into_any()
        }
        Model::Retrying { seconds, error } => {
            let again = text::model_retrying(&fixed(seconds, 0));
            view! { {fault(error)} {line(again, cancel, session)} }.into_any()
        }
        Model::Stopped => line(told(text::model_stopped()), Some((text::carry_on(), Session::load)), session),
        Model::Failed(error) => {
            view! { {fault(error)} {line(String::new(), Some((text::try_again(), Session::load)), session)} }.into_any()
        }
        Model::Ready(_) => ().into_any(),
    }
}

/// What a model that is here has read.
fn told_ready(session: Session, card: &ModelCard) -> String {
    let run = session.run.with(|run| {
        let run = run.as_ref().filter(|run| !session.is_anothers(run));
        run.map(|run| (run.source, run.tokens.len(), [run.computed, run.layers]))
    });
    let time = match run {
        Some((_, _, [here, all])) if here < all && session.reading.get() => return text::layers_read(here, all),
        Some((Source::Model { millis }, n, _)) => format!(" · {}", text::tokens_read(n, &fixed(millis, 0))),
        _ => String::new(),
    };
    let reading = if session.reading.get() { format!(" · {}", text::reading_on()) } else { String::new() };
    let ready = text::model_ready(card.layers, card.heads);
    text::sentences([saved_by(session), format!("{ready}{time}{reading}")])
}

#[component]
pub fn Status(session: Session) -> impl IntoView {
    // What the reader asks for is not on screen yet: frames that show pictures alone say why.
    let missing = move || {
        let shown = session.run.with(|run| run.as_ref().is_some_and(|run| session.view.with(|view| run.is_of(view))));
        !shown && session.model.with(|model| !matches!(model, Model::Ready(_) | Model::Waiting))
    };
    // Made anew only where it says something else: the same words would be read out again.
    let ready = Memo::new(move |_| {
        session.model.with(|model| if let Model::Ready(card) = model { Some(told_ready(session, card)) } else { None })
    });
    let told = move || ready.get().map_or_else(|| status(session), |told| line(told, None, session));
    view! {
        <div class="status" id="status" role="status" class:telling=flag(missing)>{piece(told)}</div>
    }
}
