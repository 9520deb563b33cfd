//! Softmax and scale: the row of "it" at another temperature.
//!
//! Weights at temperature T are those of the run to the power of 1/T, brought to sum to 1: softmax of scores over T. So a
//! saved run is enough.

use leptos::prelude::*;

use super::article::article;
use super::chart::still;
use super::question::question;
use super::stage::Stage;
use crate::analysis::entropy;
use crate::engine::{HeadId, softmax_with_temperature};
use crate::scene::lesson::{Bar, Bars};
use crate::scene::{digits, two};
use crate::text::lesson as text;
use crate::ui::widgets::slider::slider;
use crate::ui::widgets::{button, press, readout, words};

/// Numbers of a head's vectors in the page's own model.
const HEAD_WIDTH: usize = 32;

/// One row of the head on screen.
#[derive(Clone, PartialEq)]
struct Row {
    head: HeadId,
    token: String,
    names: Vec<String>,
    weights: Vec<f32>,
}

impl Row {
    /// Its weights at another temperature. A weight of 0 stays one.
    fn at(&self, temperature: f32) -> Vec<f32> {
        let mut scores: Vec<f32> = self.weights.iter().map(|weight| weight.max(f32::MIN_POSITIVE).ln()).collect();
        softmax_with_temperature(&mut scores, temperature);
        scores
    }
}

pub fn live(stage: Stage) -> AnyView {
    let session = stage.session;
    let temperature = RwSignal::new(1.0f32);
    let row = Memo::new(move |_| {
        let run = session.run.get()?;
        let (head, query) = session.view.with(|v| (v.head_id(), v.tokens.last().copied()));
        let query = query.filter(|&query| query < run.shown.len())?;
        let weights = run.pattern(head)?.row(query).to_vec();
        let names = run.shown.iter().map(|token| token.text.clone()).collect();
        weights.iter().all(|w| !w.is_nan()).then(|| Row { head, token: run.shown[query].isolated(), names, weights })
    });
    let scene = move |room: f32| {
        let (row, temperature) = (row.get()?, temperature.get());
        let now = row.at(temperature);
        let bars: Vec<Bar> = row
            .names
            .iter()
            .zip(row.weights.iter().zip(now))
            .map(|(name, (&before, now))| Bar { name: name.clone(), before, now })
            .collect();
        let title = text::softmax_picture(&row.token, &row.head.to_string());
        let now = text::softmax_now(&two(temperature));
        Some(Bars { title: &title, legend: [text::softmax_before(), &now], bars: &bars, room }.scene())
    };
    let told = move || {
        let Some(row) = row.get() else { return String::new() };
        let now = row.at(temperature.get());
        let Some(most) = (0..now.len()).max_by(|&a, &b| now[a].total_cmp(&now[b])) else { return String::new() };
        let even = (now.len() as f32).log2();
        text::softmax_told(
            &row.names[most],
            &two(now[most]),
            &two(entropy(now.as_slice().into()).unwrap_or_default()),
            &now.len().to_string(),
            &two(even),
        )
    };
    let sharp = 1.0 / (HEAD_WIDTH as f32).sqrt();
    let unscaled = text::softmax_no_scale(&HEAD_WIDTH.to_string(), &digits(sharp, 2));
    view! {
        <div class="changes">
            {slider("lesson-temperature", text::softmax_temperature(), move || temperature.get(), move |t| temperature.set(t))}
            {button(text::softmax_as_is(), press(move || temperature.set(1.0)))}
            <button on:click=press(move || temperature.set(sharp))>{unscaled}</button>
        </div>
        {readout("lesson-softmax-told", "polite", words(told))}
        {still(stage, "lesson-bars", scene)}
        {article("softmax-article", || text::softmax_article().into())}
        {question(
            text::softmax_question(),
            &[text::softmax_even, text::softmax_one, text::softmax_zero],
            0,
            text::softmax_why().into(),
        )}
    }
    .into_any()
}
