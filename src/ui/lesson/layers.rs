//! Layers: entropy and distance of every head, on the reader's own sentence.

use leptos::prelude::*;

use super::chart::still;
use super::heads::surveyed;
use super::question::question;
use super::stage::Stage;
use crate::analysis::Measure;
use crate::scene::lesson::{Strip, Strips};
use crate::scene::two;
use crate::text::lesson as text;
use crate::ui::widgets::{plain, readout, words};

pub fn live(stage: Stage) -> AnyView {
    let session = stage.session;
    let measured = Memo::new(move |_| {
        let run = session.run.get()?;
        let all = surveyed(&run)?;
        let of = |measure: Measure| -> Vec<Vec<f32>> {
            all.chunks(run.heads).map(|layer| layer.iter().map(|head| measure.of(&head.measures)).collect()).collect()
        };
        Some([of(Measure::Entropy), of(Measure::Distance)])
    });
    let strips = |[entropy, distance]: [Vec<Vec<f32>>; 2]| {
        [
            Strip { name: text::layers_entropy(), layers: entropy },
            Strip { name: text::layers_distance(), layers: distance },
        ]
    };
    let scene = move |room: f32| {
        let strips = strips(measured.get()?);
        let lines: Vec<String> =
            (0..strips[0].layers.len()).map(|layer| text::layers_layer(&layer.to_string())).collect();
        Some(Strips { title: text::layers_picture(), lines: &lines, strips: &strips, room }.scene())
    };
    let told = move || {
        let Some(measured) = measured.get() else { return String::new() };
        let [entropy, _] = strips(measured);
        let means: Vec<f32> = (0..entropy.layers.len()).map(|layer| entropy.mean(layer)).collect();
        let by = |a: &usize, b: &usize| means[*a].total_cmp(&means[*b]);
        let (Some(low), Some(high)) = ((0..means.len()).min_by(by), (0..means.len()).max_by(by)) else {
            return String::new();
        };
        text::layers_told(&low.to_string(), &two(means[low]), &high.to_string(), &two(means[high]))
    };
    view! {
        {plain("label", "for=lesson-text", text::own_sentence())}
        <input
            id="lesson-text"
            type="text"
            autocomplete="off"
            prop:value=words(move || session.view.with(|v| v.text.clone()))
            on:input=stage.write_text()
        />
        {still(stage, "lesson-strips", scene)}
        {readout("lesson-layers-told", "polite", words(told))}
        {question(text::layers_question(), &[text::layers_explains, text::layers_not], 1, text::layers_why().into())}
    }
    .into_any()
}
