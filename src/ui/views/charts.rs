//! Charts, drawn by the worker: every head by one measure, and what a run costs. Open on demand.

use std::rc::Rc;

use leptos::prelude::*;

use crate::analysis::{Measure, fixed, next_by_value};
use crate::engine::HeadId;
use crate::scene::Target;
use crate::state::Action;
use crate::text;
use crate::ui::browser::theme::Look;
use crate::ui::session::Session;
use crate::ui::views::picture::{Hands, Told, picture};
use crate::ui::widgets::choice::choice;
use crate::ui::widgets::progress::{Button, bar, line};
use crate::ui::widgets::{piece, plain, readout, words};
use crate::worker::protocol::Picture;

#[component]
pub fn ChartsView(session: Session, look: Look) -> impl IntoView {
    let open = move || session.view.with(|v| v.chart.is_some());
    let measure = choice(
        session,
        text::measure(),
        &[
            (text::measure_entropy(), |v| v.chart == Some(Measure::Entropy), Action::SetMeasure(Measure::Entropy)),
            (text::measure_distance(), |v| v.chart == Some(Measure::Distance), Action::SetMeasure(Measure::Distance)),
            (text::measure_sinks(), |v| v.chart == Some(Measure::SinkShare), Action::SetMeasure(Measure::SinkShare)),
        ],
    );
    let told = move || match session.saved() {
        true if open() => text::chart_later().into(),
        _ => session.chart.with(|drawn| drawn.as_ref().map(|d| d.told.clone())).unwrap_or_default(),
    };
    view! {
        {plain("h2", "", text::every_head())}
        {measure}
        {readout("chart-told", "off", words(told))}
        {heads(session, look)}
        {plain("h2", "", text::cost_heading())}
        {plain("p", "", &[text::cost_square(), text::between_sentences(), text::cost_rest()].concat())}
        <CostView session look ids=["cost", "cost-told"] open/>
    }
}

fn heads(session: Session, look: Look) -> AnyView {
    let scene = move |room: f32| {
        let measure = session.view.with(|v| v.chart)?;
        let pointed = match session.pointed.get() {
            Some(Target::Head(head)) => Some(head),
            _ => None,
        };
        if session.saved() {
            return None;
        }
        session.draw(Picture::Chart { measure, chosen: session.view.with(|v| v.head_id()), pointed }, room);
        session.chart.with(|drawn| drawn.as_ref().map(|d| d.scene.clone()))
    };
    let choose = move |head: HeadId| session.act(Action::SetHead(head));
    let hands = Hands {
        point: Rc::new(move |target| session.point(target)),
        choose: Rc::new(move |target, _| {
            if let Target::Head(head) = target {
                choose(head);
            }
        }),
        key: Rc::new(move |key, _| {
            let (layers, up) = match key {
                "ArrowLeft" => (-1, false),
                "ArrowRight" => (1, false),
                "ArrowUp" => (0, true),
                "ArrowDown" => (0, false),
                _ => return false,
            };
            session.point(None);
            let (HeadId { layer, head }, measure) = session.view.with_untracked(|v| (v.head_id(), v.chart));
            let (Some(run), Some(measure)) = (session.run.get_untracked(), measure) else { return true };
            if layers != 0 {
                choose(HeadId::new(layer.saturating_add_signed(layers).min(run.layers - 1), head));
            } else if let Some(of_layer) = run.survey.get(layer * run.heads..(layer + 1) * run.heads) {
                let values: Vec<f32> = of_layer.iter().map(|h| measure.of(&h.measures)).collect();
                choose(HeadId::new(layer, next_by_value(&values, head, up)));
            }
            true
        }),
        in_sight: Rc::new(|| None),
        told: Told::Dots,
    };
    picture("chart", text::keys_chart(), look, Box::new(scene), hands)
}

/// What runs of different lengths take on this device, measured where the reader asks for it. `ids`: of the picture, and
/// of what it says; it is drawn while `open`.
#[component]
pub fn CostView(
    session: Session,
    look: Look,
    ids: [&'static str; 2],
    open: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let [id, told_id] = ids;
    let scene = move |room: f32| {
        // Each pass is drawn as it comes.
        session.timed.track();
        if !open() {
            return None;
        }
        session.draw_times(room);
        session.cost.with(|drawn| drawn.as_ref().map(|d| d.scene.clone()))
    };
    let hands = Hands {
        point: Rc::new(|_| ()),
        choose: Rc::new(|_, _| ()),
        key: Rc::new(|_, _| false),
        in_sight: Rc::new(|| None),
        told: Told::Nothing,
    };
    let control = move || {
        let (timing, saved) = (session.timing.get(), session.saved());
        let done = timing.then(|| bar(text::cost_timed(), fixed(session.timed.get(), 3), "1".into()));
        let action: Button = match timing {
            true => (text::cancel(), Session::stop_timing),
            false => (text::cost_measure(), Session::time_runs),
        };
        let told = if saved { text::cost_later() } else { "" };
        view! { {done} {line(told.into(), Some(action).filter(|_| !saved), session)} }.into_any()
    };
    let told = move || session.cost.with(|drawn| drawn.as_ref().map(|d| d.told.clone())).unwrap_or_default();
    view! {
        <div class="status">{piece(control)}</div>
        {readout(told_id, "off", words(told))}
        {picture(id, "", look, Box::new(scene), hands)}
    }
}
