//! Word order: two sentences of the same words with and without positions, and what position signals do to scores.

use leptos::prelude::*;

use super::chart::still;
use super::chip::chip;
use super::question::question;
use super::stage::Stage;
use crate::scene::digits;
use crate::scene::lesson::Maps;
use crate::state::{Action, Alike};
use crate::text::lesson as text;
use crate::ui::session::Model;
use crate::ui::views::heatmap::HeatmapView;
use crate::ui::widgets::{plain, press, readout, words};
use crate::worker::lesson::{PLACES, Signal};

fn called(signal: Signal) -> &'static str {
    match signal {
        Signal::None => text::order_none(),
        Signal::Sinusoidal => text::order_sinusoidal(),
        Signal::Learned => text::order_learned(),
        Signal::Buckets => text::order_buckets(),
        Signal::Rotary => text::order_rotary(),
        Signal::Alibi => text::order_alibi(),
    }
}

fn told(signal: Signal) -> &'static str {
    match signal {
        Signal::None => text::order_none_told(),
        Signal::Sinusoidal => text::order_sinusoidal_told(),
        Signal::Learned => text::order_learned_told(),
        Signal::Buckets => text::order_buckets_told(),
        Signal::Rotary => text::order_rotary_told(),
        Signal::Alibi => text::order_alibi_told(),
    }
}

pub fn live(stage: Stage) -> AnyView {
    let Stage { session, look, readings, beside, desk, .. } = stage;
    let positions = move |off: bool| {
        let choose = press(move || session.act(Action::TakePositions(off)));
        let name = if off { text::order_without() } else { text::order_with() };
        chip(name.into(), move || session.view.with(|v| v.altered.positions_off == off), choose)
    };
    let same = move || match stage.cosine(Alike::Compared) {
        Some(cosine) => text::order_same(&digits(cosine, 4)),
        None => text::order_later().into(),
    };
    // The table of learned positions is the model's: asked again once that is here.
    Effect::new(move |_| {
        session.model.with(|model| matches!(model, Model::Ready(_)));
        desk.ask_effects();
    });
    let scene = move |room: f32| {
        let effects = desk.effects.get();
        let maps: Vec<_> = Signal::ALL
            .into_iter()
            .filter_map(|signal| {
                let (_, added) = effects.iter().find(|(known, _)| *known == signal)?;
                Some((called(signal).to_owned(), added.clone()?))
            })
            .collect();
        let title = text::order_map(text::order_schemes());
        (!maps.is_empty()).then(|| Maps { title: &title, maps: &maps, n: PLACES, room }.scene())
    };
    let lines = Signal::ALL.map(|signal| view! { <li><b>{called(signal)}</b> ": " {told(signal)}</li> });
    view! {
        <div class="chips">{positions(false)} {positions(true)}</div>
        {readout("lesson-same", "polite", words(same))}
        <div class="two">
            <div><HeatmapView session readings look id="lesson-map"/></div>
            <div><HeatmapView session readings=beside look id="lesson-map-other"/></div>
        </div>
        {plain("h3", "", text::order_schemes())}
        {plain("p", "", text::order_schemes_about())}
        {still(stage, "lesson-signals", scene)}
        <ul>{lines.into_iter().collect_view()}</ul>
        {question(
            text::order_question(),
            &[text::order_abc, text::order_relative, text::order_all_of_them],
            1,
            text::order_why().into(),
        )}
    }
    .into_any()
}
